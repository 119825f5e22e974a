"""How does a report put changed records into words?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from kg.errors import InputError, NotFound
from kg.findings import Cluster, RecordChange
from kg.findings.counts import plural
from kg.findings.statements import undated_end
from kg.ontology import Ontology, Property
from kg.ontology.values import date_span
from kg.records import JURISDICTION_NAMESPACE, Link, Node, Values
from kg.reports.changes.neighbourhood import Neighbourhood
from kg.reports.cluster_report.changes import ChangeItem, ClusterReference, SourceReference, ValueChange
from kg.reports.cluster_report.sections.pursuits import UnaccusedRelatives, relative_notes
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.names import NAME_PROPERTIES
from kg.reports.terms import (
    OMITTED_PROPERTIES,
    display_values,
    join_alternatives,
    link_sentence,
    property_label,
    type_label,
)

NOT_DESCRIBED = "an entity that no source describes"
MERGED = "{} (merged)"
MAX_NAMES = 3

ENFORCEMENT_TRAITS = ("pursuit", "accusation", "procedure", "proceeds")
"""Traits of links that lead to acts of authorities."""

ASSET_TRAITS = ("ownership", "control", "benefit", "encumbrance", "payment", "stewardship", "indirect")
"""Traits of links that say who has what, and who paid whom."""

REASONS = {"came": "new", "went": "no longer reported", "changed": "changed"}
SECONDARY = ("kind", "ownership_type")
"""Enumerated properties that say what a thing is, and not how far it has come."""


class DescribedChange(NamedTuple):
    """A change in words, the group that it belongs to, and the subjects on which it bears."""

    group: str
    item: ChangeItem
    subjects: tuple[str, ...]
    moves_assets: bool = False
    """Whether it may change the enforcement status of the assets on which it bears."""


class ChangeDescriber:
    """Puts changes of records into words, with the names of today."""

    def __init__(  # everything that a sentence may need
        self,
        graph: ReportGraph,
        neighbourhood: Neighbourhood,
        clusters_by_member: Mapping[str, Cluster],
        records: Sequence[RecordChange],
        days: tuple[str, str],
        named: Iterable[str] = (),
    ) -> None:
        """`days`: those of the last report and of this one; `named`: further nodes whose names are needed."""
        self._graph, self._neighbourhood, self._clusters, self.days = graph, neighbourhood, clusters_by_member, days
        self.subjects = dict[str, tuple[str, ...]]()
        self._nodes = dict[str, Node]()
        self.context = ReportContext(graph.ontology, self._nodes, {}, {}, graph.sources)
        self.look_up([*named, *(node for record in records for node in record.nodes)])
        self._removed = {r.about: r for r in records if r.how == "went" and r.ends is None}
        self._end_keys = {node: key for record in records for node, key in record.end_keys.items()}
        self._added_by = _sources_that_came(records)
        self._relatives = UnaccusedRelatives(graph, clusters_by_member)
        self._groups, self._payments = _NodeGroups(graph.ontology), graph.ontology.with_trait("payment")

    def look_up(self, ids: Iterable[str]) -> None:
        """Read the names of nodes, and on which subjects they bear."""
        ids = sorted({*ids} - self.subjects.keys())
        self.subjects |= {node: self._neighbourhood.subjects_of(node) for node in ids}
        missing = {*ids, *(s for node in ids for s in self.subjects[node])} - self._nodes.keys()
        self._nodes |= {k: n for k, n in self._graph.store.nodes(sorted(missing)).items() if not n.protected}

    def describe(self, records: Iterable[RecordChange]) -> Iterator[DescribedChange]:
        """Each change; what several sources say in the same words of the same nodes is one.

        Changes in the same words of other nodes, such as namesakes, are told apart by the keys of their records.
        """
        same: defaultdict[tuple[str, str, str], dict[tuple[str, ...], list[tuple[DescribedChange, str]]]]
        same = defaultdict(lambda: defaultdict(list))
        restated: defaultdict[tuple[str, tuple[str, ...]], list[RecordChange]] = defaultdict(list)
        for record in records:
            found = self._describe_one(record)
            if found:
                same[found.item.what, found.item.text, found.item.on][found.item.about].append(
                    (found, f"{record.namespace}:{record.key}")
                )
            elif labels := _labels(_plain_changes(record.provenance_before, record.provenance_after)):
                restated[record.source, labels].append(record)
        for by_nodes in same.values():
            for found_keys in by_nodes.values():
                key = found_keys[0][1] if len(by_nodes) > 1 else ""
                yield _merge([found for found, _ in found_keys], key)
        yield from (self._restated(source, changes) for (source, _), changes in restated.items())

    def item(  # noqa: PLR0913  # the fields of an item
        self,
        what: str,
        text: str,
        sources: Iterable[str] = (),
        subjects: Iterable[str] = (),
        *,
        about: Iterable[str] = (),
        links: tuple[str, ...] = (),
        on: str = "",
        recorded: str = "",
        values: tuple[ValueChange, ...] = (),
    ) -> ChangeItem:
        """One item, with the clusters of its subjects, the titles of its sources, and notes about those it names."""
        about = tuple(dict.fromkeys(about))
        homes = {c.id: c.name for s in subjects if (c := self._clusters.get(s))}
        clusters = tuple(ClusterReference(i, name) for i, name in sorted(homes.items(), key=lambda h: (h[1], h[0])))
        return ChangeItem(
            what,
            text,
            self.references(sources),
            clusters,
            on,
            recorded,
            values,
            notes=self.notes(about),
            about=about,
            links=links,
        )

    def subjects_of(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """The subjects on which some nodes bear, each once.

        What is the same in every source, such as a jurisdiction, bears on all that is linked to it: it counts only if
        none of the others bears on anything.
        """
        by_node = {node: self.subjects.get(node, ()) for node in nodes}
        own = [found for node, found in by_node.items() if found and not self._is_curated(node)]
        return tuple(dict.fromkeys(s for found in own or by_node.values() for s in found))

    def _is_curated(self, node: str) -> bool:
        known, ontology = self._nodes.get(node), self.context.ontology
        return known is not None and known.type in ontology.nodes and ontology.nodes[known.type].key is not None

    def references(self, sources: Iterable[str]) -> tuple[SourceReference, ...]:
        """Sources with their titles."""
        known = self.context.sources
        return tuple(SourceReference(s, known[s].title if s in known else "") for s in sorted(set(sources)))

    def notes(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The notes about those named in an item."""
        return relative_notes(self.name(one) for one in self._relatives.select(ids) if one in self.context.nodes)

    def annotated_name(self, node: str) -> str:
        """The name of a node, with a note if it is a relative who is not accused; empty if nothing names it."""
        if node in self.context.nodes or node in self._removed:
            return self._relatives.annotate(node, self.name(node))
        with suppress(NotFound, InputError):
            now = self._graph.store.resolve(node)
            self.look_up([now])
            return self._relatives.annotate(now, MERGED.format(self.name(now))) if now in self._nodes else ""
        return ""

    def moves_assets(self, kind: str, nodes: Iterable[str]) -> bool:
        """Whether a change of a node or link (its type, and its nodes) may change the enforcement status of assets."""
        ontology = self.context.ontology
        if kind in ontology.nodes:
            return ontology.is_a(kind, "Measure")
        types = (
            (n.type for i in nodes if (n := self._nodes.get(i))),
            (r.type for i in nodes if (r := self._removed.get(i))),
        )
        return kind in ontology.with_trait("proceeds") or any(ontology.is_a(t, "Measure") for t in chain(*types))

    def group_of(self, kind: str) -> str:
        """The group of changes that a node or link type belongs to."""
        return self._groups.of(kind)

    def name(self, node: str) -> str:
        """The name of a node, or its last one if it is gone."""
        if node in self.context.nodes:
            return self.context.display_name(node)
        if node in self._removed:
            return self._last_name(self._removed[node])
        space, _, key = self._end_keys.get(node, "").partition(":")
        if space == JURISDICTION_NAMESPACE:
            return key
        return f"{NOT_DESCRIBED} ({space}:{key})" if key else NOT_DESCRIBED

    def date_reached(self, texts: Iterable[str], after: str = "") -> str:
        """The latest of some dates that had come by the day of this report, if it is after another day."""
        found = [(first, text) for text in texts if (first := _first_day(text)) and after < first <= self.days[1]]
        return max(found)[1] if found else ""

    def _describe_one(self, change: RecordChange) -> DescribedChange | None:
        """None if what is said is the same: only who says so or the spelling differs."""
        known = self._properties(change.type)
        values = tuple(_changes(known, change))
        if change.how == "changed" and not (values or change.type_before or change.ends_before):
            return None
        parts = [_phrase(v, known.get(v.property), change.how) for v in values] if change.how != "went" else []
        subjects = self.subjects_of(change.nodes)
        if change.ends:
            text, named = self._link_text(change), change.nodes
            if change.type_before or change.ends_before:
                parts.insert(0, f"before, {self._link_text(_as_before(change))}")
        else:
            called = self.name(change.about) if change.about in self._nodes else self._last_name(change)
            kinds = change.after.get("kind", ()) or change.before.get("kind", ())
            if change.how == "came":
                parts = [part for part, value in zip(parts, values, strict=True) if value.now != (called,)]
            text, named = self.node_text(called, change.type, kinds, change.about)
            if "sent_to" in known and not any(v.property == "sent_to" for v in values):
                asked = display_values(
                    known["sent_to"], _canonical_values(known["sent_to"], change.after.get("sent_to", ()))
                )
                text += f", sent to {join_alternatives(asked)}" if asked else ""
            if change.type_before:
                parts.insert(0, f"{type_label(change.type_before)} before, now {type_label(change.type)}")
        if change.ends and change.type in self._payments:
            text += self._crossing(*change.ends)
        if change.ends and change.how == "came":
            parts = [
                p
                for p, v in zip(parts, values, strict=True)
                if v.property not in known or v.property in OMITTED_PROPERTIES
            ]
        is_fact = change.ends is not None or self._groups.is_fact(change.type)
        item = self.item(
            self._what(change, known),
            f"{text}: {'; '.join(parts)}" if parts else text,
            [change.source],
            subjects,
            about=named,
            links=(change.about,) if change.ends else (),
            on=self._day_in_world(change, known, always=is_fact),
            recorded=change.day,
            values=tuple(ValueChange(v.label, v.before, v.now) for v in values),
        )
        return DescribedChange(self.group_of(change.type), item, subjects, self.moves_assets(change.type, change.nodes))

    def _crossing(self, tail: str, head: str) -> str:
        """`, into Cluster 1 from outside`: whether a payment comes into a cluster, leaves it, or joins two."""
        homes = [self._clusters.get(node) for node in (tail, head)]
        came_from, went_to = (home.name if home else "" for home in homes)
        if came_from == went_to:
            return ""
        if came_from and went_to:
            return f", from {came_from} to {went_to}"
        return f", out of {came_from}" if came_from else f", into {went_to} from outside"

    def _restated(self, source: str, changes: Sequence[RecordChange]) -> DescribedChange:
        """Records of which only the provenance differs, as one item."""
        subjects = self.subjects_of(node for change in changes for node in change.nodes)
        values = tuple(
            dict.fromkeys(v for c in changes for v in _plain_changes(c.provenance_before, c.provenance_after))
        )
        several = len({v.label for v in values}) < len(values)
        labels = " and ".join(_labels(values))
        said = f"{labels} differs" if several else "; ".join(_phrase(v, None, "changed") for v in values)
        texts = list(dict.fromkeys(self._link_text(c) if c.ends else self.name(c.about) for c in changes))
        more = f" and {plural(len(texts) - MAX_NAMES, 'further claims')}" if len(texts) > MAX_NAMES else ""
        item = self.item(
            "restated",
            f"{'; '.join(texts[:MAX_NAMES])}{more}: {said}",
            [source],
            subjects,
            about=(node for change in changes[:MAX_NAMES] for node in change.nodes),
            links=tuple(change.about for change in changes if change.ends),
            recorded=max(c.day for c in changes),
            values=tuple(ValueChange(v.label, v.before, v.now) for v in values),
        )
        return DescribedChange("claims", item, subjects)

    def _link_text(self, change: RecordChange) -> str:
        """The link as a sentence, with what was said before and is said now."""
        ends = change.ends or ("", "")
        known = self._properties(change.type)
        names = {"came": change.after, "went": change.before}.get(change.how)
        kept = names if names is not None else _values_kept(change)
        shown = {n: _canonical_values(known[n], raws) for n, raws in kept.items() if n in known}
        if change.type not in self.context.ontology.links:
            return f"{self.name(ends[0])}: {type_label(change.type)}: {self.name(ends[1])}"
        named = ReportContext(self.context.ontology, {}, {}, {}, {}, {}, {end: self.name(end) for end in ends})
        return link_sentence(named, Link(change.about, change.type, *ends, shown, (change.source,), ()))

    def node_text(self, called: str, kind: str, kinds: Iterable[str], node: str) -> tuple[str, tuple[str, ...]]:
        """`Freeze 1 (measure: freeze), concerning 1 Long Road`, and the ids of the nodes that it names."""
        words = [k.replace("_", " ") for k in kinds if k.lower() not in called.lower()]
        text = f"{called} ({': '.join(filter(None, [type_label(kind), ' or '.join(words)]))})"
        others = [s for s in self.subjects.get(node, ()) if s != node]
        if not others:
            return text, (node,)
        more = f" and {len(others) - MAX_NAMES:,} more" if len(others) > MAX_NAMES else ""
        relation = "concerning" if self._groups.is_fact(kind) else "linked to"
        shown = others[:MAX_NAMES]
        return f"{text}, {relation} {', '.join(map(self.name, shown))}{more}", (node, *shown)

    def _what(self, change: RecordChange, known: Mapping[str, Property]) -> str:
        """One word or two for what happened: the step that was reached if there is one."""
        if change.how == "came" and change.ends is None and self._was_known(change):
            return "also reported"
        if change.how != "changed":
            return REASONS[change.how]
        new = {n for n in known if change.after.get(n) and not {*change.after[n]} <= {*change.before.get(n, ())}}
        steps = [n for n in sorted(new) if known[n].values and n not in SECONDARY and len(change.after[n]) == 1]
        if steps:
            return change.after[steps[0]][0].replace("_", " ")
        if "end_date" in new and not change.before.get("end_date"):
            return "ended"
        if change.ends and undated_end(change.after) and not undated_end(change.before):
            return "ended, day unknown"
        acts = [n for n in new if n.endswith("_on") and known[n].type == "date" and not change.before.get(n)]
        reached = [(day, n) for n in acts if (day := self.date_reached(_canonical_values(known[n], change.after[n])))]
        return property_label(max(reached)[1]) if reached else REASONS["changed"]

    def _was_known(self, change: RecordChange) -> bool:
        node = self.context.nodes.get(change.about)
        return node is not None and not set(node.sources) <= self._added_by[change.about]

    def _day_in_world(self, change: RecordChange, known: Mapping[str, Property], *, always: bool) -> str:
        """The latest date that the change brings and that has come; of a new person or asset, one of these days."""
        links = self.context.ontology.links
        is_statement = change.type in links and links[change.type].is_holding
        dates = [
            text
            for name, prop in known.items()
            if prop.type == "date" and change.how != "went" and not (name == "date" and is_statement)
            for text in {*_canonical_values(prop, change.after.get(name, ()))}
            - {*_canonical_values(prop, change.before.get(name, ()))}
        ]
        return self.date_reached(dates, "" if always else self.days[0])

    def _properties(self, kind: str) -> Mapping[str, Property]:
        ontology = self.context.ontology
        return ontology.properties(kind) if kind in ontology.nodes or kind in ontology.links else {}

    def _last_name(self, change: RecordChange) -> str:
        """The name of a node in a record: the first of the values that name nodes of its type."""
        values, ontology = change.after or change.before, self.context.ontology
        stated = ontology.stated_caption(change.type, values) if change.type in ontology.nodes else ""
        return stated or next((values[n][0] for n in NAME_PROPERTIES if values.get(n)), change.key)


