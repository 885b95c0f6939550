"""Things that look like codes and are none: text, grids, stripes, keys, mazes, traces, dots."""

import cv2
import numpy as np

from . import symbols


def _two_colours(rng):
    """A light and a dark colour, sometimes the other way round, sometimes close to each other."""
    light = rng.integers(150, 256, 3)
    dark = rng.integers(0, 110, 3)
    if rng.random() < 0.5:
        light[:] = light.mean()
        dark[:] = dark.mean()
    if rng.random() < 0.3:
        light, dark = dark, light
    return light.astype(np.float32), dark.astype(np.float32)


def _blend(mask, light, dark):
    m = mask.astype(np.float32)[..., None]
    return (light * (1 - m) + dark * m).astype(np.uint8)


def stripes(rng, h, w):
    """Regular or fading stripes: blinds, fences, zebra crossings, corduroy."""
    period = rng.uniform(4, 60)
    duty = rng.uniform(0.2, 0.8)
    x = np.arange(w)[None, :] + (np.arange(h)[:, None] * rng.uniform(-0.6, 0.6) if rng.random() < 0.5 else np.zeros((h, 1)))
    x = x * (1 + rng.uniform(-0.4, 0.4) * np.arange(w)[None, :] / w)
    m = ((x / period) % 1 < duty).astype(np.float32)
    if rng.random() < 0.4:
        m = 0.5 + 0.5 * np.sin(x / period * 2 * np.pi).astype(np.float32)
    if rng.random() < 0.5:
        m = np.ascontiguousarray(np.resize(m.T, (h, w)) if h != w else m.T)
    return m


def grid(rng, h, w):
    """Wires, tiles, window panes, graph paper, tables."""
    m = np.zeros((h, w), np.float32)
    py, px = rng.uniform(8, 70), rng.uniform(8, 70)
    if rng.random() < 0.6:
        px = py
    t = max(1, int(min(px, py) * rng.uniform(0.03, 0.3)))
    for y in np.arange(rng.uniform(0, py), h, py):
        m[int(y) : int(y) + t] = 1
    for x in np.arange(rng.uniform(0, px), w, px):
        m[:, int(x) : int(x) + t] = 1
    return m


