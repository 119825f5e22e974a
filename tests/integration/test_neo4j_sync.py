"""Does a Neo4j get what the ledger says, all of it and nothing else?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kg import operations
from kg.errors import StoreBusy, StoreError
from kg.ledger.verification import graph_digest
from kg.ontology import load_ontology
from kg.operations import Workspace
from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates
from kg.operations.questions.suggestions import suggestions_of
from kg.queries import find_query
from kg.records import Provenance, Record, node_id
from kg.stores.neo4j import Comparison
from kg.stores.neo4j.sync import batches
from kg.view import LINK_COLUMNS, NODE_COLUMNS
from tests import neo4j_copies
from tests.property.test_ledger_law import STEPS, Run, Step
from tests.stores import judge, link, load, node, store, undo, withdraw

REGISTER = [
    node("ann", name="安娜|Ann Example", birth_date="1958-03", passport_number="G 123456"),
    node("acme", "Enterprise", name="Acme Holding", incorporation_date="2001-02-03"),
    node("yacht", "Vessel", name="MY Example", imo="9074729", valuation="market 2014-06 1200000..1500000 USD gross"),
    link("ann OWNS acme", share="51", start_date="2001", provenance=Provenance(reliability="A", credibility="2")),
    link("acme OWNS yacht", share="25..50"),
    link("acme PAID ann", amount="1200.50 USD", date="2010-05-06"),
]
ANN, ACME, YACHT = (node_id("test", key) for key in ("ann", "acme", "yacht"))


@pytest.fixture
def path(tmp_path: Path, neo4j: neo4j_copies.Neo4jFixture) -> Path:
    neo4j_copies.empty(neo4j)
    return tmp_path / "graph.sqlite"


def test_nodes_and_links_look_as_people_write_cypher(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", [*REGISTER, node("l", "ListEntry", number="L-1"), link("ann SOUGHT_UNDER l")])
    neo4j_copies.sync_copy(neo4j, path)
    [row] = neo4j.run(
        """MATCH (p:Person:Fugitive:Party:Entity)-[o:OWNS]->(c:Enterprise)-[:OWNS]->(v:Vessel:Asset {imo: '9074729'})
        MATCH (c)-[m:PAID {date: date('2010-05-06')}]->(p)
        RETURN p.name AS name, p.name_all AS names, p.sources AS sources, p.birth_date_text AS born,
        p.birth_date IS NULL AS partial, toString(p.birth_date_first) + toString(p.birth_date_last) AS days,
        c.incorporation_date < date('2002-01-01') AS before, o.share AS share, m.amount AS amount,
        m.amount_minor AS minor, v.valuation_high_minor AS worth, v.valuation_currency AS currency"""
    )
    assert row == {
        "name": "Ann Example",
        "names": ["Ann Example", "安娜"],
        "sources": ["register"],
        "born": "1958-03",
        "partial": True,
        "days": "1958-03-011958-03-31",
        "before": True,
        "share": 51.0,
        "amount": "1200.5 USD",
        "minor": 120050,
        "worth": 150000000,
        "currency": "USD",
    }


def test_two_chinese_characters_are_found_in_a_name(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", [node("min", name="王伟民"), node("an", name="安娜")])
    neo4j_copies.sync_copy(neo4j, path)
    found = neo4j.run("CALL db.index.fulltext.queryNodes('names', '伟民') YIELD node RETURN node.name AS name")
    assert found == [{"name": "王伟民"}]


def test_the_copy_has_the_digest_and_the_arrays_of_the_file(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", [*REGISTER, node("l", "ListEntry", number="L-1"), link("ann SOUGHT_UNDER l")])
    neo4j_copies.sync_copy(neo4j, path)
    with closing(sqlite3.connect(path)) as connection:
        digest = graph_digest(connection)
    assert neo4j_copies.differences(neo4j, path) == Comparison(digest, digest, ())
    columns = (*NODE_COLUMNS, *LINK_COLUMNS)
    with store(path) as one, neo4j_copies.open_copy(neo4j) as other:
        left, right = one.view(columns), other.view(columns)
        assert one.contents() == other.contents()
    for name in ("ids", "node_type", "link_ids", "link_type", "tail", "head"):
        assert getattr(left, name).dtype == getattr(right, name).dtype
        assert np.array_equal(getattr(left, name), getattr(right, name))
    for name in columns:
        assert left.column(name).dtype == right.column(name).dtype
        np.testing.assert_array_equal(left.column(name), right.column(name))


def test_the_judgements_behind_a_node_are_those_of_the_file(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", [node("a", name="Ann"), node("b", name="Anna"), node("c", name="Ann")])
    neo4j_copies.sync_copy(neo4j, path)
    judge(path, "same", "test:a", "test:b")
    assert neo4j_copies.sync_copy(neo4j, path).counts == {"nodes_changed": 1, "nodes_removed": 1}
    ids = [node_id("test", key) for key in ("a", "c")]
    with store(path) as one, neo4j_copies.open_copy(neo4j) as other:
        assert other.judgements(ids) == one.judgements(ids) != {}
        assert other.view().records.judgements(ids) == one.judgements(ids)
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_reload_that_changes_nothing_sends_nothing(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", REGISTER)
    assert neo4j_copies.sync_copy(neo4j, path).counts == {"nodes_added": 3, "links_added": 3}
    load(path, "register", list(reversed(REGISTER)))
    assert neo4j_copies.sync_copy(neo4j, path).unchanged


def test_a_delta_touches_only_what_it_changes(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    neo4j.run("MATCH (n:Entity {id: $id}) SET n.zz_kg_digest = 0", id=YACHT)
    load(path, "register", [node("ann", name="Ann"), *REGISTER[1:4], *REGISTER[5:], link("ann OWNS yacht")])
    done = neo4j_copies.sync_copy(neo4j, path)
    assert done.counts == {"nodes_changed": 1, "links_added": 1, "links_removed": 1}
    assert neo4j.run("MATCH (n:Entity {zz_kg_digest: 0}) RETURN n.id AS id") == [{"id": YACHT}]


def test_what_a_source_no_longer_says_leaves_no_key_and_no_label(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", [node("ann", "Person", name="Ann", birth_date="1958-03-04", passport_number="G 123456")])
    neo4j_copies.sync_copy(neo4j, path)
    load(path, "register", [node("ann", "Enterprise", name="Ann")])
    neo4j_copies.sync_copy(neo4j, path)
    [row] = neo4j.run("MATCH (n {id: $id}) RETURN labels(n) AS labels, keys(n) AS keys", id=ANN)
    assert set(row["labels"]) == set(load_ontology().lineage("Enterprise"))
    assert {key for key in row["keys"] if not key.startswith(("kg_", "zz_kg_"))} == {"id", "name", "caption", "sources"}
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_who_says_so_is_what_cypher_filters_by_and_what_is_internal_comes_last(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    load(path, "register", REGISTER)
    said = Provenance(origin="Extract 7", reliability="C", stated="2014-06", url="https://example.org/7", page="12")
    load(path, "press", [link("ann OWNS acme", share="51", provenance=said)])
    neo4j_copies.sync_copy(neo4j, path)
    [row] = neo4j.run(
        """MATCH (:Person)-[o:OWNS]->(:Enterprise)
        WHERE o.reliability <= 'B' AND o.credibility = '2' AND o.stated_last >= date('2014-06-01') AND o.page = '12'
        RETURN o.reliability_all AS grades, o.origin AS origin, o.url AS url, keys(o) AS keys"""
    )
    assert (row["grades"], row["origin"], row["url"]) == (["A", "C"], "Extract 7", "https://example.org/7")
    for what in ("(n:Entity)", "()-[n]->()"):
        for found in neo4j.run(f"MATCH {what} RETURN keys(n) AS keys"):
            listed = sorted(found["keys"])
            internal = [key for key in listed if key not in ("kg_type", "kg_protected") and "kg_" in key]
            assert internal and listed[-len(internal) :] == internal


def test_a_copy_of_an_older_format_loses_the_keys_and_indexes_of_then(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    for what in ("(n:Entity)", "()-[n:OWNS|PAID]->()"):
        neo4j.run(f"MATCH {what} SET n.kg_digest = 7, n.kg_body = '{{}}' REMOVE n.zz_kg_digest, n.zz_kg_body")
    neo4j.run("CREATE (n:Entity {id: 'gone', kg_digest: 1, kg_body: '{}', kg_type: 'Person'})")
    neo4j.run("MATCH (g:KgGraph) SET g.format = 2, g.token = 'another'")
    neo4j.run("CREATE FULLTEXT INDEX kg_words FOR (n:Entity) ON EACH [n.kg_words]")
    neo4j_copies.sync_copy(neo4j, path)
    assert neo4j.run("MATCH (n) WHERE n.kg_body IS NOT NULL OR n.id = 'gone' RETURN n") == []
    assert neo4j.run("MATCH ()-[n]->() WHERE n.kg_body IS NOT NULL RETURN n") == []
    assert neo4j.run("SHOW INDEXES YIELD name WHERE name IN ['kg_words', 'kg_exact'] RETURN name") == []
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_link_that_leads_elsewhere_or_is_of_another_type_is_moved(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    load(path, "register", [*REGISTER[:3], link("ann OWNS acme", key="x"), link("acme OWNS yacht", key="y")])
    neo4j_copies.sync_copy(neo4j, path)
    neo4j.run("MATCH (:Entity {id: $id})-[r:OWNS]->() SET r.note = 'mine'", id=ANN)
    load(path, "register", [*REGISTER[:3], link("ann OWNS yacht", key="x"), link("acme MANAGES yacht", key="y")])
    neo4j_copies.sync_copy(neo4j, path)
    rows = neo4j.run("MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS type, b.id AS b, r.note AS note ORDER BY type")
    assert rows == [
        {"a": ACME, "type": "MANAGES", "b": YACHT, "note": None},
        {"a": ANN, "type": "OWNS", "b": YACHT, "note": "mine"},
    ]


def test_withdrawing_a_source_leaves_what_was_there_before_it(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    before = neo4j_copies.differences(neo4j, path).digest
    load(path, "press", [node("ann", alias="A."), node("bo", name="Bo"), link("bo OWNS yacht")])
    neo4j_copies.sync_copy(neo4j, path)
    withdraw(path, "press")
    neo4j_copies.sync_copy(neo4j, path)
    found = neo4j_copies.differences(neo4j, path)
    assert (found.is_clean, found.digest) == (True, before)


def test_notes_labels_and_links_of_an_investigator_survive(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    neo4j.run(
        """MATCH (a:Entity {id: $ann}), (y:Entity {id: $yacht}) SET a:Suspect, a.my_note = 'seen in spring'
        CREATE (a)-[:MET {on: '2014'}]->(:Note {text: 'lunch'})-[:ABOUT]->(y), (:Person {name: 'not of kg'})""",
        ann=ANN,
        yacht=YACHT,
    )
    clean = neo4j_copies.differences(neo4j, path)
    load(path, "register", [node("ann", name="Ann"), *REGISTER[1:]])
    neo4j_copies.sync_copy(neo4j, path)
    neo4j_copies.sync_copy(neo4j, path, full=True)
    [row] = neo4j.run(
        """MATCH (a:Suspect {name: 'Ann'})-[m:MET]->(n:Note)-[:ABOUT]->(y:Vessel) MATCH (p:Person {name: 'not of kg'})
        RETURN a.my_note AS note, m.on AS on, n.text AS text"""
    )
    assert row == {"note": "seen in spring", "on": "2014", "text": "lunch"}
    assert clean.is_clean and neo4j_copies.differences(neo4j, path).is_clean


def test_a_withdrawn_node_with_something_attached_loses_what_is_ours_and_stays(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    load(path, "register", REGISTER)
    load(path, "other", [node("bo", name="Bo")], namespace="other")
    neo4j_copies.sync_copy(neo4j, path)
    neo4j.run("MATCH (a:Entity {id: $id}) SET a:Suspect, a.note = 'mine' CREATE (a)-[:MET]->(:Note)", id=ANN)
    withdraw(path, "register")
    neo4j_copies.sync_copy(neo4j, path)
    [row] = neo4j.run("MATCH (w:Withdrawn)-[:MET]->(:Note) RETURN labels(w) AS labels, properties(w) AS p")
    assert (set(row["labels"]), row["p"]) == ({"Withdrawn", "Suspect"}, {"id": ANN, "note": "mine"})
    assert neo4j.run("MATCH (n) RETURN count(n) AS n") == [{"n": 4}]  # that one, the note, Bo, and which graph it is
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    [row] = neo4j.run("MATCH (a:Person:Suspect {id: $id})-[:MET]->(:Note) RETURN a.note AS note, a.name AS n", id=ANN)
    assert row == {"note": "mine", "n": "Ann Example"}
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_merged_node_hands_what_is_not_ours_to_its_survivor(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", [node("b", name="Ann"), node("c", name="Ann B."), link("c OWNS d"), node("d", "Vessel")])
    neo4j_copies.sync_copy(neo4j, path)
    gone, heir = node_id("test", "c"), node_id("test", "b")
    neo4j.run(
        """MATCH (c:Entity {id: $gone}), (b:Entity {id: $heir})
        SET c:Suspect, c.note = 'two', c.seen = 1, b.note = 'one'
        CREATE (c)-[:MET {on: 1}]->(:Note), (:Note)-[:ABOUT]->(c), (c)-[:SELF]->(c)""",
        gone=gone,
        heir=heir,
    )
    load(path, "press", [Record("c", "Person", {"name": ["Ann"]}, referents=("b",))])
    neo4j_copies.sync_copy(neo4j, path)
    [row] = neo4j.run(
        """MATCH (b:Suspect:Person {id: $heir})-[m:MET]->(:Note) MATCH (b)<-[:ABOUT]-(:Note) MATCH (b)-[:SELF]->(b)
        MATCH (b)-[:OWNS]->(:Vessel) RETURN b.note AS one, b['note of ' + $gone] AS two, b.seen AS seen, m.on AS on""",
        gone=gone,
        heir=heir,
    )
    assert row == {"one": "one", "two": "two", "seen": 1, "on": 1}
    assert neo4j.run("MATCH (n {id: $id}) RETURN n", id=gone) == []
    assert neo4j_copies.differences(neo4j, path).is_clean


@pytest.mark.parametrize(
    "damage",
    [
        "MATCH (n:Entity {id: $id}) DETACH DELETE n",
        "MATCH (n:Entity {id: $id}) SET n.name = 'Somebody', n.zz_kg_body = '{}'",
        "MATCH (n:Entity {id: $id}) REMOVE n:Person",
        "MATCH (n:Entity {id: $id}) REMOVE n:Entity",
        "MATCH (n:Entity {id: $id}) REMOVE n.zz_kg_digest, n.birth_date_text",
        "MATCH (:Entity {id: $id})-[r:OWNS]->() SET r.share = 99",
        "MATCH (:Entity {id: $id})-[r:OWNS]->() REMOVE r.zz_kg_digest",
        "MATCH (a:Entity {id: $id})-[r:OWNS]->(b) WITH a, b, r, properties(r) AS p DELETE r"
        " CREATE (b)-[n:OWNS]->(a) SET n = p",
        "MATCH (a:Entity {id: $id}) CREATE (n:Person) SET n = properties(a)",
        "MATCH (a:Entity {id: $id})-[r:OWNS]->(b) CREATE (b)-[n:PAID]->(a) SET n = properties(r)",
        "MATCH (n) DETACH DELETE n",
    ],
)
def test_what_somebody_did_to_our_nodes_and_links_is_seen_and_mended(
    neo4j: neo4j_copies.Neo4jFixture, path: Path, damage: str
) -> None:
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    neo4j.run(damage, id=ANN)
    assert not neo4j_copies.differences(neo4j, path).is_clean
    neo4j_copies.sync_copy(neo4j, path, full=True)
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_protected_facts_go_into_a_neo4j_only_when_asked_and_out_again(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    counsel = Provenance(handling="protected")
    secret = [
        node("ann", alias="Secret", provenance=counsel),
        node("hid", name="Secret", provenance=counsel),
        link("hid OWNS yacht"),
    ]
    load(path, "register", REGISTER)
    load(path, "counsel", secret)
    everything = "MATCH (n) WHERE NOT n:KgGraph RETURN n AS x UNION ALL MATCH ()-[r]->() RETURN properties(r) AS x"
    for protected in (False, True, False):
        neo4j_copies.sync_copy(neo4j, path, protected=protected)
        found = neo4j_copies.differences(neo4j, path, protected=protected)
        text = repr([dict(row["x"]) for row in neo4j.run(everything)])
        assert (found.is_clean, "Secret" in text, "counsel" in text) == (True, protected, protected)


def test_no_saved_query_reads_protected_facts_without_their_scope(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    load(path, "register", REGISTER)
    load(path, "counsel", [node("hid", name="Secret", provenance=Provenance(handling="protected"))])
    place = operations.Workspace(path, neo4j=neo4j_copies.address(neo4j))
    query, asked = find_query("people/profile"), operations.SavedQueryRequest({"person": "test:ann"})
    neo4j_copies.sync_copy(neo4j, path)
    assert operations.run_query(place, query, asked).rows
    neo4j_copies.sync_copy(neo4j, path, protected=True)
    with pytest.raises(StoreError, match="holds protected facts"):
        operations.run_query(place, query, asked)


def test_the_graph_of_another_ledger_is_replaced_only_when_asked(
    neo4j: neo4j_copies.Neo4jFixture, path: Path, tmp_path: Path
) -> None:
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    load(other := tmp_path / "other.sqlite", "press", [node("bo", name="Bo")])
    with pytest.raises(StoreError, match="another ledger"):
        neo4j_copies.sync_copy(neo4j, other)
    neo4j_copies.sync_copy(neo4j, other, full=True)
    assert neo4j_copies.differences(neo4j, other).is_clean
    assert neo4j.run("MATCH (n:Entity) RETURN n.name AS name") == [{"name": "Bo"}]


def test_a_neo4j_without_a_graph_or_with_half_of_one_is_not_read(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    with pytest.raises(StoreError, match="kg sync"), neo4j_copies.open_copy(neo4j):
        pass
    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    neo4j.run("MATCH (g:KgGraph) SET g.state = 'syncing'")
    with pytest.raises(StoreBusy, match="not up to date"), neo4j_copies.open_copy(neo4j):
        pass
    assert neo4j_copies.differences(neo4j, path).differing == ("version",)


def test_values_with_every_sign_come_back_and_are_found(neo4j: neo4j_copies.Neo4jFixture, path: Path) -> None:
    name = "Straße \"x\" \\ ' `); MATCH (n) DETACH DELETE n //|O'Brien & Søn +-!(){}[]^~*?:/"
    load(path, "register", [node('k:"\\ y', name=name, id_number='A"\\B 1')], namespace="ns:1")
    neo4j_copies.sync_copy(neo4j, path)
    wanted = node_id("ns:1", 'k:"\\ y')
    with neo4j_copies.open_copy(neo4j) as found:
        assert found.resolve('ns:1:k:"\\ y') == found.resolve("O'Brien & Søn") == found.resolve("ab1") == wanted
        assert [n.id for n in found.search("strasse x match")] == [wanted]
    assert neo4j_copies.differences(neo4j, path).is_clean


def test_a_copy_in_many_small_batches_is_the_same(
    neo4j: neo4j_copies.Neo4jFixture, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MAX_ROWS", 2)
    monkeypatch.setattr(batches, "MAX_BYTES", 1_000)
    load(
        path,
        "register",
        [*REGISTER, *(link(f"ann OWNS v{i}") for i in range(9)), *(node(f"v{i}", "Vessel") for i in range(9))],
    )
    neo4j_copies.sync_copy(neo4j, path)
    assert neo4j_copies.differences(neo4j, path).is_clean


def _suggest(path: Path) -> None:
    find_graph_candidates(Workspace(path), CandidateRequest(least=0.01, write=True))


def _drawn(server: neo4j_copies.Neo4jFixture) -> list[tuple[str, str, float, float, list[str]]]:
    rows = server.run(
        """MATCH (a:Person)-[r:POSSIBLY_SAME_AS]->(b:Person) WHERE r.probability IS NOT NULL
        RETURN a.caption AS one, b.caption AS other, r.probability AS p, r.bits AS bits, r.reason AS reason"""
    )
    return [(*sorted((row["one"], row["other"])), row["p"], row["bits"], row["reason"]) for row in rows]


def test_suggestions_are_drawn_with_their_numbers_and_change_nothing_else(
    neo4j: neo4j_copies.Neo4jFixture, path: Path
) -> None:
    doubles = [
        node("one", name="张栩文", birth_date="1971-05-06"),
        node("two", name="Zhang Xuwen", birth_date="1971-05-06"),
    ]
    load(path, "register", [*REGISTER, *doubles, link("two OWNS acme", share="10")])
    neo4j_copies.sync_copy(neo4j, path)
    plain = neo4j_copies.differences(neo4j, path)
    with neo4j_copies.open_copy(neo4j) as copy:
        before = copy.contents(), copy.view().tail.tolist(), copy.state()
    assert not _drawn(neo4j)

    _suggest(path)
    assert neo4j_copies.sync_copy(neo4j, path).counts == {"suggestions_added": 1}
    assert neo4j_copies.sync_copy(neo4j, path).unchanged
    [(one, other, p, bits, reasons)] = _drawn(neo4j)
    assert (one, other, p > 0.9) == ("Zhang Xuwen", "张栩文", True)
    assert [reason.partition(":")[0] for reason in reasons] == [f"names {bits - 13.9:+.1f}", "birth date +13.9"]
    assert neo4j_copies.differences(neo4j, path) == plain
    with neo4j_copies.open_copy(neo4j) as copy, store(path) as file:
        assert (copy.contents(), copy.view().tail.tolist(), copy.state()) == before
        assert suggestions_of(copy) == suggestions_of(file)
        assert suggestions_of(copy, node_id("test", "ann")) == []

    neo4j.run("MATCH ()-[r:POSSIBLY_SAME_AS]->() SET r.zz_kg_suggestion = r.zz_kg_suggestion + ' '")
    assert len(neo4j_copies.differences(neo4j, path).differing) == 1
    neo4j_copies.sync_copy(neo4j, path)
    assert neo4j_copies.differences(neo4j, path) == plain

    made = judge(path, "same", "test:one", "test:two")
    neo4j_copies.sync_copy(neo4j, path)
    assert not _drawn(neo4j)
    undo(path, made.number)
    _suggest(path)
    neo4j_copies.sync_copy(neo4j, path)
    assert [drawn[:2] for drawn in _drawn(neo4j)] == [(one, other)]

    load(path, "register", REGISTER)
    neo4j_copies.sync_copy(neo4j, path)
    assert neo4j.run("MATCH (n:Withdrawn) RETURN n") == []
    assert neo4j_copies.differences(neo4j, path).is_clean


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_following_any_loads_judgements_and_withdrawals_equals_copying_anew(
    neo4j: neo4j_copies.Neo4jFixture, tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    run = Run(tmp_path_factory.mktemp("steps") / "graph.sqlite")
    neo4j_copies.sync_copy(neo4j, run.path, take_over=True)
    for step in steps:
        run.take(step)
        _suggest(run.path)
        neo4j_copies.sync_copy(neo4j, run.path)
    assert neo4j_copies.differences(neo4j, run.path).is_clean