class _Difference(NamedTuple):
    """What one property was and is, with its name in the ontology; that is empty if it is no property."""

    label: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    property: str = ""


class _NodeGroups:
    """Which group of changes a node or link type belongs to, by its links."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._enforcement = ontology.with_trait(*ENFORCEMENT_TRAITS)
        self._holding = ontology.with_trait(*ASSET_TRAITS)
        members = {"Person", *ontology.kinds_of("Asset")}
        facts = set[str]()
        for name in self._enforcement:
            for ends in (
                (ontology.links[name].from_, ontology.links[name].to),
                (ontology.links[name].to, ontology.links[name].from_),
            ):
                kinds, others = ({k for one in side for k in ontology.kinds_of(one)} for side in ends)
                facts |= kinds if members & others and not members & kinds else set()
        self._facts = facts - ontology.kinds_of("Party")

    def is_fact(self, kind: str) -> bool:
        """Whether a node type is of acts of authorities, such as measures and offences."""
        return kind in self._facts

    def of(self, kind: str) -> str:
        """The key of the group."""
        if kind in self._enforcement or kind in self._facts:
            return "enforcement"
        is_asset = kind in self._ontology.nodes and self._ontology.is_a(kind, "Asset")
        return "assets" if is_asset or kind in self._holding else "parties"


def _sources_that_came(records: Iterable[RecordChange]) -> Mapping[str, set[str]]:
    """By node, the sources that describe it only since the last report."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.how == "came" and record.ends is None:
            found[record.about].add(record.source)
    return found


