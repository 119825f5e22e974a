"""Is a store of an older format brought to this one?"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

from kg.database import PROJECTION_INDEXES, SCHEMA_VERSION, connect
from kg.digests import source_digest
from kg.ledger.ledger import Ledger
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from tests.house.tree import ROOT

KEPT = ROOT / "tests" / "kept" / "store-v1.sqlite.gz"
KEPT_4 = ROOT / "tests" / "kept" / "store-v4.sqlite.gz"


def test_a_store_of_format_1_is_migrated_and_verifies(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    path.write_bytes(gzip.decompress(KEPT.read_bytes()))
    with closing(sqlite3.connect(path)) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (1,)
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
    assert verify(path, load_ontology()).differing == ()


def test_a_store_of_format_4_gets_its_wider_indexes_and_keeps_its_projection(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    path.write_bytes(gzip.decompress(KEPT_4.read_bytes()))
    with closing(sqlite3.connect(path)) as before:
        assert before.execute("PRAGMA user_version").fetchone() == (4,)
        known = before.execute("SELECT name, value FROM meta ORDER BY name").fetchall()
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("SELECT name, value FROM meta ORDER BY name").fetchall() == known
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        Ledger(connection, load_ontology()).rebuild_if_outdated()
    for name in ("link_tail", "link_head"):
        assert made[name] == f"CREATE {PROJECTION_INDEXES[name]}"
    assert verify(path, load_ontology()).differing == ()
