"""More things that are no codes, for training alone: the kinds that fooled the first network, and their relatives.

The scenes that measure (evaluate.py) and those of Examples/photos do not draw from here, so their difficulty stays as it was.
"""

import cv2
import numpy as np

from . import symbols


def _enlarged(cells, h, w):
    return cv2.resize(np.ascontiguousarray(cells, np.float32), (w, h), interpolation=cv2.INTER_NEAREST)


def _patch(rng, m, h, w):
    """Puts a small pattern on an empty field, as a label carries a code."""
    out = np.zeros((h, w), np.float32)
    ph, pw = m.shape
    y, x = int(rng.integers(0, max(1, h - ph + 1))), int(rng.integers(0, max(1, w - pw + 1)))
    out[y : y + ph, x : x + pw] = m[: h - y, : w - x]
    return out


def _part(rng, h, w, low=0.25, high=0.95):
    return max(8, int(h * rng.uniform(low, high))), max(8, int(w * rng.uniform(low, high)))


def even_bars(rng, h, w):
    """Bars of one width in a bounded field: radiators, gratings, combs, vents, corrugated sheet."""
    ph, pw = _part(rng, h, w)
    period = rng.uniform(2.5, max(3.0, min(40, pw / 4)))
    x = np.arange(pw) / period + rng.random()
    if rng.random() < 0.35:  # seen at an angle: the period grows along the way
        x = x * (1 + rng.uniform(0.1, 0.9) * np.arange(pw) / pw)
    wave = np.sin(2 * np.pi * x)
    row = np.clip(wave * rng.uniform(0.6, 6) + rng.uniform(-0.5, 0.5), -1, 1) * 0.5 + 0.5
    m = np.repeat(row[None].astype(np.float32), ph, 0)
    if rng.random() < 0.3:  # ends cut to a slope or rounded
        top = (np.arange(pw) * rng.uniform(-0.3, 0.3)) % (ph * 0.3)
        m[np.arange(ph)[:, None] < top[None]] = 0
    if rng.random() < 0.35:
        m = m[::-1].T.copy()
    m = m[:h, :w]
    return _patch(rng, m, h, w) if rng.random() < 0.7 else cv2.resize(m, (w, h))


def pickets(rng, h, w):
    """A fence or railing: bars with gaps, rails across, sometimes pointed."""
    m = np.zeros((h, w), np.float32)
    p = rng.uniform(6, 50)
    bar = p * rng.uniform(0.25, 0.8)
    lean = rng.uniform(-0.3, 0.3)
    top, bottom = h * rng.uniform(0, 0.25), h * rng.uniform(0.7, 1)
    for x in np.arange(-0.3 * h, w + 0.3 * h, p):
        a = np.array([[x, bottom], [x + bar, bottom], [x + bar + lean * h * 0.3, top], [x + bar / 2 + lean * h * 0.3, top - bar * rng.uniform(0, 1)],
                      [x + lean * h * 0.3, top]])
        cv2.fillPoly(m, [a.astype(np.int32)], float(rng.uniform(0.75, 1)))
    for y in rng.uniform(top, bottom, int(rng.integers(0, 4))):
        cv2.rectangle(m, (0, int(y)), (w, int(y + max(2, bar * 0.6))), float(rng.uniform(0.5, 1)), -1)
    return m


def chart(rng, h, w):
    """Columns of a chart, an equaliser or a sound wave: even bars of uneven height."""
    m = np.zeros((h, w), np.float32)
    n = int(rng.integers(6, 60))
    p = w / n
    y = np.abs(np.cumsum(rng.normal(0, 0.25, n))) % 1 if rng.random() < 0.5 else rng.uniform(0.05, 1, n)
    middle = rng.random() < 0.4
    for i in range(n):
        t = h * y[i] * 0.95
        a = (h - t) / 2 if middle else h - t
        cv2.rectangle(m, (int(i * p), int(a)), (int(i * p + max(1, p * 0.65)), int(a + t)), 1.0, -1)
    return m


