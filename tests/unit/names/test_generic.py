"""Are two names of persons, of any language, told to be one or two? All names are invented."""

from __future__ import annotations

import pytest

from kg.names import SAME_BITS, generic

SAME = [
    ("an Arabic article that is joined", "عبد الرحمن القاسم", "Abdulrahman Alqasem"),
    ("an Arabic article that is joined", "خالد الشهري", "Halid Alshehri"),
    ("a long vowel", "حسين القاسم", "Hussein Al-Qasim"),
    ("a Hebrew letter with two sounds", "שלמה כהן", "Shlomo Cohen"),
    ("yo for ё", "Fyodor Zaborin", "Fedor Zaborin"),
    ("yo for ё", "Федор Заборин", "Fyodor Zaborin"),
    ("yo for ё", "Artyom Zaborin", "Artem Zaborin"),
    ("order", "Karl von Alten", "von Alten, Karl"),
    ("order", "Ylva Strand", "STRAND Ylva"),
    ("an initial", "Jorge L. Borja", "Jorge Luis Borja"),
    ("initials", "J. L. Borja", "Jorge Luis Borja"),
    ("initials as one word", "JL Borja", "Jorge-Luis Borja"),
    ("a particle", "Maria de la Cruz Vidal", "Maria Cruz Vidal"),
    ("a particle", "Tariq al-Wardani", "Tariq Wardani"),
    ("a particle of filiation", "Tariq bin Nadim Wardani", "Tariq Nadim Wardani"),
    ("a patronymic", "Rodion Arkadyevich Belsky", "Rodion Belsky"),
    ("a middle name", "Hanna Sofia Lindqvist", "Hanna Lindqvist"),
    ("a title", "Dr. Hanna Lindqvist", "Hanna Lindqvist"),
    ("a title in the middle", "Nadim Mullah Wardani", "Nadim Wardani"),
    ("a rank", "General Rodion Belsky", "Rodion Belsky"),
    ("a suffix", "Owen Tarrant Jr.", "Owen Tarrant"),
    ("one letter off", "Rodion Belskij", "Rodion Belsky"),
    ("one letter off", "Hanna Lindqist", "Hanna Lindqvist"),
    ("two letters changed places", "Hanna Lindqvits", "Hanna Lindqvist"),
    ("another spelling", "Moukhtar Khalil", "Muhtar Halil"),
    ("another spelling", "Wiktor Zabolocki", "Viktor Sabolotzky"),
    ("digits for letters", "R0dion Bel5ky", "Rodion Belsky"),
    ("joined", "HannaLindqvist", "Hanna Lindqvist"),
    ("split", "Hanna Lind qvist", "Hanna Lindqvist"),
    ("servant of", "Abdulrahim Wardani", "Abd al-Rahim Wardani"),
    ("servant of", "Abdurrahim Wardani", "Abdel Rahim Wardani"),
    ("a word twice", "Hanna Hanna Lindqvist", "Hanna Lindqvist"),
    ("a short name", "Ted Tarrant", "Theodore Tarrant"),
    ("Cyrillic", "Родион Аркадьевич Бельский", "Rodion Arkadyevich Belsky"),
    ("Cyrillic", "Родион Бельский", "Rodion Belskiy"),
    ("Greek", "Νίκος Βαλτινός", "Nikos Valtinos"),
    ("Arabic", "محمد طارق ورداني", "Mohammed Tariq Wardani"),
    ("Arabic", "عبد الرحمن ورداني", "Abdul Rahman Wardani"),
    ("Georgian", "ნანა ბერიძე", "Nana Beridze"),
    ("diacritics", "Željko Ćorluković", "Zeljko Corlukovic"),
    ("umlauts spelled out", "Jörg Bäumler", "Joerg Baeumler"),
    ("French spelling", "Serguei Joukovlev", "Сергей Жуковлев"),
    ("a surname of a woman", "Ilona Berezov", "Ilona Berezova"),
    ("a surname of a woman", "Ilona Belsky", "Илона Бельская"),
    ("Muhammad", "Mohd. Faizal bin Wardan", "Mohammed Faizal Wardan"),
    ("Muhammad", "Md Faizal Wardan", "Muhammad Faizal Wardan"),
    ("Hebrew", "חיים לבינסון", "Chaim Levinson"),
    ("Persian", "یوسف رضایی", "Yousef Rezaei"),
    ("Hindi", "राजेश शर्मा", "Rajesh Sharma"),
    ("an apostrophe", "Sean O'Harrigan", "Sean O Harrigan"),
]

