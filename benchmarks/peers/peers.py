#!/usr/bin/env python3
"""Runs Swoop and its peers in turn on the same images and model, several rounds, and prints a table of medians.

Every program runs in a process of its own, on the same processors, with the same size, thresholds and threads. A ratio
is printed only for a pair whose detections agree.
"""

import argparse
import importlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import agreement
import machine

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXTENSIONS = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}


# What runs. `resize` is Swoop's mode that gives the network the same input as the peer.
def contestants(arguments):
    rows = []

    def add(name, program, precision, **more):
        rows.append({"name": name, "program": program, "precision": precision, "batch": None, **more})

    for precision in arguments.precisions:
        add(f"Swoop, OpenVINO {precision}", "swoop", precision, engine="openvino", resize="ultralytics")
    if "fp32" in arguments.precisions:
        add("Swoop, OpenVINO fp32, Pillow's resize", "swoop", "fp32", engine="openvino", resize="pillow")
        if arguments.with_onnxruntime:
            add("Swoop, ONNX Runtime fp32", "swoop", "fp32", engine="onnxruntime", resize="ultralytics")
    for batch in (1, 8):
        for precision in arguments.precisions:
            add(
                f"Ultralytics, OpenVINO {precision}, batch {batch}", "ultralytics_peer", precision, backend="openvino",
                batch=batch, resize="ultralytics")
        if "fp32" in arguments.precisions:
            for backend, title in (("onnxruntime", "ONNX Runtime"), ("torch", "PyTorch")):
                add(
                    f"Ultralytics, {title} fp32, batch {batch}", "ultralytics_peer", "fp32", backend=backend, batch=batch,
                    resize="ultralytics")
    if "fp32" in arguments.precisions:
        add("Pillow + NumPy + ONNX Runtime fp32", "recipe", "fp32", resize="pillow")
    for precision in arguments.precisions:
        add(f"OpenVINO alone, {precision}", "engine_alone", precision, backend="openvino", batch=1, resize=None)
    if "fp32" in arguments.precisions:
        add("ONNX Runtime alone, fp32", "engine_alone", "fp32", backend="onnxruntime", batch=1, resize=None)
    if arguments.only:
        rows = [row for row in rows if any(word.lower() in row["name"].lower() for word in arguments.only)]
    return rows


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="benchmarks/peers/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default_model, default_images = ROOT / "Models/codes/codes.onnx", ROOT / "Examples/photos"
    parser.add_argument("--model", type=pathlib.Path, default=default_model, help="an ONNX file (default: %(default)s)")
    parser.add_argument(
        "--images", type=pathlib.Path, default=default_images, help="a folder of images (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each program runs (default: 3)")
    parser.add_argument(
        "--count", type=int, default=360, help="images in a run; the folder's are repeated to this number (default: 360)")
    parser.add_argument(
        "--threads", type=int, default=0, help="processors that every program may use (default: all that this process may)")
    parser.add_argument("--size", type=int, default=640, help="the network's input (default: 640)")
    parser.add_argument("--confidence", type=float, default=0.25)
    parser.add_argument("--iou", type=float, default=0.7)
    parser.add_argument(
        "--precisions", type=lambda text: text.split(","), default=None,
        help="fp32,bf16 (default: fp32, and bf16 where the processor computes with it)")
    parser.add_argument("--only", action="append", help="only rows whose name contains this; may be given several times")
    parser.add_argument("--swoop", type=pathlib.Path, default=ROOT / ".build/release/swoop", help="Swoop's command")
    parser.add_argument(
        "--swoop-options", type=str.split, default=[], help="more options of `swoop detect`, in one word: '--batch 4'")
    parser.add_argument("--output", type=pathlib.Path, help="a folder for results.json, table.md and the detections")
    parser.add_argument(
        "--busy", type=float, default=0.1, help="refuse to start where more than this share of the processors is busy")
    arguments = parser.parse_args()
    if not arguments.model.is_file():
        parser.error(f"the model {arguments.model} is not there; name one with --model")
    if not arguments.images.is_dir():
        parser.error(f"the folder {arguments.images} is not there; name one with --images")
    if not arguments.swoop.is_file():
        parser.error(f"{arguments.swoop} is not there; build it: swift build -c release")
    allowed = len(os.sched_getaffinity(0))
    arguments.threads = arguments.threads or allowed
    if not 0 < arguments.threads <= allowed:
        parser.error(f"--threads {arguments.threads}: this process may use {allowed} processors")
    if arguments.rounds < 1 or arguments.count < 1:
        parser.error("--rounds and --count must be at least 1")
    if arguments.precisions is None:
        instructions = machine.describe()["instructions"]
        arguments.precisions = ["fp32"] + (["bf16"] if {"avx512_bf16", "amx_bf16"} & set(instructions) else [])
    help_text = subprocess.run([arguments.swoop, "detect", "--help"], capture_output=True, text=True).stdout
    arguments.with_onnxruntime = "onnxruntime" in help_text
    return arguments


