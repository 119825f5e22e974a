"""What does a load do to the ledger?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.database import SCHEMA_VERSION, connect, write_transaction
from kg.errors import InputError, NotFound, StoreBusy, StoreError, StoreTooNew
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest, LoadResult, ReplacedLoad
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.records import Provenance, Record, Reject, node_id
from kg.sources.rows import SourceRow
from tests.stores import DAY, link, load, node, store, withdraw


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.sqlite"


def test_a_load_counts_what_came_stayed_changed_and_went(path: Path) -> None:
    load(path, "register", [node("a", name="Ann"), node("b", name="Bo"), node("c", name="Cy")])
    result = load(path, "register", [node("a", name="Ann"), node("b", name="Bob"), node("d", name="Di")])
    assert (result.added, result.changed, result.unchanged, result.withdrawn) == (1, 1, 1, 1)
    assert (result.nodes, result.links) == (3, 0)


def _next_load(path: Path, file: str, *records: Record, may_replace: bool = False, **changes: Any) -> LoadResult:
    request = LoadRequest("desk", "test", "desk", False, (file,), DAY, may_replace=may_replace, **changes)
    with closing(connect(path, create=True)) as connection:
        return Ledger(connection, load_ontology()).load(request, records)


def test_a_snapshot_of_other_files_that_has_nothing_of_the_source_is_refused_or_told(path: Path) -> None:
    protected = Provenance(handling="protected")
    _next_load(path, "people.csv", node("a"), node("b"), node("h", provenance=protected))
    with pytest.raises(InputError, match=r"nothing of its 2 records \(load 1: people.csv\) is in firms.csv"):
        _next_load(path, "firms.csv", node("c"))
    assert _next_load(path, "more.csv", node("a"), node("c")).replaced is None  # something is still there
    assert _next_load(path, "people.csv", node("d")).replaced == ReplacedLoad(2, ("more.csv",), 2)
    assert _next_load(path, "x.csv", node("e"), may_replace=True).replaced == ReplacedLoad(3, ("people.csv",), 1)
    assert _next_load(path, "y.csv", node("f"), delta=True).replaced is None


def test_a_snapshot_that_withdraws_most_of_many_records_is_refused_and_changes_nothing(path: Path) -> None:
    many = [node(f"n{n}") for n in range(50)]
    _next_load(path, "people.csv", *many)
    assert _next_load(path, "people.csv", *many[:25]).withdrawn == 25  # half
    _next_load(path, "people.csv", *many)
    with pytest.raises(InputError, match=r"26 of its 50 records \(load 3: people.csv\) are not in cut.csv"):
        _next_load(path, "cut.csv", *many[:24])
    with pytest.raises(InputError, match=r"nothing of its 50 records \(load 3: people.csv\) is in people.csv"):
        _next_load(path, "people.csv", node("other"))
    assert _next_load(path, "people.csv", *many).unchanged == 50
    assert _next_load(path, "cut.csv", *many[:3], may_replace=True).withdrawn == 47
    assert _next_load(path, "few.csv", *many[:1]).withdrawn == 2


def test_a_small_snapshot_that_was_cut_or_is_another_part_is_refused_and_corrections_are_not(path: Path) -> None:
    rows = [node(f"n{n}") for n in range(12)]
    _next_load(path, "people.jsonl", *rows)
    with pytest.raises(InputError, match=r"7 of its 12 records .* are not in people.jsonl"):
        _next_load(path, "people.jsonl", *rows[:5])
    others = [node(f"m{n}") for n in range(11)]
    with pytest.raises(InputError, match=r"11 of its 12 records .* are not in february.jsonl"):
        _next_load(path, "february.jsonl", rows[0], *others)
    assert _next_load(path, "people.jsonl", rows[0], *others).withdrawn == 11  # with other keys in the same file
    assert _next_load(path, "people.jsonl", rows[0], *others[:5]).withdrawn == 6  # half
    assert _next_load(path, "other.jsonl", rows[0], *others[:2]).withdrawn == 3  # few


def test_a_snapshot_with_none_of_the_payments_and_others_is_refused_as_another_part(path: Path) -> None:
    parties = [node(key, name=key) for key in ("a", "b", *(f"n{n}" for n in range(9)))]

    def month(name: str, count: int) -> list[Record]:
        return [*parties, *(link("a PAID b", key=f"{name}{n}") for n in range(1, count + 1))]

    _next_load(path, "jan.csv", *month("jan", 4))
    for file in ("jan.csv", "feb.csv"):
        with pytest.raises(InputError, match=r"none of its 4 payments .* which has others"):
            _next_load(path, file, *month("feb", 5))
    assert _next_load(path, "feb.csv", *month("jan", 4), *month("feb", 1)[-1:]).withdrawn == 0
    assert _next_load(path, "feb.csv", *month("jan", 3)).withdrawn == 2
    assert _next_load(path, "feb.csv", *month("mar", 4)).withdrawn == 3  # few: the counts tell
    _next_load(path, "feb.csv", *month("mar", 4), *month("apr", 5)[-1:])
    with pytest.raises(InputError, match=r"most of its payments \(4\) are not in apr.csv, which has others"):
        _next_load(path, "apr.csv", *month("apr", 5)[-1:], *month("may", 4))
    assert _next_load(path, "feb.csv", *month("mar", 4)).withdrawn == 1
    corrected = [link("a PAID b", key=f"mar{n}", purpose="corrected") for n in range(1, 5)]
    assert _next_load(path, "feb.csv", *parties, *corrected, *month("apr", 1)[-1:]).changed == 4
    assert _next_load(path, "feb.csv", *month("mar", 4)).withdrawn == 1
    assert _next_load(path, "feb.csv", *parties).withdrawn == 4  # no other ones come
    _next_load(path, "feb.csv", *month("jan", 4))
    assert _next_load(path, "feb.csv", *month("feb", 4), may_replace=True).withdrawn == 4


def test_payments_that_come_again_with_other_keys_are_not_gone(path: Path) -> None:
    """As where a column is filled in, on which the keys of rows rest."""

    def payments(prefix: str, count: int, amount: str = "5 EUR", purpose: str = "") -> list[Record]:
        days = {f"{prefix}{n}": f"2020-01-{n:02}" for n in range(1, count + 1)}
        unnamed = [node(key, "Counterparty") for key in days]
        paid = [
            link(f"a PAID {key}", key=key, amount=amount, date=day, purpose=purpose or "none")
            for key, day in days.items()
        ]
        return [*unnamed, *(replace(one, part="p") for one in paid)]

    _next_load(path, "p.csv", node("a"), *payments("one", 25))
    filled = payments("two", 25, purpose="rent")
    assert _next_load(path, "q.csv", node("a"), *filled).withdrawn == 50
    with pytest.raises(InputError, match="48 of its 51 records"):
        _next_load(path, "q.csv", node("a"), *payments("six", 1))
    with pytest.raises(InputError, match="50 of its 51 records"):
        _next_load(path, "q.csv", node("a"), *payments("six", 25, amount="6 EUR"))


def test_a_contradiction_between_files_says_which_of_them_counts(path: Path) -> None:
    rows = [
        replace(node("a", name=name), row=SourceRow(file, 2, b""))
        for name, file in (("A", "old/p.csv"), ("B", "p.csv"))
    ]
    reasons = load(path, "register", rows).reasons
    assert list(reasons) == ["key 'a' occurs again with other content; the first is kept, which is in old/p.csv:2"]


def test_whoever_does_not_see_the_records_that_go_is_told_of_none(path: Path) -> None:
    _next_load(path, "secret.csv", node("h", provenance=Provenance(handling="protected")))
    assert _next_load(path, "open.csv", node("a")).replaced is None


def test_a_reload_of_the_same_snapshot_changes_nothing_not_even_the_version(path: Path) -> None:
    records = [node("a", name="Ann"), node("b", "Enterprise", name="B"), link("a OWNS b")]
    load(path, "register", records)
    with store(path) as opened:
        before = opened.version()
    result = load(path, "register", list(reversed(records)))
    with store(path) as opened:
        assert (opened.version(), result.total_changed) == (before, 0)


def test_records_that_were_replaced_or_withdrawn_stay_in_the_ledger(path: Path) -> None:
    load(path, "register", [node("a", name="Ann")])
    load(path, "register", [node("a", name="Anna")])
    withdraw(path, "register")
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT json_extract(body, '$.properties.name[0]'), since, until FROM record"
        ).fetchall()
        assert rows == [("Ann", 1, 2), ("Anna", 2, 3)]


def test_withdrawing_a_source_that_was_never_loaded_names_those_that_were(path: Path) -> None:
    load(path, "register", [node("a")])
    with pytest.raises(NotFound, match="sources: register"):
        withdraw(path, "press")


def test_a_source_cannot_change_its_namespace(path: Path) -> None:
    load(path, "register", [node("a")], namespace="one")
    with pytest.raises(InputError, match="namespace 'one'"):
        load(path, "register", [node("a")], namespace="two")


def test_the_same_key_means_the_same_thing_only_within_a_namespace(path: Path) -> None:
    load(path, "one", [node("a", name="Ann")], namespace="x")
    load(path, "two", [node("a", name="Anna")], namespace="x")
    load(path, "three", [node("a", name="Abe")], namespace="y")
    with store(path) as opened:
        found = opened.nodes([node_id("x", "a"), node_id("y", "a")])
        assert [n.sources for n in found.values()] == [("one", "two"), ("three",)]


def test_a_key_that_occurs_again_is_merged_when_equal_and_rejected_when_not(path: Path) -> None:
    result = load(path, "register", [node("a", name="Ann"), node("a", name="Ann"), node("a", name="Bo")])
    assert (result.added, result.equal_rows, result.repeated, result.rejected) == (1, 1, 0, 1)
    assert [repeat.is_row for repeat in result.repeats] == [True]
    assert list(result.reasons) == ["key 'a' occurs again with other content; the first is kept"]


def test_what_fails_in_the_middle_of_a_load_leaves_nothing(path: Path) -> None:
    load(path, "register", [node("a", name="Ann")])

    def broken() -> object:
        yield node("b", name="Bo")
        raise InputError("the file is cut short")

    with pytest.raises(InputError):
        load(path, "register", broken())  # type: ignore[arg-type]  # a generator that fails on purpose
    with store(path) as opened:
        assert [n.caption for n in opened.search("ann")] == ["Ann"] and opened.search("bo") == []


def test_a_link_waits_for_its_end_and_appears_when_it_arrives(path: Path) -> None:
    first = load(path, "register", [node("a", name="Ann"), link("a OWNS b")])
    second = load(path, "land", [node("b", "RealEstate", name="House")])
    with store(path) as opened:
        assert (first.waiting, second.waiting, opened.contents().links) == (1, 0, {"OWNS": 1})


def test_sources_that_contradict_each_other_on_a_type_are_both_shown(path: Path) -> None:
    load(path, "one", [node("a", "Person", name="Ann")])
    load(path, "two", [node("a", "Enterprise", name="Ann")])
    load(path, "three", [node("a", "Party", name="Ann")])
    with store(path) as opened:
        found = opened.nodes([node_id("test", "a")])[node_id("test", "a")]
        assert (found.type, found.types) == ("Enterprise", ("Enterprise", "Person"))


def test_verify_names_what_was_tampered_with(path: Path) -> None:
    load(path, "register", [node("a", name="Ann"), node("b", "Enterprise", name="B"), link("a OWNS b")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE stored_node SET caption = 'Eve' WHERE id = ?", (node_id("test", "a"),))
        connection.execute("DELETE FROM identifier")
        connection.execute("INSERT INTO name (name) VALUES ('delete-all')")
        connection.commit()
    found = verify(path, load_ontology())
    assert found.differing == (node_id("test", "a"), "search index")


def test_a_second_writer_gives_up_with_a_clear_word(path: Path) -> None:
    load(path, "register", [node("a")])
    with closing(connect(path)) as first, closing(connect(path, timeout=0.05)) as second:
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="another process is writing"), write_transaction(second):
            pass


def test_a_store_of_a_newer_version_is_refused(path: Path) -> None:
    load(path, "register", [node("a")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreTooNew, match="newer kg"):
        connect(path)


def test_a_file_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreError, match="another program"):
        connect(path, create=True)


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.write_text("not a database, just a longer text than a SQLite header is, so that it is read" * 10)
    with pytest.raises(StoreError, match="not a usable SQLite file"):
        connect(path, create=True)


def test_a_store_that_does_not_exist_says_what_to_do(path: Path) -> None:
    with pytest.raises(StoreError, match="load something first"):
        connect(path)


class Lines:
    """The readings of some lines, each a list of records, which can be iterated again."""

    def __init__(self, *lines: list[Record]) -> None:
        self._rows = [SourceRow("x.csv", n, f"line {n}".encode()) for n in range(1, len(lines) + 1)]
        self._lines = lines

    def __iter__(self) -> Iterator[Record]:
        for row, line in zip(self._rows, self._lines, strict=True):
            yield from (replace(record, line=row.line, row=row) for record in line)


HIDDEN = Provenance(handling="protected")


def _refused(path: Path, *lines: list[Record], delta: bool = False) -> tuple[list[tuple[int, str]], list[str], int]:
    """The lines that a load refuses, the parts of row `a` that it keeps, and how many records repeat others."""
    rejects: list[Reject] = []
    with closing(connect(path, create=True)) as connection:
        request = LoadRequest("register", "test", "register", False, ("x.csv",), DAY, delta)
        result = Ledger(connection, load_ontology(), protected=True).load(request, Lines(*lines), rejects.append)
        kept = connection.execute("SELECT key || ' ' || part FROM record WHERE until IS NULL ORDER BY 1").fetchall()
    return [(r.line, r.row) for r in rejects], [row[0] for row in kept], result.repeated + result.equal_rows


def _part(name: str, **about: Any) -> Record:
    return replace(link(f"a OWNS {name}", key="a"), part=name, **about)


@pytest.mark.parametrize(
    ("lines", "refused", "kept", "repeated"),
    [
        ([[node("a", name="Ann"), _part("x")], [node("a", name="Bo"), _part("y")]], [2], ["a ", "a x"], 0),
        ([[node("a", name="Ann"), _part("x")], [node("a", name="Ann"), _part("y")]], [], ["a ", "a x", "a y"], 1),
        (  # what a refused row alone contradicts stays
            [[node("a", name="Ann")], [node("a", name="Bo"), node("b", name="Bo")], [node("b", name="Cy")]],
            [2],
            ["a ", "b "],
            0,
        ),
        ([[node("a", name="Ann"), node("a", name="Bo")], [node("b", name="Bo")]], [1], ["b "], 0),
        (  # an open row is not refused for a protected one
            [[node("a", name="Ann", provenance=HIDDEN)], [node("a", name="Bo"), _part("x")]],
            [1],
            ["a ", "a x"],
            0,
        ),
        (
            [
                [node("a", name="A"), _part("x", provenance=HIDDEN)],
                [_part("y"), _part("x", properties={"role": ["r"]})],
            ],
            [1],
            ["a ", "a x", "a y"],
            0,
        ),
    ],
)
def test_a_row_that_contradicts_an_earlier_one_is_refused_as_a_whole(
    path: Path, lines: list[list[Record]], refused: list[int], kept: list[str], repeated: int
) -> None:
    assert _refused(path, *lines) == ([(n, f"line {n}") for n in refused], kept, repeated)


def test_of_rows_of_a_delta_with_one_key_the_last_counts_as_a_whole(path: Path) -> None:
    lines = [[node("a", name="Ann"), _part("x")], [node("b", name="Bo")], [node("a", name="Ann"), _part("y")]]
    assert _refused(path, *lines, delta=True) == ([], ["a ", "a y", "b "], 1)


def test_parts_of_one_key_that_lines_of_a_delta_bring_one_by_one_stay(path: Path) -> None:
    lines = [[node("a", name="Ann")], [_part("x")], [_part("y")]]
    assert _refused(path, *lines, delta=True) == ([], ["a ", "a x", "a y"], 0)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (("0.5", "1", "0.25"), {"OWNS.share": "0.5"}),
        (("0,5",), {"OWNS.share": "0,5"}),
        (("0.5", "51"), {}),
        (("0.5", "25..50"), {}),
        (("0.5 %",), {}),
        (("1", "0"), {}),
    ],
)
def test_shares_that_may_all_be_fractions_are_told(
    shares: tuple[str, ...], told: dict[str, str], tmp_path: Path
) -> None:
    links = [link(f"p{n} OWNS acme", share=share) for n, share in enumerate(shares)]
    assert load(tmp_path / "store.db", "s", links).fraction_shares == told


def test_shares_below_1_beside_larger_ones_are_counted(tmp_path: Path) -> None:
    links = [link(f"p{n} OWNS acme", share=share) for n, share in enumerate(("40", "0.5", "0,25", "0.5 %", "1"))]
    result = load(tmp_path / "store.db", "s", links)
    assert (result.fraction_shares, result.small_shares) == ({}, {"OWNS.share": (2, "0.5")})


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        (("-5 EUR", "(1,200.50) USD", "5.00- USD", "EUR −7"), {"PAID.amount": (4, 4)}),
        (("-5 EUR",) * 9 + ("1,000.00 EUR",), {"PAID.amount": (9, 10)}),
        (("-5 EUR",) + ("1 EUR",) * 3, {"PAID.amount": (1, 4)}),
        (("-5 EUR",) + ("1 EUR",) * 9, {"PAID.amount": (1, 10)}),
        (("5 EUR", "6 EUR"), {}),
    ],
)
def test_a_file_with_amounts_below_zero_is_told(
    amounts: tuple[str, ...], told: dict[str, tuple[int, int]], path: Path
) -> None:
    payments = [link(f"acc PAID p{n}", amount=amount) for n, amount in enumerate(amounts)]
    assert load(path, "bank", payments).negative_amounts == told


def test_a_protected_share_tells_nothing_of_fractions(tmp_path: Path) -> None:
    hidden = link("p1 OWNS acme", share="0.5", provenance=Provenance(handling="protected"))
    seen = link("p2 OWNS acme", share="1")
    with closing(connect(tmp_path / "store.db", create=True)) as connection:
        request = LoadRequest("s", "test", "s", False, ("test",), "2026-01-01")
        assert Ledger(connection, load_ontology()).load(request, [hidden, seen]).fraction_shares == {}
        more = link("p3 OWNS acme", share="51")
        assert Ledger(connection, load_ontology()).load(request, [hidden, seen, more]).small_shares == {}
