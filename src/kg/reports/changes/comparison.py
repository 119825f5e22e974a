"""What is different from the last report, and why?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.errors import InputError, NotFound
from kg.findings import Cluster, ClusterChanges, Clusters, LedgerChanges
from kg.findings.counts import plural
from kg.ports import Store
from kg.records import Judgement, Ref
from kg.reports.changes.cluster_changes import changed_member_ids, cluster_changes, cluster_counts_sentence
from kg.reports.changes.contradictions import new_contradictions, resolved_contradictions
from kg.reports.changes.dates_reached import dates_reached
from kg.reports.changes.descriptions import description_differences
from kg.reports.changes.enforcement import (
    ValueEffect,
    asset_statuses,
    remaining_restraints,
    status_effects,
    value_effects,
    value_movements,
)
from kg.reports.changes.exhibits import exhibit_changes, with_versions
from kg.reports.changes.former_ids import Successors, with_present_ids
from kg.reports.changes.neighbourhood import Neighbourhood
from kg.reports.changes.previous_report import PreviousReport, clearance_key
from kg.reports.changes.record_changes import REASONS, STILL_REPORTED, ChangeDescriber, DescribedChange
from kg.reports.cluster_report.changes import (
    CHANGE_GROUPS,
    NEW,
    TRANSFERRED,
    ChangeGroup,
    ChangeItem,
    ReportChanges,
)
from kg.reports.cluster_report.model import ClusterSection, Report
from kg.reports.cluster_report.sections.pursuits import all_last_words, voices
from kg.reports.context import ReportGraph
from kg.reports.entries import LinkStatement
from kg.reports.evidence import source_names
from kg.reports.names import display_name

FIRST_REMOVED = 3
"""How many things that went with a source are named beside its withdrawal."""

CLEARANCE_LABELS = {"stage", "date", "said by", "end reason", "ended"}
"""What a sentence about a clearance tells already."""

MOVED_AWAY = "moved_away"
"""The red flag of a transfer."""

MAX_HOLDERS_TOLD = 2
"""Holders of an asset that are named beside what was done about it."""

MEASURE_OVER = ("lifted", "lapsed")
"""What a change of a measure is called that is over."""

RECORDS_GONE = "what it was about is no longer recorded, or recorded otherwise"
SOURCE_GONE = "a source that reported a warrant, notice or list entry was withdrawn: {}"
NO_LONGER_WANTED = "every warrant, notice and list entry has been withdrawn, executed or has expired"


class ChangeInputs(NamedTuple):
    """What is known of the time since the last report."""

    ledger: LedgerChanges
    clusters: ClusterChanges
    successors: Successors
    """What the nodes of the last report have become."""
    neighbourhood: Neighbourhood
    """What bears on a cluster or a person sought, now or in the last report."""
    method: Mapping[str, str]
    """How the clusters are found now, as in `PreviousReport.method`."""
    limit: int
    """How many clusters are described in full."""
    exhibits: Mapping[str, str]
    """What `exhibit_problems` gives now."""
    sections_before: Callable[[], Mapping[str, ClusterSection]]
    """Gives the sections of the last report by cluster; none if they cannot be read."""


def add_changes(
    graph: ReportGraph, report: Report, clusters: Clusters, previous: PreviousReport, inputs: ChangeInputs
) -> Report:
    """The same report, with what is different from the previous one on its first page."""
    previous = with_present_ids(previous, inputs.successors)
    ledger, changes, method = inputs.ledger, inputs.clusters, inputs.method
    named = {member for change in changes.changes for member in changed_member_ids(change)}
    named |= {i for section in report.clusters for one in section.contradictions for i in one.about_ids}
    named |= previous.sought_now
    days = previous.day, report.date
    describer = ChangeDescriber(graph, inputs.neighbourhood, clusters.by_member(), ledger.records, days, named)
    gone = {*ledger.withdrawn, *(previous.sources.keys() - {source.name for source in report.sources})}
    records = list(with_versions(graph, list(describer.describe(ledger.records))))
    clearances, records = _join_clearances(list(_new_clearances(graph, report, previous, describer)), records)
    found = [
        *_newly_sought(report, previous, describer),
        *_no_longer_sought(report, previous, describer, gone),
        *clearances,
        *records,
        *dates_reached(graph, inputs.neighbourhood, describer, ledger),
        *_withdrawals(report, previous, ledger, describer, records),
        *judgement_changes(graph.store, ledger, describer),
        *new_contradictions(report, previous.contradictions, previous.described, changes, describer),
        *resolved_contradictions(report, previous.contradictions, changes, describer),
    ]
    assets = asset_statuses(report)
    found = _with_status_effects(status_effects(previous.assets, assets), describer, found)
    found = _with_value_effects(value_effects(previous.assets, assets), describer, found)
    found = _with_remaining_restraints(graph, found, report.date)
    found = [change._replace(group="withdrawn") if _is_of_sources(change, gone) else change for change in found]
    found = list(_with_holders(graph, report, describer, found))
    found += exhibit_changes(graph, previous.exhibits, inputs.exhibits, describer)
    told = {cluster.id for change in found for cluster in change.item.clusters}
    told |= {i for change in changes.changes if change.has_changes for i in (*change.before, *change.after)}
    unexplained = [section for section in report.clusters if section.id not in told]
    found += description_differences(unexplained, inputs.sections_before() if unexplained else {}, describer)
    found = _with_transfers(report, found)
    groups = (ChangeGroup(key, title, _items_of(key, found)) for key, title in CHANGE_GROUPS)
    described = ReportChanges(
        since=previous.day,
        version=previous.version,
        groups=tuple(group for group in groups if group.items),
        values=value_movements(previous.totals, report.front.apart) if previous.limit == inputs.limit else (),
        clusters=cluster_changes(
            changes, describer.annotated_name, ledger, {i.name: i.title for i in report.indicators}
        ),
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
    return (
        item.what in (REASONS["went"], STILL_REPORTED)
        and not item.effects
        and {s.name for s in item.sources} <= {*gone}
    )


def _items_of(group: str, found: Iterable[DescribedChange]) -> tuple[ChangeItem, ...]:
    """The items of a group: those that lead first, then what happened last."""
    items = [change.item for change in found if change.group == group]
    items.sort(key=lambda item: item.on, reverse=True)
    return tuple(sorted(items, key=lambda item: not item.leads))


def _with_status_effects(
    effects: Mapping[str, str], describer: ChangeDescriber, found: Iterable[DescribedChange]
) -> list[DescribedChange]:
    """The same changes, where those of measures say what became of assets; an item for each other such asset."""
    left, done = dict(effects), list[DescribedChange]()
    for change in found:
        about = change.item.about if change.item.links else change.subjects
        on = [asset for asset in change.subjects if asset in effects and asset in about] if change.moves_assets else []
        told = tuple(effects[asset] for asset in on)
        item = replace(change.item, effects=told, leads=True) if on else change.item
        done.append(change._replace(item=item))
        for asset in on:
            left.pop(asset, None)
    for asset, text in left.items():
        item = describer.item("status", text, (), [asset], about=[asset], leads=True)
        done.append(DescribedChange("enforcement", item, (asset,)))
    return done


def _with_value_effects(
    effects: Mapping[str, ValueEffect], describer: ChangeDescriber, found: Iterable[DescribedChange]
) -> list[DescribedChange]:
    """The same changes, where the first of an asset's value says what became of it; an item for each other asset."""
    left, done = dict(effects), list[DescribedChange]()
    for change in found:
        item = change.item
        if change.moves_values and (effect := left.pop(item.about[0], None)):
            item = replace(item, effects=(*item.effects, effect.text), leads=item.leads or effect.is_large)
        done.append(change._replace(item=item))
    for asset, (text, is_large) in left.items():
        item = describer.item("value", text, (), [asset], about=[asset], leads=is_large)
        done.append(DescribedChange("assets", item, (asset,)))
    return done


