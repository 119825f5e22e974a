"""What holds for every value, however a source writes it?"""

from __future__ import annotations

import unicodedata

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ontology.values import (
    MAX_TEXT,
    VALUE_TYPES,
    BadValue,
    date_span,
    identifier_key,
    money,
    percent_interval,
    valuation,
)
from tests.property.ontology.value_strategies import ANYTHING, LIKELY_TEXTS, value_texts

KINDS = pytest.mark.parametrize("kind", VALUE_TYPES)


def _kept(kind: str, raw: str) -> str:
    """The canonical text; empty where there is none."""
    try:
        return VALUE_TYPES[kind].clean(raw)
    except BadValue:
        return ""


@KINDS
@given(data=st.data())
def test_cleaning_again_changes_nothing(kind: str, data: st.DataObject) -> None:
    if text := _kept(kind, data.draw(value_texts(kind))):
        assert VALUE_TYPES[kind].clean(text) == text


@KINDS
@given(data=st.data())
def test_what_is_kept_can_be_stored_compared_and_shown(kind: str, data: st.DataObject) -> None:
    if text := _kept(kind, data.draw(value_texts(kind))):
        assert orjson.loads(orjson.dumps(text)) == text
        assert text == unicodedata.normalize("NFC", text) == " ".join(text.split())
        assert text.isprintable() or not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in text)
        assert len(text) <= MAX_TEXT
        assert VALUE_TYPES[kind].caption(text)


@KINDS
@given(data=st.data())
def test_only_bad_values_are_refused_and_never_otherwise(kind: str, data: st.DataObject) -> None:
    _kept(kind, data.draw(ANYTHING))


@KINDS
@given(data=st.data())
def test_a_value_is_the_same_as_itself(kind: str, data: st.DataObject) -> None:
    if text := _kept(kind, data.draw(value_texts(kind))):
        assert VALUE_TYPES[kind].same(text, text)


@KINDS
@given(data=st.data())
def test_sameness_goes_both_ways(kind: str, data: st.DataObject) -> None:
    left, right = (_kept(kind, data.draw(LIKELY_TEXTS[kind])) for _ in range(2))
    if left and right:
        assert VALUE_TYPES[kind].same(left, right) is VALUE_TYPES[kind].same(right, left)


@given(value_texts("percent"))
def test_a_share_is_an_ordered_interval_within_0_and_100(raw: str) -> None:
    if text := _kept("percent", raw):
        low, high = percent_interval(text)
        assert 0 <= low <= high <= 100


@given(value_texts("valuation"))
def test_a_valuation_is_an_ordered_interval(raw: str) -> None:
    if text := _kept("valuation", raw):
        assert valuation(text).low <= valuation(text).high


@given(value_texts("date"))
def test_a_date_span_holds_all_days_that_begin_like_its_text(raw: str) -> None:
    if text := _kept("date", raw):
        span = date_span(text)
        assert span.text == text
        assert span.first <= span.last
        assert span.first.isoformat().startswith(text)
        assert span.last.isoformat().startswith(text)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_a_day_is_within_its_own_month_and_year(day: object, length: int) -> None:
    span = date_span(str(day)[:length])
    assert span.first.isoformat() <= str(day) <= span.last.isoformat()


@given(st.decimals(-(10**12), 10**12, places=4, allow_nan=False))
def test_thousands_apart_change_no_amount(amount: object) -> None:
    assert _kept("money", f"{amount:,} USD") == _kept("money", f"{amount:f} USD")
    assert money(_kept("money", f"{amount:f} USD")).amount == amount


@given(ANYTHING)
def test_the_key_of_an_identifier_holds_letters_and_digits_only(raw: str) -> None:
    assert all(c.isalnum() for c in identifier_key(raw))


@given(st.text(alphabet="ABC123ab -./·－Ａ１", max_size=20), st.sampled_from([" ", "-", ".", "/", "－"]))
def test_separators_and_case_do_not_touch_the_key_of_an_identifier(raw: str, separator: str) -> None:
    assert identifier_key(separator.join(raw).lower()) == identifier_key(raw)
