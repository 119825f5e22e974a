"""Is a name found in whatever script and letters people type it?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from kg.errors import NotFound
from kg.names import name_words
from kg.names.spellings import spellings, tied
from kg.ontology.values.texts import name_type
from kg.ports import Store
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
