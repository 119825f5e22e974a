"""Does a page of holdings of a nominee cost what a page costs, however much the nominee holds?

Run: python -m bench.holdings [COUNT ...]

For each number of holdings, prints the CPU seconds of a load, of `kg holdings --limit 2` as a process, of a page of 100
and of one of 1,000 over HTTP, and the seconds that a client waits for these. The load average is printed beside them.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

COUNTS = (125, 1_000, 4_000, 60_000)


def lines(count: int) -> Iterator[str]:
    """Invented: a nominee that holds all of so many companies."""
    yield json.dumps({"id": "hub", "schema": "Company", "properties": {"name": ["Invented Nominee Ltd"]}})
    for i in range(count):
        yield json.dumps({"id": f"c{i}", "schema": "Company", "properties": {"name": [f"Invented {i} Ltd"]}})
        owns = {"owner": ["hub"], "asset": [f"c{i}"], "percentage": ["100"]}
        yield json.dumps({"id": f"r{i}", "schema": "Ownership", "properties": owns})


def main(counts: list[int]) -> None:
    """Print a line for each number of holdings."""
    print("holdings   load   kg holdings   page of 100 (wait)   page of 1,000 (wait)   load average")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            file, store = Path(folder) / "nominee.ftm.json", Path(folder) / "graph.sqlite"
            file.write_text("\n".join(lines(count)))
            environment = {**os.environ, "KG_STORE": f"embedded:{store}", "KG_VIEW_CACHE": f"{folder}/views"}
            load = _cpu(("-m", "kg", "load", str(file), "--source", "nominee"), environment)
            asked = _cpu(("-m", "kg", "holdings", "nominee:hub", "--limit", "2"), environment)
            pages = "   ".join(_http_pages(environment))
            print(f"{count:8,} {load:6.1f} {asked:13.2f}   {pages}   {os.getloadavg()[0]:.1f}", flush=True)


def _cpu(arguments: tuple[str, ...], environment: dict[str, str]) -> float:
    """CPU seconds of a process from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run((sys.executable, *arguments), env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _http_pages(environment: dict[str, str]) -> Iterator[str]:
    """CPU seconds of the service and the wait for a page, each page for the first time and the second."""
    service = subprocess.Popen(
        (sys.executable, "-m", "kg", "serve", "--port", "0"), env=environment, stderr=subprocess.PIPE, text=True
    )
    assert service.stderr is not None
    try:
        address = next(line for line in service.stderr if "http://" in line)
        base = json.loads(address)["address"].removesuffix("/v1")
        while True:
            try:
                with urllib.request.urlopen(f"{base}/readyz") as ready:
                    if json.load(ready)["clusters"]["state"] == "current":
                        break
            except urllib.error.HTTPError:
                pass
            time.sleep(0.2)
        for limit in (100, 1_000):
            cpu, start = _cpu_of(service.pid), time.perf_counter()
            with urllib.request.urlopen(f"{base}/v1/entities/nominee:hub/holdings?limit={limit}&seconds=30") as answer:
                answer.read()
            waited = time.perf_counter() - start
            yield f"{_cpu_of(service.pid) - cpu:10.2f} ({waited:.2f})"
    finally:
        service.terminate()
        service.wait()


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main([int(count.replace(",", "")) for count in sys.argv[1:]] or list(COUNTS))
