"""Does a page of links cost as much for a node with many as for one with few?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect
from kg.database.scopes import set_scope
from kg.ontology import load_ontology
from kg.ports import LinkQuery
from kg.records import node_id
from kg.stores.sqlite.link_pages import LinkPager
from tests.stores import link, load, node, store, store_fixture

HUB = node_id("test", "hub")


@store_fixture
def path(path: Path) -> None:
    staff = [node(f"s{i}", name=f"Staff {i}") for i in range(40)]
    links = [link(f"s{i} DIRECTS hub", start_date="2001") for i in range(40)]
    more = [link("hub OWNS s-1", key="owns"), link("hub PAID s0", date="2004"), link("hub OWNS hub", key="self")]
    load(path, "s", [node("hub", "Enterprise", name="Hub"), node("s-1", "Vessel", name="V"), *staff, *links, *more])


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("types", [(), ("DIRECTS",), ("DIRECTS", "OWNS")])
@pytest.mark.parametrize("direction", ["", "in", "out"])
@pytest.mark.parametrize("as_of", ["", "2004-06-01"])
def test_every_page_is_read_from_the_index_in_its_order_and_nothing_is_sorted(
    path: Path, protected: bool, types: tuple[str, ...], direction: str, as_of: str
) -> None:
    query = LinkQuery(HUB, types, 5, "aaaa", direction, as_of)
    with closing(connect(path)) as connection:
        set_scope(connection, protected=protected)
        hub = connection.execute("SELECT num FROM node WHERE id = ?", (HUB,)).fetchone()[0]
        asked = list(LinkPager(connection, load_ontology()).statements(query, hub))
        assert asked or (direction, types) == ("out", ("DIRECTS",))  # nobody is directed by it
        for text, values in asked:
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
            end = "tail" if "link.tail = ?" in text else "head"
            assert steps[0] == f"SEARCH stored_link USING INDEX link_{end} ({end}=? AND type=? AND rowid>?)"
            assert all("INTEGER PRIMARY KEY" in step for step in steps[1:] if not step.startswith("CORRELATED"))


def test_which_types_a_node_has_is_looked_up_once_for_each(path: Path) -> None:
    with closing(connect(path)) as connection:
        reads: list[str] = []
        connection.set_trace_callback(reads.append)
        linking = LinkPager(connection, load_ontology())
        assert len(linking.rows(LinkQuery(HUB, limit=5))) == 5
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {text}").fetchall() for text in reads if "EXISTS" in text]
    looked = [row[3] for plan in plans for row in plan if "stored_link" in row[3]]
    assert looked
    assert all("COVERING INDEX link_" in step for step in looked)


def test_pages_of_many_types_are_one_list(path: Path) -> None:
    with store(path) as opened:
        whole = [each.id for each in opened.links(LinkQuery(HUB))]
        pages, after = list[str](), ""
        while page := [each.id for each in opened.links(LinkQuery(HUB, limit=4, after=after))]:
            pages, after = [*pages, *page], page[-1]
    assert pages == whole == sorted(whole)
    assert len(whole) == 43