def _merge(found: Sequence[DescribedChange], key: str) -> DescribedChange:
    """Changes in the same words as one, with the sources of all; what one source says several times is counted.

    `key`: what the sentence adds to tell it from others in the same words.
    """
    items = [change.item for change in found]
    sources = sorted({source for item in items for source in item.sources}, key=lambda source: source.name)
    times = max(sum(source in item.sources for item in items) for source in sources)
    clusters = tuple(dict.fromkeys(cluster for item in items for cluster in item.clusters))
    item = replace(
        items[0],
        text=items[0].text + (f" ({key})" if key else "") + (f" ({plural(times, 'records')})" if times > 1 else ""),
        sources=tuple(sources),
        clusters=clusters,
        recorded=max(item.recorded for item in items),
        links=tuple(dict.fromkeys(link for item in items for link in item.links)),
        records=times,
    )
    subjects = tuple(dict.fromkeys(subject for change in found for subject in change.subjects))
    return found[0]._replace(item=item, subjects=subjects)


def _labels(differences: Iterable[_Difference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(difference.label for difference in differences))


def _changes(known: Mapping[str, Property], change: RecordChange) -> Iterator[_Difference]:
    """Each property of which values differ, as people read them; then values without a property."""
    for name in sorted({*change.before, *change.after}):
        raws = [values.get(name, ()) for values in (change.before, change.after)]
        old, new = (_readable_values(known.get(name), texts) for texts in raws)
        if old != new:
            yield _Difference(property_label(name), old, new, name)
    yield from _plain_changes(change.unmapped_before, change.unmapped_after)


def _readable_values(prop: Property | None, raws: Iterable[str]) -> tuple[str, ...]:
    """Values as people read them, each once; those that have no canonical form as they are."""
    texts = {raw: prop.texts[raw] if prop else None for raw in raws}
    shown = {*display_values(prop, (t for t in texts.values() if t is not None))} if prop else set()
    return tuple(sorted(shown | {raw for raw, text in texts.items() if text is None}))


def _plain_changes(before: Values, after: Values) -> Iterator[_Difference]:
    for name in sorted({*before, *after}):
        old, new = (tuple(sorted(map(str, values.get(name, ())))) for values in (before, after))
        if old != new:
            yield _Difference(name.replace("_", " "), old, new)


def _phrase(change: _Difference, prop: Property | None, how: str) -> str:
    """`lifted 2026-11-24`, `now ended 2026-11-20`, `answer pending before, now refused`."""
    before, now = join_alternatives(change.before), join_alternatives(change.now)
    if not change.now:
        return f"{change.label} no longer given, {before} before"
    if change.before:
        return f"{change.label} {before} before, now {now}"
    if how == "changed" and change.property in ("start_date", "end_date"):
        return f"now {'began' if change.property == 'start_date' else 'ended'} {now}"
    is_date = prop is not None and prop.type == "date"
    return f"{change.label} {'' if is_date or how == 'came' else 'now '}{now}"


def _values_kept(change: RecordChange) -> Values:
    """The values that a record gave before and gives now."""
    return {n: raws for n, raws in change.after.items() if {*raws} == {*change.before.get(n, ())}}


def _as_before(change: RecordChange) -> RecordChange:
    kind, ends = change.type_before or change.type, change.ends_before or change.ends
    return replace(change, how="went", type=kind, ends=ends, type_before="", ends_before=None)


def _canonical_values(prop: Property, raws: Iterable[str]) -> tuple[str, ...]:
    """The values in their canonical form, without those that have none, sorted."""
    return tuple(sorted({text for raw in raws if (text := prop.texts[raw]) is not None}))


def _first_day(text: str) -> str:
    try:
        return date_span(text).first.isoformat()
    except ValueError:
        return ""