def checkers(rng, h, w):
    p = rng.uniform(6, 60)
    m = ((np.arange(h)[:, None] // p + np.arange(w)[None, :] // p) % 2).astype(np.float32)
    if rng.random() < 0.3:
        m *= grid(rng, h, w)
    return m


def crossword(rng, h, w):
    p = max(6, int(rng.uniform(10, 40)))
    cells = (rng.random((h // p + 1, w // p + 1)) < rng.uniform(0.1, 0.35)).astype(np.float32)
    m = np.repeat(np.repeat(cells, p, 0), p, 1)[:h, :w].copy()
    m[::p] = 1
    m[:, ::p] = 1
    return m


def maze(rng, h, w):
    p = max(4, int(rng.uniform(6, 24)))
    t = max(1, p // 4)
    m = np.zeros((h, w), np.float32)
    right, down = rng.random((h // p + 1, w // p + 1)) < 0.5, rng.random((h // p + 1, w // p + 1)) < 0.5
    for i in range(right.shape[0]):
        for j in range(right.shape[1]):
            if right[i, j]:
                m[i * p : i * p + t, j * p : j * p + p + t] = 1
            elif down[i, j]:
                m[i * p : i * p + p + t, j * p : j * p + t] = 1
    return m


def keys(rng, h, w):
    """A keyboard or keypad."""
    p = rng.uniform(18, 60)
    m = np.zeros((h, w), np.uint8)
    for r, y in enumerate(np.arange(0, h, p)):
        for x in np.arange(-(r % 3) * p * 0.3, w, p):
            a, b = (int(x + p * 0.08), int(y + p * 0.08)), (int(x + p * 0.88), int(y + p * 0.88))
            cv2.rectangle(m, a, b, 190, -1)
            c = chr(int(rng.integers(65, 91)))
            cv2.putText(m, c, (int(x + p * 0.2), int(y + p * 0.6)), cv2.FONT_HERSHEY_SIMPLEX, p / 70, 25, 1, cv2.LINE_AA)
    return m.astype(np.float32) / 255


def piano(rng, h, w):
    p = rng.uniform(10, 50)
    m = np.zeros((h, w), np.float32)
    for i, x in enumerate(np.arange(0, w, p)):
        m[:, int(x) : int(x) + max(1, int(p * 0.06))] = 0.8
        if i % 7 not in (2, 6):
            m[: int(h * 0.62), int(x + p * 0.7) : int(x + p * 1.3)] = 1
    return m


def ruler(rng, h, w):
    p = rng.uniform(3, 14)
    m = np.zeros((h, w), np.float32)
    for i, x in enumerate(np.arange(2, w, p)):
        length = 0.6 if i % 10 == 0 else 0.45 if i % 5 == 0 else 0.3
        m[: int(h * length), int(x) : int(x) + max(1, int(p * 0.2))] = 1
    return m


def dots(rng, h, w):
    """Halftone, perforated sheet, domino and dice."""
    p = rng.uniform(5, 40)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    if rng.random() < 0.5:
        x = x + (y // p % 2) * p / 2
    d = np.hypot(x % p - p / 2, y % p - p / 2)
    r = p * rng.uniform(0.15, 0.45)
    m = np.clip(r - d + 0.5, 0, 1)
    if rng.random() < 0.4:
        keep = (rng.random((int(h / p) + 2, int(w / p) + 2)) < 0.6).astype(np.float32)
        m *= keep[(y // p).astype(int), (x // p).astype(int)]
    return m


def bricks(rng, h, w):
    ph = rng.uniform(8, 40)
    pw = ph * rng.uniform(1.6, 3.5)
    t = max(1, int(ph * rng.uniform(0.06, 0.2)))
    m = np.zeros((h, w), np.float32)
    for r, y in enumerate(np.arange(0, h, ph)):
        m[int(y) : int(y) + t] = 1
        for x in np.arange(-(r % 2) * pw / 2, w, pw):
            if x >= 0:
                m[int(y) : int(y + ph), int(x) : int(x) + t] = 1
    return m


def traces(rng, h, w):
    """Copper traces, pads and chips."""
    m = np.zeros((h, w), np.float32)
    for _ in range(int(rng.integers(6, 30))):
        x, y = int(rng.integers(0, w)), int(rng.integers(0, h))
        t = int(rng.integers(1, 5))
        for _ in range(int(rng.integers(2, 6))):
            dx, dy = [(1, 0), (0, 1), (1, 1), (1, -1), (-1, 0), (0, -1)][int(rng.integers(6))]
            n = int(rng.integers(8, 80))
            cv2.line(m, (x, y), (x + dx * n, y + dy * n), 1.0, t, cv2.LINE_AA)
            x, y = x + dx * n, y + dy * n
        cv2.circle(m, (x, y), t + 3, 1.0, -1, cv2.LINE_AA)
    for _ in range(int(rng.integers(1, 4))):
        x, y = int(rng.integers(0, w)), int(rng.integers(0, h))
        a, b = int(rng.integers(16, 90)), int(rng.integers(16, 90))
        for i in range(0, a, 7):
            cv2.rectangle(m, (x + i, y - 6), (x + i + 3, y + b + 6), 0.8, -1)
        cv2.rectangle(m, (x, y), (x + a, y + b), 0.3, -1)
    return m


def noise_modules(rng, h, w):
    """Random squares without any finder pattern: QR-like art, pixel art, camouflage."""
    p = max(4, int(rng.uniform(6, 40)))
    cells = rng.random((h // p + 1, w // p + 1)).astype(np.float32)
    levels = rng.integers(3, 7)
    if rng.random() < 0.5:
        half = cells[:, : (cells.shape[1] + 1) // 2]
        cells = np.concatenate([half, half[:, ::-1]], 1)[:, : cells.shape[1]]  # symmetric, like an identicon
        levels = rng.integers(2, 5)
    cells = np.round(cells * (levels - 1)) / (levels - 1)
    return cv2.resize(cells, (w, h), interpolation=cv2.INTER_NEAREST)


def dotcode(rng, h, w):
    """MaxiCode: a real code, but of no class of ours."""
    s = symbols._modules("AB" + str(int(rng.integers(10**8))), "MaxiCode").astype(np.float32)
    return cv2.resize(s, (w, h), interpolation=cv2.INTER_AREA if s.shape[1] > w else cv2.INTER_LINEAR)


def hatch(rng, h, w):
    """Scribbles, wood grain like lines, hair."""
    m = np.zeros((h, w), np.float32)
    angle = rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(10, 60))):
        a = angle + rng.normal(0, 0.12)
        x, y, n = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(20, 200)
        p, q = (int(x), int(y)), (int(x + np.cos(a) * n), int(y + np.sin(a) * n))
        cv2.line(m, p, q, float(rng.uniform(0.3, 1)), int(rng.integers(1, 4)), cv2.LINE_AA)
    return m


def vents(rng, h, w):
    """Speaker slots and ventilation: short thick bars of one width."""
    p = rng.uniform(8, 30)
    m = np.zeros((h, w), np.float32)
    n = rng.uniform(20, 120)
    for y in np.arange(p, h - n, n * 1.3):
        for x in np.arange(p, w - p, p):
            cv2.line(m, (int(x), int(y)), (int(x), int(y + n)), 1.0, max(1, int(p * 0.45)), cv2.LINE_AA)
    return m


def concentric(rng, h, w):
    """Targets and bull's-eyes, round or square."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    y, x = y - h / 2, x - w / 2
    d = np.hypot(x, y) if rng.random() < 0.6 else np.maximum(np.abs(x), np.abs(y))
    p = rng.uniform(6, 40)
    return ((d / p) % 1 < 0.5).astype(np.float32) * (d < min(h, w) / 2)


KINDS = (
    stripes, stripes, stripes, stripes, grid, grid, checkers, crossword, maze, keys, piano, ruler, dots, bricks, traces, noise_modules,
    dotcode, dotcode, hatch, vents, concentric,
)


def mask(rng, h, w):
    """Coverage of one distractor, h × w."""
    return KINDS[int(rng.integers(len(KINDS)))](rng, h, w)


def picture(rng, h, w):
    light, dark = _two_colours(rng)
    return _blend(mask(rng, h, w), light, dark)


def coloured(rng, m):
    """A coverage mask in two colours; now and then a gradient over it, so that tones are many."""
    light, dark = _two_colours(rng)
    out = _blend(m, light, dark)
    if rng.random() < 0.2:
        ends = rng.integers(90, 256, (2, 2, 3)).astype(np.uint8)
        out = cv2.multiply(out, cv2.resize(ends, (m.shape[1], m.shape[0]), interpolation=cv2.INTER_LINEAR), scale=1 / 255)
    return out
