"""How often is the store opened for one question?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from kg import operations
from kg.database import OUTDATED, get_meta, set_meta
from kg.errors import StoreError
from kg.operations.workspace import Workspace, open_database, open_sqlite_store
from kg.stores.neo4j_address import Neo4jAddress
from tests.stores import load, node


def test_a_store_is_opened_once_and_brought_up_to_date_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, opened = operations.Workspace(tmp_path / "graph.sqlite"), list[object]()
    load(workspace.path, "s", [node("ann", name="Ann Example")])
    with open_database(workspace) as connection:
        set_meta(connection, "ontology", OUTDATED)
    connect: Any = sqlite3.connect

    def count(*what: Any, **how: Any) -> Any:
        opened.append(what)
        return connect(*what, **how)

    monkeypatch.setattr(sqlite3, "connect", count)
    with operations.open_store(workspace) as store:
        assert [found.caption for found in store.search("ann")] == ["Ann Example"]
    assert len(opened) == 1
    operations.export(workspace, operations.ExportRequest(str(tmp_path / "out.graphml")))
    assert len(opened) == 3  # and once more to note the export
    with open_database(workspace) as connection:
        assert get_meta(connection, "ontology") == workspace.ontology.digest


def test_a_store_that_cannot_be_brought_up_to_date_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, left = operations.Workspace(tmp_path / "graph.sqlite"), list[sqlite3.Connection]()
    load(workspace.path, "s", [node("ann", name="Ann Example")])

    def fail(_: object, connection: sqlite3.Connection) -> None:
        left.append(connection)
        raise StoreError("the disk is gone")

    monkeypatch.setattr("kg.operations.workspace.update_connection", fail)
    with pytest.raises(StoreError, match="disk is gone"), operations.open_store(workspace):
        pass
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        left[0].execute("SELECT 1")


@pytest.mark.parametrize("opened", [open_database, open_sqlite_store])
def test_a_neo4j_without_its_sqlite_file_has_no_records_to_judge(
    tmp_path: Path, opened: Callable[[Workspace], AbstractContextManager[object]]
) -> None:
    workspace = Workspace(tmp_path / "none.sqlite", neo4j=Neo4jAddress("neo4j://127.0.0.1:7687"))
    with (
        pytest.raises(StoreError, match=r"neo4j://127.0.0.1:7687 is a copy of a graph; .* KG_LEDGER"),
        opened(workspace),
    ):
        pass
