"""Code symbols as module matrices, and how a printer, a laser or a screen shows them.

A symbol is a matrix of modules (1 = ink) without quiet zone. The label of a symbol is the outline of that matrix:
no quiet zone, no human-readable digits.
"""

import string

import cv2
import numpy as np
import zxingcpp

from . import CLASSES

_F = zxingcpp.BarcodeFormat
_ALNUM = string.ascii_uppercase + string.digits
_TEXT = string.ascii_letters + string.digits + " -./:?=&"


class Symbol:
    """Modules of one code, its class, and the width-to-height ratio it is printed with."""

    __slots__ = ("modules", "cls", "kind", "aspect", "text")

    def __init__(self, modules, name, kind, aspect=None, text=""):
        self.modules = modules
        self.cls = CLASSES.index(name)
        self.kind = kind
        self.aspect = aspect if aspect else modules.shape[1] / modules.shape[0]
        self.text = text


def _string(rng, alphabet, low, high):
    n = int(rng.integers(low, high + 1))
    return "".join(alphabet[i] for i in rng.integers(0, len(alphabet), n))


def _modules(content, kind, **options):
    image = zxingcpp.create_barcode(content, getattr(_F, kind), **options).to_image(scale=1, add_quiet_zones=False)
    return (np.array(image) < 128).astype(np.uint8)


def _length(rng, typical, longest):
    """Mostly short contents, with a long tail: dense symbols are rare but real."""
    if rng.random() < 0.12:
        return int(rng.integers(typical, longest + 1))
    return int(np.clip(rng.exponential(typical * 0.5) + 3, 3, longest))


def qr(rng):
    u = rng.random()
    if u < 0.05:
        return Symbol(_modules(_string(rng, string.digits, 3, 20), "MicroQRCode"), "qr", "microqr")
    if u < 0.08:
        return Symbol(_modules(_string(rng, _ALNUM, 4, 60), "RMQRCode"), "qr", "rmqr")
    level = "LMQH"[int(rng.integers(4))]
    n = _length(rng, 60, 1100)
    prefix = "https://" if rng.random() < 0.5 else ""
    return Symbol(_modules(prefix + _string(rng, _TEXT, n, n), "QRCode", ec_level=level), "qr", "qr")


def aztec(rng):
    if rng.random() < 0.03:
        return Symbol(_modules(str(int(rng.integers(256))), "AztecRune"), "aztec", "rune")
    n = _length(rng, 70, 1000)
    return Symbol(_modules(_string(rng, _TEXT, n, n), "Aztec"), "aztec", "aztec")


def datamatrix(rng):
    n = _length(rng, 30, 700)
    alphabet = string.digits if rng.random() < 0.4 else _TEXT
    for _ in range(4):
        modules = _modules(_string(rng, alphabet, n, n), "DataMatrix")
        # The writer prefers a rectangle where one fits; real labels mostly carry squares.
        if modules.shape[0] == modules.shape[1] or rng.random() < 0.12:
            break
        n += int(rng.integers(1, 5))
    return Symbol(modules, "datamatrix", "datamatrix")


class _Codewords:
    """Codeword patterns of PDF417 by row cluster, cut out of written symbols, to lay out any rows × columns."""

    _pools = None

    @classmethod
    def pools(cls):
        if cls._pools is None:
            rng = np.random.default_rng(417)
            pools = [[], [], []]
            for _ in range(12):
                rows = _modules(_string(rng, _TEXT, 150, 250), "PDF417")[::3]
                for r, row in enumerate(rows):
                    body = row[17 : len(row) - 18].reshape(-1, 17)
                    pools[r % 3].extend(body)
            cls._pools = [np.array(p, np.uint8) for p in pools]
            cls.start, cls.stop = rows[0, :17], rows[0, len(rows[0]) - 18 :]
        return cls._pools


def pdf417(rng):
    u = rng.random()
    if u < 0.10:
        return Symbol(_modules(_string(rng, _TEXT, 4, 70), "MicroPDF417"), "pdf417", "micropdf417")
    pools = _Codewords.pools()
    columns = int(np.clip(rng.gamma(3.0, 2.0), 1, 24))
    rows = int(np.clip(rng.gamma(3.0, 6.0), 3, 80))
    compact = u < 0.17
    total = columns + (1 if compact else 2)
    lines = []
    for r in range(rows):
        pool = pools[r % 3]
        body = pool[rng.integers(0, len(pool), total)].reshape(-1)
        end = np.ones(1, np.uint8) if compact else _Codewords.stop
        lines.append(np.concatenate([_Codewords.start, body, end]))
    modules = np.array(lines)
    row_height = float(rng.choice([2, 2.5, 3, 3, 3, 3.5, 4, 5]))
    return Symbol(modules, "pdf417", "pdf417", modules.shape[1] / (rows * row_height))


