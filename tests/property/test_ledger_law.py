"""Does what a source said go away exactly when it is withdrawn?"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kg.ledger.verify import graph_digest, verify
from kg.ontology import load_ontology
from kg.records import Record, Ref, Said
from tests.stores import load, withdraw

NEVER = float("inf")
"""A share of records that no load reaches: the projection always follows and is never built anew."""

KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
SPACES = st.sampled_from(["one", "two"])
SOURCES = {"s1": "one", "s2": "one", "s3": "two"}


@st.composite
def nodes(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(["Person", "Enterprise", "Party", "Jurisdiction", "Warrant", "Notice"]))
    properties: dict[str, list[str]] = {"name": draw(st.lists(st.sampled_from(["Ann", "安 安", "Bo"]), max_size=2))}
    if kind == "Jurisdiction":
        properties["code"] = [draw(st.sampled_from(["CN", "us"]))]
    if kind == "Person":
        properties["passport_number"] = draw(st.lists(st.sampled_from(["P-12345", "p 12345", "Q99999"]), max_size=2))
    if kind in ("Warrant", "Notice"):
        properties["ended_on"] = draw(st.lists(st.just("2014"), max_size=1))
    referents = tuple(draw(st.lists(KEYS, max_size=1)))
    said = Said(
        handling=draw(st.sampled_from(["open", "open", "protected"])), reliability=draw(st.sampled_from(["", "B"]))
    )
    return Record(draw(KEYS), kind, properties, referents=referents, said=said)


@st.composite
def links(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(["OWNS", "SOUGHT_UNDER", "FAMILY_OF", "CITIZEN_OF", "POSSIBLY_SAME_AS"]))
    tail = Ref(draw(SPACES), draw(KEYS))
    head = (
        Ref("jurisdiction", draw(st.sampled_from(["CN", "US"])))
        if kind == "CITIZEN_OF"
        else Ref(draw(SPACES), draw(KEYS))
    )
    properties = {"share": [draw(st.sampled_from(["51", "25..50"]))]} if kind == "OWNS" else {}
    return Record(f"{draw(KEYS)}-{kind}", kind, properties, part=draw(st.sampled_from(["", "x"])), ends=(tail, head))


SNAPSHOTS = st.lists(st.one_of(nodes(), links()), max_size=7, unique_by=lambda r: (r.key, r.part))
STEPS = st.lists(st.tuples(st.sampled_from(sorted(SOURCES)), st.one_of(st.none(), SNAPSHOTS)), min_size=1, max_size=6)


def run(path: Path, steps: list[tuple[str, list[Record] | None]]) -> str:
    """Take the steps (None withdraws) one by one, always following and never rebuilding; the digest at the end."""
    loaded = set()
    load(path, "s1", [], namespace=SOURCES["s1"])
    for source, records in steps:
        if records is not None:
            load(path, source, records, namespace=SOURCES[source], rebuild_share=NEVER)
            loaded.add(source)
        elif source in loaded:
            withdraw(path, source, rebuild_share=NEVER)
    with closing(sqlite3.connect(path)) as connection:
        return graph_digest(connection)


@given(STEPS)
def test_following_any_loads_and_withdrawals_equals_building_anew(steps: list[tuple[str, list[Record] | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.sqlite"
        run(path, steps)
        found = verify(path, load_ontology())
        assert found.differing == ()


@given(STEPS)
def test_the_graph_depends_only_on_the_last_snapshot_of_each_source(
    steps: list[tuple[str, list[Record] | None]],
) -> None:
    last = {source: records for source, records in steps if records is not None or source}
    with tempfile.TemporaryDirectory() as folder:
        one = run(Path(folder) / "one.sqlite", steps)
        other = run(Path(folder) / "other.sqlite", [(s, r) for s, r in sorted(last.items()) if r is not None])
        assert one == other


@given(SNAPSHOTS, SNAPSHOTS)
def test_load_a_then_b_then_withdrawing_b_leaves_what_load_a_left(a: list[Record], b: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        only = run(Path(folder) / "one.sqlite", [("s1", a)])
        both = run(Path(folder) / "other.sqlite", [("s1", a), ("s2", b), ("s2", None)])
        assert only == both
