"""How often is the store opened for one question?"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kg import operations
from kg.database import OUTDATED, get_meta, set_meta
from kg.errors import StoreError
from kg.operations.workspace import open_database
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
