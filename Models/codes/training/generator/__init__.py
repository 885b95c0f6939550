"""Scenes with machine-readable codes: symbols, text, surfaces, distractors, scenes and the camera."""

CLASSES = ("qr", "aztec", "datamatrix", "pdf417", "barcode", "marker")
