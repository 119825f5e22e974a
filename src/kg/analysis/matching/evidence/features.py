"""The features beside names, in the order in which they are compared."""

from __future__ import annotations

from collections.abc import Callable

from kg.analysis.matching.evidence import (
    birth_date,
    citizenship,
    contact,
    death,
    generation,
    number,
    post,
    relatives,
    sex,
)
from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

Feature = Callable[[Party, Party, Register], Evidence | None]

FEATURES: tuple[Feature, ...] = tuple(
    module.evidence for module in (birth_date, number, sex, generation, citizenship, post, contact, relatives, death)
)
