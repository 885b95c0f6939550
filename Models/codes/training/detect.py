"""Runs an exported file the way Swoop does: letterbox to 640 with grey 114, decode, suppression per class."""

import cv2
import numpy as np

SIZE = 640


def letterbox(rgb):
    h, w = rgb.shape[:2]
    s = min(SIZE / w, SIZE / h)
    nw, nh = max(1, round(w * s)), max(1, round(h * s))
    out = np.full((SIZE, SIZE, 3), 114, np.uint8)
    x, y = round((SIZE - nw) / 2 - 0.1), round((SIZE - nh) / 2 - 0.1)
    out[y : y + nh, x : x + nw] = cv2.resize(rgb, (nw, nh), interpolation=cv2.INTER_LINEAR) if (nw, nh) != (w, h) else rgb
    return out, s, x, y


def suppress(boxes, scores, iou):
    order = np.argsort(-scores, kind="stable")
    keep = []
    area = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), 1)
    while len(order):
        i = order[0]
        keep.append(i)
        low = np.maximum(boxes[i, :2], boxes[order, :2])
        high = np.minimum(boxes[i, 2:], boxes[order, 2:])
        inter = np.prod(np.maximum(high - low, 0), 1)
        order = order[inter / (area[i] + area[order] - inter + 1e-9) <= iou]
    return keep


def decode(output, confidence, iou=0.7, limit=300):
    """output (4 + classes, cells) → boxes x0 y0 x1 y1, scores, classes."""
    scores = output[4:]
    c, n = np.nonzero(scores > confidence)
    if not len(c):
        return np.zeros((0, 4)), np.zeros(0), np.zeros(0, int)
    best = scores[:, n].argmax(0) == c  # one class per cell
    c, n = c[best], n[best]
    s = scores[c, n]
    b = output[:4, n].T
    b = np.concatenate([b[:, :2] - b[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2], 1)
    top = np.argsort(-s, kind="stable")[:3000]
    b, s, c = b[top], s[top], c[top]
    keep = suppress(b + c[:, None] * 7680.0, s, iou)[:limit]
    return b[keep], s[keep], c[keep]


class Runner:
    """OpenVINO where it is installed, else ONNX Runtime."""

    def __init__(self, path, threads=2):
        try:
            import openvino

            model = openvino.Core().compile_model(path, "CPU", {"INFERENCE_NUM_THREADS": threads})
            self.call = lambda x: model(x)[0]
        except ImportError:
            import onnxruntime

            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            self.call = lambda x: session.run(None, {"images": x})[0]

    def __call__(self, rgb, confidence=0.25, iou=0.7):
        """An RGB picture of any size → boxes in its pixels, scores, classes."""
        square, s, x, y = letterbox(rgb)
        out = self.call(np.ascontiguousarray(square.transpose(2, 0, 1)[None], np.float32) / 255)[0]
        b, p, c = decode(np.asarray(out), confidence, iou)
        h, w = rgb.shape[:2]
        b = (b - np.array([x, y, x, y])) / s
        return np.clip(b, 0, np.array([w, h, w, h])), p, c
