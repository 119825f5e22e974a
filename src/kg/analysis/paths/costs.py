"""What does a step on a path cost, and why?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.suggested import PROBABILITY
from kg.errors import InputError
from kg.findings import CostTerm
from kg.records import CREDIBILITIES, RELIABILITIES
from kg.view import DAYS_PER_YEAR, FloatArray, GraphView, IntArray

COST_SCALE = 1_000_000
"""Costs are whole numbers of millionths, so that sums are exact and the same in any order."""


@dataclass(frozen=True)
class PathWeights:
    """With what probability links and intermediate nodes really connect.

    The cost of a path is the sum of -ln(p) over its links and its intermediate nodes: a path with the least cost is the
    one most likely to hold as a whole if its parts are independent, as in most reliable paths since Petrovic and
    Jovanovic, "Two algorithms for determining the most reliable path of a network", IEEE Trans. Reliability R-28
    (1979) 115. The numbers rank paths against each other; they are no probabilities of guilt, or of anything else.
    """

    reliability: tuple[float, ...] = (0.95, 0.85, 0.7, 0.5, 0.3, 0.6)
    """By the reliability of the link's best source, A to F. F is unknown, not low: below the middle, never certain."""
    credibility: tuple[float, ...] = (0.98, 0.9, 0.75, 0.5, 0.25, 0.8)
    """By the credibility of the information, 1 to 6, which is graded apart from its source (as in NATO's AJP-2.1). 6 is
    unknown, neither low nor certain: most registers grade nothing, and their reliability is in the factor above."""
    traits: tuple[tuple[str, float], ...] = (
        ("ownership", 1.0),
        ("benefit", 1.0),
        ("control", 0.9),
        ("payment", 0.8),
        ("kinship", 0.8),
        ("proceeds", 0.8),
        ("encumbrance", 0.8),
    )
    """By the traits of the link, how much it says about belonging; of several traits the strongest counts."""
    other_trait: float = 0.6
    """The same for links with none of those traits, such as associations and documents."""
    not_in_force: float = 0.7
    """Factor of a link that ended before the day of the question, or begins after it."""
    half_lives: tuple[tuple[str, float], ...] = (("location", 5.0), ("presence", 2.0))
    """Traits whose links lose probability with age, and the years in which it halves since the last day that is stated.
    Kinship, incorporation and holdings do not age."""
    hub_degree: int = 20
    """Most links of an intermediate node that is no hub. Beyond, its factor is (hub_degree / links)², once for entering
    and once for leaving it, as in the network of clusters (Zhou, Lü and Zhang, Eur. Phys. J. B 71 (2009) 623)."""

    def __post_init__(self) -> None:
        """Raises InputError for a value out of range."""
        if len(self.reliability) != len(RELIABILITIES) or not all(0 < p < 1 for p in self.reliability):
            raise InputError("path weights, reliability: expected a number between 0 and 1 for each grade")
        if len(self.credibility) != len(CREDIBILITIES) or not all(0 < p < 1 for p in self.credibility):
            raise InputError("path weights, credibility: expected a number between 0 and 1 for each grade")
        if not all(0 < p <= 1 for p in (self.not_in_force, self.other_trait, *(p for _, p in self.traits))):
            raise InputError("path weights: expected not_in_force, other_trait and traits above 0, at most 1")
        if self.hub_degree < 1 or not all(years > 0 for _, years in self.half_lives):
            raise InputError("path weights: expected hub_degree 1 or more and half-lives above 0")


