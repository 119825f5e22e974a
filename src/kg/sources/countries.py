"""Which jurisdiction does a code, a name or a word for its citizens mean?"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.resources import data_dir

_MORE_NAMES = {
    "england": "GB",
    "england and wales": "GB",
    "wales": "GB",
    "scotland": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "united kingdom of great britain and northern ireland": "GB",
    "uk": "GB",
    "republic of ireland": "IE",
    "united states of america": "US",
    "usa": "US",
}
"""Names that registers write and ISO 3166 does not have. A part without a code of its own means its state."""

_MORE_DEMONYMS = {"american": "US", "english": "GB", "scottish": "GB", "welsh": "GB"}
"""Words for citizens that the reference list lacks and that mean one jurisdiction."""

UNKNOWN_PLACE = "expected a country or territory that ISO 3166 or the reference facts name"
UNKNOWN_CITIZENSHIP = "expected a word for the citizens of one country, or its name"

AMBIGUOUS = {"congo": "CD or CG", "dominican": "DM or DO", "georgia": "GE or US-GA", "guinean": "GN, GQ or GW"}
"""Words that two or more jurisdictions go by, though one of them has another official name; and their codes."""


def jurisdiction_code(code: str, name: str = "") -> str:
    """The canonical form of a code; where it is no code, that of the jurisdiction with this name; else empty."""
    try:
        return VALUE_TYPES["jurisdiction"].clean(code)
    except BadValue:
        return code_of_name(name)


def code_of_name(name: str) -> str:
    """The code of the only jurisdiction with this name, in English or Chinese; empty where none or several have it."""
    return _codes_by_name().get(fold_name(name), "")


def code_of_alpha3(text: str) -> str:
    """The code of two letters for a code of three letters of ISO 3166-1; empty where it is none."""
    code = text.strip().upper()
    return _codes_by_code().get(code, "") if len(code) == 3 else ""


def code_of_country(text: str) -> str:
    """The code that a code of two or three letters of ISO 3166-1, or a name, means; empty where there is none."""
    return _codes_by_code().get(text.strip().upper(), "") or code_of_name(text)


def state_code(code: str) -> str:
    """The code of the state that a jurisdiction is, or is a part of, as ISO 3166-2 has it: US for US-DE.

    The reference facts describe no parts, so a link to one would never find its end. Callers that link to the state
    instead keep the code of the part as the source's own value.
    """
    return code.partition("-")[0]


def citizenship_code(word: str) -> str:
    """The code of the jurisdiction that a word for its citizens, or its name, means; else empty."""
    return _codes_by_demonym().get(fold_name(word), "") or code_of_name(word)


@lru_cache(maxsize=1)
def _codes_by_code() -> Mapping[str, str]:
    """Codes of two and of three letters of ISO 3166-1 to codes of two letters."""
    rows = _reference_rows("jurisdictions.csv")
    return {row[column]: row["alpha2"] for column in ("alpha3", "alpha2") for row in rows}


@lru_cache(maxsize=1)
def _codes_by_demonym() -> Mapping[str, str]:
    """Every word for the citizens of exactly one jurisdiction."""
    pairs = list(_MORE_DEMONYMS.items())
    for row in _reference_rows("citizens.csv"):
        word = fold_name(row["citizen"])
        noun = word.removesuffix(" citizen").removeprefix("citizen of ").removeprefix("the ")
        pairs += [(word, row["code"]), (noun, row["code"])]
    return _unique(pairs)


@lru_cache(maxsize=1)
def _codes_by_name() -> Mapping[str, str]:
    """Every name that exactly one jurisdiction of the reference facts has."""
    rows, columns = _reference_rows("jurisdictions.csv"), ("name", "iso_name", "name_zh")
    return _unique([*_MORE_NAMES.items(), *((fold_name(row[c]), row["alpha2"]) for row in rows for c in columns)])


def _unique(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    codes: dict[str, set[str]] = {}
    for name, code in pairs:
        codes.setdefault(name, set()).add(code)
    return {name: min(of) for name, of in codes.items() if name and name not in AMBIGUOUS and len(of) == 1}


def _reference_rows(name: str) -> list[dict[str, str]]:
    with (data_dir("graph") / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fold_name(name: str) -> str:
    """A name as names are compared: without case, article and extra white space, and with "and" for an ampersand."""
    text = " ".join(name.casefold().replace("&", "and").split())
    return text.removeprefix("the ").removesuffix(" (the)")
