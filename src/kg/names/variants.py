"""Names that stand in one text: with a maiden name in brackets, an alias after an at sign, a form of address before."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.names.tables import read_table
from kg.names.words import name_words

_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]*)[)\]）】]")
_PARTS = re.compile(
    r"\s*(?:@|;|\ba\.?k\.?a\.?(?=\W|$)|\balias\b|\bwidely known as\b|\bformerly\b|曾用名|又名|别名)\s*[:：]?\s*", re.I
)
_BORN = re.compile(r"\b(?:née|nee|geb\.?|born)\s+(?=[A-Z])")
_ADDRESS = re.compile(r"^(?:mrs?|ms|miss|mme|madam|mdm|dr|prof|sir|lady)\b\.?\s*(?:(?P<husband>[^\W\d]+),\s*)?", re.I)
_MAY_BE_SEVERAL = re.compile(
    r"[@;(\[（【]|\ba\.?k\.?a|alias|known as|formerly|曾用名|又名|别名|n[ée]e\s|geb|born\s"
    r"|^\s*(?:mrs?|ms|miss|mme|madam|mdm|dr|prof|sir|lady)\b",
    re.I,
)
"""Whether a text may hold more than one name, or a form of address."""

_LEAST = 2
"""Words or characters of a name that stands in brackets; fewer are a remark."""


@lru_cache(maxsize=16_384)
def written_names(text: str) -> tuple[str, ...]:
    """The names in a text, the main one first; the text itself where it holds one name."""
    if not _MAY_BE_SEVERAL.search(text):
        return (" ".join(text.split()) or text,)
    found = []
    for part in _PARTS.split(text):
        inside = [inner.strip() for inner in _BRACKETS.findall(part)]
        bare = _BRACKETS.sub(" ", part)
        before, *born = _BORN.split(bare)
        found.append(_without_address(before))
        for inner in inside:
            name = _BORN.split(inner)[-1] if _BORN.search(inner) else inner
            if _is_name(name) and name == inner and not _ADDRESS.match(name):
                found.append(name)
        surnames = [*born, *(_BORN.split(inner)[-1] for inner in inside if _BORN.search(inner))]
        found += [f"{surname.strip()}, {_given(found[0])}" for surname in surnames if _given(found[0])]
    names = tuple(dict.fromkeys(name for name in (" ".join(n.split()) for n in found) if name))
    return names or (text,)


def is_no_name(text: str) -> bool:
    """Whether a text stands for a name that is not known, such as `N/A`."""
    return " ".join(name_words(text)) in _no_names()


@lru_cache(maxsize=1)
def _no_names() -> frozenset[str]:
    rows = (row["word"] for row in read_table("person_words.csv") if row["kind"] == "no name")
    return frozenset(" ".join(name_words(word)) for word in rows)


def _without_address(name: str) -> str:
    match = _ADDRESS.match(name.strip())
    return name.strip()[match.end() :] if match and match.end() < len(name.strip()) else name.strip()


def _is_name(text: str) -> bool:
    return len(text.split()) >= _LEAST or (not text.isascii() and len(text) >= _LEAST)


def _given(name: str) -> str:
    """The given name of a name in Latin letters whose surname is last: a maiden name takes that place."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and "," not in name else ""
