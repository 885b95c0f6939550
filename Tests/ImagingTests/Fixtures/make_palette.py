#!/usr/bin/env python3
"""Prints the colours of ClassPalette.swift.

    pip install numpy==2.4.6
    python3 make_palette.py

The first seven are those of Okabe and Ito's palette (the yellow a little darker, black left out). Each further colour is
the one, of a grid in OKLCH, that is farthest from all before it, by its smallest distance in OKLab as seen with normal
vision, with protanopia and with deuteranopia (the matrices of Machado, Oliveira and Fernandes, 2009, at full severity,
applied to linear RGB). Distances to colours chosen long before count less, for few classes share one picture.
"""
import numpy

OKABE_ITO = ["D55E00", "0072B2", "009E73", "E6D21E", "CC79A7", "56B4E9", "E69F00"]
VISIONS = [
    numpy.eye(3),
    numpy.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    numpy.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
]
WEIGHTS = [1.0, 1.6, 1.6]


def linear(srgb):
    return numpy.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def encoded(rgb):
    return numpy.where(rgb <= 0.0031308, rgb * 12.92, 1.055 * numpy.maximum(rgb, 0) ** (1 / 2.4) - 0.055)


def oklab(rgb):
    lms = rgb @ numpy.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                             [0.0883024619, 0.2817188376, 0.6299787005]]).T
    return numpy.cbrt(lms) @ numpy.array([[0.2104542553, 0.7936177850, -0.0040720468],
                                          [1.9779984951, -2.4285922050, 0.4505937099],
                                          [0.0259040371, 0.7827717662, -0.8086757660]]).T


def from_oklch(l, c, h):
    lab = numpy.array([l, c * numpy.cos(h), c * numpy.sin(h)])
    lms = (numpy.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728],
                        [1, -0.0894841775, -1.2914855480]]) @ lab) ** 3
    return numpy.array([[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965],
                        [-0.0041960863, -0.7034186147, 1.7076147010]]) @ lms


def seen(rgb):
    return [oklab(numpy.clip(linear(rgb) @ vision.T, 0, 1)) for vision in VISIONS]


grid = []
for l in numpy.arange(0.42, 0.93, 0.03):
    for c in (0.06, 0.09, 0.12, 0.15, 0.18, 0.21, 0.24):
        for h in numpy.arange(0, 360, 7.5):
            rgb = from_oklch(l, c, numpy.radians(h))
            if rgb.min() >= 0 and rgb.max() <= 1:
                grid.append(numpy.round(encoded(rgb) * 255) / 255)
grid = numpy.array(grid)
chosen = [numpy.array([int(h[i:i + 2], 16) for i in (0, 2, 4)]) / 255 for h in OKABE_ITO]
pool = seen(grid)
while len(chosen) < 96:
    score = numpy.full(len(grid), numpy.inf)
    for age, colour in enumerate(reversed(chosen)):
        mine = seen(colour[None])
        near = 1 + max(0, age - 12) / 24
        for weight, a, b in zip(WEIGHTS, pool, mine):
            score = numpy.minimum(score, numpy.linalg.norm(a - b, axis=1) * weight * near)
    chosen.append(grid[score.argmax()])
names = ["".join(f"{int(round(v * 255)):02X}" for v in colour) for colour in chosen]
for start in range(0, len(names), 8):
    print("    " + ", ".join("0x" + name for name in names[start:start + 8]) + ",")
