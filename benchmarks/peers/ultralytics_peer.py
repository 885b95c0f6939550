"""Ultralytics, used as its documentation shows: YOLO(model).predict(folder)."""

import pathlib
import shutil
import time


def run(model, images, settings):
    """Detects in all images of the folder that `images` are in."""
    start = time.perf_counter()
    kind = settings["backend"]
    if kind == "openvino" and settings["precision"] == "fp32":
        keep_float32()
    import torch
    import ultralytics

    torch.set_num_threads(settings["threads"])
    detector = ultralytics.YOLO(prepare(model, kind, settings), task="detect")
    options = {
        "imgsz": settings["size"],
        "conf": settings["confidence"],
        "iou": settings["iou"],
        "batch": settings["batch"],
        # Otherwise images of one shape are given less padding, and the network less to do, than in the other rows.
        "rect": False,
        "device": "cpu",
        "stream": True,
        "verbose": False,
        "save": False,
    }
    warm_up = [str(path) for path in images[: settings["batch"] * 2]]
    for _ in detector.predict(warm_up, **options):
        pass
    ready = time.perf_counter()
    detections = {}
    for result in detector.predict(str(images[0].parent), **options):
        boxes = result.boxes
        rows = zip(boxes.cls.tolist(), boxes.conf.tolist(), boxes.xyxy.tolist())
        detections[pathlib.Path(result.path).name] = [[int(c), s, *corners] for c, s, corners in rows]
    return {"startup": ready - start, "seconds": time.perf_counter() - ready, "detections": detections}


def keep_float32():
    """OpenVINO computes in bfloat16 by itself where the processor does; this makes every model it compiles keep float32."""
    import openvino

    compile_model = openvino.Core.compile_model

    def compile_in_float32(self, *arguments, **named):
        arguments = list(arguments)
        config = named.get("config") or (arguments.pop(2) if len(arguments) > 2 else None)
        named["config"] = {**(config or {}), "INFERENCE_PRECISION_HINT": "f32"}
        return compile_model(self, *arguments, **named)

    openvino.Core.compile_model = compile_in_float32


def prepare(model, kind, settings):
    """The model in the form that Ultralytics' backend takes, made from the ONNX file once."""
    model = pathlib.Path(model)
    if kind == "onnxruntime":
        return str(model)
    folder = pathlib.Path(settings["work"]) / "models"
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "openvino":
        target = folder / f"{model.stem}_openvino_model"
        if not (target / "metadata.yaml").exists():
            make_openvino(model, target)
        return str(target)
    target = folder / f"{model.stem}.pt"
    if not target.exists():
        make_torch(model, target)
    return str(target)


def metadata(model):
    import ast

    import onnx

    pairs = {entry.key: entry.value for entry in onnx.load(model, load_external_data=False).metadata_props}
    for key, value in pairs.items():
        try:
            pairs[key] = ast.literal_eval(value)
        except (SyntaxError, ValueError):
            pass
    return pairs


def make_openvino(model, target):
    """An OpenVINO folder as Ultralytics' exporter lays it out: the model, and the ONNX file's metadata as YAML."""
    import openvino
    import yaml

    partial = target.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    openvino.save_model(openvino.convert_model(model), partial / f"{model.stem}.xml", compress_to_fp16=False)
    (partial / "metadata.yaml").write_text(yaml.safe_dump(metadata(model)))
    partial.rename(target)


def make_torch(model, target):
    """A PyTorch checkpoint with the ONNX file's weights, where that file was exported from a YOLOv8n by Ultralytics.

    The export keeps the names of the layers and has batch normalisation folded into the convolutions, so the weights
    fit a fused model of the same architecture exactly.
    """
    import onnx
    import onnx.numpy_helper
    import torch
    from ultralytics.nn.tasks import DetectionModel

    network = DetectionModel("yolov8n.yaml", nc=len(metadata(model)["names"]), verbose=False)
    network.fuse(verbose=False)
    weights = {
        tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy())
        for tensor in onnx.load(model).graph.initializer
    }
    wanted = network.state_dict()
    # What the head keeps besides weights is constant: the bins of its distribution.
    missing = [name for name in wanted if name not in weights and not name.endswith("dfl.conv.weight")]
    wrong = [name for name in wanted if name in weights and weights[name].shape != wanted[name].shape]
    if missing or wrong:
        raise SystemExit(f"skip: {model.name} is not a YOLOv8n with the names that Ultralytics exports ({(missing + wrong)[0]})")
    network.load_state_dict({name: weights.get(name, wanted[name]) for name in wanted})
    network.names = metadata(model)["names"]
    torch.save({"model": network.eval(), "train_args": {"task": "detect"}}, target)
