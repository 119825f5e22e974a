"""Names that may be written so: offered, marked, and never taken for the name that was asked for. All are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kg import operations
from kg.cli import app
from kg.errors import NotFound, QuestionError
from kg.operations import SearchQuery, Workspace
from kg.operations.questions.lookup import MAX_OFFERED
from kg.operations.questions.written_so import find_written_so
from kg.ports import Store
from kg.records import Provenance, node_id
from tests.stores import link, load, node

LU, YACHT, COMPANY = (node_id("test", key) for key in ("lu", "yacht", "company"))
HIDDEN = Provenance(handling="protected")
OFFER = f"no entity is named '逯栩澜'; may be written so, which makes nobody the same: {LU} (Person Lu Xulan)"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("written") / "graph.sqlite"
    records = [
        node("lu", name="Lu Xulan"),
        node("yacht", "Vessel", name="Nebel"),
        node("company", "Enterprise", name="Brockwell Tansy Ltd"),
        *(node(f"n{i}", name="Wilmot Tarnbrook") for i in range(7)),
        link("lu OWNS yacht"),
    ]
    load(path, "open", records)
    load(path, "shelter", [node("quentin", name="Quentin Shelterworth", provenance=HIDDEN)])
    return path


@pytest.fixture(scope="module")
def store(path: Path) -> Iterator[Store]:
    with operations.open_store(Workspace(path)) as store:
        yield store


@pytest.mark.parametrize(("text", "names"), [("xuland", []), ("xulang", ["Lu Xulan"])])
def test_a_sound_that_is_confused_in_pinyin_is_offered_as_the_other_one(
    store: Store, text: str, names: list[str]
) -> None:
    assert [one.name for one in find_written_so(store, SearchQuery(text), (), 5)] == names


def kg(path: Path, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words), env={"KG_STORE": f"embedded:{path}"})
    return done.exit_code, done.stdout, done.stderr


def test_a_name_that_is_not_there_is_answered_with_those_that_may_be_written_so(store: Store) -> None:
    with pytest.raises(NotFound) as raised:
        operations.resolve_node(store, "from", "逯栩澜")
    error = raised.value
    assert (error.problem, error.field, error.value) == (OFFER, "from", "逯栩澜")
    assert error.may_be_written_so == ((LU, "Person", "Lu Xulan"),)


@pytest.mark.parametrize(
    "words",
    [
        ("show", "逯栩澜"),
        ("path", "逯栩澜", YACHT),
        ("path", YACHT, "逯栩澜"),
        ("holdings", "逯栩澜"),
        ("exhibits", "逯栩澜"),
    ],
)
def test_commands_offer_names_and_take_none_of_them(path: Path, words: tuple[str, ...]) -> None:
    assert kg(path, *words) == (3, "", f"kg: {OFFER}; give an id\n")


def test_a_company_with_another_legal_form_is_offered(store: Store) -> None:
    with pytest.raises(NotFound) as raised:
        operations.resolve_node(store, "id", "Brockwell Tansy GmbH")
    assert [name for name, _, _ in raised.value.may_be_written_so] == [COMPANY]


def test_few_are_offered_where_many_may_be_written_so(store: Store) -> None:
    with pytest.raises(NotFound) as raised:
        operations.resolve_node(store, "id", "Tarnbrook, Wilmot")
    assert len(raised.value.may_be_written_so) == MAX_OFFERED


@pytest.mark.parametrize(
    "name", ["nobody", "Quentin Shelterwort", "Nebbel", "test:lu2", "a" * 26, "逯" * 201, "-", "'\"*", "a OR b"]
)
def test_where_none_may_be_written_so_the_error_is_as_short_as_ever(store: Store, name: str) -> None:
    with pytest.raises(NotFound) as raised:
        operations.resolve_node(store, "id", name)
    assert str(raised.value) == f"no entity is named {name!r}; try `kg search`"


def test_fuzzy_hits_stand_apart_and_none_is_a_hit_too(store: Store) -> None:
    answer = operations.search_fuzzily(store, SearchQuery("Wilmot Tarnbrook"), limit=2)
    assert (len(answer.entities), answer.may_be_written_so) == (2, []), "also hits of later pages are no fuzzy ones"
    answer = operations.search_fuzzily(store, SearchQuery("Wilnot Tarnbrook"), limit=3)
    assert (len(answer.entities), len(answer.may_be_written_so)) == (0, 3)
    assert all(one.bits >= 4 and one.reasons for one in answer.may_be_written_so)


def test_a_later_page_has_no_fuzzy_hits(store: Store) -> None:
    first = operations.search_fuzzily(store, SearchQuery("Lu"), limit=1)
    assert first.next is None
    first = operations.search_fuzzily(store, SearchQuery("Wilmot"), limit=1)
    assert operations.search_fuzzily(store, SearchQuery("Wilmot"), first.next or "", 1).may_be_written_so == []


def test_fuzzy_hits_are_of_the_types_asked_for(store: Store) -> None:
    for types, found in ((("Person",), [LU]), (("Party", "Vessel"), [LU]), (("Enterprise",), []), (("Vessel",), [])):
        assert [w.node.id for w in find_written_so(store, SearchQuery("逯栩澜", types), (), 5)] == found
    with pytest.raises(QuestionError, match="type 'Ship'"):
        operations.search_fuzzily(store, SearchQuery("逯栩澜", ("Ship",)))


def test_fuzzy_hits_have_a_link_to_the_jurisdiction_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "places", [node("HK", "Jurisdiction", name="Hong Kong", code="HK")])
    people = [node("lu", name="Lu Xulan"), node("lou", name="Lu Xulan")]
    load(path, "people", [*people, link("lu CITIZEN_OF HK")])
    with operations.open_store(Workspace(path)) as store:
        hong_kong = operations.resolve_jurisdiction(store, "HK")
        found = find_written_so(store, SearchQuery("逯栩澜", (), hong_kong), (), 5)
    assert [w.node.id for w in found] == [LU]


def test_without_a_name_nothing_is_written_so(store: Store) -> None:
    with pytest.raises(QuestionError, match="expected a name, q"):
        operations.search_fuzzily(store, SearchQuery("", ("Person",)))


def test_the_command_prints_fuzzy_hits_apart(path: Path) -> None:
    code, out, _ = kg(path, "search", "Brokwell Tansy", "--fuzzy")
    assert code == 0
    assert out.index("no entity is named") < out.index("may be written so") < out.index("Brockwell Tansy Ltd")
    answer: dict[str, Any] = json.loads(kg(path, "search", "Brokwell Tansy", "--fuzzy", "--json")[1])
    [one] = answer["may_be_written_so"]
    assert (answer["entities"], one["name"], one["entity"]["id"]) == ([], "Brockwell Tansy Ltd", COMPANY)
    assert "may_be_written_so" not in json.loads(kg(path, "search", "Lu", "--json")[1])
