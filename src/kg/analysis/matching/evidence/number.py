"""Passports, national numbers, tax numbers and registrations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from kg.analysis.matching.party import NUMBERS, Party, Register
from kg.analysis.matching.resident_number import read_resident_number
from kg.findings.matches import Evidence
from kg.ontology.values import identifier_key

SAME, REPAIRED, BY_CHANCE, OTHER_NATIONAL, OTHER_REGISTERED = 20.0, 8.0, 8.0, -6.0, -6.0
"""`BY_CHANCE` is for a number that two may have by chance: a short one, or one of another kind."""

_MIN_LENGTH = 5
"""Shorter numbers identify nobody."""
_LONG, _LONGEST = 8, 11
"""Characters from which a number is rare among those of its kind, and among all."""
_ANY_KIND = "id_number"
_NEAR = 2
"""How far the passports of a family are apart, which are given in order."""
_PASSPORT = "passport_number"
_IN_ORDER = frozenset({"registration_number", "lei"})
"""Given one after the other, or with a check of their own: one digit off is the next company."""


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """A number that both have, one digit apart, or two national numbers of one form that differ."""
    ours, theirs = number_keys(one), number_keys(other)
    if common := sorted(ours.keys() & theirs.keys()):
        return max((_same(key, one, other) for key in common), key=lambda found: found.bits)
    near = [
        _one_digit(ours[key], theirs[other_key])
        for key in sorted(ours)
        for other_key in sorted(theirs)
        if len(key) == len(other_key) >= _LONG
        and OSA.distance(key, other_key) == 1
        and not (_is_next(key, other_key) and _PASSPORT in _kinds(one, key) & _kinds(other, other_key))
        and _are_of_one_kind(_kinds(one, key) - _IN_ORDER, _kinds(other, other_key) - _IN_ORDER)
    ]
    if near:
        return max(near, key=lambda found: found.bits)
    a, b = one.resident_numbers, other.resident_numbers
    if a and b:
        return Evidence("number", OTHER_NATIONAL, "two different resident numbers", a[0].number, b[0].number)
    return _other(one, other) if ours and theirs else None


def _other(one: Party, other: Party) -> Evidence | None:
    """Two numbers of one kind that differ: they say nothing, as papers are renewed, but they were compared."""
    for kind in NUMBERS:
        if (ours := one.values.get(kind)) and (theirs := other.values.get(kind)):
            if one.is_company and other.is_company:
                return _other_of_companies(one, other, kind, ours[0], theirs[0])
            says = f"the numbers {ours[0]} and {theirs[0]} differ; people have several, and papers are renewed"
            if kind == _PASSPORT and (pair := next(_given_in_order(ours, theirs), None)):
                says = f"the passports {pair[0]} and {pair[1]} were given one after the other, as in a family"
            return Evidence("number", 0.0, says, ours[0], theirs[0])
    return None


def _other_of_companies(one: Party, other: Party, kind: str, ours: str, theirs: str) -> Evidence:
    """Two numbers of companies: a register gives each company one, so two of one country speak against."""
    called = "LEIs" if kind == "lei" else kind.replace("_", " ") + "s"
    one_country = one.countries & other.countries
    if kind == "lei" or (kind == "registration_number" and one_country):
        of = "" if kind == "lei" else f" of {min(one_country)}"
        return Evidence("number", OTHER_REGISTERED, f"two different {called}{of}, {ours} and {theirs}", ours, theirs)
    says = f"the {called} {ours} and {theirs} differ; no register is known that gave both"
    return Evidence("number", 0.0, says, ours, theirs)


def _same(key: str, one: Party, other: Party) -> Evidence:
    ours, theirs = _kinds(one, key), _kinds(other, key)
    value, other_value = number_keys(one)[key], number_keys(other)[key]
    says = f"both have the number {value}"
    length = max(len(identifier_key(value)), len(identifier_key(other_value)))
    if length >= _LONGEST or (length >= _LONG and _are_of_one_kind(ours, theirs)):
        return Evidence("number", SAME, says, value, other_value)
    called = [min(kinds).replace("_", " ") for kinds in (ours, theirs)]
    why = "which is short" if _are_of_one_kind(ours, theirs) else f"one as {called[0]}, one as {called[1]}"
    return Evidence("number", BY_CHANCE, f"{says}, {why}", value, other_value)


def _are_of_one_kind(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs and (ours & theirs or _ANY_KIND in ours | theirs))


def same_passports(one: Party, other: Party) -> list[str]:
    """The numbers that both have, where all of them are passports and no more."""
    common = sorted(number_keys(one).keys() & number_keys(other).keys())
    are_passports = all(_kinds(party, key) == {_PASSPORT} for key in common for party in (one, other))
    return common if are_passports else []


def _is_next(key: str, other_key: str) -> bool:
    """Whether two numbers are given within two of each other, as the passports of a family are."""
    ours, theirs = _IN_SERIES.fullmatch(key), _IN_SERIES.fullmatch(other_key)
    if not ours or not theirs or len(key) != len(other_key) or ours["series"] != theirs["series"]:
        return False
    return 0 < abs(int(ours["number"]) - int(theirs["number"])) <= _NEAR


def _given_in_order(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((a, b) for a in ours for b in theirs if _is_next(identifier_key(a), identifier_key(b)))


_IN_SERIES = re.compile(r"(?P<series>.*?)(?P<number>[0-9]+)")


def _one_digit(value: str, other_value: str) -> Evidence:
    valid = bool(read_resident_number(value)), bool(read_resident_number(other_value))
    if all(valid):
        return Evidence("number", OTHER_NATIONAL, "two resident numbers, both valid, that differ", value, other_value)
    says = f"the numbers {value} and {other_value} differ in one character, or two that changed places"
    if any(valid):
        says += f", and {other_value if valid[0] else value} fails its check"
    return Evidence("number", REPAIRED, says, value, other_value)


def number_keys(party: Party) -> dict[str, str]:
    """Its numbers, by the form in which they are compared."""
    found = {_key(party, v): v for name in NUMBERS if name in party.values for v in party.values[name]}
    return {key: value for key, value in found.items() if len(key) >= _MIN_LENGTH}


def with_other_zeros(value: str) -> Iterator[str]:
    """The ways to write a number of digits with more or fewer zeros before it, in which registers differ."""
    key = identifier_key(value)
    bare = key.lstrip("0")
    if key.isdigit() and _MIN_LENGTH <= len(bare) <= _LONGEST:
        yield from (form for zeros in range(_MOST_ZEROS + 1) if (form := "0" * zeros + bare) != key)


def _kinds(party: Party, key: str) -> frozenset[str]:
    """The properties that have a number."""
    return frozenset(name for name in NUMBERS if any(_key(party, v) == key for v in party.values.get(name, ())))


def _key(party: Party, value: str) -> str:
    """A number without signs and zeros before it; a resident number of 15 digits as the one of 18 that replaced it."""
    key = identifier_key(value)
    if key.isdigit():
        key = key.lstrip("0")
    resident = read_resident_number(key) if len(key) == _OLD_FORM and not party.is_company else None
    return resident.in_full if resident else key


_OLD_FORM, _MOST_ZEROS = 15, 3