@dataclass(frozen=True)
class StepCosts:
    """The costs of steps in one view as of one day, in millionths."""

    view: GraphView
    weights: PathWeights
    day: int
    """Proleptic ordinal; 0 when the graph has no day: then dates cost nothing."""

    @classmethod
    def as_of(cls, view: GraphView, weights: PathWeights, day: str) -> StepCosts:
        """The costs as of a day; empty for the graph's own."""
        day = day or view.as_of
        return cls(view, weights, date.fromisoformat(day).toordinal() if day else 0)

    def link_costs(self, links: NDArray[np.integer]) -> IntArray:
        """The cost of each link: int64 (links)."""
        return np.asarray(sum(self._cost_parts(links)))

    def node_costs(self, nodes: NDArray[np.integer]) -> IntArray:
        """The cost of passing each node: int64 (nodes)."""
        excess = np.maximum(self.view.degree[nodes] / self.weights.hub_degree, 1.0)
        return np.asarray(np.rint(2 * np.log(excess) * COST_SCALE), np.int64)

    def link_terms(self, links: Sequence[int]) -> dict[int, tuple[CostTerm, ...]]:
        """The parts of the cost of each link, each with its reason; parts that cost nothing are left out."""
        every = np.array(links, np.intp)
        columns = (*self._cost_parts(every), self._age_in_years(every), self._probabilities(every))
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return {link: tuple(self._link_terms(link, *row)) for link, row in zip(links, rows, strict=True)}

    def _link_terms(self, link: int, *parts_age_probability: float) -> Iterator[CostTerm]:
        view, (*parts, age, probability) = self.view, parts_age_probability
        letter = RELIABILITIES[int(view.column("reliability")[link]) - 1]
        digit = CREDIBILITIES[int(view.column("credibility")[link]) - 1]
        reasons = (
            f"best source graded {letter}" if letter != "F" else "no source is graded: reliability unknown",
            f"information graded {digit}" if digit != "6" else "no information is graded: credibility unknown",
            f"{' and '.join(view.ontology.links[view.type_of_link(link)].traits)} is weaker evidence than ownership",
            "not in force on the day",
            f"last stated {age:.1f} years before",
            f"a suggestion: the two are one with a probability of {probability:.2f}",
        )
        for why, cost in zip(reasons, parts, strict=True):
            if cost:
                yield CostTerm(view.link_id(link), why, cost / COST_SCALE)

    def node_terms(self, node: int) -> Iterator[CostTerm]:
        """The cost of passing a node, where it is a hub."""
        if cost := int(self.node_costs(np.array([node]))[0]):
            yield CostTerm(self.view.id(node), f"a hub with {int(self.view.degree[node]):,} links", cost / COST_SCALE)

    def _cost_parts(self, links: NDArray[np.integer]) -> tuple[IntArray, ...]:
        """The cost of each link by its source, information, type, dates, age and doubt: int64 (links) each."""
        kind = self.view.link_type[links]
        aged = self._age_in_years(links) / self._half_lives[kind] * math.log(2)
        ended = self.view.not_in_force(links, self.day) if self.day else np.zeros(len(links), bool)
        over = np.where(ended, -math.log(self.weights.not_in_force), 0.0)
        grades = -np.log((1.0, *self.weights.reliability))[self.view.column("reliability")[links]]
        credible = -np.log((1.0, *self.weights.credibility))[self.view.column("credibility")[links]]
        doubt = -np.log(self._probabilities(links))
        parts = (grades, credible, self._type_costs[kind], over, aged, doubt)
        return tuple(np.asarray(np.rint(part * COST_SCALE), np.int64) for part in parts)

    def _probabilities(self, links: NDArray[np.integer]) -> FloatArray:
        """The probability of each suggestion; 1 for what sources state."""
        known = self.view.columns.get(PROBABILITY)
        return np.ones(len(links)) if known is None else np.maximum(known[links], 1 / COST_SCALE)

    @cached_property
    def _type_costs(self) -> FloatArray:
        """The cost of each link type of the view by how much it says about belonging: float64 (link types)."""
        said = dict(self.weights.traits)
        kinds = (self.view.ontology.links[name].traits for name in self.view.link_types)
        best = [max((said[t] for t in traits if t in said), default=self.weights.other_trait) for traits in kinds]
        return -np.log(best)

    @cached_property
    def _half_lives(self) -> FloatArray:
        """The half-life of each link type of the view in years; infinite for none: float64 (link types)."""
        found = np.full(len(self.view.link_types), np.inf)
        for trait, years in self.weights.half_lives:
            found[self.view.link_types_with(trait)] = np.minimum(found[self.view.link_types_with(trait)], years)
        return found

    def _age_in_years(self, links: NDArray[np.integer]) -> FloatArray:
        """Years since the last day stated of each link: its end, else its start; 0 where neither is known."""
        first, last = self.view.column("dates")[links].T
        said = np.where(last > 0, last, first)
        known = (said > 0) & (self.day > 0)
        return np.asarray(np.where(known, np.maximum(self.day - said, 0) / DAYS_PER_YEAR, 0.0))
