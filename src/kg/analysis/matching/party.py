"""A person or company as matching sees it, and the register that it is looked for in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log2

from kg.analysis.matching.resident_number import ResidentNumber, check_problem, read_resident_number
from kg.names.comparison import is_east_asian
from kg.ontology.values import stated_sexes


@dataclass(frozen=True)
class Party:
    """One person or company: a node, or a row of a list."""

    id: str
    caption: str
    type: str
    is_company: bool
    names: tuple[str, ...]
    """Full names: the name, aliases and former names."""
    weak_names: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Canonical values by property, such as `birth_date`."""
    countries: frozenset[str] = frozenset()
    """Codes of the jurisdictions of which it is a citizen, or where it is registered."""
    neighbours: Mapping[str, str] = field(default_factory=dict)
    """People and companies linked to it: id and what it is called."""
    agencies: frozenset[str] = frozenset()
    """What the agencies of its posts are called."""
    last_act: str = ""
    """The last day on which it is said to have done something."""
    sources: tuple[str, ...] = ()

    def first(self, name: str) -> str:
        """The first value of a property; empty where there is none."""
        return next(iter(self.values.get(name, ())), "")

    @cached_property
    def resident_numbers(self) -> tuple[ResidentNumber, ...]:
        """The valid Chinese resident numbers among its numbers; a company has none, whatever its digits."""
        return () if self.is_company else resident_numbers_of(self.values)

    @property
    def birth_dates(self) -> tuple[str, ...]:
        """As stated; where none is, those in resident numbers."""
        return self.values.get("birth_date", ()) or tuple(dict.fromkeys(n.birth_date for n in self.resident_numbers))

    @cached_property
    def is_east_asian(self) -> bool:
        """Whether one of its names is in characters or Hangul, or surely Chinese, Korean or Vietnamese."""
        return any(map(is_east_asian, (*self.names, *self.weak_names)))

    @property
    def sexes(self) -> frozenset[str]:
        """`male` or `female`, as stated; where none is, as resident numbers have it."""
        stated = self.values.get("gender")
        return (stated and stated_sexes(stated)) or frozenset([n.sex for n in self.resident_numbers])

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Where a resident number contradicts what is said beside it, or fails its check."""
        said = self.values.get("birth_date", ()), self.values.get("gender", ())
        contradictions = (warning for number in self.resident_numbers for warning in number.contradictions(*said))
        stated = (v for name in _MAY_BE_RESIDENT for v in self.values.get(name, ()) if not self.is_company)
        return tuple(dict.fromkeys((*contradictions, *filter(None, map(check_problem, stated)))))


def resident_numbers_of(values: Mapping[str, Sequence[str]]) -> tuple[ResidentNumber, ...]:
    """The valid Chinese resident numbers among some values by property."""
    stated = [v for name in NUMBERS if name in values for v in values[name]]
    return tuple(dict.fromkeys(filter(None, map(read_resident_number, stated)))) if stated else ()


NUMBERS = ("national_number", "id_number", "passport_number", "tax_number", "registration_number", "lei")

_MAY_BE_RESIDENT = ("national_number", "id_number")

MIN_SIZE = 1_000


@dataclass(frozen=True)
class Register:
    """What is searched, as far as base rates need it."""

    size: int
    """How many people or companies are in it."""
    targets: int = 1
    """How many are looked for in it."""
    expected: float = 0.5
    """The share of the people looked for who are expected to be in it."""
    countries: Mapping[str, float] = field(default_factory=dict)
    """The share of each jurisdiction among those of which one is known."""

    def country_bits(self, code: str) -> float:
        """How much it says that two have this jurisdiction in common."""
        return -log2(self.countries.get(code, 0.5))

    @property
    def prior_bits(self) -> float:
        """The logarithm of the odds that an entry taken at random is the one looked for.

        At most as many true pairs are expected as the smaller side has entries; a very small register is taken for a
        larger one, as chance is not small where few were counted.
        """
        return log2(self.expected / max(self.targets, self.size, MIN_SIZE))
