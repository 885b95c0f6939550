#!/usr/bin/env python3
"""Writes models/v8-ir: the model v8.onnx as OpenVINO IR, with the metadata.yaml that Ultralytics' exporter puts beside it.

    pip install openvino==2026.4.1 && python3 Tests/Fixtures/make_ir.py
"""

import pathlib
import openvino

FOLDER = pathlib.Path(__file__).parent / "models"

METADATA = """\
description: Swoop test fixture
author: Swoop
date: '2026-01-01T00:00:00.000000'
version: 8.3.0
license: Apache-2.0
docs: Tests/Fixtures/models/README.md
stride: 8
task: detect
batch: 1
imgsz:
- 64
- 64
names:
  0: red
  1: 'green: "light"'
  2: it's blue
args:
  batch: 1
  half: false
  dynamic: true
channels: 3
"""


def main():
    model = openvino.Core().read_model(FOLDER / "v8.onnx")
    folder = FOLDER / "v8-ir"
    folder.mkdir(exist_ok=True)
    openvino.save_model(model, folder / "v8.xml", compress_to_fp16=False)
    (folder / "metadata.yaml").write_text(METADATA)


if __name__ == "__main__":
    main()
