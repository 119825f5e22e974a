"""How do tests fill a store with a few records?"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from kg.database import connect
from kg.ledger.ledger import REBUILD_SHARE, Ledger
from kg.ledger.loads import LoadRequest, LoadResult
from kg.ontology import load_ontology
from kg.records import Record, Ref, Reject, Said
from kg.stores.embedded import EmbeddedStore

DAY = "2014-12-05"


def node(
    key: str, kind: str = "Person", *, referents: tuple[str, ...] = (), said: Said | None = None, **properties: str
) -> Record:
    """A record about a node; a property's values are separated by `|`."""
    return Record(key, kind, _values(properties), referents=referents, said=said or Said())


def link(text: str, *, key: str = "", said: Said | None = None, namespace: str = "test", **properties: str) -> Record:
    """A record about a link, written `ann OWNS acme`; an end `jurisdiction:US` is in that namespace."""
    tail, kind, head = text.split()
    return Record(
        key or text, kind, _values(properties), ends=(_ref(tail, namespace), _ref(head, namespace)), said=said or Said()
    )


def load(
    path: Path,
    source: str,
    records: Iterable[Record | Reject],
    *,
    namespace: str = "test",
    day: str = DAY,
    rebuild_share: float = REBUILD_SHARE,
) -> LoadResult:
    """Load `records` as the snapshot of `source` into the store at `path`, made when absent."""
    with closing(connect(path, create=True)) as connection:
        request = LoadRequest(source, namespace, source, False, ("test",), day)
        return Ledger(connection, load_ontology(), rebuild_share).load(request, records)


def withdraw(path: Path, source: str, *, rebuild_share: float = REBUILD_SHARE) -> LoadResult:
    """Withdraw `source` from the store at `path`."""
    with closing(connect(path)) as connection:
        return Ledger(connection, load_ontology(), rebuild_share).withdraw(source, DAY)


def store(path: Path, **options: bool) -> EmbeddedStore:
    """The store at `path`."""
    return EmbeddedStore(path, load_ontology(), **options)


def _values(properties: dict[str, str]) -> dict[str, list[str]]:
    return {name: text.split("|") for name, text in properties.items()}


def _ref(text: str, namespace: str) -> Ref:
    space, found, key = text.rpartition(":")
    return Ref(space if found else namespace, key)
