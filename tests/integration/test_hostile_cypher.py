"""Does any text from outside become part of a Cypher query?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg import operations
from kg.errors import InputError, NotFound
from kg.operations import SavedQueryRequest, Workspace
from kg.ports import Store
from kg.queries import SavedQuery, parse_query, query_pack
from kg.records import Record
from tests import neo4j_copies
from tests.stores import link, load, node

HOSTILE = (
    "x` DETACH DELETE n //",
    "x\\u0060) DETACH DELETE n //",
    "'}) MATCH (n) DETACH DELETE n //",
    '"}) MATCH (n) DETACH DELETE n //',
    "\\' OR 1=1 //",
    "\\u0027 OR 1=1 //",
    "$person",
    "{id: $id}) SET n.kg_protected = true //",
    "*/ MATCH (n) DETACH DELETE n /*",
    "; MATCH (n) DETACH DELETE n; //",
    "name:(* OR caption:[* TO *])~ && \\",
    "TYPE LABELS OTHERS :TYPES BEFORE",
    "\u2019 \uff07 \uff40",
)
"""Quotes, backticks, escapes that Cypher resolves before it parses, parameters, comments, Lucene's signs."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, neo4j: neo4j_copies.Neo4jFixture) -> Workspace:
    """Nodes and links whose keys, names, values and unknown properties are hostile, also as bystanders' notes."""
    path = tmp_path_factory.mktemp("hostile") / "graph.sqlite"
    people = [
        Record(text, "Person", {"name": [text], "summary": [text]}, other={text: [text]}, referents=(f"also {text}",))
        for text in HOSTILE
    ]
    ties = [link("bystander FAMILY_OF other", key=text, role=text) for text in HOSTILE]
    load(path, HOSTILE[0], [node("bystander", name="Bystander (invented)"), node("other", name="Other (invented)")])
    load(path, HOSTILE[1], [*people, *ties])
    neo4j.run("MERGE (:Bystander {note: 'not of kg'})")
    place = Workspace(path, neo4j=neo4j_copies.address(neo4j))
    operations.sync(place)
    return place


@pytest.fixture(autouse=True, scope="module")
def unchanged(place: Workspace, neo4j: neo4j_copies.Neo4jFixture) -> Iterator[None]:
    """Whatever the tests ask, the Neo4j holds what it should in the end, and what is not of kg is still there."""
    yield
    assert neo4j_copies.differences(neo4j, place.path).is_clean
    assert neo4j.run("MATCH (b:Bystander) RETURN properties(b) AS p") == [{"p": {"note": "not of kg"}}]
    labels = {row["label"] for row in neo4j.run("CALL db.labels() YIELD label RETURN label")}
    assert not [label for label in labels if "x" in label.split("`") or "`" in label or "\\" in label]


def test_keys_names_values_and_names_of_properties_stay_data(
    place: Workspace, neo4j: neo4j_copies.Neo4jFixture
) -> None:
    full = neo4j_copies.sync_copy(neo4j, place.path, full=True)
    assert sum(full.counts.values()) == 0
    stored = neo4j.run("MATCH (p:Person) WHERE p.summary IS NOT NULL RETURN p.summary AS s")
    assert sorted(row["s"] for row in stored) == sorted(text.strip() for text in HOSTILE)


@pytest.mark.parametrize("text", HOSTILE)
def test_whoever_asks_for_a_name_gets_the_same_from_both_stores(place: Workspace, text: str) -> None:
    with operations.open_store(Workspace(place.path)) as one, operations.open_store(place) as other:
        for words in (text, f"test:{text}", f"also {text}"):
            assert one.search(words, limit=20) == other.search(words, limit=20)
            assert _resolved(one, words) == _resolved(other, words)


def _resolved(store: Store, name: str) -> str:
    try:
        return store.resolve(name)
    except (NotFound, InputError) as error:
        return str(error)


TEXT_QUERY = parse_query("tests/text", "// Text\n// $text (text): A text.\n:param text => 'x';\nRETURN $text AS text;")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_parameter_of_a_query_comes_back_as_it_was(place: Workspace, text: str) -> None:
    for request in (SavedQueryRequest({"text": text}), SavedQueryRequest({}, json_values={"text": text})):
        assert list(operations.run_query(place, TEXT_QUERY, request).rows) == [[text]]


@pytest.mark.parametrize("query", [q for q in query_pack().values() if q.parameters], ids=lambda q: q.name)
def test_no_saved_query_is_changed_by_its_parameters(place: Workspace, query: SavedQuery) -> None:
    asked = [p.name for p in query.parameters if p.kind in ("text", "texts", "node")]
    for number in range(0, len(HOSTILE), 4):
        values = dict(zip(asked, HOSTILE[number:] + HOSTILE, strict=False))
        try:
            operations.run_query(place, query, SavedQueryRequest(values, use_examples=True))
        except (NotFound, InputError) as error:
            assert "Neo4j" not in str(error)
    for name in HOSTILE:
        with pytest.raises(InputError, match="has no such parameter"):
            operations.run_query(place, query, SavedQueryRequest({name: "x"}, use_examples=True))
