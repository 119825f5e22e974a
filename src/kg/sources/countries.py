"""Which jurisdiction does a code or a name mean?"""

from __future__ import annotations

import csv
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
"""Words for citizens that the list has none for, and that mean one jurisdiction all the same."""

_AMBIGUOUS = {"congo", "dominican", "georgia", "guinean"}
"""Words that go for two jurisdictions, though one of them is officially called something else."""


def jurisdiction_code(code: str, name: str = "") -> str:
    """The canonical code; where there is none, that of the jurisdiction called exactly so; else empty."""
    try:
        return VALUE_TYPES["jurisdiction"].clean(code)
    except BadValue:
        return _codes_by_name().get(_fold_name(name), "")


def state_code(code: str) -> str:
    """The code of the state that a jurisdiction is, or is a part of, as ISO 3166-2 has it: US for US-DE.

    The reference facts describe no parts, so a link to one would wait for good. Whoever links to the state in its place
    keeps the code of the part as the source's own value.
    """
    return code.partition("-")[0]


def citizenship_code(word: str) -> str:
    """The code of the jurisdiction whose citizens are called so, or that is called so; else empty."""
    return _codes_by_demonym().get(_fold_name(word), "") or _codes_by_name().get(_fold_name(word), "")


@lru_cache(maxsize=1)
def _codes_by_demonym() -> dict[str, str]:
    """Every word for the citizens of one jurisdiction only, to its code."""
    found: dict[str, set[str]] = {word: {code} for word, code in _MORE_DEMONYMS.items()}
    with (data_dir("graph") / "reference" / "citizens.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            word = _fold_name(row["citizen"])
            for form in (word, word.removesuffix(" citizen").removeprefix("citizen of ").removeprefix("the ")):
                found.setdefault(form, set()).add(row["code"])
    return {word: codes.pop() for word, codes in found.items() if word not in _AMBIGUOUS and len(codes) == 1}


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    """Every name in the reference facts that only one jurisdiction has, to its code."""
    found: dict[str, set[str]] = {name: {code} for name, code in _MORE_NAMES.items()}
    with (data_dir("graph") / "reference" / "jurisdictions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column in ("name", "iso_name", "name_zh"):
                found.setdefault(_fold_name(row[column]), set()).add(row["alpha2"])
    return {name: codes.pop() for name, codes in found.items() if name not in {"", *_AMBIGUOUS} and len(codes) == 1}


def _fold_name(name: str) -> str:
    text = " ".join(name.casefold().replace("&", "and").split())
    return text.removeprefix("the ").removesuffix(" (the)")
