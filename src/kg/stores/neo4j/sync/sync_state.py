"""The digests of what a Neo4j was given, in a file beside the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from kg.files import PRIVATE, atomic_file
from kg.records import ID_LENGTH

ENTRY_TYPE = np.dtype([("id", f"S{ID_LENGTH}"), ("digest", "<i8"), ("type", "<u2")])
"""One node or link: its id, the digest of its content, the index of its type in `types`."""

Entries = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class SyncState:
    """The nodes and links that a Neo4j was given, each sorted by id."""

    types: tuple[str, ...] = ()
    nodes: Entries = field(default_factory=lambda: np.empty(0, ENTRY_TYPE))
    links: Entries = field(default_factory=lambda: np.empty(0, ENTRY_TYPE))


class SyncStateBuilder:
    """Collects entries and sorts them at the end."""

    def __init__(self) -> None:
        self._types: dict[str, int] = {}
        self._parts: dict[str, list[Entries]] = {"nodes": [], "links": []}

    def add(self, what: str, ids: Sequence[str], digests: Sequence[int], types: Sequence[str]) -> Entries:
        """Add some nodes or links; returns them as entries, in the order given."""
        part = np.empty(len(ids), ENTRY_TYPE)
        part["id"], part["digest"] = ids, digests
        part["type"] = [self._types.setdefault(t, len(self._types)) for t in types]
        self._parts[what].append(part)
        return part

    def build(self) -> SyncState:
        """All entries, sorted."""
        whole = (np.concatenate([np.empty(0, ENTRY_TYPE), *parts]) for parts in self._parts.values())
        return SyncState(tuple(self._types), *(part[np.argsort(part["id"], kind="stable")] for part in whole))


def positions(entries: Entries, ids: NDArray[Any]) -> NDArray[np.int64]:
    """The index of each id in sorted entries; -1 if it is absent."""
    if not len(entries):
        return np.full(len(ids), -1, np.int64)
    at = np.minimum(np.searchsorted(entries["id"], ids), len(entries) - 1)
    return np.where(entries["id"][at] == ids, at, -1)


def surplus_links(before: SyncState, present: SyncState) -> Entries:
    """The links of `before` that are not in `present`; one whose id has links of several types is wanted once."""
    links = before.links
    same = links["id"][1:] == links["id"][:-1] if len(links) else np.empty(0, bool)
    double = np.concatenate([[False], same]) | np.concatenate([same, [False]]) if len(links) else same
    at = positions(present.links, links["id"])
    type_numbers = np.array([before.types.index(t) if t in before.types else -1 for t in present.types], np.int64)
    expected = type_numbers[present.links["type"][at]] if len(present.links) else np.full(len(at), -1)
    chosen: Entries = links[(at < 0) | (double & (links["type"] != expected))]
    return chosen


def save_sync_state(path: Path, token: str, content: SyncState) -> None:
    """Save what the Neo4j with this token holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_file(path, PRIVATE) as file:
        types = np.array(content.types, np.str_)
        np.savez(file, token=np.array(token), types=types, nodes=content.nodes, links=content.links)


def load_sync_state(path: Path, token: str) -> SyncState | None:
    """What the Neo4j with this token holds; None if there is no file for it."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            if not token or str(file["token"]) != token:
                return None
            return SyncState(tuple(map(str, file["types"])), file["nodes"], file["links"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None  # absent or damaged: the Neo4j itself is asked


def sync_state_path(store: Path, target: str) -> Path:
    """The file with the state of `target`, a copy of the store at this path."""
    name = hashlib.sha256(target.encode()).hexdigest()[:16]
    return store.parent / f"{store.name}.synced" / f"{name}.npz"
