"""Do values that could not be read follow their record into the graph, and out of it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from kg.database.scopes import set_scope
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.ports import LinkQuery, Selection
from kg.records import Provenance, Record, UnreadValue, node_id
from kg.stores.neo4j.graph_rows import link_rows, node_rows
from kg.stores.neo4j.projection_items import CopyScope
from kg.stores.neo4j.projection_reader import ProjectionReader
from kg.stores.sqlite.graph_stream import GraphStream
from tests.stores import link, load, node, store, withdraw

ANN = node_id("test", "ann")
SHARE = UnreadValue("percentage", "share", "150")
BIRTH = UnreadValue("birthDate", "birth_date", "circa 1950")


def unread(record: Record, *values: UnreadValue, protected: bool = False) -> Record:
    said = Provenance(handling="protected") if protected else record.provenance
    return replace(record, not_understood=tuple(sorted(values)), provenance=said)


def case(*, birth: UnreadValue = BIRTH) -> list[Record]:
    return [
        unread(node("ann", name="Ann Invented"), birth),
        node("acme", "Enterprise", name="Acme Invented"),
        unread(link("ann OWNS acme", key="o"), SHARE),
    ]


@pytest.fixture(params=[0.0, 10.0], ids=["rebuilt", "incremental"])
def rebuild_share(request: pytest.FixtureRequest) -> float:
    return float(request.param)


def words(path: Path, *, protected: bool = False) -> tuple[list[str], list[str]]:
    """What of Ann, and of her link, was not understood, with sources."""
    with store(path, protected=protected) as opened:
        found = opened.nodes([ANN]).get(ANN)
        links = [value for one in opened.links(LinkQuery(ANN)) for value in one.not_understood]
        told = found.not_understood if found else ()
    return [f"{v.words}: {v.source}" for v in told], [f"{v.words}: {v.source}" for v in links]


def test_they_are_versioned_and_withdrawn_with_their_record(tmp_path: Path, rebuild_share: float) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", case(), rebuild_share=rebuild_share)
    load(path, "other", [node("ann", name="Ann Invented")], rebuild_share=rebuild_share)
    assert words(path) == (["circa 1950: s"], ["150: s"])
    again = load(path, "s", case(birth=BIRTH._replace(words="um 1950")), rebuild_share=rebuild_share)
    assert (again.changed, again.not_understood) == (1, {"Person.birth_date": 1, "OWNS.share": 1})
    assert words(path) == (["um 1950: s"], ["150: s"])
    assert verify(path, load_ontology()).is_clean
    withdraw(path, "s", rebuild_share=rebuild_share)
    assert words(path) == ([], [])
    assert verify(path, load_ontology()).is_clean


def test_those_of_a_protected_record_are_protected(tmp_path: Path, rebuild_share: float) -> None:
    path = tmp_path / "graph.sqlite"
    open_records = [node("ann", name="Ann Invented"), *case()[1:]]
    load(path, "s", open_records, rebuild_share=rebuild_share)
    load(path, "secret", [unread(node("ann"), BIRTH, protected=True)], rebuild_share=rebuild_share)
    assert words(path) == ([], ["150: s"])
    assert words(path, protected=True) == (["circa 1950: secret"], ["150: s"])
    with store(path) as opened:
        assert {s.name: s.not_understood for s in opened.contents().sources} == {"s": {"OWNS.share": 1}}
        assert opened.claims([ANN])[ANN][0].not_understood == ()
    with store(path, protected=True) as opened:
        counts = {s.name: s.not_understood for s in opened.contents().sources}
    assert counts == {"s": {"OWNS.share": 1}, "secret": {"Person.birth_date": 1}}
    assert verify(path, load_ontology()).is_clean


def test_a_value_that_the_ontology_no_longer_takes_is_one_of_them(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("ann", birth_date="1950|circa 1950", shoe_size="38")])
    load(path, "t", [link("ann OWNS acme", share="150"), node("acme", "Enterprise")])
    with store(path) as opened:
        found = opened.nodes([ANN])[ANN]
    assert found.not_understood == (UnreadValue("birth_date", "birth_date", "circa 1950", "s"),)
    assert (found.properties, found.other) == ({"birth_date": ("1950",)}, {"shoe_size": ("38",)})
    assert words(path)[1] == ["150: t"]


def test_a_selection_of_sources_has_those_of_its_claims_alone(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", case())
    load(path, "other", [unread(node("ann", name="Ann"), BIRTH._replace(words="old")), node("acme", "Enterprise")])
    for sources, expected in ((("other",), ["old"]), (("s",), ["circa 1950"]), ((), ["circa 1950", "old"])):
        stream = GraphStream(path, load_ontology(), Selection(sources=sources))
        found = {described.node.id: described.node for described in stream.iterate_nodes()}
        assert sorted(value.words for value in found[ANN].not_understood) == expected
        stream.close()


def test_a_neo4j_has_the_same_body_and_a_key_to_ask_by(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", case(birth=BIRTH._replace(words='"circa\t1950"\n')))
    with store(path) as opened:
        set_scope(opened.connection, protected=False)
        scope = CopyScope(load_ontology(), False)
        reader = ProjectionReader(opened.connection, scope)
        rows = {r.id: r for r in node_rows(opened.connection, scope, list(reader.nodes()))}
        (link_row,) = link_rows(load_ontology(), reader.links())
        body = opened.connection.execute("SELECT body FROM node WHERE id = ?", (ANN,)).fetchone()[0]
    assert rows[ANN].properties["not_understood"] == ['birth_date: "circa 1950" (s)']
    assert rows[ANN].properties["zz_kg_body"] == body
    assert orjson.loads(body)["not_understood"] == [["birthDate", "birth_date", '"circa\t1950"\n', "s"]]
    assert link_row.properties["not_understood"] == ["share: 150 (s)"]
