"""Is a link of a table the same record when something else is said of it? All names are invented."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect
from kg.findings import LedgerPosition
from kg.ledger.changes import changes_since, ledger_mark
from kg.ledger.loads import LoadResult
from kg.ledger.verification import graph_digest
from kg.ontology import load_ontology
from kg.records import ReadResult, Record
from kg.sources import ReadContext, choose_connector
from tests.stores import load, node

PEOPLE = [node("ann", name="Ann Invented"), node("acme", "Enterprise", name="Acme Invented")]
HEAD = "type,from,to,share,role,start_date,end_date,handling,summary\n"
ROW = "OWNS,ann,acme,51,,2001,,,\n"
ENDED = "OWNS,ann,acme,51,,2001,2024-05-06,,\n"
OTHER = "OWNS,ann,acme,20,,2001,,,\n"
LATER = "OWNS,ann,acme,51,,2010,,,\n"


def read(folder: Path, *rows: str) -> list[ReadResult]:
    file = folder / "links.csv"
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    found = list(choose_connector(file, "sheets").read([file], ReadContext(load_ontology(), "test")))
    return [one for one in found if isinstance(one, Record)]


def load_rows(path: Path, *rows: str, delta: bool = False, with_identities: bool = True) -> LoadResult:
    found = read(path.parent, *rows)
    if not with_identities:
        for record in found:
            assert isinstance(record, Record)
            record.identity = ""
    return load(path, "links", found, delta=delta)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    load(tmp_path / "store.db", "people", PEOPLE)
    return tmp_path / "store.db"


def counts(result: LoadResult) -> tuple[int, int, int]:
    return result.added, result.changed, result.withdrawn


def told(path: Path, before: LedgerPosition) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    with closing(connect(path)) as connection:
        ids = {str(row[0]) for row in connection.execute("SELECT id FROM node")}
        found = changes_since(connection, load_ontology(), before, ids)
    return [(r.how, dict(r.before), dict(r.after)) for r in found.records]


def now(path: Path) -> LedgerPosition:
    with closing(connect(path)) as connection:
        return ledger_mark(connection)


def digest(path: Path) -> str:
    with closing(connect(path)) as connection:
        return graph_digest(connection)


@pytest.mark.parametrize(
    "row", [ENDED, ROW.replace("51", "40"), ROW.replace(",,\n", ",,note\n"), ROW.replace("2001,", "2001,2011")]
)
def test_a_link_of_which_something_else_is_said_has_changed(path: Path, row: str) -> None:
    load_rows(path, ROW, LATER)
    assert counts(load_rows(path, LATER, row)) == (0, 1, 0)


@pytest.mark.parametrize("row", [ROW.replace("ann,acme", "acme,ann"), ROW.replace("OWNS", "DIRECTS").replace("51", "")])
def test_a_link_of_another_type_or_other_ends_is_another_one(path: Path, row: str) -> None:
    load_rows(path, ROW)
    assert counts(load_rows(path, row)) == (1, 0, 1)


def test_rows_that_one_identity_does_not_tell_apart_are_all_kept_in_any_order(path: Path, tmp_path: Path) -> None:
    assert counts(load_rows(path, ROW, OTHER, LATER)) == (3, 0, 0)
    assert counts(load_rows(path, LATER, OTHER, ROW)) == (0, 0, 0)
    again = tmp_path / "again.db"
    load(again, "people", PEOPLE)
    load_rows(again, OTHER, LATER, ROW)
    assert digest(again) == digest(path)


def test_equal_rows_are_one(path: Path) -> None:
    result = load_rows(path, ROW, ROW)
    assert (counts(result), result.equal_rows) == ((1, 0, 0), 1)


def test_a_link_that_is_no_longer_told_apart_by_its_identity_is_told_as_the_change_that_it_is(path: Path) -> None:
    load_rows(path, ROW)
    before = now(path)
    load_rows(path, ROW, OTHER)
    assert told(path, before) == [("came", {}, {"share": ["20"], "start_date": ["2001"]})]
    before = now(path)
    load_rows(path, ENDED, OTHER)
    ended = {"share": ["51"], "start_date": ["2001"], "end_date": ["2024-05-06"]}
    assert told(path, before) == [("changed", {"share": ["51"], "start_date": ["2001"]}, ended)]


def test_links_of_a_ledger_that_has_them_under_keys_of_all_cells_are_the_same_ones(path: Path) -> None:
    load_rows(path, ROW, LATER, with_identities=False)
    before = now(path)
    load_rows(path, ENDED, LATER)
    ended = {"share": ["51"], "start_date": ["2001"], "end_date": ["2024-05-06"]}
    assert told(path, before) == [("changed", {"share": ["51"], "start_date": ["2001"]}, ended)]


@pytest.mark.parametrize("with_identities", [True, False])
def test_a_row_of_a_delta_is_not_counted_twice(path: Path, with_identities: bool) -> None:
    load_rows(path, ROW, with_identities=with_identities)
    assert counts(load_rows(path, ROW, LATER, delta=True)) == (1, 0, 0)
    assert counts(load_rows(path, ROW, OTHER, delta=True))[2] == 0


def test_a_delta_says_something_else_of_a_link(path: Path) -> None:
    load_rows(path, ROW)
    assert counts(load_rows(path, ENDED, delta=True)) == (0, 1, 0)


def test_the_key_of_an_open_row_does_not_depend_on_a_protected_one(path: Path) -> None:
    def keys() -> Iterable[str]:
        with closing(connect(path)) as connection:
            return [
                row[0]
                for row in connection.execute(
                    "SELECT key FROM record WHERE from_key IS NOT NULL AND NOT protected AND until IS NULL"
                )
            ]

    load_rows(path, ROW)
    alone = keys()
    load_rows(path, ROW, OTHER.replace(",,\n", ",protected,\n"))
    assert keys() == alone
