"""Has one of the Python programs judge detections: prints its twelve figures and the seconds of evaluation alone as JSON.

    judge.py pycocotools|faster-coco-eval GROUND-TRUTH RESULTS
"""

import contextlib
import io
import json
import sys
import time


def main():
    program, truth_path, results_path = sys.argv[1:]
    if program == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval as Evaluation
    else:
        from faster_coco_eval import COCO, COCOeval_faster as Evaluation
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(truth_path)
        results = truth.loadRes(results_path)
        start = time.perf_counter()
        evaluation = Evaluation(truth, results, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        seconds = time.perf_counter() - start
    print(json.dumps({"figures": [float(value) for value in evaluation.stats[:12]], "seconds": seconds}))


if __name__ == "__main__":
    main()
