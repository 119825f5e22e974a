"""Does it take longer to ask for a protected id than for one that is not there? Asked in turns, without the scope.

python -m bench.protected_timing [--rounds 2000]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kg import operations
from kg.errors import NotFound
from kg.operations import Workspace
from kg.records import Provenance, node_id
from tests.api.service_client import run_service
from tests.stores import link, load, node

PEOPLE = 500
HIDDEN = Provenance(handling="protected")


def main() -> None:
    """Print the median time of both, and how often a single answer would tell them apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2_000)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.sqlite"
        people = [node(f"p{i}", name=f"Person {i} (invented)") for i in range(PEOPLE)]
        load(path, "open", [*people, *(link(f"p{i} FAMILY_OF h{i}") for i in range(0, PEOPLE, 10))])
        load(path, "shelter", [node(f"h{i}", name=f"Guest {i} (invented)", provenance=HIDDEN) for i in range(PEOPLE)])
        with operations.open_store(Workspace(path)) as store:

            def ask(name: str) -> None:
                try:
                    store.resolve(name)
                except NotFound:
                    return
                raise AssertionError(name)

            _compare("library: resolve", ask, rounds)
        with run_service(Workspace(path)) as client:

            def request(name: str) -> None:
                assert client.get(f"/v1/entities/{name}").status == 404

            _compare("HTTP: /v1/entities/{id}", request, rounds // 4)


def _compare(what: str, ask: Callable[[str], None], rounds: int) -> None:
    times: dict[str, list[float]] = {"protected": [], "absent": []}
    for turn in range(rounds):
        names = {"protected": node_id("test", f"h{turn % PEOPLE}"), "absent": node_id("test", f"absent{turn % PEOPLE}")}
        for kind in sorted(names, reverse=turn % 2 == 0):
            start = time.perf_counter()
            ask(names[kind])
            times[kind].append(time.perf_counter() - start)
    hidden, absent = times["protected"], times["absent"]
    middle = statistics.median([*hidden, *absent])
    guessed = (sum(t > middle for t in hidden) + sum(t <= middle for t in absent)) / (2 * rounds)
    medians = [f"{kind} {statistics.median(found) * 1e6:,.0f} µs" for kind, found in times.items()]
    low, *_, high = (quantile * 1e6 for quantile in statistics.quantiles(absent, n=20))
    print(f"{what}: median {', '.join(medians)}; 5 to 95 % of absent {low:,.0f} to {high:,.0f} µs", end="; ")
    print(f"one answer tells them apart in {guessed:.1%} of {2 * rounds:,}")


if __name__ == "__main__":
    main()
