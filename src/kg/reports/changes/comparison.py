"""What is different from the last report, and why?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from kg.errors import InputError, NotFound
from kg.findings import Cluster, ClusterChanges, Clusters, LedgerChanges, RecordChange
from kg.findings.statements import canonical_value
from kg.ontology import Property
from kg.ontology.values import BadValue, date_span
from kg.ports import Store
from kg.records import Link, Values
from kg.reports.changes.cluster_changes import changed_member_ids, cluster_changes, cluster_counts_sentence
from kg.reports.changes.previous_report import PreviousReport, clearance_key, contradiction_keys
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.sections.pursuits import UnaccusedRelatives, relative_notes
from kg.reports.cluster_report.summary import ChangeItem, ReportChanges
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.evidence import source_names
from kg.reports.names import display_name
from kg.reports.phrases import plural
from kg.reports.terms import (
    display_values,
    join_alternatives,
    link_sentence,
    property_label,
    type_label,
)

MAX_DATA_CHANGES = 200
"""Changes of the data that are listed; all are counted."""

NO_LONGER_WANTED = "every warrant, notice and list entry has been withdrawn, executed or has expired"


class ChangeInputs(NamedTuple):
    """What is known of the time since the last report."""

    ledger: LedgerChanges
    clusters: ClusterChanges
    method: Mapping[str, str]
    """How the clusters are found now, as in `PreviousReport.method`."""


def add_changes(
    store: Store, report: Report, clusters: Clusters, previous: PreviousReport, inputs: ChangeInputs
) -> Report:
    """The same report, with what is different from the previous one on its first page.

    A new or changed record is a change in the world if it brings a date after the day of the last report; everything
    else was so before, and only the data has changed.
    """
    graph = ReportGraph(store, store.view(("sought",)), {s.name: s for s in store.contents().sources})
    ledger, changes, method = inputs
    clusters_by_member = clusters.by_member()
    named = {member for change in changes.changes for member in changed_member_ids(change)}
    named |= {i for section in report.clusters for one in section.contradictions for i in one.about_ids}
    describer = _ChangeDescriber(graph, clusters_by_member, previous.day, ledger.records, named)
    world, corrections, data = list[ChangeItem](), list[ChangeItem](), list[ChangeItem]()
    for record in sorted(ledger.records, key=lambda r: (r.day, r.source, r.key, r.part)):
        if describer.is_world_change(record):
            world.append(describer.change_item(record))
        elif describer.is_correction(record):
            corrections.append(describer.change_item(record))
        else:
            data.append(describer.change_item(record))
    listed = [item for item in data if item.text][:MAX_DATA_CHANGES]
    found = ReportChanges(
        since=previous.day,
        version=previous.version,
        first=(
            *_new_contradictions(report, previous, changes, describer),
            *(item for item in corrections if item.text),
            *_new_clearances(report, previous),
            *_no_longer_sought(report, previous, clusters_by_member),
            *_resolved_contradictions(report, previous, changes, {c.id: c.name for c in clusters.clusters}),
        ),
        world=(*_newly_sought(report, previous), *(item for item in world if item.text)),
        data=(*_withdrawals_and_judgements(store, ledger), *listed),
        method=tuple(
            ChangeItem(name.replace("_", " "), f"{old} before, now {new}")
            for name in sorted({*previous.method, *method})
            if (old := previous.method.get(name, "none")) != (new := method.get(name, "none"))
        ),
        clusters=cluster_changes(changes, describer.annotated_name),
        clusters_counted=cluster_counts_sentence(changes),
        counted=tuple((name, *numbers) for name, numbers in ledger.counts.items()),
        left_out=len(data) - len(listed),
    )
    return replace(report, front=replace(report.front, changes=found))


class _ChangeDescriber:
    """Puts changes of records into words, with the names of today."""

    def __init__(
        self,
        graph: ReportGraph,
        clusters_by_member: Mapping[str, Cluster],
        previous_day: str,
        records: Sequence[RecordChange],
        named: Iterable[str],
    ) -> None:
        ids = {*named, *(node for record in records for node in (record.ends or (record.about,)))}
        nodes = {k: n for k, n in graph.store.nodes(sorted(ids)).items() if not n.protected}
        self.context = ReportContext(graph.ontology, nodes, {}, {}, graph.sources)
        self._removed_names = {
            r.about: _first_name(r.before) or r.key for r in records if r.how == "went" and not r.ends
        }
        self._clusters, self._previous_day = clusters_by_member, previous_day
        self._relatives = UnaccusedRelatives(graph, clusters_by_member)

    def is_world_change(self, change: RecordChange) -> bool:
        """Whether a change brings a date after the day of the last report."""
        properties = self._properties(change)
        new = {
            (name, raw)
            for name, raws in change.after.items()
            for raw in raws
            if name in properties and properties[name].type == "date" and raw not in change.before.get(name, ())
        }
        return any(_first_day(canonical_value(properties[name], raw)) > self._previous_day for name, raw in new)

    def is_correction(self, change: RecordChange) -> bool:
        """Whether a source replaces a value by another."""
        return change.how == "changed" and any(
            change.after.get(name) and set(raws) - set(change.after[name]) for name, raws in change.before.items()
        )

    def change_item(self, change: RecordChange) -> ChangeItem:
        """The change in words; without text if an end of a link may not be shown."""
        home = next((self._clusters[n] for n in (change.ends or (change.about,)) if n in self._clusters), None)
        what = {
            "came": "new",
            "went": "no longer reported",
            "changed": "corrected" if self.is_correction(change) else "changed",
        }
        where = (home.id, home.name) if home else ("", "")
        notes = self.notes(change.ends or (change.about,))
        return ChangeItem(what[change.how], self._change_text(change), (change.source,), *where, notes)

    def notes(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The notes about those named in an item."""
        return relative_notes(name for name in map(self.name, self._relatives.select(ids)) if name)

    def annotated_name(self, node: str) -> str:
        """The name of a node, with a note if it is a relative who is not accused."""
        return self._relatives.annotate(node, self.name(node))

    def name(self, node: str) -> str:
        """The name of a node, or its last one if it is gone; empty if it may not be shown."""
        return self.context.display_name(node) if node in self.context.nodes else self._removed_names.get(node, "")

    def _change_text(self, change: RecordChange) -> str:
        values = change.after or change.before
        if change.ends:
            known = self.context.ontology.links.get(change.type)
            if known is None or known.handling == "protected" or not set(change.ends) <= self.context.nodes.keys():
                return ""
            properties = self._properties(change)
            shown = {n: _canonical_values(properties[n], raws) for n, raws in values.items() if n in properties}
            link = Link(change.about, change.type, *change.ends, shown, (change.source,), ())
            return f"{link_sentence(self.context, link)}{self._difference_text(change)}"
        called = self.name(change.about) or _first_name(values) or change.key
        return f"{called} ({type_label(change.type)}){self._difference_text(change)}"

    def _difference_text(self, change: RecordChange) -> str:
        """What differs in a changed record: `share 51 % before, now 40 %`."""
        if change.how != "changed":
            return ""
        properties, parts = self._properties(change), list[str]()
        for name in sorted({*change.before, *change.after} & set(properties)):
            kind = properties[name]
            raws = (values.get(name, ()) for values in (change.before, change.after))
            old, new = (display_values(kind, sorted({*_canonical_values(kind, texts)})) for texts in raws)
            if old != new:
                before, now = (join_alternatives(texts) or "none" for texts in (old, new))
                parts.append(f"{property_label(name)} {before} before, now {now}")
        return f": {'; '.join(parts)}" if parts else ""

    def _properties(self, change: RecordChange) -> Mapping[str, Property]:
        try:
            return self.context.ontology.properties(change.type)
        except KeyError:
            return {}


