"""What a benchmark's figures depend on: the machine, and how busy it was."""

import os
import platform
import re


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def describe():
    """The machine in words, as a dictionary that goes into the JSON and the table."""
    cpuinfo = read("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.+)", cpuinfo)
    flags = set((re.search(r"flags\s*:\s*(.+)", cpuinfo) or [None, ""])[1].split())
    interesting = ["avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"]
    memory = re.search(r"MemTotal:\s*(\d+) kB", read("/proc/meminfo"))
    release = re.search(r'PRETTY_NAME="(.+)"', read("/etc/os-release"))
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "instructions": [name for name in interesting if name in flags],
        "memory_gib": round(int(memory[1]) / 2**20) if memory else None,
        "system": f"{release[1] if release else platform.system()}, Linux {platform.release()}",
        "virtual": "hypervisor" in flags,
    }


class Load:
    """How much of the processors others used between two moments: other processes, and the hypervisor's other guests."""

    def __init__(self):
        self.start = self._ticks()

    @staticmethod
    def _ticks():
        # user nice system idle iowait irq softirq steal
        fields = [int(word) for word in read("/proc/stat").split("\n", 1)[0].split()[1:9]]
        return {"total": sum(fields), "idle": fields[3] + fields[4], "steal": fields[7]}

    def shares(self):
        now = self._ticks()
        total = max(1, now["total"] - self.start["total"])
        return {
            "busy": 1 - (now["idle"] - self.start["idle"]) / total,
            "steal": (now["steal"] - self.start["steal"]) / total,
        }


def busy_now(seconds=1.0):
    """The share of the processors that is in use while nothing of the benchmark runs."""
    import time

    load = Load()
    time.sleep(seconds)
    return load.shares()["busy"]
