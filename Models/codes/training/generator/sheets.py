"""Flat things that carry codes: labels, packages, tickets, cards, pages, screens, boards, metal plates.

A sheet is an RGBA picture in its own pixels plus the outlines of its codes. Scenes bend and place sheets in space.
"""

import cv2
import numpy as np

from . import CLASSES, distractors, lookalikes, symbols

DARK_INKS = ((0, 0, 0), (15, 15, 20), (30, 30, 30), (10, 20, 80), (90, 10, 15), (10, 70, 30), (60, 35, 15), (70, 20, 90))


def outline(x, y, w, h):
    """Twelve points around a rectangle, so that a bent outline stays true."""
    t = np.array([0, 1 / 3, 2 / 3])
    return np.concatenate([
        np.stack([x + w * t, np.full(3, y)], 1), np.stack([np.full(3, x + w), y + h * t], 1),
        np.stack([x + w * (1 - t), np.full(3, y + h)], 1), np.stack([np.full(3, x), y + h * (1 - t)], 1),
    ])


class Sheet:
    def __init__(self, rgb, kit):
        self.rgb = rgb
        self.h, self.w = rgb.shape[:2]
        self.kit = kit
        self.codes = []  # (class, outline)
        self.grids = []  # per code: modules along the outline's first and second side; 1 along bars
        self.alpha = None
        self.glow = False

    # Drawing

    def stamp(self, coverage, x, y, colour, opacity=1.0):
        """Puts ink of a coverage mask (uint8 or float 0…1) at (x, y), cut by the sheet's edges."""
        x, y = int(x), int(y)
        h, w = coverage.shape
        x0, y0, x1, y1 = max(0, x), max(0, y), min(self.w, x + w), min(self.h, y + h)
        if x1 <= x0 or y1 <= y0:
            return
        m = coverage[y0 - y : y1 - y, x0 - x : x1 - x].astype(np.float32)
        if coverage.dtype == np.uint8:
            m *= 1 / 255
        m = (m * opacity)[..., None]
        area = self.rgb[y0:y1, x0:x1]
        area[:] = (area * (1 - m) + np.asarray(colour, np.float32) * m + 0.5).astype(np.uint8)

    def _stamp_picture(self, coverage, x, y, picture, opacity):
        """Like `stamp`, with the colours of a picture of the same size."""
        h, w = coverage.shape
        x0, y0, x1, y1 = max(0, x), max(0, y), min(self.w, x + w), min(self.h, y + h)
        if x1 > x0 and y1 > y0:
            cut = slice(y0 - y, y1 - y), slice(x0 - x, x1 - x)
            m = (coverage[cut] * np.float32(opacity))[..., None]
            area = self.rgb[y0:y1, x0:x1]
            area[:] = (area * (1 - m) + picture[cut] * m + 0.5).astype(np.uint8)

    def box(self, x, y, w, h, colour, thickness=-1):
        cv2.rectangle(self.rgb, (int(x), int(y)), (int(x + w), int(y + h)), tuple(int(c) for c in colour), thickness)

    def paste(self, picture, x, y):
        x, y = int(x), int(y)
        h, w = picture.shape[:2]
        x0, y0, x1, y1 = max(0, x), max(0, y), min(self.w, x + w), min(self.h, y + h)
        if x1 > x0 and y1 > y0:
            self.rgb[y0:y1, x0:x1] = picture[y0 - y : y1 - y, x0 - x : x1 - x]

    def text(self, rng, x, y, height, max_width, colour=(0, 0, 0)):
        m = self.kit.text.line(rng, height, max_width)
        if m is not None:
            self.stamp(m, x, y, colour)
            return m.shape[1]
        return 0

    def paragraph(self, rng, x, y, w, h, height, colour=(0, 0, 0)):
        height = max(4, height)
        for yy in np.arange(y, y + h - height, height * 1.35):
            xx = x
            end = x + w * (1 if rng.random() < 0.8 else rng.uniform(0.3, 1))
            while xx < end - 6:
                n = self.text(rng, xx, yy, height, end - xx, colour)
                if n == 0:
                    break
                xx += n + height * 0.5

    def code(self, rng, symbol, x, y, w, h, turn=0, paper=None, colour=None, quiet=None, style=None, digits=True, fade=None):
        """Draws a symbol into the rectangle (x, y, w, h) of the sheet; w and h are those after the turn by 90°·turn."""
        w, h = max(4, int(round(w))), max(4, int(round(h)))
        x, y = int(round(x)), int(round(y))
        cw, ch = (h, w) if turn % 2 else (w, h)
        m = symbols.ink(rng, symbol, cw, ch, style)
        if colour is None:
            colour = (0, 0, 0) if rng.random() < 0.7 else DARK_INKS[int(rng.integers(len(DARK_INKS)))]
        module = min(cw / symbol.modules.shape[1], ch / symbol.modules.shape[0])
        if quiet is None:
            quiet = (rng.uniform(0, 12) if symbol.cls == 4 else rng.uniform(0, 5)) * module
        tall = min(max(7.0, ch * rng.uniform(0.1, 0.3)), cw * 0.2) if symbol.cls == 4 and digits and symbol.text else 0
        hrt = self.kit.text.digits(rng, symbol.text, tall) if tall >= 7 and rng.random() < 0.75 else None
        above = rng.random() < 0.1
        if paper is not None:
            q = int(round(quiet))
            extra = int(tall * 1.2) if hrt is not None else 0
            pad = [q, q, q, q]  # left, top, right, bottom before the turn
            if symbol.cls == 4:
                pad[1] = pad[3] = int(q * rng.uniform(0, 1))
            pad[1 if above else 3] += extra
            for _ in range(turn % 4):
                pad = [pad[3], pad[0], pad[1], pad[2]]
            self.box(x - pad[0], y - pad[1], w + pad[0] + pad[2] - 1, h + pad[1] + pad[3] - 1, paper)
        if fade is None:
            fade = rng.uniform(0.75, 1.0) if rng.random() < 0.8 else rng.uniform(0.3, 0.75)
        if symbol.cls == 0 and style is not None and rng.random() < 0.5 or rng.random() < 0.015:
            # Ink that changes colour across the code, as in branded codes.
            ends = np.clip(np.asarray(colour, float) + rng.normal(0, 55, (2, 2, 3)), 0, 255).astype(np.uint8)
            self._stamp_picture(np.ascontiguousarray(np.rot90(m, -turn)), x, y, cv2.resize(ends, (w, h)), fade)
        else:
            self.stamp(np.ascontiguousarray(np.rot90(m, -turn)), x, y, colour, fade)
        if hrt is not None:
            spread = cw * rng.uniform(0.5, 1.0)
            s = min(1.0, spread / hrt.shape[1]) if hrt.shape[1] > spread else rng.uniform(1.0, max(1.0, min(2.0, spread / hrt.shape[1])))
            hrt = cv2.resize(hrt, (max(2, int(hrt.shape[1] * s)), hrt.shape[0]), interpolation=cv2.INTER_AREA)
            gap = max(1, int(tall * rng.uniform(0.02, 0.25)))
            left = (cw - hrt.shape[1]) // 2
            px, py = left, (-hrt.shape[0] - gap if above else ch + gap)
            if symbol.kind[:3] in ("EAN", "UPC") and symbol.modules.shape[0] > 52 and not above:
                py = ch - max(0, int(ch * 5 / 55)) + gap  # between the long guard bars
            at = self._turned(px, py, hrt.shape[1], hrt.shape[0], x, y, w, h, cw, ch, turn)
            self.stamp(np.ascontiguousarray(np.rot90(hrt, -turn)), at[0], at[1], colour, fade)
        self.codes.append((symbol.cls, outline(x, y, w, h)))
        rows, columns = symbol.modules.shape
        along = 1 if symbol.cls == 4 else rows
        self.grids.append((along, columns) if turn % 2 else (columns, along))

    @staticmethod
    def _turned(px, py, pw, ph, x, y, w, h, cw, ch, turn):
        """Top left corner in the sheet of a box given in the code's own unturned pixels."""
        t = turn % 4
        if t == 0:
            return x + px, y + py
        if t == 1:
            return x + w - (py + ph), y + px
        if t == 2:
            return x + w - (px + pw), y + h - (py + ph)
        return x + py, y + h - (px + pw)

    def rgba(self):
        a = self.alpha if self.alpha is not None else np.full((self.h, self.w), 255, np.uint8)
        return np.dstack([self.rgb, a])


