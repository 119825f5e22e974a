"""A copy of the store that a service reads from while loads leave no pause, so that the write-ahead log can end."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson

from kg.database import LOG_BYTES, log_path
from kg.operations.store.backup import copy_database
from kg.operations.store.view_cache import file_cache
from kg.operations.workspace import Workspace
from kg.stores.cache.file_cache import Lease

LONG_LOG = 2 * LOG_BYTES
"""A log that is longer, and longer than a part of the file, is too long."""

LONG_PART = 4
"""The log may be as long as the file divided by this: so much more is written for copies than for loads at most."""

_FILE = "graph.sqlite"
_KIND = "copy"


def is_log_long(workspace: Workspace) -> bool:
    """Whether the write-ahead log is so long that it is worth a copy to let it begin anew."""
    try:
        return log_path(workspace.path).stat().st_size > max(LONG_LOG, workspace.path.stat().st_size // LONG_PART)
    except FileNotFoundError:
        return False


def copy_store(workspace: Workspace) -> tuple[str, Lease]:
    """Copy the newest version of the store into the cache, under a name that no other copy has. Raises StoreError."""

    def write(folder: Path) -> dict[str, str]:
        with closing(sqlite3.connect(folder / _FILE, isolation_level=None)) as copy:
            copy_database(workspace, copy)
        return {}

    name = f"{_KIND}-{uuid.uuid4().hex}"
    _, lease = file_cache(workspace).get_or_make(name, lambda lease: lease.folder, write)
    return name, lease


def find_copy(workspace: Workspace, name: str) -> Lease | None:
    """A copy that was made, which stays as long as the lease does; None where it is gone."""
    return file_cache(workspace).find(name)


def at_copy(workspace: Workspace, copy: Lease | None) -> Workspace:
    """The workspace with a copy in the place of its file, for reading; itself where there is none."""
    return replace(workspace, path=copy.folder / _FILE) if copy else workspace


def remove_copies(workspace: Workspace, sources: Sequence[str]) -> int:
    """Remove the copies that have one of the sources; returns how many are left because a service reads them."""
    if workspace.view_cache is None:
        return 0
    return file_cache(replace(workspace, neo4j=None)).remove(_KIND, lambda folder: _has_source(folder / _FILE, sources))


def _has_source(copy: Path, sources: Sequence[str]) -> bool:
    """Whether a copy has one of the sources, as far as it can be read."""
    query = "SELECT 1 FROM source WHERE name IN (SELECT value FROM json_each(?))"
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return connection.execute(query, (orjson.dumps(sources).decode(),)).fetchone() is not None
    except sqlite3.Error:
        return True
