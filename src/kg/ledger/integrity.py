"""Check that the store's file is whole, and repair what can be made anew from its ledger."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.database import (
    CACHES,
    HOW_TO_GO_ON,
    LEDGER_INDEXES,
    NOTHING_CHANGED,
    OPEN_VERSION,
    PROJECTION_INDEXES,
    PROJECTION_TABLES,
    SCHEMA_VERSION,
    SEARCH_INDEXES,
    changed_declarations,
    create_caches,
    create_indexes,
    create_projection,
    drop_indexes,
    raise_version,
    to_store_error,
    write_transaction,
)
from kg.errors import StoreDamaged
from kg.ledger.digests import changed_records, sources_with_other_digest, visible_names
from kg.ledger.projection.rebuild import Progress, rebuild_projection
from kg.ontology import Ontology

LEDGER_TABLES = (
    "meta",
    "namespace",
    "source",
    "load",
    "stored_record",
    "record_kind",
    "provenance",
    "judgement",
    "report",
)
MAX_PROBLEMS = 20
"""How many problems are looked for in each table."""

_SEARCH_TABLES = tuple(f"{index}_{part}" for index in SEARCH_INDEXES for part in ("data", "idx", "config"))
"""The tables in which FTS5 keeps the search words."""

_TABLES_OF_NODES = ("redirect", "atom", "identifier", "protected_identifier")

_INDEX_PROBLEM = re.compile(r"(?:missing from|entries in|entry in) index (\w+)$")


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """What is damaged in the file, in tables of the ledger and in those that are made from it."""

    ledger: tuple[str, ...] = ()
    projection: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is damaged."""
        return not (self.ledger or self.projection)

    @property
    def is_repairable(self) -> bool:
        """Whether what is damaged can be made anew: the projection, and indexes of the ledger."""
        return not self.is_whole and all(problem.startswith("index ") for problem in self.ledger)

    @property
    def problems(self) -> tuple[str, ...]:
        """All of it."""
        return self.ledger + self.projection


def check_integrity(connection: sqlite3.Connection, schema: str = "main", *, writable: bool = True) -> IntegrityReport:
    """Check the pages of the file, that each index has the rows of its table, and that search words match the names.

    It reads the whole file once. FTS5's own check of the search words counts as writing: without `writable`, it is left
    out on SQLite before 3.44, where `integrity_check` does not include it. A file of an older format, such as a backup
    from before an upgrade, is checked as far as it has the tables of today.
    """
    is_older = connection.execute(f"PRAGMA {schema}.user_version").fetchone()[0] < SCHEMA_VERSION
    if not is_older and (changed := changed_declarations(connection, schema)):
        return IntegrityReport(tuple(f"{name}: declared otherwise" for name in changed))
    known = _known_tables(connection, schema) if is_older else tuple
    whole = _check(connection, f"PRAGMA {schema}.integrity_check({MAX_PROBLEMS})") == []
    ledger = () if whole else _table_problems(connection, schema, known(LEDGER_TABLES))
    of_projection = known((*PROJECTION_TABLES, *_SEARCH_TABLES, *CACHES))
    projection = () if whole else _table_problems(connection, schema, of_projection)
    (nodes,) = known(("stored_node",))
    projection += _dangling_rows(connection, schema, known(_TABLES_OF_NODES), nodes)
    if writable and not any("search words" in problem for problem in projection):
        checks = (
            f"INSERT INTO {schema}.{index} ({index}) VALUES ('integrity-check')" for index in known(SEARCH_INDEXES)
        )
        found = [problem for check in checks for problem in _check(connection, check)]
        projection += tuple(f"search words: {problem}" for problem in found[:1])
    if not whole and not ledger and not projection:
        ledger = ("table sqlite_master, or the list of free pages",)
    return IntegrityReport(ledger, projection)


def expect_integrity(
    connection: sqlite3.Connection, what: str = "the store", *, writable: bool = True, protected: bool = False
) -> None:
    """Raise StoreDamaged, saying what is damaged, unless the file is whole and each record what its digest says.

    Whether the graph is what the records give is not compared: `kg verify` tells that, and a restore makes it anew.
    """
    problems = check_integrity(connection, writable=writable).problems
    if not problems:
        found = chain(changed_records(connection), sources_with_other_digest(connection))
        problems = visible_names(found, protected=protected)
    if problems:
        raise StoreDamaged(f"{what} is damaged ({'; '.join(problems[:3])}); {HOW_TO_GO_ON}", NOTHING_CHANGED)


def repair(connection: sqlite3.Connection, ontology: Ontology, progress: Progress = lambda phase, done: None) -> None:
    """Make the projection and the indexes anew from the ledger, in one transaction, and check what came of it.

    Suggestions are forgotten, as they are no part of the ledger: `kg candidates --write` finds them again.

    Raises StoreDamaged, with nothing changed, where more than they is damaged.
    """
    with write_transaction(connection):
        drop_indexes(connection, LEDGER_INDEXES | PROJECTION_INDEXES)
        for table in (*PROJECTION_TABLES, *SEARCH_INDEXES, *CACHES):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        create_projection(connection)
        create_caches(connection)
        create_indexes(connection, LEDGER_INDEXES | PROJECTION_INDEXES)
        connection.execute("REINDEX")  # the indexes that UNIQUE makes, too
        rebuild_projection(connection, ontology, progress)
        for version in ("version", OPEN_VERSION):
            raise_version(connection, version)
        expect_integrity(connection, "what the ledger itself keeps")


def _table_problems(connection: sqlite3.Connection, schema: str, tables: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with each table and its indexes, named by the index where that alone is damaged."""
    problems = []
    for table in tables:
        found = _check(connection, f"PRAGMA {schema}.integrity_check({table})")
        indexes = [match[1] for problem in found if (match := _INDEX_PROBLEM.search(problem))]
        if found and len(indexes) == len(found):
            problems += [f"index {index}" for index in dict.fromkeys(indexes)]
        elif found:
            name = "search words" if table in _SEARCH_TABLES else f"table {table}"
            problems.append(f"{name}: {found[0]}{f' and {len(found) - 1} more' if len(found) > 1 else ''}")
    return tuple(dict.fromkeys(problems))


def _check(connection: sqlite3.Connection, statement: str) -> list[str]:
    """The problems that a check of SQLite reports, each in one line. Raises sqlite3.Error for a disk that fails."""
    try:
        rows = [" ".join(line.split()) for row in connection.execute(statement) for line in str(row[0]).splitlines()]
    except sqlite3.DatabaseError as error:
        if not isinstance(to_store_error(error), StoreDamaged):
            raise
        return [str(error)]
    return [row for row in rows if row != "ok" and not row.startswith("***")]


def _known_tables(connection: sqlite3.Connection, schema: str) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Which of some tables a file of an older format has, by their names there."""
    names = {row[0] for row in connection.execute(f"SELECT name FROM {schema}.sqlite_master")}

    def known(tables: Sequence[str]) -> tuple[str, ...]:
        there = (name if name in names else name.removeprefix("stored_") for name in tables)
        return tuple(name for name in there if name in names)

    return known


def _dangling_rows(connection: sqlite3.Connection, schema: str, tables: Sequence[str], nodes: str) -> tuple[str, ...]:
    """Those of the tables that have rows that lead to no node in the table `nodes`."""
    problems = []
    for table in tables:
        query = (
            f"SELECT 'table {table}: a row leads to no node' FROM {schema}.{table} NOT INDEXED"
            f" WHERE node NOT IN (SELECT num FROM {schema}.{nodes} NOT INDEXED) LIMIT 1"
        )
        problems += _check(connection, query)
    return tuple(problems)
