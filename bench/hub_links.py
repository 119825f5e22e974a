"""Does a page of links of a hub take as long as one of a node with few?

Run: python -m bench.hub_links [COUNT]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kg.database import connect
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ontology import load_ontology
from kg.ports import LinkQuery
from kg.records import Record, Ref, node_id
from kg.stores.sqlite.store import SqliteStore

COUNT = 50_000
"""Links of the hub."""

PAGE = 50
TURNS = 200


def records(count: int) -> Iterator[Record]:
    """Invented: an enterprise that so many people directed for a year each, one of whom it paid."""
    yield Record("hub", "Enterprise", {"name": ["Invented Registered Agent"]})
    for i in range(count):
        year = 1900 + i % 120
        yield Record(f"p{i}", "Person", {"name": [f"Ann {i} Invented"]})
        days = {"start_date": [f"{year}-01-01"], "end_date": [f"{year}-12-31"]}
        yield Record(f"d{i}", "DIRECTS", days, ends=(Ref("bench", f"p{i}"), Ref("bench", "hub")))
    yield Record("paid", "PAID", {"date": ["2001-02-03"]}, ends=(Ref("bench", "hub"), Ref("bench", "p0")))


def main(count: int = COUNT) -> None:
    """Print the median and the 95th percentile of each kind of page, in milliseconds."""
    ontology, hub = load_ontology(), node_id("bench", "hub")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.sqlite"
        with closing(connect(path, create=True)) as connection:
            request = LoadRequest("bench", "bench", "Bench", True, ("bench",), "2024-01-01")
            Ledger(connection, ontology).load(request, records(count))
        pages = {
            "a leaf": LinkQuery(node_id("bench", "p1"), limit=PAGE),
            "the hub": LinkQuery(hub, limit=PAGE),
            "the hub, from the middle": LinkQuery(hub, limit=PAGE, after="m"),
            "the hub, a rare type": LinkQuery(hub, ("PAID",), limit=PAGE),
            "the hub, out alone": LinkQuery(hub, limit=PAGE, direction="out"),
            "the hub, on a day of few": LinkQuery(hub, limit=PAGE, as_of="1950-06-30"),
            "the hub, on a day of none": LinkQuery(hub, limit=PAGE, as_of="1850-06-30"),
        }
        with SqliteStore(path, ontology) as store:
            for name, query in pages.items():
                times = sorted(_timed(store, query) for _ in range(TURNS))
                print(f"{name:<28} {statistics.median(times):8.3f} ms  {times[int(TURNS * 0.95)]:8.3f} ms")


def _timed(store: SqliteStore, query: LinkQuery) -> float:
    start = time.perf_counter()
    store.links(query)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
