"""Empty suggestions when what they were made from may have changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def has_suggestions(connection: sqlite3.Connection) -> bool:
    """Whether any are kept, in whatever scope."""
    return connection.execute("SELECT 1 FROM main.suggestion LIMIT 1").fetchone() is not None


def outdate_suggestions(connection: sqlite3.Connection, nodes: Iterable[int] | None = None) -> None:
    """Empty those of some nodes (numbers of the store), or all: what they were made from may have changed.

    They are told again once they have been found again, with the day on which they were seen first.
    """
    if nodes is None:
        connection.execute("UPDATE main.suggestion SET evidence = ''")
        return
    outdate = """UPDATE main.suggestion SET evidence = '' WHERE ({end}_key, {end}_ns) IN (
        SELECT key, ns FROM main.atom WHERE node = ?)"""
    for end in ("one", "other"):
        connection.executemany(outdate.format(end=end), ((node,) for node in nodes))
