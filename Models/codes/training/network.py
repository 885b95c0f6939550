"""The detector: an anchor-free single-stage network with strides 8, 16 and 32.

The shape follows published descriptions: split-and-merge residual stages (CSP), pooled context at the deepest level
(SPP), a top-down and a bottom-up path (PAN), a decoupled head, and boxes as distances whose distributions over 16 bins
are learnt (generalised focal loss).
"""

import math

import torch
from torch import nn
import torch.nn.functional as F

BINS = 16
STRIDES = (8, 16, 32)


class Conv(nn.Module):
    """Convolution, batch norm, SiLU. `fuse` folds the norm into the convolution."""

    def __init__(self, c_in, c_out, k=1, s=1, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(c_in, c_out, k, s, k // 2, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(c_out, eps=1e-3, momentum=0.03)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))

    def fuse(self):
        c, n = self.conv, self.norm
        scale = n.weight / torch.sqrt(n.running_var + n.eps)
        fused = nn.Conv2d(c.in_channels, c.out_channels, c.kernel_size, c.stride, c.padding, groups=c.groups, bias=True)
        fused.weight.data = c.weight.data * scale.view(-1, 1, 1, 1)
        fused.bias.data = n.bias.data - n.running_mean * scale
        self.conv, self.norm = fused, nn.Identity()


class Residual(nn.Module):
    def __init__(self, c, shortcut):
        super().__init__()
        self.a, self.b, self.shortcut = Conv(c, c, 3), Conv(c, c, 3), shortcut

    def forward(self, x):
        y = self.b(self.a(x))
        return x + y if self.shortcut else y


class Stage(nn.Module):
    """Half of the channels passes through residual blocks; every intermediate result is kept and merged."""

    def __init__(self, c_in, c_out, n, shortcut):
        super().__init__()
        self.half = c_out // 2
        self.split = Conv(c_in, 2 * self.half)
        self.blocks = nn.ModuleList(Residual(self.half, shortcut) for _ in range(n))
        self.merge = Conv((2 + n) * self.half, c_out)

    def forward(self, x):
        parts = list(self.split(x).chunk(2, 1))
        for block in self.blocks:
            parts.append(block(parts[-1]))
        return self.merge(torch.cat(parts, 1))


class Context(nn.Module):
    """Max pooling over growing windows at the deepest level."""

    def __init__(self, c):
        super().__init__()
        self.a, self.b = Conv(c, c // 2), Conv(c * 2, c)

    def forward(self, x):
        parts = [self.a(x)]
        for _ in range(3):
            parts.append(F.max_pool2d(parts[-1], 5, 1, 2))
        return self.b(torch.cat(parts, 1))


class Head(nn.Module):
    """For each level: distance distributions (4 × 16) and class logits."""

    def __init__(self, channels, classes):
        super().__init__()
        self.classes = classes
        c_box, c_cls = max(16, channels[0] // 4, BINS * 4), max(channels[0], classes)
        self.box = nn.ModuleList(nn.Sequential(Conv(c, c_box, 3), Conv(c_box, c_box, 3), nn.Conv2d(c_box, 4 * BINS, 1)) for c in channels)
        self.cls = nn.ModuleList(nn.Sequential(Conv(c, c_cls, 3), Conv(c_cls, c_cls, 3), nn.Conv2d(c_cls, classes, 1)) for c in channels)
        for box, cls, s in zip(self.box, self.cls, STRIDES):
            nn.init.constant_(box[-1].bias, 1.0)
            nn.init.constant_(cls[-1].bias, math.log(5 / classes / (640 / s) ** 2))

    def forward(self, features):
        return torch.cat([torch.cat([b(x), c(x)], 1).flatten(2) for x, b, c in zip(features, self.box, self.cls)], 2)


class Detector(nn.Module):
    """Raw output (batch, 64 + classes, cells); `decode` turns it into boxes and scores."""

    def __init__(self, classes=6, widths=(16, 32, 64, 136, 256), depths=(1, 2, 3, 1)):
        super().__init__()
        w0, w1, w2, w3, w4 = widths
        self.classes = classes
        self.stem = Conv(3, w0, 3, 2)
        self.down1, self.stage1 = Conv(w0, w1, 3, 2), Stage(w1, w1, depths[0], True)
        self.down2, self.stage2 = Conv(w1, w2, 3, 2), Stage(w2, w2, depths[1], True)
        self.down3, self.stage3 = Conv(w2, w3, 3, 2), Stage(w3, w3, depths[2], True)
        self.down4, self.stage4 = Conv(w3, w4, 3, 2), Stage(w4, w4, depths[3], True)
        self.context = Context(w4)
        self.up3 = Stage(w4 + w3, w3, 1, False)
        self.up2 = Stage(w3 + w2, w2, 1, False)
        self.pull3, self.out3 = Conv(w2, w2, 3, 2), Stage(w2 + w3, w3, 1, False)
        self.pull4, self.out4 = Conv(w3, w3, 3, 2), Stage(w3 + w4, w4, 1, False)
        self.head = Head((w2, w3, w4), classes)

    def features(self, x):
        x = self.stage1(self.down1(self.stem(x)))
        p2 = self.stage2(self.down2(x))
        p3 = self.stage3(self.down3(p2))
        p4 = self.context(self.stage4(self.down4(p3)))
        t3 = self.up3(torch.cat([F.interpolate(p4, scale_factor=2.0, mode="nearest"), p3], 1))
        t2 = self.up2(torch.cat([F.interpolate(t3, scale_factor=2.0, mode="nearest"), p2], 1))
        o3 = self.out3(torch.cat([self.pull3(t2), t3], 1))
        o4 = self.out4(torch.cat([self.pull4(o3), p4], 1))
        return t2, o3, o4

    def forward(self, x):
        return self.head(self.features(x))

    def fuse(self):
        for m in self.modules():
            if isinstance(m, Conv) and isinstance(m.norm, nn.BatchNorm2d):
                m.fuse()
        return self


def cells(size, device):
    """Centres of all cells in input pixels (n, 2) and their strides (n,)."""
    points, strides = [], []
    for s in STRIDES:
        n = size // s
        axis = (torch.arange(n, device=device, dtype=torch.float32) + 0.5) * s
        points.append(torch.stack(torch.meshgrid(axis, axis, indexing="xy"), -1).view(-1, 2))
        strides.append(torch.full((n * n,), float(s), device=device))
    return torch.cat(points), torch.cat(strides)


class Export(nn.Module):
    """The exported graph: boxes cx, cy, w, h in input pixels and scores after the sigmoid, (batch, 4 + classes, cells)."""

    def __init__(self, detector, size=640):
        super().__init__()
        self.detector = detector
        points, strides = cells(size, "cpu")
        self.register_buffer("points", points.T.contiguous()[None])
        self.register_buffer("strides", strides[None, None])
        self.register_buffer("bins", torch.arange(BINS, dtype=torch.float32).view(1, BINS, 1, 1))
        self.count = points.shape[0]

    def forward(self, images):
        raw = self.detector(images)
        d = raw[:, : 4 * BINS].reshape(-1, 4, BINS, self.count).transpose(1, 2)
        d = (d.softmax(1) * self.bins).sum(1) * self.strides
        low, high = self.points - d[:, :2], self.points + d[:, 2:]
        return torch.cat([(low + high) / 2, high - low, raw[:, 4 * BINS :].sigmoid()], 1)
