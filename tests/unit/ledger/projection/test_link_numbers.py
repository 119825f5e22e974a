"""Are links numbered in the order of their ids, also where ids begin alike?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest

from kg.database import connect
from kg.database.views import of_link_id
from kg.ledger.projection.writer import ProjectionWriter
from kg.ledger.rules import single_record
from kg.records import LINK_SLOTS, link_id, link_number
from tests.stores import link, load, node

BEGINNINGS = ("a234567abcde", "z" * 12, "2" * 12)


def _write(connection: sqlite3.Connection, ids: tuple[str, ...]) -> None:
    connection.execute("DELETE FROM stored_link")
    writer = ProjectionWriter(connection)
    for name in ids:
        writer.add_derived_link((name, "POSSIBLY_SAME_AS", 1, 2, "{}", False, "x"))
        writer.flush()


@pytest.mark.parametrize("begins", BEGINNINGS)
def test_links_whose_ids_begin_alike_are_in_their_order_whichever_came_first(tmp_path: Path, begins: str) -> None:
    ids = tuple(f"{begins}{end}" for end in ("2aaaaaaaaaaaaa", "a7aaaaaaaaaaaa", "zaaaaaaaaaaaaa"))
    with closing(connect(tmp_path / "graph.sqlite", create=True)) as connection:
        for order in permutations(ids):
            _write(connection, order)
            found = connection.execute("SELECT id, num FROM link ORDER BY num").fetchall()
            assert tuple(name for name, _ in found) == ids
            assert all(0 <= num - link_number(name) < LINK_SLOTS for name, num in found)
            query = f"SELECT id FROM link WHERE {of_link_id('link', '?1')}"
            assert [connection.execute(query, (name,)).fetchall() for name in ids] == [[(name,)] for name in ids]


def test_numbers_have_the_order_of_ids_and_no_text_hides_what_comes_after_it() -> None:
    ids = sorted(link_id("s", str(number), "") for number in range(500))
    numbers = [link_number(name) for name in ids]
    assert numbers == sorted(numbers)
    for text in ("", "aaaa", "zzz~", "é", "A", "a b", ids[7], f"{ids[7]}x", ids[7][:5]):
        assert all(link_number(text) <= link_number(name) for name in ids if name > text), text


def test_links_of_a_first_load_whose_ids_begin_alike_are_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_record, "link_number", lambda _: 80)
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("ann"), node("bo"), link("ann FAMILY_OF bo"), link("bo FAMILY_OF ann")])
    with closing(connect(path)) as connection:
        found = connection.execute("SELECT id, num FROM link ORDER BY num").fetchall()
    assert found == list(zip(sorted(name for name, _ in found), (83, 86), strict=True))
