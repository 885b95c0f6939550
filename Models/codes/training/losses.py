"""Assignment of codes to cells, and the losses.

Assignment: task alignment (a cell's score for the class, times the overlap of its box to a power), the best cells of each
code, inside the code. Losses: binary cross-entropy with soft targets, complete IoU, and distribution focal loss.
"""

import math

import torch
import torch.nn.functional as F

from generator.scenes import IGNORE
from network import BINS, cells


def overlap(a, b, complete=False):
    """IoU of boxes x0, y0, x1, y1, broadcast; with `complete`, minus centre distance and shape terms (CIoU)."""
    low = torch.maximum(a[..., :2], b[..., :2])
    high = torch.minimum(a[..., 2:], b[..., 2:])
    inter = (high - low).clamp(min=0).prod(-1)
    wa, wb = (a[..., 2:] - a[..., :2]).clamp(min=1e-3), (b[..., 2:] - b[..., :2]).clamp(min=1e-3)
    iou = inter / (wa.prod(-1) + wb.prod(-1) - inter + 1e-7)
    if not complete:
        return iou
    hull = torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])
    gap = ((a[..., :2] + a[..., 2:] - b[..., :2] - b[..., 2:]) ** 2).sum(-1) / 4
    v = (4 / math.pi**2) * (torch.atan(wb[..., 0] / wb[..., 1]) - torch.atan(wa[..., 0] / wa[..., 1])) ** 2
    with torch.no_grad():
        alpha = v / (v - iou + 1 + 1e-7)
    return iou - gap / ((hull**2).sum(-1) + 1e-7) - alpha * v


@torch.no_grad()
def assign(scores, boxes, points, strides, gt_boxes, gt_classes, k=10, alpha=0.5, beta=6.0):
    """scores (B,N,C), boxes (B,N,4), gt_boxes (B,M,4), gt_classes (B,M) with −1 for none.

    Returns per cell: index of its code (B,N), whether it has one (B,N), the soft target of its score (B,N).
    """
    b, n, _ = scores.shape
    m = gt_boxes.shape[1]
    valid = gt_classes >= 0
    lt = points[None, None] - gt_boxes[:, :, None, :2]
    rb = gt_boxes[:, :, None, 2:] - points[None, None]
    inside = torch.minimum(lt.amin(-1), rb.amin(-1)) > 1e-6
    # Codes smaller than a cell may contain no centre: cells whose centre is within half a stride count as well.
    middle = (gt_boxes[..., :2] + gt_boxes[..., 2:]) / 2
    near = ((points[None, None] - middle[:, :, None]).abs().amax(-1) <= strides[None, None] * 0.75) & (strides == 8)[None, None]
    inside = (inside | near) & valid[..., None]
    score = scores.transpose(1, 2).gather(1, gt_classes.clamp(min=0)[..., None].expand(-1, -1, n))
    iou = overlap(gt_boxes[:, :, None], boxes[:, None]).clamp(min=0)
    metric = score.pow(alpha) * iou.pow(beta) * inside
    top, index = metric.topk(k, -1)
    chosen = torch.zeros(b, m, n, dtype=torch.bool, device=scores.device)
    chosen.scatter_(2, index, top > 1e-9)
    # A cell wanted by several codes goes to the one it overlaps most.
    best = torch.where(chosen, iou, torch.full((), -1.0, device=iou.device)).argmax(1)
    taken = chosen.any(1)
    chosen &= best[:, None] == torch.arange(m, device=best.device)[None, :, None]
    metric = metric * chosen
    peak = metric.amax(-1, keepdim=True)
    reach = (iou * chosen).amax(-1, keepdim=True)
    target = (metric * reach / (peak + 1e-9)).amax(1)
    return best, taken, target


class Loss:
    def __init__(self, device, classes=6, size=640, box=7.5, cls=0.5, dfl=1.5):
        self.points, self.strides = cells(size, device)
        self.bins = torch.arange(BINS, device=device, dtype=torch.float32)
        self.classes, self.box, self.cls, self.dfl = classes, box, cls, dfl

    def __call__(self, raw, gt_boxes, gt_classes):
        """raw (B, 64+C, N) → total loss and its three parts (detached)."""
        used = (gt_classes >= 0).any(0).nonzero()
        last = int(used.max()) + 1 if len(used) else 1
        gt_boxes, gt_classes = gt_boxes[:, :last], gt_classes[:, :last]
        raw = raw.float().transpose(1, 2)
        distances, logits = raw[..., : 4 * BINS], raw[..., 4 * BINS :]
        b, n, c = logits.shape
        spread = distances.reshape(b, n, 4, BINS)
        d = (spread.softmax(-1) @ self.bins) * self.strides[None, :, None]
        boxes = torch.cat([self.points - d[..., :2], self.points + d[..., 2:]], -1)
        ignored = (gt_classes >= IGNORE)
        real = torch.where(ignored, torch.full_like(gt_classes, -1), gt_classes)
        owner, positive, target = assign(logits.detach().sigmoid(), boxes.detach(), self.points, self.strides, gt_boxes, real)
        cls = real.gather(1, owner).clamp(min=0)
        wanted = F.one_hot(cls, c) * (target * positive)[..., None]
        weight = torch.ones(b, n, device=raw.device)
        if ignored.any():
            lt = self.points[None, None] - gt_boxes[:, :, None, :2]
            rb = gt_boxes[:, :, None, 2:] - self.points[None, None]
            hidden = ((torch.minimum(lt.amin(-1), rb.amin(-1)) > 0) & ignored[..., None]).any(1)
            weight = (~hidden | positive).float()
        norm = wanted.sum().clamp(min=1)
        # A small code has few cells; without this it would hardly be heard beside large ones.
        count = torch.zeros(real.shape, device=raw.device).scatter_add_(1, owner, positive.float())
        voice = torch.where(positive, (8 / count.gather(1, owner).clamp(min=1)).sqrt().clamp(1, 2), 1.0)
        weight = weight * voice
        l_cls = (F.binary_cross_entropy_with_logits(logits, wanted.to(logits.dtype), reduction="none") * weight[..., None]).sum() / norm
        share = (target * voice)[positive]
        goal = gt_boxes.gather(1, owner[..., None].expand(-1, -1, 4))[positive]
        iou = overlap(boxes[positive], goal, complete=True)
        l_box = ((1 - iou) * share).sum() / norm
        at, s = self.points.expand(b, -1, -1)[positive], self.strides.expand(b, -1)[positive][:, None]
        ltrb = (torch.cat([at - goal[:, :2], goal[:, 2:] - at], -1) / s).clamp(0, BINS - 1.01)
        left = ltrb.floor()
        frac = ltrb - left
        logp = spread[positive].log_softmax(-1)
        left = left.long()
        nll = -(logp.gather(-1, left[..., None])[..., 0] * (1 - frac) + logp.gather(-1, left[..., None] + 1)[..., 0] * frac)
        l_dfl = (nll.mean(-1) * share).sum() / norm
        total = self.box * l_box + self.cls * l_cls + self.dfl * l_dfl
        return total, torch.stack([l_box, l_cls, l_dfl]).detach()