def fit(symbol, w, h, turn):
    """The largest size of the symbol's aspect inside w × h, after the turn."""
    aspect = symbol.aspect if turn % 2 == 0 else 1 / symbol.aspect
    if w / h > aspect:
        return h * aspect, h
    return w, w / aspect


class Kit:
    """What sheet makers draw from. `hard`: draw more of what fools networks, for training alone."""

    def __init__(self, backdrops, text, markers, hard=False):
        self.backdrops, self.text, self.markers, self.hard = backdrops, text, markers, hard

    def distractor(self, rng, h, w):
        """A picture, h × w, of something that looks like a code and is none."""
        if self.hard and rng.random() < 0.55:
            return distractors.coloured(rng, lookalikes.KINDS[int(rng.integers(len(lookalikes.KINDS)))](rng, h, w))
        return distractors.picture(rng, h, w)

    def symbol(self, rng, name):
        return symbols.draw(rng, name, self.markers)


def light_paper(rng):
    u = rng.random()
    if u < 0.55:
        return np.full(3, int(rng.integers(215, 256)))
    if u < 0.75:
        return np.array([255, int(rng.integers(225, 256)), int(rng.integers(180, 240))])
    return rng.integers(130, 256, 3)


def _surface(rng, kit, w, h, photo=0.15):
    """A sheet's own face: flat colour, gradient, or a texture."""
    u = rng.random()
    if u < 0.6:
        rgb = np.empty((h, w, 3), np.uint8)
        rgb[:] = light_paper(rng)
    elif u < 0.75:
        c = np.clip(light_paper(rng)[None] + rng.integers(-60, 30, (4, 3)), 0, 255).astype(np.uint8).reshape(2, 2, 3)
        rgb = cv2.resize(c, (w, h), interpolation=cv2.INTER_LINEAR)
    else:
        rgb = kit.backdrops.cut(rng, h, w, photo)
    return rgb