def _with_transfers(report: Report, found: Sequence[DescribedChange]) -> list[DescribedChange]:
    """The same changes, where a title that ended and the one that followed are one: the red flag of both says so."""
    done = list(found)
    signs = (sign for section in report.clusters for sign in section.signs if sign.indicator == MOVED_AWAY)
    flags = ((sign.title, one) for sign in signs for one in sign.seen)
    for title, flag in flags:
        links = {link.id for link in flag.because}
        on = [change for change in done if change.group == "assets" and not links.isdisjoint(change.item.links)]
        gave, got = ([change for change in on if change.item.what == what] for what in ("ended", NEW))
        if len(gave) == len(got) == 1:
            one, other = gave[0].item, got[0].item
            item = replace(
                one,
                what=TRANSFERRED,
                text=f"{one.text}; {other.text}",
                effects=(*one.effects, *other.effects, f"{title}: {flag.says}"),
                notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
                about=tuple(dict.fromkeys((*one.about, *other.about))),
                links=(*one.links, *other.links),
                sources=tuple(dict.fromkeys((*one.sources, *other.sources))),
                values=(*one.values, *other.values),
                records=one.records + other.records,
                leads=True,
            )
            done[done.index(gave[0])] = gave[0]._replace(item=item, group="enforcement")
            done.remove(got[0])
    return done


