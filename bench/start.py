"""How much time do `kg --help` and questions on the demo store take, beside a Python that does nothing?

Run: python -m bench.start [RUNS]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.operations import Workspace, demo_load_requests, demo_path_ends, load

RUNS = 20
ROOT = Path(__file__).resolve().parents[1]

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "kg --help": ["-m", "kg", "--help"],
    "kg ref OWNS": ["-m", "kg", "ref", "OWNS"],
    "kg search": ["-m", "kg", "search", "Quillwater"],
    "kg show": ["-m", "kg", "show", demo_path_ends()[0]],
    "kg path": ["-m", "kg", "path", *demo_path_ends()],
    "kg owners": ["-m", "kg", "owners", demo_path_ends()[1]],
    "kg holdings": ["-m", "kg", "holdings", demo_path_ends()[0]],
    "kg flow": ["-m", "kg", "flow", "demo:as-0007"],
    "kg why": ["-m", "kg", "why", demo_path_ends()[0], "demo:p-004"],
    "kg screen": ["-m", "kg", "screen", str(ROOT / "graph" / "demo" / "screening" / "list.csv")],
}


def main(runs: int = RUNS) -> None:
    """Print the median of each command's wall time, and its median and least CPU time, the commands taking turns."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "demo.sqlite"
        for request in demo_load_requests():
            load(Workspace(store), request)
        environment = {**os.environ, "KG_STORE": f"embedded:{store}", "KG_VIEW_CACHE": f"{folder}/views"}
        environment |= {"PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}  # as an installed kg has bytecode
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for run in range(runs + 1):
            for name, words in COMMANDS.items():
                start, before = time.perf_counter(), _cpu()
                subprocess.run([sys.executable, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
                if run:  # the first run fills the caches of the disk
                    times[name].append((1000 * (time.perf_counter() - start), 1000 * (_cpu() - before)))
    print(f"load average {os.getloadavg()[0]:.1f}")
    for name, found in times.items():
        wall, cpu = zip(*found, strict=True)
        print(
            f"{name:16} wall median {statistics.median(wall):5.0f} ms; "
            f"CPU median {statistics.median(cpu):5.0f} ms, least {min(cpu):5.0f} ms ({runs} runs)"
        )


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
