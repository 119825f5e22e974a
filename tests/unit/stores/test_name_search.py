"""Is a name found in whatever script and letters people type it?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import InputError, NotFound
from kg.names import name_words
from kg.names.spellings import spellings, tied
from kg.ontology.values.texts import name_type
from kg.ports import Store
from kg.records import node_id
from kg.stores.name_matches import find_matches
from tests.name_pairs import NAME_PAIRS, STORED_NAMES
from tests.stores import load, node, store

ALIKE = [
    ("Muller Ada", "Müller Ada", "Mueller Ada"),
    ("Xu Yi",),
    ("Xue Yi",),
    ("张一", "章一"),
    ("Иван Ли", "Ivan Li"),
    ("Gros Otto",),
    ("Ase Lie", "Åse Lie", "Aase Lie"),
    ("Łoza", "Loza"),
    ("Зорин", "Зорін"),
    ("علي زاد", "علی زاد"),
    ("Kim Suu", "김수우"),
]
"""Invented names that are found by each other."""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that has them all."""
    path = tmp_path_factory.mktemp("names") / "graph.sqlite"
    names = [*STORED_NAMES, *(name for group in ALIKE for name in group)]
    load(path, "invented", [node(f"k{i}", name=name) for i, name in enumerate(names)])
    with store(path) as opened:
        yield opened


def shown(stored: str) -> str:
    """The name as a load keeps it."""
    return name_type.clean(stored)


def found(named: Store, text: str) -> list[str]:
    return [n.caption for n in named.search(text)]


@pytest.mark.parametrize(
    ("asked", "names"),
    [("12345", ["A"]), ("00012345", ["A"]), ("GB44112", ["B"]), ("44112", []), ("1234", []), ("0012346", ["C"])],
)
def test_a_number_is_found_with_more_or_fewer_zeros_before_it_unless_one_has_just_these(
    tmp_path: Path, asked: str, names: list[str]
) -> None:
    numbers = {"A": "0012345", "B": "GB-0044112", "C": "0012346", "D": "12346"}
    load(
        tmp_path / "graph.sqlite",
        "r",
        [node(k, "Enterprise", name=k, registration_number=v) for k, v in numbers.items()],
    )
    with store(tmp_path / "graph.sqlite") as opened:
        assert found(opened, asked) == names
        with pytest.raises(NotFound):
            opened.resolve("12345")


@pytest.mark.parametrize(("stored", "asked"), NAME_PAIRS)
def test_a_name_is_found_however_people_type_it_and_shown_as_it_is_stored(
    named: Store, stored: str, asked: str
) -> None:
    assert found(named, asked)[:1] == [shown(stored)]