def contrast_pair(rng, kit, sheet, x, y, w, h, p_box=0.5):
    """Paper (or None to print on what is there) and ink that can be told apart at this place; sometimes light on dark."""
    x0, y0 = max(0, int(x)), max(0, int(y))
    area = sheet.rgb[y0 : max(y0 + 1, int(y + h)), x0 : max(x0 + 1, int(x + w))]
    mean = area.reshape(-1, 3).mean(0) if area.size else np.full(3, 200.0)
    level = mean.mean()
    if rng.random() < 0.07:  # inverted: light modules on dark paper
        paper = rng.integers(0, 90, 3)
        ink = np.clip(paper + rng.integers(110, 190, 3), 0, 255)
        return paper, ink
    flat = area.std() < 22 if area.size else True
    if flat and level > 120 and rng.random() > p_box:
        ink = np.array(DARK_INKS[int(rng.integers(len(DARK_INKS)))]) if rng.random() < 0.5 else np.zeros(3)
        return None, ink
    if flat and level < 90 and rng.random() > 0.6:
        return None, np.clip(mean + rng.integers(100, 200, 3), 0, 255)  # light print on dark ground
    paper = light_paper(rng)
    if rng.random() < 0.06:  # poor contrast
        ink = np.clip(paper - rng.integers(50, 110), 0, 255)
    elif rng.random() < 0.15:
        ink = np.clip(paper * rng.uniform(0.0, 0.4) + rng.integers(0, 40, 3), 0, 255)
    else:
        ink = np.array(DARK_INKS[int(rng.integers(len(DARK_INKS)))]) if rng.random() < 0.3 else np.full(3, int(rng.integers(0, 50)))
    return paper, ink


def _style(rng, name):
    if name in ("qr", "datamatrix", "aztec"):
        u = rng.random()
        if name == "datamatrix" and u < 0.12:
            return "peen"
        if u < 0.06:
            return "dots"
        if u < 0.10:
            return "rounded"
    return None


def _art(rng, sheet, symbol, x, y, w, h, name):
    """A logo in the middle of a QR code, or a tint over part of a code."""
    if name == "qr" and w > 60 and rng.random() < 0.10:
        s = w * rng.uniform(0.15, 0.28)
        sheet.box(x + (w - s) / 2, y + (h - s) / 2, s, s, light_paper(rng))
        k = s * 0.8
        art = sheet.kit.backdrops.cut(rng, max(2, int(k)), max(2, int(k)), 0.7)
        sheet.paste(art, x + (w - k) / 2, y + (h - k) / 2)


