"""Which of several names stands for a node?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

RELIABILITY_ORDER = ("A", "B", "C", "F", "D", "E")
"""F, or no grade, means unknown: better than a source that is known not to be reliable."""

CREDIBILITY_ORDER = ("1", "2", "3", "6", "4", "5")
"""The same of 6."""


_EAST_ASIAN = re.compile("[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


class NameStatement(NamedTuple):
    """One record's statement of a name: from where it is, and its grades as positions in the orders above."""

    origin: tuple[str, str]
    grade: tuple[int, int]

    @classmethod
    def of(cls, source: str, provenance: Mapping[str, Any]) -> NameStatement:
        """Statements of one origin, or of one source without an origin, count once."""
        origin = provenance.get("origin", "")
        reliability = RELIABILITY_ORDER.index(provenance.get("reliability") or "F")
        credibility = CREDIBILITY_ORDER.index(provenance.get("credibility") or "6")
        return cls(("origin", origin) if origin else ("source", source), (reliability, credibility))


def choose_name(stated: Mapping[str, Sequence[tuple[str, Mapping[str, Any]]]], *, in_full: bool) -> str:
    """The name that the best graded source states; among equals, that of most origins; then the most complete one.

    `stated`: source and provenance of each statement, by name; `in_full`: as of `preferred_name`.
    """

    def order(name: str) -> tuple[object, ...]:
        statements = [NameStatement.of(*said) for said in stated[name]]
        best, origins = min(said.grade for said in statements), {said.origin for said in statements}
        return best, -len(origins), *_name_order(name, in_full=in_full)

    return min(stated, key=order)


def names_by(caption: str, properties: Mapping[str, Sequence[str]], *, in_full: bool) -> Sequence[str]:
    """What the canonical values of one record call a node by a property; or by several, separated with spaces, which
    are put together where it has the last.

    Chinese, Japanese and Korean names begin with the family name, without a space.
    """
    parts = caption.split(" ")
    if len(parts) == 1 or parts[-1] not in properties:
        return properties.get(caption, ())
    found = [preferred_name(texts, in_full=in_full) for part in parts if (texts := properties.get(part))]
    if len(found) > 1 and all(_EAST_ASIAN.fullmatch(text) for text in found):
        return ["".join((found[-1], *found[:-1]))]
    return [" ".join(found)]


def preferred_name(names: Iterable[str], *, in_full: bool) -> str:
    """The first name; `in_full`, that with most whole words, then letters, then that which is not in capitals alone."""
    return min(names, key=lambda name: _name_order(name, in_full=in_full))


def _name_order(name: str, *, in_full: bool) -> tuple[object, ...]:
    """Initials and words that are cut short by a full stop are no whole words."""
    if not in_full:
        return (name,)
    words = name.replace(".", ". ").split()
    whole = [word for word in words if len(word.strip(".,-'’")) > 1 and not word.endswith(".")]
    return -len(whole), -len(name), name.isupper(), name
