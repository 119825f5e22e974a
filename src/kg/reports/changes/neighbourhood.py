"""Which nodes bear on clusters and people sought?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.ontology import Ontology
from kg.reports.context import ReportGraph
from kg.view import row_positions

OUTER_TYPES = ("Party", "Asset")
"""Parties and assets outside the clusters: what else they do does not concern a cluster."""

MAX_HUB_LINKS = 50
"""A node with more links, such as the address of an agent, leads only to where its own links lead."""


class Neighbourhood:
    """The nodes that bear on some subjects: what they are linked to, and what is linked to that.

    Links are followed from the subjects, and on from every node that is neither a party nor an asset nor the same in
    every source, as a jurisdiction is: from measures, cases, offences, documents, addresses, and any type to come.
    """

    def __init__(self, graph: ReportGraph, subjects: Iterable[str], ended: Iterable[tuple[str, str, str]]) -> None:
        """`ended`: type and ends of links that there were before and are no more."""
        self._view = view = graph.view
        self._subject_ids = frozenset(subjects)
        self._is_subject = np.zeros(len(view.ids), bool)
        self._is_subject[graph.indices(sorted(self._subject_ids))] = True
        leading_on = _leading_on(graph.ontology)
        self._leads_on = np.isin(view.node_type, [n for n, name in enumerate(view.node_types) if name in leading_on])
        self._ended = _EndedLinks(graph.ontology, self._subject_ids, ended)
        self._inside = self._is_subject.copy()
        self._outside_view = set(self._subject_ids)
        self._spread()

    def __contains__(self, node: object) -> bool:
        """Whether a node bears on any subject."""
        at = self._position(str(node))
        return str(node) in self._outside_view or (at >= 0 and bool(self._inside[at]))

    def subjects_of(self, node: str) -> tuple[str, ...]:
        """The subjects that a node bears on most directly, by id; of a subject, itself."""
        if node in self._subject_ids:
            return (node,)
        seen, layer = {node}, [node]
        while layer:
            found = {other for one in layer for other in self._subject_neighbours(one)}
            if found:
                return tuple(sorted(found))
            reached = {other for one in layer for other in self._onward_neighbours(one)} - seen
            seen |= reached
            layer = sorted(reached)
        return ()

    @cached_property
    def core(self) -> tuple[str, ...]:
        """The subjects, and the nodes among the others from which links are followed on, by id."""
        return tuple(self._view.id(int(n)) for n in np.flatnonzero(self._is_core))

    @cached_property
    def links(self) -> NDArray[np.int64]:
        """The positions of the links of which one end is in the core, and both bear on a subject."""
        core, tail, head = self._is_core, self._view.tail, self._view.head
        return np.flatnonzero((core[tail] | core[head]) & self._inside[tail] & self._inside[head])

    @property
    def _is_core(self) -> NDArray[np.bool_]:
        return self._is_subject | (self._inside & self._leads_on)

    def _spread(self) -> None:
        view, frontier = self._view, np.flatnonzero(self._is_subject)
        fresh = set(self._subject_ids)
        while len(frontier) or fresh:
            found = [view.outgoing.far[_rows(view.outgoing.start, frontier)]]
            is_hub = (view.degree[frontier] > MAX_HUB_LINKS) & ~self._is_subject[frontier]
            found.append(view.incoming.far[_rows(view.incoming.start, frontier[~is_hub])])
            reached = np.unique(np.concatenate(found)).astype(np.int64)
            reached = reached[~self._inside[reached]]
            self._inside[reached] = True
            frontier = reached[self._leads_on[reached]]
            fresh |= {view.id(int(n)) for n in frontier} if self._ended else set()
            ended = {(other, on) for one in fresh for other, on in self._ended.neighbours(one)}
            fresh = set()
            for other, on in ended:
                if other in self:
                    continue
                self._outside_view.add(other)
                at = self._position(other)
                if at >= 0:
                    self._inside[at] = True
                    if self._leads_on[at]:
                        frontier = np.append(frontier, at)
                        fresh.add(other)
                elif on:
                    fresh.add(other)

    def _subject_neighbours(self, node: str) -> Iterable[str]:
        at = self._position(node)
        if at >= 0:
            for ends in (self._view.outgoing, self._view.incoming):
                far = ends.far[ends.start[at] : ends.start[at + 1]]
                yield from (self._view.id(int(n)) for n in np.unique(far[self._is_subject[far]]))
        yield from (other for other, _ in self._ended.neighbours(node) if other in self._subject_ids)

    def _onward_neighbours(self, node: str) -> Iterable[str]:
        at = self._position(node)
        if at >= 0 and self._view.degree[at] <= MAX_HUB_LINKS:
            for ends in (self._view.outgoing, self._view.incoming):
                far = ends.far[ends.start[at] : ends.start[at + 1]]
                yield from (self._view.id(int(n)) for n in np.unique(far[self._leads_on[far]]))
        yield from (other for other, on in self._ended.neighbours(node) if on)

    def _position(self, node: str) -> int:
        """The position of a node in the view; -1 if it is not there."""
        wanted = node.encode()
        at = int(np.searchsorted(self._view.ids, np.bytes_(wanted))) if self._view.ids.dtype.itemsize else 0
        return at if at < len(self._view.ids) and self._view.ids[at] == wanted else -1


class _EndedLinks:
    """Links that there were before, as far as they may lead from a subject to what bears on it."""

    def __init__(self, ontology: Ontology, subjects: frozenset[str], ended: Iterable[tuple[str, str, str]]) -> None:
        leading_on = _leading_on(ontology)
        self._by_end: defaultdict[str, set[tuple[str, bool]]] = defaultdict(set)
        for kind, tail, head in ended:
            declared = ontology.links.get(kind)
            ons = [declared is not None and leading_on.issuperset(ends) for ends in _possible_ends(ontology, kind)]
            if any(ons) or tail in subjects or head in subjects:
                self._by_end[tail].add((head, ons[1]))
                self._by_end[head].add((tail, ons[0]))

    def __bool__(self) -> bool:
        return bool(self._by_end)

    def neighbours(self, node: str) -> Iterable[tuple[str, bool]]:
        """The other ends of a node's links, and whether links are followed on from there."""
        return sorted(self._by_end.get(node, ()))


def _possible_ends(ontology: Ontology, kind: str) -> list[set[str]]:
    """The node types that may be at each end of a link type."""
    declared = ontology.links.get(kind)
    ends = (declared.from_, declared.to) if declared else ((), ())
    return [{name for one in each for name in ontology.kinds_of(one)} for each in ends]


def _leading_on(ontology: Ontology) -> frozenset[str]:
    """The node types from which links are followed on."""
    outer = frozenset[str]().union(*map(ontology.kinds_of, OUTER_TYPES))
    return frozenset(name for name, kind in ontology.nodes.items() if name not in outer and kind.key is None)


def _rows(start: NDArray[np.int64], nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of the links of some nodes in compressed rows."""
    return row_positions(start[nodes], start[nodes + 1] - start[nodes])
