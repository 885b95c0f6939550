"""What the scripts of this folder share: a table of aims, commands that cannot hang, `swoop detect`, a GPU's memory."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


class Table:
    def __init__(self):
        self.rows = []

    def add(self, measure, aim, found, reached):
        """Adds a row; `reached` is `None` for what has no aim."""
        self.rows.append((measure, aim, found, "" if reached is None else "yes" if reached else "**no**"))
        if aim:
            print(f"--> {measure}: {found} (aim: {aim}): {'reached' if reached else 'NOT REACHED'}", flush=True)
        else:
            print(f"--> {measure}: {found}", flush=True)

    def fail(self, measure, reason):
        self.rows.append((measure, "", f"failed: {reason}", "**no**"))

    @property
    def is_reached(self):
        return all(row[3] != "**no**" for row in self.rows)

    def print(self):
        print("| measure | aim | found | reached |\n|---|---|---|---|")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


class Deadline:
    """What a script may take in all; every command gets what is left of it at most."""

    def __init__(self, seconds=None):
        self.end = None if seconds is None else time.monotonic() + seconds

    def left(self, most=None):
        """Seconds, `most` at most, or `None` where nothing bounds them."""
        if self.end is None:
            return most
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("no time is left")
        return left if most is None else min(left, most)


class Finished:
    def __init__(self, returncode, stdout, stderr):
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


def show(command, environment=None):
    words = [f"{name}={value}" for name, value in (environment or {}).items()] + [str(word) for word in command]
    print("$ " + " ".join(word if " " not in word else repr(word) for word in words), flush=True)


def call(command, timeout=None, environment=None, keeps_output=False, keeps_errors=False, is_shown=True):
    """Runs a command to its end. One that takes longer than `timeout` seconds is killed, and a `TimeoutError` raised.

    Text goes through files, since a pipe that a killed command's child still holds would be waited for.
    """
    if is_shown:
        show(command, environment)
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output if keeps_output else None,
            stderr=errors if keeps_errors else None, env={**os.environ, **(environment or {})})
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            stop(process)
            errors.seek(0)
            raise TimeoutError(f"{command[0]} had not ended after {timeout:.0f} s\n{errors.read()}") from None
        except BaseException:
            stop(process)
            raise
        output.seek(0)
        errors.seek(0)
        return Finished(process.returncode, output.read(), errors.read())


def stop(process):
    """Kills a process of ours, and does not wait for ever for one that the driver holds."""
    if process.poll() is None:
        process.kill()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            print(f"process {process.pid} does not end", flush=True)


def detect_command(arguments, source, output, *more, model="model-fp16.onnx", device="cuda:0"):
    return [arguments.swoop, "detect", source, "--model", arguments.folder / model, "--engine", "onnxruntime",
            "--device", device, "--batch", arguments.batch, "--output", output, *arguments.option, *more]


def detect(arguments, work, name, source, *more, timeout=None, **options):
    """Runs `detect` and reads what it wrote: the folder, the header and the records."""
    output = work / name
    shutil.rmtree(output, ignore_errors=True)
    result = call(detect_command(arguments, source, output, *more, **options), timeout=timeout, keeps_errors=True)
    print(result.stderr, end="")
    if result.returncode not in (0, 1):
        raise SystemExit(f"detect ended with {result.returncode}")
    with open(output / "detections.jsonl") as file:
        header = json.loads(next(file))
        records = [json.loads(line) for line in file]
    return output, header, records


def gpus(*fields):
    """What nvidia-smi tells of each GPU: a list of texts for each, in its order."""
    result = subprocess.run(["nvidia-smi", f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"],
                            capture_output=True, text=True, timeout=20, check=True)
    return [[field.strip() for field in line.split(",")] for line in result.stdout.splitlines() if line.strip()]


def link_many(files, folder, count):
    """A folder of `count` links to files, over and over."""
    folder.mkdir()
    for index in range(count):
        (folder / f"{index:06}{files[index % len(files)].suffix}").symlink_to(files[index % len(files)])
    return folder


def run_steps(steps, arguments, table, work):
    """One step's failure must not cost the others."""
    for step in steps:
        if arguments.step and step.__name__ not in arguments.step:
            continue
        begin = time.perf_counter()
        try:
            step(arguments, table, pathlib.Path(work))
        except (Exception, SystemExit) as error:
            print(f"--> {step.__name__} failed: {type(error).__name__}: {error}", flush=True)
            table.fail(step.__name__, str(error).split("\n")[0])
        print(f"[{step.__name__}: {time.perf_counter() - begin:.1f} s]", flush=True)
