"""The camera: chooses the view of a scene and adds what lenses, sensors and files do. Batched, on any torch device.

Order: view and letterbox geometry, light, exposure, blur, sensor resolution, noise, sharpening, tone, JPEG, resize to
the network's square, grey bars. Choices that change the shape of the work (resolution, kernel) are made for small groups
of pictures; all others for each picture.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

from .scenes import IGNORE, WORLD

SIZE = 640
BAR = 114 / 255
MAX_BOXES = 48
_ASPECTS = np.array([1, 4 / 3, 4 / 3, 4 / 3, 3 / 4, 3 / 4, 3 / 4, 16 / 9, 9 / 16, 3 / 2, 2 / 3])
_RESOLUTIONS = np.array([640, 640, 640, 640, 640, 512, 480, 400, 320, 320, 304, 256, 208, 160, 112, 64, 32])
_RES_P = np.array([6, 6, 6, 6, 4, 3, 3, 3, 3, 3, 3, 2.0, 1.2, 0.8, 0.4, 0.4, 0.25])
_RES_P /= _RES_P.sum()

_LUMA = [16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
         18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99]
_CHROMA = [17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66] + [99] * 38


class Camera:
    """Takes pictures of scenes. `mosaic` is the share of a batch that is made of four pictures each; a code with
    fewer than `resolve` resolved pixels to a module counts neither way: nothing could read it, and often not even tell its kind."""

    def __init__(self, device, seed, group=16, mosaic=0.12, resolve=0.6):
        self.device = torch.device(device)
        self.rng = np.random.default_rng([seed, 5])
        self.torch_rng = torch.Generator(device=self.device)
        self.torch_rng.manual_seed(seed)
        self.group, self.mosaic, self.resolve = group, mosaic, resolve
        k = torch.arange(8, dtype=torch.float32)
        dct = torch.cos((2 * k[None, :] + 1) * k[:, None] * math.pi / 16) * 0.5
        dct[0] *= math.sqrt(0.5)
        self.dct = torch.kron(dct, dct).to(self.device)  # of a block's 64 values in a row
        self.luma = torch.tensor(_LUMA, dtype=torch.float32, device=self.device).view(8, 8)
        self.chroma = torch.tensor(_CHROMA, dtype=torch.float32, device=self.device).view(8, 8)
        axis = torch.arange(SIZE, dtype=torch.float32, device=self.device) + 0.5 - SIZE / 2
        self.grid = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).view(1, -1, 2)
        self.axis = axis

    def _rand(self, *shape):
        return torch.rand(*shape, device=self.device, generator=self.torch_rng)

    # Views

    def _views(self, frames, points, classes):
        """Per picture: matrix A (2×2) and centre c with world = A·(out − 320) + c, and the content rectangle."""
        n, r = len(frames), self.rng
        frames = np.asarray(frames, np.float64)
        fixed = frames[:, 2] > frames[:, 0]
        turn = np.where(fixed & (r.random(n) < 0.8), 0, r.integers(0, 4, n))
        flip = np.where(r.random(n) < 0.06, -1.0, 1.0)
        aspect = _ASPECTS[r.integers(0, len(_ASPECTS), n)]
        long_side = WORLD * np.where(r.random(n) < 0.8, r.uniform(0.6, 1.0, n), r.uniform(0.35, 0.6, n))
        w, h = np.where(aspect >= 1, long_side, long_side * aspect), np.where(aspect >= 1, long_side / aspect, long_side)
        theta = np.where(~fixed & (r.random(n) < 0.3), np.deg2rad(r.normal(0, 5, n)), 0.0)
        cx, cy = r.uniform(w / 2, WORLD - w / 2), r.uniform(h / 2, WORLD - h / 2)
        # People aim at what they photograph: mostly a code comes to lie somewhere in the middle of the view.
        wanted = (classes >= 0) & (classes < IGNORE)
        pick = np.where(wanted, r.random(classes.shape), -1.0).argmax(1)
        aim = wanted.any(1) & (r.random(n) < 0.8)
        target = points[np.arange(n), pick].mean(1)
        tx, ty = target[:, 0] + r.uniform(-0.38, 0.38, n) * w, target[:, 1] + r.uniform(-0.38, 0.38, n) * h
        cx = np.where(aim, np.clip(tx, w / 2, WORLD - w / 2), cx)
        cy = np.where(aim, np.clip(ty, h / 2, WORLD - h / 2), cy)
        w, h = np.where(fixed, frames[:, 2] - frames[:, 0], w), np.where(fixed, frames[:, 3] - frames[:, 1], h)
        cx, cy = np.where(fixed, (frames[:, 0] + frames[:, 2]) / 2, cx), np.where(fixed, (frames[:, 1] + frames[:, 3]) / 2, cy)
        s = SIZE / np.maximum(w, h)
        t = theta + turn * np.pi / 2
        a = np.stack([np.cos(t) * flip, -np.sin(t), np.sin(t) * flip, np.cos(t)], 1).reshape(n, 2, 2) / s[:, None, None]
        c = np.stack([cx, cy], 1)
        ow, oh = np.where(turn % 2 == 1, h, w) * s, np.where(turn % 2 == 1, w, h) * s
        ow, oh = np.maximum(8, np.round(ow)), np.maximum(8, np.round(oh))
        x, y = (SIZE - ow) // 2, (SIZE - oh) // 2
        rect = np.stack([x, y, x + ow, y + oh], 1)
        to = lambda v: torch.as_tensor(v, dtype=torch.float32).to(self.device, non_blocking=True)
        return to(a), to(c), to(rect)

    @torch.no_grad()
    def __call__(self, images, points, classes, frames, owners, grids):
        """images (B,3,WORLD,WORLD) uint8 on the device; NumPy arrays: points (B,M,P,2), classes (B,M) with −1 for none,
        frames (B,4), all zero where the view is free; owners (B,WORLD/2,WORLD/2) uint8 on the device; grids (B,M,2).

        Returns pictures (B,3,640,640) float16 or float32 in 0…1, boxes (B,48,4) x0y0x1y1, classes (B,48).
        """
        half = torch.float16 if self.device.type == "cuda" else torch.float32
        a, c, rect = self._views(frames, points, classes)
        self.content = rect  # the part of each square that is picture and not bar
        points = torch.as_tensor(points, dtype=torch.float32).to(self.device, non_blocking=True)
        classes = torch.as_tensor(classes, dtype=torch.int64).to(self.device, non_blocking=True)
        n = images.shape[0]
        pad = rect[:, None, :]
        world = self.grid @ a.transpose(1, 2) + c[:, None]
        grid = (world * (2 / WORLD) - 1).view(n, SIZE, SIZE, 2)
        x = torch.empty(n, 3, SIZE, SIZE, dtype=half, device=self.device)
        for i in range(0, n, 32):
            j = slice(i, i + 32)
            x[j] = F.grid_sample(images[j].float() * (1 / 255), grid[j], mode="bilinear", padding_mode="border", align_corners=False)
        out = (points.flatten(1, 2) - c[:, None]) @ torch.linalg.inv(a).transpose(1, 2) + SIZE / 2
        out = out.view(*points.shape)
        low, high = out.amin(2), out.amax(2)
        full = (high - low).prod(-1)
        low = torch.maximum(low, pad[..., :2])
        high = torch.minimum(high, pad[..., 2:])
        size = (high - low).clamp(min=0)
        shown = size.prod(-1) / full.clamp(min=1)
        boxes = torch.cat([low, high], -1)
        # Cut by the frame: a code counts when 40 % is left, or less of one that fills much of the picture.
        # Covered: it counts when half of what the frame left of it is seen.
        large = size.prod(-1) > 0.15 * SIZE * SIZE
        cut = (shown < 0.4) & ~((shown > 0.12) & large)
        seen = self._seen(owners, grid, rect, classes.shape[1])
        x0, y0 = out.unbind(-1)
        area = 0.5 * (x0 * y0.roll(-1, -1) - y0 * x0.roll(-1, -1)).sum(-1).abs()
        covered = seen / (area * shown).clamp(min=1) < 0.5
        classes = torch.where((classes >= 0) & (classes < IGNORE) & (cut | covered), classes + IGNORE, classes)
        gone = (size.amin(-1) < 2) | (seen < 16) | ((shown < 0.04) & (size.prod(-1) < 0.01 * SIZE * SIZE))
        classes = torch.where(gone, torch.full_like(classes, -1), classes)

        x = self._light(x)
        factor = torch.ones(n, device=self.device)
        order = self.rng.permutation(n)
        for i in range(0, n, self.group):
            index = torch.as_tensor(order[i : i + self.group].copy(), device=self.device)
            piece, f = self._sensor(x[index])
            x[index] = piece.to(half)
            factor[index] = f
        small = size / factor[:, None, None]
        linear = (classes % IGNORE) == 4
        tiny = torch.where(linear, (small.amax(-1) < 30) | (small.amin(-1) < 5), small.amin(-1) < 13)
        corner = out[:, :, ::3]
        side = (corner - corner.roll(-1, 2)).norm(dim=-1)
        side = torch.stack([torch.minimum(side[..., 0], side[..., 2]), torch.minimum(side[..., 1], side[..., 3])], -1)
        pitch = (side / torch.as_tensor(grids, dtype=torch.float32).to(self.device)).amin(-1) / factor[:, None]
        least = self.resolve * torch.where(linear, 0.7, 1.0)
        tiny |= pitch < least
        tiny |= self._contrast(x, low, high) < 0.025
        classes = torch.where((classes >= 0) & (classes < IGNORE) & tiny, classes + IGNORE, classes)
        inside = (
            (self.axis + SIZE / 2 > rect[:, 0:1]) & (self.axis + SIZE / 2 < rect[:, 2:3])
        )[:, None, None, :] & ((self.axis + SIZE / 2 > rect[:, 1:2]) & (self.axis + SIZE / 2 < rect[:, 3:4]))[:, None, :, None]
        x = torch.where(inside, x, torch.full((), BAR, dtype=half, device=self.device))
        return self._finish(x, boxes, classes, pitch >= 2 * least)

    @staticmethod
    def _seen(owners, grid, rect, count):
        """Output pixels that show each code, (B, count), from every fourth pixel."""
        n = owners.shape[0]
        coarse = grid[:, 2::4, 2::4]
        ids = F.grid_sample(owners[:, None].float(), coarse, mode="nearest", padding_mode="zeros", align_corners=False)[:, 0].long()
        at = torch.arange(2, SIZE, 4, device=owners.device) + 0.5
        ids *= ((at > rect[:, 0:1]) & (at < rect[:, 2:3]))[:, None, :] & ((at > rect[:, 1:2]) & (at < rect[:, 3:4]))[:, :, None]
        total = torch.zeros(n, count + 1, device=owners.device)
        total.scatter_add_(1, ids.flatten(1), torch.ones(n, ids[0].numel(), device=owners.device))
        return total[:, 1:] * 16

    @staticmethod
    def _contrast(x, low, high):
        """Standard deviation of the luminance inside each box, (B, M): next to none in the dark and in burnt-out light."""
        grey = F.avg_pool2d(x.float().mean(1, keepdim=True), 2)[:, 0]
        n, h, w = grey.shape
        sums = torch.zeros(n, 2, h + 1, w + 1, device=x.device)
        sums[:, :, 1:, 1:] = torch.stack([grey, grey**2], 1).cumsum(2).cumsum(3)
        a = (low / 2).floor().long().clamp(0, h - 1)
        b = torch.maximum((high / 2).ceil().long().clamp(1, h), a + 1)
        flat = sums.flatten(2)
        at = lambda px, py: flat.gather(2, (py * (w + 1) + px)[:, None].expand(-1, 2, -1))
        total = at(b[..., 0], b[..., 1]) - at(a[..., 0], b[..., 1]) - at(b[..., 0], a[..., 1]) + at(a[..., 0], a[..., 1])
        mean, square = (total / (b - a).prod(-1)[:, None]).unbind(1)
        return (square - mean**2).clamp(min=0).sqrt()

    def _finish(self, x, boxes, classes, half):
        """Mosaics. `half`: codes with pixels enough to count at half the size."""
        n, m = classes.shape
        out_boxes = torch.zeros(n, MAX_BOXES, 4, device=self.device)
        out_classes = torch.full((n, MAX_BOXES), -1, dtype=classes.dtype, device=self.device)
        k = min(m, MAX_BOXES)
        out_boxes[:, :k], out_classes[:, :k] = boxes[:, :k], classes[:, :k]
        quads = int(round(n * self.mosaic)) if n >= 8 else 0
        if quads:
            # The drawn pictures stay; mosaics take the place of the first ones. Batches are random, so any will do.
            i = torch.as_tensor(self.rng.integers(0, n, (quads, 4))).to(self.device)
            tiles = F.avg_pool2d(x[i.flatten()], 2).view(quads, 2, 2, 3, SIZE // 2, SIZE // 2)
            x[:quads] = tiles.permute(0, 3, 1, 4, 2, 5).reshape(quads, 3, SIZE, SIZE)
            shift = torch.tensor([[0, 0], [1, 0], [0, 1], [1, 1]], device=self.device) * (SIZE / 2)
            b = boxes[i] / 2 + shift.repeat(1, 2)[None, :, None]
            c = classes[i]
            side = (b[..., 2:] - b[..., :2]).amin(-1)
            c = torch.where((c >= 0) & (c < IGNORE) & ((side < 6) | ~half[i]), c + IGNORE, c)
            b, c = b.flatten(1, 2), c.flatten(1, 2)
            first = torch.argsort((c < 0).int(), dim=1, stable=True)[:, :MAX_BOXES]
            out_boxes[:quads] = b.gather(1, first[..., None].expand(-1, -1, 4))
            out_classes[:quads] = c.gather(1, first)
        return x, out_boxes, out_classes

    # Light

    def _light(self, x):
        n = x.shape[0]
        col = lambda v: v.view(n, 1, 1, 1).to(x.dtype)
        on = lambda p: (self._rand(n) < p).float()
        gain = torch.exp((self._rand(n) - 0.6) * 1.2 * on(0.6))
        field = 1 + (self._rand(n, 1, 3, 3) - 0.6) * on(0.4).view(n, 1, 1, 1)
        field = F.interpolate(field, size=(SIZE, SIZE), mode="bicubic", align_corners=True).clamp(0.15, 1.6)
        gx, gy = self.axis[None, None, None, :] / 320, self.axis[None, None, :, None] / 320
        t = self._rand(n, 1, 1, 1) * 2 * math.pi
        edge = gx * torch.cos(t) + gy * torch.sin(t) - (self._rand(n, 1, 1, 1) - 0.5)
        sharp = 2 + self._rand(n, 1, 1, 1) * 40
        shade = 1 - torch.sigmoid(edge * sharp) * (on(0.22) * (0.15 + 0.6 * self._rand(n))).view(n, 1, 1, 1)
        vignette = 1 - (gx**2 + gy**2) * (on(0.3) * 0.3 * self._rand(n)).view(n, 1, 1, 1)
        total = (field * shade * vignette * gain.view(n, 1, 1, 1)).to(x.dtype)
        tint = torch.exp((self._rand(n, 3, 1, 1) - 0.5) * (on(0.6) * 0.7 * self._rand(n)).view(n, 1, 1, 1)).to(x.dtype)
        x = x * total * tint
        # A lamp's reflection in the whole view, or haze.
        cx, cy = (self._rand(n, 1, 1, 1) - 0.5) * 1.6, (self._rand(n, 1, 1, 1) - 0.5) * 1.6
        r = 0.08 + 0.5 * self._rand(n, 1, 1, 1)
        spot = torch.exp(-(((gx - cx) ** 2 + (gy - cy) ** 2) / r**2)) * (on(0.1) * (0.2 + 0.9 * self._rand(n))).view(n, 1, 1, 1)
        haze = col(on(0.2) * 0.35 * self._rand(n))
        x = x + spot.to(x.dtype)
        x = x * (1 - haze) + haze * col(0.5 + 0.5 * self._rand(n))
        return x.clamp(0, 1)

    # Lens, sensor, file

    def _kernel(self, n, k):
        """One kernel per picture: disc, line or Gauss, with sharp ones among them."""
        y, x = np.mgrid[0:k, 0:k] - (k - 1) / 2
        r = self.rng
        u, t = r.random((n, 1, 1)), r.uniform(0, np.pi, (n, 1, 1))
        disc = np.clip(r.uniform(0.6, k / 2, (n, 1, 1)) - np.hypot(x, y) + 0.5, 0, 1)
        along, across = x * np.cos(t) + y * np.sin(t), y * np.cos(t) - x * np.sin(t)
        line = np.clip(1 - np.abs(across), 0, 1) * (np.abs(along) <= r.uniform(1, k / 2, (n, 1, 1)))
        gauss = np.exp(-(x**2 + y**2) / (2 * r.uniform(0.4, k / 4.5, (n, 1, 1)) ** 2))
        out = np.where(u < 0.35, disc, np.where(u < 0.65, line, gauss))
        out = (out / np.maximum(out.sum((1, 2), keepdims=True), 1e-6)).astype(np.float32)
        return torch.as_tensor(out).to(self.device, non_blocking=True)

    def _blur(self, x, k):
        n, _, h, w = x.shape
        weight = self._kernel(n, k).to(x.dtype).repeat_interleave(3, 0)[:, None]
        x = F.pad(x, [k // 2] * 4, mode="replicate").reshape(1, n * 3, h + k - 1, w + k - 1)
        # Shapes vary from group to group, so a search for the best cuDNN kernel would never pay.
        with torch.backends.cudnn.flags(enabled=False):
            y = F.conv2d(x, weight, groups=n * 3)
        return y.view(n, 3, h, w)

    def _sensor(self, x):
        """One group through lens, sensor and file; returns it and how many output pixels one resolved pixel covers."""
        r = self.rng
        n = x.shape[0]
        res = int(r.choice(_RESOLUTIONS, p=_RES_P))
        blurred = 1.0
        u = r.random()
        if u < 0.30:
            pass
        elif u < 0.80 or res < 320:
            if res == SIZE:
                k = 5 if r.random() < 0.6 else 9
                x = self._blur(x, k)
                blurred = 1.4 if k == 5 else 2.2
        else:  # far out of focus, or moved: done at a coarser scale
            s = 2 if r.random() < 0.75 else 4
            small = F.avg_pool2d(x, s)
            small = self._blur(small, 7)
            x = F.interpolate(small, size=(SIZE, SIZE), mode="bilinear", align_corners=False)
            blurred = s * 2.0
        if res != SIZE:
            x = F.interpolate(x.float(), size=(res, res), mode="bilinear", antialias=r.random() < 0.85, align_corners=False)
            if u >= 0.5 and res < SIZE and u < 0.8:
                x = self._blur(x, 5)
        col = lambda v: v.view(n, 1, 1, 1).to(x.dtype)
        if r.random() < 0.65:
            sigma = col(self._rand(n) ** 2 * (0.10 if r.random() < 0.7 else 0.2))
            noise = torch.randn(x.shape, device=self.device, dtype=x.dtype, generator=self.torch_rng)
            if r.random() < 0.4:
                noise = noise.mean(1, keepdim=True) * 1.6
            if r.random() < 0.3:
                noise = F.avg_pool2d(noise, 3, 1, 1) * 2
            x = x + noise * sigma * (0.4 + x.clamp(0, 1).sqrt() if r.random() < 0.5 else 1)
        if r.random() < 0.3:
            x = x + (x - F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)) * col(self._rand(n) * 2.5)
        x = x.clamp(0, 1)
        # Tone: gamma, automatic levels, saturation, grey.
        if r.random() < 0.5:
            x = x.clamp(min=1e-3) ** col(torch.exp((self._rand(n) - 0.5) * 1.2))
        if r.random() < 0.35:
            top = x.flatten(1).amax(1).clamp(min=0.05)
            bottom = x.flatten(1).amin(1)
            k = self._rand(n)
            x = (x - col(bottom * k)) / col(1 - k + k * (top - bottom).clamp(min=0.08))
        grey = (x * x.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
        saturation = torch.where(self._rand(n) < 0.28, torch.zeros(n, device=self.device), 0.4 + self._rand(n))
        x = (grey + (x - grey) * col(saturation)).clamp(0, 1)
        if r.random() < 0.6:
            x = self._jpeg(x.float(), 12 + 85 * self._rand(n) ** (0.5 if r.random() < 0.75 else 1.2))
        x = torch.round(x * 255) * (1 / 255)
        if res != SIZE:
            x = F.interpolate(x.float(), size=(SIZE, SIZE), mode="bilinear", align_corners=False)
        return x, max(SIZE / res, blurred)

    def _jpeg(self, x, quality):
        """Baseline JPEG's losses: 8×8 cosine transform, quantisation, 4:2:0 or 4:4:4 colour."""
        n, _, h, w = x.shape
        scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50).clamp(min=0.02)
        rgb = x * 255
        y = 0.299 * rgb[:, 0] + 0.587 * rgb[:, 1] + 0.114 * rgb[:, 2]
        chroma = torch.stack([(rgb[:, 2] - y) * 0.564, (rgb[:, 0] - y) * 0.713], 1)
        halved = self.rng.random() < 0.7
        if halved:
            chroma = F.avg_pool2d(chroma, 2)
        y = self._block(y[:, None] - 128, self.luma, scale) + 128
        chroma = self._block(chroma, self.chroma, scale)
        if halved:
            chroma = F.interpolate(chroma, size=(h, w), mode="bilinear", align_corners=False)
        cb, cr = chroma[:, 0] / 0.564, chroma[:, 1] / 0.713
        b, r = y[:, 0] + cb, y[:, 0] + cr
        g = (y[:, 0] - 0.299 * r - 0.114 * b) / 0.587
        return (torch.stack([r, g, b], 1) * (1 / 255)).clamp(0, 1)

    def _block(self, x, table, scale):
        n, c, h, w = x.shape
        v = x.view(n, c, h // 8, 8, w // 8, 8).permute(0, 1, 2, 4, 3, 5).reshape(n, -1, 64)
        q = (table.view(1, 1, 64) * scale.view(n, 1, 1)).clamp(min=1).round()
        v = torch.round(v @ self.dct.T / q) * q @ self.dct
        return v.view(n, c, h // 8, w // 8, 8, 8).permute(0, 1, 2, 4, 3, 5).reshape(n, c, h, w)
