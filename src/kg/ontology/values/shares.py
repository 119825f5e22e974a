"""Shares in per cent: exact, a band, or in words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.ontology.values.numbers import plain_number
from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

_MAX_LENGTH = 80
"""Longest share, in characters."""

_UNKNOWN = "0..100"
_NOISE = Decimal("0.000001")
"""How far a sum of binary fractions may lie above 100 and mean 100."""

_PLAIN = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) ?%?")
_TOKEN = re.compile(
    r"(?P<n>[0-9]{1,3}(?:\.[0-9]+|,[0-9]{1,2}(?![0-9])|,[0-9]{4,})?(?:e[+-]?[0-9]{1,2})?|\.[0-9]+)"
    r"|(?P<g>>=?)|(?P<l><=?)|(?P<p>\+)|(?P<m>\|)|(?P<j>\.\.|[-–—~]|to\b)|(?P<a>and\b|but\b|,|;)|(?P<b>between\b|from\b)"
)
_SHAPES = re.compile(r"n|n[pm]|gn|ln|b?g?njl?n|bnan|gn[aj]{0,2}ln")
"""A share in the names of its tokens: a number, `25+`, `>25`, `<25`, `25-50`, `between 25 and 50`, or `>25, <50`."""

_FRACTION = re.compile(r"([0-9]{1,2}) ?/ ?(2|3|4|5|6|8|10|12|16|20|100|1000)")
_LETTER_HYPHEN = re.compile(r"(?<=[a-z])-|-(?=[a-z])")
_SPACES = re.compile(r"[ %]+")

_WORDS = (
    (r"per ?cent(?:age)?|pct\b\.?", "%"),
    (r"(?:less|lower) than or equal to|(?:not|no) (?:more|greater|higher) than|not (?:exceeding|above|over)", "<="),
    (r"at most|up to(?: and including)?|(?:a )?maximum(?: of)?|max\b\.?", "<="),
    (r"(?:more|greater|higher) than or equal to|(?:not|no) (?:less|lower) than|not (?:below|under)", ">="),
    (r"at least|(?:a )?minimum(?: of)?|min\b\.?", ">="),
    (r"(?:or|and) (?:more|greater|higher|above|over)|plus", "+"),
    (r"(?:or|and) (?:less|lower|below|under)", "|"),
    (r"(?:more|greater|higher|larger) than|in excess of|exceeding|above|over", ">"),
    (r"(?:less|lower|smaller) than|below|under", "<"),
    ("≥", ">="),
    ("≤", "<="),
    ("exactly|equal to", ""),
)
_PHRASES = tuple((re.compile(rf"(?<![a-z])(?:{words})(?![a-z])"), sign) for words, sign in _WORDS)

_PARTS = {
    "half": "50",
    "quarter": "25",
    "three quarters": "75",
    "third": "1/3",
    "two thirds": "2/3",
    "majority": ">50",
}
_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS = {
    **{word: n for n, word in enumerate(_SMALL)},
    **{word: n * 10 for n, word in enumerate(_TENS, start=2)},
    "hundred": 100,
}
_NUMBER_WORD = re.compile(rf"(?:one )?hundred\b|\b({'|'.join(_TENS)})(?: ({'|'.join(_SMALL[1:10])}))?\b|[a-z]+")


class Interval(NamedTuple):
    """A closed interval of percentages, 0 to 100."""

    low: Decimal
    high: Decimal


class PercentValue(ValueType):
    """A share from 0 to 100."""

    def clean(self, raw: str) -> str:
        """`51`, `25..50`; `25..100` for `>25`, `25+` and `more than 25 %`, `0..100` for `unknown`."""
        return _clean_percent(raw)

    def caption(self, text: str) -> str:
        """`51 %`, `25 to 50 %` or `unknown share`."""
        low, high = percent_interval(text)
        if low == high:
            return f"{plain_number(low)} %"
        return "unknown share" if text == _UNKNOWN else f"{plain_number(low)} to {plain_number(high)} %"

    def same(self, left: str, right: str) -> bool:
        """Whether the two intervals overlap."""
        a, b = percent_interval(left), percent_interval(right)
        return a.low <= b.high and b.low <= a.high


def percent_interval(text: str) -> Interval:
    """The interval of a canonical percent."""
    low, _, high = text.partition("..")
    return Interval(Decimal(low), Decimal(high or low))


@lru_cache(maxsize=65_536)
def _clean_percent(raw: str) -> str:
    text = clean_text(to_ascii_width(raw), percent_type.expected).lower() if len(raw) <= _MAX_LENGTH else ""
    plain = _PLAIN.fullmatch(text)
    found = Interval(Decimal(plain[1]), Decimal(plain[1])) if plain else _bounds(text)
    if found is None or not 0 <= found.low <= found.high <= 100 + _NOISE:
        raise BadValue(f"expected {percent_type.expected}")
    low, high = (plain_number(min(bound, Decimal(100))) for bound in found)
    return low if low == high else f"{low}..{high}"


def _bounds(text: str) -> Interval | None:
    """The lowest and highest share in a text; None if there is none, or nothing lies between them."""
    if text == "unknown":
        return percent_interval(_UNKNOWN)
    text = _in_signs(text) if any(map(str.isalpha, text)) else text.replace("≥", ">=").replace("≤", "<=")
    if fraction := _FRACTION.fullmatch(text):
        return _fraction(int(fraction[1]), int(fraction[2]))
    tokens = _tokens(_SPACES.sub(" ", text).strip())
    kinds = "".join(kind for kind, _ in tokens)
    if not _SHAPES.fullmatch(kinds):
        return None
    numbers = [Decimal(word.replace(",", ".")) for kind, word in tokens if kind == "n"]
    low = numbers[0] if len(numbers) == 2 or kinds in ("n", "np", "gn") else Decimal(0)
    high = numbers[-1] if kinds not in ("np", "gn") else Decimal(100)
    is_strict = any(word in ("<", ">") for _, word in tokens)
    return None if low >= high and is_strict else Interval(low, high)


def _in_signs(text: str) -> str:
    """A share in words with signs and digits in place of the words."""
    text = _LETTER_HYPHEN.sub(" ", text).removeprefix("a ")
    for phrase, sign in _PHRASES:
        text = phrase.sub(f" {sign} ", text)
    text = " ".join(text.split())
    return _NUMBER_WORD.sub(_digits, text) if "%" in text else _PARTS.get(text.removeprefix("one "), text)


def _digits(found: re.Match[str]) -> str:
    if found[0].endswith("hundred"):
        return "100"
    if found[1]:
        return str(_NUMBER_WORDS[found[1]] + _NUMBER_WORDS.get(found[2] or "zero", 0))
    return str(_NUMBER_WORDS.get(found[0], found[0]))


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = list[tuple[str, str]](), 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return []
        found.append((token.lastgroup or "", token[0]))
        at = token.end() + (text[token.end() : token.end() + 1] == " ")
    return found


def _fraction(part: int, whole: int) -> Interval | None:
    """A part of a whole; a third as the band of hundredths that it lies in."""
    if not 0 < part < whole:
        return None
    exact = Decimal(part * 100) / whole
    low = exact.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    return Interval(exact, exact) if (part * 10_000) % whole == 0 else Interval(low, low + Decimal("0.01"))


percent_type = PercentValue(
    "percent",
    "a percentage from 0 to 100: 51, 25..50, or 0..100 when unknown",
    "A share: exact, a band, or unknown. Bands are closed: “more than 25” becomes 25 to 100.",
    ("51 %", "33,33", "25%-50%", ">25", "75+", "more than 25%", "between 25 and 50 per cent", "unknown"),
)
