"""How may sources write values of each type?"""

from __future__ import annotations

from hypothesis import strategies as st

from kg.ontology.values import VALUATION_KINDS, VALUE_TYPES

_SIGNS = " \t\u00a0\u200b\u202e-–,.'%+<>≥~/:０１２５％－ＡｚZTe²½٣é\u0301王\ud800\x00"

ANYTHING = st.one_of(st.text(), st.text(alphabet=st.sampled_from(_SIGNS + "0123456789ABab"), max_size=20))
"""Text with the signs that values are made of more often than chance would have it."""

_DIGITS = st.text(alphabet="0123456789０１２３", min_size=1, max_size=4)
_NUMBERS = st.builds(
    lambda sign, whole, groups, sep, part: sign + sep.join([whole, *groups]) + part,
    st.sampled_from(["", "-", "+", "\u2212"]),
    _DIGITS,
    st.lists(st.from_regex(r"[0-9]{3}", fullmatch=True), max_size=3),
    st.sampled_from([",", " ", "'", ""]),
    st.one_of(st.just(""), _DIGITS.map(lambda d: f".{d}")),
)
_SHARES = st.decimals(0, 100, places=2).map(str) | st.integers(0, 120).map(str)
_PERCENTS = st.builds(
    lambda bound, low, rest: bound + low + rest,
    st.sampled_from(["", "", ">", "<", ">=", "≤ "]),
    _SHARES,
    st.one_of(
        st.sampled_from(["", "%", " %", "+"]),
        st.builds("{}{}%".format, st.sampled_from(["..", "-", " to ", "–"]), _SHARES),
    ),
)
_DATES = st.builds(
    lambda day, length, time: day.isoformat()[:length] + (time if length == 10 else ""),
    st.dates(),
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "T10:00", " 23:59:59Z"]),
)
_CURRENCIES = st.sampled_from(["USD", "cny", "TND", "Eur"])
_MONEY = st.builds("{} {}".format, _NUMBERS, _CURRENCIES) | st.builds("{}{}".format, _CURRENCIES, _NUMBERS)
_WORTHS = st.lists(st.integers(-9, 10**9), min_size=1, max_size=2).map(lambda pair: "..".join(map(str, sorted(pair))))
_VALUATIONS = st.builds(
    lambda *parts: " ".join(parts).strip(),
    st.sampled_from(VALUATION_KINDS),
    _DATES.map(lambda text: text.partition(" ")[0]),
    _WORTHS,
    st.sampled_from(["USD", "CNY"]),
    st.sampled_from(["", "gross", "net"]),
)

LIKELY_TEXTS = {
    "text": ANYTHING,
    "name": ANYTHING,
    "identifier": ANYTHING,
    "url": ANYTHING.map(lambda text: f"https://example.org{text}"),
    "number": _NUMBERS,
    "flag": st.sampled_from(["yes", "No", "TRUE", "f", "１"]),
    "date": _DATES,
    "percent": _PERCENTS,
    "money": _MONEY,
    "currency": _CURRENCIES,
    "jurisdiction": st.from_regex(r"[A-Za-z]{2}([-_][A-Za-z0-9]{1,3})?", fullmatch=True),
    "valuation": _VALUATIONS,
}
"""Texts of which many are values of the type."""


def value_texts(kind: str) -> st.SearchStrategy[str]:
    """Texts that may or may not be values of a type."""
    return LIKELY_TEXTS[kind] | st.sampled_from(VALUE_TYPES[kind].examples) | ANYTHING
