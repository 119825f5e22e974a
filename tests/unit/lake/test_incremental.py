"""Is a graph that follows a few changes the one that is made whole?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.lake import incremental
from kg.lake.engines import Engine
from kg.lake.events import Lake
from kg.lake.graph import LakeGraph
from kg.ontology import load_ontology
from kg.operations.lake.project import EngineOptions, project_lake
from kg.records import Provenance
from tests.lakes import assert_equal, export
from tests.stores import judge, link, load, node, undo, withdraw

PEOPLE = [node("ann", name="Ann", passport_number="P-12345"), node("bo", name="Bo"), node("acme", "Enterprise")]
LINKS = [link("ann OWNS acme"), link("bo OWNS acme"), link("cy OWNS acme", share="51"), link("dee OWNS bo")]
OTHERS = [node("cy", name="Cy", passport_number="p 12345"), node("eve", name="Eve", referents=("ann",))]
ENDED = [node("v", "Warrant", name="V", ended_on="2010"), link("cy SOUGHT_UNDER v")]
PAPERS = [node("w", "Warrant", name="W"), link("cy SOUGHT_UNDER w"), *ENDED]
SECRET = Provenance(handling="protected")

CHANGES: dict[str, Callable[[Path], object]] = {
    "a person whom a link waits for comes": lambda store: load(store, "dee", [node("dee", name="Dee")]),
    "a person at the end of a link goes": lambda store: withdraw(store, "others"),
    "a name changes": lambda store: load(store, "others", [node("cy", name="Cy Example"), *OTHERS[1:]]),
    "two are judged the same": lambda store: judge(store, "same", "test:cy", "test:bo"),
    "two are kept apart": lambda store: judge(store, "distinct", "test:cy", "test:ann"),
    "a judgement is undone": lambda store: undo(store, 1),
    "somebody is known to the protected scope alone": lambda store: load(
        store, "others", [node("cy", name="Cy", provenance=SECRET), *OTHERS[1:]]
    ),
    "somebody is sought no more": lambda store: withdraw(store, "papers"),
    "a link leads elsewhere": lambda store: load(
        store, "links", [*LINKS[1:], link("ann OWNS bo", key="ann OWNS acme")]
    ),
    "nothing changes": lambda store: None,
}


@pytest.fixture(scope="module")
def projected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and a lake whose graph is made."""
    folder = tmp_path_factory.mktemp("projected")
    store, lake = folder / "graph.sqlite", folder / "lake"
    for source, records in (("people", PEOPLE), ("links", LINKS), ("others", OTHERS), ("papers", PAPERS)):
        load(store, source, records)
    judge(store, "same", "test:eve", "test:bo")
    export(store, lake)
    project_lake(lake, EngineOptions())
    return folder


@pytest.mark.parametrize("change", CHANGES)
def test_following_a_change_is_making_all_anew(
    change: str, projected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(projected, tmp_path, dirs_exist_ok=True)
    store, lake = tmp_path / "graph.sqlite", tmp_path / "lake"
    CHANGES[change](store)
    export(store, lake)
    monkeypatch.setattr(incremental, "MAX_SHARE", float("inf"))
    followed: list[LakeGraph] = []
    follow = incremental.project_changes

    def noted(engine: Engine, opened: Lake, before: LakeGraph, *rest: Any) -> incremental.ChangedProjection:
        followed.append(before)
        return follow(engine, opened, before, *rest)

    monkeypatch.setattr(incremental, "project_changes", noted)
    assert_equal(store, lake)
    assert len(followed) == 1


def test_a_graph_is_made_whole_where_much_has_changed(tmp_path: Path) -> None:
    store, lake = tmp_path / "graph.sqlite", tmp_path / "lake"
    load(store, "people", PEOPLE)
    export(store, lake)
    graph = project_lake(lake, EngineOptions())
    assert incremental.can_follow(Lake(lake), graph, load_ontology())
    load(store, "links", LINKS)
    export(store, lake)
    assert not incremental.can_follow(Lake(lake), graph, load_ontology())
