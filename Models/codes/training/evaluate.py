"""Measures exported models on generated scenes with unseen seeds, backgrounds and fonts, by pycocotools."""

import argparse
import collections
import concurrent.futures
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


def network(path, device):
    """Pictures (n, 3, 640, 640) in 0…1 → outputs, by the exported file or, for a .pt file, by the same network in PyTorch."""
    if not path.endswith(".pt"):
        runner = Runner(path)
        return lambda x: np.concatenate([np.asarray(runner.call(v[None])) for v in x.float().cpu().numpy()])
    import export

    net = export.network([path]).to(device)
    return lambda x: net(x.float()).cpu().numpy()


def _made(pool, jobs, ahead):
    """Scenes of the jobs in their order, with few jobs under way: scenes are large, and a network may be slow."""
    waiting = collections.deque()
    for job in jobs:
        waiting.append(pool.submit(_scenes, job))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _found(first, decoded):
    for i, found in enumerate(decoded):
        for b, p, c in zip(*found):
            yield {"image_id": first + i + 1, "category_id": int(c) + 1, "score": float(p),
                   "bbox": [float(b[0]), float(b[1]), float(b[2] - b[0]), float(b[3] - b[1])]}


@torch.no_grad()
def gather(pool, workers, networks, device, count, negative):
    """Images, annotations and, for each network, detections in COCO's form. Chunks have seeds of their own: the number
    of workers does not matter. The device does: its random numbers are its own."""
    images, annotations, pending = [], [], []
    jobs = [(s, min(CHUNK, count - s), negative) for s in range(0, count, CHUNK)]
    for first, (pictures, points, classes, frames, owners, grids) in _made(pool, jobs, 2 * workers):
        camera = Camera(device, SEED + first + 500_000 * negative, mosaic=0.0)
        x = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous().to(device)
        x, boxes, codes = camera(x, points, classes, frames, torch.from_numpy(owners).to(device), grids)
        x = (x.float() * 255).round() / 255
        pending.append((first, [pool.submit(_decode, run(x)) for run in networks]))
        for i, (bs, cs) in enumerate(zip(boxes.tolist(), codes.tolist())):
            images.append({"id": first + i + 1, "width": 640, "height": 640})
            for b, c in zip(bs, cs):
                if c >= 0:
                    w, h = b[2] - b[0], b[3] - b[1]
                    # What cannot be told for sure counts for no class, neither as found nor as false.
                    for k in range(len(CLASSES)) if c >= IGNORE else (c,):
                        annotations.append({"image_id": first + i + 1, "category_id": k + 1, "bbox": [b[0], b[1], w, h],
                                            "area": w * h, "iscrowd": int(c >= IGNORE)})
    detections = [[d for first, results in pending for d in _found(first, results[k].result())] for k in range(len(networks))]
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
    a.add_argument("models", nargs="+", help="several models see the same pictures")
    a.add_argument("--assets", required=True)
    a.add_argument("--split", default="held")
    a.add_argument("--scenes", type=int, default=2000)
    a.add_argument("--negatives", type=int, default=500)
    a.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = a.parse_args()
    device = "cuda" if torch.cuda.is_available() and all(m.endswith(".pt") for m in arguments.models) else "cpu"
    out = [{"model": os.path.basename(m), "device": device} for m in arguments.models]
    # An executor, not a multiprocessing.Pool: a pool whose processes die at once (no assets, no memory) would start new ones for ever.
    context = mp.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(arguments.workers, context, _open, (arguments.assets, arguments.split)) as pool:
        networks = [network(m, device) for m in arguments.models]
        if arguments.scenes:
            images, annotations, detections = gather(pool, arguments.workers, networks, device, arguments.scenes, False)
            for line, found in zip(out, detections):
                line.update(score(images, annotations, found))
        if arguments.negatives:
            _, annotations, detections = gather(pool, arguments.workers, networks, device, arguments.negatives, True)
            assert not annotations
            for line, found in zip(out, detections):
                line["false boxes per 100 negatives"] = {t: 100 * sum(d["score"] >= t for d in found) / arguments.negatives for t in (0.25, 0.4)}
    for line in out:
        print(json.dumps(line, indent=1))


if __name__ == "__main__":
    main()
