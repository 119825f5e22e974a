"""Passports, national numbers, tax numbers and registrations."""

from __future__ import annotations

from kg.analysis.matching.party import NUMBERS, Party, Register
from kg.analysis.matching.resident_number import read_resident_number
from kg.findings.matches import Evidence
from kg.ontology.values import identifier_key

SAME, REPAIRED, OTHER_NATIONAL = 20.0, 8.0, -6.0

_MIN_LENGTH = 5
"""Shorter numbers identify nobody."""


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """A number that both have, one digit apart, or two national numbers of one form that differ."""
    ours, theirs = number_keys(one), number_keys(other)
    for key, value in ours.items():
        if key in theirs:
            return Evidence("number", SAME, f"both have the number {value}", value, theirs[key])
    for key, value in ours.items():
        for other_key, other_value in theirs.items():
            if len(key) == len(other_key) >= 8 and sum(a != b for a, b in zip(key, other_key, strict=True)) == 1:
                return _one_digit(value, other_value)
    a, b = one.resident_numbers, other.resident_numbers
    if a and b:
        return Evidence("number", OTHER_NATIONAL, "two different resident numbers", a[0].number, b[0].number)
    return None


def _one_digit(value: str, other_value: str) -> Evidence:
    valid = bool(read_resident_number(value)), bool(read_resident_number(other_value))
    if all(valid):
        return Evidence("number", OTHER_NATIONAL, "two resident numbers, both valid, that differ", value, other_value)
    says = f"the numbers {value} and {other_value} differ in one digit"
    if any(valid):
        says += ", and one of them fails its check"
    return Evidence("number", REPAIRED, says, value, other_value)


def number_keys(party: Party) -> dict[str, str]:
    """Its numbers, by the form in which they are compared."""
    found = {identifier_key(v): v for name in NUMBERS for v in party.values.get(name, ())}
    return {key: value for key, value in found.items() if len(key) >= _MIN_LENGTH}
