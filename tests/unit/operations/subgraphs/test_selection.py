"""Is a picture that somebody kept right again after the graph has changed, and does it say what became of it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError, QuestionError
from kg.operations import render_subgraph, select_subgraph, subgraph_of_selection
from kg.operations.exports.graph_formats import MAX_DRAWN
from kg.records import Provenance, node_id
from tests.stores import judge, link, load, node, store, store_fixture, withdraw

ANN, BO, ACME = (node_id("test", key) for key in ("ann", "bo", "acme"))
SECRET = Provenance(handling="protected")
PRESS = [node("bo", name="Bo <b>& Invented"), link("ann FAMILY_OF bo"), link("bo OWNS acme", start_date="2003")]


@store_fixture
def path(path: Path) -> None:
    open_records = [
        node("ann", name="Ann Invented"),
        node("annie", name="Annie Invented"),
        node("acme", "Enterprise", name="Acme Invented Ltd"),
        link("ann OWNS acme", start_date="2001", end_date="2002"),
        node("twin-1", name="Twin Invented"),
        node("twin-2", name="Twin Invented"),
    ]
    hidden = [node("ghost", name="Ghost Invented", provenance=SECRET), link("ghost OWNS acme", provenance=SECRET)]
    load(path, "register", [*open_records, *hidden])
    load(path, "press", PRESS)


def test_what_is_withdrawn_is_gone_from_the_picture_and_told(path: Path) -> None:
    kept = [ANN, BO, ACME]
    with store(path) as graph:
        before = select_subgraph(graph, kept)
    withdraw(path, "press")
    with store(path) as graph:
        after = select_subgraph(graph, kept)
    assert (len(before.nodes), len(before.links), before.gone.count) == (3, 3, 0)
    assert after.nodes.keys() == {ANN, ACME} and [one.type for one in after.links] == ["OWNS"]
    assert (after.gone.count, after.gone.nodes) == (1, [BO])
    assert "press" not in after.model_dump_json() and "Bo" not in after.model_dump_json()


def test_what_was_joined_is_told_under_its_new_id(path: Path) -> None:
    judge(path, "same", "test:ann", "test:annie")
    former = node_id("test", "annie")
    with store(path) as graph:
        one = graph.resolve("test:ann")
        answer = select_subgraph(graph, [ANN, former, "test:acme", ACME])
    assert answer.nodes.keys() == {one, ACME}
    assert answer.moved == {name: one for name in (ANN, former) if name != one} | {"test:acme": ACME}


@pytest.mark.parametrize("protected", [False, True])
def test_what_a_scope_may_not_see_is_gone_like_what_never_was(path: Path, protected: bool) -> None:
    ghost = node_id("test", "ghost")
    with store(path, protected=protected) as graph:
        answer = select_subgraph(graph, [ghost, "test:nobody-ever", "test:ghost", ACME])
    assert answer.gone.nodes == (["test:nobody-ever"] if protected else [ghost, "test:nobody-ever", "test:ghost"])
    assert [one.handling for one in answer.links] == ["protected"] * protected


@pytest.mark.parametrize(("day", "types"), [("", 3), ("2001-06-01", 2), ("2005-01-01", 2), ("1999-01-01", 1)])
def test_with_a_day_only_links_that_may_hold_are_there(path: Path, day: str, types: int) -> None:
    with store(path) as graph:
        assert len(select_subgraph(graph, [ANN, BO, ACME], day).links) == types


def test_a_name_that_several_have_is_refused_and_told(path: Path) -> None:
    with store(path) as graph, pytest.raises(InputError) as error:
        select_subgraph(graph, [ANN, "Twin Invented"])
    assert error.value.field == "nodes.1"


@pytest.mark.parametrize("form", ["svg", "graphml", "cytoscape", "gexf"])
def test_a_selection_is_a_file_with_what_it_has_and_its_names_escaped(path: Path, form: str) -> None:
    with store(path) as graph:
        answer = select_subgraph(graph, [BO, ACME, ANN])
        files = [render_subgraph(graph.ontology, subgraph_of_selection(graph, answer), form) for _ in range(2)]
        version = str(graph.version())
    assert files[0] == files[1]
    text = files[0].decode()
    assert "Acme Invented" in text and version in text and "Ghost" not in text
    assert form == "cytoscape" or "<b>" not in text


def test_a_picture_is_the_same_whatever_the_order_of_the_request_and_says_what_is_not_for_everybody(path: Path) -> None:
    with store(path, protected=True) as graph:
        pictures = [
            render_subgraph(graph.ontology, subgraph_of_selection(graph, select_subgraph(graph, names)), "svg")
            for names in ([BO, ACME, ANN], [ANN, "test:acme", BO])
        ]
        secret = select_subgraph(graph, [ACME, "test:ghost"])
        drawn = render_subgraph(graph.ontology, subgraph_of_selection(graph, secret), "svg").decode()
    assert pictures[0] == pictures[1]
    assert b"protected" not in pictures[0]
    assert "Some of what is shown is protected." in drawn


def test_a_picture_that_nobody_could_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node(f"p{number}") for number in range(MAX_DRAWN + 1)])
    with store(path) as graph:
        answer = select_subgraph(graph, [node_id("test", f"p{number}") for number in range(MAX_DRAWN + 1)])
        with pytest.raises(QuestionError, match="at most 500 nodes"):
            render_subgraph(graph.ontology, subgraph_of_selection(graph, answer), "svg")
