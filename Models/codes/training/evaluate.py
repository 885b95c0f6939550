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

from detect import Runner
from generator import CLASSES
from generator.camera import Camera
from generator.scenes import IGNORE, Studio
from pool import pack

SEED = 900_001  # training uses small seeds


def pictures(assets, split, first, count, negative=None, chunk=32):
    """Yields pictures (640, 640, 3) uint8, boxes and classes; each chunk has its own camera seed."""
    studio = Studio(assets, split, SEED)
    for start in range(first, first + count, chunk):
        n = min(chunk, first + count - start)
        scenes = [studio.scene([SEED, start + i, int(bool(negative))], negative) for i in range(n)]
        images, points, classes, frames = pack(scenes)
        camera = Camera("cpu", SEED + start, mosaic=0.0)
        x, b, c = camera(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(), points, classes, frames)
        x = (x.permute(0, 2, 3, 1) * 255).round().to(torch.uint8).numpy()
        for i in range(n):
            yield start + i, x[i], b[i].numpy(), c[i].numpy()


def _part(job):
    model, assets, split, first, count, negative = job
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    runner = Runner(model, 1)
    images, annotations, detections = [], [], []
    for index, picture, boxes, classes in pictures(assets, split, first, count, negative):
        images.append({"id": index + 1, "width": 640, "height": 640})
        for b, c in zip(boxes.tolist(), classes.tolist()):
            if c < 0:
                continue
            w, h = b[2] - b[0], b[3] - b[1]
            annotations.append({"image_id": index + 1, "category_id": c % IGNORE + 1, "bbox": [b[0], b[1], w, h], "area": w * h,
                                "iscrowd": int(c >= IGNORE)})
        for b, p, c in zip(*runner(picture, 0.001)):
            detections.append({"image_id": index + 1, "category_id": int(c) + 1, "score": float(p),
                               "bbox": [float(b[0]), float(b[1]), float(b[2] - b[0]), float(b[3] - b[1])]})
    return images, annotations, detections


def gather(model, assets, split, count, negative, workers):
    step = -(-count // (workers * 4)) // 32 * 32 or 32
    jobs = [(model, assets, split, s, min(step, count - s), negative) for s in range(0, count, step)]
    with mp.get_context("spawn").Pool(workers) as pool:
        parts = pool.map(_part, jobs, chunksize=1)
    return [sum((p[i] for p in parts), []) for i in range(3)]


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
        out = score(*gather(arguments.model, arguments.assets, arguments.split, arguments.scenes, None, arguments.workers))
    if arguments.negatives:
        _, annotations, detections = gather(arguments.model, arguments.assets, arguments.split, arguments.negatives, True, arguments.workers)
        assert not annotations
        out["false boxes per 100 negatives"] = {t: 100 * sum(d["score"] >= t for d in detections) / arguments.negatives for t in (0.25, 0.4)}
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
