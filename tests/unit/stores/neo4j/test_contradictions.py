"""Does a copy say of each node and link the contradictions that `kg show` tells?"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from kg import operations
from kg.database import connect, read_transaction
from kg.database.scopes import scope
from kg.operations import FileLoadRequest, Workspace
from kg.operations.questions.entities import contradiction_sentences, describe_entity
from kg.stores.neo4j.graph_rows import GraphRow, link_rows, node_rows
from kg.stores.neo4j.projection_items import CopyScope
from kg.stores.neo4j.projection_reader import ProjectionReader

SHARES = ("20", "30..60", "60", "75..100", "100")


def _write_source(file: Path, chance: random.Random) -> None:
    """Invented: holders of three things, whose birth dates and shares differ from source to source."""
    lines = [
        {"id": name, "schema": "Person", "properties": {"name": [name], "birthDate": [chance.choice(("1950", "1961"))]}}
        for name in ("ann", "ben", "cy")
    ]
    lines += [{"id": name, "schema": "Company", "properties": {"name": [name]}} for name in ("one", "two", "six")]
    for number in range(chance.randint(3, 9)):
        ends = {"owner": [chance.choice(("ann", "ben", "cy"))], "asset": [chance.choice(("one", "two", "six"))]}
        said = {"percentage": [chance.choice(SHARES)]} if chance.random() < 0.9 else {}
        if chance.random() < 0.5:
            said["startDate"] = [chance.choice(("1999", "2004-05", "2011"))]
        if chance.random() < 0.3:
            said["endDate"] = [chance.choice(("1998", "2003", "2012-01-01"))]
        lines.append({"id": f"own-{number}", "schema": "Ownership", "properties": {**ends, **said}})
    file.write_text("\n".join(map(json.dumps, lines)))


def _rows(place: Workspace) -> tuple[dict[str, GraphRow], dict[str, GraphRow]]:
    copy = CopyScope(place.ontology)
    with connect(place.path) as connection, scope(connection, protected=False), read_transaction(connection):
        reader = ProjectionReader(connection, copy)
        nodes, links = list(reader.nodes()), list(reader.links())
        rows = node_rows(connection, copy, nodes), link_rows(copy.ontology, links)
    return tuple({row.id: row for row in some} for some in rows)  # type: ignore[return-value]  # two of them


def _in_short(sentence: str) -> str:
    """Without who holds more than the whole, and since when: a copy has no names that would have to follow a node's."""
    return re.sub(r"^(\d+ owners? with at least [\d.]+ %(?: together)?)(?: on|:) .*", r"\1", sentence)


@pytest.mark.parametrize("seed", range(6))
def test_a_copy_tells_what_the_ledger_tells(seed: int, tmp_path: Path) -> None:
    place, chance = Workspace(tmp_path / "graph.sqlite"), random.Random(seed)
    for source in ("press", "register"):
        _write_source(file := tmp_path / f"{source}.ftm.json", chance)
        operations.load(place, FileLoadRequest((file,), "", source, namespace="invented"))
    nodes, links = _rows(place)
    with operations.open_store(place) as store:
        told = {name: [_in_short(one) for one in describe_entity(place, store, name).contradictions] for name in nodes}
        of_links = {
            name: contradiction_sentences(place.ontology, link, store.nodes((link.source_id, link.target_id)))
            for name, link in store.links_by_id(links).items()
        }
    assert {name: row.properties.get("contradictions", []) for name, row in nodes.items()} == told
    assert {name: row.properties.get("contradictions", []) for name, row in links.items()} == of_links
    assert any(told.values())
