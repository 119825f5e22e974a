"""Shares as intervals, and the interests in which they are held."""

from __future__ import annotations

from dataclasses import dataclass

INTERESTS = ("beneficial", "legal")
"""Beneficial interest and legal title, which different people may hold."""


@dataclass(frozen=True, order=True, slots=True)
class Share:
    """A closed interval of percentages."""

    low: float
    high: float

    @classmethod
    def from_fractions(cls, low: float, high: float) -> Share:
        """Fractions as percentages, to four decimal places."""
        return cls(round(low * 100, 4), round(high * 100, 4))

    @property
    def text(self) -> str:
        """`51 %`, `25 to 50 %`, or `none`."""
        if self.high <= 0:
            return "none"
        low, high = f"{self.low:.4g}", f"{self.high:.4g}"
        return f"{high} %" if low == high else f"{low} to {high} %"


NO_SHARE = Share(0.0, 0.0)