OTHERS = [
    ("another long vowel", "حسين القاسم", "Hasan Al-Qasim"),
    ("another long vowel", "جميل القاسم", "Jamal Al-Qasim"),
    ("a given name", "Daniel Tarrant", "Donald Tarrant"),
    ("a surname", "Hanna Lindqvist", "Hanna Lindgren"),
    ("an initial", "William G. Tarrant", "William W. Tarrant"),
    ("an initial", "Hans O Tarrant", "Hans Joachim Tarrant"),
    ("a patronymic", "Rodion Arkadyevich Belsky", "Rodion Borisovich Belsky"),
    ("a middle name", "Tariq Nadim Wardani", "Tariq Salim Wardani"),
    ("a clan", "Tariq Nadim Salim Hadi al-Wardani", "Tariq Nadim Salim Hadi al-Kutubi"),
    ("child and father", "Tariq bin Nadim al-Wardani", "Nadim bin Tariq al-Wardani"),
    ("child and father", "al-Wardani, Tariq bin Nadim", "Nadim bin Tariq al-Wardani"),
    ("one letter off in a short word", "Kim Son", "Kim Sun"),
    ("one letter off in a short word", "Ivan Belsky", "Evan Belsky"),
    ("a name of the other sex", "Paul Tarrant", "Paula Tarrant"),
    ("a name of the other sex", "Mario Tarrant", "Maria Tarrant"),
    ("too many letters off", "Olga Barykova", "Oleg Baryka"),
    ("a surname alone", "Belsky", "Rodion Belsky"),
    ("a given name alone", "Hanna", "Hanna Sofia Lindqvist"),
    ("initials alone", "H. L.", "Hanna Lindqvist"),
    ("Han characters", "欧阳若曦", "欧阳若晨"),
    ("Korean syllables", "남궁하은", "남궁하늘"),
    ("Cyrillic", "Илона Бельская", "Илона Березина"),
    ("a particle is no name", "de la", "Maria de la Cruz"),
    ("nothing", "", ""),
    ("signs only", "---", "..."),
    ("titles only", "Dr.", "Mr."),
]


@pytest.mark.parametrize(("_kind", "left", "right"), SAME)
def test_names_of_one_person_are_told(_kind: str, left: str, right: str) -> None:
    match = generic.compare(left, right)
    assert match.bits >= SAME_BITS, match
    assert match == generic.compare(right, left)


@pytest.mark.parametrize(("_kind", "left", "right"), OTHERS)
def test_names_of_two_people_are_told(_kind: str, left: str, right: str) -> None:
    match = generic.compare(left, right)
    assert match.bits < SAME_BITS, match
    assert match == generic.compare(right, left)


@pytest.mark.parametrize(
    ("one", "other", "bits"),
    [
        ("David Tarrant", "Daniel Tarrant", -6.0),
        ("TARRANT David", "Daniel Tarrant", -6.0),
        ("Ahmad bin Ismail", "Ahmad bin Yusof", -6.0),
        ("Rodion Petrovich Belsky", "Rodion Sidorovich Belsky", -6.0),
        ("Anna Thomas", "Anna Martin", -2.0),
        ("Joseph Wardani", "Yusuf Wardani", -2.0),
        ("Hanna Lindqvist", "Hanna Tarrant", -2.0),
    ],
)
def test_other_given_names_and_fathers_speak_plainly_and_other_surnames_do_not(
    one: str, other: str, bits: float
) -> None:
    assert generic.compare(one, other).bits == bits


@pytest.mark.parametrize(("bare", "spelled", "other"), [("حسن", "Hassan", "Hussein"), ("سعد", "Saad", "Saeed")])
def test_a_long_vowel_that_is_spelled_is_written_too(bare: str, spelled: str, other: str) -> None:
    assert generic.compare(f"{bare} القاسم", f"{spelled} Alqasem").bits >= SAME_BITS
    assert generic.compare(f"{bare} القاسم", f"{other} Alqasem").bits < 0


def test_a_contradiction_is_not_outweighed() -> None:
    long = generic.compare("Tariq Nadim Salim Hadi Faruq al-Wardani", "Tariq Nadim Salim Hadi Faruq al-Kutubi")
    assert long.bits < 0
    assert "wardani is not kutubi" in long.reasons or "kutubi is not wardani" in long.reasons


def test_reasons_say_what_was_compared() -> None:
    match = generic.compare("Rodion Arkadyevich Belskij", "Родион Бельский")
    assert match.reasons == (
        "rodion = родион: transliterated",
        "belskij = бельский: transliterated",
        "arkadyevich has no counterpart",
    )


def test_a_frequent_word_is_worth_less_than_a_rare_one() -> None:
    rare, frequent = generic.compare("Ylva", "Ylva"), generic.compare("Mohammed", "Mohammed")
    assert rare.bits > frequent.bits > 0


def test_the_register_says_what_a_word_is_worth() -> None:
    asked: list[str] = []

    def weight(ascii_word: str) -> float:
        asked.append(ascii_word)
        return {"rodion": 2.0, "belsky": 1.0}.get(ascii_word, 1.5)

    match = generic.compare("Родион Бельский", "Rodion Belsky", weight)
    assert 0 < match.bits < SAME_BITS
    assert set(asked) <= {"rodion", "belskiy", "belsky"}


def test_the_kind_that_is_told_goes_before_the_words() -> None:
    assert generic.compare("Marlow Ltd", "Marlow Limited").bits >= SAME_BITS
    assert generic.compare("Marlow Ltd", "Marlow Limited", kind="person").bits < SAME_BITS
    assert generic.compare("Rodion Belsky SA", "Rodion Belsky", kind="person").bits >= SAME_BITS


ODD = ["\ud800\x00", "ـ", "9" * 5000, "x" * 5000, "a b " * 500, "１２", "\u202eanna", "ⅷ ½ ²", ",", ",,a"]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:12])
def test_odd_names_are_compared(odd: str) -> None:
    for name in (odd, "Hanna Lindqvist", f"{odd} Ltd"):
        assert generic.compare(odd, name, kind="person") == generic.compare(name, odd, kind="person")
        assert generic.compare(odd, name, kind="company") == generic.compare(name, odd, kind="company")
