"""The network alone, with nothing around it: what no program that runs this model on this engine can exceed.

The input stays the same; no image is read, decoded or prepared, and nothing is made of the outputs.
"""

import time

import numpy as np


def run(model, images, settings):
    start = time.perf_counter()
    make = {"openvino": openvino_runner, "onnxruntime": onnxruntime_runner}[settings["backend"]]
    execute = make(model, settings)
    execute(4)
    ready = time.perf_counter()
    count = len(images)
    execute(-(-count // settings["batch"]))
    return {"startup": ready - start, "seconds": time.perf_counter() - ready, "detections": None}


def tensor(settings):
    size = settings["size"]
    return np.random.default_rng(1).random((settings["batch"], 3, size, size), dtype=np.float32)


def openvino_runner(model, settings):
    import openvino

    precision = {"fp32": "f32", "bf16": "bf16"}[settings["precision"]]
    config = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_NUM_THREADS": settings["threads"],
    }
    compiled = openvino.Core().compile_model(model, "CPU", config)
    found = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
    if found not in (precision, {"f32": "float", "bf16": "bfloat16"}[precision]):
        raise SystemExit(f"skip: OpenVINO runs {found} on this processor, not {precision}")
    queue = openvino.AsyncInferQueue(compiled)
    data = tensor(settings)
    for request in queue:
        request.set_input_tensor(openvino.Tensor(data.copy()))

    def execute(count):
        for _ in range(count):
            queue.start_async()
        queue.wait_all()

    return execute


def onnxruntime_runner(model, settings):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = settings["threads"]
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {session.get_inputs()[0].name: tensor(settings)}

    def execute(count):
        for _ in range(count):
            session.run(None, feed)

    return execute
