"""Processes that keep making scenes, and a ring of the newest scenes in the accelerator's memory."""

import mmap
import multiprocessing as mp
import os
import queue
import sys
import threading
import time

import cv2
import numpy as np
import torch

from generator.scenes import MAX_CODES, POINTS, WORLD, Studio

CHUNK = 8


def pack(scenes):
    """Scenes → images (n, W, W, 3), points (n, M, P, 2), classes (n, M), frames (n, 4),
    owners (n, W/2, W/2), grids (n, M, 2)."""
    n = len(scenes)
    images = np.stack([s.image for s in scenes])
    points = np.zeros((n, MAX_CODES, POINTS, 2), np.float32)
    classes = np.full((n, MAX_CODES), -1, np.int16)
    frames = np.zeros((n, 4), np.float32)
    grids = np.ones((n, MAX_CODES, 2), np.float32)
    for i, s in enumerate(scenes):
        for j, (p, c) in enumerate(list(zip(s.points, s.classes))[:MAX_CODES]):
            points[i, j], classes[i, j] = p, c
        for j, g in enumerate(s.grids[:MAX_CODES]):
            grids[i, j] = g
        if s.frame is not None:
            frames[i] = s.frame
    owners = np.stack([s.owner for s in scenes])
    owners[owners > MAX_CODES] = 0
    return images, points, classes, frames, owners, grids


def _work(images, free, full, assets, seed, empty, worker, workers):
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    os.nice(5)
    studio = Studio(assets, "train", seed * 1000 + worker, empty)
    n = worker
    while True:
        slot = free.get()
        scenes = []
        while len(scenes) < CHUNK:
            scenes.append(studio.scene([seed, n]))
            n += workers
        packed = pack(scenes)
        images[slot] = packed[0]
        full.put((slot, packed[1:]))


class Pool:
    """Starts the workers; `batch` draws random scenes of the ring. Start it before the accelerator is touched.

    A worker that dies ends the run: it may have died with a queue's lock, and then the others would wait for ever.
    """

    def __init__(self, assets, seed, workers, size, empty, slots=48):
        # Shared with the children by fork, without a file: /dev/shm is small in many containers.
        shape = slots, CHUNK, WORLD, WORLD, 3
        self.images = np.frombuffer(mmap.mmap(-1, int(np.prod(shape))), np.uint8).reshape(shape)
        context = mp.get_context("fork")
        self.free, self.full = context.Queue(), context.Queue()
        for i in range(slots):
            self.free.put(i)
        self.processes = [
            context.Process(target=_work, args=(self.images, self.free, self.full, assets, seed, empty, i, workers), daemon=True)
            for i in range(workers)
        ]
        for p in self.processes:
            p.start()
        size = -(-size // CHUNK) * CHUNK  # whole chunks, so that none reaches over the ring's end
        self.size, self.filled, self.position, self.made = size, 0, 0, 0
        self.points = np.zeros((size, MAX_CODES, POINTS, 2), np.float32)
        self.classes = np.full((size, MAX_CODES), -1, np.int16)
        self.frames = np.zeros((size, 4), np.float32)
        self.grids = np.ones((size, MAX_CODES, 2), np.float32)
        self.rng = np.random.default_rng([seed, 9])
        self.stop, self.failure = False, None

    def attach(self, device):
        self.device = torch.device(device)
        self.ring = torch.empty(self.size, WORLD, WORLD, 3, dtype=torch.uint8, device=self.device)
        self.owners = torch.empty(self.size, WORLD // 2, WORLD // 2, dtype=torch.uint8, device=self.device)
        self.thread = threading.Thread(target=self._feed, daemon=True)
        self.thread.start()

    def _feed(self):
        try:
            self._copy()
        except BaseException as e:
            self.failure = e
            raise

    def _copy(self):
        cuda = self.device.type == "cuda"
        stage = torch.empty(CHUNK, WORLD, WORLD, 3, dtype=torch.uint8, pin_memory=cuda)
        stream = torch.cuda.Stream() if cuda else None
        while not self.stop:
            try:
                slot, (points, classes, frames, owners, grids) = self.full.get(timeout=0.5)
            except queue.Empty:
                continue
            stage.copy_(torch.from_numpy(self.images[slot]))
            self.free.put(slot)
            p = self.position
            if cuda:
                with torch.cuda.stream(stream):
                    self.owners[p : p + CHUNK].copy_(torch.from_numpy(owners), non_blocking=True)
                    self.ring[p : p + CHUNK].copy_(stage, non_blocking=True)
                stream.synchronize()
            else:
                self.ring[p : p + CHUNK] = stage
                self.owners[p : p + CHUNK] = torch.from_numpy(owners)
            self.grids[p : p + CHUNK] = grids
            self.points[p : p + CHUNK], self.classes[p : p + CHUNK], self.frames[p : p + CHUNK] = points, classes, frames
            self.position = (p + CHUNK) % self.size
            self.filled = min(self.size, max(self.filled, p + CHUNK))
            self.made += CHUNK

    def check(self):
        """Fails when no more scenes will come."""
        if self.failure:
            raise RuntimeError("the thread that collects scenes has failed") from self.failure
        for i, p in enumerate(self.processes):
            if not p.is_alive() and not self.stop:
                raise RuntimeError(f"scene process {i} of {len(self.processes)} has ended with exit code {p.exitcode} "
                                   "(its error is above; -9 is mostly want of memory): start again, with fewer --workers if memory is short")

    def wait(self, count):
        """Until `count` scenes are there. Says how far it is: a few scenes a second and process are made."""
        said = time.time()
        while self.filled < count:
            time.sleep(0.2)
            self.check()
            if time.time() - said > 10:
                said = time.time()
                print(f"{self.filled} of {count} first scenes", file=sys.stderr, flush=True)

    def batch(self, n):
        self.check()
        # Stay clear of the part that the feeder is about to overwrite.
        filled, position = self.filled, self.position
        margin = min(64, self.size // 8) if filled >= self.size else 0
        i = (position + margin + self.rng.integers(0, filled - margin, n)) % filled if margin else self.rng.integers(0, filled, n)
        j = torch.as_tensor(i, device=self.device)
        images = self.ring[j].permute(0, 3, 1, 2).contiguous()
        return images, self.points[i], self.classes[i], self.frames[i], self.owners[j], self.grids[i]

    def close(self):
        self.stop = True
        for p in self.processes:
            p.terminate()