def _with_remaining_restraints(graph: ReportGraph, found: Sequence[DescribedChange], day: str) -> list[DescribedChange]:
    """The same changes, where those of measures that are over say which measures about their assets are in force."""
    over = [change.subjects if change.moves_assets and change.item.what in MEASURE_OVER else () for change in found]
    if not any(over):
        return list(found)
    stays = remaining_restraints(graph, (subject for subjects in over for subject in subjects), day)
    told = (tuple(stays[subject] for subject in subjects if subject in stays) for subjects in over)
    return [
        change._replace(item=replace(change.item, effects=(*change.item.effects, *more), leads=True))
        if more
        else change
        for change, more in zip(found, told, strict=True)
    ]


def _join_clearances(
    clearances: Sequence[DescribedChange], records: Sequence[DescribedChange]
) -> tuple[list[DescribedChange], list[DescribedChange]]:
    """Clearances with what their records say, and the other records: one clearance is one item."""
    joined, left = list[DescribedChange](), list(records)
    for change in clearances:
        same = [r for r in left if r.item.what == "cleared" and _is_of_clearance(r, *change.item.about)]
        same = [r for r in same if r.item.sources == change.item.sources] if len(same) > 1 else same
        if len(same) == 1:
            (record,) = same
            left.remove(record)
            item = replace(change.item, recorded=record.item.recorded, values=record.item.values)
            joined.append(change._replace(item=item))
        else:
            joined.append(change)
    return joined, left


def _is_of_clearance(change: DescribedChange, person: str, of: str) -> bool:
    """Whether a change of a record says nothing but that a person is cleared of an offence, or under a paper."""
    item = change.item
    is_about = {*item.about} == {person, of} if item.links else item.about[:1] == (of,) and person in change.subjects
    return is_about and {value.label for value in item.values} <= CLEARANCE_LABELS


def _with_holders(
    graph: ReportGraph, report: Report, describer: ChangeDescriber, found: Sequence[DescribedChange]
) -> Iterator[DescribedChange]:
    """The same changes, where those of measures and requests say who holds the assets that they name."""
    held_by = {asset.id: asset.held_by[:MAX_HOLDERS_TOLD] for section in report.clusters for asset in section.assets}
    untold = [_holders_untold(change, held_by) if change.group == "enforcement" else () for change in found]
    ends = graph.store.links_by_id(sorted({link.id for links in untold for link in links}))
    describer.look_up({end for link in ends.values() for end in (link.source_id, link.target_id)})
    for change, links in zip(found, untold, strict=True):
        item = change.item
        named = (end for link in links if link.id in ends for end in (ends[link.id].source_id, ends[link.id].target_id))
        notes = (*item.notes, *(link.text for link in links), *describer.notes(named))
        yield change._replace(item=replace(item, notes=tuple(dict.fromkeys(notes)))) if links else change


def _holders_untold(
    change: DescribedChange, held_by: Mapping[str, Sequence[LinkStatement]]
) -> tuple[LinkStatement, ...]:
    """The links by which the assets that a change names are held, without those that it tells of."""
    links = (link for asset in change.item.about for link in held_by.get(asset, ()))
    return tuple(link for link in links if link.id not in change.item.links)


