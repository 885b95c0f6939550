"""Writes the trained weights as ONNX: weights stored in half precision, computed in single precision."""

import argparse
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from generator import CLASSES
from network import Detector, Export

OPSET = 17


# Added to the logits of each class, which moves every confidence and changes no order within a class. Trained scores are
# too sure of look-alikes: chosen on 1,600 empty scenes of the training's photographs (seed 930001) so that at confidence
# 0.4 the false boxes there fall from 4.3 to 2.6 in a hundred.
CALIBRATION = {"qr": -0.5, "aztec": -0.5, "datamatrix": -0.8, "pdf417": -0.5, "barcode": -0.5, "marker": -0.5}


def average(paths, share):
    """The weights of one run, or the mean of two, the second with `share`."""
    states = [torch.load(path, map_location="cpu")["weights"] for path in paths]
    if len(states) == 1:
        return states[0]
    first, second = states
    return {
        name: (value.float() * (1 - share) + second[name].float() * share).to(value.dtype) if value.is_floating_point() else value
        for name, value in first.items()
    }


def load(paths, share):
    """The averaged weights of training runs, calibrated, norms folded into the convolutions."""
    model = Detector(len(CLASSES))
    model.load_state_dict(average(paths, share))
    shift = torch.tensor([CALIBRATION[name] for name in CLASSES])
    for branch in model.head.cls:
        branch[-1].bias.data += shift
    return model.float().eval().fuse()


def network(paths, share=0.0):
    """The graph to export. Weights are rounded to what the file stores, after folding."""
    out = Export(load(paths, share)).eval()
    for p in out.parameters():
        if p.numel() > 256:
            p.data = p.data.half().float()
    return out


def halve(model):
    """Stores float32 initialisers of more than 256 values as float16 behind a Cast to float32.

    Every engine folds the cast when it loads the file, so nothing is computed in half precision unless asked for.
    """
    graph = model.graph
    casts = []
    for tensor in list(graph.initializer):
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        if values.size <= 256:
            continue
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], name=name + ".cast", to=TensorProto.FLOAT))
    for i, node in enumerate(casts):
        graph.node.insert(i, node)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("weights")
    a.add_argument("output")
    a.add_argument("--average", metavar="WEIGHTS", help="weights of another run, to be averaged with")
    a.add_argument("--share", type=float, default=0.3, help="of those in the mean (default: 0.3)")
    a.add_argument("--version", default="1.2.0")
    a.add_argument("--date", default="2026-11-24T00:00:00", help="written into the metadata; fixed, so that the file repeats")
    arguments = a.parse_args()
    part = arguments.output + ".part"
    paths = [arguments.weights] + ([arguments.average] if arguments.average else [])
    torch.onnx.export(network(paths, arguments.share), (torch.zeros(1, 3, 640, 640),), part, input_names=["images"], output_names=["output0"],
                      dynamic_axes={"images": {0: "batch"}, "output0": {0: "batch"}}, opset_version=OPSET, dynamo=False)
    model = onnx.load(part)
    halve(model)
    model.producer_name, model.producer_version, model.doc_string = "Swoop", arguments.version, ""
    model.graph.name = "codes"
    entries = {
        "description": "Swoop codes detector: machine-readable codes in photographs",
        "author": "Swoop",
        "date": arguments.date,
        "version": arguments.version,
        "license": "Apache-2.0",
        "docs": "Models/codes/README.md",
        "stride": "32",
        "task": "detect",
        "batch": "1",
        "imgsz": "[640, 640]",
        "names": "{" + ", ".join(f"{i}: '{n}'" for i, n in enumerate(CLASSES)) + "}",
        "args": "{'batch': 1, 'half': False, 'dynamic': True, 'simplify': False, 'opset': %d, 'nms': False}" % OPSET,
        "channels": "3",
        "end2end": "False",
    }
    shape = model.graph.output[0].type.tensor_type.shape.dim
    for axis, size in ((1, 4 + len(CLASSES)), (2, 8400)):
        shape[axis].Clear()
        shape[axis].dim_value = size
    del model.metadata_props[:]
    for k, v in entries.items():
        model.metadata_props.add(key=k, value=v)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, arguments.output)
    os.unlink(part)
    print(f"{arguments.output}: {os.path.getsize(arguments.output)} bytes")


if __name__ == "__main__":
    main()