def copy_images(source, target, count):
    """Copies the folder's images, over and over, under new names until there are `count`."""
    originals = sorted(path for path in source.iterdir() if path.suffix.lower() in EXTENSIONS)
    if not originals:
        raise SystemExit(f"peers: there are no images in {source}")
    target.mkdir(parents=True)
    for index in range(count):
        original = originals[index % len(originals)]
        shutil.copyfile(original, target / f"{index:05}-{original.name}")
    return min(count, len(originals))


def settings_of(row, arguments, work):
    return {
        "size": arguments.size, "confidence": arguments.confidence, "iou": arguments.iou, "threads": arguments.threads,
        "precision": row["precision"], "batch": row["batch"] or 1, "backend": row.get("backend"), "work": str(work),
    }


def why(log):
    """The line of a program's messages that says what went wrong."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(error|fatal|skip|peers|\w*(Error|Exception|Exit))\b", line, re.I)]
    return (telling or lines or ["no message"])[-1]


def run_python(row, arguments, images, work):
    """Runs one of the Python programs in a process of its own, and returns what it says."""
    result = work / "result.json"
    result.unlink(missing_ok=True)
    request = {
        "program": row["program"], "model": str(arguments.model.resolve()), "images": str(images),
        "settings": settings_of(row, arguments, work), "result": str(result),
    }
    command = [sys.executable, str(pathlib.Path(__file__).resolve()), "--child", json.dumps(request)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(arguments.threads)}
    start = time.perf_counter()
    process = subprocess.run(command, capture_output=True, text=True, env=environment)
    wall = time.perf_counter() - start
    if process.returncode:
        return {"error": why(process.stderr), "log": process.stderr}
    measured = json.loads(result.read_text())
    return {"wall": wall, **measured}


def child(request):
    """The other side of `run_python`."""
    program = importlib.import_module(request["program"])
    if request["result"] is None:
        program.prepare(request["model"], request["settings"]["backend"], request["settings"])
        return
    images = sorted(pathlib.Path(request["images"]).iterdir())
    measured = program.run(request["model"], images, request["settings"])
    pathlib.Path(request["result"]).write_text(json.dumps(measured))


def prepare(rows, arguments, work):
    """Has Ultralytics' rows make the forms of the model that they need, so that no run's start-up has it in it."""
    done = set()
    for row in rows:
        if row["program"] != "ultralytics_peer" or row["backend"] in done:
            continue
        done.add(row["backend"])
        request = {
            "program": row["program"], "model": str(arguments.model.resolve()), "images": None,
            "settings": settings_of(row, arguments, work), "result": None,
        }
        command = [sys.executable, str(pathlib.Path(__file__).resolve()), "--child", json.dumps(request)]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            reason = why(process.stderr).removeprefix("skip: ")
            for other in rows:
                if other.get("backend") == row["backend"] and other["program"] == row["program"]:
                    other.update(error=reason, log=process.stderr)
            say(f"{row['name']}: {reason}")


def run_swoop(row, arguments, images, work):
    output = work / "swoop"
    shutil.rmtree(output, ignore_errors=True)
    command = [
        arguments.swoop, "detect", images, "--model", arguments.model.resolve(), "--output", output, "--engine", row["engine"],
        "--precision", row["precision"], "--threads", arguments.threads, "--resize", row["resize"],
        "--confidence", arguments.confidence, "--iou", arguments.iou, *arguments.swoop_options,
    ]
    start = time.perf_counter()
    process = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    wall = time.perf_counter() - start
    if process.returncode:
        return {"error": why(process.stderr), "log": process.stderr}
    # The last of its lines with a rate is the whole run's: `38.2 images/s in 9.4 s; …`, from the first file to the last
    # record. The rate has three digits or more; the seconds have fewer.
    stated = re.findall(r"([\d,]+\.?\d*) images?/s", process.stderr)
    if not stated:
        return {"error": "swoop's messages have no rate in images/s", "log": process.stderr}
    detections = {}
    with open(output / "detections.jsonl") as file:
        header = json.loads(next(file))
        for line in file:
            record = json.loads(line)
            if "detections" not in record:
                return {"error": f"swoop failed on {record.get('image')}: {record.get('error')}"}
            detections[record["image"]] = [[d["class"], d["confidence"], *d["box"]] for d in record["detections"]]
    seconds = arguments.count / float(stated[-1].replace(",", ""))
    return {
        "wall": wall, "seconds": seconds, "startup": wall - seconds, "detections": detections,
        "ran_on": header.get("engine"), "log": process.stderr,
    }


def measure(rows, arguments, images, work):
    """Runs all rows in turn, `rounds` times; the order is turned by one each round, so that no row is always first."""
    for row in rows:
        row["runs"] = []
    for number in range(arguments.rounds):
        for index in range(len(rows)):
            row = rows[(index + number) % len(rows)]
            if "error" in row:
                continue
            load = machine.Load()
            run = (run_swoop if row["program"] == "swoop" else run_python)(row, arguments, images, work)
            if "error" in run:
                row["error"] = run["error"].removeprefix("skip: ")
                row["log"] = run.get("log", "")
                say(f"{row['name']}: {row['error']}")
                continue
            row["log"] = run.get("log", "")
            row["detections"] = run["detections"]
            row["ran_on"] = run.get("ran_on")
            shares = load.shares()
            row["runs"].append({key: run[key] for key in ("wall", "seconds", "startup")} | {"steal": shares["steal"]})
            say(f"round {number + 1}: {row['name']}: {arguments.count / run['seconds']:.1f} images/s")


def rate(row, count, key="seconds"):
    return count / statistics.median(run[key] for run in row["runs"])


def compare(rows, count):
    """For every peer: Swoop's row of the same precision and resize, whether they agree, and the ratio if they do."""
    pairs = []
    ours = {(row["precision"], row["resize"]): row for row in reversed(rows) if row["program"] == "swoop"}
    for row in rows:
        own = ours.get((row["precision"], row["resize"]))
        if row["program"] in ("swoop", "engine_alone") or not own or not own["runs"] or not row["runs"]:
            continue
        tolerance = agreement.FLOAT32 if row["precision"] == "fp32" else agreement.REDUCED
        result = agreement.compare(own["detections"], row["detections"], tolerance)
        pairs.append({
            "swoop": own["name"], "peer": row["name"], "agrees": result.agrees, "details": result.describe(),
            "tolerance": tolerance.describe(), "failures": result.failures,
            "ratio": rate(own, count) / rate(row, count) if result.agrees else None,
            "ratio_with_startup": rate(own, count, "wall") / rate(row, count, "wall") if result.agrees else None,
        })
    return pairs


