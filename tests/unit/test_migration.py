"""Is a store of the format before migrated, and an older one refused?"""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kg import operations
from kg.database import LEDGER_INDEXES, OLDEST_SCHEMA_VERSION, PROJECTION_INDEXES, SCHEMA_VERSION, connect
from kg.errors import StoreError
from kg.ledger.digests import source_digest
from kg.ledger.ledger import Ledger
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.operations.store.backup import digest_path
from tests.house.tree import ROOT

OLDER_STORES = ROOT / "tests" / "older_stores"


def unpack(version: int, folder: Path) -> Path:
    """A store as a kg of this format wrote it."""
    path = folder / "graph.sqlite"
    path.write_bytes(gzip.decompress((OLDER_STORES / f"store-v{version}.sqlite.gz").read_bytes()))
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return unpack(OLDEST_SCHEMA_VERSION, tmp_path)


def test_a_store_of_the_format_before_is_migrated_and_verifies(path: Path) -> None:
    with closing(sqlite3.connect(path)) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (OLDEST_SCHEMA_VERSION,)
        records = before.execute("SELECT count(*) FROM record").fetchone()
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("SELECT count(*) FROM record").fetchone() == records
        Ledger(connection, load_ontology()).rebuild_if_outdated()
        last = "SELECT num, source, digest FROM load WHERE num IN (SELECT max(num) FROM load GROUP BY source)"
        for _, source, digest in connection.execute(last).fetchall():
            assert digest == source_digest(connection, source)
        links = "SELECT count(from_key) FROM record WHERE record.source = load.source AND until IS NULL"
        wrong = f"SELECT count(*) FROM ({last}) AS newest JOIN load USING (num) WHERE load.links <> ({links})"
        assert connection.execute(wrong).fetchone() == (0,)
        graded = "SELECT count(*) FROM link WHERE credibility < 6"
        assert connection.execute(graded).fetchone() == (1,)
    assert verify(path, load_ontology()).differing == ()


@pytest.mark.parametrize("version", range(OLDEST_SCHEMA_VERSION, SCHEMA_VERSION))
def test_a_migrated_store_has_the_tables_and_indexes_of_a_new_one(version: int, tmp_path: Path) -> None:
    path = unpack(version, tmp_path)
    columns = "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
    words = "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with closing(connect(path)) as migrated, closing(connect(tmp_path / "new.sqlite", create=True)) as new:
        assert set(migrated.execute(columns)) == set(new.execute(columns))
        assert set(migrated.execute(words)) == set(new.execute(words))
        assert set(migrated.execute(indexes)) == set(new.execute(indexes))
        assert dict(new.execute(indexes)).keys() == LEDGER_INDEXES.keys() | PROJECTION_INDEXES.keys()


@pytest.mark.parametrize("version", range(OLDEST_SCHEMA_VERSION, SCHEMA_VERSION))
def test_a_backup_of_an_older_format_passes_its_check_and_is_restored(version: int, tmp_path: Path) -> None:
    backup = unpack(version, tmp_path)
    digest_path(backup).write_text(f"{hashlib.sha256(backup.read_bytes()).hexdigest()}  {backup.name}\n")
    found = operations.check_backup(backup, lambda *_: None)
    assert (found.format, found.digest) == (version, "")
    workspace = operations.Workspace(tmp_path / "restored.sqlite")
    assert operations.restore(workspace, backup).version == found.version
    assert operations.verify(workspace).is_clean


def test_the_check_of_an_older_backup_tells_the_version_of_its_scope(tmp_path: Path) -> None:
    backup = unpack(SCHEMA_VERSION - 1, tmp_path)
    with closing(sqlite3.connect(backup)) as connection, connection:
        connection.execute("UPDATE meta SET value = '77' WHERE name = 'version'")  # changed for the scope alone
    digest_path(backup).write_text(f"{hashlib.sha256(backup.read_bytes()).hexdigest()}  {backup.name}\n")
    told = (operations.check_backup(backup, lambda *_: None, protected=scope).version for scope in (False, True))
    assert [version.endswith("@77") for version in told] == [False, True]


def test_a_store_without_unread_values_gets_them_when_its_source_is_loaded_again(tmp_path: Path) -> None:
    path = unpack(7, tmp_path)
    file = tmp_path / "a.ftm.json"
    file.write_text(
        '{"id": "p1", "schema": "Person", "properties": {"name": ["Ada Invented"], "birthDate": ["circa 1950"]}}\n'
    )
    workspace = operations.Workspace(path)
    with operations.open_store(workspace) as opened:
        assert {s.name: s.not_understood for s in opened.contents().sources} == {"s": {}, "desk": {}}
    assert operations.verify(workspace).is_clean
    assert operations.load(workspace, operations.FileLoadRequest((file,), source="s")).changed == 1
    with operations.open_store(workspace) as opened:
        assert {s.name: s.not_understood for s in opened.contents().sources}["s"] == {"Person.birth_date": 1}
    assert operations.verify(workspace).is_clean


def test_a_store_older_than_that_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as before:
        before.execute(f"PRAGMA user_version = {OLDEST_SCHEMA_VERSION - 1}")
    content = path.read_bytes()
    with pytest.raises(StoreError, match=r"written by an older kg .format 5; this one reads 6 and later."):
        connect(path)
    assert path.read_bytes() == content
