"""Is text kept as it was meant, and nothing else?"""

from __future__ import annotations

import pytest

from kg.ontology.values import MAX_TEXT, VALUE_TYPES, BadValue, ValueType

TEXT, NAME = VALUE_TYPES["text"], VALUE_TYPES["name"]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("alpha", "alpha"),
        ("  two   words ", "two words"),
        ("a\tb\r\nc\x0bd\x0ce", "a b c d e"),
        ("a\u00a0b\u3000c\u2028d\u0085e", "a b c d e"),
        ("Zoe\u0308", "Zoë"),
        ("王伟民", "王伟民"),
        ("\U00020bb7野", "\U00020bb7野"),
    ],
)
def test_white_space_is_folded_and_letters_are_put_together(raw: str, kept: str) -> None:
    assert TEXT.clean(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "An\u200bn",
        "An\u200dn",
        "An\u00adn",
        "\ufeffAnn",
        "\u202eAnn\u202c",
        "A\u2066nn\u2069",
        "Ann\ufe0f",
        "\u3164Ann",
    ],
)
def test_what_nobody_sees_is_dropped(raw: str) -> None:
    assert TEXT.clean(raw) == "Ann"


def test_letters_that_only_meet_when_the_unseen_goes_are_put_together() -> None:
    assert TEXT.clean("e\u200b\u0301") == "é"


@pytest.mark.parametrize("raw", ["a\x00b", "bell\x07", "\x1b[31mred", "\x1cfile", "del\x7f", "c1\x9b"])
def test_control_characters_are_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected text without control characters$"):
        TEXT.clean(raw)


@pytest.mark.parametrize("raw", ["\ud800", "Ann \udfff", "\udc00\ud800"])
def test_halves_of_surrogate_pairs_are_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected text that UTF-8 can encode, not an unpaired surrogate$"):
        TEXT.clean(raw)


@pytest.mark.parametrize("raw", ["", "   ", "\u200b", "\u3000\u00ad"])
@pytest.mark.parametrize("kind", VALUE_TYPES)
def test_no_value_is_empty(kind: str, raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected "):
        VALUE_TYPES[kind].clean(raw)


def test_text_may_be_long_and_is_never_cut() -> None:
    assert TEXT.clean("x" * MAX_TEXT) == "x" * MAX_TEXT
    with pytest.raises(BadValue, match=f"^expected at most {MAX_TEXT} characters, not {MAX_TEXT + 1}$"):
        TEXT.clean("x" * (MAX_TEXT + 1))


@pytest.mark.parametrize("kind", VALUE_TYPES)
def test_longer_values_are_refused_by_every_value_type(kind: str) -> None:
    with pytest.raises(BadValue):
        VALUE_TYPES[kind].clean("1" * (MAX_TEXT + 1))


def test_a_message_says_what_was_expected() -> None:
    with pytest.raises(BadValue, match=r"^expected a name, not an empty value$"):
        NAME.clean(" ")


@pytest.mark.parametrize(
    ("left", "right"), [("Wei Min", "WEIMIN"), ("王伟民", "王 伟民"), ("ＡＮＮ", "Ann"), ("Straße", "STRASSE")]
)
def test_names_are_the_same_but_for_case_width_and_spacing(left: str, right: str) -> None:
    assert NAME.same(left, right)


@pytest.mark.parametrize(("left", "right"), [("Ann", "Anna"), ("王伟", "王偉"), ("Zoë", "Zoe")])
def test_other_names_are_not_the_same(left: str, right: str) -> None:
    assert not NAME.same(left, right)


def test_text_is_the_same_only_letter_by_letter() -> None:
    assert TEXT.same("Ann", "Ann")
    assert not TEXT.same("Ann", "ann")


@pytest.mark.parametrize("kind", VALUE_TYPES.values(), ids=VALUE_TYPES)
def test_every_example_can_be_kept_and_shown(kind: ValueType) -> None:
    assert kind.examples
    assert all(kind.caption(kind.clean(raw)) for raw in kind.examples)
