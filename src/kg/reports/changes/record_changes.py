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
from kg.findings.valuation import value_properties
from kg.ontology import Ontology, Property
from kg.ontology.values import date_span
from kg.ontology.words import type_label
from kg.records import JURISDICTION_NAMESPACE, Link, Node
from kg.reports.changes.differences import (
    Difference,
    differences,
    labels_of,
    newest_valuation,
    plain_differences,
    readable_values,
)
from kg.reports.changes.neighbourhood import Neighbourhood
from kg.reports.changes.other_sources import OtherSources
from kg.reports.cluster_report.changes import (
    DIED,
    LEADING,
    NEW,
    ChangeItem,
    ClusterReference,
    SourceReference,
    ValueChange,
)
from kg.reports.cluster_report.deadlines import DEADLINE_PROPERTIES
from kg.reports.cluster_report.sections.pursuits import UnaccusedRelatives, relative_notes
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.names import NAME_PROPERTIES
from kg.reports.terms import OMITTED_PROPERTIES, display_values, join_alternatives, link_sentence, property_label

NOT_DESCRIBED = "an entity that no source describes"
MERGED = "{} (merged)"
MAX_NAMES = 3

ENFORCEMENT_TRAITS = ("pursuit", "accusation", "procedure", "proceeds")
"""Traits of links that lead to acts of authorities."""

ASSET_TRAITS = ("ownership", "control", "benefit", "encumbrance", "payment", "stewardship", "indirect")
"""Traits of links that say who has what, and who paid whom."""

ALSO_REPORTED = "also reported"
REASONS = {"came": NEW, "went": "no longer reported", "changed": "changed"}
STILL_REPORTED = "still reported"
"""What happened to a fact that one source no longer reports, and others do."""

TERMS = frozenset(("due_on", "expires_on"))
"""Days that are named before they come; any other day of an act that is still to come says that it is not done."""

NOT_COME = " (that day has not come)"
"""Follows a payment or other event of which the day is to come."""

SECONDARY = ("kind", "ownership_type")
"""Enumerated properties that say what a thing is, and not how far it has come."""


