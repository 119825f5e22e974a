"""Does a node's page tell what is said of it and cannot all be true? All names are invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg.analysis.ownership import OwnershipQuestion
from kg.analysis.paths import PathQuestion, Ranking
from kg.ontology import load_ontology
from kg.operations import (
    Workspace,
    describe_entity,
    describe_links,
    find_owners,
    find_paths,
    find_unresolved_links,
    open_store,
)
from kg.operations.questions import entities
from kg.operations.subgraphs.summaries import summarize_links
from kg.ports import LinkQuery
from kg.records import link_id, node_id
from tests.stores import link, load, node, store

REGISTER = [
    node("ann", name="Ann Invented", birth_date="1960|1971", death_date="1950"),
    node("bo", name="Bo Invented"),
    node("acme", "Enterprise", name="Acme Invented"),
    link("ann OWNS acme", share="70"),
    link("bo OWNS acme", share="60"),
    link("ann PAID bo", amount="100 EUR|200 EUR"),
]
PRESS = [
    link("ann OWNS acme", key="ann-2", share="20", start_date="2001"),
    link("bo OWNS acme", key="bo-2", start_date="2015", end_date="2010"),
]


JOINED = [
    node("ann", name="Ann Invented", gender="female", referents=("x",)),
    node("carl", name="Carl Invented", gender="M", referents=("x",)),
    node("dora", name="Dora Invented", referents=("eagle", "y")),
    node("eagle", "Enterprise", name="Eagle Invented"),
    node("gb", "Jurisdiction", name="Britain Invented", code="GB"),
    node("cn", "Jurisdiction", name="China Invented", code="CN"),
    replace(link("ann CITIZEN_OF jurisdiction:GB", key="ann"), part="citizenship"),
    replace(link("carl CITIZEN_OF jurisdiction:CN", key="carl"), part="citizenship"),
]


def test_records_that_referents_join_are_told_at_the_load_and_on_their_page(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    told = load(path, "list", JOINED).joined
    by_carl = "Ann Invented (test:ann) and Carl Invented (test:carl) are one because list names x a referent of both"
    by_dora = (
        "Dora Invented (test:dora) and Eagle Invented (test:eagle) are one because list names eagle a referent of dora"
    )
    genders, kinds = "gender stated as M and as female", "kind stated as Enterprise and as Person"
    citizenships = "citizenship stated as {} (test:ann) and as {} (test:carl)"
    assert (told.count, told.contradicted) == (2, 2)
    assert told.examples == (
        f"{by_carl}; contradiction: {genders}; contradiction: {citizenships.format('GB', 'CN')}",
        f"{by_dora}; contradiction: {kinds}",
    )
    again = load(path, "list", [*JOINED, node("di", name="Di Invented", referents=("eagle",))], rebuild_share=1)
    assert (again.joined.count, load(path, "other", [node("zed")]).joined.count) == (1, 0)
    pairs = [node(f"{key}{n}", name=f"Invented {n}", referents=(f"x{n}",)) for n in range(5) for key in "ab"]
    many = load(path, "many", [*pairs, node("c4", name="Other", gender="male", referents=("a4",))]).joined
    assert (many.count, many.contradicted, len(many.examples)) == (5, 0, 3)
    pairs[9] = node("b4", name="Invented 4", gender="female", referents=("x4",))
    changed = load(path, "many", [*pairs, node("c4", name="Other", gender="male", referents=("a4",))]).joined
    assert (changed.count, changed.contradicted, len(changed.examples)) == (1, 1, 1)
    assert "(test:a4) and Invented 4 (test:b4)" in changed.examples[0]
    workspace = Workspace(path)
    with open_store(workspace) as store:
        page = describe_entity(workspace, store, node_id("test", "ann"))
    assert page.joins == [by_carl]
    assert page.contradictions == [genders, citizenships.format("Britain Invented", "China Invented")]


def test_a_page_tells_what_owners_tell_and_what_is_said_of_each_thing(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "register", REGISTER)
    load(path, "press", PRESS)
    workspace = Workspace(path)
    acme, ann = node_id("test", "acme"), node_id("test", "ann")
    with open_store(workspace) as store:
        said = {node: describe_entity(workspace, store, node).contradictions for node in (acme, ann)}
        links = describe_links(store, load_ontology(), LinkQuery(ann)).link_contradictions
        owners = find_owners(store, OwnershipQuestion(acme, "2014")).finding
    assert said[ann] == [
        "birth date stated as 1960 and as 1971",
        "birth date 1971 is after death date 1950",
    ]
    assert said[acme] == ["Ann Invented: share stated as 20 % (press) and as 70 % (register)"]
    assert links == {link_id("test", "ann PAID bo", ""): ["amount stated as EUR 100 and as EUR 200"]}
    assert [one.says for one in owners.contradictions] == ["start date 2015 is after end date 2010"]
    assert owners.impossible == (link_id("test", "bo-2", ""),)
    assert [share.text for one in owners.disputes for _, share in one.said] == ["20 %", "70 %"]


def test_an_end_of_a_type_that_no_such_link_has_is_told_for_as_long_as_it_is_one(tmp_path: Path) -> None:
    """Whatever was loaded first; a type that is more general than what may be there contradicts nothing."""
    path, ann, bo = tmp_path / "graph.sqlite", node_id("test", "ann"), node_id("test", "bo")
    wrong = "owns goes from party to asset, not from person to person"

    def told() -> list[list[str]]:
        with open_store(Workspace(path)) as store:
            link = describe_links(store, load_ontology(), LinkQuery(ann)).link_contradictions
            owned = [one.says for one in find_owners(store, OwnershipQuestion(bo)).finding.contradictions]
            (path_found,) = find_paths(store, PathQuestion(ann, bo), Ranking()).finding.paths
            in_short = summarize_links(store, store.links(LinkQuery(ann)))[0].contradictions
            return [*link.values(), owned, [one.says for one in path_found.contradictions], in_short]

    load(path, "register", [link("ann OWNS bo", key="o1")])
    load(path, "people", [node("ann"), node("bo")])
    assert told() == [[wrong]] * 4
    load(path, "registry", [node("ann", "Enterprise")])
    both = wrong.replace("not from person", "not from enterprise and person")
    assert told() == [[both], [both], ["kind stated as Enterprise and as Person", both], [both]]
    load(path, "registry", [])
    load(path, "people", [node("ann"), node("bo", "Party")])
    assert told() == [[], [], []]


def test_words_of_unresolved_links_name_no_child_whichever_ends_are_there(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    child = node("tim", name="Timothy Invented", birth_date="2010-03-04")
    paid = [link(f"{end} PAID gone", amount="1 EUR", purpose="school of Timothy Invented") for end in ("ann", "none")]
    load(path, "bank", [node("ann", name="Ann Invented"), child, *paid])
    with store(path) as opened:
        told = {one.key: one.stated for one in opened.waiting_links()}
    assert told == {one.key: {"amount": ("1 EUR",)} for one in paid}


def test_unresolved_links_of_one_direction_are_the_first_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "MAX_UNRESOLVED_LINKS", 1)
    path = tmp_path / "graph.sqlite"
    load(path, "desk", [node("ann"), link("ann PAID b1", key="a"), link("b2 PAID ann", key="b")])
    with open_store(Workspace(path)) as store:
        asked = {way: LinkQuery(node_id("test", "ann"), direction=way) for way in ("", "out", "in")}
        found = {way: [one.key for one in find_unresolved_links(store, query)] for way, query in asked.items()}
    assert found == {"": ["a"], "out": ["a"], "in": ["b"]}
