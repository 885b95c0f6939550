"""Measures an exported model on generated scenes with unseen seeds, backgrounds and fonts, by pycocotools."""

import argparse
import contextlib
import io
import json
import multiprocessing as mp
import os

import cv2
import numpy as np
import torch
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from detect import Runner, decode
from generator import CLASSES
from generator.camera import Camera
from generator.scenes import IGNORE, Studio
from pool import pack

SEED = 900_001  # training uses small seeds


CHUNK = 32
_studio = None


def _open(assets, split):
    global _studio
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    _studio = Studio(assets, split, SEED)


def _scenes(job):
    first, count, negative = job
    return first, pack([_studio.scene([SEED, i, int(negative)], negative or None) for i in range(first, first + count)])


def _decode(outputs):
    return [decode(o, 0.001) for o in outputs]


def network(path):
    """Pictures (n, 3, 640, 640) in 0…1 → outputs, by the exported file or, for a .pt file, by the same network in PyTorch."""
    if not path.endswith(".pt"):
        runner = Runner(path)
        return "cpu", lambda x: np.concatenate([np.asarray(runner.call(v[None])) for v in x.float().numpy()])
    import export

    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = export.network(path).to(device)
    return device, lambda x: net(x.float()).cpu().numpy()


@torch.no_grad()
def gather(model, assets, split, count, negative, workers):
    """Images, annotations and detections in COCO's form. Chunks have seeds of their own: workers do not matter."""
    images, annotations, pending = [], [], []
    jobs = [(s, min(CHUNK, count - s), negative) for s in range(0, count, CHUNK)]
    with mp.get_context("spawn").Pool(workers, _open, (assets, split)) as pool:
        device, run = network(model)
        for first, (pictures, points, classes, frames, owners, grids) in pool.imap_unordered(_scenes, jobs):
            camera = Camera(device, SEED + first + 500_000 * negative, mosaic=0.0)
            x = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous().to(device)
            x, boxes, codes = camera(x, points, classes, frames, torch.from_numpy(owners).to(device), grids)
            x = (x.float() * 255).round() / 255
            pending.append((first, pool.apply_async(_decode, (run(x),))))
            for i, (bs, cs) in enumerate(zip(boxes.tolist(), codes.tolist())):
                images.append({"id": first + i + 1, "width": 640, "height": 640})
                for b, c in zip(bs, cs):
                    if c >= 0:
                        w, h = b[2] - b[0], b[3] - b[1]
                        # What cannot be told for sure counts for no class, neither as found nor as false.
                        for k in range(len(CLASSES)) if c >= IGNORE else (c,):
                            annotations.append({"image_id": first + i + 1, "category_id": k + 1, "bbox": [b[0], b[1], w, h],
                                                "area": w * h, "iscrowd": int(c >= IGNORE)})
        detections = []
        for first, result in pending:
            for i, found in enumerate(result.get()):
                for b, p, c in zip(*found):
                    detections.append({"image_id": first + i + 1, "category_id": int(c) + 1, "score": float(p),
                                       "bbox": [float(b[0]), float(b[1]), float(b[2] - b[0]), float(b[3] - b[1])]})
    return images, annotations, detections


def score(images, annotations, detections):
    truth = COCO()
    truth.dataset = {"info": {}, "images": images, "categories": [{"id": i + 1, "name": n} for i, n in enumerate(CLASSES)],
                     "annotations": [dict(a, id=i + 1) for i, a in enumerate(annotations)]}
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        e = COCOeval(truth, truth.loadRes(detections), "bbox")
        e.evaluate()
        e.accumulate()
        e.summarize()
    precision = e.eval["precision"]  # IoU, recall, class, area, limit
    mean = lambda v: float(v[v > -1].mean()) if (v > -1).any() else None
    out = {"mAP50": mean(precision[0, :, :, 0, 2]), "mAP50-95": mean(precision[:, :, :, 0, 2]), "classes": {}}
    for i, n in enumerate(CLASSES):
        out["classes"][n] = {"AP50": mean(precision[0, :, i, 0, 2]), "AP50-95": mean(precision[:, :, i, 0, 2]),
                             **{f"AP50 {s}": mean(precision[0, :, i, k, 2]) for k, s in enumerate(("small", "medium", "large"), 1)},
                             "codes": sum(1 for a in annotations if a["category_id"] == i + 1 and not a["iscrowd"])}
    return out


def main():
    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("--assets", required=True)
    a.add_argument("--split", default="held")
    a.add_argument("--scenes", type=int, default=2000)
    a.add_argument("--negatives", type=int, default=500)
    a.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = a.parse_args()
    out = {}
    if arguments.scenes:
        out = score(*gather(arguments.model, arguments.assets, arguments.split, arguments.scenes, False, arguments.workers))
    if arguments.negatives:
        _, annotations, detections = gather(arguments.model, arguments.assets, arguments.split, arguments.negatives, True, arguments.workers)
        assert not annotations
        out["false boxes per 100 negatives"] = {t: 100 * sum(d["score"] >= t for d in detections) / arguments.negatives for t in (0.25, 0.4)}
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
