#!/usr/bin/env python3
"""Writes what OpenCV and Pillow make of synthetic pictures in many sizes, as fingerprints.

Pillow 13 resizes some pictures down first and across second; earlier versions never do. So there are two files for
Pillow, and this script is run once with each:

    pip install numpy==2.4.6 pillow==12.3.0 opencv-python-headless==5.0.0.93 && python3 make_resize_goldens.py
    pip install numpy==2.4.6 pillow==13.0.0 opencv-python-headless==5.0.0.93 && python3 make_resize_goldens.py
"""
import pathlib
import random

import cv2
import numpy
import PIL
from PIL import Image

from synthetic import fingerprint, picture

assert PIL.__version__ in ("12.3.0", "13.0.0") and cv2.__version__ == "5.0.0", (PIL.__version__, cv2.__version__)

FIXED = [
    # Nothing to do, and the sizes of this project's photographs.
    (640, 480, 640, 480), (1, 1, 1, 1), (1280, 960, 640, 480), (640, 480, 320, 240),
    (810, 1080, 480, 640), (416, 416, 640, 640), (640, 640, 416, 416),
    # Edges.
    (1, 1, 640, 640), (640, 640, 1, 1), (1, 480, 640, 480), (640, 1, 640, 480), (1, 3000, 1, 640), (3000, 1, 640, 1),
    (2, 2, 3, 3), (3, 3, 2, 2), (2, 1, 1, 2), (1, 2, 5, 1), (7, 5, 7, 11), (7, 5, 13, 5), (3000, 2, 2, 3000),
    (5, 3000, 3000, 5), (2999, 3, 3000, 4), (3000, 300, 640, 64), (300, 3000, 64, 640),
    # Exact halves, thirds, doubles, and one off.
    (300, 200, 150, 100), (300, 201, 100, 67), (150, 100, 300, 200), (301, 201, 150, 100), (299, 199, 150, 100),
    (150, 100, 299, 201), (320, 240, 319, 239), (320, 240, 321, 241), (2500, 50, 1250, 25), (33, 17, 66, 34),
    (9, 9, 8, 8), (15, 15, 16, 16), (31, 31, 32, 32), (33, 33, 32, 32), (63, 65, 64, 64), (16, 16, 17, 15),
]


def side(rng):
    return max(1, min(3000, int(round(3000 ** rng.random()))))


rng = random.Random(20240229)
geometries = list(FIXED)
while len(geometries) < 360:
    kind = rng.random()
    sw, sh = side(rng), side(rng)
    if kind < 0.5:
        dw, dh = side(rng), side(rng)
    else:
        # As a letterbox does: one scale, rounded sides.
        target = rng.choice([64, 160, 320, 416, 640])
        scale = min(target / sw, target / sh)
        dw, dh = max(1, round(sw * scale)), max(1, round(sh * scale))
    if sw * sh <= 90_000 and dw * dh <= 70_000:
        geometries.append((sw, sh, dw, dh))

HEADER = "# width height to-width to-height seed mode fingerprint"
linear_lines, bicubic_lines = [HEADER], [HEADER]
for number, (sw, sh, dw, dh) in enumerate(geometries):
    seed, mode = 1000 + number * 7919, number % 3
    source = picture(sw, sh, seed, mode)
    linear = cv2.resize(source, (dw, dh), interpolation=cv2.INTER_LINEAR)
    bicubic = numpy.asarray(Image.fromarray(source).resize((dw, dh), Image.Resampling.BICUBIC))
    geometry = f"{sw} {sh} {dw} {dh} {seed} {mode}"
    linear_lines.append(f"{geometry} {fingerprint(linear):016x}")
    bicubic_lines.append(f"{geometry} {fingerprint(bicubic):016x}")

folder = pathlib.Path(__file__).parent
major = PIL.__version__.split(".")[0]
(folder / "opencv-linear.tsv").write_text("\n".join(linear_lines) + "\n")
(folder / f"pillow-{major}-bicubic.tsv").write_text("\n".join(bicubic_lines) + "\n")
print(len(geometries), "geometries; megapixels in and out:")
print(sum(g[0] * g[1] for g in geometries) / 1e6, sum(g[2] * g[3] for g in geometries) / 1e6)
