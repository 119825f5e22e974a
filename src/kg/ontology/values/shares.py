"""Shares in per cent: exact, a band, or in words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple
from unicodedata import decomposition, normalize

from kg.ontology.values.numbers import plain_number
from kg.ontology.values.share_words import in_signs
from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

_MAX_LENGTH = 80
"""Longest share, in characters."""

_UNKNOWN = "0..100"
_NOISE = Decimal("0.000001")
"""How far a sum of binary fractions may lie above 100 and mean 100."""

_PLAIN = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?) ?%?")
_TOKEN = re.compile(
    r"(?P<n>(?:[0-9]{1,2} )?[0-9]{1,5} ?/ ?[0-9]{1,6}(?![0-9])"
    r"|[0-9]{1,3}(?:\.[0-9]+|,[0-9]{1,2}(?![0-9])|,[0-9]{4,})?(?:e[+-]?[0-9]{1,2})?|\.[0-9]+)"
    r"|(?P<g>>=?)|(?P<l><=?)|(?P<p>\+)|(?P<m>\|)|(?P<t>→)|(?P<j>\.\.|[-–—~]|to\b)|(?P<a>and\b|but\b|,|;)"
    r"|(?P<b>between\b)"
)
_SHAPES = re.compile(r"n|n[pm]|gn|ln|tl?n|b?g?n[jt]l?n|bnan|gn[ajt]{0,2}ln")
"""A share in the names of its tokens: a number, `25+`, `>25`, `<25`, `25-50`, `between 25 and 50`, or `>25, <50`."""

_FRACTION = re.compile(r"(?:([0-9]{1,2}) )?([0-9]{1,5}) ?/ ?([0-9]{1,6})")
_COMMON_WHOLES = frozenset((1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 100, 1000, 10_000))
_SPACES = re.compile(r"[ %]+")


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


@lru_cache(maxsize=4_096)
def bare_numbers(raw: str) -> tuple[Decimal, ...]:
    """The numbers of a share without a sign or word for per cent, such as `0.5`, `>0.5` or `0.25-0.5`.

    They may be parts of one. Empty for `50 %`, for `1/2` and for what is no share.
    """
    text = to_ascii_width(raw).strip().lower() if len(raw) <= _MAX_LENGTH else ""
    tokens = _share_tokens(text)
    words = [word for kind, word in tokens if kind == "n"]
    if not tokens or any("/" in word for word in words) or _is_percent(text):
        return ()
    return tuple(Decimal(word.replace(",", ".")) for word in words)


def is_bare_fraction(raw: str) -> bool:
    """Whether a share may be meant as a part of one: all of its bare numbers are at most 1, and one lies below."""
    numbers = bare_numbers(raw)
    return bool(numbers) and max(numbers) <= 1 and any(0 < number < 1 for number in numbers)


ShareForm = Literal["", "fraction", "decimal", "number", "percent"]


@lru_cache(maxsize=4_096)
def share_form(raw: str) -> ShareForm:
    """How a share is written: as `1/2`, `0.5`, `51` or `51 %`; empty where it tells nothing of others, as `unknown`."""
    text = to_ascii_width(raw).strip().lower() if len(raw) <= _MAX_LENGTH else ""
    if is_bare_fraction(raw):
        return "decimal"
    if numbers := bare_numbers(raw):
        return "number" if max(numbers) > 1 and any(map(str.isdigit, text)) else ""  # `unknown` has 0 and 100
    tokens = _share_tokens(text)
    words = [word for kind, word in tokens if kind == "n"]
    if words and _is_percent(text):
        return "percent" if any(map(str.isnumeric, text)) else ""  # `wholly` is no sign
    parts = [_FRACTION.fullmatch(word) for word in words]
    if any(part and part[1] for part in parts):  # `33 1/3`
        return "number"
    is_word = not any(map(str.isnumeric, text)) and any(kind in "gl" for kind, _ in tokens)  # `majority`
    return "fraction" if parts and not is_word else ""


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _is_percent(text: str) -> bool:
    return "%" in (in_signs(text) if _has_letters(text) else text)


def _share_tokens(text: str) -> list[tuple[str, str]]:
    """The tokens of a share in lower case; none where it is no share."""
    text = _plain_fractions(text).replace("≥", ">=").replace("≤", "<=")
    if _has_letters(text):
        text = in_signs(text)
    tokens = _tokens(_SPACES.sub(" ", text).strip())
    return tokens if _SHAPES.fullmatch("".join(kind for kind, _ in tokens)) else []


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
    tokens = _share_tokens(text)
    if not tokens:
        return None
    kinds = "".join(kind for kind, _ in tokens)
    spans = [_span(word, is_percent=_is_percent(text)) for kind, word in tokens if kind == "n"]
    if None in spans:
        return None
    numbers = [span for span in spans if span]
    low = numbers[0].low if len(numbers) == 2 or kinds in ("n", "np", "gn") else Decimal(0)
    high = numbers[-1].high if kinds not in ("np", "gn") else Decimal(100)
    is_strict = any(word in ("<", ">") for _, word in tokens)
    return None if low >= high and is_strict else Interval(low, high)


def _plain_fractions(text: str) -> str:
    """`33⅓` as `33 1/3`."""
    if text.isascii():
        return text
    signs = (f" {normalize('NFKC', c)}" if decomposition(c).startswith("<fraction>") else c for c in text)
    return "".join(signs).replace("⁄", "/").strip()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = list[tuple[str, str]](), 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return []
        found.append((token.lastgroup or "", token[0]))
        at = token.end() + (text[token.end() : token.end() + 1] == " ")
    return found


def _span(word: str, *, is_percent: bool) -> Interval | None:
    """What a number means: percentage points, a part of the whole, or points and a part of one."""
    fraction = _FRACTION.fullmatch(word)
    if fraction is None:
        exact = Decimal(word.replace(",", "."))
        return Interval(exact, exact)
    points, part, whole = int(fraction[1] or 0), int(fraction[2]), int(fraction[3])
    if fraction[1]:
        return _part_of(Decimal(1), part, whole, Decimal(points)) if 0 < part < whole <= 100 else None
    is_band = whole <= 100 and whole not in _COMMON_WHOLES and part % 5 == 0  # 25/50 is no part, and 50/50 are two
    is_whole = part == whole and whole in (1, 100, 1000, 10_000)
    if is_percent or is_band or _is_split(part, whole) or not (0 < part < whole or is_whole):
        return None
    return _part_of(Decimal(100), part, whole)


def _is_split(part: int, whole: int) -> bool:
    """Whether two numbers are the shares of two, as `49/51` and `33/66`: together they are all, and no part of it."""
    return (part + whole in (99, 100, 101) and whole not in (50, 100)) or part + whole in (1000, 10_000)


def _part_of(points: Decimal, part: int, whole: int, more: Decimal = Decimal(0)) -> Interval:
    """A part of a whole in percentage points; a third as the band of hundredths that it lies in."""
    exact = points * part / whole + more
    low = exact.quantize(Decimal("0.01"), rounding="ROUND_FLOOR")
    is_exact = (points * part * 100) % whole == 0
    return Interval(exact, exact) if is_exact else Interval(low, low + Decimal("0.01"))


percent_type = PercentValue(
    "percent",
    "a percentage from 0 to 100: 51, 25..50, or 0..100 when unknown",
    "A share: exact, a band, or unknown. Bands are closed: “more than 25” becomes 25 to 100.",
    ("51 %", "33,33", "25%-50%", ">25", "75+", "more than 25%", "two thirds", "wholly", "33⅓ %", "unknown"),
)