def put(rng, sheet, name, x, y, w, h, p_box=0.5, turns=(0, 0, 0, 1, 2, 3), **options):
    """Draws a fresh symbol of the class inside the given rectangle."""
    turn = int(turns[int(rng.integers(len(turns)))])
    symbol = sheet.kit.symbol(rng, name)
    if name in ("qr", "aztec", "datamatrix", "pdf417"):
        # No denser than a camera could resolve: at least about two pixels a module most of the time.
        for _ in range(6):
            cw, ch = fit(symbol, w, h, turn)
            if max(cw, ch) / max(symbol.modules.shape) >= 1.6 or rng.random() < 0.08:
                break
            symbol = sheet.kit.symbol(rng, name)
    cw, ch = fit(symbol, w, h, turn)
    cx, cy = x + (w - cw) / 2, y + (h - ch) / 2
    paper, ink = contrast_pair(rng, sheet.kit, sheet, cx, cy, cw, ch, p_box)
    options.setdefault("style", _style(rng, name))
    options.setdefault("paper", paper)
    options.setdefault("colour", ink)
    if name == "marker":
        options.setdefault("fade", rng.uniform(0.85, 1))
        options["colour"] = np.full(3, int(rng.integers(0, 45)))
        module = cw / symbol.modules.shape[1]
        options["paper"], options["quiet"] = np.full(3, int(rng.integers(200, 256))), module * rng.uniform(0.6, 2)
    sheet.code(rng, symbol, cx, cy, cw, ch, turn, **options)
    _art(rng, sheet, symbol, cx, cy, cw, ch, name)
    return symbol


# Sheet makers: (rng, kit, size, name) → Sheet; size is about the long side in pixels, name the class of the main code.


def plain(rng, kit, size, name):
    """Close view: the code and little else, sometimes text beside it."""
    symbol_ratio = {"barcode": rng.uniform(1.1, 3.0), "pdf417": rng.uniform(0.8, 3.0)}.get(name, rng.uniform(0.8, 1.3))
    w, h = (size, size / symbol_ratio)
    if rng.random() < 0.25:
        w, h = h, w
    w, h = max(40, int(w)), max(40, int(h))
    sheet = Sheet(_surface(rng, kit, w, h), kit)
    m = rng.uniform(0.02, 0.22)
    if rng.random() < 0.6:
        colour = np.zeros(3) if sheet.rgb.mean() > 110 else np.full(3, 230)
        t = max(5, h * rng.uniform(0.03, 0.1))
        sheet.paragraph(rng, w * 0.02, h * 0.01, w * 0.96, max(t * 1.5, h * (m - 0.02)), t, colour)
        sheet.paragraph(rng, w * 0.02, h * (1 - m) + 2, w * 0.96, h * m, t, colour)
    turns = (0, 0, 0, 2) if (w > h) == (symbol_ratio > 1) else (1, 3)
    if name in ("qr", "aztec", "datamatrix", "marker"):
        turns = (0, 1, 2, 3)
    put(rng, sheet, name, w * m, h * m, w * (1 - 2 * m), h * (1 - 2 * m), 0.35, turns)
    return sheet


