"""Codes of jurisdictions, and the names that mean one."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width
from kg.ontology.words import closest, jurisdiction_words
from kg.resources import data_dir

_CODE = re.compile(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{1,3})?")

_SHORTEST_NAME = 4
_INITIALS = re.compile(r"(?:[A-Za-z]\.\s?)+[A-Za-z]?")
_PUNCTUATION = re.compile(r"[.'`´’\"]")
_BETWEEN_WORDS = re.compile(r"[\s,;:()/\[\]_-]+")

_OTHER_CODES = {"UK": "GB", "EL": "GR", "BU": "MM", "TP": "TL", "ZR": "CD"}
"""Codes of the European Union, and former codes of states that only changed their name."""

AMBIGUOUS = {
    "congo": "CD or CG",
    "dominican": "DM or DO",
    "georgia": "GE or US-GA",
    "guinean": "GN, GQ or GW",
    "korea": "KP or KR",
    "na": "Namibia or nothing",
    "virgin islands": "VG or VI",
    "virgin islander": "VG or VI",
    "virgin islanders": "VG or VI",
}
"""Words that two or more jurisdictions go by, though one of them has another official name; and their codes."""


class JurisdictionValue(ValueType):
    """A jurisdiction."""

    def clean(self, raw: str) -> str:
        """The code in upper case, with a hyphen before the part. Whether such a jurisdiction exists is not checked."""
        text = clean_text(to_ascii_width(raw), self.expected)
        if not _CODE.fullmatch(text):
            code = (code_of_alpha3(text) if text.isascii() else "") or code_of_name(text)
            if not code:
                raise BadValue(f"expected {self.expected}{name_hint(text)}")
            return code
        code = text.upper().replace("_", "-")
        return _OTHER_CODES.get(code, code)


def code_of_name(name: str) -> str:
    """The code of the only jurisdiction with this name, in any language; empty where none or several have it."""
    folded = fold_name(name)
    return codes_by_name().get(folded, "") or ("" if folded in AMBIGUOUS else _code_of_other_name(name))


@lru_cache(maxsize=4_096)
def name_hint(name: str) -> str:
    """What a name that means no jurisdiction may mean, to end a message with; empty if nothing is like it."""
    folded = fold_name(name)
    if several := AMBIGUOUS.get(folded, ""):
        return f"; {name} may mean {several}"
    if citizens := codes_by_demonym().get(folded, ()):
        names = " or ".join(f"{names_by_code().get(code, code)} ({code})" for code in citizens)
        return f"; {name} is a word for citizens: did you mean {names}?"
    known = codes_by_name()
    meant = closest(folded, known) if len(folded) > 3 else ""
    return f"; did you mean {meant.title() if meant.isascii() else meant} ({known[meant]})?" if meant else ""


@lru_cache(maxsize=1)
def jurisdiction_choices() -> tuple[str, ...]:
    """What a drop-down list offers: the English name of each jurisdiction, or its code where the name means several."""
    rows = reference_rows("jurisdictions.csv")
    return tuple(row["name"] if code_of_name(row["name"]) == row["alpha2"] else row["alpha2"] for row in rows)


def code_of_alpha3(text: str) -> str:
    """The code of two letters for a code of three letters of ISO 3166-1; empty where it is none."""
    code = text.strip().upper()
    return _codes_by_code().get(code, "") if len(code) == 3 else ""


def code_of_country(text: str) -> str:
    """The code that a code of two or three letters of ISO 3166-1, or a name, means; empty where there is none."""
    code = text.strip().upper()
    return _codes_by_code().get(_OTHER_CODES.get(code, code), "") or code_of_name(text)


def is_known_code(code: str) -> bool:
    """Whether the reference facts describe the state of a canonical code: true for US-DE, false for ZZ and SU."""
    return state_code(code) in _codes_by_code()


def state_code(code: str) -> str:
    """The code of the state that a jurisdiction is, or is a part of, as ISO 3166-2 has it: US for US-DE.

    The reference facts describe no parts, so a link to one would never find its end. Callers that link to the state
    instead keep the code of the part as the source's own value.
    """
    return code.partition("-")[0]


def fold_name(name: str) -> str:
    """A name as names are compared: without case, diacritics, article and extra white space, "and" for an ampersand."""
    text = " ".join(name.casefold().replace("&", "and").replace("’", "'").split())
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return text.removeprefix("the ").removesuffix(" (the)")


def plain_name(name: str) -> str:
    """A name as names are compared that differ only in how they are written: the words of `fold_name` without
    punctuation, with Saint for St and without what a region adds to its name."""
    text = _PUNCTUATION.sub("", fold_name(name))
    words = ["saint" if word == "st" else word for word in _BETWEEN_WORDS.sub(" ", text).split()]
    return " ".join(words).removesuffix(" sar")


def unique_names(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Each folded name that exactly one jurisdiction has to its code."""
    codes: dict[str, set[str]] = {}
    for name, code in pairs:
        codes.setdefault(fold_name(name), set()).add(code)
    return {name: min(of) for name, of in codes.items() if name and name not in AMBIGUOUS and len(of) == 1}


