"""How long does `kg --help` take, beside a Python that does nothing?

Run: python -m bench.start [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 20

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "kg --help": ["-m", "kg", "--help"],
    "kg ref OWNS": ["-m", "kg", "ref", "OWNS"],
}


def main(runs: int = RUNS) -> None:
    """Print the median and the range of each command's wall time, the commands taking turns."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for run in range(runs + 1):
        for name, words in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
            if run:  # the first run fills the caches of the disk
                times[name].append(1000 * (time.perf_counter() - start))
    for name, found in times.items():
        print(
            f"{name:16} median {statistics.median(found):4.0f} ms  ({min(found):.0f} to {max(found):.0f}, {runs} runs)"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
