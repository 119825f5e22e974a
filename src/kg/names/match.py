"""What the comparison of two written names says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The weight of two names, for one person or company behind both, or against it."""

    bits: float
    """The logarithm, to base 2, of how much likelier the two are written for one than by chance; negative: against."""
    reasons: tuple[str, ...]
    """What was compared, in plain words."""
