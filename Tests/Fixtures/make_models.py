#!/usr/bin/env python3
"""Writes the small ONNX models that the tests use; README.md beside them says what each computes.

    pip install onnx==1.23.2 && python3 Tests/Fixtures/make_models.py

The files come out byte-identical every time. Each model that plain ONNX can run is checked here against the NumPy
function that documents it, with ONNX's reference evaluator, before it is written.
"""

import pathlib
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

SIDE = 64  # input height and width in pixels
CELL = 8  # cell side in pixels, the model's stride
GRID = SIDE // CELL  # cells along a side
CELLS = GRID * GRID
CLASSES = 3  # red, green, blue
KEPT = 16  # rows of the end-to-end outputs
THRESHOLD = 0.25  # what the models with suppression inside were "exported" with

FOLDER = pathlib.Path(__file__).parent / "models"


# The documented function, in NumPy.


def cell_scores(images):
    """(B, 3, H, W) in 0...1 -> (B, 3, H/8, W/8): relu(2 * mean over the cell - 1)."""
    b, c, h, w = images.shape
    mean = images.astype(np.float64).reshape(b, c, h // CELL, CELL, w // CELL, CELL).mean(axis=(3, 5))
    return np.maximum(2 * mean - 1, 0).astype(np.float32)


def centres(rows, columns):
    """cx, cy, w, h of each cell in pixels, row-major: (rows * columns, 4)."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    side = np.full(rows * columns, CELL, np.float32)
    return np.stack([x.ravel() * CELL + CELL / 2, y.ravel() * CELL + CELL / 2, side, side], axis=1)


def corners(boxes):
    """cxcywh -> xyxy, (N, 4)."""
    half = boxes[:, 2:] / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)


def with_duplicates(boxes):
    """The cells' boxes, then each once more, one pixel to the right."""
    return np.concatenate([boxes, boxes + np.array([1, 0, 0, 0], np.float32)])


def anchors(images):
    """Boxes cxcywh (N, 4) and scores (B, 3, N) of the two-anchor models: cells, then their weaker duplicates."""
    scores = cell_scores(images)
    rows, columns = scores.shape[2:]
    flat = scores.reshape(len(images), CLASSES, rows * columns)
    return with_duplicates(centres(rows, columns)), np.concatenate([flat, 0.75 * flat], axis=2)


# A graph under construction.


class Graph:
    def __init__(self):
        self.nodes, self.initializers, self.count = [], [], 0

    def constant(self, value, dtype=np.float32):
        name = f"constant{self.count}"
        self.count += 1
        self.initializers.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def add(self, op, *inputs, outputs=1, name=None, domain="", **attributes):
        self.count += 1
        names = [name] if name else [f"{op.lower()}{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, domain=domain, name=f"/{op}_{self.count}", **attributes))
        return names[0] if len(names) == 1 else names

    # Parts shared by the heads.

    def scores(self, images):
        """(B, 3, h, w): each cell's score for each class."""
        mean = self.add("AveragePool", images, kernel_shape=[CELL, CELL], strides=[CELL, CELL])
        return self.add("Relu", self.add("Sub", self.add("Mul", mean, self.constant(2)), self.constant(1)))

    def flat(self, scores):
        """(B, 3, h * w)."""
        return self.add("Reshape", scores, self.constant([0, 0, -1], np.int64))

    def doubled(self, flat):
        """(B, 3, 2 * h * w): the duplicates' scores appended."""
        return self.add("Concat", flat, self.add("Mul", flat, self.constant(0.75)), axis=2)

    def per_image(self, value, scores):
        """A constant (1, ...) repeated for every image of the batch."""
        batch = self.add("Slice", self.add("Shape", scores), self.constant([0], np.int64), self.constant([1], np.int64))
        rest = self.constant(value.shape[1:], np.int64)
        return self.add("Expand", self.constant(value), self.add("Concat", batch, rest, axis=0))

    def best(self, flat):
        """Best class and its score, (B, N) each; the lower class wins a tie."""
        return (self.add("ArgMax", flat, axis=1, keepdims=0), self.add("ReduceMax", flat, axes=[1], keepdims=0))

    def top(self, scores):
        """The KEPT best cells by score, the lower index first where equal: boxes xyxy, scores, classes (float)."""
        flat = self.flat(scores)
        label, score = self.best(flat)
        values, indices = self.add("TopK", score, self.constant([KEPT], np.int64), outputs=2, axis=1)
        boxes = self.add("Gather", self.constant(corners(centres(GRID, GRID))), indices, axis=0)
        labels = self.add("GatherND", label, self.add("Unsqueeze", indices, self.constant([2], np.int64)), batch_dims=1)
        return boxes, values, self.add("Cast", labels, to=TensorProto.FLOAT)


# Metadata as the exporters write it: Python literals as text.


def metadata(**changes):
    values = {
        "description": "Swoop test fixture",
        "author": "Swoop",
        "date": "2026-01-01T00:00:00.000000",
        "version": "8.3.0",
        "license": "Apache-2.0",
        "docs": "Tests/Fixtures/models/README.md",
        "stride": str(CELL),
        "task": "detect",
        "batch": "1",
        "imgsz": f"[{SIDE}, {SIDE}]",
        "names": "{0: 'red', 1: 'green', 2: 'blue'}",
        "args": "{'batch': 1, 'half': False, 'dynamic': True, 'simplify': True, 'opset': 17, 'nms': False}",
        "channels": "3",
    }
    values.update(changes)
    return {key: value for key, value in values.items() if value is not None}


SIGNED = TensorProto.INT8
FLOAT, HALF, BYTE, INT32, INT64 = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.UINT8, TensorProto.INT32,
                                   TensorProto.INT64)


def write(name, graph, inputs, outputs, properties, expected=None, feeds=None, check=True, domain=None):
    """inputs and outputs: (name, type, shape). expected: function of the feeds -> {output: array}."""
    opsets = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    model = helper.make_model(
        helper.make_graph(graph.nodes, name, [helper.make_tensor_value_info(*i) for i in inputs],
                          [helper.make_tensor_value_info(*o) for o in outputs], graph.initializers),
        opset_imports=opsets, producer_name="swoop-fixtures", producer_version="1", ir_version=8)
    helper.set_model_props(model, properties)
    if check:
        onnx.checker.check_model(model, full_check=True)
    if expected:
        feeds = feeds or {inputs[0][0]: sample(inputs[0])}
        results = dict(zip([o[0] for o in outputs], ReferenceEvaluator(model).run(None, feeds)))
        for key, value in expected(*feeds.values()).items():
            assert results[key].dtype == value.dtype, (name, key, results[key].dtype, value.dtype)
            np.testing.assert_array_equal(results[key], value, err_msg=f"{name}: {key}")
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


def sample(tensor):
    """Images of flat cells whose values are multiples of 1/64, so that every sum in the models is exact."""
    _, element, shape = tensor
    batch, channels, height, width = (length if isinstance(length, int) else default
                                      for length, default in zip(shape, (3, 3, 32, 48)))
    random = np.random.default_rng(7)
    cells = random.integers(0, 65, (batch, channels, height // CELL, width // CELL))
    cells[random.random(cells.shape) < 0.5] = 0
    images = np.kron(cells, np.ones((1, 1, CELL, CELL)))
    if element == BYTE:
        return np.where(images > 32, 255, 0).astype(np.uint8)
    if element == SIGNED:
        return np.where(images > 32, 127, -128).astype(np.int8)
    return (images / 64).astype({FLOAT: np.float32, HALF: np.float16}[element])


# The heads.


def raw(images):
    """(B, 4 + nc, N)."""
    boxes, scores = anchors(images)
    return np.concatenate([np.repeat(boxes.T[None], len(images), 0), scores], axis=1)


def v8_graph(element=FLOAT):
    graph = Graph()
    images = "images"
    if element != FLOAT:
        images = graph.add("Cast", images, to=FLOAT)
    if element == SIGNED:
        images = graph.add("Add", images, graph.constant(128))
    if element in (BYTE, SIGNED):
        images = graph.add("Div", images, graph.constant(255))
    scores = graph.doubled(graph.flat(graph.scores(images)))
    boxes = graph.per_image(with_duplicates(centres(GRID, GRID)).T[None], scores)
    if element == HALF:
        graph.add("Cast", graph.add("Concat", boxes, scores, axis=1), to=HALF, name="output0")
    else:
        graph.add("Concat", boxes, scores, axis=1, name="output0")
    return graph


def v8(name, batch, properties, element=FLOAT):
    kind = HALF if element == HALF else FLOAT
    scale = 255 if element in (BYTE, SIGNED) else 1
    zero = -128 if element == SIGNED else 0
    write(name, v8_graph(element), [("images", element, [batch, 3, SIDE, SIDE])],
          [("output0", kind, [batch, 4 + CLASSES, 2 * CELLS])], properties,
          lambda images: {"output0": raw((images.astype(np.float32) - zero) / np.float32(scale)).astype({FLOAT: np.float32, HALF: np.float16}[kind])})


def v8_dynamic_size():
    graph = Graph()
    grid = graph.scores("images")
    scores = graph.doubled(graph.flat(grid))
    # Cell numbers by running sums of ones: 1 2 3 ... along an axis.
    first = graph.add("Slice", grid, graph.constant([0], np.int64), graph.constant([1], np.int64), graph.constant([1], np.int64))
    ones = graph.add("Add", graph.add("Mul", first, graph.constant(0)), graph.constant(1))
    half = graph.constant(CELL / 2)

    def centre(axis, shift):
        number = graph.add("CumSum", ones, graph.constant(axis, np.int64))
        centre = graph.add("Sub", graph.add("Mul", number, graph.constant(CELL)), half)
        flat = graph.flat(centre)
        return graph.add("Concat", flat, graph.add("Add", flat, graph.constant(shift)), axis=2)

    x, y = centre(3, 1), centre(2, 0)
    side = graph.flat(graph.add("Mul", ones, graph.constant(CELL)))
    side = graph.add("Concat", side, side, axis=2)
    graph.add("Concat", x, y, side, side, scores, axis=1, name="output0")
    write("v8-dynamic-size", graph, [("images", FLOAT, ["batch", 3, "height", "width"])],
          [("output0", FLOAT, ["batch", 4 + CLASSES, "anchors"])], metadata(), lambda images: {"output0": raw(images)})


def v5(name, batch, properties):
    graph = Graph()
    grid = graph.scores("images")
    objectness = graph.flat(graph.add("ReduceMax", grid, axes=[1], keepdims=1))
    objectness = graph.add("Concat", objectness, graph.add("Mul", objectness, graph.constant(0.75)), axis=2)
    mean = graph.flat(graph.add("AveragePool", "images", kernel_shape=[CELL, CELL], strides=[CELL, CELL]))
    classes = graph.add("Concat", mean, mean, axis=2)
    boxes = graph.per_image(with_duplicates(centres(GRID, GRID)).T[None], grid)
    graph.add("Transpose", graph.add("Concat", boxes, objectness, classes, axis=1), perm=[0, 2, 1], name="output0")

    def expected(images):
        boxes, scores = anchors(images)
        mean = images.reshape(len(images), CLASSES, GRID, CELL, GRID, CELL).mean(axis=(3, 5)).reshape(len(images), CLASSES, -1)
        rows = np.concatenate([np.repeat(boxes.T[None], len(images), 0), scores.max(axis=1, keepdims=True),
                               np.concatenate([mean, mean], axis=2)], axis=1)
        return {"output0": rows.transpose(0, 2, 1).astype(np.float32)}

    write(name, graph, [("images", FLOAT, [batch, 3, SIDE, SIDE])],
          [("output0", FLOAT, [batch, 2 * CELLS, 5 + CLASSES])], properties, expected)


def three_tensors(name, batch, cornered):
    graph = Graph()
    scores = graph.doubled(graph.flat(graph.scores("images")))
    label, score = graph.best(scores)
    boxes = with_duplicates(centres(GRID, GRID))
    boxes = corners(boxes) if cornered else boxes
    graph.add("Identity", label, name="class_id")
    graph.add("Identity", graph.per_image(boxes[None], scores), name="bbox")
    graph.add("Identity", score, name="conf")

    def expected(images):
        _, scores = anchors(images)
        return {"class_id": scores.argmax(axis=1), "conf": scores.max(axis=1),
                "bbox": np.repeat(boxes[None], len(images), 0)}

    write(name, graph, [("images", FLOAT, [batch, 3, SIDE, SIDE])],
          [("class_id", INT64, [batch, 2 * CELLS]), ("bbox", FLOAT, [batch, 2 * CELLS, 4]),
           ("conf", FLOAT, [batch, 2 * CELLS])], {}, expected)


def top(images):
    """What Graph.top computes."""
    flat = cell_scores(images).reshape(len(images), CLASSES, CELLS)
    score, label = flat.max(axis=1), flat.argmax(axis=1)
    order = np.argsort(-score, axis=1, kind="stable")[:, :KEPT]
    boxes = corners(centres(GRID, GRID))
    return boxes[order], np.take_along_axis(score, order, 1), np.take_along_axis(label, order, 1)


def end_to_end(name, batch, properties):
    graph = Graph()
    boxes, values, labels = graph.top(graph.scores("images"))
    last = graph.constant([2], np.int64)
    graph.add("Concat", boxes, graph.add("Unsqueeze", values, last), graph.add("Unsqueeze", labels, last), axis=2,
              name="output0")

    def expected(images):
        boxes, values, labels = top(images)
        return {"output0": np.concatenate([boxes, values[..., None], labels[..., None].astype(np.float32)], axis=2)}

    write(name, graph, [("images", FLOAT, [batch, 3, SIDE, SIDE])],
          [("output0", FLOAT, [batch, KEPT, 6])], properties, expected)


def efficient_nms(name, batch):
    graph = Graph()
    boxes, values, labels = graph.top(graph.scores("images"))
    kept = graph.add("Cast", graph.add("GreaterOrEqual", values, graph.constant(THRESHOLD)), to=FLOAT)
    graph.add("Mul", boxes, graph.add("Unsqueeze", kept, graph.constant([2], np.int64)), name="det_boxes")
    graph.add("Mul", values, kept, name="det_scores")
    graph.add("Cast", graph.add("Mul", labels, kept), to=INT32, name="det_classes")
    graph.add("Cast", graph.add("ReduceSum", kept, graph.constant([1], np.int64), keepdims=1), to=INT32, name="num_dets")

    def expected(images):
        boxes, values, labels = top(images)
        kept = values >= THRESHOLD
        return {"num_dets": kept.sum(axis=1, keepdims=True).astype(np.int32), "det_boxes": boxes * kept[..., None],
                "det_scores": values * kept, "det_classes": (labels * kept).astype(np.int32)}

    write(name, graph, [("images", FLOAT, [batch, 3, SIDE, SIDE])],
          [("num_dets", INT32, [batch, 1]), ("det_boxes", FLOAT, [batch, KEPT, 4]),
           ("det_scores", FLOAT, [batch, KEPT]), ("det_classes", INT32, [batch, KEPT])], {}, expected)


def data_dependent():
    """(M, 7): one row for each cell and class above the threshold, image by image."""
    graph = Graph()
    scores = graph.flat(graph.scores("images"))
    found = graph.add("NonZero", graph.add("Greater", scores, graph.constant(THRESHOLD)))
    positions = graph.add("Transpose", found, perm=[1, 0])
    image, label, cell = graph.add("Split", positions, outputs=3, axis=1)
    score = graph.add("Unsqueeze", graph.add("GatherND", scores, positions), graph.constant([1], np.int64))
    boxes = graph.add("GatherND", graph.constant(corners(centres(GRID, GRID))), cell)
    graph.add("Concat", graph.add("Cast", image, to=FLOAT), boxes, graph.add("Cast", label, to=FLOAT), score, axis=1,
              name="output")

    def expected(images):
        flat = cell_scores(images).reshape(len(images), CLASSES, CELLS)
        image, label, cell = np.nonzero(flat > THRESHOLD)
        columns = [image[:, None], corners(centres(GRID, GRID))[cell], label[:, None], flat[image, label, cell][:, None]]
        return {"output": np.concatenate(columns, axis=1).astype(np.float32)}

    write("data-dependent", graph, [("images", FLOAT, ["batch", 3, SIDE, SIDE])], [("output", FLOAT, ["rows", 7])], {},
          expected)


def two_inputs():
    """Boxes in the pixels of the original picture, whose width and height are the second input."""
    graph = Graph()
    boxes, values, labels = graph.top(graph.scores("images"))
    graph.add("Cast", labels, to=INT64, name="labels")
    size = graph.add("Cast", "orig_target_sizes", to=FLOAT)
    size = graph.add("Unsqueeze", graph.add("Concat", size, size, axis=1), graph.constant([1], np.int64))
    graph.add("Mul", graph.add("Div", boxes, graph.constant(SIDE)), size, name="boxes")
    graph.add("Identity", values, name="scores")

    def expected(images, sizes):
        boxes, values, labels = top(images)
        scale = np.concatenate([sizes, sizes], axis=1).astype(np.float32)[:, None]
        return {"labels": labels, "boxes": boxes / np.float32(SIDE) * scale, "scores": values}

    images = ("images", FLOAT, ["batch", 3, SIDE, SIDE])
    feeds = {"images": sample(("images", FLOAT, [2, 3, SIDE, SIDE])),
             "orig_target_sizes": np.array([[640, 480], [128, 64]], np.int64)}
    write("two-inputs", graph, [images, ("orig_target_sizes", INT64, ["batch", 2])],
          [("labels", INT64, ["batch", KEPT]), ("boxes", FLOAT, ["batch", KEPT, 4]), ("scores", FLOAT, ["batch", KEPT])],
          {}, expected, feeds)


# Models that a detector must refuse.


def ambiguous_rows():
    """(B, 64, 6) of which nothing says whether it is v5 with one class or end-to-end."""
    graph = Graph()
    flat = graph.flat(graph.scores("images"))
    label, score = graph.best(flat)
    boxes = graph.per_image(corners(centres(GRID, GRID))[None], flat)
    last = graph.constant([2], np.int64)
    graph.add("Concat", boxes, graph.add("Unsqueeze", score, last),
              graph.add("Unsqueeze", graph.add("Cast", label, to=FLOAT), last), axis=2, name="output0")

    def expected(images):
        flat = cell_scores(images).reshape(len(images), CLASSES, CELLS)
        boxes = np.repeat(corners(centres(GRID, GRID))[None], len(images), 0)
        return {"output0": np.concatenate(
            [boxes, flat.max(axis=1)[..., None], flat.argmax(axis=1)[..., None].astype(np.float32)], axis=2)}

    write("ambiguous-rows", graph, [("images", FLOAT, ["batch", 3, SIDE, SIDE])],
          [("output0", FLOAT, ["batch", CELLS, 6])], {}, expected)


def ambiguous_square():
    """(B, 8, 8): v8 with four classes and eight anchors, or v5 with three classes and eight anchors."""
    graph = Graph()
    graph.add("ReduceMax", graph.scores("images"), axes=[1], keepdims=0, name="output0")
    write("ambiguous-square", graph, [("images", FLOAT, ["batch", 3, SIDE, SIDE])], [("output0", FLOAT, ["batch", GRID, GRID])],
          {}, lambda images: {"output0": cell_scores(images).max(axis=1)})


def unknown_outputs():
    """A classifier: (B, 3)."""
    graph = Graph()
    graph.add("ReduceMax", graph.scores("images"), axes=[2, 3], keepdims=0, name="logits")
    write("unknown-outputs", graph, [("images", FLOAT, ["batch", 3, SIDE, SIDE])], [("logits", FLOAT, ["batch", CLASSES])],
          metadata(task="classify"), lambda images: {"logits": cell_scores(images).max(axis=(2, 3))})


def wrong_rank():
    """An input without a batch axis."""
    graph = Graph()
    images = graph.add("Unsqueeze", "image", graph.constant([0], np.int64))
    scores = graph.doubled(graph.flat(graph.scores(images)))
    boxes = graph.per_image(with_duplicates(centres(GRID, GRID)).T[None], scores)
    graph.add("Concat", boxes, scores, axis=1, name="output0")
    write("wrong-rank", graph, [("image", FLOAT, [3, SIDE, SIDE])], [("output0", FLOAT, [1, 4 + CLASSES, 2 * CELLS])],
          metadata(), lambda image: {"output0": raw(image[None])},
          {"image": sample(("image", FLOAT, [1, 3, SIDE, SIDE]))[0]})


def unsupported_operator():
    graph = Graph()
    sharpened = graph.add("Sharpen", "images", domain="com.example", amount=2.0)
    scores = graph.doubled(graph.flat(graph.scores(sharpened)))
    boxes = graph.per_image(with_duplicates(centres(GRID, GRID)).T[None], scores)
    graph.add("Concat", boxes, scores, axis=1, name="output0")
    write("unsupported-operator", graph, [("images", FLOAT, ["batch", 3, SIDE, SIDE])],
          [("output0", FLOAT, ["batch", 4 + CLASSES, 2 * CELLS])], metadata(), check=False, domain="com.example")


def main():
    FOLDER.mkdir(exist_ok=True)
    v8("v8", "batch", metadata())
    v8("v8-batch1", 1, metadata(args="{'batch': 1, 'half': False, 'dynamic': False}"))
    v8("v8-batch4", 4, metadata(batch="4", args="{'batch': 4, 'half': False, 'dynamic': False}"))
    v8("v8-float16", "batch", metadata(args="{'batch': 1, 'half': True, 'dynamic': True}"), element=HALF)
    v8("v8-uint8", "batch", metadata(), element=BYTE)
    v8("v8-int8", "batch", metadata(), element=SIGNED)
    v8("v8-no-metadata", "batch", {})
    v8("v8-odd-names", "batch", metadata(
        names="""{0: 'it\\'s "quoted"', 1: "tab\\there, brace } and \\u00e9\\x21", 2: 'naïve\\\\path',}"""))
    v8_dynamic_size()
    v5("v5", "batch", metadata(version="7.0", stride="8"))
    v5("v5-batch1", 1, {"stride": "8", "names": "['red', 'green', 'blue']"})
    three_tensors("three-tensors", "batch", cornered=True)
    three_tensors("three-tensors-batch4", 4, cornered=True)
    three_tensors("three-tensors-cxcywh", "batch", cornered=False)
    end_to_end("end-to-end", "batch", metadata(
        end2end="True", args="{'batch': 1, 'half': False, 'dynamic': True, 'nms': True}"))
    end_to_end("end-to-end-batch1", 1, metadata(
        end2end="True", args="{'batch': 1, 'half': False, 'dynamic': False, 'nms': True}"))
    efficient_nms("efficient-nms", "batch")
    efficient_nms("efficient-nms-batch4", 4)
    data_dependent()
    two_inputs()
    ambiguous_rows()
    ambiguous_square()
    unknown_outputs()
    wrong_rank()
    unsupported_operator()


if __name__ == "__main__":
    main()
