"""Writes Examples/photos: generated scenes with seeds outside training, without borrowed photographs, and their truth."""

import argparse
import json
import os

import cv2
import numpy as np
import torch

from generator import CLASSES
from generator.camera import Camera
from generator.scenes import IGNORE, Studio
from pool import pack

SEED = 800_001
# Chosen by eye out of the first 360, for variety; two hold no code.
CHOSEN = (121, 130, 201, 203, 204, 207, 208, 210, 214, 222, 224, 232, 233, 245, 250, 253, 254, 259, 265, 268, 270, 271, 274, 289, 291, 299,
          301, 303, 311, 312, 315, 323, 330, 343, 345, 349, 350, 353)


def draw(studio, index):
    images, points, classes, frames, owners, grids = pack([studio.scene([SEED, index])])
    camera = Camera("cpu", SEED + index, group=1, mosaic=0.0, resolve=0.0)
    x, boxes, codes = camera(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous(), points, classes, frames, torch.from_numpy(owners), grids)
    x0, y0, x1, y1 = (int(v) for v in camera.content[0])
    picture = (x[0, :, y0:y1, x0:x1].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    boxes = boxes[0].numpy() - np.array([x0, y0, x0, y0])
    return picture, [(b, int(c)) for b, c in zip(boxes, codes[0].tolist()) if c >= 0]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--assets", required=True)
    a.add_argument("output")
    arguments = a.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    torch.set_num_threads(1)
    studio = Studio(arguments.assets, "examples", SEED)
    truth = {"info": {"description": "Generated scenes with machine-readable codes", "version": "1.0"},
             "licenses": [{"id": 1, "name": "Apache-2.0"}], "images": [], "annotations": [],
             "categories": [{"id": i, "name": n} for i, n in enumerate(CLASSES)]}
    for number, index in enumerate(CHOSEN, 1):
        picture, codes = draw(studio, index)
        name = f"scene-{number:02d}.jpg"
        for quality in (90, 80, 70, 60):  # noise takes many bytes; no file above 115 kB
            data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
            if len(data) < 115_000:
                break
        data.tofile(os.path.join(arguments.output, name))
        h, w = picture.shape[:2]
        truth["images"].append({"id": number, "file_name": name, "width": w, "height": h, "license": 1})
        for b, c in codes:
            x, y, bw, bh = (round(float(v), 1) for v in (b[0], b[1], b[2] - b[0], b[3] - b[1]))
            truth["annotations"].append({"id": len(truth["annotations"]) + 1, "image_id": number, "category_id": c % IGNORE,
                                         "bbox": [x, y, bw, bh], "area": round(bw * bh, 1), "iscrowd": int(c >= IGNORE)})
    with open(os.path.join(arguments.output, "ground-truth.coco.json"), "w") as f:
        json.dump(truth, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
