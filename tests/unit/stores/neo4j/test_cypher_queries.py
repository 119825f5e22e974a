"""Do only names of the ontology get into the text of a query?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.ontology import load_ontology
from kg.stores.neo4j import cypher_queries
from kg.stores.neo4j.cypher_queries import CypherQueries

FILES = sorted((Path(cypher_queries.__file__).parent / "cypher").glob("*.cypher"))


@pytest.fixture
def filled() -> CypherQueries:
    return CypherQueries(load_ontology())


def test_names_are_quoted(filled: CypherQueries) -> None:
    assert "MERGE (a)-[r:`OWNS` {id: row.id}]->(b)" in filled.with_types("create_links", "OWNS")
    assert "[old:`PAID` {id: row.id}]" in filled.with_types("update_links", "OWNS", "PAID")
    assert "SET n:`Asset`:`Entity`:`Vessel`" in filled.with_labels("create_nodes", ("Vessel", "Asset", "Entity"))


@pytest.mark.parametrize("name", ["LINK", "owns", "OWNS` {}]->() DETACH DELETE b //", ""])
def test_a_name_that_is_no_link_type_gets_into_no_text(filled: CypherQueries, name: str) -> None:
    with pytest.raises(KeyError):
        filled.with_types("create_links", name)


@pytest.mark.parametrize("name", ["KgGraph", "Person`) DETACH DELETE n //"])
def test_a_name_that_is_no_label_of_ours_gets_into_no_text(filled: CypherQueries, name: str) -> None:
    with pytest.raises(KeyError):
        filled.with_labels("create_nodes", (name,))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_query_says_what_it_does_and_is_used(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    code = "\n".join(f.read_text(encoding="utf-8") for f in file.parent.parent.rglob("*.py"))
    assert re.match(r"// \S.*[.?]\n", text)
    assert f'"{file.stem}"' in code
