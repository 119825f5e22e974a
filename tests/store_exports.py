"""How does a test export a store, load what it wrote into another one, and compare?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from kg.ledger.verification import graph_digest
from kg.ontology import load_ontology
from kg.ontology.values import BadValue
from kg.operations import ExportRequest, ExportResult, FileLoadRequest, Workspace, export, load
from kg.stores.sqlite.store import SqliteStore
from tests.stores import DAY

Texts = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class CanonicalRecord:
    """One record in force, its values canonical, so that equal facts are equal whatever their spelling."""

    source: str
    key: str
    part: str
    type: str
    ends: tuple[str, ...]
    """Namespace and key of each end; empty for a node."""
    properties: str
    other: str
    rest: str
    """Referents and how it is said."""


def workspace_of(path: Path, *, protected: bool = False) -> Workspace:
    """The workplace of a store."""
    return Workspace(path, load_ontology(), protected)


def export_store(store: Path, target: Path, kind: str = "", *, protected: bool = False, **wanted: Any) -> ExportResult:
    """Export the store at `store`."""
    if protected:
        wanted = {"handling": "protected", **wanted}
    return export(workspace_of(store, protected=protected), ExportRequest(str(target), kind, **wanted))


def load_folder(folder: Path, store: Path, like: Path) -> Path:
    """Load every file of a folder into `store`, each as the source it is named after in the store at `like`."""
    with SqliteStore(like, load_ontology(), protected=True) as old:
        namespaces = {s.name: s.namespace for s in old.contents().sources}
    for file in sorted(folder.glob("*.jsonl")):
        source = file.name.partition(".")[0]
        request = FileLoadRequest((file,), source=source, namespace=namespaces[source], day=DAY)
        result = load(workspace_of(store, protected=True), request)
        assert (result.rejected, result.set_aside, result.repeated) == (0, 0, 0), result.reasons
    return store


def store_digest(store: Path) -> str:
    """The digest of the graph."""
    with closing(sqlite3.connect(store)) as connection:
        return graph_digest(connection)


def exported_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder but for its list of contents."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != "export.json"}


def canonical_records(store: Path) -> set[CanonicalRecord]:
    """Every record in force."""
    with closing(sqlite3.connect(store)) as connection:
        return set(_canonical_records(connection))


def _canonical_records(connection: sqlite3.Connection) -> Iterator[CanonicalRecord]:
    rows = connection.execute(
        """SELECT s.name, r.key, r.part, r.type, coalesce(a.name, ''), coalesce(r.from_key, ''), coalesce(b.name, ''),
        coalesce(r.to_key, ''), r.body FROM record r JOIN source s ON s.num = r.source
        LEFT JOIN namespace a ON a.num = r.from_ns LEFT JOIN namespace b ON b.num = r.to_ns WHERE r.until IS NULL"""
    )
    for source, key, part, kind, *ends, text in rows:
        body = orjson.loads(text)
        properties, other, unread = _canonical_values(kind, body)
        said = {n: v for n, v in body.get("said", {}).items() if n != "datasets"}
        rest = orjson.dumps([body.get("referents", []), said, unread], option=orjson.OPT_SORT_KEYS).decode()
        yield CanonicalRecord(source, key, part, kind, tuple(filter(None, ends)), repr(properties), repr(other), rest)


def _canonical_values(kind: str, body: dict[str, Any]) -> tuple[Texts, Texts, list[tuple[str, ...]]]:
    known = load_ontology().properties(kind)
    properties: dict[str, set[str]] = {}
    other = {name: set(values) for name, values in body.get("other", {}).items()}
    unread = {tuple(value) for value in body.get("not_understood", ())}
    for name, values in body.get("properties", {}).items():
        for value in values:
            try:
                properties.setdefault(name, set()).add(known[name].clean(value))
            except KeyError:
                other.setdefault(name, set()).add(value)
            except BadValue:
                unread.add((name, name, value))
    return _sorted(properties), _sorted(other), sorted(unread)


def _sorted(values: dict[str, set[str]]) -> Texts:
    return {name: tuple(sorted(found)) for name, found in sorted(values.items()) if found}