def _first_name(values: Values) -> str:
    return next(iter(values.get("name", ())), "")


def _canonical_values(kind: Property, raws: Iterable[str]) -> tuple[str, ...]:
    """The values in their canonical form, without those that have none."""
    found = []
    for raw in raws:
        with suppress(BadValue):
            found.append(kind.clean(raw))
    return tuple(found)


def _first_day(text: str) -> str:
    try:
        return date_span(text).first.isoformat()
    except ValueError:
        return ""


def _new_contradictions(
    report: Report, previous: PreviousReport, changes: ClusterChanges, describer: _ChangeDescriber
) -> Iterator[ChangeItem]:
    """What is contradicted and was not before. A cluster that existed and is described only now brings no news."""
    known = {key[:2] for key in previous.contradictions}
    passed_over = {was.id for change in changes.changes for was in change.was} - set(previous.described)
    for section in report.clusters:
        for one in section.contradictions if section.id not in passed_over else ():
            if (one.about, one.of) not in known:
                sources = source_names(e for v in one.values for e in v.evidence)
                text = f"{one.about}: {one.of} {join_alternatives(v.value for v in one.values)}"
                notes = describer.notes(one.about_ids)
                yield ChangeItem("contradicted", text, sources, section.id, section.name, notes)


def _resolved_contradictions(
    report: Report, previous: PreviousReport, changes: ClusterChanges, names: Mapping[str, str]
) -> Iterator[ChangeItem]:
    """What is no longer contradicted, if all clusters that its cluster has become are described in full.

    The sources are those that contradicted each other.
    """
    known = {key[:2] for key in contradiction_keys(report)}
    described = {section.id for section in report.clusters}
    successors: defaultdict[str, set[str]] = defaultdict(set)
    for change in changes.changes:
        for was in change.was:
            successors[was.id] |= set(change.after[:1])
    for about, of, values, cluster, sources in previous.contradictions:
        if (about, of) not in known and successors[cluster] and successors[cluster] <= described:
            now = min(successors[cluster], key=lambda i: (i != cluster, i))
            text, reporters = f"{about}: {of} (was {values})", tuple(sources.split(", ")) if sources else ()
            yield ChangeItem("no longer contradicted", text, reporters, now, names[now])