_LINEAR = {
    "EAN13": (lambda g: _string(g, string.digits, 12, 12), 20),
    "UPCA": (lambda g: _string(g, string.digits, 11, 11), 16),
    "EAN8": (lambda g: _string(g, string.digits, 7, 7), 5),
    "UPCE": (lambda g: "0" + _string(g, string.digits, 6, 6), 6),
    "EAN13+": (lambda g: "978" + _string(g, string.digits, 9, 9), 6),
    "UPCA+": (lambda g: _string(g, string.digits, 11, 11), 2),
    "Code128": (lambda g: _string(g, _ALNUM + "-/ ", 3, 26), 14),
    "Code39": (lambda g: _string(g, _ALNUM + "-. ", 3, 18), 9),
    "Code93": (lambda g: _string(g, _ALNUM, 3, 20), 5),
    "Codabar": (lambda g: "A" + _string(g, string.digits, 4, 16) + "B", 5),
    "ITF": (lambda g: _string(g, string.digits, 2, 12) + "", 6),
    "ITF14": (lambda g: _string(g, string.digits, 13, 13), 4),
    "DataBarOmni": (lambda g: _string(g, string.digits, 13, 13), 4),
    "DataBarStk": (lambda g: _string(g, string.digits, 13, 13), 3),
    "DataBarStkOmni": (lambda g: _string(g, string.digits, 13, 13), 3),
    "DataBarLtd": (lambda g: "0" + _string(g, string.digits, 12, 12), 2),
    "DataBarExp": (lambda g: "[01]" + _gtin(g) + "[10]" + _string(g, _ALNUM, 1, 12), 7),
    "DataBarExpStk": (lambda g: "[01]" + _gtin(g) + "[10]" + _string(g, _ALNUM, 1, 16), 6),
    "Telepen": (lambda g: _string(g, _ALNUM, 3, 12), 2),
    "PZN": (lambda g: _string(g, string.digits, 7, 7), 2),
}
_LINEAR_NAMES = list(_LINEAR)
_LINEAR_WEIGHTS = np.array([w for _, w in _LINEAR.values()], float)
_LINEAR_WEIGHTS /= _LINEAR_WEIGHTS.sum()


def _gtin(rng):
    body = "9" + _string(rng, string.digits, 12, 12)
    check = (10 - sum(int(c) * (3 if i % 2 == 0 else 1) for i, c in enumerate(body)) % 10) % 10
    return body + str(check)


def barcode(rng):
    kind = _LINEAR_NAMES[int(rng.choice(len(_LINEAR_NAMES), p=_LINEAR_WEIGHTS))]
    content = _LINEAR[kind][0](rng)
    name = kind.rstrip("+")
    if name == "ITF" and len(content) % 2:
        content += "0"
    if kind.endswith("+"):
        modules = _modules(content + "+" + _string(rng, string.digits, 5, 5), name)
    else:
        modules = _modules(content, name)
    rows, columns = modules.shape
    text = content.replace("[", "(").replace("]", ")")
    if kind in ("DataBarStk", "DataBarStkOmni", "DataBarExpStk"):
        return Symbol(modules, "barcode", kind, columns / rows * rng.uniform(0.6, 1.3), text)
    if kind == "DataBarExp":
        height = columns * rng.uniform(0.10, 0.35)
    elif name in ("EAN13", "UPCA", "EAN8", "UPCE"):
        # Retail codes are tall unless truncated; guard bars reach below the others only sometimes.
        height = columns * (rng.uniform(0.45, 0.85) if rng.random() < 0.7 else rng.uniform(0.15, 0.45))
        if kind[-1] != "+" and rng.random() < 0.35:
            modules = modules[: rows - 5]
    else:
        height = columns * (rng.uniform(0.12, 0.55) if rng.random() < 0.85 else rng.uniform(0.05, 1.0))
        if rng.random() < 0.15:
            # Wide-to-narrow ratios differ between printers; a small stretch of columns imitates it.
            height = columns * rng.uniform(0.3, 0.9)
    return Symbol(modules, "barcode", kind, columns / max(height, 3), text)


