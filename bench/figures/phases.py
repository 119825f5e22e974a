"""What is measured, each in a process of its own?

Run by `python -m bench.figures`, which reads the line of JSON that a phase prints.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

SOURCE = "figures"
DAY = "2014-12-05"

Figures = dict[str, float]


def load(store: Path, file: Path, _: dict[str, Any]) -> Figures:
    """The first load, from the file to the committed graph that can be searched; the reference facts are there."""
    from kg.operations import Workspace, load, reference_load_request

    _remove(store)
    place = Workspace(store)
    load(place, reference_load_request())
    return _loaded(store, file)


def reload(store: Path, file: Path, _: dict[str, Any]) -> Figures:
    """The same source again, one entity in a thousand changed."""
    return _loaded(_copy(store), file)


def delta(store: Path, file: Path, _: dict[str, Any]) -> Figures:
    """A thousand changes."""
    from kg.database import connect
    from kg.ledger.ledger import Ledger
    from kg.ledger.loads import LoadRequest
    from kg.ontology import load_ontology
    from kg.sources import ReadContext, choose_connector

    copy = _copy(store)
    start = time.perf_counter()
    with closing(connect(copy)) as connection:
        request = LoadRequest(SOURCE, SOURCE, SOURCE, True, (file.name,), DAY, delta=True)
        ontology = load_ontology()
        rows = choose_connector(file).read((file,), ReadContext(ontology, SOURCE))
        result = Ledger(connection, ontology).load(request, rows)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "records": result.total_changed, "bytes": copy.stat().st_size}


def view(store: Path, _: Path, __: dict[str, Any]) -> Figures:
    """Opening the graph as arrays, with shares and dates."""
    from kg.operations import Workspace, open_store

    start = time.perf_counter()
    with open_store(Workspace(store)) as opened:
        found = opened.view(("share", "dates"))
    return {"seconds": time.perf_counter() - start, "nodes": len(found.ids), "links": len(found.tail)}


def search(store: Path, _: Path, wanted: dict[str, Any]) -> Figures:
    """Searching names, as people type them: whole ones, single words, beginnings."""
    from bench.figures.questions import search_terms
    from kg.operations import Workspace, open_store

    with open_store(Workspace(store)) as opened:
        asked = search_terms(store, wanted["questions"])
        times = [_timed(opened.search, text) for text in asked]
    return _quantiles(times)


def path(store: Path, _: Path, wanted: dict[str, Any]) -> Figures:
    """Lengths of shortest paths between two people or companies; with `peer`, NetworkX on the same graph too."""
    from bench.figures.questions import NetworkxBaseline, distance, pairs
    from kg.operations import Workspace, open_store

    with open_store(Workspace(store)) as opened:
        found = opened.view()
    asked = pairs(found, wanted["questions"])
    distance(found, *asked[0])  # the first one sorts the links by their ends
    times = [_timed(distance, found, *pair) for pair in asked]
    figures = _quantiles(times)
    figures["found"] = sum(bool(distance(found, *pair)) for pair in asked)
    if wanted.get("peer"):
        peer = NetworkxBaseline(found)
        figures |= {f"peer_{k}": v for k, v in _quantiles([_timed(peer.path, *pair) for pair in asked]).items()}
    return figures


PHASES: dict[str, Callable[[Path, Path, dict[str, Any]], Figures]] = {
    f.__name__: f for f in (load, reload, delta, view, search, path)
}


def main(phase: str, store: str, file: str, wanted: str) -> None:
    """Run one phase and print its figures, with the highest memory this process held, in KiB."""
    figures = PHASES[phase](Path(store), Path(file), json.loads(wanted))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**figures, "peak": peak // 1024 if sys.platform == "darwin" else peak}))


def _loaded(store: Path, file: Path) -> Figures:
    from kg.operations import FileLoadRequest, Workspace, load

    place, order = Workspace(store), FileLoadRequest((file,), source=SOURCE, day=DAY)
    start, used = time.perf_counter(), time.process_time()
    result = load(place, order)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    return {
        "seconds": seconds,
        "processor": used,
        "records": result.nodes + result.links,
        "touched": result.total_changed,
        "bytes": store.stat().st_size,
    }


def _copy(store: Path) -> Path:
    """A copy to change; the store itself is for every run the same."""
    copy = store.with_name(f"copy-{store.name}")
    _remove(copy)
    shutil.copyfile(store, copy)
    return copy


def _remove(store: Path) -> None:
    for end in ("", "-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)


def _timed(ask: Callable[..., object], *question: object) -> float:
    start = time.perf_counter()
    ask(*question)
    return time.perf_counter() - start


def _quantiles(times: list[float]) -> Figures:
    ordered = sorted(times)
    return {"median": ordered[len(ordered) // 2], "p95": ordered[len(ordered) * 95 // 100], "slowest": ordered[-1]}


if __name__ == "__main__":
    main(*sys.argv[1:])
