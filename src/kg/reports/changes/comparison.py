"""What is different from the last report, and why?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.errors import InputError, NotFound
from kg.findings import ClusterChanges, Clusters, LedgerChanges
from kg.findings.counts import plural
from kg.ports import Store
from kg.records import Judgement, Ref
from kg.reports.changes.cluster_changes import changed_member_ids, cluster_changes, cluster_counts_sentence
from kg.reports.changes.dates_reached import dates_reached
from kg.reports.changes.descriptions import description_differences
from kg.reports.changes.enforcement import asset_statuses, status_effects, value_movements
from kg.reports.changes.former_ids import with_present_ids
from kg.reports.changes.neighbourhood import Neighbourhood
from kg.reports.changes.previous_report import PreviousReport, clearance_key, contradiction_keys, contradictions_by_id
from kg.reports.changes.record_changes import ChangeDescriber, DescribedChange
from kg.reports.cluster_report.changes import CHANGE_GROUPS, ChangeGroup, ChangeItem, ClusterReference, ReportChanges
from kg.reports.cluster_report.model import Report
from kg.reports.context import ReportGraph
from kg.reports.evidence import source_names
from kg.reports.names import display_name
from kg.reports.terms import join_alternatives

RECORDS_TOLD = re.compile(r" \(([\d,]+) records\)$")

FIRST_REMOVED = 3
"""How many things that went with a source are named beside its withdrawal."""

MAX_HOLDERS_TOLD = 2
"""Holders of an asset that are named beside what was done about it."""

RECORDS_GONE = "what it was about is no longer recorded, or recorded otherwise"
SOURCE_GONE = "a source that reported a warrant, notice or list entry was withdrawn: {}"
NO_LONGER_WANTED = "every warrant, notice and list entry has been withdrawn, executed or has expired"


class ChangeInputs(NamedTuple):
    """What is known of the time since the last report."""

    ledger: LedgerChanges
    clusters: ClusterChanges
    method: Mapping[str, str]
    """How the clusters are found now, as in `PreviousReport.method`."""
    neighbourhood: Neighbourhood
    """What bears on a cluster or a person sought, now or in the last report."""
    limit: int
    """How many clusters are described in full."""
    descriptions: Mapping[str, Mapping[str, str]]
    """What `description_digests` gives for the report."""


def add_changes(
    graph: ReportGraph, report: Report, clusters: Clusters, previous: PreviousReport, inputs: ChangeInputs
) -> Report:
    """The same report, with what is different from the previous one on its first page."""
    previous = with_present_ids(previous, graph.store)
    ledger, changes, method = inputs.ledger, inputs.clusters, inputs.method
    named = {member for change in changes.changes for member in changed_member_ids(change)}
    named |= {i for section in report.clusters for one in section.contradictions for i in one.about_ids}
    days = previous.day, report.date
    describer = ChangeDescriber(
        graph, inputs.neighbourhood, clusters.by_member(), ledger.records, days, {*named, *previous.sought}
    )
    gone = {*ledger.withdrawn, *(previous.sources.keys() - {source.name for source in report.sources})}
    records = list(describer.describe(ledger.records))
    clearances, records = _join_clearances(list(_new_clearances(report, previous, describer)), records)
    found = [
        *_newly_sought(report, previous, describer),
        *_no_longer_sought(report, previous, describer, gone),
        *clearances,
        *records,
        *dates_reached(graph, inputs.neighbourhood, describer, ledger),
        *_withdrawals(report, previous, ledger, describer, records),
        *judgement_changes(graph.store, ledger, describer),
        *_new_contradictions(report, previous, changes, describer),
        *_resolved_contradictions(report, previous, changes, describer),
    ]
    effects = status_effects(previous.assets, asset_statuses(report))
    found = _with_status_effects(effects, describer, found)
    found = [change._replace(group="withdrawn") if _is_of_sources(change, gone) else change for change in found]
    found = list(_with_holders(report, describer, found))
    told = {cluster.id for change in found for cluster in change.item.clusters}
    told |= {i for change in changes.changes if change.has_changes for i in (*change.before, *change.after)}
    found += description_differences(report, inputs.descriptions, previous.descriptions, told)
    groups = (ChangeGroup(key, title, _items_of(key, found)) for key, title in CHANGE_GROUPS)
    described = ReportChanges(
        since=previous.day,
        version=previous.version,
        groups=tuple(group for group in groups if group.items),
        values=value_movements(previous.totals, report.front.apart) if previous.limit == inputs.limit else (),
        clusters=cluster_changes(changes, describer.annotated_name),
        clusters_counted=cluster_counts_sentence(changes),
        method=tuple(
            ChangeItem(name.replace("_", " "), f"{old} before, now {new}")
            for name in sorted({*previous.method, *method})
            if (old := previous.method.get(name, "none")) != (new := method.get(name, "none"))
        ),
        counted=tuple((name, *numbers) for name, numbers in ledger.counts.items()),
    )
    return replace(report, front=replace(report.front, changes=described))


def _is_of_sources(change: DescribedChange, gone: Collection[str]) -> bool:
    """Whether a change is only that sources were withdrawn, and no asset has another enforcement status by it."""
    item = change.item
    return item.what == "no longer reported" and not item.effects and {s.name for s in item.sources} <= {*gone}


def _items_of(group: str, found: Iterable[DescribedChange]) -> tuple[ChangeItem, ...]:
    """The items of a group: those with consequences for assets first, then what happened last."""
    items = [change.item for change in found if change.group == group]
    items.sort(key=lambda item: item.on, reverse=True)
    return tuple(sorted(items, key=lambda item: not item.effects))


def _with_status_effects(
    effects: Mapping[str, str], describer: ChangeDescriber, found: Iterable[DescribedChange]
) -> list[DescribedChange]:
    """The same changes, where those of measures say what became of assets; an item for each other such asset."""
    left, done = dict(effects), list[DescribedChange]()
    for change in found:
        on = [asset for asset in change.subjects if asset in effects] if change.moves_assets else []
        item = replace(change.item, effects=tuple(effects[asset] for asset in on)) if on else change.item
        done.append(change._replace(item=item))
        for asset in on:
            left.pop(asset, None)
    for asset, text in left.items():
        done.append(DescribedChange("enforcement", describer.item("status", text, (), [asset]), (asset,)))
    return done


def _join_clearances(
    clearances: Sequence[DescribedChange], records: Sequence[DescribedChange]
) -> tuple[list[DescribedChange], list[DescribedChange]]:
    """Clearances with what their records say, and the other records: one clearance is one item."""
    joined, left = list[DescribedChange](), list(records)
    for change in clearances:
        name = change.item.text.partition(":")[0]
        same = [
            r for r in left if r.item.what == "cleared" and r.item.text.startswith(name) and len(r.item.values) == 1
        ]
        if len(same) == 1 and same[0].item.values[0].label == "stage":
            (record,) = same
            left.remove(record)
            item = replace(change.item, recorded=record.item.recorded, values=record.item.values)
            joined.append(change._replace(item=item))
        else:
            joined.append(change)
    return joined, left


def _with_holders(
    report: Report, describer: ChangeDescriber, found: Iterable[DescribedChange]
) -> Iterator[DescribedChange]:
    """The same changes, where those of measures and requests say who holds the assets that they name."""
    holders = {
        asset.id: (asset.name, tuple(link.text for link in asset.held_by[:MAX_HOLDERS_TOLD]))
        for section in report.clusters
        for asset in section.assets
    }
    people = {person.id: person.name for section in report.clusters for person in section.people}
    for change in found:
        item = change.item
        named = (holders[s] for s in change.subjects if s in holders) if change.group == "enforcement" else ()
        notes = tuple(text for name, texts in named if name in item.text for text in texts if text not in item.text)
        named_too = [person for person, name in people.items() if any(name in note for note in notes)]
        more = (n for n in (*notes, *describer.notes(named_too)) if n not in item.notes)
        yield change._replace(item=replace(item, notes=(*item.notes, *more))) if notes else change


def _new_contradictions(
    report: Report, previous: PreviousReport, changes: ClusterChanges, describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """What is contradicted and was not before. A cluster that existed and is described only now brings no news."""
    now = contradictions_by_id(report)
    known = {key[:2] for key in previous.contradictions} | {
        now[key] for key in previous.contradictions_by_id if key in now
    }
    passed_over = {was.id for change in changes.changes for was in change.was} - set(previous.described)
    for section in report.clusters:
        for one in section.contradictions if section.id not in passed_over else ():
            if (one.about, one.of) not in known:
                sources = source_names(e for v in one.values for e in v.evidence)
                text = f"{one.about}: {one.of} {join_alternatives(v.value for v in one.values)}"
                item = describer.item("contradicted", text, sources, one.about_ids)
                yield DescribedChange("contradictions", _in_cluster(item, section.id, section.name), one.about_ids)


def _resolved_contradictions(
    report: Report, previous: PreviousReport, changes: ClusterChanges, describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """What is no longer contradicted, if all clusters that its cluster has become are described in full.

    The sources are those that contradicted each other.
    """
    known = {key[:2] for key in contradiction_keys(report)}
    now_by_id = contradictions_by_id(report)
    same = {key[1:] for key in previous.contradictions_by_id if key in now_by_id}
    described = {section.id: section.name for section in report.clusters}
    successors: defaultdict[str, set[str]] = defaultdict(set)
    for change in changes.changes:
        for was in change.was:
            successors[was.id] |= set(change.after[:1])
    for about, of, values, cluster, sources in previous.contradictions:
        if (
            (about, of) not in known
            and (of, values) not in same
            and successors[cluster]
            and successors[cluster] <= described.keys()
        ):
            now = min(successors[cluster], key=lambda i: (i != cluster, i))
            text, reporters = f"{about}: {of} (was {values})", tuple(sources.split(", ")) if sources else ()
            item = describer.item("no longer contradicted", text, reporters)
            yield DescribedChange("contradictions", _in_cluster(item, now, described[now]), ())


def _in_cluster(item: ChangeItem, cluster: str, name: str) -> ChangeItem:
    return replace(item, clusters=(ClusterReference(cluster, name),))


def _new_clearances(report: Report, previous: PreviousReport, describer: ChangeDescriber) -> Iterator[DescribedChange]:
    known = set(previous.cleared)
    for person in report.everybody_cleared:
        for c in person.cleared:
            key = (person.id, clearance_key(c))
            if key not in known:
                known.add(key)
                text = f"{person.name}: cleared by {c.by}{f', {c.date}' if c.date else ''}, of {c.of}"
                item = describer.item("cleared", text, source_names(c.evidence), [person.id], on=c.date)
                yield DescribedChange("enforcement", item, (person.id,))


def _no_longer_sought(
    report: Report, previous: PreviousReport, describer: ChangeDescriber, gone: Collection[str]
) -> Iterator[DescribedChange]:
    """`gone`: sources that were withdrawn or erased."""
    sought = {person.id for person in report.people_sought}
    for person, name in sorted(previous.sought.items(), key=lambda pair: (pair[1], pair[0])):
        if sought.isdisjoint(now := previous.successors[person]):
            sources = previous.sought_by.get(person, ())
            withdrawn = ", ".join(source for source in sources if source in gone)
            text = f"{name}: {SOURCE_GONE.format(withdrawn) if withdrawn else NO_LONGER_WANTED}"
            item = describer.item("no longer wanted", text, sources, now)
            yield DescribedChange("withdrawn" if withdrawn else "enforcement", item, now)


def _newly_sought(report: Report, previous: PreviousReport, describer: ChangeDescriber) -> Iterator[DescribedChange]:
    known = {now for each in previous.successors.values() for now in each}
    for person in report.people_sought:
        if person.id not in known:
            pursuits = ((p.by, p.since or "a day that no source gives", p.paper) for p in person.pursuits)
            papers = "; ".join(f"by {by} since {since} under {paper}" for by, since, paper in pursuits)
            sources = source_names(e for p in person.pursuits for e in p.evidence)
            since = describer.date_reached(p.since for p in person.pursuits if p.since)
            item = describer.item("wanted", f"{person.name}: {papers}", sources, [person.id], on=since)
            yield DescribedChange("enforcement", item, (person.id,))


def _withdrawals(
    report: Report,
    previous: PreviousReport,
    ledger: LedgerChanges,
    describer: ChangeDescriber,
    records: Sequence[DescribedChange],
) -> Iterator[DescribedChange]:
    """Sources of which nothing is in force any more, and those that were erased; those with another title.

    `records`: the described changes of records, of which a withdrawal names the first.
    """
    for name in ledger.withdrawn:
        removed = ledger.counts[name][2]
        text = f"{_source_label(name, previous)}: everything that it reported, {plural(removed, 'records')}"
        text += _first_removed(name, records, removed)
        yield DescribedChange("sources", describer.item("source withdrawn", text, [name]), ())
    titles = {source.name: source.title for source in report.sources}
    for name, title in sorted(previous.sources.items()):
        if name not in titles:
            yield DescribedChange("sources", describer.item("source erased", _source_label(name, previous)), ())
        elif titles[name] != title:
            text = f"title of the source {name}: {title} before, now {titles[name]}"
            yield DescribedChange("claims", describer.item("changed", text, [name]), ())


def _first_removed(source: str, records: Sequence[DescribedChange], removed: int) -> str:
    """`: Ann Example owns Flat 9, 10 %; and 4 more records`: what no source but a withdrawn one reported."""
    texts = [
        change.item.text
        for change in records
        if change.item.what == "no longer reported" and {s.name for s in change.item.sources} == {source}
    ][:FIRST_REMOVED]
    left = removed - sum(_records_told(text) for text in texts)
    more = [f"and {plural(left, 'more records')}"] if left > 0 else []
    return f": {'; '.join([*texts, *more])}" if texts else ""


def _records_told(text: str) -> int:
    """How many records a sentence tells: the number at its end, if it has one."""
    found = RECORDS_TOLD.search(text)
    return int(found[1].replace(",", "")) if found else 1


def _source_label(name: str, previous: PreviousReport) -> str:
    title = previous.sources.get(name, "")
    return f"{title} ({name})" if title and title != name else name


def changes_of_subjects(
    graph: ReportGraph,
    neighbourhood: Neighbourhood,
    ledger: LedgerChanges,
    days: tuple[str, str],
    effects: Mapping[str, str],
) -> tuple[ChangeItem, ...]:
    """What changed of what bears on some subjects between two days, in the order in which a report tells it.

    `effects`: what became of assets, by id. What only the grades, pages and dates of claims are about is left out.
    """
    describer = ChangeDescriber(graph, neighbourhood, {}, ledger.records, days)
    found = [
        *describer.describe(ledger.records),
        *dates_reached(graph, neighbourhood, describer, ledger),
        *(change for change in judgement_changes(graph.store, ledger, describer) if change.subjects),
    ]
    found = _with_status_effects(effects, describer, found)
    return tuple(item for key, _ in CHANGE_GROUPS if key != "claims" for item in _items_of(key, found))


_OUTCOMES = {
    "same": "merged",
    "distinct": "kept apart",
    "unsure": "left open",
    "waits": "proposed as the same, not confirmed yet",
}
"""What each kind of judgement is called."""


def judgement_changes(store: Store, ledger: LedgerChanges, describer: ChangeDescriber) -> Iterator[DescribedChange]:
    """Judgements made and withdrawn, and those that have no effect any more, about whomever."""
    made = [
        (_OUTCOMES["waits" if j.waits else j.kind], j, j.by, _reason(j), j.confirmed or j.day) for j in ledger.judged
    ]
    undone = [("judgement withdrawn", j, j.undone_by, j.undone_why, j.undone) for j in ledger.undone]
    resting = [("judgement without effect", j, j.by, f"{_reason(j)}; {RECORDS_GONE}", "") for j in ledger.resting]
    for what, judgement, by, why, day in (*made, *undone, *resting):
        nodes = [_resolve(store, ref) for ref in (judgement.one, judgement.other)]
        describer.look_up(node for node in nodes if node)
        names = " and ".join(
            _record_name(store, ref, node) for ref, node in zip((judgement.one, judgement.other), nodes, strict=True)
        )
        subjects = describer.subjects_of(node for node in nodes if node)
        text = f"{names}, by {by}: {why} (judgement {judgement.number})"
        yield DescribedChange("records", describer.item(what, text, (), subjects, recorded=day), subjects)


def _reason(judgement: Judgement) -> str:
    if not judgement.confirmed:
        return judgement.why
    return f"{judgement.why}; confirmed by {judgement.confirmed_by}: {judgement.confirmed_why}"


def _resolve(store: Store, ref: Ref) -> str:
    """The node of a key now; empty if there is none."""
    try:
        return store.resolve(":".join(ref))
    except (NotFound, InputError):
        return ""


def _record_name(store: Store, ref: Ref, node: str) -> str:
    """`Ann Example (our-desk:p1)` as its own records name it; the key alone if nothing of the node may be shown."""
    key, found = ":".join(ref), store.nodes([node]).get(node) if node else None
    if found is None or found.protected:
        return key
    own = [c for c in store.claims([node]).get(node, ()) if (c.namespace, c.key) == tuple(ref)]
    names = [name for c in own if c.provenance.handling != "protected" for name in c.properties.get("name", ())]
    return f"{names[0] if names else display_name(found)} ({key})"
