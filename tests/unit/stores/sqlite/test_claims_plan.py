"""Are the records behind a node found by an index, whatever the scope, in a ledger of any size?"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from kg.ontology import load_ontology
from kg.records import node_id
from kg.stores.sqlite.store import SqliteStore
from tests.stores import link, load, node


@pytest.mark.parametrize("protected", [False, True])
def test_no_record_is_read_but_those_asked_for(tmp_path: Path, protected: bool) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("ann"), node("bo"), link("ann FAMILY_OF bo"), link("ann FAMILY_OF nobody")])
    with SqliteStore(path, load_ontology(), protected=protected) as store:
        asked: list[str] = []
        store.claims([node_id("test", "ann")])  # who may be under 18 is looked for once, among all
        store.connection.set_trace_callback(asked.append)
        assert store.claims([node_id("test", "ann")])
        assert store.contents().waiting == 1
        store.connection.set_trace_callback(None)
        texts = [text for text in asked if "record" in text and text.lstrip().startswith("SELECT")]
        plans = [row[3] for text in texts for row in store.connection.execute(f"EXPLAIN QUERY PLAN {text}")]
    assert any("INDEX record_in_force (source=? AND key=?" in step for step in plans), plans
    unread = "SCAN stored_record USING INDEX record_unread"  # which has no records but those with unread values
    assert not [step for step in plans if step.startswith("SCAN") and "record" in step and step != unread], plans


@pytest.mark.parametrize("protected", [False, True])
def test_many_ids_take_as_many_queries_as_one(tmp_path: Path, protected: bool) -> None:
    path = tmp_path / "graph.sqlite"
    names = [f"p{i:02}" for i in range(30)]
    load(path, "s", [*map(node, names), *(link(f"{a} FAMILY_OF {b}") for a, b in pairwise(names))])
    with SqliteStore(path, load_ontology(), protected=protected) as store:
        view = store.view()
        nodes, links = ([name.decode() for name in ids.tolist()] for ids in (view.ids, view.link_ids))
        store.claims(links)  # who is under 18 is asked once
        asked: list[str] = []
        for look_up, ids in (
            (store.claims, [*nodes, *links]),
            (store.nodes, nodes),
            (store.links_by_id, links),
            (store.judgements, nodes),
        ):
            found, counts = [], []
            few = [ids[0], *(ids[-1:] if look_up == store.claims else ())]  # a node, and of claims a link too
            for some in (few, [*reversed(ids), "nobody", *ids]):
                store.connection.set_trace_callback(asked.append)
                found.append(look_up(some))
                store.connection.set_trace_callback(None)
                counts.append(len([text for text in asked if text.lstrip().startswith("SELECT")]))
                asked.clear()
            assert counts[0] == counts[1]
            assert list(found[1]) == [name for name in reversed(ids) if name in found[1]]
            assert found[0].items() <= found[1].items()
        assert len(store.claims([*nodes, *links])) == 59
