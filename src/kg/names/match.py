"""What the comparison of two written names says."""

from __future__ import annotations

from dataclasses import dataclass

SAME_BITS = 4.0
"""From so many bits on, two names are taken for one name: 16 times likelier than by chance."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """What two names say about whether they are of one person or company."""

    bits: float
    """Evidence for (above zero) or against (below zero): each bit doubles or halves the odds."""
    reasons: tuple[str, ...] = ()
    """What was compared with what, for people to read."""

    @property
    def is_same(self) -> bool:
        """Whether the names are taken for one name; a name alone does not make two people one."""
        return self.bits >= SAME_BITS