def table(rows, pairs, arguments, description, versions, distinct):
    count = arguments.count
    lines = [
        f"{description['processor']}, {description['cores']} cores"
        + (" of a virtual machine" if description["virtual"] else "")
        + f" ({', '.join(description['instructions']) or 'no vector instructions that matter'}), "
        f"{description['memory_gib']} GiB; {description['system']}.",
        ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
        f"{arguments.model.name}; {count} images ({distinct} different ones, repeated) from {arguments.images.name}; "
        f"size {arguments.size}, confidence {arguments.confidence}, IoU {arguments.iou}, {arguments.threads} threads; "
        f"medians of {arguments.rounds} round{'s' if arguments.rounds > 1 else ''}, lowest and highest in brackets.",
        "",
        "| program | images/s | images/s with start-up | start-up |",
        "|---|---:|---:|---:|",
    ]
    for row in rows:
        if not row["runs"]:
            lines.append(f"| {row['name']} | not run: {row.get('error', 'no result')} | | |")
            continue
        rates = sorted(count / run["seconds"] for run in row["runs"])
        startup = statistics.median(run["wall"] - run["seconds"] for run in row["runs"])
        whole = f"{rate(row, count, 'wall'):.1f}" if row["program"] != "engine_alone" else ""
        lines.append(
            f"| {row['name']} | {rate(row, count):.1f} ({rates[0]:.1f}–{rates[-1]:.1f}) | {whole} | "
            f"{f'{startup:.1f} s' if whole else ''} |")
    lines += [
        "",
        "*images/s*: from the first image file to the last detection, with the program started, the model loaded and, in "
        "the Python programs, a few images run before. *With start-up*: the whole process, imports and loading included. "
        "*Alone*: the network without images, the limit of every program on that engine.",
    ]
    if pairs:
        lines += ["", "| Swoop against | ratio | with start-up | detections |", "|---|---:|---:|---|"]
        for pair in pairs:
            figures = (
                f"{pair['ratio']:.2f} | {pair['ratio_with_startup']:.2f}" if pair["agrees"] else "differ, so none | ")
            lines.append(f"| {pair['peer']} | {figures} | {pair['details']} |")
        tolerances = sorted({(pair["swoop"].rsplit(" ", 1)[-1] == "bf16", pair["tolerance"]) for pair in pairs})
        lines += ["", "Detections agree if: " + "; ".join(
            f"{'bf16' if reduced else 'fp32'}: {text}" for reduced, text in tolerances) + "."]
    return "\n".join(lines)


