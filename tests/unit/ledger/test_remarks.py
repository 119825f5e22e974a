"""Do remarks on what was read and kept stay with the source and the record that they are about?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kg import operations
from kg.operations import FileLoadRequest, load
from kg.operations.ledger.rejects import read_rejects

GARBLED = "property name, value 'MÃ¼ller Example', which was 'Müller Example': its letters were decoded wrongly"
KIND = "property name: its letters were decoded wrongly; it is kept as it is"


@pytest.fixture
def workspace(tmp_path: Path) -> operations.Workspace:
    return operations.Workspace(tmp_path / "graph.sqlite")


def _load(workspace: operations.Workspace, *lines: dict[str, object], delta: bool = False) -> None:
    file = workspace.path.with_name("people.ftm.json")
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    load(workspace, FileLoadRequest((file,), source="desk", delta=delta, day="2014-12-05"))


def _person(key: str, name: str, born: str = "1960") -> dict[str, object]:
    return {"id": key, "schema": "Person", "properties": {"name": [name], "birthDate": [born]}}


def _remarks(workspace: operations.Workspace, key: str = "p1") -> tuple[dict[str, int], list[str]]:
    """Of the source by kind, and of one record."""
    with operations.open_store(workspace) as store:
        (source,) = store.contents().sources
        node = operations.resolve_node(store, "id", f"desk:{key}")
        (claim,) = store.claims([node])[node]
        answer = operations.describe_entity(workspace, store, node)
    assert list(claim.remarks) == answer.claims[0].remarks
    return dict(source.remarks), list(claim.remarks)


def test_a_remark_stays_with_its_record_until_a_load_of_it_has_none(workspace: operations.Workspace) -> None:
    _load(workspace, _person("p1", "MÃ¼ller Example"), _person("p2", "Bo Sample"))
    found, (text,) = _remarks(workspace)
    assert found == {KIND: 1}
    assert text.startswith(GARBLED)
    assert _remarks(workspace, "p2") == ({KIND: 1}, [])
    assert [reject.remark for reject in read_rejects(workspace, "desk")] == [True]
    _load(workspace, {"op": "MOD", "entity": _person("p2", "Bo Other")}, delta=True)
    assert _remarks(workspace)[0] == {KIND: 1}
    _load(workspace, {"op": "MOD", "entity": _person("p1", "Müller Example")}, delta=True)
    assert _remarks(workspace) == ({}, [])
    _load(workspace, _person("p1", "MÃ¼ller Example"))
    operations.withdraw(workspace, "desk")
    with operations.open_store(workspace) as store:
        assert [dict(source.remarks) for source in store.contents().sources] == [{}]


def test_a_remark_on_what_is_withheld_is_told_to_nobody(workspace: operations.Workspace) -> None:
    _load(workspace, _person("p1", "MÃ¼ller Example", "2010-01-01"), _person("p2", "MÃ¼ller O'Elder"))
    assert _remarks(workspace) == ({KIND: 2}, [])
    assert len(_remarks(workspace, "p2")[1]) == 1


def test_remarks_on_protected_rows_are_for_their_scope_alone(workspace: operations.Workspace) -> None:
    file = workspace.path.with_name("persons.csv")
    file.write_text("key,name,handling\np1,Bo,\np2,MÃ¼ller Example,protected\n", encoding="utf-8")
    load(workspace, FileLoadRequest((file,), source="desk"))
    for scope, expected in ((False, {}), (True, {KIND: 1})):
        with operations.open_store(replace(workspace, protected=scope)) as store:
            assert [dict(source.remarks) for source in store.contents().sources] == [expected]
