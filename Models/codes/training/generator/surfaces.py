"""Surfaces: textures, photographs, and the geometry and light of a sheet in space (tilt, cylinder, folds, waves)."""

import glob

import cv2
import numpy as np


def _fractal(rng, h, w, octaves=(4, 16, 64), weights=(1, 0.6, 0.35)):
    out = np.zeros((h, w), np.float32)
    for n, k in zip(octaves, weights):
        low = rng.random((max(2, n * h // max(h, w) + 1), max(2, n * w // max(h, w) + 1)), dtype=np.float32)
        out += k * cv2.resize(low, (w, h), interpolation=cv2.INTER_CUBIC)
    return out / sum(weights)


def texture(rng, n=512):
    """One procedural material, n × n, RGB."""
    kind = int(rng.integers(9))
    base = np.clip(rng.integers(20, 246) + rng.normal(0, 1, 3) * rng.choice([4, 18, 60]), 5, 250).astype(np.float32)
    f = _fractal(rng, n, n)
    fine = rng.random((n, n), dtype=np.float32)
    if kind == 0:  # painted wall, plastic
        m = 1 + (f - 0.5) * rng.uniform(0.05, 0.3) + (fine - 0.5) * 0.04
    elif kind == 1:  # wood
        base = np.array([rng.uniform(110, 220), rng.uniform(70, 160), rng.uniform(30, 110)], np.float32)
        y, x = np.mgrid[0:n, 0:n].astype(np.float32) / n
        g = np.sin((x * rng.uniform(8, 40) + f * rng.uniform(2, 8) + y * rng.uniform(0, 2)) * 2 * np.pi)
        m = 0.9 + 0.1 * g + (cv2.blur(fine, (1, 25)) - 0.5) * 0.6
    elif kind == 2:  # fabric
        y, x = np.mgrid[0:n, 0:n]
        p = int(rng.integers(3, 9))
        m = 0.85 + 0.15 * (((x // p + y // p) % 2) * 2 - 1) * rng.uniform(0.2, 1) + (fine - 0.5) * 0.25 + (f - 0.5) * 0.2
    elif kind == 3:  # cardboard
        base = np.array([rng.uniform(160, 210), rng.uniform(120, 165), rng.uniform(80, 120)], np.float32)
        y = np.arange(n)[:, None]
        m = 0.95 + 0.03 * np.sin(y / rng.uniform(1, 3)) + (cv2.blur(fine, (9, 1)) - 0.5) * 0.25 + (f - 0.5) * 0.15
    elif kind == 4:  # brushed metal
        g = rng.uniform(90, 210)
        base = np.array([g, g, g * rng.uniform(0.95, 1.06)], np.float32)
        m = 0.95 + (cv2.blur(fine, (61, 1)) - 0.5) * rng.uniform(1, 4) + (f - 0.5) * 0.5
    elif kind == 5:  # stone, concrete
        m = 0.9 + (f - 0.5) * 0.6 + (cv2.GaussianBlur(fine, (0, 0), 1.2) - 0.5) * 1.2
    elif kind == 6:  # paper
        g = rng.uniform(180, 250)
        base = np.array([g, g * rng.uniform(0.94, 1), g * rng.uniform(0.85, 1)], np.float32)
        m = 0.98 + (f - 0.5) * 0.08 + (fine - 0.5) * 0.05
    elif kind == 7:  # dark desk, rubber
        base = rng.uniform(8, 60, 3).astype(np.float32)
        m = 1 + (f - 0.5) * 0.6 + (fine - 0.5) * 0.5
    else:  # blurred colourful room
        c = rng.integers(0, 256, (int(rng.integers(3, 9)), int(rng.integers(3, 9)), 3)).astype(np.uint8)
        return cv2.resize(c, (n, n), interpolation=cv2.INTER_CUBIC)
    return np.clip(base * m[..., None], 0, 255).astype(np.uint8)


class Backdrops:
    """Photographs and textures to cut backgrounds and artwork from."""

    def __init__(self, rng, photos, renew, textures=40):
        """renew: replace textures now and then, for variety; without it a scene depends on its seed alone."""
        self.renew = renew
        self.photos = [cv2.cvtColor(cv2.imread(p), cv2.COLOR_BGR2RGB) for p in photos]
        self.textures = [texture(rng) for _ in range(textures)]

    def cut(self, rng, h, w, photo=0.5):
        """A random cut-out of h × w, flipped and recoloured."""
        use_photo = self.photos and rng.random() < photo
        pool = self.photos if use_photo else self.textures
        i = int(rng.integers(len(pool)))
        if self.renew and not use_photo and rng.random() < 0.02:
            pool[i] = texture(rng)
        source = pool[i]
        sh, sw = source.shape[:2]
        s = rng.uniform(0.35, 1.0) * min(sh / h, sw / w)
        ch, cw = max(8, int(h * s)), max(8, int(w * s))
        y, x = int(rng.integers(0, sh - ch + 1)), int(rng.integers(0, sw - cw + 1))
        out = cv2.resize(source[y : y + ch, x : x + cw], (w, h), interpolation=cv2.INTER_LINEAR)
        if rng.random() < 0.5:
            out = out[:, ::-1]
        if not use_photo and rng.random() < 0.3:
            out = out[::-1]
        u = rng.random()
        if u < 0.25:
            out = cv2.convertScaleAbs(out, alpha=rng.uniform(0.4, 1.2), beta=rng.uniform(-10, 40))
        elif u < 0.4:
            out = cv2.GaussianBlur(out, (0, 0), rng.uniform(1, 5))
        return np.ascontiguousarray(out)


# Left out of every split: it shows a real bar code, which no truth would list.
_SPOILT = ("opencv-doc-000.jpg",)


def photos_and_fonts(folder, split):
    """Paths of one split; every fifth photograph and font is held out of training."""
    photos = sorted(glob.glob(folder + "/photos/*.jpg"))
    fonts = sorted(glob.glob(folder + "/fonts/*"))
    held = lambda i: i % 5 == 2
    keep = (lambda i: not held(i)) if split == "train" else held
    chosen = [p for i, p in enumerate(photos) if keep(i) and not p.endswith(_SPOILT)]
    return ([] if split == "examples" else chosen), [p for i, p in enumerate(fonts) if keep(i)]


class Placement:
    """Where a flat sheet lies in the picture: pixel maps back to the sheet, and points forward into the picture.

    Sheet pixels (u, v) bend around a cylinder or ripple, then a homography of a tilted plane takes them to the picture.
    One sheet pixel is about one picture pixel at the sheet's centre.
    """

    def __init__(self, rng, width, height, centre, tilt, roll, bend=None, focal=900.0):
        self.w, self.h = width, height
        a = rng.uniform(0, 2 * np.pi)
        axis = np.array([np.cos(a), np.sin(a), 0]) * np.deg2rad(tilt)
        tilted, _ = cv2.Rodrigues(axis)
        rolled, _ = cv2.Rodrigues(np.array([0, 0, np.deg2rad(roll)]))
        r = tilted @ rolled
        k = np.array([[focal, 0, centre[0]], [0, focal, centre[1]], [0, 0, 1.0]])
        plane = np.column_stack([r[:, 0], r[:, 1], np.array([0, 0, focal])])
        # Keep every corner in front of the camera.
        reach = 0.5 * np.hypot(width, height)
        if reach * abs(np.sin(np.deg2rad(tilt))) > 0.7 * focal:
            plane[2, :2] *= 0.7 * focal / (reach * abs(np.sin(np.deg2rad(tilt))))
        shift = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
        self.matrix = k @ plane @ shift
        self.inverse = np.linalg.inv(self.matrix)
        self.radius, self.drop, self.waves = None, 0.0, []
        if bend == "cylinder":
            self.radius = width / rng.uniform(0.8, 2.9)
            self.axis = width * rng.uniform(0.35, 0.65)
            self.drop = rng.uniform(-0.35, 0.35)
        elif bend == "wave":
            for _ in range(int(rng.integers(1, 4))):
                d = rng.uniform(0, 2 * np.pi)
                length = rng.uniform(0.25, 1.2) * max(width, height)
                kvec = np.array([np.cos(d), np.sin(d)]) * 2 * np.pi / length
                self.waves.append((kvec, rng.uniform(0, 6.28), rng.uniform(0.01, 0.05) * length * np.array([np.cos(d), np.sin(d)])
                                   + rng.normal(0, 0.008, 2) * length))

    def _displace(self, u, v):
        du, dv = np.zeros_like(u), np.zeros_like(v)
        for kvec, phase, amp in self.waves:
            s = np.sin(u * kvec[0] + v * kvec[1] + phase)
            du, dv = du + amp[0] * s, dv + amp[1] * s
        return du, dv

    def forward(self, points):
        """Sheet points (n, 2) → picture points (n, 2)."""
        u, v = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
        if self.waves:
            x, y = u.copy(), v.copy()
            for _ in range(6):
                dx, dy = self._displace(x, y)
                x, y = u - dx, v - dy
            u, v = x, y
        if self.radius:
            t = np.clip((u - self.axis) / self.radius, -1.5, 1.5)
            v = v + self.drop * self.radius * (np.cos(t) - 1)
            u = self.axis + self.radius * np.sin(t)
        p = self.matrix @ np.stack([u, v, np.ones_like(u)])
        return np.stack([p[0] / p[2], p[1] / p[2]], 1)

    def warp(self, sheet, x0, y0, w, h):
        """The RGBA sheet as seen in the picture's window (x0, y0, w, h), and its surface angle map (or None)."""
        if not self.radius and not self.waves:
            m = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1.0]]) @ self.matrix
            return cv2.warpPerspective(sheet, m, (w, h), flags=cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0)), None
        step = 8
        gx, gy = np.meshgrid(np.arange(0, w + 2 * step, step) + x0, np.arange(0, h + 2 * step, step) + y0)
        p = self.inverse @ np.stack([gx.ravel(), gy.ravel(), np.ones(gx.size)])
        u, v = p[0] / p[2], p[1] / p[2]
        light = None
        if self.radius:
            s = (u - self.axis) / self.radius
            t = np.arcsin(np.clip(s, -1, 1))
            u = np.where(np.abs(s) > 1.0, -1e4, self.axis + self.radius * t)
            v = v - self.drop * self.radius * (np.cos(t) - 1)
            light = t
        if self.waves:
            du, dv = self._displace(u, v)
            slope = np.zeros_like(u)
            for kvec, phase, amp in self.waves:
                slope += np.cos(u * kvec[0] + v * kvec[1] + phase) * np.hypot(*amp) * np.hypot(*kvec)
            u, v = u + du, v + dv
            light = slope if light is None else light + slope
        shape = gx.shape
        # Coarse maps are read at step pixels; resize with half-pixel alignment undone through an affine warp.
        scale = np.array([[1 / step, 0, 0], [0, 1 / step, 0]], np.float32)
        grow = lambda a: cv2.warpAffine(a.reshape(shape).astype(np.float32), scale, (w, h),
                                        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        out = cv2.remap(sheet, grow(u), grow(v), cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0))
        return out, grow(light)
