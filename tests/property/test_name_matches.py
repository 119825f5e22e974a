"""Which laws hold for the evidence of any two names?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.names import companies, compare_names, generic

WORDS = st.one_of(
    st.sampled_from(
        ["hanna", "Lindqvist", "lindqist", "von", "bin", "al-", "J.", "Т.", "Родион", "طارق", "عبد", "蓝港"]
    ),
    st.sampled_from(
        ["하은", "Abdul", "Dr.", "Ltd", "GmbH", "有限公司", "2", "II", "Trading", "the", "&", "S.A.", "o", "O'"]
    ),
    st.sampled_from(["حسن", "حسين", "سعد", "سعيد", "Hussein", "Hasan", "Saad", "Saeed", "陈美玲", "Tan", "May", "김"]),
    st.sampled_from(["x" * 40, "ß", "\u0301", ","]),
)
NAMES = st.one_of(st.lists(WORDS, max_size=6).map(" ".join), st.text(max_size=24))
SURNAMES = st.lists(
    st.sampled_from(("Tarrant", "Lindqvist", "Wardani", "Belsky", "Zabolotsky", "Corlukov", "Marlow")),
    unique=True,
    min_size=2,
    max_size=5,
)


@given(NAMES, NAMES)
def test_the_evidence_is_the_same_for_both_orders(one: str, other: str) -> None:
    assert generic.compare(one, other) == generic.compare(other, one)
    assert companies.compare(one, other) == companies.compare(other, one)
    assert compare_names(one, other).bits == compare_names(other, one).bits


@given(NAMES, NAMES)
def test_no_name_is_more_like_another_than_like_itself(one: str, other: str) -> None:
    for compare in (lambda a, b: generic.compare(a, b, kind="person"), companies.compare):
        assert compare(one, other).bits <= max(compare(one, one).bits, compare(other, other).bits, 0.0)


@given(SURNAMES)
def test_a_word_more_that_agrees_is_more_evidence(words: list[str]) -> None:
    found = [generic.compare(" ".join(words[:n]), " ".join(words[:n])).bits for n in range(1, len(words) + 1)]
    assert found == sorted(set(found))


@given(SURNAMES)
def test_a_word_more_on_one_side_is_less_evidence_and_one_on_each_is_a_contradiction(words: list[str]) -> None:
    shared = words[:-1]
    whole = generic.compare(" ".join(words), " ".join(words)).bits
    less = generic.compare(" ".join(words), " ".join(shared)).bits
    against = generic.compare(" ".join(words), " ".join([*shared, "Quisling"])).bits
    assert whole > less > against
    assert against < 0


@given(SURNAMES, st.floats(0.5, 20), st.floats(0, 5))
def test_rarer_words_are_more_evidence(words: list[str], bits: float, more: float) -> None:
    name = " ".join(words)
    assert generic.compare(name, name, lambda _: bits).bits <= generic.compare(name, name, lambda _: bits + more).bits
