"""Compares models edited by `swoop convert` with their originals: the onnx checker with full shape inference, and
onnxruntime on the CPU.

usage: check_edits.py --swoop PATH --models FOLDER [--fixture MODEL] [--photographs FOLDER --annotations FILE]
                      [--only TEXT] [--singles]

Every edit and every pair of edits is made on every model. What must hold of an edited model:

- it passes onnx.checker.check_model(full_check=True) and strict shape inference with data propagation;
- structural edits give the original's outputs bit for bit (onnxruntime's basic optimisations, so that its layout
  transformations do not come between);
- fp16: class scores differ by at most 2e-3, where 1 is the greatest score, and boxes of anchors that score at least
  0.01 by at most 0.5 px; with inputs and outputs in fp16 as well, whose steps alone are 0.5 px from 512 on, by 1 px.
  Relative to the score itself (scores below 0.01 counted as 0.01) 2e-3 cannot be had from half precision: what is left
  when only the weights are rounded to half, and every operator computes in float32, is measured here as the "floor":
  4.5e-3 on yolo26n, 7.3e-3 on the trained fixture. fp16 may differ by 2e-3 or by twice the floor, whichever is more;
- embedded suppression gives the same detections as the plain reference below on the original's output; with fp16 the
  borderline boxes that come or go are counted, and at most 0.5 % of all may;
- of an end-to-end head in fp16 the better half of the rows stays, but for 0.5 %.

Prints one line for each failure and a summary; exits 1 if anything failed.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import onnxruntime as ort

ort.set_default_logger_severity(3)
IOU, MAXIMUM = 0.6, 100
COUNT = 2

EDITS = {
    "split": ["--split-outputs"],
    "split-cxcywh": ["--split-outputs", "--box-format", "cxcywh"],
    "batch-dynamic": ["--batch", "dynamic"],
    "batch-2": ["--batch", "2"],
    "size-320x256": ["--size", "320x256"],
    "size-dynamic": ["--size", "dynamic"],
    "fp16": ["--precision", "fp16"],
    "fp16-io": ["--precision", "fp16", "--no-keep-io"],
    "bf16": ["--precision", "bf16"],
    "uint8": ["--input", "uint8-nhwc"],
    "suppression": ["--embed-suppression", "onnx", "--confidence", "CONFIDENCE", "--iou", str(IOU),
                    "--max-detections", str(MAXIMUM)],
    "plugin": ["--embed-suppression", "efficientnms", "--confidence", "CONFIDENCE", "--iou", str(IOU)],
    "metadata": ["--metadata", "note=a=b"],
    "rename": ["--rename", "images=pictures"],
    "simplify": ["--simplify"],
}
# Edits of one group exclude each other.
GROUPS = [{"split", "split-cxcywh", "suppression", "plugin"}, {"batch-dynamic", "batch-2"},
          {"size-320x256", "size-dynamic"}, {"fp16", "fp16-io", "bf16"}]


def session(path):
    return session_of(str(path))


def session_of(model):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.intra_op_num_threads = 1
    source = model if isinstance(model, str) else model.SerializeToString()
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def images(count, height, width, seed=3):
    rng = np.random.default_rng(seed)
    coarse = rng.random((count, height // 32, width // 32, 3))
    picture = np.kron(coarse, np.ones((1, 32, 32, 1))) * 200 + rng.random((count, height, width, 3)) * 55
    return picture.astype(np.uint8)


def as_float(pictures):
    return np.ascontiguousarray((pictures.astype(np.float32) / np.float32(255)).transpose(0, 3, 1, 2))


def rounded_weights(original):
    """The model with the weights of all convolutions but those that read the image rounded to half, still float32."""
    model = onnx.ModelProto()
    model.CopyFrom(original)
    weights = {t.name: t for t in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Conv" and node.input[0] != "images":
            for name in set(node.input[1:]) & set(weights):
                half = onnx.numpy_helper.to_array(weights[name]).astype(np.float16).astype(np.float32)
                weights[name].CopyFrom(onnx.numpy_helper.from_array(half, name))
    return model


class Original:
    """A model before edits, with its outputs cached by the size of the images."""

    def __init__(self, path, reference=None):
        self.path = path
        self.name = path.stem
        self.model = onnx.load(path)
        dims = [d.dim_value or d.dim_param for d in self.model.graph.input[0].type.tensor_type.shape.dim]
        self.batch, self.height, self.width = dims[0], dims[2], dims[3]
        self.session = session(path)
        self.reference = session(reference) if reference else self.session
        self.cache = {}
        self.floors = {}
        self.end_to_end = "-e2e" in path.stem
        # Random weights may score low everywhere; suppression needs work to be compared by.
        height, width = (256, 320) if isinstance(self.height, str) else (self.height, self.width)
        best = np.sort(self.run(height, width, 1)[0, 4:].max(0))
        self.confidence = 0.5 if self.end_to_end or best[-40] >= 0.5 else float(f"{best[-40]:.2g}")

    def run(self, height, width, count):
        key = height, width
        if key not in self.cache:
            native = isinstance(self.height, str) or (height, width) == (self.height, self.width)
            runner = self.session if native else self.reference
            x = as_float(images(COUNT, height, width))
            self.cache[key] = np.concatenate([runner.run(None, {"images": x[i:i + 1]})[0] for i in range(COUNT)])
        return self.cache[key][:count]

    def floor(self, height, width):
        """The greatest relative difference of a score when nothing but weights is rounded to half."""
        native = isinstance(self.height, str) or (height, width) == (self.height, self.width)
        key = (height, width) if native else None
        if key is None:
            return max(self.floors.values(), default=0)
        if key not in self.floors:
            rounded = session_of(rounded_weights(self.model))
            x = as_float(images(COUNT, height, width))
            scores = np.concatenate([rounded.run(None, {"images": x[i:i + 1]})[0] for i in range(COUNT)])[:, 4:]
            expected = self.run(height, width, COUNT)[:, 4:]
            self.floors[key] = float((np.abs(scores - expected) / np.maximum(expected, 0.01)).max())
        return self.floors[key]


def split(raw, form, end_to_end):
    if end_to_end:
        return raw[..., :4], raw[..., 4], raw[..., 5].astype(np.int32)
    boxes = raw[:, :4].transpose(0, 2, 1)
    if form == "xyxy":
        centre, half = boxes[..., :2], boxes[..., 2:] * np.float32(0.5)
        boxes = np.concatenate([centre - half, centre + half], -1)
    scores = raw[:, 4:]
    return boxes, scores.max(1), scores.argmax(1).astype(np.int32)


def suppress(boxes, scores, classes, confidence):
    """The plain reference: best class, per class, strict thresholds, ties by anchor."""
    kept = []
    order = np.argsort(-scores, kind="stable")
    for i in order:
        if not scores[i] > np.float32(confidence):
            break
        good = True
        for j in kept:
            if classes[i] != classes[j]:
                continue
            low, high = np.maximum(boxes[i, :2], boxes[j, :2]), np.minimum(boxes[i, 2:], boxes[j, 2:])
            overlap = np.prod(np.maximum(high - low, 0))
            union = np.prod(boxes[i, 2:] - boxes[i, :2]) + np.prod(boxes[j, 2:] - boxes[j, :2]) - overlap
            if overlap > np.float32(IOU) * union:
                good = False
                break
        if good:
            kept.append(i)
            if len(kept) == MAXIMUM:
                break
    return [(tuple(boxes[i]), scores[i], classes[i]) for i in kept]


class Failure(Exception):
    pass


def require(condition, text):
    if not condition:
        raise Failure(text)


def same_bits(found, expected, what):
    require(found.shape == expected.shape, f"{what}: shape {found.shape}, expected {expected.shape}")
    require(found.dtype == expected.dtype, f"{what}: {found.dtype}, expected {expected.dtype}")
    if found.tobytes() != expected.tobytes():
        difference = np.abs(found.astype(np.float64) - expected.astype(np.float64)).max()
        raise Failure(f"{what}: not bit for bit, greatest difference {difference:.3g}")


def close(found, expected, scores, statistics):
    """How far boxes are apart in pixels where the score counts, and scores, by themselves and relative to their size."""
    boxes, best = found
    expected_boxes, expected_best = expected
    counts = np.maximum(best.astype(np.float32), expected_best) >= 0.01
    pixel = np.abs(boxes.astype(np.float32) - expected_boxes)[counts].max() if counts.any() else 0
    score = np.abs(scores[0].astype(np.float32) - scores[1]).max()
    relative = (np.abs(scores[0].astype(np.float32) - scores[1]) / np.maximum(scores[1], 0.01)).max()
    statistics["pixel"] = max(statistics.get("pixel", 0), float(pixel))
    statistics["score"] = max(statistics.get("score", 0), float(score))
    statistics["relative"] = max(statistics.get("relative", 0), float(relative))
    return pixel, score, relative


def accept(original, height, width, is_half_output, statistics, pixel, score, relative):
    floor = original.floor(height, width)
    statistics["floor"] = max(statistics.get("floor", 0), floor)
    require(pixel <= (1 if is_half_output else 0.5), f"boxes differ by {pixel:.3g} px")
    require(score <= 2e-3, f"scores differ by {score:.3g}")
    bound = max(2e-3, 2 * floor)
    require(relative <= bound, f"scores differ by {relative:.3g} of their size, more than {bound:.3g}")


def same_rows(boxes, scores, classes, expected_boxes, expected_scores, expected_classes, is_half_output, statistics):
    """End-to-end rows: each of the better half of the original's has a partner; the rest compete for the last places."""
    total = missing = 0
    for i in range(len(boxes)):
        found = [(tuple(b), s, c) for b, s, c in zip(boxes[i].astype(np.float32), scores[i].astype(np.float32), classes[i])]
        for b, s, c in list(zip(expected_boxes[i], expected_scores[i], expected_classes[i]))[: len(found) // 2]:
            total += 1
            pixels = 1 if is_half_output else 0.5
            missing += not any(c == k and abs(s - v) <= 3e-3 and max(abs(p - q) for p, q in zip(b, o)) <= pixels
                               for o, v, k in found)
    statistics["rows"] = statistics.get("rows", 0) + total
    statistics["missing"] = statistics.get("missing", 0) + missing
    require(missing <= 0.005 * total, f"{missing} of {total} rows have no partner")


def matched(found, expected, pixels, score):
    """How many detections of one list have no partner in the other."""
    left = list(expected)
    missing = 0
    for box, value, kind in found:
        for index, (other, other_value, other_kind) in enumerate(left):
            if kind == other_kind and abs(value - other_value) <= score and max(abs(a - b) for a, b in zip(box, other)) <= pixels:
                del left[index]
                break
        else:
            missing += 1
    return missing + len(left)


def check(original, edits, edited_path, statistics):
    names = set(edits)
    model = onnx.load(edited_path)
    onnx.checker.check_model(str(edited_path), full_check=True)
    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    for before, after in zip(model.graph.output, inferred.graph.output):
        for a, b in zip(before.type.tensor_type.shape.dim, after.type.tensor_type.shape.dim):
            require(not a.dim_value or a.dim_value == b.dim_value, f"shape inference changes output {before.name}")
    if "metadata" in names:
        require(("note", "a=b") in [(p.key, p.value) for p in model.metadata_props], "metadata is missing")
    if "plugin" in names:
        plugin = [n for n in model.graph.node if n.op_type == "EfficientNMS_TRT"]
        require(len(plugin) == 1 and plugin[0].domain == "TRT", "the plugin's node is missing")
        return
    if "bf16" in names:
        require(any(t.data_type == onnx.TensorProto.BFLOAT16 for t in model.graph.initializer), "nothing is bfloat16")
        return  # onnxruntime has no bfloat16 convolutions on the CPU
    half = {"fp16", "fp16-io"} & names

    count = COUNT
    if "batch-2" not in names and "batch-dynamic" not in names and not isinstance(original.batch, str):
        count = original.batch
    height, width = (256, 320) if isinstance(original.height, str) else (original.height, original.width)
    if "size-320x256" in names:
        height, width = 320, 256
    elif "size-dynamic" in names:
        height, width = 256, 320
    pictures = images(COUNT, height, width)[:count]
    feed = pictures if "uint8" in names else as_float(pictures)
    if "fp16-io" in names and "uint8" not in names:
        feed = feed.astype(np.float16)
    key = "pictures" if "rename" in names else "images"
    outputs = session(edited_path).run(None, {key: feed})
    raw = original.run(height, width, count)

    if "suppression" in names:
        boxes, scores, classes = split(raw, "xyxy", False)
        total = wrong = 0
        for i in range(count):
            expected = suppress(boxes[i], scores[i], classes[i], original.confidence)
            kept = int(outputs[0][i, 0])
            found = [(tuple(outputs[1][i, k]), outputs[2][i, k], outputs[3][i, k]) for k in range(kept)]
            require(not outputs[1][i, kept:].any() and not outputs[2][i, kept:].any(), "padding is not zero")
            require(all(a >= b for a, b in zip(outputs[2][i], outputs[2][i, 1:])), "scores do not descend")
            total += max(len(expected), len(found))
            wrong += matched(found, expected, *((1.0, 0.02) if half else (0, 0)))
        statistics["detections"] = statistics.get("detections", 0) + total
        statistics["unmatched"] = statistics.get("unmatched", 0) + wrong
        statistics["worst"] = max(statistics.get("worst", 0), wrong / max(total, 1))
        if not half:
            require(wrong == 0, f"{wrong} of {total} detections differ")
        return
    form = "cxcywh" if "split-cxcywh" in names else "xyxy"
    if names & {"split", "split-cxcywh"}:
        expected = split(raw, form, original.end_to_end)
        if half:
            if original.end_to_end:
                same_rows(*outputs, *expected, "fp16-io" in names, statistics)
            else:
                accept(original, height, width, "fp16-io" in names, statistics,
                       *close(outputs[:2], expected[:2], (outputs[1], expected[1]), statistics))
            return
        for name, a, b in zip(("bbox", "conf", "class_id"), outputs, expected):
            same_bits(a, np.ascontiguousarray(b), name)
    elif half:
        found = outputs[0]
        if original.end_to_end:
            same_rows(*split(found, "xyxy", True), *split(raw, "xyxy", True), "fp16-io" in names, statistics)
        else:
            accept(original, height, width, "fp16-io" in names, statistics,
                   *close((found[:, :4].transpose(0, 2, 1), found[:, 4:].max(1)),
                          (raw[:, :4].transpose(0, 2, 1), raw[:, 4:].max(1)), (found[:, 4:], raw[:, 4:]), statistics))
    else:
        same_bits(outputs[0], raw, "output0")


def combinations(singles):
    for name in EDITS:
        yield (name,)
    if singles:
        return
    for a, b in itertools.combinations(EDITS, 2):
        if not any({a, b} <= group for group in GROUPS):
            yield a, b


def applies(original, edits):
    """End-to-end heads need no suppression and have no centres; that these are refused is checked, too."""
    if original.end_to_end and set(edits) & {"suppression", "plugin", "split-cxcywh"}:
        return False
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--swoop", required=True, type=pathlib.Path)
    parser.add_argument("--models", required=True, type=pathlib.Path)
    parser.add_argument("--fixture", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--edit", default="")
    parser.add_argument("--singles", action="store_true")
    arguments = parser.parse_args()
    paths = sorted(arguments.models.glob("*.onnx"))
    paths = [p for p in paths if not p.stem.endswith(("-320", "-384x640"))]
    if arguments.fixture:
        paths.append(arguments.fixture)
    failures = total = 0
    report = {}
    for path in paths:
        if arguments.only not in path.stem:
            continue
        dynamic = path.with_name(path.stem + "-dynamic.onnx")
        original = Original(path, dynamic if dynamic.exists() else None)
        statistics = report.setdefault(original.name, {})
        started = time.time()
        for edits in combinations(arguments.singles):
            if arguments.edit not in "+".join(edits):
                continue
            with tempfile.TemporaryDirectory() as folder:
                edited = pathlib.Path(folder) / "edited.onnx"
                options = [option for name in edits for option in EDITS[name]]
                options = [str(original.confidence) if option == "CONFIDENCE" else option for option in options]
                result = subprocess.run([arguments.swoop, "convert", path, edited, *options], capture_output=True, text=True)
                total += 1
                try:
                    if not applies(original, edits):
                        require(result.returncode != 0, "was not refused")
                        continue
                    require(result.returncode == 0, f"swoop: {result.stderr.strip().splitlines()[:1]}")
                    half = {"fp16", "fp16-io"} & set(edits)
                    check(original, edits, edited, statistics.setdefault(sorted(half)[0], {}) if half else statistics)
                except Exception as error:  # every failure is counted and told
                    failures += 1
                    print(f"FAILED {original.name} {'+'.join(edits)}: {str(error).strip()[:400]}", flush=True)
        print(f"{original.name}: {time.time() - started:.0f} s {json.dumps(statistics)}", flush=True)
    halves = [entry[kind] for entry in report.values() for kind in ("fp16", "fp16-io") if kind in entry]
    detections = sum(entry.get("detections", 0) for entry in halves)
    unmatched = sum(entry.get("unmatched", 0) for entry in halves)
    if unmatched > 0.005 * 2 * detections:
        failures += 1
        print(f"FAILED fp16: {unmatched} boxes without partner of {detections} detections in each of two lists")
    print(f"{total} edits, {failures} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
