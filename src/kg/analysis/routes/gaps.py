"""Which unanswered questions do most routes wait for?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.findings import Gap, MissingFact, PersonRoutes


@dataclass
class _GapCount:
    missing: MissingFact
    host: str
    subjects: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    routes: int = 0
    opens: int = 0


def count_gaps(found: Iterable[PersonRoutes]) -> tuple[Gap, ...]:
    """The missing facts of all routes, by fact and host; those that would open most routes come first.

    Protected facts and routes that only the person can begin do not count. A fact opens a route when it is the only
    one missing. Ties are broken by the number of routes that wait, then by name and host.
    """
    counts: dict[tuple[str, str], _GapCount] = {}
    for person in found:
        for answer in person.routes:
            for missing in answer.missing:
                count = counts.setdefault((missing.fact, answer.host), _GapCount(missing, answer.host))
                count.subjects.add(missing.about)
                count.people.add(person.person)
                count.routes += 1
                count.opens += missing.opens
    ordered = sorted(counts.values(), key=lambda c: (-c.opens, -c.routes, c.missing.fact, c.host))
    return tuple(_build_gap(count) for count in ordered)


def _build_gap(count: _GapCount) -> Gap:
    missing = count.missing
    return Gap(
        fact=missing.fact,
        question=missing.question,
        ask=missing.ask,
        host=count.host,
        of=missing.of,
        bodies=missing.bodies,
        answers=len(count.subjects),
        people=len(count.people),
        routes=count.routes,
        opens=count.opens,
    )