def label(rng, kit, size, name):
    """A sticker with text and one code, sometimes two."""
    w = int(size)
    h = max(40, int(size * rng.uniform(0.35, 1.1)))
    sheet = Sheet(_surface(rng, kit, w, h, 0.05), kit)
    dark = sheet.rgb.mean() < 110
    colour = np.full(3, 235) if dark else np.array(DARK_INKS[int(rng.integers(len(DARK_INKS)))])
    t = max(5, h * rng.uniform(0.04, 0.12))
    if rng.random() < 0.3:
        sheet.box(2, 2, w - 5, h - 5, colour, max(1, w // 150))
    two_d = name not in ("barcode", "pdf417")
    if two_d and w > h * 1.25:
        side = h * rng.uniform(0.55, 0.92)
        x = w * 0.03 if rng.random() < 0.5 else w * 0.97 - side
        put(rng, sheet, name, x, (h - side) * rng.uniform(0.2, 0.8), side, side, 0.3)
        tx = x + side + w * 0.04 if x < w * 0.3 else w * 0.03
        sheet.paragraph(rng, tx, h * 0.06, w * 0.94 - side - w * 0.04, h * 0.9, t, colour)
    else:
        ch = h * rng.uniform(0.3, 0.7)
        y = (h - ch) * rng.uniform(0.1, 0.85)
        put(rng, sheet, name, w * 0.06, y, w * 0.88, ch * (0.85 if name == "barcode" else 1), 0.3, (0, 0, 0, 2))
        if y > t * 2:
            sheet.paragraph(rng, w * 0.05, h * 0.03, w * 0.9, y - t - h * 0.05, t, colour)
        sheet.paragraph(rng, w * 0.05, y + ch + t * 0.8, w * 0.9, h - y - ch - t, t, colour)
    if rng.random() < 0.15:
        _round_corners(sheet, int(min(w, h) * rng.uniform(0.03, 0.15)))
    return sheet


def _round_corners(sheet, r):
    a = np.zeros((sheet.h, sheet.w), np.uint8)
    cv2.rectangle(a, (r, 0), (sheet.w - r, sheet.h), 255, -1)
    cv2.rectangle(a, (0, r), (sheet.w, sheet.h - r), 255, -1)
    for x in (r, sheet.w - r - 1):
        for y in (r, sheet.h - r - 1):
            cv2.circle(a, (x, y), r, 255, -1)
    sheet.alpha = a


def package(rng, kit, size, name):
    """Back of a product: artwork, tables, small print, a code in a light box or right on the artwork."""
    w, h = int(size), max(60, int(size * rng.uniform(0.6, 1.5)))
    if h > w:
        w, h = int(w * w / h), w
    w = max(w, 50)
    rgb = kit.backdrops.cut(rng, h, w, 0.45)
    if rng.random() < 0.5:
        rgb[:] = np.clip(rng.integers(0, 256, 3) * 0.75 + rgb * 0.25, 0, 255)
    sheet = Sheet(rgb, kit)
    for _ in range(int(rng.integers(1, 6))):
        bw, bh = w * rng.uniform(0.2, 0.7), h * rng.uniform(0.08, 0.45)
        x, y = rng.uniform(0, w - bw), rng.uniform(0, h - bh)
        u = rng.random()
        if u < 0.35:
            c = rng.integers(0, 256, 3)
            sheet.box(x, y, bw, bh, c)
            sheet.paragraph(rng, x + 3, y + 3, bw - 6, bh - 4, max(5, h * rng.uniform(0.015, 0.05)), 255 - c)
        elif u < 0.65:
            sheet.paragraph(rng, x, y, bw, bh, max(5, h * rng.uniform(0.015, 0.09)), rng.integers(0, 256, 3))
        elif u < 0.8:
            sheet.paste(kit.distractor(rng, max(4, int(bh)), max(4, int(bw))), x, y)
        else:
            sheet.paste(kit.backdrops.cut(rng, max(4, int(bh)), max(4, int(bw)), 0.8), x, y)
    if name:
        cw = w * rng.uniform(0.25, 0.8)
        ch = min(h * 0.8, cw * (rng.uniform(0.3, 0.9) if name in ("barcode", "pdf417") else 1))
        x, y = rng.uniform(0.02, 0.98) * (w - cw), rng.uniform(0.02, 0.98) * (h - ch)
        put(rng, sheet, name, x, y, cw, ch, 0.85)
    return sheet


def shipping(rng, kit, size, name):
    """A parcel label: address, rules, a large bar code, small codes in corners."""
    h = int(size)
    w = max(50, int(size * rng.uniform(0.6, 0.9)))
    rgb = np.empty((h, w, 3), np.uint8)
    rgb[:] = 255 - int(rng.integers(0, 30))
    sheet = Sheet(rgb, kit)
    ink = np.full(3, int(rng.integers(0, 40)))
    rows = np.sort(rng.uniform(0.12, 0.9, 4))
    edges = np.concatenate([[0], rows, [1]]) * h
    big = int(np.argmax(np.diff(edges)))
    second = ("qr", "datamatrix", "aztec", "pdf417", "barcode")
    for i, (a, b) in enumerate(zip(edges[:-1], edges[1:])):
        if i:
            sheet.box(0, a, w, max(1, h // 200), ink)
        bh = b - a
        if i == big:
            if name in ("barcode", "pdf417"):
                put(rng, sheet, name, w * 0.08, a + bh * 0.12, w * 0.84, bh * 0.65, 0.2, (0, 0, 2), colour=ink)
            else:
                side = min(bh * 0.85, w * 0.8)
                put(rng, sheet, name, rng.uniform(0.02, 0.98) * (w - side), a + bh * 0.08, side, side, 0.2, colour=ink)
        elif bh > h * 0.12 and rng.random() < 0.4:
            other = second[int(rng.integers(5))]
            ow = w * rng.uniform(0.5, 0.9) if other in ("barcode", "pdf417") else bh * 0.85
            put(rng, sheet, other, w * 0.03, a + bh * 0.08, ow, bh * 0.8, 0.2, (0, 0, 2), colour=ink)
            sheet.paragraph(rng, w * 0.05 + ow, a + 3, w * 0.92 - ow, bh - 4, max(5, h * 0.03), ink)
        elif bh > h * 0.12 and rng.random() < 0.12:
            side = int(bh * 0.85)
            sheet.stamp(distractors.dotcode(rng, side, side), w * 0.03, a + bh * 0.07, ink)
            sheet.paragraph(rng, w * 0.08 + side, a + 3, w * 0.9 - side, bh - 4, max(5, h * 0.025), ink)
        else:
            sheet.paragraph(rng, w * 0.03, a + 4, w * 0.94, bh - 5, max(5, h * rng.uniform(0.02, 0.06)), ink)
    return sheet


def card(rng, kit, size, name):
    """A ticket, boarding pass, membership card or the back of a licence."""
    w, h = int(size), max(40, int(size * rng.uniform(0.38, 0.68)))
    sheet = Sheet(_surface(rng, kit, w, h, 0.3), kit)
    dark = sheet.rgb.mean() < 110
    ink = np.full(3, 240) if dark else np.array(DARK_INKS[int(rng.integers(len(DARK_INKS)))])
    band = rng.random() < 0.5
    if band:
        c = rng.integers(0, 200, 3)
        sheet.box(0, 0, w, h * rng.uniform(0.1, 0.22), c)
        sheet.text(rng, w * 0.04, h * 0.04, max(6, h * 0.1), w * 0.8, (245, 245, 245))
    top = h * 0.24 if band else h * 0.06
    t = max(5, h * rng.uniform(0.04, 0.09))
    if name in ("pdf417", "barcode"):
        cw, ch = w * rng.uniform(0.55, 0.94), h * rng.uniform(0.2, 0.5)
        y = rng.uniform(top, max(top + 1, h * 0.95 - ch))
        put(rng, sheet, name, (w - cw) * rng.uniform(0.1, 0.9), y, cw, ch, 0.6, (0, 0, 0, 2))
        if y - top > t * 1.5:
            sheet.paragraph(rng, w * 0.04, top, w * 0.92, y - top - t * 0.5, t, ink)
        sheet.paragraph(rng, w * 0.04, y + ch + t, w * 0.92, h - y - ch - t * 1.5, t, ink)
    else:
        side = (h - top) * rng.uniform(0.4, 0.9)
        x = w * rng.uniform(0.03, 0.1) if rng.random() < 0.5 else w * 0.97 - side
        put(rng, sheet, name, x, top + (h - top - side) * rng.uniform(0.1, 0.8), side, side, 0.6)
        tx = x + side * 1.1 if x < w * 0.3 else w * 0.04
        sheet.paragraph(rng, tx, top, w * 0.92 - side * 1.1, h - top - 4, t, ink)
    _round_corners(sheet, max(2, int(h * rng.uniform(0.01, 0.08))))
    return sheet


def page(rng, kit, size, name):
    """Printed matter with a small code among paragraphs, tables and pictures."""
    h = int(size)
    w = max(60, int(size * rng.uniform(0.65, 1.4)))
    sheet = Sheet(_surface(rng, kit, w, h, 0.0), kit)
    ink = np.zeros(3) if sheet.rgb.mean() > 110 else np.full(3, 235)
    t = max(5, h * rng.uniform(0.012, 0.035))
    columns = int(rng.integers(1, 4))
    for c in range(columns):
        x = w * (0.05 + c * 0.92 / columns)
        cw = w * (0.86 / columns)
        y = h * 0.05
        while y < h * 0.93:
            bh = h * rng.uniform(0.08, 0.35)
            u = rng.random()
            if u < 0.7:
                sheet.paragraph(rng, x, y, cw, min(bh, h * 0.96 - y), t, ink)
            elif u < 0.85:
                sheet.paste(kit.distractor(rng, max(4, int(min(bh, h * 0.95 - y))), max(4, int(cw))), x, y)
            else:
                sheet.paste(kit.backdrops.cut(rng, max(4, int(min(bh, h * 0.95 - y))), max(4, int(cw)), 0.9), x, y)
            y += bh + t
    if name:
        for _ in range(1 if rng.random() < 0.75 else 2):
            cw = w * rng.uniform(0.12, 0.45)
            ch = cw * (rng.uniform(0.25, 0.7) if name in ("barcode", "pdf417") else 1)
            ch = min(ch, h * 0.5)
            x, y = rng.uniform(0.05, 0.95) * (w - cw), rng.uniform(0.05, 0.95) * (h - ch)
            m = t
            taken = any(abs(x + cw / 2 - o[:, 0].mean()) < cw and abs(y + ch / 2 - o[:, 1].mean()) < ch for _, o in sheet.codes)
            if not taken:
                sheet.box(x - m, y - m, cw + 2 * m, ch + 2 * m, sheet.rgb[2, 2])
                put(rng, sheet, name, x, y, cw, ch, 0.15, (0, 0, 0, 1, 2, 3))
    return sheet


def screen(rng, kit, size, name):
    """A telephone or monitor that shows a code."""
    portrait = rng.random() < 0.65
    h = int(size)
    w = max(50, int(size * (rng.uniform(0.46, 0.62) if portrait else rng.uniform(1.2, 1.7))))
    rgb = np.empty((h, w, 3), np.uint8)
    rgb[:] = (255 - int(rng.integers(0, 20))) if rng.random() < 0.6 else rng.integers(0, 70, 3)
    if rng.random() < 0.2:
        rgb = kit.backdrops.cut(rng, h, w, 0.8)
    sheet = Sheet(rgb, kit)
    bezel = max(2, int(min(w, h) * rng.uniform(0.01, 0.06)))
    ink = np.zeros(3) if rgb.mean() > 110 else np.full(3, 240)
    t = max(5, h * rng.uniform(0.018, 0.04))
    side = min(w, h) * rng.uniform(0.4, 0.85)
    cw, ch = (min(w * 0.85, side * 1.6), side * 0.55) if name in ("barcode", "pdf417") else (side, side)
    y = (h - ch) * rng.uniform(0.25, 0.7)
    for yy in (bezel * 2, y + ch + t * 2.5):
        sheet.paragraph(rng, w * 0.08, yy, w * 0.84, t * rng.integers(1, 6), t, ink)
    put(rng, sheet, name, (w - cw) / 2, y, cw, ch, 0.9, (0,), fade=1.0)
    cv2.rectangle(sheet.rgb, (0, 0), (w - 1, h - 1), (12, 12, 14), bezel)
    _round_corners(sheet, max(2, bezel * 2))
    if rng.random() < 0.4:  # pixel grid, becomes moiré in the camera
        p = rng.uniform(2.0, 3.6)
        lines = 0.88 + 0.12 * np.sin(np.arange(h) * 2 * np.pi / p)[:, None, None]
        sheet.rgb = (sheet.rgb * lines).astype(np.uint8)
    sheet.glow = True
    return sheet


def board(rng, kit, size, name):
    """Markers or codes in rows: calibration boards, sheets of stickers."""
    n, m = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    cell = size / max(n, m)
    w, h = max(40, int(cell * n)), max(40, int(cell * m))
    rgb = np.empty((h, w, 3), np.uint8)
    rgb[:] = 255 - int(rng.integers(0, 40))
    sheet = Sheet(rgb, kit)
    gap = rng.uniform(0.08, 0.3)
    charuco = name == "marker" and rng.random() < 0.3
    dictionary = kit.markers.names[int(rng.integers(len(kit.markers.names)))]
    for i in range(n):
        for j in range(m):
            x, y = i * cell, j * cell
            if charuco and (i + j) % 2:
                sheet.box(x, y, cell, cell, (10, 10, 10))
                continue
            g = cell * gap
            if name == "marker":
                s = kit.markers.draw(rng, dictionary)
                sheet.code(rng, s, x + g, y + g, cell - 2 * g, cell - 2 * g, int(rng.integers(4)) if not charuco else 0,
                           colour=(12, 12, 12), fade=0.97)
            else:
                put(rng, sheet, name, x + g, y + g, cell - 2 * g, (cell - 2 * g), 0.1, (0,))
    return sheet


def industrial(rng, kit, size, name):
    """Direct part marks: etched or peened metal, laser on plastic, ink on circuit boards."""
    w = int(size)
    h = max(40, int(size * rng.uniform(0.5, 1.1)))
    u = rng.random()
    if u < 0.35:  # circuit board
        c = np.array([rng.uniform(5, 40), rng.uniform(60, 130), rng.uniform(20, 70)]) if rng.random() < 0.7 else rng.integers(0, 120, 3)
        tr = distractors.traces(rng, h, w)[..., None]
        rgb = np.clip(c * (1 - 0.35 * tr) + 90 * 0.35 * tr * rng.uniform(0.5, 2), 0, 255).astype(np.uint8)
        sheet = Sheet(rgb, kit)
        ink, paper = np.full(3, 225), None
        if rng.random() < 0.4:
            paper, ink = np.full(3, 235), np.zeros(3)
    else:
        rgb = kit.backdrops.cut(rng, h, w, 0.0)
        if u < 0.8:
            g = rng.uniform(60, 210)
            rgb = np.clip(rgb.mean(2, keepdims=True) * 0.3 + g * 0.7 + np.zeros(3), 0, 255).astype(np.uint8)
        sheet = Sheet(np.ascontiguousarray(rgb), kit)
        mean = sheet.rgb.mean()
        step = rng.uniform(40, 130) * (1 if mean < 100 or (mean < 150 and rng.random() < 0.5) else -1)
        ink, paper = np.clip(np.full(3, mean + step), 0, 255), None
    side = min(w, h) * rng.uniform(0.25, 0.85)
    cw, ch = (side, side) if name not in ("barcode", "pdf417") else (min(w * 0.9, side * 1.6), side * 0.5)
    style = "peen" if name == "datamatrix" and rng.random() < 0.45 else None
    x, y = rng.uniform(0.05, 0.95) * (w - cw), rng.uniform(0.05, 0.95) * (h - ch)
    put(rng, sheet, name, x, y, cw, ch, 0.2, colour=ink, paper=paper, style=style, fade=rng.uniform(0.6, 1))
    sheet.paragraph(rng, w * 0.05, h * 0.02, w * 0.9, h * 0.12, max(5, h * 0.05), ink)
    return sheet


def shelf(rng, kit, size, name):
    """A rail with price tags, each with a small bar code."""
    w = int(size)
    h = max(40, int(size * rng.uniform(0.12, 0.35)))
    rgb = np.empty((h, w, 3), np.uint8)
    rgb[:] = rng.integers(40, 230, 3)
    sheet = Sheet(rgb, kit)
    x = 4.0
    while x < w - h:
        tw = h * rng.uniform(0.9, 2.0)
        sheet.box(x, h * 0.06, tw, h * 0.88, light_paper(rng))
        sheet.text(rng, x + tw * 0.05, h * 0.12, max(5, h * 0.15), tw * 0.9)
        sheet.text(rng, x + tw * 0.4, h * 0.35, max(6, h * 0.35), tw * 0.55)
        kind = name if rng.random() < 0.7 else "barcode"
        if kind in ("barcode", "pdf417"):
            put(rng, sheet, kind, x + tw * 0.06, h * 0.6, tw * rng.uniform(0.4, 0.8), h * 0.25, 0.1, (0,))
        else:
            put(rng, sheet, kind, x + tw * 0.06, h * 0.4, h * 0.45, h * 0.45, 0.1, (0,))
        x += tw + h * rng.uniform(0.1, 0.8)
    return sheet


def decoy(rng, kit, size):
    """A sheet without codes that looks as if it had some."""
    u = rng.random()
    if u < (0.2 if kit.hard else 0.25):
        return package(rng, kit, size, None)
    if u < (0.4 if kit.hard else 0.5):
        return page(rng, kit, size, None)
    w, h = int(size), max(30, int(size * rng.uniform(0.4, 1.2)))
    sheet = Sheet(kit.distractor(rng, h, w), kit)
    if rng.random() < 0.3:
        sheet.paragraph(rng, 2, 2, w * rng.uniform(0.3, 1), h * rng.uniform(0.1, 0.5), max(6, h * 0.06), rng.integers(0, 256, 3))
    return sheet


MAKERS = {
    "qr": ((plain, 5), (label, 4), (package, 3), (shipping, 1), (card, 2), (page, 2), (screen, 2.5), (board, 0.7), (industrial, 0.6), (shelf, 0.5)),
    "aztec": ((plain, 5), (label, 3), (package, 1), (shipping, 1), (card, 4), (page, 2), (screen, 3), (board, 0.6), (industrial, 0.6)),
    "datamatrix": ((plain, 5), (label, 4), (package, 3), (shipping, 1), (card, 1), (page, 2), (screen, 0.6), (board, 0.6), (industrial, 5)),
    "pdf417": ((plain, 5), (label, 3), (package, 1), (shipping, 2), (card, 5), (page, 2), (screen, 1), (board, 0.5)),
    "barcode": ((plain, 5), (label, 4), (package, 6), (shipping, 2), (card, 1.5), (page, 1.5), (screen, 0.6), (board, 0.5), (industrial, 0.3), (shelf, 1.5)),
    "marker": ((plain, 3), (board, 5), (label, 1.5), (page, 1), (package, 0.7), (screen, 0.5), (industrial, 0.5)),
}


def make(rng, kit, size, name):
    makers, weights = zip(*MAKERS[name])
    p = np.array(weights) / sum(weights)
    return makers[int(rng.choice(len(makers), p=p))](rng, kit, size, name)
