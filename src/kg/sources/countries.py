"""Which jurisdiction does a code, a name or a word for its citizens mean?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.ontology.values.jurisdictions import (
    AMBIGUOUS,
    code_of_alpha3,
    code_of_country,
    code_of_name,
    codes_by_demonym,
    fold_name,
    is_known_code,
    name_hint,
    state_code,
)
from kg.ontology.words import closest

_LISTED = re.compile(r"\s*[,;/|+\\()]\s*|\s+-\s+")
_CONJUNCTION = re.compile(r"\s+(?:and|or)\s+|\s*&\s*", re.IGNORECASE)
_JOINED = re.compile(r"\s*-\s*|\s+")
_NOT_THE_WORD = re.compile(r"\b(?:citizens?|nationals?|nationality|citizenship|subject|dual|passport|holder)\b(?: of)?")


UNKNOWN_PLACE = "expected a country or territory that ISO 3166 or the reference facts name"


class Citizenships(NamedTuple):
    """The jurisdictions that a source's words for citizens mean."""

    codes: tuple[str, ...]
    unknown: tuple[str, ...]
    """Words that mean none, or several."""


def jurisdiction_code(code: str, name: str = "") -> str:
    """The canonical form of a code; where it is none that the reference facts have, that of the jurisdiction with this
    name; else empty. Parts such as US-DE are judged by their state."""
    try:
        found = VALUE_TYPES["jurisdiction"].clean(code)
    except BadValue:
        return code_of_name(name)
    return found if is_known_code(found) else code_of_name(name)


def citizenship_code(word: str) -> str:
    """The code of the jurisdiction that a word for its citizens, its name or its code means; else empty."""
    folded = fold_name(word)
    bare = _bare(word)
    known = codes_by_demonym()
    code = _only(known, folded) or _only(known, bare) or code_of_name(word) or code_of_name(bare)
    return code or (code_of_typed_country(word) if word.isupper() else "")


def code_of_typed_country(text: str) -> str:
    """What `code_of_country` says of what people typed, who mean nothing by `NA` more often than Namibia."""
    return "" if fold_name(text) in AMBIGUOUS else code_of_country(text)


@lru_cache(maxsize=4_096)
def citizenships(text: str) -> Citizenships:
    """The jurisdictions of one word or of several, as in `British, Polish` and `English and Nigerian`."""
    codes, unknown = set[str](), list[str]()
    for listed in [text] if citizenship_code(text) else _LISTED.split(text):
        words = _CONJUNCTION.split(listed.strip())
        while words and words[0]:
            joined = (" and ".join(words[:n]) for n in range(len(words), 1, -1))
            name = next((name for name in joined if citizenship_code(name)), words[0])
            several = [citizenship_code(name)] if citizenship_code(name) else _every_code(name)
            codes.update(several)
            if not several and _bare(name):
                unknown.append(name)
            words = words[name.count(" and ") + 1 :]
    return Citizenships(tuple(sorted(codes)), tuple(unknown))


def citizenship_problem(word: str) -> str:
    """What is wrong with a word that means no jurisdiction, or several."""
    folded = fold_name(word)
    several = AMBIGUOUS.get(folded, "") or " or ".join(codes_by_demonym().get(folded, ()))
    detail = f"; {word} may mean {several}" if several else _citizen_hint(folded) or name_hint(word)
    return f"expected a word for the citizens of one jurisdiction, its name or its code{detail}"


@lru_cache(maxsize=4_096)
def _citizen_hint(word: str) -> str:
    known = codes_by_demonym()
    meant = closest(word, [one for one, codes in known.items() if len(codes) == 1]) if len(word) > 3 else ""
    return f"; did you mean {meant.title()} ({known[meant][0]})?" if meant else ""


def _only(known: Mapping[str, tuple[str, ...]], word: str) -> str:
    """The only code of a word; empty where there is none, or several."""
    codes = known.get(word, ())
    return codes[0] if len(codes) == 1 else ""


def _bare(word: str) -> str:
    """A word for citizens without what does not say of which jurisdiction, such as `dual` and `citizen of`."""
    return " ".join(_NOT_THE_WORD.sub(" ", fold_name(word)).split()).removeprefix("the ")


def _every_code(word: str) -> list[str]:
    """The codes of all parts of a text such as `British-Polish`; none where one of them has no meaning."""
    parts = [citizenship_code(part) for part in _JOINED.split(_bare(word)) if part]
    return parts if len(parts) > 1 and all(parts) else []


__all__ = [
    "AMBIGUOUS",
    "Citizenships",
    "citizenship_code",
    "citizenship_problem",
    "citizenships",
    "code_of_alpha3",
    "code_of_country",
    "code_of_name",
    "code_of_typed_country",
    "fold_name",
    "is_known_code",
    "jurisdiction_code",
    "name_hint",
    "state_code",
]
