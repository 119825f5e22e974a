"""Which people, companies and assets does a planted cluster have?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.generate.ftm.entities import Entity, EntityFactory
from bench.generate.ftm.plan import Plan
from bench.generate.seeded_random import SeededRandom


@dataclass(frozen=True)
class Cluster:
    """The numbers of one cluster's members."""

    people: range
    companies: range
    assets: range
    addresses: range


class ClusterFactory:
    """Writes clusters one after the other; nothing of an earlier one is kept.

    The bare structure of a cluster has a nationality for each person, a relative or a seat on a board for each but the
    first, jurisdiction, address, owner and director for each company, place and owner for each asset, a place for
    each address. Owners and relatives are mostly the first ones, so degrees have a heavy tail.
    """

    def __init__(self, plan: Plan, maker: EntityFactory) -> None:
        self._plan, self._entities = plan, maker
        self._dice = SeededRandom(plan.seed, "structure")

    def members(self, cluster: Cluster) -> Iterator[str]:
        """The ids of the people, companies and assets of a cluster; an address belongs to nobody."""
        kinds = (("person", cluster.people), ("company", cluster.companies), ("asset", cluster.assets))
        return (self._entities.id(kind, number) for kind, numbers in kinds for number in numbers)

    def structure(self, cluster: Cluster) -> Iterator[Entity]:
        """The entities of a cluster and the links that hold it together."""
        yield from (self._entities.address("address", number) for number in cluster.addresses)
        for number in cluster.people:
            yield self._entities.person("person", number)
            if number > cluster.people.start:
                yield self._tie(cluster, number)
        for number in cluster.companies:
            yield from self._company(cluster, number)
        for number in cluster.assets:
            yield self._entities.asset(number)
            yield self._entities.ownership(self._holder(cluster, cluster.companies.stop), self._id("asset", number))

    def extra(self, cluster: Cluster) -> Entity:
        """One more link inside a cluster."""
        company = self._id("company", self._any(cluster.companies))
        person = self._id("person", self._any(cluster.people))
        kinds: tuple[Callable[[], Entity], ...] = (
            lambda: self._entities.payment(person, company),
            lambda: self._entities.payment(company, person),
            lambda: self._entities.ownership(person, company),
            lambda: self._entities.directorship(person, company),
        )
        return self._dice.choice(kinds)()

    def noise(self, cluster: Cluster) -> Entity:
        """A link from a cluster to another one."""
        person = self._id("person", self._any(cluster.people))
        company = self._id("company", self._any(cluster.companies))
        stranger = self._id("person", self._outside(cluster.people, self._plan.people))
        foreign = self._id("company", self._outside(cluster.companies, self._plan.companies))
        kinds: tuple[Callable[[], Entity], ...] = (
            lambda: self._entities.payment(company, foreign),
            lambda: self._entities.payment(company, foreign),
            lambda: self._entities.directorship(person, foreign),
            lambda: self._entities.associate(person, stranger),
        )
        return self._dice.choice(kinds)()

    def _tie(self, cluster: Cluster, number: int) -> Entity:
        person = self._id("person", number)
        if self._dice.chance(0.6):
            return self._entities.family(person, self._earlier("person", cluster.people, number))
        return self._entities.directorship(person, self._id("company", self._any(cluster.companies)))

    def _company(self, cluster: Cluster, number: int) -> Iterator[Entity]:
        own_address = self._id("address", self._any(cluster.addresses))
        at_agent = self._dice.chance(self._plan.hub_share)
        address = self._id("agent", self._dice.skewed(self._plan.agents)) if at_agent else own_address
        key = self._id("company", number)
        yield self._entities.company(number, address)
        yield self._entities.ownership(self._holder(cluster, number), key)
        hired = self._dice.chance(self._plan.hub_share)
        hub = self._id("professional", self._dice.skewed(self._plan.professionals))
        yield self._entities.directorship(hub if hired else self._id("person", self._any(cluster.people)), key)

    def _holder(self, cluster: Cluster, before: int) -> str:
        """A company of the cluster with a smaller number, or one of its people."""
        if before > cluster.companies.start and self._dice.chance(0.55):
            return self._earlier("company", cluster.companies, before)
        return self._id("person", self._any(cluster.people))

    def _earlier(self, kind: str, numbers: range, before: int) -> str:
        return self._id(kind, numbers.start + self._dice.skewed(before - numbers.start))

    def _any(self, numbers: range) -> int:
        return numbers.start + self._dice.skewed(len(numbers))

    def _outside(self, numbers: range, count: int) -> int:
        drawn = self._dice.below(count - len(numbers))
        return drawn if drawn < numbers.start else drawn + len(numbers)

    def _id(self, kind: str, number: int) -> str:
        return self._entities.id(kind, number)
