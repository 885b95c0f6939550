"""Trains the detector on scenes that are made while it trains."""

import argparse
import copy
import json
import math
import os
import queue
import sys
import threading
import time

import torch

from generator import CLASSES
from generator.camera import Camera
from losses import Loss
from network import Detector
from pool import Pool


class Ahead:
    """Takes the next pictures in a thread, on a stream of their own, while the network works on the last ones."""

    def __init__(self, camera, pool, batch, cuda):
        self.camera, self.pool, self.batch, self.cuda = camera, pool, batch, cuda
        self.stream = torch.cuda.Stream() if cuda else None
        self.queue = queue.Queue(2)
        self.stop = False
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        try:
            while not self.stop:
                if not self.cuda:
                    self.queue.put((self.camera(*self.pool.batch(self.batch)), None))
                    continue
                with torch.cuda.stream(self.stream):
                    out = self.camera(*self.pool.batch(self.batch))
                    out = (out[0].to(memory_format=torch.channels_last), *out[1:])
                    done = torch.cuda.Event()
                    done.record()
                self.queue.put((out, done))
        except BaseException as e:
            self.queue.put((e, None))
            raise

    def next(self):
        out, done = self.queue.get()
        if isinstance(out, BaseException):
            raise out
        if done is not None:
            torch.cuda.current_stream().wait_event(done)
            for t in out:
                t.record_stream(torch.cuda.current_stream())
        return out


class Average:
    """Exponential moving average of the weights."""

    def __init__(self, model, decay=0.9995):
        self.model = copy.deepcopy(model).eval()
        self.decay, self.updates = decay, 0
        for p in self.model.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        self.updates += 1
        d = self.decay * (1 - math.exp(-self.updates / 1000))
        mine, theirs = self.model.state_dict(), model.state_dict()
        floats = [k for k, v in mine.items() if v.dtype.is_floating_point]
        torch._foreach_lerp_([mine[k] for k in floats], [theirs[k] for k in floats], 1 - d)


def groups(model, decay):
    """Weight decay for kernels only, not for norms and biases."""
    kernels = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": kernels, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def save(path, average, arguments, step):
    state = {k: v.detach().cpu().clone() for k, v in average.model.state_dict().items()}
    torch.save({"weights": state, "step": step, "arguments": vars(arguments), "classes": CLASSES}, path + ".part")
    os.replace(path + ".part", path)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--assets", required=True)
    a.add_argument("--out", required=True, help="folder for weights.pt and log.jsonl")
    a.add_argument("--steps", type=int, default=12000)
    a.add_argument("--batch", type=int, default=128)
    a.add_argument("--rate", type=float, default=2.5e-3)
    a.add_argument("--final-rate", type=float, default=0.01, help="of --rate, at the end")
    a.add_argument("--decay", type=float, default=0.03)
    a.add_argument("--warmup", type=int, default=400)
    a.add_argument("--ring", type=int, default=20000)
    a.add_argument("--fill", type=int, default=2500, help="scenes to wait for before the first step")
    a.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 3))
    a.add_argument("--empty", type=float, default=0.24, help="share of scenes without codes")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--init", help="weights to start from")
    a.add_argument("--seconds", type=float, default=0, help="finish the schedule by then, whatever --steps says; 0: no limit")
    arguments = a.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    begin = time.time()
    pool = Pool(arguments.assets, arguments.seed, arguments.workers, arguments.ring, arguments.empty)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)  # idle OpenMP threads would spin on the cores that make scenes
    cuda = torch.cuda.is_available()
    device = "cuda" if cuda else "cpu"
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    pool.attach(device)
    camera = Camera(device, arguments.seed)
    model = Detector(len(CLASSES)).to(device, memory_format=torch.channels_last)
    if arguments.init:
        model.load_state_dict(torch.load(arguments.init, map_location=device)["weights"])
    average = Average(model)
    loss = Loss(device, len(CLASSES))
    optimiser = torch.optim.AdamW(groups(model, arguments.decay), lr=arguments.rate, betas=(0.9, 0.99), fused=cuda)
    pool.wait(min(arguments.fill, arguments.ring))
    print(f"first scenes after {time.time() - begin:.1f} s", flush=True)
    ahead = Ahead(camera, pool, arguments.batch, cuda)
    log = open(os.path.join(arguments.out, "log.jsonl"), "a")
    weights = os.path.join(arguments.out, "weights.pt")
    start = last = time.time()
    saved = start
    step, progress, shown = 0, 0.0, 0
    parts = torch.zeros(3, device=device)
    while progress < 1:
        progress = step / arguments.steps
        if arguments.seconds:
            progress = max(progress, (time.time() - begin) / arguments.seconds)
        progress = min(1.0, progress)
        rate = arguments.final_rate + (1 - arguments.final_rate) * 0.5 * (1 + math.cos(math.pi * progress))
        rate *= min(1.0, (step + 1) / arguments.warmup)
        for g in optimiser.param_groups:
            g["lr"] = arguments.rate * rate
        camera.mosaic = 0.12 if progress < 0.9 else 0.0
        x, boxes, classes = ahead.next()
        with torch.autocast(device, torch.bfloat16):
            raw = model(x if cuda else x.float())
        total, p = loss(raw, boxes, classes)
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update(model)
        parts += p
        shown += 1
        step += 1
        if step >= arguments.steps:
            progress = 1.0
        if step % 100 == 0 or progress >= 1 or (not cuda):
            values = (parts / shown).tolist()
            now = time.time()
            line = {"step": step, "progress": round(progress, 4), "box": round(values[0], 4), "cls": round(values[1], 4),
                    "dfl": round(values[2], 4), "norm": round(float(norm), 2), "images_s": round(shown * arguments.batch / (now - last), 1),
                    "scenes": pool.made, "seconds": round(now - begin, 1)}
            if not all(math.isfinite(v) for v in values):
                sys.exit(f"the loss is not finite at step {step}: {values}")
            print(json.dumps(line), flush=True)
            log.write(json.dumps(line) + "\n")
            log.flush()
            last, shown = now, 0
            parts.zero_()
            if now - saved > 45:
                save(weights, average, arguments, step)
                saved = now
    ahead.stop = True
    save(weights, average, arguments, step)
    pool.close()
    if cuda:
        print(f"peak memory {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
    print(f"done: {step} steps, {pool.made} scenes, {time.time() - begin:.0f} s", flush=True)
    os._exit(0)  # the camera thread may still hold the device


if __name__ == "__main__":
    main()