@pytest.mark.parametrize("stored", STORED_NAMES)
def test_a_name_is_found_by_each_plainer_form_of_itself(named: Store, stored: str) -> None:
    forms = [unicodedata.normalize(form, stored) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    forms += [stored.upper(), stored.lower(), " ".join(name_words(stored)), " ".join(reversed(stored.split()))]
    forms += [" ".join(whole) for whole in tied(spellings(stored))]
    assert [form for form in forms if shown(stored) not in found(named, form)] == []


@pytest.mark.parametrize("group", ALIKE)
def test_who_is_called_exactly_so_comes_before_those_who_are_called_alike(named: Store, group: tuple[str, ...]) -> None:
    for name in group:
        assert found(named, name)[0] == name
        assert set(group) <= set(found(named, name))


@pytest.mark.parametrize(
    ("stored", "asked"),
    [("Xue Yi", "Xu Yi"), ("王伟民", "王民伟强"), ("علي يزداني", "Ola Yo"), ("김철수용", "Kang Cheolsuyong")],
)
def test_another_name_is_not_found(named: Store, stored: str, asked: str) -> None:
    assert stored not in found(named, asked)


def test_a_name_is_resolved_as_it_is_written_and_never_by_its_sound(named: Store) -> None:
    assert named.resolve("Müller Ada") != named.resolve("Muller Ada")
    assert named.resolve("Lucja Waleska") == named.search("Łucja Wałęska")[0].id
    with pytest.raises(NotFound, match="张伟来"):
        named.resolve("张伟来")


PASSPORTS = [node(f"pass-{i}", "IdentityDocument", number=f"ZZ{i:07}", shown_name="Amber Invented") for i in range(30)]

MENTIONED = [
    *PASSPORTS,
    node("amber", name="Amber Invented", passport_number="ZZ0000003"),
    node("ambra", alias="Ámber Invented"),
    node("firm", "Enterprise", name="Amber Invented Holding Ltd"),
    node("letter", "Document", title="Letter", name="Amber Invented: letter of 2003"),
    node("oak", name="Oak", alias="Invented Oak|Amber"),
    *(node(f"twin-{i}", name="Twin Invented") for i in (1, 2)),
    node("ship", "Vessel", name="MY Seven Gulls", imo="9074729"),
]


@pytest.fixture(scope="module")
def mentioned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("mentioned") / "graph.sqlite"
    load(path, "invented", MENTIONED)
    with store(path) as opened:
        yield opened


@pytest.mark.parametrize("limit", [1, 4, 5, 34, 1_001])
@pytest.mark.parametrize("text", ["Amber Invented", "amber invented", "invented amber", "Amber"])
def test_what_bears_a_name_comes_before_papers_and_these_before_what_shows_it(
    mentioned: Store, text: str, limit: int
) -> None:
    found = [one.type for one in mentioned.search(text, limit=limit)]
    order = ["Person", "Enterprise", "Document", "IdentityDocument"]
    assert found[: min(limit, 34)] and len(found) <= limit
    ranks = [min(order.index(kind), 1) if order.index(kind) < 2 else order.index(kind) for kind in found]
    assert [rank for rank in ranks if rank == 3] == ranks[len([r for r in ranks if r < 3]) :]
    assert found == [one.type for one in mentioned.search(text, limit=1_001)][:limit]


def test_results_are_counted_by_type_whatever_the_limit(mentioned: Store) -> None:
    kinds = mentioned.count_found("Amber Invented")
    assert kinds == {"Document": 1, "Enterprise": 1, "IdentityDocument": 30, "Person": 3}
    assert mentioned.count_found("Amber Invented", kinds=["Party"]) == {"Enterprise": 1, "Person": 3}
    assert mentioned.count_found("nobody at all") == {}


def test_a_number_is_found_at_whatever_bears_it(mentioned: Store) -> None:
    assert {one.type for one in mentioned.search("ZZ 0000003")} == {"IdentityDocument", "Person"}
    assert [one.type for one in mentioned.search("ZZ0000004")] == ["IdentityDocument"]


@pytest.mark.parametrize("text", ["9074729", "IMO9074729", "imo 9074729", "IMO: 9074729"])
def test_a_number_is_found_with_the_word_for_its_kind_before_it(mentioned: Store, text: str) -> None:
    assert [one.caption for one in mentioned.search(text)] == ["MY Seven Gulls"]


def test_a_name_that_papers_only_show_names_the_one_who_bears_it(mentioned: Store) -> None:
    assert mentioned.resolve("Amber Invented") == node_id("test", "amber")


def test_namesakes_are_told_apart_by_a_key_of_each(mentioned: Store) -> None:
    with pytest.raises(
        InputError, match=r"names 2 nodes; give one id: .*Person Twin Invented, test:twin-1\), .*test:twin-2"
    ):
        mentioned.resolve("Twin Invented")


def test_it_is_told_by_which_name_or_number_a_node_is_found(mentioned: Store) -> None:
    def told(text: str) -> dict[str, tuple[str, str, str, bool]]:
        found = find_matches(mentioned.ontology, text, mentioned.search(text))
        return {name: (one.property, one.value, one.how, one.bears) for name, one in found.items()}

    by_name = told("Amber Invented")
    assert by_name[node_id("test", "amber")] == ("name", "Amber Invented", "whole", True)
    assert by_name[node_id("test", "ambra")] == ("alias", "Ámber Invented", "whole", True)
    assert by_name[node_id("test", "firm")] == ("name", "Amber Invented Holding Ltd", "words", True)
    assert by_name[node_id("test", "pass-0")] == ("shown_name", "Amber Invented", "whole", False)
    assert node_id("test", "oak") in {one.id for one in mentioned.search("Amber Invented")}
    assert node_id("test", "oak") not in by_name, "words of two names"
    assert told("zz-0000003")[node_id("test", "amber")] == ("passport_number", "ZZ0000003", "identifier", True)
    assert told("inv")[node_id("test", "oak")] == ("alias", "Invented Oak", "beginnings", True)


@pytest.mark.parametrize("text", ["", " ", '"', "* OR (", "名", "a" * 500, "\x00", "😀", "NEAR(a b)"])
def test_odd_texts_have_no_matches_and_do_not_fail(mentioned: Store, text: str) -> None:
    assert mentioned.search(text) == [] and mentioned.count_found(text) == {}
    assert find_matches(mentioned.ontology, text, mentioned.nodes([node_id("test", "amber")]).values()) == {}