class DescribedChange(NamedTuple):
    """A change in words, the group that it belongs to, and the subjects on which it bears."""

    group: str
    item: ChangeItem
    subjects: tuple[str, ...]
    moves_assets: bool = False
    """Whether it may change the enforcement status of the assets on which it bears."""
    moves_values: bool = False
    """Whether it says otherwise what the node that it is about is worth."""


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
        self._nodes, self._namesakes = dict[str, Node](), dict[str, str]()
        self.context = ReportContext(graph.ontology, self._nodes, {}, {}, graph.sources, namesake_notes=self._namesakes)
        self.look_up([*named, *(node for record in records for node in record.nodes)])
        self._removed = {r.about: r for r in records if r.how == "went" and r.ends is None}
        self._end_keys = {node: key for record in records for node, key in record.end_keys.items()}
        self._others = OtherSources(graph, records)
        self._relatives = UnaccusedRelatives(graph, clusters_by_member)
        self._groups, self._payments = _NodeGroups(graph.ontology), graph.ontology.with_trait("payment")

    def look_up(self, ids: Iterable[str]) -> None:
        """Read the names of nodes, and on which subjects they bear."""
        ids = sorted({*ids} - self.subjects.keys())
        self.subjects |= {node: self._neighbourhood.subjects_of(node) for node in ids}
        missing = {*ids, *(s for node in ids for s in self.subjects[node])} - self._nodes.keys()
        found = {k: n for k, n in self._graph.store.nodes(sorted(missing)).items() if not n.protected}
        self._nodes |= found
        self._namesakes |= self._graph.namesake_notes(found.values())

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
            elif labels := labels_of(plain_differences(record.provenance_before, record.provenance_after)):
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
        leads: bool = False,
    ) -> ChangeItem:
        """One item, with the clusters of its subjects, the titles of its sources, and notes about those it names.

        It leads if what happened is one of LEADING, too.
        """
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
            leads=leads or what in LEADING,
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
        values = tuple(differences(known, change))
        if change.how == "changed" and not (values or change.type_before or change.ends_before):
            return None
        others = self._others.still_report(change) if change.how == "went" else ()
        what, values = self._beside_other_sources(change, known, values, others)
        deaths = (text for v in values if v.property == "death_date" for text in v.now)
        if what in (REASONS["changed"], ALSO_REPORTED) and self.date_reached(deaths):
            what = DIED
        text, named, told = (self._link_told if change.ends else self._node_told)(change, known, values)
        parts = [value.phrase(known.get(value.property), change.how) for value in told]
        if change.type_before or change.ends_before:
            parts.insert(0, self._text_before(change))
        if change.how == "went":
            parts = parts if others else []
        elif self._is_to_come(change, known):
            text += NOT_COME
        if what == STILL_REPORTED:
            parts = [f"{' and '.join(others)} still {'says' if len(others) == 1 else 'say'} so"]
        if change.ends and change.type in self._payments:
            text += self._crossing(*change.ends)
        subjects = self.subjects_of(change.nodes)
        is_fact = change.ends is not None or self._groups.is_fact(change.type)
        item = self.item(
            what,
            f"{text}: {'; '.join(parts)}" if parts else text,
            [change.source],
            subjects,
            about=named,
            links=(change.about,) if change.ends else (),
            on=self._day_in_world(change, known, always=is_fact),
            recorded=change.day,
            values=tuple(ValueChange(v.label, v.before, v.now) for v in values),
            leads=any(v.property in DEADLINE_PROPERTIES.values() and v.before and v.now for v in values),
        )
        ontology = self.context.ontology
        worth = value_properties(ontology, change.type) if change.type in ontology.nodes else ()
        moves_values = any(v.property in worth for v in values)
        moves_assets = self.moves_assets(change.type, change.nodes)
        group = "enforcement" if what == DIED else self.group_of(change.type)
        return DescribedChange(group, item, subjects, moves_assets, moves_values)

    def _link_told(
        self, change: RecordChange, known: Mapping[str, Property], values: Sequence[Difference]
    ) -> tuple[str, tuple[str, ...], Sequence[Difference]]:
        """A link in words, the nodes that these name, and what to tell beside: of a new one, what these leave out."""
        left_out = (v for v in values if v.property not in known or v.property in OMITTED_PROPERTIES)
        return self._link_text(change), change.nodes, tuple(left_out) if change.how == "came" else values

    def _node_told(
        self, change: RecordChange, known: Mapping[str, Property], values: Sequence[Difference]
    ) -> tuple[str, tuple[str, ...], Sequence[Difference]]:
        """A node in words, the nodes that these name, and the values to tell beside: a new one has its name."""
        called = self.name(change.about) if change.about in self._nodes else self._last_name(change)
        kinds = change.after.get("kind", ()) or change.before.get("kind", ())
        text, named = self.node_text(called, change.type, kinds, change.about)
        if "sent_to" in known and not any(v.property == "sent_to" for v in values):
            asked = display_values(known["sent_to"], known["sent_to"].texts_of(change.after.get("sent_to", ())))
            text += f", sent to {join_alternatives(asked)}" if asked else ""
        told = [v for v in values if change.how != "came" or self._told_apart(change, v.now) != (called,)]
        return text, named, told

    def _text_before(self, change: RecordChange) -> str:
        """What a link or node was before, where its type or its ends differ."""
        if not change.ends:
            return f"{type_label(change.type_before)} before, now {type_label(change.type)}"
        kind, ends = change.type_before or change.type, change.ends_before or change.ends
        before = replace(change, how="went", type=kind, ends=ends, type_before="", ends_before=None)
        return f"before, {self._link_text(before)}"

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
            dict.fromkeys(v for c in changes for v in plain_differences(c.provenance_before, c.provenance_after))
        )
        several = len({v.label for v in values}) < len(values)
        labels = " and ".join(labels_of(values))
        said = f"{labels} differs" if several else "; ".join(v.phrase(None, "changed") for v in values)
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
        kept = {"came": change.after, "went": change.before}.get(change.how)
        if kept is None:
            kept = {n: raws for n, raws in change.after.items() if {*raws} == {*change.before.get(n, ())}}
        shown = {n: tuple(sorted({*known[n].texts_of(raws)})) for n, raws in kept.items() if n in known}
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
        if change.how != "changed":
            return REASONS[change.how]
        new = {n for n in known if change.after.get(n) and not {*change.after[n]} <= {*change.before.get(n, ())}}
        steps = [n for n in sorted(new) if known[n].values and n not in SECONDARY and len(change.after[n]) == 1]
        acts = [n for n in new if n.endswith("_on") and known[n].type == "date" and not change.before.get(n)]
        reached = [(day, n) for n in acts if (day := self.date_reached(known[n].texts_of(change.after[n])))]
        if steps and (reached or TERMS.issuperset(acts)):
            return change.after[steps[0]][0].replace("_", " ")
        if "end_date" in new and not change.before.get("end_date"):
            end = known["end_date"].texts_of(change.after["end_date"])
            return "ended" if self.date_reached(end) else REASONS["changed"]
        if change.ends and undated_end(change.after) and not undated_end(change.before):
            return "ended, day unknown"
        return property_label(max(reached)[1]) if reached else REASONS["changed"]

    def _is_to_come(self, change: RecordChange, known: Mapping[str, Property]) -> bool:
        """Whether it is an event, such as a payment, and each day of its record is after that of the report."""
        links = self.context.ontology.links
        if change.type not in links or not links[change.type].event:
            return False
        days = known["date"].texts_of(change.after.get("date", ())) if "date" in known else ()
        return bool(days) and not self.date_reached(days)

    def _told_apart(self, change: RecordChange, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.context.told_apart(change.about, name) for name in names)

    def _beside_other_sources(
        self,
        change: RecordChange,
        known: Mapping[str, Property],
        values: tuple[Difference, ...],
        others: Sequence[str],
    ) -> tuple[str, tuple[Difference, ...]]:
        """What happened, and what differs, beside what other sources say; `others`: those that say it still."""
        if change.how == "came" and self._others.knew(change):
            values = tuple(self._beside_others(change, known, values)) if change.ends is None else values
            return REASONS["changed"] if any(v.before for v in values) else ALSO_REPORTED, values
        if others:
            values = () if change.ends else tuple(self._without_others(change, known, values))
            return REASONS["went"] if values else STILL_REPORTED, values
        return self._what(change, known), values

    def _beside_others(
        self, change: RecordChange, known: Mapping[str, Property], found: Iterable[Difference]
    ) -> Iterator[Difference]:
        """What a source newly says of a node beside what others said of it; a newer valuation beside the last one."""
        stated = self._others.values_before(change)
        for one in found:
            prop, raws = known.get(one.property), stated.get(one.property, ())
            before = readable_values(prop, raws)
            now = tuple(text for text in one.now if text not in before)
            last: tuple[str, ...] = ()
            if prop and prop.type == "valuation":
                when, last = newest_valuation(prop, raws)
                last = last if newest_valuation(prop, change.after[one.property])[0] > when else ()
            if now:
                yield one._replace(before=last, now=now)

    def _without_others(
        self, change: RecordChange, known: Mapping[str, Property], found: Iterable[Difference]
    ) -> Iterator[Difference]:
        """What a source no longer says of a node and no other source says."""
        stated = self._others.values_left(change)
        for one in found:
            left = readable_values(known.get(one.property), stated.get(one.property, ()))
            if gone := tuple(text for text in one.before if text not in left):
                yield one._replace(before=gone)

    def _day_in_world(self, change: RecordChange, known: Mapping[str, Property], *, always: bool) -> str:
        """The latest date that the change brings and that has come; of a new person or asset, one of these days."""
        links = self.context.ontology.links
        is_statement = change.type in links and links[change.type].is_holding
        dates = [
            text
            for name, prop in known.items()
            if prop.type == "date" and change.how != "went" and not (name == "date" and is_statement)
            for text in {*prop.texts_of(change.after.get(name, ()))} - {*prop.texts_of(change.before.get(name, ()))}
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


def _first_day(text: str) -> str:
    try:
        return date_span(text).first.isoformat()
    except ValueError:
        return ""
