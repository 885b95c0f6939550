#!/usr/bin/env python3
"""Writes coco-figures.txt: what pycocotools says of 200 random sets.

    python3 -m venv venv && venv/bin/pip install pycocotools==2.0.11 numpy
    venv/bin/python make_figures.py > coco-figures.txt

Each line is a seed and pycocotools' twelve figures for the set that the seed gives. The Swift tests make the same sets
from the same seeds (SyntheticSet.swift): SplitMix64, numbers below n by the remainder, and only fractions that binary
floating point holds exactly, so both sides compute with equal numbers.
"""

import contextlib
import io

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, count):
        return self.next() % count


def synthetic(seed):
    """Images, categories, annotations and results with crowds, areas that differ from the box's, ties, images and
    categories without objects or detections, and images with more than 100 detections of a category."""
    random = SplitMix64(seed)
    image_count = 1 + random.below(12)
    category_count = 1 + random.below(4)
    images = [{"id": i + 1} for i in range(image_count)]
    categories = [{"id": c} for c in range(category_count)]
    annotations, results = [], []
    next_id = random.below(2)

    def side():
        scale = random.below(3)
        if scale == 0:
            return (8 + random.below(112)) / 4
        if scale == 1:
            return (132 + random.below(240)) / 4
        return (388 + random.below(800)) / 4

    def box():
        x = random.below(1600) / 4
        y = random.below(1600) / 4
        width = side()
        height = width if random.below(2) == 0 else side()
        return [x, y, width, height]

    def score():
        return (1 + random.below(32)) / 32

    for image in images:
        is_crowded = random.below(8) == 0
        for category in categories:
            for _ in range(random.below(5)):
                x, y, width, height = box()
                area = width * height
                if random.below(4) == 0:
                    area /= 2
                annotations.append({
                    "id": next_id, "image_id": image["id"], "category_id": category["id"],
                    "bbox": [x, y, width, height], "area": area, "iscrowd": 1 if random.below(8) == 0 else 0,
                })
                next_id += 1
                for _ in range(random.below(3)):
                    near = [x + (random.below(17) - 8) / 64 * width, y + (random.below(17) - 8) / 64 * height,
                            width * (56 + random.below(17)) / 64, height * (56 + random.below(17)) / 64]
                    other = random.below(8) == 0
                    results.append({
                        "image_id": image["id"],
                        "category_id": random.below(category_count) if other else category["id"],
                        "bbox": near, "score": score(),
                    })
            for _ in range(random.below(4)):
                results.append({
                    "image_id": image["id"], "category_id": category["id"], "bbox": box(), "score": score(),
                })
            if is_crowded and category["id"] == 0:
                for _ in range(110):
                    results.append({
                        "image_id": image["id"], "category_id": 0, "bbox": box(), "score": score(),
                    })
    if results:
        turn = random.below(len(results))
        results = results[turn:] + results[:turn]
    return images, categories, annotations, results


def figures(images, categories, annotations, results):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {"images": images, "categories": categories, "annotations": annotations}
        truth.createIndex()
        detections = truth.loadRes(results) if results else COCO()
        evaluation = COCOeval(truth, detections, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [float(value) for value in evaluation.stats]


def main():
    for seed in range(200):
        values = figures(*synthetic(seed))
        print(seed, *(f"{value:.12g}" for value in values))


if __name__ == "__main__":
    main()
