"""Do memory and open descriptors of the service stay flat over many requests?

Run: python -m bench.service_endurance                     100,000 requests to the demo set
     python -m bench.service_endurance --requests 20000    fewer

On loopback, over eight connections. The first tenth warms up; what is compared comes after it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
from dataclasses import replace
from pathlib import Path

from bench.clients import Request, drive
from bench.paths import working_folder
from bench.service import ServiceProcess
from kg import operations
from kg.operations import Workspace

CLIENTS = 8
SLICES = 10


def main() -> None:
    """Print a table: memory, descriptors and waits after each tenth of the requests."""
    chosen = _parser().parse_args()
    with working_folder(None) as name:
        workspace = replace(operations.Workspace(Path(name) / "demo.sqlite"), view_cache=Path(name) / "views")
        for request in operations.demo_load_requests():
            operations.load(workspace, request)
        requests = _requests(workspace)
        with ServiceProcess(workspace) as service:
            service.wait()
            service.wait("clusters")
            print("| requests | failed | RSS | descriptors | p50 | p99 |", "|---|---|---|---|---|---|", sep="\n")
            for number in range(1, SLICES + 1):
                seconds = chosen.requests / SLICES / chosen.rate
                found = asyncio.run(drive(service.port, requests, CLIENTS, chosen.rate, seconds))
                waits = found["waits"]
                assert isinstance(waits, list)
                p50, p99 = (waits[int(len(waits) * part)] for part in (0.5, 0.99))
                memory, descriptors = _resources(service.pid)
                row = f"| {number * len(waits):,} | {found['failed']} | {memory / 1024:.1f} MiB | {descriptors} "
                print(f"{row}| {p50:.1f} ms | {p99:.1f} ms |", flush=True)
            print(f"load average {os.getloadavg()[0]:.1f}")


def _requests(workspace: Workspace) -> list[Request]:
    """A path, entities, links, a search, clusters, and the state of the service."""
    start, goal = operations.demo_path_ends()
    with operations.open_uncached_store(workspace) as store:
        a, b = store.resolve(start), store.resolve(goal)
    return [
        ("POST", "/v1/paths", {"from": a, "to": b, "ranking": "shortest", "limit": 1, "sample": 0}),
        ("GET", f"/v1/entities/{a}", None),
        ("GET", f"/v1/entities/{b}/links?limit=20", None),
        ("GET", "/v1/entities?q=marsh", None),
        ("GET", "/v1/clusters?limit=5", None),
        ("GET", "/readyz", None),
        ("GET", "/metrics", None),
    ]


def _resources(pid: int) -> tuple[int, int]:
    """KiB of resident memory, and open descriptors."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]), len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.service_endurance", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--requests", type=int, default=100_000, help="how many (default 100,000)")
    parser.add_argument("--rate", type=float, default=60.0, help="requests a second (default 60)")
    return parser


if __name__ == "__main__":
    main()
