"""Numbers by which a store knows namespaces, files and provenances, in any process."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import orjson

from kg.database.views import number_provenance


class Numbers(Protocol):
    """Numbers by which a store knows names."""

    def number(self, name: str) -> int:
        """The number of a name."""
        ...


class StageNumbers(NamedTuple):
    """The numbers that rows of a stage have."""

    namespaces: Numbers
    files: Numbers
    provenances: Numbers
    """By their canonical JSON."""


class KnownMaps(NamedTuple):
    """The numbers that are known so far, by name; they may become more."""

    namespaces: Mapping[str, int]
    files: Mapping[str, int]
    provenances: Mapping[str, int]


class KnownNumbers:
    """Numbers that a process was told; a name that is not among them gets a negative one."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._numbers = dict(known)
        self.new: list[str] = []
        """The names with the numbers -1, -2 and so on."""

    def number(self, name: str) -> int:
        """The number of a name."""
        if name not in self._numbers:
            self.new.append(name)
            self._numbers[name] = -len(self.new)
        return self._numbers[name]


class FileNumbers:
    """Numbers of files that links are read from."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.known = dict[str, int](connection.execute("SELECT name, num FROM main.file"))

    def number(self, name: str) -> int:
        """The number of a file, by its name without its folder."""
        if name not in self.known:
            known = name.rpartition("/")[2]
            self._connection.execute("INSERT OR IGNORE INTO main.file (name) VALUES (?)", (known,))
            (found,) = self._connection.execute("SELECT num FROM main.file WHERE name = ?", (known,)).fetchone()
            self.known[name] = int(found)
        return self.known[name]


class NamespaceNumbers:
    """Numbers of namespaces; a new namespace gets one when it is first met."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.known = dict[str, int](connection.execute("SELECT name, num FROM namespace"))

    def number(self, name: str) -> int:
        """The number of a namespace."""
        if name not in self.known:
            cursor = self._connection.execute("INSERT INTO namespace (name) VALUES (?)", (name,))
            self.known[name] = int(cursor.lastrowid or 0)
        return self.known[name]


class ProvenanceNumbers:
    """Numbers of the provenances of one source that many records have in common."""

    def __init__(self, connection: sqlite3.Connection, source: str, namespace: str) -> None:
        self._connection, self._names = connection, (source, namespace)
        self.known = dict[str, int]()

    def number(self, name: str) -> int:
        """The number of a provenance, by its canonical JSON."""
        if name not in self.known:
            self.known[name] = number_provenance(self._connection, *self._names, orjson.loads(name))
        return self.known[name]