def _new_clearances(
    graph: ReportGraph, report: Report, previous: PreviousReport, describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """Each with who goes on to accuse the person of the same."""
    known = set(previous.cleared)
    for person in report.everybody_cleared:
        for c in person.cleared:
            key = clearance_key(person.id, c)
            if key not in known:
                known.add(key)
                text = f"{person.name}: cleared by {c.by}{f', {c.date}' if c.date else ''}, of {c.of}"
                text += f"; still accused of it by {by}" if (by := _accusers_left(graph, person.id, c.of_id)) else ""
                sources, about = source_names(c.evidence), (person.id, c.of_id)
                item = describer.item("cleared", text, sources, [person.id], about=about, on=c.date)
                yield DescribedChange("enforcement", item, (person.id,))


def _accusers_left(graph: ReportGraph, person: str, offence: str) -> str:
    """Who goes on to accuse somebody of what another clears them of."""
    return voices(all_last_words(graph, [offence])[offence].accusing.get(person, ()))


def _no_longer_sought(
    report: Report, previous: PreviousReport, describer: ChangeDescriber, gone: Collection[str]
) -> Iterator[DescribedChange]:
    """`gone`: sources that were withdrawn or erased."""
    sought = {person.id for person in report.people_sought}
    for person, name in sorted(previous.sought.items(), key=lambda pair: (pair[1], pair[0])):
        if sought.isdisjoint(now := previous.successors[person]):
            sources = previous.sought_by.get(person, ())
            withdrawn = ", ".join(source for source in sources if source in gone)
            called = describer.name(now[0]) if now[0] in describer.context.nodes else name
            text = f"{called}: {SOURCE_GONE.format(withdrawn) if withdrawn else NO_LONGER_WANTED}"
            item = describer.item("no longer wanted", text, sources, now, about=now)
            yield DescribedChange("withdrawn" if withdrawn else "enforcement", item, now)


def _newly_sought(report: Report, previous: PreviousReport, describer: ChangeDescriber) -> Iterator[DescribedChange]:
    known = previous.sought_now
    for person in report.people_sought:
        if person.id not in known:
            pursuits = ((p.by, p.since or "a day that no source gives", p.paper) for p in person.pursuits)
            papers = "; ".join(f"by {by} since {since} under {paper}" for by, since, paper in pursuits)
            sources = source_names(e for p in person.pursuits for e in p.evidence)
            since = describer.date_reached(p.since for p in person.pursuits if p.since)
            text = f"{person.name}: {papers}"
            item = describer.item("wanted", text, sources, [person.id], about=[person.id], on=since)
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
    """`; until then: Ann Example owns Flat 9, 10 %; and 4 more records`: what no source but a withdrawn one reported.

    What is about measures and accusations comes first.
    """
    gone = [change for change in records if {s.name for s in change.item.sources} == {source}]
    lost = sorted((c for c in gone if c.item.what == REASONS["went"]), key=lambda c: c.group != "enforcement")
    items = [change.item for change in lost][:FIRST_REMOVED]
    kept = sum(change.item.records for change in gone if change.item.what == STILL_REPORTED)
    left = removed - kept - sum(item.records for item in items)
    more = [f"and {plural(left, 'more records')}"] if left > 0 else []
    more += [f"{plural(kept, 'records')} of what others still report"] if kept and items else []
    return f"; until then: {'; '.join([*(item.text for item in items), *more])}" if items else ""


def _source_label(name: str, previous: PreviousReport) -> str:
    title = previous.sources.get(name, "")
    return f"{title} ({name})" if title and title != name else name


def changes_of_subjects(
    graph: ReportGraph,
    neighbourhood: Neighbourhood,
    ledger: LedgerChanges,
    days: tuple[str, str],
    effects: Mapping[str, str],
    clusters_by_member: Mapping[str, Cluster],
) -> tuple[ChangeItem, ...]:
    """What changed of what bears on some subjects between two days, in the order in which a report tells it.

    `effects`: what became of assets, by id. What only the grades, pages and dates of claims are about is left out.
    """
    describer = ChangeDescriber(graph, neighbourhood, clusters_by_member, ledger.records, days)
    found = [
        *with_versions(graph, list(describer.describe(ledger.records))),
        *dates_reached(graph, neighbourhood, describer, ledger),
        *(change for change in judgement_changes(graph.store, ledger, describer) if change.subjects),
    ]
    found = _with_remaining_restraints(graph, _with_status_effects(effects, describer, found), days[1])
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
        item = describer.item(what, text, (), subjects, about=filter(None, nodes), recorded=day)
        yield DescribedChange("records", item, subjects)


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
