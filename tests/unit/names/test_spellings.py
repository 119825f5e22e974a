"""Is a name spelled as each scheme has it?"""

from __future__ import annotations

import pytest

from kg.names.spellings import CYRILLIC_SCHEMES, collapse, consonants, spellings, tied


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Юрий", {"yuriy", "yury", "iurii", "jurij", "juri"}),
        ("Щёлоков", {"shchelokov", "shchyolokov", "shtelokov", "scelokov", "schtschjolokow"}),
        ("Қасым", {"qasym", "kasym"}),
        ("Đorđe", {"dorde", "djordje"}),
        ("Ευαγγελία", {"evangelia", "efagelia"}),
        ("曾", {"ceng", "zeng"}),
        ("박", {"bak", "pak", "park"}),
        ("しょうた", {"shouta", "shota"}),
        ("マッチャ", {"matcha"}),
        ("الأسد", {"lsd", "sd"}),
        ("Xue", {"xue"}),
        ("Muelle", {"mulle"}),
    ],
)
def test_a_word_has_these_spellings_among_others(name: str, spelled: set[str]) -> None:
    [unit] = spellings(name)
    assert spelled <= set(unit)


def test_characters_and_syllables_are_spelled_one_by_one_and_surnames_only_at_the_start() -> None:
    assert [unit[0] for unit in spellings("王伟民")] == ["wang", "wei", "min"]
    assert ["park" in unit for unit in spellings("박박")] == [True, False]
    assert tied(spellings("曾明")) == (("ceng", "ming"), ("zeng", "ming"))


@pytest.mark.parametrize("word", ["Mohammed", "Muhammad", "mhmd"])
def test_spellings_of_an_arabic_name_have_the_same_consonants(word: str) -> None:
    assert consonants(word.lower()) == "mhmd"


def test_vowels_of_short_words_are_not_joined() -> None:
    assert [collapse(word) for word in ("xue", "aase", "goethe", "lue")] == ["xue", "ase", "gothe", "lue"]


@pytest.mark.parametrize("word", ["ясеневский", "ёлкин", "збігнєв", "щукій", "мъжев", "қайрат", "йй", "е"])
def test_letters_are_spelled_as_in_the_whole_word(word: str) -> None:
    assert CYRILLIC_SCHEMES.spell(word) == [scheme.spell(word) for scheme in CYRILLIC_SCHEMES.schemes]