def reference_rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of the reference facts."""
    with (data_dir("graph") / "reference" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _codes_by_code() -> Mapping[str, str]:
    """Codes of two and of three letters of ISO 3166-1 to codes of two letters."""
    rows = reference_rows("jurisdictions.csv")
    return {row[column]: row["alpha2"] for column in ("alpha3", "alpha2") for row in rows}


@lru_cache(maxsize=1)
def codes_by_name() -> Mapping[str, str]:
    """Every name that exactly one jurisdiction of the reference facts has."""
    rows, columns = reference_rows("jurisdictions.csv"), ("name", "iso_name", "name_zh")
    return unique_names([*jurisdiction_words(), *((row[c], row["alpha2"]) for row in rows for c in columns)])


@lru_cache(maxsize=1)
def codes_by_demonym() -> Mapping[str, tuple[str, ...]]:
    """Every word for the citizens of jurisdictions, in the form of `fold_name`, to their codes, sorted."""
    pairs = [(fold_name(row["word"]), row["jurisdiction"]) for row in reference_rows("demonyms.csv")]
    for row in reference_rows("citizens.csv"):
        word = fold_name(row["citizen"])
        noun = fold_name(word.removesuffix(" citizen").removeprefix("citizen of "))
        pairs += [(word, row["code"]), (noun, row["code"])]
    codes: dict[str, set[str]] = {}
    for word, code in pairs:
        codes.setdefault(word, set()).add(code)
    return {word: tuple(sorted(of)) for word, of in codes.items() if word and word not in AMBIGUOUS}


@lru_cache(maxsize=1)
def names_by_code() -> Mapping[str, str]:
    """The English name of each jurisdiction of the reference facts, by its code."""
    return {row["alpha2"]: row["name"] for row in reference_rows("jurisdictions.csv")}


@lru_cache(maxsize=4_096)
def _code_of_other_name(name: str) -> str:
    """The code of a jurisdiction that has a name in another language, in another order or in other words."""
    plain = plain_name(name)
    if plain.isascii() and len(plain) < _SHORTEST_NAME and not _INITIALS.fullmatch(name.strip()):
        return ""  # a code with something around it
    head, comma, tail = name.partition(",")
    turned = plain_name(f"{tail} {head}") if comma and tail.strip() else ""
    known = _codes_by_other_name()
    return known.get(plain, "") or known.get(turned, "")


@lru_cache(maxsize=1)
def _codes_by_other_name() -> Mapping[str, str]:
    """Every other name, as `plain_name` has it, and the names of the reference facts in that form."""
    others = {row["name"]: row["jurisdiction"] for row in reference_rows("country_names.csv")}
    plain: dict[str, set[str]] = {}
    for name, code in codes_by_name().items():
        plain.setdefault(plain_name(name), set()).add(code)
    return {**others, **{name: min(codes) for name, codes in plain.items() if len(codes) == 1}}


jurisdiction_type = JurisdictionValue(
    "jurisdiction",
    "a code of ISO 3166, such as CN or US-DE, or a name",
    "A jurisdiction: its code of ISO 3166-1, or of ISO 3166-2 for a part of a state, or its English or Chinese name.",
    ("CN", "us-de", "gb_sct", "PAN", "Panama"),
)
