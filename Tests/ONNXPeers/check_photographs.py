"""What half precision costs on photographs: average precision and boxes of a model and of its fp16 edit.

usage: check_photographs.py --swoop PATH --fixture MODEL --photographs FOLDER --annotations FILE

Needs pycocotools beside what check_edits.py needs. Preprocessing is a plain letterbox, the same for both models.

Fails where average precision changes by more than 0.003, more than 0.5 % of the detections over 0.25 have no partner
within 0.5 px, a score differs by more than 2e-3 (1 is the greatest), a box that scores 0.01 by more than 0.5 px, or a
score by more of its own size than twice what rounding nothing but the weights makes of it, as check_edits.py says.
"""

import argparse
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from check_edits import rounded_weights, session, session_of


def letterbox(path):
    image = Image.open(path).convert("RGB")
    scale = min(640 / image.width, 640 / image.height)
    size = round(image.width * scale), round(image.height * scale)
    left, top = (640 - size[0]) // 2, (640 - size[1]) // 2
    canvas = np.full((640, 640, 3), 114, np.uint8)
    canvas[top:top + size[1], left:left + size[0]] = np.asarray(image.resize(size, Image.BILINEAR))
    return canvas.astype(np.float32).transpose(2, 0, 1)[None] / np.float32(255), scale, left, top


def detections(raw, confidence=0.001, iou=0.7, maximum=300):
    boxes, scores = raw[:4].T, raw[4:].T
    kind = scores.argmax(1)
    best = scores.max(1)
    keep = best > confidence
    boxes, kind, best = boxes[keep], kind[keep], best[keep]
    order = np.argsort(-best, kind="stable")
    boxes, kind, best = boxes[order], kind[order], best[order]
    corners = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)
    area = boxes[:, 2] * boxes[:, 3]
    alive = np.ones(len(best), bool)
    kept = []
    for i in range(len(best)):
        if not alive[i]:
            continue
        kept.append(i)
        if len(kept) == maximum:
            break
        overlap = np.prod(np.maximum(np.minimum(corners[i, 2:], corners[:, 2:]) - np.maximum(corners[i, :2], corners[:, :2]), 0), 1)
        alive &= ~((overlap > iou * (area[i] + area - overlap)) & (kind == kind[i]))
    return corners[kept], best[kept], kind[kept]


def precision(annotations, results):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(annotations))
        evaluation = COCOeval(truth, truth.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats[:3]


def main():
    parser = argparse.ArgumentParser()
    for name in ("--swoop", "--fixture", "--photographs", "--annotations"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(arguments.annotations))
    categories = sorted(truth.getCatIds())
    with tempfile.TemporaryDirectory() as folder:
        edited = pathlib.Path(folder) / "half.onnx"
        subprocess.run([arguments.swoop, "convert", arguments.fixture, edited, "--precision", "fp16"], check=True)
        sessions = [session(arguments.fixture), session(edited),
                    session_of(rounded_weights(onnx.load(arguments.fixture)))]
    results = [[], []]
    counts = [0, 0]
    unmatched = worst = 0
    score = pixel = 0.0
    relative = [0.0, 0.0]
    for identifier, image in truth.imgs.items():
        x, scale, left, top = letterbox(arguments.photographs / image["file_name"])
        raw = [s.run(None, {"images": x})[0][0] for s in sessions]
        score = max(score, float(np.abs(raw[0][4:] - raw[1][4:]).max()))
        counted = raw[0][4:].max(0) >= 0.01
        for index in range(2):
            apart = np.abs(raw[0][4:] - raw[index + 1][4:]) / np.maximum(raw[0][4:], 0.01)
            relative[index] = max(relative[index], float(apart.max()))
        pixel = max(pixel, float(np.abs(raw[0][:4] - raw[1][:4])[:, counted].max()))
        found = []
        for index in range(2):
            boxes, best, kind = detections(raw[index])
            for box, value, label in zip(boxes, best, kind):
                corner = (box - [left, top, left, top]) / scale
                results[index].append({"image_id": identifier, "category_id": categories[label], "score": float(value),
                                       "bbox": [*map(float, corner[:2]), *map(float, corner[2:] - corner[:2])]})
            found.append([d for d in zip(boxes, best, kind) if d[1] > 0.25])
        counts = [counts[i] + len(found[i]) for i in range(2)]
        left_over = list(found[1])
        for box, value, label in found[0]:
            match = next((i for i, d in enumerate(left_over) if d[2] == label and np.abs(d[0] - box).max() <= 0.5), None)
            if match is None:
                unmatched += 1
            else:
                del left_over[match]
        unmatched += len(left_over)
    before, after = (precision(arguments.annotations, r) for r in results)
    print(f"photographs {len(truth.imgs)}, detections over 0.25: {counts[0]} and {counts[1]}, unmatched {unmatched}")
    print(f"greatest difference: scores {score:.2e}, boxes of anchors over 0.01 {pixel:.3f} px")
    print(f"greatest difference of scores relative to their size: {relative[0]:.2e}, rounded weights alone {relative[1]:.2e}")
    print("AP, AP50, AP75 before", *(f"{v:.4f}" for v in before), "after", *(f"{v:.4f}" for v in after))
    failed = abs(before[0] - after[0]) > 0.003 or unmatched > 0.005 * counts[0] or score > 2e-3 or pixel > 0.5
    failed = failed or relative[0] > max(2e-3, 2 * relative[1])
    print("FAILED" if failed else "passed")
    sys.exit(failed)


if __name__ == "__main__":
    main()
