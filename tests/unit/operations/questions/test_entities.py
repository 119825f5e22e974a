"""Does a node's page tell what is said of it and cannot all be true? All names are invented."""

from __future__ import annotations

from pathlib import Path

from kg.analysis.ownership import OwnershipQuestion
from kg.ontology import load_ontology
from kg.operations import Workspace, describe_entity, describe_links, find_owners, open_store
from kg.ports import LinkQuery
from kg.records import link_id, node_id
from tests.stores import link, load, node

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