def _new_clearances(report: Report, previous: PreviousReport) -> Iterator[ChangeItem]:
    known = set(previous.cleared)
    for person in report.everybody_cleared:
        for c in person.cleared:
            key = (person.id, clearance_key(c))
            if key not in known:
                known.add(key)
                text = f"{person.name}: cleared by {c.by}{f', {c.date}' if c.date else ''}, of {c.of}"
                yield ChangeItem("cleared", text, source_names(c.evidence), person.cluster_id, person.cluster)


def _no_longer_sought(
    report: Report, previous: PreviousReport, clusters_by_member: Mapping[str, Cluster]
) -> Iterator[ChangeItem]:
    sought = {person.id for person in report.people_sought}
    for person, name in sorted(previous.sought.items(), key=lambda pair: (pair[1], pair[0])):
        if person not in sought:
            cluster, sources = clusters_by_member.get(person), previous.sought_by.get(person, ())
            home = (cluster.id, cluster.name) if cluster else ("", "")
            yield ChangeItem("no longer wanted", f"{name}: {NO_LONGER_WANTED}", sources, *home)


def _newly_sought(report: Report, previous: PreviousReport) -> Iterator[ChangeItem]:
    for person in report.people_sought:
        if person.id not in previous.sought:
            pursuits = ((p.by, p.since or "a day that no source gives", p.paper) for p in person.pursuits)
            papers = "; ".join(f"by {by} since {since} under {paper}" for by, since, paper in pursuits)
            sources = source_names(e for p in person.pursuits for e in p.evidence)
            yield ChangeItem("sought", f"{person.name}: {papers}", sources, person.cluster_id, person.cluster)


def _withdrawals_and_judgements(store: Store, ledger: LedgerChanges) -> Iterator[ChangeItem]:
    for name in ledger.withdrawn:
        removed = ledger.counts[name][2]
        yield ChangeItem("source withdrawn", f"everything that {name} reported: {plural(removed, 'records')}", (name,))
    for judged in ledger.judged:
        what = "merged" if judged.kind == "same" else "kept apart"
        names = " and ".join(_record_name(store, ":".join(ref)) for ref in (judged.one, judged.other))
        yield ChangeItem(what, f"{names}, by {judged.by}: {judged.why} (judgement {judged.number})")
    for judged in ledger.undone:
        text = f"judgement {judged.number}, by {judged.undone_by}: {judged.undone_why}"
        yield ChangeItem("judgement withdrawn", text)


def _record_name(store: Store, ref: str) -> str:
    """`Ann Example (our-desk:p1)`, or the key alone if nothing of the node may be shown."""
    try:
        node = store.resolve(ref)
    except (NotFound, InputError):
        return ref
    found = store.nodes([node]).get(node)
    return f"{display_name(found)} ({ref})" if found and not found.protected else ref