class Markers:
    """Square fiducials; the bits of the ArUco and AprilTag dictionaries come from a prepared file."""

    def __init__(self, path):
        with np.load(path) as data:
            self.dictionaries = {k: data[k] for k in data.files}
        self.names = sorted(self.dictionaries)

    def draw(self, rng, dictionary=None):
        bits = self.dictionaries[dictionary or self.names[int(rng.integers(len(self.names)))]]
        inner = bits[int(rng.integers(len(bits)))]
        border = 2 if rng.random() < 0.06 else 1
        return Symbol(np.pad(1 - inner, border, constant_values=1).astype(np.uint8), "marker", "marker")


_DRAW = {"qr": qr, "aztec": aztec, "datamatrix": datamatrix, "pdf417": pdf417, "barcode": barcode}


def draw(rng, name, markers):
    if name == "marker":
        return markers.draw(rng)
    while True:
        try:
            return _DRAW[name](rng)
        except ValueError:  # a content that this symbology refuses (a check digit of ten, too long)
            continue


def ink(rng, symbol, width, height, style=None):
    """Coverage of ink, 0…1, as float32 of height × width pixels.

    style: None for printed squares, "dots" for round modules, "peen" for separate dots (finder edges too),
    "rounded" for liquid-looking corners.
    """
    m = symbol.modules
    rows, columns = m.shape
    k = int(np.clip(np.ceil(1.6 * max(width / columns, height / rows)), 1, 12))
    big = np.repeat(np.repeat(m, k, 0), k, 1).astype(np.float32)
    if style in ("dots", "peen") and k >= 4:
        r = rng.uniform(0.36, 0.52)
        c = (np.arange(k) + 0.5) / k - 0.5
        disc = np.clip((r - np.hypot(c[:, None], c[None, :])) * k + 0.5, 0, 1).astype(np.float32)
        dots = big * np.tile(disc, (rows, columns))
        if style == "dots" and symbol.cls == 0 and symbol.kind == "qr":
            f = 7 * k
            for y, x in ((0, 0), (0, columns * k - f), (rows * k - f, 0)):
                dots[y : y + f, x : x + f] = big[y : y + f, x : x + f]
        big = dots
    elif style == "rounded" and k >= 4:
        big = np.clip((cv2.GaussianBlur(big, (0, 0), k * 0.33) - 0.5) * 6 + 0.5, 0, 1)
    out = cv2.resize(big, (width, height), interpolation=cv2.INTER_AREA if k * columns > width else cv2.INTER_LINEAR)
    pixel = min(width / columns, height / rows)
    if pixel > 2.5:
        u = rng.random()
        if u < 0.25:  # ink that spreads or is too thin
            s = pixel * rng.uniform(0.15, 0.35)
            out = np.clip((cv2.GaussianBlur(out, (0, 0), s) - rng.uniform(0.3, 0.7)) * 5 + 0.5, 0, 1)
        elif u < 0.33:  # ragged edges
            n = cv2.GaussianBlur(rng.random(out.shape, dtype=np.float32), (0, 0), max(0.6, pixel * 0.15))
            out = np.clip((cv2.GaussianBlur(out, (0, 0), pixel * 0.2) - 0.5 + (n - 0.5) * 2.0) * 4 + 0.5, 0, 1)
    u = rng.random()
    if u < 0.06:  # dead dots of a thermal head: light lines along the feed
        lines = (rng.random(width) > rng.uniform(0.01, 0.06)).astype(np.float32)
        out = out * (lines[None, :] if rng.random() < 0.7 else 1)
    elif u < 0.14:  # worn print: patches without ink
        low = rng.random((max(2, height // 24 + 2), max(2, width // 24 + 2)), dtype=np.float32)
        worn = cv2.resize(low, (width, height), interpolation=cv2.INTER_CUBIC)
        out = out * np.clip((worn - rng.uniform(0.0, 0.3)) * 5, 0, 1)
    elif u < 0.17:  # scratches
        for _ in range(int(rng.integers(1, 6))):
            p, q = rng.integers(0, (width, height)), rng.integers(0, (width, height))
            cv2.line(out, tuple(int(v) for v in p), tuple(int(v) for v in q), float(rng.random() < 0.2), int(rng.integers(1, 3)))
    return np.ascontiguousarray(out, np.float32)
