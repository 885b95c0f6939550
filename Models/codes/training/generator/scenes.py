"""Whole scenes: sheets with codes placed over a background, with shadows, glare, hands and things in front.

A scene is a square picture of WORLD pixels before the camera; the camera (camera.py) chooses the view of it.
"""

import cv2
import numpy as np

from . import CLASSES, sheets, surfaces, symbols
from .text import TextBank

WORLD = 768
MAX_CODES = 24
POINTS = 12
IGNORE = 100  # added to the class of a code too hidden to count either way
WEIGHTS = {"qr": 0.22, "aztec": 0.14, "datamatrix": 0.17, "pdf417": 0.14, "barcode": 0.26, "marker": 0.07}
_NAMES = list(WEIGHTS)
_P = np.array(list(WEIGHTS.values())) / sum(WEIGHTS.values())


class Scene:
    """image (WORLD, WORLD, 3); per code its outline and class; the frame of a drawing, or None; `owner`: which code is
    seen at each second pixel, from 1 in the order of the codes, 0 for none; `grids`: see Sheet.grids."""

    __slots__ = ("image", "points", "classes", "frame", "owner", "grids")

    def __init__(self, image, points, classes, frame, owner, grids):
        self.image, self.points, self.classes, self.frame = image, points, classes, frame
        self.owner, self.grids = owner, grids


