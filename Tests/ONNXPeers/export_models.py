"""Exports YOLO-family models with random weights to ONNX, for the peers' tests.

usage: export_models.py FOLDER

The exporter is run as a tool; neither it nor what it writes is part of this repository. Weights are random but
seeded. Batch-norm statistics are taken from a few images of smoothed noise and the class scores are spread out, so
that activations and scores have the sizes that trained weights give.
"""

import os
import pathlib
import shutil
import sys
import tempfile

os.environ["YOLO_OFFLINE"] = "1"
import torch
from ultralytics import YOLO

CONFIGURATIONS = {
    "yolov5nu": "yolov5n.yaml", "yolov8n": "yolov8n.yaml", "yolov9t": "yolov9t.yaml", "yolov10n": "yolov10n.yaml",
    "yolo11n": "yolo11n.yaml", "yolo12n": "yolo12n.yaml", "yolo26n": "yolo26n.yaml",
}
VARIANTS = {"": {}, "-dynamic": {"dynamic": True}}
END_TO_END = {"-e2e": {"nms": False}, "-e2e-dynamic": {"nms": False, "dynamic": True}}
SIZES = {"-320": {"imgsz": 320}, "-384x640": {"imgsz": [384, 640]}}


def calibrated(configuration: str) -> YOLO:
    torch.manual_seed(7)
    yolo = YOLO(configuration)
    model = yolo.model
    images = torch.nn.functional.interpolate(torch.rand(4, 3, 40, 40), size=(320, 320), mode="bicubic").clamp(0, 1)
    images = (images + 0.1 * torch.rand_like(images)).clamp(0, 1)
    with torch.no_grad():
        model.train()
        for module in model.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = 0.5
        for _ in range(6):
            model(images)
        model.eval()
        head = model.model[-1]
        # Scores from about 0.1 to 0.7, boxes of every size: enough for suppression to have work. Wider spreads than
        # trained heads have would make rounding errors in the logits look larger than they are.
        for name, bias in (("cv3", -1.0), ("one2one_cv3", -1.0), ("cv2", 0.0), ("one2one_cv2", 0.0)):
            for branch in getattr(head, name, None) or []:
                captured = []
                last = branch[-1]
                hook = last.register_forward_hook(lambda _m, _i, output: captured.append(output))
                model(images)
                hook.remove()
                if not captured:
                    continue
                last.weight *= 0.4 / max(captured[0].std().item(), 1e-6)
                last.bias.fill_(bias)
                if name.endswith("cv2"):
                    # Small distances are the likely ones.
                    bins = last.bias.numel() // 4
                    last.bias.copy_(-0.5 * torch.arange(bins).repeat(4) if bins > 1 else torch.full((4,), 2.0))
    return yolo


def main() -> None:
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name, configuration in CONFIGURATIONS.items():
        variants = dict(VARIANTS)
        if name in ("yolov10n", "yolo26n"):
            variants |= END_TO_END
        if name in ("yolov8n", "yolo11n", "yolo12n"):
            variants |= SIZES
        if all((folder / f"{name}{suffix}.onnx").exists() for suffix in variants):
            continue
        # One set of weights for all variants, which are compared with each other bit for bit.
        weights = calibrated(configuration).model.state_dict()
        for suffix, options in variants.items():
            target = folder / f"{name}{suffix}.onnx"
            with tempfile.TemporaryDirectory() as scratch:
                os.chdir(scratch)
                yolo = YOLO(configuration)
                yolo.model.load_state_dict(weights)
                written = yolo.export(format="onnx", simplify=False, **{"imgsz": 640, **options})
                shutil.move(written, target)
            print(target, flush=True)


if __name__ == "__main__":
    main()
