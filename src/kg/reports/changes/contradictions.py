"""Which contradictions are new since the last report, and which are settled?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from kg.findings import ClusterChanges
from kg.reports.changes.record_changes import ChangeDescriber, DescribedChange
from kg.reports.cluster_report.changes import ChangeItem, ClusterReference
from kg.reports.cluster_report.model import Report
from kg.reports.entries import ContradictionEntry
from kg.reports.evidence import source_names
from kg.reports.terms import join_alternatives


class KnownContradiction(NamedTuple):
    """One contradiction that a report lists, and the cluster that lists it."""

    about: str
    of: str
    values: str
    cluster: str
    """By id."""
    sources: tuple[str, ...]
    about_ids: tuple[str, ...]
    link: str
    """As in `ContradictionEntry`."""

    @property
    def identities(self) -> frozenset[tuple[str, ...]]:
        """What it is the same by: one of these is enough.

        The nodes and the link, whatever the values are called now; the nodes and the values, whatever key the link has.
        """
        by_link = (*self.about_ids, self.of, "link", self.link)
        return frozenset((by_link, (*self.about_ids, self.of, "values", self.values)))


def listed_contradictions(report: Report) -> tuple[KnownContradiction, ...]:
    """Every contradiction in a report, once a cluster."""
    found = (_known(one, section.id) for section in report.clusters for one in section.contradictions)
    return tuple(dict.fromkeys(found))


def new_contradictions(
    report: Report,
    known: tuple[KnownContradiction, ...],
    described: tuple[str, ...],
    changes: ClusterChanges,
    describer: ChangeDescriber,
) -> Iterator[DescribedChange]:
    """What is contradicted and was not before. A cluster that existed and is described only now brings no news.

    `known` and `described`: the contradictions of the last report, and the clusters that it described.
    """
    before = _identities(known)
    passed_over = {was.id for change in changes.changes for was in change.was} - set(described)
    names = {section.id: section.name for section in report.clusters}
    for one in listed_contradictions(report):
        if one.cluster not in passed_over and before.isdisjoint(one.identities):
            text = f"{one.about}: {one.of} {one.values}"
            item = describer.item("contradicted", text, one.sources, one.about_ids, about=one.about_ids)
            yield DescribedChange("contradictions", _in_cluster(item, one.cluster, names), one.about_ids)


def resolved_contradictions(
    report: Report, known: tuple[KnownContradiction, ...], changes: ClusterChanges, describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """What is no longer contradicted, if all clusters that its cluster has become are described in full.

    The sources are those that contradicted each other.
    """
    now = _identities(listed_contradictions(report))
    names = {section.id: section.name for section in report.clusters}
    successors: defaultdict[str, set[str]] = defaultdict(set)
    for change in changes.changes:
        for was in change.was:
            successors[was.id] |= set(change.after[:1])
    for one in known:
        after = successors[one.cluster]
        if now.isdisjoint(one.identities) and after and after <= names.keys():
            describer.look_up(one.about_ids)
            about = describer.name(one.about_ids[0]) if len(one.about_ids) == 1 else one.about
            text = f"{about}: {one.of} (was {one.values})"
            item = describer.item("no longer contradicted", text, one.sources, about=one.about_ids)
            home = min(after, key=lambda cluster: (cluster != one.cluster, cluster))
            yield DescribedChange("contradictions", _in_cluster(item, home, names), ())


def _identities(known: Iterable[KnownContradiction]) -> frozenset[tuple[str, ...]]:
    return frozenset(identity for one in known for identity in one.identities)


def _known(one: ContradictionEntry, cluster: str) -> KnownContradiction:
    values = join_alternatives(value.value for value in one.values)
    sources = source_names(e for value in one.values for e in value.evidence)
    return KnownContradiction(one.about, one.of, values, cluster, sources, one.about_ids, one.link)


def _in_cluster(item: ChangeItem, cluster: str, names: dict[str, str]) -> ChangeItem:
    return replace(item, clusters=(ClusterReference(cluster, names[cluster]),))
