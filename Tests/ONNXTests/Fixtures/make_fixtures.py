"""Makes the small models beside this script: pip install onnx numpy; python make_fixtures.py

They have the shapes that detectors have, with random weights, in a few kilobytes:

tiny-head.onnx        a head like YOLOv8's at a frozen size: two levels, bins, anchors; attention, batch normalisation,
                      constants computed from constants, a resize by sizes
tiny-dynamic.onnx     the same with dynamic batch and size: shapes computed in the graph
tiny-objectness.onnx  rows of cx, cy, w, h, objectness, classes
tiny-end.onnx         an end-to-end head: the best of all, sorted
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = pathlib.Path(__file__).parent
CLASSES, BINS = 3, 4


class Builder:
    def __init__(self, seed):
        self.nodes, self.constants, self.count = [], [], 0
        self.random = np.random.default_rng(seed)

    def add(self, op, inputs, outputs=1, name=None, **attributes):
        self.count += 1
        label = name or f"{op.lower()}_{self.count}"
        names = [label] if outputs == 1 else [f"{label}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, name=f"/{label}", **attributes))
        return names[0] if outputs == 1 else names

    def weight(self, array, name=None):
        self.count += 1
        name = name or f"weight_{self.count}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def ints(self, *values):
        """As exporters write them: a node."""
        self.count += 1
        name = f"constant_{self.count}"
        value = numpy_helper.from_array(np.array(values, np.int64))
        self.nodes.append(helper.make_node("Constant", [], [name], name=f"/{name}", value=value))
        return name

    def conv(self, x, inputs, outputs, kernel=1, stride=1, bias=True, scale=1.0, shift=0.0):
        shape = (outputs, inputs, kernel, kernel)
        weight = (self.random.standard_normal(shape) * scale / np.sqrt(inputs * kernel * kernel)).astype(np.float32)
        names = [x, self.weight(weight)]
        if bias:
            names.append(self.weight((self.random.standard_normal(outputs) * 0.1 + shift).astype(np.float32)))
        return self.add("Conv", names, kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[kernel // 2] * 4)

    def silu(self, x):
        return self.add("Mul", [x, self.add("Sigmoid", [x])])


def shape_of(b, x, axis):
    return b.add("Unsqueeze", [b.add("Gather", [b.add("Shape", [x]), b.weight(np.int64(axis))], axis=0), b.ints(0)])


def backbone(b, dynamic):
    """(B, 3, 64, 64) to levels of stride 16 (8 channels) and 32 (8 channels)."""
    x = b.add("AveragePool", ["images"], kernel_shape=[4, 4], strides=[4, 4])
    x = b.conv(x, 3, 8, kernel=3, stride=2, bias=False)
    scale, shift = b.random.uniform(0.5, 1.5, 8), b.random.standard_normal(8)
    mean, variance = b.random.standard_normal(8) * 0.1, b.random.uniform(0.5, 1.5, 8)
    x = b.add("BatchNormalization", [x] + [b.weight(v.astype(np.float32)) for v in (scale, shift, mean, variance)],
              epsilon=1e-3)
    x = b.silu(x)
    p4 = b.silu(b.conv(x, 8, 8, kernel=3, stride=2))
    p4 = b.add("Identity", [p4])
    p5 = b.silu(b.conv(p4, 8, 8, kernel=3, stride=2))
    # Attention over the cells of the coarsest level.
    if dynamic:
        flat = b.add("Concat", [shape_of(b, p5, 0), b.ints(8), b.ints(-1)], axis=0)
        back = b.add("Concat", [shape_of(b, p5, 0), b.ints(8), shape_of(b, p5, 2), shape_of(b, p5, 3)], axis=0)
    else:
        flat, back = b.add("Concat", [b.ints(1), b.ints(8), b.ints(4)], axis=0), b.ints(1, 8, 2, 2)
    cells = b.add("Reshape", [p5, flat])
    scores = b.add("MatMul", [b.add("Transpose", [cells], perm=[0, 2, 1]), cells])
    weights = b.add("Softmax", [scores], axis=-1)
    mixed = b.add("MatMul", [cells, b.add("Transpose", [weights], perm=[0, 2, 1])])
    p5 = b.add("Add", [p5, b.add("Reshape", [mixed, back])])
    pooled = b.add("MaxPool", [p5], kernel_shape=[3, 3], strides=[1, 1], pads=[1, 1, 1, 1])
    if dynamic:
        up = b.add("Resize", [pooled, "", b.weight(np.array([1, 1, 2, 2], np.float32))], mode="nearest",
                   coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    else:
        up = b.add("Resize", [pooled, "", "", b.ints(1, 8, 4, 4)], mode="nearest",
                   coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    p4 = b.conv(b.add("Concat", [p4, up], axis=1), 16, 8)
    return p4, p5


def grid(b, levels, dynamic):
    """Anchor points (1, 2, N) and strides (1, N)."""
    if not dynamic:
        points, strides = [], []
        for stride in (16, 32):
            y, x = np.meshgrid(np.arange(64 // stride) + 0.5, np.arange(64 // stride) + 0.5, indexing="ij")
            points.append(np.stack([x.ravel(), y.ravel()]))
            strides.append(np.full(x.size, stride))
        return (b.weight(np.concatenate(points, 1)[None].astype(np.float32)),
                b.weight(np.concatenate(strides)[None].astype(np.float32)))
    points, strides = [], []
    zero, one, half = b.weight(np.int64(0)), b.weight(np.int64(1)), b.weight(np.float32(0.5))
    for level, stride in zip(levels, (16, 32)):
        height, width = shape_of(b, level, 2), shape_of(b, level, 3)
        both = b.add("Concat", [height, width], axis=0)
        lines = []
        for length, target in ((width, (1, -1)), (height, (-1, 1))):
            steps = b.add("Range", [zero, b.add("Squeeze", [length, b.ints(0)]), one])
            steps = b.add("Add", [b.add("Cast", [steps], to=TensorProto.FLOAT), half])
            spread = b.add("Expand", [b.add("Reshape", [steps, b.ints(*target)]), both])
            lines.append(b.add("Reshape", [spread, b.ints(1, 1, -1)]))
        points.append(b.add("Concat", lines, axis=1))
        cells = b.add("ReduceProd", [both], keepdims=1)
        strides.append(b.add("Expand", [b.weight(np.float32(stride)), b.add("Concat", [b.ints(1), cells], axis=0)]))
    return b.add("Concat", points, axis=2), b.add("Concat", strides, axis=1)


def head(b, levels, dynamic):
    boxes, scores = [], []
    for index, level in enumerate(levels):
        box, score = b.conv(level, 8, 4 * BINS, scale=2.0), b.conv(level, 8, CLASSES, scale=4.0, shift=-1.0)
        cells = (4 * 4, 2 * 2)[index]
        for parts, tensor, channels in ((boxes, box, 4 * BINS), (scores, score, CLASSES)):
            if dynamic:
                target = b.add("Concat", [shape_of(b, level, 0), b.ints(channels), b.ints(-1)], axis=0)
            else:
                target = b.ints(1, channels, -1) if channels == CLASSES else b.ints(1, channels, cells)
            parts.append(b.add("Reshape", [tensor, target]))
    box, score = b.add("Concat", boxes, axis=2), b.add("Sigmoid", [b.add("Concat", scores, axis=2)])
    anchors, strides = grid(b, levels, dynamic)
    if dynamic:
        batch = shape_of(b, "images", 0)
        split = b.add("Concat", [batch, b.ints(4), b.ints(BINS), b.ints(-1)], axis=0)
        joined = b.add("Concat", [batch, b.ints(4), b.ints(-1)], axis=0)
    else:
        split, joined = b.ints(1, 4, BINS, 20), b.ints(1, 4, 20)
    bins = b.add("Softmax", [b.add("Transpose", [b.add("Reshape", [box, split])], perm=[0, 2, 1, 3])], axis=1)
    distance = b.add("Conv", [bins, b.weight(np.arange(BINS, dtype=np.float32).reshape(1, BINS, 1, 1))],
                     kernel_shape=[1, 1])
    near, far = b.add("Split", [b.add("Reshape", [distance, joined])], outputs=2, axis=1, num_outputs=2)
    low, high = b.add("Sub", [anchors, near]), b.add("Add", [anchors, far])
    centre = b.add("Div", [b.add("Add", [low, high]), b.weight(np.float32(2))])
    box = b.add("Mul", [b.add("Concat", [centre, b.add("Sub", [high, low])], axis=1), strides])
    return box, score


def save(name, b, shape, output, output_shape, metadata=()):
    graph = helper.make_graph(
        b.nodes, name, [helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, output_shape)], b.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8,
                              producer_name="make_fixtures")
    helper.set_model_props(model, dict(metadata))
    onnx.checker.check_model(model, full_check=True)
    path = folder / f"{name}.onnx"
    onnx.save(model, path)
    print(path.name, path.stat().st_size, "bytes")


names = {"names": "{0: 'red', 1: \"it's, white\", 2: 'small'}", "stride": "32", "task": "detect"}
for name, dynamic in (("tiny-head", False), ("tiny-dynamic", True)):
    b = Builder(1)
    levels = backbone(b, dynamic)
    b.add("Concat", list(head(b, levels, dynamic)), name="output0", axis=1)
    shape = ["batch", 3, "height", "width"] if dynamic else [1, 3, 64, 64]
    save(name, b, shape, "output0", ["batch", 7, "anchors"] if dynamic else [1, 7, 20], names)

b = Builder(2)
levels = backbone(b, False)
rows = []
for index, level in enumerate(levels):
    side = (4, 2)[index]
    x = b.add("Sigmoid", [b.conv(level, 8, 5 + CLASSES, scale=3.0)])
    x = b.add("Transpose", [x], perm=[0, 2, 3, 1])
    xy, wh, rest = b.add("Split", [x, b.ints(2, 2, 1 + CLASSES)], outputs=3, axis=3)
    y, x = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    cells = b.weight((np.stack([x, y], -1)[None] - 0.5).astype(np.float32))
    stride = b.weight(np.float32((16, 32)[index]))
    xy = b.add("Mul", [b.add("Add", [b.add("Mul", [xy, b.weight(np.float32(2))]), cells]), stride])
    wh = b.add("Mul", [b.add("Mul", [wh, wh]), b.weight(np.float32(64))])
    rows.append(b.add("Reshape", [b.add("Concat", [xy, wh, rest], axis=3), b.ints(1, side * side, 5 + CLASSES)]))
b.add("Concat", rows, name="output", axis=1)
save("tiny-objectness", b, [1, 3, 64, 64], "output", [1, 20, 5 + CLASSES], {"names": "['a', 'b', 'c']"})

b = Builder(3)
levels = backbone(b, False)
box, score = head(b, levels, False)
box, score = b.add("Transpose", [box], perm=[0, 2, 1]), b.add("Transpose", [score], perm=[0, 2, 1])
best = b.add("ReduceMax", [score, b.ints(-1)], keepdims=0)
_, index = b.add("TopK", [best, b.ints(5)], outputs=2, axis=1)
index = b.add("Unsqueeze", [index, b.ints(2)])
score = b.add("GatherElements", [score, b.add("Expand", [index, b.ints(1, 5, CLASSES)])], axis=1)
box = b.add("GatherElements", [box, b.add("Expand", [index, b.ints(1, 5, 4)])], axis=1)
value, place = b.add("TopK", [b.add("Flatten", [score], axis=1), b.ints(5)], outputs=2, axis=1)
kind = b.add("Cast", [b.add("Mod", [place, b.weight(np.int64(CLASSES))])], to=TensorProto.FLOAT)
row = b.add("Unsqueeze", [b.add("Div", [place, b.weight(np.int64(CLASSES))]), b.ints(2)])
box = b.add("GatherElements", [box, b.add("Expand", [row, b.ints(1, 1, 4)])], axis=1)
b.add("Concat", [box, b.add("Unsqueeze", [value, b.ints(2)]), b.add("Unsqueeze", [kind, b.ints(2)])], name="output0",
      axis=2)
save("tiny-end", b, [1, 3, 64, 64], "output0", [1, 5, 6], {**names, "end2end": "True"})
