"""Lines of printed, typed and handwritten text as coverage masks, drawn once and reused at any size."""

import string

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

_SYLLABLES = (
    "an ba be ca co da de el en er fa fi ga gi ha he in is ka la le li lo ma me mi na ne no nu or pa pe po ra re ri ro sa "
    "se si so ta te ti to tra tri un ur va ve vi vo wa we zu sch str ing tion ment age ist"
).split()
_LABELS = (
    "NET WT 250 g|BEST BEFORE|LOT|EXP|REF|SN|MADE IN EU|INGREDIENTS:|Shake well|FRAGILE|TRACKING #|SHIP TO:|FROM:|GATE|SEAT|"
    "BOARDING PASS|TOTAL|Invoice No.|Part No.|ISBN 978-3-16|Serial|Qty 12|PRIORITY|EXPRESS|FLIGHT|CLASS|DATE|MODEL|"
    "Scan me|Pay here|Ticket|Row|Admit one|500 ml|Keep refrigerated|€ 3,49|$ 12.99|£4.50|PN|Batch"
).split("|")
_CJK = "日本語中文商品番号保存方法有効期限株式会社東京大阪京都品名内容量賞味期限製造者"


class TextBank:
    """Masks of text lines; `line` gives one at the wanted height."""

    def __init__(self, fonts, rng, count=260):
        self.masks = []
        for _ in range(count):
            path = fonts[int(rng.integers(len(fonts)))]
            font = ImageFont.truetype(path, 40)
            s = self._content(rng, cjk="wqy" in path)
            left, top, right, bottom = font.getbbox(s)
            if right - left < 4 or right - left > 1400:
                continue
            image = Image.new("L", (right - left + 4, bottom - top + 4), 0)
            ImageDraw.Draw(image).text((2 - left, 2 - top), s, fill=255, font=font)
            self.masks.append(np.array(image))
        self.fonts = fonts
        self._cache = {}

    @staticmethod
    def _content(rng, cjk):
        u = rng.random()
        if cjk and u < 0.6:
            return "".join(_CJK[i] for i in rng.integers(0, len(_CJK), int(rng.integers(3, 14))))
        if u < 0.25:
            return _LABELS[int(rng.integers(len(_LABELS)))] + ("" if rng.random() < 0.5 else " " + str(int(rng.integers(10**6))))
        if u < 0.45:
            pool = string.digits + ("- ./:" if rng.random() < 0.5 else string.ascii_uppercase)
            return "".join(pool[i] for i in rng.integers(0, len(pool), int(rng.integers(4, 22)))) or "0"
        words = []
        for _ in range(int(rng.integers(1, 9))):
            words.append("".join(_SYLLABLES[i] for i in rng.integers(0, len(_SYLLABLES), int(rng.integers(1, 4)))))
        s = " ".join(words)
        v = rng.random()
        return s.upper() if v < 0.25 else s.title() if v < 0.45 else s

    def line(self, rng, height, max_width):
        """A mask of about `height` pixels, cut at max_width; None if there is no room."""
        height = int(height)
        if height < 3 or max_width < 4:
            return None
        m = self.masks[int(rng.integers(len(self.masks)))]
        w = max(3, int(m.shape[1] * height / m.shape[0]))
        out = cv2.resize(m, (w, height), interpolation=cv2.INTER_AREA if height < m.shape[0] else cv2.INTER_LINEAR)
        return out[:, : int(max_width)]

    def digits(self, rng, text, height):
        """The human-readable line of a barcode."""
        font_path = self.fonts[int(rng.integers(len(self.fonts)))]
        key = (font_path, 28)
        font = self._cache.get(key)
        if font is None:
            font = self._cache[key] = ImageFont.truetype(font_path, 28)
        left, top, right, bottom = font.getbbox(text)
        if right <= left or bottom <= top:
            return None
        image = Image.new("L", (right - left + 2, bottom - top + 2), 0)
        ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=255, font=font)
        m = np.array(image)
        w = max(2, int(m.shape[1] * height / m.shape[0]))
        return cv2.resize(m, (w, max(2, int(height))), interpolation=cv2.INTER_AREA)
