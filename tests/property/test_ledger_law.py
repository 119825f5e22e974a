"""Does what a source said go away exactly when it is withdrawn?"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.clusters import COLUMNS, cluster_members
from kg.database import connect, write_transaction
from kg.errors import InputError
from kg.ledger.erasure import purge
from kg.ledger.judgement_status import list_judgements
from kg.ledger.judgements import insert_judgement
from kg.ledger.loads import count_records_in_force
from kg.ledger.verification import graph_digest, verify
from kg.ontology import load_ontology
from kg.records import Deletion, Judgement, Provenance, Record, Ref, UnreadValue
from tests.stores import judge, load, store, undo, withdraw

NEVER = float("inf")
"""A share of records that no load reaches: the projection always follows and is never built anew."""

KEYS = st.sampled_from(["a", "b", "c", "d", "e"])
SPACES = st.sampled_from(["one", "two"])
SOURCES = {"s1": "one", "s2": "one", "s3": "two"}


def _unread(name: str) -> st.SearchStrategy[tuple[UnreadValue, ...]]:
    """Mostly no value that could not be read, else one."""
    return st.sampled_from([(), (), (), (UnreadValue(name, name, "150"),), (UnreadValue(name, name, "a lot"),)])


@st.composite
def nodes(draw: st.DrawFn) -> Record:
    kind = draw(st.sampled_from(["Person", "Enterprise", "Party", "Jurisdiction", "Warrant", "Notice", "Agency"]))
    properties: dict[str, list[str]] = {"name": draw(st.lists(st.sampled_from(["Ann", "安 安", "Bo"]), max_size=2))}
    if kind == "Jurisdiction":
        properties["code"] = [draw(st.sampled_from(["CN", "us"]))]
    if kind == "Person":
        properties["passport_number"] = draw(st.lists(st.sampled_from(["P-12345", "p 12345", "Q99999"]), max_size=2))
    if kind in ("Warrant", "Notice"):
        properties["ended_on"] = draw(st.lists(st.just("2014"), max_size=1))
    referents = tuple(draw(st.lists(KEYS, max_size=1)))
    said = Provenance(
        handling=draw(st.sampled_from(["open", "open", "protected"])), reliability=draw(st.sampled_from(["", "B"]))
    )
    return Record(
        draw(KEYS), kind, properties, referents=referents, provenance=said, not_understood=draw(_unread("birth_date"))
    )


@st.composite
def links(draw: st.DrawFn) -> Record:
    kinds = ["OWNS", "SOUGHT_UNDER", "FAMILY_OF", "CITIZEN_OF", "POSSIBLY_SAME_AS", "ACCUSED_OF", "ISSUED_BY"]
    kind = draw(st.sampled_from(kinds))
    tail = Ref(draw(SPACES), draw(KEYS))
    head = (
        Ref("jurisdiction", draw(st.sampled_from(["CN", "US"])))
        if kind == "CITIZEN_OF"
        else Ref(draw(SPACES), draw(KEYS))
    )
    properties = {"share": [draw(st.sampled_from(["51", "25..50"]))]} if kind == "OWNS" else {}
    if kind == "ACCUSED_OF":
        properties = {"stage": [draw(st.sampled_from(["cleared", "charged"]))], "said_by": ["Ann"]}
    part, unread = draw(st.sampled_from(["", "x"])), draw(_unread("share"))
    return Record(f"{draw(KEYS)}-{kind}", kind, properties, part=part, ends=(tail, head), not_understood=unread)


SNAPSHOTS = st.lists(st.one_of(nodes(), links()), max_size=7, unique_by=lambda r: (r.key, r.part))


@dataclass(frozen=True)
class Snapshot:
    """Everything that a source says."""

    source: str
    records: list[Record]


@dataclass(frozen=True)
class Delta:
    """Rows that a source brings, replaces or takes back, in their order."""

    source: str
    rows: list[Record | Deletion]


@dataclass(frozen=True)
class Withdrawal:
    """Nothing that a source said; when `erased`, the ledger forgets it too."""

    source: str
    erased: bool = False


@dataclass(frozen=True)
class Decided:
    """A judgement about two of the names there are, counted around, if nothing contradicts it."""

    kind: str
    nth: tuple[int, int]
    needs_second: bool = False


@dataclass(frozen=True)
class Undoing:
    """The n-th judgement that stands is taken back, counted around."""

    nth: int


Step = Snapshot | Delta | Withdrawal | Decided | Undoing
NTH = st.tuples(st.integers(0, 11), st.integers(0, 11))
FROM = st.sampled_from(sorted(SOURCES))
ROWS = st.lists(st.one_of(nodes(), links(), st.builds(Deletion, KEYS)), max_size=5)
DECIDED = st.builds(Decided, st.sampled_from(["same", "same", "distinct", "unsure"]), NTH)
WITHOUT_EFFECT = st.one_of(
    st.builds(Decided, st.just("unsure"), NTH), st.builds(Decided, st.just("same"), NTH, st.just(True))
)
"""Judgements that nobody can say, and those that wait for a second person."""

ANY_STEPS = st.lists(
    st.one_of(
        st.builds(Snapshot, FROM, SNAPSHOTS),
        st.builds(Delta, FROM, ROWS),
        st.builds(Withdrawal, FROM, st.booleans()),
        DECIDED,
        DECIDED,
        st.builds(Undoing, st.integers(0, 3)),
    ),
    min_size=1,
    max_size=8,
)
NODES = st.lists(nodes(), min_size=2, max_size=5, unique_by=lambda r: r.key)
STEPS = st.tuples(NODES, NODES, DECIDED, ANY_STEPS).map(
    # There is something to judge from the start: left to chance, steps seldom come in an order that makes any sense.
    lambda drawn: [Snapshot("s1", drawn[0]), Snapshot("s3", drawn[1]), drawn[2], *drawn[3]]
)


@cache
def _empty_store() -> bytes:
    """The file of a store into which nothing was loaded but an empty snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        load(path := Path(folder) / "graph.sqlite", "s1", [], namespace=SOURCES["s1"])
        return path.read_bytes()


