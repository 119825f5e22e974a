"""How do tests fill a store with a few records?"""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kg.database import connect
from kg.ledger.judgement_status import JudgementStatus
from kg.ledger.judgements import Decision
from kg.ledger.ledger import REBUILD_SHARE, Ledger
from kg.ledger.loads import LoadRequest, LoadResult
from kg.ontology import load_ontology
from kg.records import Judgement, Provenance, ReadResult, Record, Ref
from kg.stores.sqlite.store import SqliteStore

DAY = "2014-12-05"


def store_fixture(fill: Callable[[Path], None]) -> Any:
    """A fixture: a store of each test's own, in its `tmp_path`; it is filled once, and copied with a ledger id anew."""

    templates: list[Path] = []

    @pytest.fixture(name=fill.__name__)
    def copied(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
        if not templates:
            path = tmp_path_factory.mktemp("filled") / "graph.sqlite"
            fill(path)
            templates.append(path)
        path = Path(shutil.copy(templates[0], tmp_path))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE name = 'ledger'", (str(uuid.uuid4()),))
        return path

    return copied


def node(
    key: str,
    kind: str = "Person",
    *,
    referents: tuple[str, ...] = (),
    provenance: Provenance | None = None,
    **properties: str,
) -> Record:
    """A record about a node; a property's values are separated by `|`."""
    return Record(key, kind, _values(properties), referents=referents, provenance=provenance or Provenance())


def link(
    text: str, *, key: str = "", provenance: Provenance | None = None, namespace: str = "test", **properties: str
) -> Record:
    """A record about a link, written `ann OWNS acme`; an end `jurisdiction:US` is in that namespace."""
    tail, kind, head = text.split()
    return Record(
        key or text,
        kind,
        _values(properties),
        ends=(_ref(tail, namespace), _ref(head, namespace)),
        provenance=provenance or Provenance(),
    )


def load(  # noqa: PLR0913  # everything that a load can differ in
    path: Path,
    source: str,
    records: Iterable[ReadResult],
    *,
    namespace: str = "test",
    day: str = DAY,
    rebuild_share: float = REBUILD_SHARE,
    delta: bool = False,
) -> LoadResult:
    """Load `records` as the snapshot (or a delta) of `source` into the store at `path`, made when absent."""
    with closing(connect(path, create=True)) as connection:
        request = LoadRequest(source, namespace, source, False, ("test",), day, delta)
        return Ledger(connection, load_ontology(), rebuild_share, protected=True).load(request, records)


def withdraw(path: Path, source: str, *, rebuild_share: float = REBUILD_SHARE) -> LoadResult:
    """Withdraw `source` from the store at `path`."""
    with closing(connect(path)) as connection:
        return Ledger(connection, load_ontology(), rebuild_share, protected=True).withdraw(source, DAY)


def judge(  # noqa: PLR0913  # who decides is a parameter each
    path: Path,
    kind: str,
    one: str,
    other: str,
    *,
    rebuild_share: float = REBUILD_SHARE,
    needs_second: bool = False,
    by: str = "A. Analyst",
    user: str = "ann",
) -> Judgement:
    """Judge two nodes, each named `namespace:key`, to be the `same` or `distinct`, or that nobody can say."""
    with store(path, protected=True) as opened:
        nodes = opened.resolve(one), opened.resolve(other)
    with closing(connect(path)) as connection:
        decision = Decision(kind, nodes, by, "compared", DAY, (one, other), user, needs_second)
        return Ledger(connection, load_ontology(), rebuild_share, protected=True).judge(decision)


def undo(path: Path, number: int, *, rebuild_share: float = REBUILD_SHARE) -> Judgement:
    """Take a judgement back."""
    with closing(connect(path)) as connection:
        return Ledger(connection, load_ontology(), rebuild_share, protected=True).undo(
            number, "B. Analyst", "looked again", DAY
        )


def judgements(path: Path, node: str = "", *, protected: bool = False) -> list[str]:
    """The judgements as lines such as `1 test:a same test:b holds`; those about one node where its id is given."""
    with closing(connect(path)) as connection:
        found = Ledger(connection, load_ontology(), protected=protected).judgements(node)
    return [f"{j.number} {':'.join(j.one)} {j.kind} {':'.join(j.other)} {state}" for j, state in map(_parts, found)]


def _parts(judged: JudgementStatus) -> tuple[Judgement, str]:
    return judged.judgement, judged.state


def store(path: Path, *, protected: bool = False, shared: bool = False) -> SqliteStore:
    """The store at `path`."""
    return SqliteStore(path, load_ontology(), protected=protected, shared=shared)


def table_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the store at `path`, with pages of the indexes of search words."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute(query)]
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def _values(properties: dict[str, str]) -> dict[str, list[str]]:
    return {name: text.split("|") for name, text in properties.items()}


def _ref(text: str, namespace: str) -> Ref:
    space, found, key = text.rpartition(":")
    return Ref(space if found else namespace, key)