class Studio:
    """Makes scenes of one split from a folder of prepared assets.

    Training sees more of what is hard: look-alikes, small codes, and (`empty`, their share) scenes without codes. What
    measures keeps its mixture.
    """

    def __init__(self, folder, split, seed, empty=0.17):
        rng = np.random.default_rng([seed, 77])
        photos, fonts = surfaces.photos_and_fonts(folder, split)
        backdrops = surfaces.Backdrops(rng, photos, renew=split == "train")
        self.hard, self.empty = split == "train", empty
        self.kit = sheets.Kit(backdrops, TextBank(fonts, rng), symbols.Markers(folder + "/markers.npz"), self.hard)

    def scene(self, seed, negative=None):
        rng = np.random.default_rng(seed)
        if negative is None:
            negative = rng.random() < self.empty
        u = rng.random()
        if negative:
            return self._staged(rng, 0)
        if u < 0.12:
            return self._clean(rng)
        if u < 0.62:
            return self._staged(rng, 1)
        return self._staged(rng, int(rng.choice([2, 2, 3, 3, 4, 5, 7])))

    # A drawing rather than a photograph: what converters, PDF files and test suites hold.

    def _clean(self, rng):
        name = _NAMES[int(rng.choice(6, p=_P))]
        symbol = self.kit.symbol(rng, name)
        turn = int(rng.integers(4)) if rng.random() < 0.25 else 0
        aspect = symbol.aspect
        if name == "barcode" and rng.random() < 0.2:
            symbol.aspect = aspect = aspect * rng.uniform(1.0, 4.0)
        span = WORLD * rng.uniform(0.35, 0.94)
        w, h = (span, span / aspect) if aspect > 1 else (span * aspect, span)
        if turn % 2:
            w, h = h, w
        h, w = max(12, h), max(12, w)
        paper = np.full(3, 255 if rng.random() < 0.8 else int(rng.integers(150, 255)))
        if rng.random() < 0.1:
            paper = sheets.light_paper(rng)
        rgb = np.empty((WORLD, WORLD, 3), np.uint8)
        rgb[:] = paper
        sheet = sheets.Sheet(rgb, self.kit)
        ink = np.zeros(3) if rng.random() < 0.8 else np.array(sheets.DARK_INKS[int(rng.integers(len(sheets.DARK_INKS)))])
        if rng.random() < 0.06:
            rgb[:], ink = ink, paper
        x, y = (WORLD - w) / 2, (WORLD - h) / 2
        style = sheets._style(rng, name)
        sheet.code(rng, symbol, x, y, w, h, turn, colour=ink, style=style, fade=1.0 if rng.random() < 0.8 else None)
        margins = np.array([w, h, w, h]) * rng.uniform(0, 0.35) * rng.uniform(0, 1, 4)
        if rng.random() < 0.3:
            margins[:] = 0 if rng.random() < 0.3 else rng.uniform(0, 0.3) * min(w, h)
        if symbol.text and rng.random() < 0.6:
            margins[3 if turn == 0 else int(rng.integers(4))] += 0.25 * min(w, h)
        if rng.random() < 0.35:
            margins += rng.uniform(0, 0.6) * max(w, h)
            t = max(6, h * rng.uniform(0.04, 0.2))
            if y - t * 2 > 0:
                sheet.paragraph(rng, x * rng.uniform(0.2, 1), y - t * 2, w, t * 1.5, t, ink)
            sheet.paragraph(rng, x * rng.uniform(0.2, 1), y + h + t * 2, w, t * rng.uniform(1, 6), t, ink)
        frame = np.array([x - margins[0], y - margins[1], x + w + margins[2], y + h + margins[3]])
        if rng.random() < 0.06:  # cut by the edge
            side = int(rng.integers(4))
            frame[side] += (1 if side < 2 else -1) * (w if side % 2 == 0 else h) * rng.uniform(0, 0.25)
        if rng.random() < 0.15:  # slightly turned scan
            a = rng.uniform(-12, 12)
            m = cv2.getRotationMatrix2D((WORLD / 2, WORLD / 2), a, 1.0)
            rgb = cv2.warpAffine(sheet.rgb, m, (WORLD, WORLD), borderMode=cv2.BORDER_REPLICATE)
            outline = sheet.codes[0][1] @ m[:, :2].T + m[:, 2]
            low, high = outline.min(0), outline.max(0)
            frame = np.array([low[0] - margins[0], low[1] - margins[1], high[0] + margins[2], high[1] + margins[3]])
            sheet.rgb, sheet.codes[0] = rgb, (sheet.codes[0][0], outline)
        frame = np.clip(frame, 0, WORLD)
        if min(frame[2] - frame[0], frame[3] - frame[1]) < 8:
            frame = np.array([0, 0, WORLD, WORLD], float)
        image = sheet.rgb
        if rng.random() < 0.3:
            image = _grain(rng, image)
        owner = np.zeros((WORLD // 2, WORLD // 2), np.uint8)
        cv2.fillPoly(owner, [np.round(sheet.codes[0][1] / 2).astype(np.int32)], 1)
        return Scene(image, [sheet.codes[0][1]], [sheet.codes[0][0]], frame, owner, sheet.grids[:1])

    # Photographs of sheets.

    def _staged(self, rng, count):
        image = self.kit.backdrops.cut(rng, WORLD, WORLD, 0.45)
        owner = np.zeros((WORLD // 2, WORLD // 2), np.int16)  # which code is seen at each second pixel, from 1
        codes = []
        frame = None
        for _ in range(int(rng.integers(0, 4) if count == 0 else (rng.random() < 0.45) + (rng.random() < 0.15))):
            self._place(rng, image, owner, codes, sheets.decoy(rng, self.kit, rng.uniform(150, 900)), rng.uniform(80, 690, 2))
        if count == 0 and rng.random() < 0.45:
            d = self.kit.distractor(rng, WORLD, WORLD)
            k = rng.uniform(0.4, 1)
            image[:] = cv2.addWeighted(d, k, image, 1 - k, 0)
            if rng.random() < 0.5:
                self._place(rng, image, owner, codes, sheets.decoy(rng, self.kit, rng.uniform(200, 900)), rng.uniform(80, 690, 2))
        for i in range(count):
            name = _NAMES[int(rng.choice(6, p=_P))]
            if count == 1:
                # From a small sticker far away to a close-up larger than the picture.
                low, high = (90, 300) if rng.random() < (0.34 if self.hard else 0.22) else (280, 1500)
                size = float(np.exp(rng.uniform(np.log(low), np.log(high))))
                spread = 60 if size > 500 else 230
                centre = WORLD / 2 + rng.normal(0, spread, 2)
            else:
                low, high = (70, 320) if self.hard and rng.random() < 0.4 else (110, 620)
                size = float(np.exp(rng.uniform(np.log(low), np.log(high))))
                centre = rng.uniform(70, WORLD - 70, 2)
            sheet = sheets.make(rng, self.kit, size, name)
            if count == 1 and sheet.codes and size > 350 and rng.random() < 0.7:
                # Aim at the code itself.
                middle = sheet.codes[0][1].mean(0)
                centre = np.clip(WORLD / 2 + rng.normal(0, 60, 2) - (middle - np.array([sheet.w, sheet.h]) / 2) * 0.9, -500, 1270)
            self._place(rng, image, owner, codes, sheet, centre)
        if rng.random() < 0.13:
            self._hand(rng, image, owner)
        if rng.random() < 0.06:
            self._strokes(rng, image)
        points, classes, grids = [], [], []
        final = np.zeros(len(codes) + 1, np.uint8)
        for index, (cls, outline, grid) in enumerate(codes, 1):
            area = _area(outline) / 4
            seen = int((owner == index).sum())
            inside = max(1.0, _area(np.clip(outline, 0, WORLD)) / 4)
            if area < 6 or seen < 4:
                continue
            visible = seen / inside
            if visible < 0.15 and seen < 400:
                continue
            points.append(outline)
            grids.append(grid)
            final[index] = len(points)
            classes.append(cls if visible > 0.5 else cls + IGNORE)
        return Scene(image, points, classes, frame, final[owner], grids)

    def _place(self, rng, image, owner, codes, sheet, centre):
        u = rng.random()
        tilt = abs(rng.normal(0, 14)) if u < 0.55 else rng.uniform(10, 64)
        v = rng.random()
        roll = rng.normal(0, 6) if v < 0.55 else rng.uniform(-180, 180) if v < 0.8 else 90 * rng.integers(4) + rng.normal(0, 8)
        b = rng.random()
        bend = None
        if not sheet.glow:
            bend = "cylinder" if b < 0.16 else "wave" if b < 0.34 else None
        p = surfaces.Placement(rng, sheet.w, sheet.h, centre, min(tilt, 66), roll, bend)
        border = p.forward(sheets.outline(0, 0, sheet.w, sheet.h))
        x0, y0 = np.floor(np.clip(border.min(0) - 12, 0, WORLD)).astype(int)
        x1, y1 = np.ceil(np.clip(border.max(0) + 12, 0, WORLD)).astype(int)
        w, h = int(x1 - x0), int(y1 - y0)
        if w < 12 or h < 12:
            return
        seen, angle = p.warp(sheet.rgba(), x0, y0, w, h)
        window = image[y0:y1, x0:x1]
        alpha = seen[..., 3]
        rgb = seen[..., :3]
        # Shadow under the sheet.
        if rng.random() < 0.6:
            s = cv2.resize(alpha, (max(1, w // 4), max(1, h // 4)), interpolation=cv2.INTER_AREA)
            s = cv2.GaussianBlur(s, (0, 0), rng.uniform(0.8, 5))
            s = cv2.resize(s, (w, h))
            dx, dy = rng.integers(-9, 10, 2)
            s = np.roll(s, (int(dy), int(dx)), (0, 1))
            window[:] = cv2.multiply(window, cv2.merge([255 - (s * rng.uniform(0.15, 0.6)).astype(np.uint8)] * 3), scale=1 / 255)
        light = self._light(rng, w, h, angle, p)
        if light is not None:
            rgb = cv2.multiply(rgb, cv2.merge([light] * 3), dtype=cv2.CV_8U)
        if rng.random() < 0.16 and not sheet.glow or rng.random() < 0.04:
            rgb = self._glare(rng, rgb, p, angle)
        a = cv2.merge([alpha] * 3)
        mixed = cv2.add(cv2.multiply(rgb, a, scale=1 / 255), cv2.multiply(window, 255 - a, scale=1 / 255))
        window[:] = mixed
        half = cv2.resize(alpha, (max(1, (x1 + 1) // 2 - x0 // 2), max(1, (y1 + 1) // 2 - y0 // 2)), interpolation=cv2.INTER_NEAREST)
        region = owner[y0 // 2 : (x1 * 0 + y1 + 1) // 2, x0 // 2 : (x1 + 1) // 2]
        region[half[: region.shape[0], : region.shape[1]] > 127] = 0
        for (cls, outline), grid in zip(sheet.codes, sheet.grids):
            if len(codes) >= MAX_CODES:
                break
            q = p.forward(outline)
            codes.append((cls, q, grid))
            cv2.fillPoly(owner, [np.round(q / 2).astype(np.int32)], len(codes))

    @staticmethod
    def _light(rng, w, h, angle, placement):
        """Multiplicative light over the sheet as float32, or None for even light."""
        if angle is not None:
            side = rng.uniform(-0.9, 0.9)
            if placement.radius:
                base = np.cos(np.clip(angle - side, -1.5, 1.5)) * 0.75 + 0.3
            else:
                base = 1.0 + np.clip(angle * rng.uniform(0.5, 2.5), -0.5, 0.25)
            return np.clip(base, 0.1, 1.25).astype(np.float32)
        if rng.random() < 0.35:
            corner = rng.uniform(0.55, 1.1, (2, 2)).astype(np.float32)
            return cv2.resize(corner, (w, h), interpolation=cv2.INTER_LINEAR)
        return None

    @staticmethod
    def _glare(rng, rgb, placement, angle):
        h, w = rgb.shape[:2]
        if placement.radius and rng.random() < 0.7:
            g = np.exp(-(((angle - rng.uniform(-0.8, 0.8)) / rng.uniform(0.05, 0.25)) ** 2)) * rng.uniform(0.3, 1.0)
        else:
            g = np.zeros((max(2, h // 4), max(2, w // 4)), np.float32)
            for _ in range(int(rng.integers(1, 4))):
                c = (int(rng.integers(0, g.shape[1])), int(rng.integers(0, g.shape[0])))
                r = max(1, int(rng.uniform(0.03, 0.25) * max(g.shape))), max(1, int(rng.uniform(0.02, 0.12) * max(g.shape)))
                cv2.ellipse(g, c, r, rng.uniform(0, 180), 0, 360, float(rng.uniform(0.4, 1.0)), -1)
            g = cv2.GaussianBlur(g, (0, 0), max(1.0, 0.03 * max(g.shape)))
            g = cv2.resize(g, (w, h))
        k = (g * 255).astype(np.uint8)
        k = cv2.merge([k] * 3)
        return cv2.add(cv2.multiply(rgb, 255 - k, scale=1 / 255), k)

    @staticmethod
    def _hand(rng, image, owner):
        """Fingers and thumbs that hold or cover a sheet."""
        tone = np.array([rng.uniform(90, 245), 0, 0])
        tone[1:] = tone[0] * np.array([rng.uniform(0.62, 0.8), rng.uniform(0.45, 0.68)])
        side = rng.uniform(0, 2 * np.pi)
        for k in range(int(rng.integers(1, 5))):
            end = WORLD / 2 + rng.normal(0, 190, 2)
            a = side + rng.normal(0, 0.25)
            start = end + np.array([np.cos(a), np.sin(a)]) * rng.uniform(300, 900)
            t = int(rng.uniform(45, 150))
            shade = np.clip(tone * rng.uniform(0.8, 1.1), 0, 255)
            p, q = tuple(int(v) for v in start), tuple(int(v) for v in end)
            cv2.line(image, p, q, tuple(int(c) for c in shade * 0.75), t + 6, cv2.LINE_AA)
            cv2.line(image, p, q, tuple(int(c) for c in shade), t, cv2.LINE_AA)
            d = np.array([-np.sin(a), np.cos(a)]) * t * 0.2
            cv2.line(image, tuple(int(v) for v in start + d), tuple(int(v) for v in end + d),
                     tuple(int(c) for c in np.clip(shade * 1.08, 0, 255)), max(1, t // 3), cv2.LINE_AA)
            cv2.line(owner, tuple(int(v / 2) for v in start), tuple(int(v / 2) for v in end), 0, t // 2)

    @staticmethod
    def _strokes(rng, image):
        """Pen marks over everything."""
        for _ in range(int(rng.integers(1, 4))):
            n = int(rng.integers(3, 12))
            pts = np.cumsum(np.concatenate([rng.uniform(150, 620, (1, 2)), rng.normal(0, 45, (n, 2))]), 0)
            colour = [(20, 20, 30), (20, 30, 140), (170, 20, 20), (230, 230, 60)][int(rng.integers(4))]
            cv2.polylines(image, [pts.astype(np.int32)], False, colour, int(rng.integers(2, 8)), cv2.LINE_AA)


def _area(p):
    x, y = p[:, 0], p[:, 1]
    return 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))


def _grain(rng, image):
    n = rng.normal(0, rng.uniform(2, 14), image.shape[:2] + (1,)).astype(np.float32)
    return np.clip(image + n, 0, 255).astype(np.uint8)