def plaid(rng, h, w):
    """Tartan and gingham: stripes of several widths that cross."""
    def axis(n):
        edges = np.cumsum(rng.uniform(3, 40, 12))
        return ((np.searchsorted(edges, np.arange(n) % edges[-1]) % 2) * rng.uniform(0.4, 1)).astype(np.float32)

    return np.clip(axis(h)[:, None] * 0.5 + axis(w)[None] * 0.5, 0, 1)


def sprite(rng, h, w):
    """Pixel art and identicons: symmetric figures on an empty field, of two to five tones."""
    n, k = int(rng.integers(5, 24)), int(rng.integers(2, 6))
    half = rng.random((n, (n + 1) // 2)) < rng.uniform(0.35, 0.65)
    if rng.random() < 0.5 and n > 7:
        half = cv2.medianBlur(half.astype(np.uint8), 3)[:, : (n + 1) // 2]
    tone = rng.integers(1, k, half.shape) / (k - 1)
    half = half * (tone if rng.random() < 0.6 else 1)
    cells = np.concatenate([half, half[:, : n // 2][:, ::-1]], 1)
    if rng.random() < 0.25:
        cells = np.concatenate([cells, cells[::-1]], 0)
    side = max(12, int(min(h, w) * rng.uniform(0.3, 1)))
    return _patch(rng, _enlarged(cells, side, side), h, w)


def pixel_scene(rng, h, w):
    """A picture reduced to few large pixels and few tones: mosaics, low-resolution games, knitting, pixelated faces."""
    n = int(rng.integers(8, 48))
    low = rng.random((max(2, n // 4), max(2, n // 4)), dtype=np.float32)
    cells = cv2.resize(low, (n, max(4, int(n * h / w))), interpolation=cv2.INTER_CUBIC) + rng.normal(0, rng.uniform(0, 0.25), (max(4, int(n * h / w)), n))
    k = int(rng.integers(3, 8))
    return _enlarged(np.clip(np.round(cells * (k - 1)) / (k - 1), 0, 1), h, w)


_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) / 16 + 1 / 32


def dither(rng, h, w):
    """A grey picture of two tones: ordered or random dither, newspaper pictures, e-paper."""
    p = int(rng.integers(2, 9))
    n, k = max(8, h // p), max(8, w // p)
    low = cv2.resize(rng.random((5, 5), dtype=np.float32), (k, n), interpolation=cv2.INTER_CUBIC)
    low = np.clip((low - 0.5) * rng.uniform(1, 3) + 0.5, 0, 1)
    limit = np.tile(_BAYER, (n // 4 + 1, k // 4 + 1))[:n, :k] if rng.random() < 0.7 else rng.random((n, k))
    return _enlarged(low > limit, h, w)


def matrix_text(rng, h, w):
    """Letters of large pixels: departure boards, LED signs, receipts of dot printers."""
    rows = int(rng.integers(1, 6))
    small = np.zeros((rows * 11, int(rng.integers(30, 110))), np.uint8)
    for r in range(rows):
        s = "".join(chr(int(c)) for c in rng.integers(48, 91, 24))
        cv2.putText(small, s, (1, r * 11 + 9), cv2.FONT_HERSHEY_PLAIN, 0.7, 255, 1)
    m = _enlarged(small > 100, h, w)
    if rng.random() < 0.4:
        p = h / small.shape[0]
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        m *= np.hypot(x % p - p / 2, y % p - p / 2) < p * 0.45
    return m


def spines(rng, h, w):
    """Books on a shelf: upright blocks of many widths and tones with lines along them."""
    m = np.zeros((h, w), np.float32)
    x = 0.0
    while x < w:
        t = rng.uniform(0.02, 0.12) * w + 3
        top = int(h * rng.uniform(0, 0.3))
        cv2.rectangle(m, (int(x), top), (int(x + t - 1), h), float(rng.uniform(0, 1)), -1)
        for y in rng.uniform(top, h, int(rng.integers(0, 5))):
            cv2.line(m, (int(x), int(y)), (int(x + t - 1), int(y)), float(rng.uniform(0, 1)), max(1, int(rng.uniform(1, 4))))
        s = "".join(chr(int(c)) for c in rng.integers(65, 91, 9))
        face = np.zeros((max(6, int(t)), max(12, int(h * 0.6))), np.uint8)
        cv2.putText(face, s, (2, int(t * 0.7)), cv2.FONT_HERSHEY_SIMPLEX, t / 45, 255, max(1, int(t / 18)), cv2.LINE_AA)
        face = np.rot90(face)
        a, b = top + int(h * 0.05), int(x)
        cut = m[a : a + face.shape[0], b : b + face.shape[1]]
        tone = float(rng.uniform(0, 1))
        k = face[: cut.shape[0], : cut.shape[1]].astype(np.float32) / 255
        cut[:] = cut * (1 - k) + tone * k
        x += t
    return m


def maxicode(rng, h, w):
    """MaxiCode on an empty field, at its own shape: a real code, but of no class of ours."""
    s = symbols._modules("AB" + str(int(rng.integers(10**8))), "MaxiCode").astype(np.float32)
    side = max(24, int(min(h, w) * rng.uniform(0.4, 1)))
    m = cv2.resize(s, (side, int(side * s.shape[0] / s.shape[1])), interpolation=cv2.INTER_AREA if s.shape[1] > side else cv2.INTER_LINEAR)
    m = np.ascontiguousarray(np.rot90(m, int(rng.integers(4))))[:h, :w]
    return _patch(rng, m, h, w)


def board_game(rng, h, w):
    """Chess, draughts, go, dominoes: a bounded even grid with pieces."""
    n = int(rng.integers(4, 14))
    p = max(4, int(min(h, w) * rng.uniform(0.3, 1)) // n)
    y, x = np.mgrid[0:n, 0:n]
    cells = ((y + x) % 2) * (1.0 if rng.random() < 0.7 else 0.0)
    m = np.repeat(np.repeat(cells, p, 0), p, 1).astype(np.float32)
    if rng.random() < 0.5:
        m[::p] = 1
        m[:, ::p] = 1
    for _ in range(int(rng.integers(0, n * 3))):
        c = (int((rng.integers(n) + 0.5) * p), int((rng.integers(n) + 0.5) * p))
        cv2.circle(m, c, max(1, int(p * 0.36)), float(rng.random()), -1, cv2.LINE_AA)
    m = m[:h, :w]
    return _patch(rng, m, h, w)


def squares(rng, h, w):
    """Nested squares and frames without anything of a code around: finder-like signs, buttons, windows, power sockets."""
    m = np.zeros((h, w), np.float32)
    for _ in range(int(rng.integers(1, 7))):
        s = int(min(h, w) * rng.uniform(0.08, 0.5))
        x, y = int(rng.integers(0, max(1, w - s))), int(rng.integers(0, max(1, h - s)))
        for k in range(int(rng.integers(1, 5))):
            d = int(s * 0.14 * k)
            cv2.rectangle(m, (x + d, y + d), (x + s - d, y + s - d), float(k % 2 == 0), -1)
    return m


def tables(rng, h, w):
    """Ruled tables, forms and calendars, some boxes filled."""
    m = np.zeros((h, w), np.uint8)
    ys = np.cumsum(rng.uniform(8, 40) * rng.uniform(0.8, 1.2, 80))
    xs = np.cumsum(rng.uniform(14, 90, 60))
    for y in ys[ys < h]:
        m[int(y) : int(y) + 1 + int(rng.random() < 0.2)] = 255
    for x in xs[xs < w]:
        m[:, int(x) : int(x) + 1 + int(rng.random() < 0.2)] = 255
    for y0, y1 in zip(ys[:-1], ys[1:]):
        for x0, x1 in zip(xs[:-1], xs[1:]):
            if y0 < h and x0 < w and rng.random() < 0.5:
                cv2.putText(m, str(int(rng.integers(10**4))), (int(x0) + 3, int(y1) - 3), cv2.FONT_HERSHEY_SIMPLEX, (y1 - y0) / 45, 255, 1, cv2.LINE_AA)
    return m.astype(np.float32) / 255


KINDS = (
    even_bars, even_bars, even_bars, even_bars, pickets, pickets, chart, plaid, sprite, sprite, sprite, pixel_scene, pixel_scene, dither,
    matrix_text, spines, spines, maxicode, maxicode, board_game, board_game, squares, tables,
)