def versions_of(arguments):
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    stated = subprocess.run([arguments.swoop, "--version"], capture_output=True, text=True).stdout.strip()
    if stated:
        found["Swoop"] = stated.split()[-1]
    for package in ("ultralytics", "openvino", "onnxruntime", "torch", "pillow", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            pass
    return found


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    if sys.argv[1:2] == ["--child"]:
        return child(json.loads(sys.argv[2]))
    arguments = parse_arguments()
    if (busy := machine.busy_now()) > arguments.busy:
        raise SystemExit(
            f"peers: {busy:.0%} of the processors are busy with something else, so figures would mean little. Wait, or allow "
            f"it with --busy 1.")
    # Children inherit it: every program sees so many processors and no more.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.threads])
    description, whole = machine.describe(), machine.Load()
    with tempfile.TemporaryDirectory(prefix="swoop-peers-") as folder:
        work = pathlib.Path(folder)
        distinct = copy_images(arguments.images, work / "images", arguments.count)
        rows = contestants(arguments)
        prepare(rows, arguments, work)
        measure(rows, arguments, work / "images", work)
    pairs = compare(rows, arguments.count)
    versions = versions_of(arguments)
    text = table(rows, pairs, arguments, description, versions, distinct)
    steal = whole.shares()["steal"]
    if steal > 0.01:
        text += f"\n\nThe hypervisor took {steal:.1%} of the processor time away; figures are that much too low."
    print(text)
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        (arguments.output / "table.md").write_text(text + "\n")
        report = {
            "machine": description, "versions": versions, "steal": steal,
            "settings": {
                "model": arguments.model.name, "images": arguments.count, "distinct": distinct, "size": arguments.size,
                "confidence": arguments.confidence, "iou": arguments.iou, "threads": arguments.threads,
                "rounds": arguments.rounds, "swoop_options": arguments.swoop_options,
            },
            "rows": [{key: value for key, value in row.items() if key not in ("detections", "log")} for row in rows],
            "pairs": pairs,
        }
        (arguments.output / "results.json").write_text(json.dumps(report, indent=1) + "\n")
        for row in rows:
            name = re.sub(r"[^a-z0-9]+", "-", row["name"].lower()).strip("-")
            if row.get("detections"):
                (arguments.output / f"{name}.detections.json").write_text(json.dumps(row["detections"]))
            if row.get("log"):
                (arguments.output / f"{name}.log").write_text(row["log"])
    differing = [pair for pair in pairs if not pair["agrees"]]
    for pair in differing:
        say(f"{pair['swoop']} and {pair['peer']} differ: {pair['details']}\n  " + "\n  ".join(pair["failures"]))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
