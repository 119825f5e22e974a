"""Which unanswered questions do most routes wait for?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.findings import Gap, MissingFact, PersonRoutes, RouteNeeds
from kg.findings.legal.routes import lacks_of
from kg.law import Route


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


class NeedsCounter:
    """Counts how differently cases lack something for a route, while people go by."""

    def __init__(self) -> None:
        self._sets: dict[str, Counter[tuple[str, ...]]] = {}
        self._routes: dict[str, Route] = {}

    def count(self, found: Iterable[PersonRoutes]) -> Iterator[PersonRoutes]:
        """The same people, counted."""
        for person in found:
            for answer in person.routes:
                if answer.state in ("needs", "to_examine"):
                    self._routes[answer.route.id] = answer.route
                    self._sets.setdefault(answer.route.id, Counter())[lacks_of(person, answer)] += 1
            yield person

    def needs(self) -> tuple[RouteNeeds, ...]:
        """What cases lack, by route, in the order of ids."""
        return tuple(self._needs_of(self._routes[name], sets) for name, sets in sorted(self._sets.items()))

    def _needs_of(self, route: Route, sets: Counter[tuple[str, ...]]) -> RouteNeeds:
        commonest, shared_by = min(sets.items(), key=lambda item: (-item[1], item[0]))
        return RouteNeeds(route.id, route.name, route.subject, sets.total(), len(sets), commonest, shared_by)


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
