"""Who died before the other acted cannot be that one."""

from __future__ import annotations

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

AGAINST = -10.0
_YEAR = 4


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """None unless one died before the last act of the other."""
    for dead, alive in ((one, other), (other, one)):
        day = dead.first("death_date")
        if day and alive.last_act and alive.last_act[:_YEAR] > day[:_YEAR]:
            return Evidence("death", AGAINST, f"{dead.caption} died {day}, {alive.caption} acted {alive.last_act}")
    return None
