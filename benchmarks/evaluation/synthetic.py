"""A large set of ground truth and detections from a seed: 80 categories of unequal frequency, objects of all sizes, some
crowds, detections near objects and away from them, 100 an image."""

import json
import random


def write(folder, images=5000, objects=36_000, detections_per_image=100, seed=1):
    """Writes ground-truth.json and results.json, and returns their paths."""
    rng = random.Random(seed)
    width, height, categories = 640, 480, 80
    weights = [1 / (rank + 1) ** 0.7 for rank in range(categories)]

    def size():
        w = rng.lognormvariate(4, 0.9)
        return min(w, width * 0.9), min(w * rng.uniform(0.5, 2), height * 0.9)

    truth = {
        "images": [
            {"id": i + 1, "file_name": f"{i + 1:012d}.jpg", "width": width, "height": height} for i in range(images)
        ],
        "categories": [{"id": c + 1, "name": f"category {c + 1}"} for c in range(categories)],
        "annotations": [],
    }
    by_image = [[] for _ in range(images)]
    for number in range(objects):
        image, category = rng.randrange(images), rng.choices(range(categories), weights)[0]
        w, h = size()
        box = [round(v, 2) for v in (rng.uniform(0, width - w), rng.uniform(0, height - h), w, h)]
        truth["annotations"].append({
            "id": number + 1, "image_id": image + 1, "category_id": category + 1, "bbox": box,
            "area": round(w * h * rng.uniform(0.5, 1), 4), "iscrowd": int(rng.random() < 0.01),
        })
        by_image[image].append((category, box))

    results = []
    for image in range(images):
        found = []
        for category, (x, y, w, h) in by_image[image]:
            for _ in range(rng.choice([0, 1, 1, 2, 3])):
                box = [x + rng.gauss(0, 0.12) * w, y + rng.gauss(0, 0.12) * h,
                       w * rng.lognormvariate(0, 0.12), h * rng.lognormvariate(0, 0.12)]
                other = rng.random() < 0.1
                found.append((rng.betavariate(2, 2), rng.randrange(categories) if other else category, box))
        while len(found) < detections_per_image:
            box = [rng.uniform(0, width), rng.uniform(0, height), *size()]
            found.append((rng.betavariate(1, 12), rng.choices(range(categories), weights)[0], box))
        found.sort(key=lambda item: -item[0])
        for score, category, box in found[:detections_per_image]:
            results.append({
                "image_id": image + 1, "category_id": category + 1, "bbox": [round(v, 3) for v in box],
                "score": round(score, 5),
            })

    paths = folder / "ground-truth.json", folder / "results.json"
    for path, content in zip(paths, (truth, results)):
        path.write_text(json.dumps(content))
    return paths