class Run:
    """Takes steps one by one, always following and never building anew, and remembers what they come to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.says: dict[str, dict[tuple[str, str], Record]] = {}
        self.standing: dict[int, Judgement] = {}
        path.write_bytes(_empty_store())

    def take(self, step: Step) -> None:
        if isinstance(step, Snapshot):
            self._load(step.source, step.records, delta=False)
            self.says[step.source] = {(r.key, r.part): r for r in step.records}
        elif isinstance(step, Delta):
            self._load(step.source, step.rows, delta=True)
            self._follow(self.says.setdefault(step.source, {}), step.rows)
        elif isinstance(step, Withdrawal):
            if step.source in self.says:
                withdraw(self.path, step.source, rebuild_share=NEVER)
                del self.says[step.source]
                if step.erased:
                    self._erase(step.source)
                else:
                    self.says[step.source] = {}
        elif isinstance(step, Decided):
            self._decide(step)
        elif self.standing:
            number = sorted(self.standing)[step.nth % len(self.standing)]
            undo(self.path, number, rebuild_share=NEVER)
            del self.standing[number]

    def digest(self) -> str:
        with closing(sqlite3.connect(self.path)) as connection:
            return graph_digest(connection)

    def _load(self, source: str, rows: Sequence[Record | Deletion], *, delta: bool) -> None:
        load(self.path, source, rows, namespace=SOURCES[source], rebuild_share=NEVER, delta=delta)

    def _follow(self, says: dict[tuple[str, str], Record], rows: Sequence[Record | Deletion]) -> None:
        """A key is a row: what a delta says of it after its last deletion, or at all, is all that is left of it."""
        for key in {row.key for row in rows}:
            for old in [name for name in says if name[0] == key]:
                del says[old]
        for row in rows:
            if isinstance(row, Record):
                says[row.key, row.part] = row
            else:
                for old in [name for name in says if name[0] == row.key]:
                    del says[old]

    def _erase(self, source: str) -> None:
        with closing(connect(self.path)) as connection:
            purge(connection, source)
            left = {made.number for made in list_judgements(connection)}
        self.standing = {number: made for number, made in self.standing.items() if number in left}

    def _decide(self, step: Decided) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            names = connection.execute("SELECT n.name, key FROM atom JOIN namespace n ON n.num = ns ORDER BY 1, 2")
            known = [":".join(name) for name in names]
        if not known:
            return
        one, other = (known[nth % len(known)] for nth in step.nth)
        with suppress(InputError):  # what stands contradicts it
            made = judge(self.path, step.kind, one, other, rebuild_share=NEVER, needs_second=step.needs_second)
            self.standing[made.number] = made


def run(path: Path, steps: Iterable[Step]) -> Run:
    taken = Run(path)
    for step in steps:
        taken.take(step)
    return taken


def built_at_once(path: Path, taken: Run) -> str:
    """The digest of a store that was told only what the steps come to, the judgements first."""
    path.write_bytes(_empty_store())
    with closing(connect(path)) as connection, write_transaction(connection):
        for _, made in sorted(taken.standing.items()):
            insert_judgement(connection, made)
    for source, says in sorted(taken.says.items()):
        load(path, source, says.values(), namespace=SOURCES[source], rebuild_share=0)
    with closing(sqlite3.connect(path)) as connection:
        return graph_digest(connection)


def contents(path: Path) -> dict[str, str]:
    """Sources that say anything, with the digests of what they say."""
    with store(path, protected=True) as opened:
        return {s.name: s.digest for s in opened.contents().sources if s.records}


@given(STEPS)
@settings(max_examples=50)
def test_following_equals_building_anew_and_depends_only_on_what_the_steps_come_to(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder) / "graph.sqlite", Path(folder) / "other.sqlite"
        taken = run(path, steps)
        assert verify(path, load_ontology()).differing == ()
        assert built_at_once(other, taken) == taken.digest()
        assert contents(path) == contents(other)
        with closing(sqlite3.connect(path)) as connection:
            counted = connection.execute("SELECT count(*) FROM record WHERE until IS NULL").fetchone()[0]
            assert count_records_in_force(connection) == counted


@given(SNAPSHOTS, SNAPSHOTS)
@settings(max_examples=30)
def test_load_a_then_b_then_withdrawing_b_leaves_what_load_a_left(a: list[Record], b: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        only = run(Path(folder) / "one.sqlite", [Snapshot("s1", a)])
        both = run(Path(folder) / "other.sqlite", [Snapshot("s1", a), Snapshot("s2", b), Withdrawal("s2")])
        assert only.digest() == both.digest()


@given(STEPS, NTH, st.booleans())
@settings(max_examples=30)
def test_a_judgement_undone_leaves_no_trace(steps: list[Step], nth: tuple[int, int], confirmed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        taken = run(Path(folder) / "graph.sqlite", steps)
        before, standing = taken.digest(), set(taken.standing)
        taken.take(Decided("same", nth, needs_second=confirmed))
        for number in set(taken.standing) - standing if confirmed else ():
            made = taken.standing[number]
            names = ":".join(made.one), ":".join(made.other)
            judge(taken.path, "same", *names, rebuild_share=NEVER, by="B. Boss", user="bob")
        for number in set(taken.standing) - standing:
            undo(taken.path, number, rebuild_share=NEVER)
        assert taken.digest() == before


@given(STEPS, st.lists(WITHOUT_EFFECT, min_size=1, max_size=3))
@settings(max_examples=15)
def test_unsure_and_half_confirmed_judgements_change_nothing(steps: list[Step], decided: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        taken = run(Path(folder) / "graph.sqlite", steps)
        before, standing, facts = taken.digest(), set(taken.standing), everything(taken.path)
        for step in decided:
            taken.take(step)
        assert (taken.digest(), everything(taken.path)) == (before, facts)
        assert verify(taken.path, load_ontology()).differing == ()
        for number in set(taken.standing) - standing:
            undo(taken.path, number, rebuild_share=NEVER)
        assert (taken.digest(), everything(taken.path)) == (before, facts)


LINKS = """SELECT link.id, link.type, tail.id, head.id, ns, key, part, link.body, link.protected, derived, share_low,
    share_high, first_day, last_day, reliability, interest, credibility
    FROM link JOIN node tail ON tail.num = link.tail JOIN node head ON head.num = link.head ORDER BY link.id"""
"""All that is kept of links but the numbers of rows, which change when a link or its end is written anew."""


def everything(path: Path) -> tuple[object, ...]:
    """The nodes, links, claims and reasons of identity that the protected scope sees, and the clusters."""
    with store(path, protected=True) as opened:
        ids = [row[0] for row in opened.connection.execute("SELECT id FROM node ORDER BY id")]
        links = opened.connection.execute(LINKS).fetchall()
        clusters = cluster_members(opened.view(COLUMNS))
        return opened.nodes(ids), links, opened.claims(ids), opened.judgements(ids), clusters
