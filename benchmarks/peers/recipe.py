"""The plain way to run a detector in Python, as blog posts have it: Pillow, NumPy and ONNX Runtime, one image after the
other. Pillow's bicubic resize onto a black square, a float32 tensor in 0...1, the network, then suppression in NumPy.

Takes models whose output is the raw head (1, 4 + classes, anchors), and such with three outputs: boxes, confidences and
classes by anchor.
"""

import time

import numpy as np


def load(model, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def letterbox(path, size):
    from PIL import Image

    image = Image.open(path).convert("RGB")
    scale = min(size / image.width, size / image.height)
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    left, top = (size - width) // 2, (size - height) // 2
    canvas = Image.new("RGB", (size, size))
    canvas.paste(image.resize((width, height), Image.Resampling.BICUBIC), (left, top))
    pixels = np.asarray(canvas, dtype=np.float32) / 255
    scale_x, scale_y = width / image.width, height / image.height
    return pixels.transpose(2, 0, 1)[None], (image.width, image.height, left, top, scale_x, scale_y)


def candidates(outputs, names, confidence):
    """Boxes (n, 4) as corners, scores (n,), classes (n,)."""
    if len(outputs) == 1:
        rows = outputs[0][0].T
        classes = rows[:, 4:].argmax(axis=1)
        scores = rows[np.arange(len(rows)), 4 + classes]
        keep = scores > confidence
        centre, half = rows[keep, :2], rows[keep, 2:4] / 2
        return np.concatenate([centre - half, centre + half], axis=1), scores[keep], classes[keep]
    tensors = dict(zip(names, outputs))
    boxes = next(value[0] for value in outputs if value.ndim == 3)
    scores = next(value[0] for name, value in tensors.items() if "conf" in name or "score" in name)
    classes = next(value[0] for name, value in tensors.items() if "class" in name or "label" in name)
    keep = scores > confidence
    return boxes[keep], scores[keep], classes[keep]


def suppress(boxes, scores, threshold):
    order = np.argsort(-scores, kind="stable")
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(best)
        corner = np.maximum(boxes[best, :2], boxes[rest, :2])
        other = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        common = np.clip(other - corner, 0, None).prod(axis=1)
        order = rest[common / (areas[best] + areas[rest] - common) <= threshold]
    return kept


def detect(session, path, settings):
    tensor, (width, height, left, top, scale_x, scale_y) = letterbox(path, settings["size"])
    outputs = session.run(None, {session.get_inputs()[0].name: tensor})
    names = [output.name for output in session.get_outputs()]
    boxes, scores, classes = candidates(outputs, names, settings["confidence"])
    found = []
    for index in np.unique(classes):
        members = np.flatnonzero(classes == index)
        for kept in suppress(boxes[members], scores[members], settings["iou"]):
            x1, y1, x2, y2 = boxes[members[kept]]
            corners = [(x1 - left) / scale_x, (y1 - top) / scale_y, (x2 - left) / scale_x, (y2 - top) / scale_y]
            corners = [min(max(float(v), 0.0), limit) for v, limit in zip(corners, [width, height] * 2)]
            found.append([int(index), float(scores[members[kept]]), *corners])
    return found


def run(model, images, settings):
    start = time.perf_counter()
    session = load(model, settings["threads"])
    for path in images[:2]:
        detect(session, path, settings)
    ready = time.perf_counter()
    detections = {path.name: detect(session, path, settings) for path in images}
    return {"startup": ready - start, "seconds": time.perf_counter() - ready, "detections": detections}
