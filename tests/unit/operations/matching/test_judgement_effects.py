"""What is said that a judgement will do, and does it do that and leave nothing behind?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kg import operations
from kg.errors import InputError
from kg.findings.matches import JudgementEffect
from kg.ledger.verification import graph_digest
from kg.operations.ledger.erase import list_history
from tests.stores import DAY, link, load, node, table_rows

SAID = operations.Attribution("A. Analyst", "compared")
NAMES = "test:a", "test:b"


@pytest.fixture
def workspace(tmp_path: Path) -> operations.Workspace:
    """An invented owner and somebody wanted who may be the same person."""
    path = tmp_path / "graph.sqlite"
    owner = [
        node("a", name="Ann Sample", birth_date="1970-02-03", passport_number="P-12345"),
        node("house", "RealEstate", name="House"),
        node("firm", "Enterprise", name="Firm"),
        link("a OWNS house"),
        link("a OWNS firm"),
        link("firm OWNS house"),
    ]
    wanted = [
        node("b", name="Anna Sample", birth_date="1971", passport_number="P-12345"),
        node("yacht", "Vessel", name="Yacht"),
        node("w", "Warrant", name="W 1", issued_on="2010"),
        link("b OWNS yacht"),
        link("b SOUGHT_UNDER w"),
    ]
    load(path, "register", owner)
    load(path, "list", wanted)
    return operations.Workspace(path, user="ann")


def contents(workspace: operations.Workspace) -> list[object]:
    """Every row of the file, and the digest of its graph."""
    with closing(sqlite3.connect(workspace.path)) as connection:
        return [table_rows(workspace.path), graph_digest(connection)]


def preview(workspace: operations.Workspace, kind: str = "same") -> JudgementEffect:
    return operations.preview_judgement(workspace, kind, NAMES, SAID)


def test_what_same_does_is_said_before_and_nothing_of_it_stays(workspace: operations.Workspace) -> None:
    before = contents(workspace)
    effect = preview(workspace)
    assert effect.sentence == (
        "2 links join, 2 clusters change, 1 loaded contradiction becomes visible, Ann Sample becomes wanted, "
        "1 possible match goes"
    )
    assert effect.contradictions == ("birth date stated as 1970-02-03 and as 1971",)
    assert contents(workspace) == before


def test_it_does_what_was_said_and_its_undo_takes_it_back(workspace: operations.Workspace) -> None:
    def clusters() -> set[frozenset[str]]:
        from kg.analysis.clusters import ClusterParameters

        with operations.open_store(workspace) as store:
            found = operations.find_clusters(store, ClusterParameters()).clusters
            return {frozenset(member.id for member in cluster.members) for cluster in found}

    before, effect = clusters(), preview(workspace)
    with closing(sqlite3.connect(workspace.path)) as connection:
        digest = graph_digest(connection)
    made = operations.judge(workspace, "same", NAMES, SAID)
    assert (len(before), len(clusters())) == (2, 1)
    assert effect.clusters_changed == 2
    operations.undo_judgement(workspace, made.number, SAID)
    with closing(sqlite3.connect(workspace.path)) as connection:
        assert graph_digest(connection) == digest
    assert clusters() == before


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("distinct", "no link joins, no cluster changes, 1 possible match goes"),
        (
            "unsure",
            "no link joins, no cluster changes, the pair is hidden from review until records of either change",
        ),
    ],
)
def test_what_keeps_apart_or_leaves_open_joins_nothing(
    workspace: operations.Workspace, kind: str, sentence: str
) -> None:
    before = contents(workspace)
    assert preview(workspace, kind).sentence == sentence
    assert contents(workspace) == before


def test_what_would_be_refused_is_refused_with_the_chain_and_leaves_nothing(workspace: operations.Workspace) -> None:
    operations.judge(workspace, "distinct", NAMES, SAID)
    before = contents(workspace)
    with pytest.raises(InputError, match=r"test:a ≠ test:b \(judgement 1 by A\. Analyst on "):
        preview(workspace)
    assert contents(workspace) == before


def test_of_somebody_wanted_a_second_person_is_missing_where_two_eyes_are_set(
    workspace: operations.Workspace,
) -> None:
    careful = replace(workspace, two_eyes=True)
    effect = preview(careful)
    assert (effect.clusters_changed, "a second person" in effect.missing) == (2, True)
    made = operations.judge(careful, "same", NAMES, SAID)
    assert made.waits
    second = replace(careful, user="bob")
    boss = operations.Attribution("B. Boss", "seen too")
    assert operations.preview_judgement(second, "same", NAMES, boss).missing == ""
    assert operations.judge(second, "same", NAMES, boss).confirmed_by == "B. Boss"
    history = [(entry.kind, entry.user) for entry in list_history(careful)]
    assert history[-2:] == [("judgement", "ann"), ("confirmation", "bob")]


def test_of_others_no_second_person_is_needed(workspace: operations.Workspace) -> None:
    load(workspace.path, "press", [node("c", name="Ann S."), node("d", name="Ann Sam.")], day=DAY)
    careful = replace(workspace, two_eyes=True)
    assert not operations.judge(careful, "same", ("test:c", "test:d"), SAID).waits
    assert not operations.judge(careful, "distinct", NAMES, SAID).waits
