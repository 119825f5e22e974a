"""What does it cost that a load is on the disk before it is said to be done, and that the file is not mapped?

Run: python -m bench.commits [--folder DIR]

Each load is timed with `synchronous = FULL`, as kg sets it, and with NORMAL, its peer, in turn on two stores. Reads are
timed on one store, in turn with the file mapped into memory and without. The folder should be on the disk of stores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from kg.database import connect
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ontology import load_ontology
from kg.records import Provenance, Record
from kg.stores.sqlite.store import SqliteStore

DAY = "2014-12-05"
LARGE, ONE_ROW_LOADS, READS = 10_000, 40, 400
MAP_BYTES = 268_435_456


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.commits", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, help="where to make the stores")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kg-commits-", dir=chosen.folder) as name:
        print(f"load average at the start: {os.getloadavg()[0]:.2f}")
        stores = {mode: Path(name) / f"{mode}.sqlite" for mode in ("FULL", "NORMAL")}
        rows = [_person(number) for number in range(LARGE)]
        for label, repeats, make in (
            (f"first load of {LARGE:,} rows", 1, lambda _: ("large", rows)),
            ("load of one row", ONE_ROW_LOADS, lambda turn: (f"s{turn}", [_person(turn, "one")])),
        ):
            print(label, _medians(stores, repeats, make))
        reads = _reads(stores["FULL"])
        print(f"{READS} reads by id and search,", ", ".join(f"{mode}: {took * 1000:.1f} ms" for mode, took in reads))
        print(f"load average at the end: {os.getloadavg()[0]:.2f}")


def _person(number: int, prefix: str = "p") -> Record:
    return Record(f"{prefix}{number}", "Person", {"name": [f"Ann Example {number}"]}, provenance=Provenance())


def _medians(stores: dict[str, Path], repeats: int, make: Callable[[int], tuple[str, list[Record]]]) -> str:
    taken: dict[str, list[float]] = {mode: [] for mode in stores}
    for turn in range(repeats):
        for mode, path in stores.items() if turn % 2 else reversed(stores.items()):
            source, rows = make(turn)
            with closing(connect(path, create=True)) as connection:
                connection.execute(f"PRAGMA synchronous = {mode}")
                ledger = Ledger(connection, load_ontology())
                start = time.perf_counter()
                ledger.load(LoadRequest(source, source, source, True, ("bench",), DAY), rows)
                taken[mode].append(time.perf_counter() - start)
    return ", ".join(f"{mode}: {statistics.median(took) * 1000:.2f} ms" for mode, took in taken.items())


def _reads(path: Path) -> Iterator[tuple[str, float]]:
    taken: dict[str, list[float]] = {"not mapped": [], "mapped": []}
    with closing(SqliteStore(path, load_ontology())) as store:
        ids = [store.search(f"Ann Example {number}")[0].id for number in range(0, LARGE, LARGE // READS)]
        for _ in range(5):
            for mode, size in (("not mapped", 0), ("mapped", MAP_BYTES)):
                store.connection.execute(f"PRAGMA mmap_size = {size}")
                store.connection.execute("PRAGMA cache_size = -1024")
                store.connection.execute("PRAGMA shrink_memory")
                start = time.perf_counter()
                for number, node_id in enumerate(ids):
                    store.nodes([node_id])
                    store.search(f"Ann Example {number}")
                taken[mode].append(time.perf_counter() - start)
    yield from ((mode, statistics.median(took)) for mode, took in taken.items())


if __name__ == "__main__":
    main()
