"""How many of each thing does a set of the wanted size hold?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bench.generate.seeded_random import SeededRandom

LINKS_PER_NODE = 3
COMPANIES_PER_AGENT = 5_000
COMPANIES_PER_PROFESSIONAL = 800
SMALLEST, LARGEST, USUAL = 8, 80, 20
"""Nodes of a planted cluster before they are fitted to the whole, and their mean; sizes have a Pareto tail."""


class ImpossibleSize(ValueError):
    """A size that no set can have; the message says which would be possible."""


@dataclass(frozen=True)
class SetSize:
    """What the caller asked for; either `nodes`, or `people` and `companies`. 0 means: as usual for the size."""

    nodes: int = 0
    links: int = 0
    people: int = 0
    companies: int = 0
    clusters: int = 0
    hub_share: float = 0.5
    """Part of the companies that are registered at an agent's address and have a professional director."""
    noise: float = 0.05
    """Part of all links that run between two planted clusters."""
    seed: int = 7


@dataclass(frozen=True)
class Plan:
    """Exact counts. Agents' addresses and professional directors are the hubs; they belong to no cluster."""

    people: int
    companies: int
    assets: int
    addresses: int
    agents: int
    professionals: int
    clusters: int
    links: int
    hub_share: float
    noise: float
    seed: int

    @property
    def nodes(self) -> int:
        """Everything but jurisdictions, which come from the reference facts."""
        return self.members + self.agents + self.professionals

    @property
    def members(self) -> int:
        """Nodes that belong to a planted cluster."""
        return self.people + self.companies + self.assets + self.addresses

    @property
    def noise_links(self) -> int:
        """Links that run between two clusters; one cluster alone has none."""
        return int(self.noise * self.links) if self.clusters > 1 else 0

    @property
    def extra_links(self) -> int:
        """Links inside clusters beyond the bare structure."""
        return self.links - self.least_links - self.noise_links

    @property
    def least_links(self) -> int:
        """Links of the bare structure: see `cluster.py`."""
        of_people = 2 * self.people - self.clusters + self.professionals
        return of_people + 4 * self.companies + 2 * self.assets + self.addresses + self.agents

    def shares(self) -> Iterator[tuple[range, range, range, range]]:
        """For each cluster its people, companies, assets and addresses, as ranges of numbers."""
        random = SeededRandom(self.seed, "sizes")
        weights = [random.pareto(SMALLEST, LARGEST) for _ in range(self.clusters)]
        counts = (self.people, self.companies, self.assets, self.addresses)
        least = (1, 1, 0, 1)
        yield from zip(
            *(_proportional_ranges(count, low, weights) for count, low in zip(counts, least, strict=True)), strict=True
        )


def plan(wanted: SetSize) -> Plan:
    """The counts for what is wanted. Raises Impossible."""
    if not wanted.nodes and not (wanted.people and wanted.companies):
        raise ImpossibleSize("expected either nodes, or people and companies")
    made = _by_nodes(wanted) if wanted.nodes else _by_people(wanted)
    if made.clusters > min(made.people, made.companies, made.addresses):
        raise ImpossibleSize(f"{made.clusters} clusters need as many people, companies and addresses")
    if made.extra_links < 0:
        least = int(made.least_links / (1 - wanted.noise)) + 1
        raise ImpossibleSize(f"{made.nodes} nodes with noise {wanted.noise} need at least {least} links")
    return made


def _by_nodes(wanted: SetSize) -> Plan:
    agents = max(1, wanted.nodes // (3 * COMPANIES_PER_AGENT))
    professionals = max(1, wanted.nodes // (3 * COMPANIES_PER_PROFESSIONAL))
    rest = wanted.nodes - agents - professionals
    people, companies, assets = rest * 35 // 100, rest * 35 // 100, rest * 20 // 100
    return _plan(wanted, (people, companies, assets, rest - people - companies - assets), agents, professionals)


def _by_people(wanted: SetSize) -> Plan:
    agents = max(1, wanted.companies // COMPANIES_PER_AGENT)
    professionals = max(1, wanted.companies // COMPANIES_PER_PROFESSIONAL)
    assets = wanted.companies // 2
    addresses = max(wanted.clusters, (wanted.people + wanted.companies) // 10)
    return _plan(wanted, (wanted.people, wanted.companies, assets, addresses), agents, professionals)


def _plan(wanted: SetSize, members: tuple[int, int, int, int], agents: int, professionals: int) -> Plan:
    people, companies, assets, addresses = members
    usual = min(sum(members) // USUAL, people, companies, addresses)
    clusters = wanted.clusters or max(1, usual)
    asked = (wanted.links, wanted.hub_share, wanted.noise, wanted.seed)
    bare = Plan(people, companies, assets, addresses, agents, professionals, clusters, *asked)
    if wanted.links:
        return bare
    roomy = int(bare.least_links * 1.1 / (1 - wanted.noise))
    return replace(bare, links=max(LINKS_PER_NODE * bare.nodes, roomy))


def _proportional_ranges(count: int, least: int, weights: list[int]) -> Iterator[range]:
    """Cut `count` numbers into ranges in proportion to `weights`, each at least `least` long."""
    spare, total, so_far = count - least * len(weights), sum(weights), 0
    ends = [0]
    for number, weight in enumerate(weights, start=1):
        so_far += weight
        ends.append(least * number + spare * so_far // total)
    yield from (range(first, last) for first, last in pairwise(ends))
