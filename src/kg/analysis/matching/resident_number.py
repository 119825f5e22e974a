"""The Chinese resident identity number: 18 digits with a check character, and the older form of 15."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kg.ontology.values import stated_sexes

_FORM = re.compile(r"\d{17}[\dX]|\d{15}")
_WEIGHTS = tuple(2**i % 11 for i in range(17, 0, -1))
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A number whose date exists and whose check character, if it has one, is right.

    By GB 11643-1999: six digits of a region, the birth date, three of a sequence of which the last is odd for men, and
    a check character by ISO 7064 MOD 11-2.
    """

    number: str
    birth_date: str
    sex: str
    """`male` or `female`."""

    @property
    def is_checked(self) -> bool:
        """Whether it has a check character: the older form has none."""
        return len(self.number) == len(_WEIGHTS) + 1

    @property
    def in_full(self) -> str:
        """The 18 characters that the same person has today."""
        if self.is_checked:
            return self.number
        digits = f"{self.number[:6]}19{self.number[6:]}"
        return digits + check_character(digits)

    @property
    def forms(self) -> tuple[str, ...]:
        """The number in both forms: no form of 15 was given to those born after 1999."""
        full = self.in_full
        return (full, full[:6] + full[8:17]) if full[6:8] == "19" else (full,)

    def contradictions(self, birth_dates: Iterable[str], sexes: Iterable[str]) -> Iterable[str]:
        """Sentences about what is said beside the number and differs from it."""
        stated = tuple(birth_dates)
        if stated and not any(self.birth_date.startswith(day) or day.startswith(self.birth_date) for day in stated):
            yield f"the resident number {self.number} says born {self.birth_date}, the record {', '.join(stated)}"
        told = stated_sexes(sexes)
        if told and self.sex not in told:
            yield f"the resident number {self.number} says {self.sex}, the record {', '.join(sorted(told))}"


def check_problem(text: str) -> str:
    """What is wrong with a number that has the region and the day of a resident number, and not its check character.

    Empty for other numbers.
    """
    number = _without_signs(text)
    if len(number) != len(_WEIGHTS) + 1 or not _FORM.fullmatch(number) or int(number[:2]) not in _PROVINCES:
        return ""
    expected = check_character(number[:-1])
    right = number[:-1] + expected
    if expected == number[-1] or not read_resident_number(right):
        return ""
    return (
        f"the number {number} has the form of a Chinese resident number and fails its check: its last character is "
        f"{number[-1]}, where the other digits need {expected}; no birth date or sex is taken from it"
    )


_PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
"""The first two digits, by GB/T 2260."""


def _without_signs(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


def read_resident_number(text: str) -> ResidentNumber | None:
    """The number in a text with or without spaces; None where it is none."""
    number = _without_signs(text)
    if not _FORM.fullmatch(number):
        return None
    longer = len(number) == len(_WEIGHTS) + 1
    if longer and check_character(number[:-1]) != number[-1]:
        return None
    digits = number[6:14] if longer else "19" + number[6:12]
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    sequence = number[16] if longer else number[14]
    return ResidentNumber(number, day.isoformat(), "male" if int(sequence) % 2 else "female")


def check_character(digits: str) -> str:
    """The check character of the first 17 digits."""
    return _CHECKS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]
