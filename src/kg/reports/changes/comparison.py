"""What is different from the last report, and what made it so?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.findings import Cluster, Clusters, LedgerChanges, RecordChange, Story
from kg.ontology import Ontology, Property
from kg.ontology.values import BadValue, date_span
from kg.records import Link, Values
from kg.reports.changes.cluster_changes import became, counted, moved_in
from kg.reports.changes.previous_report import Memory, clearance, contradictions
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.relatives import Kin, beside
from kg.reports.cluster_report.summary import Changes, Item
from kg.reports.context import Graph, Surroundings
from kg.reports.phrases import plural
from kg.reports.terms import captions, cleaned, either, property_words, sentence, type_words

MOST = 200
"""Changes of the data that are listed; all are counted."""


Since = tuple[LedgerChanges, Story, Mapping[str, str]]
"""What the ledger has since, what became of each cluster, and how the clusters were found now."""


def changes(graph: Graph, report: Report, clusters: Clusters, before: Memory, since: Since) -> Changes:
    """Changes in the world apart from those in the data and in the method.

    What a record newly says counts as a change in the world if it brings a date after the day of the last report; all
    else was so before, and only what is known or said is different.
    """
    ledger, story, method = since
    homes = clusters.homes()
    moved = {name for change in story.changes for name in moved_in(change)}
    moved |= {i for page in report.clusters for one in page.contradictions for i in one.about_ids}
    told = _Told(graph, homes, before.day, (ledger.records, moved))
    records = sorted(ledger.records, key=lambda r: (r.day, r.source, r.key, r.part))
    world = [told.item(r) for r in records if told.in_world(r)]
    corrected = [told.item(r) for r in records if not told.in_world(r) and told.corrects(r)]
    data = [told.item(r) for r in records if not told.in_world(r) and not told.corrects(r)]
    shown = [item for item in data if item.text]
    return Changes(
        since=before.day,
        version=before.version,
        first=(
            *_contradicted(report, before, story, told),
            *(item for item in corrected if item.text),
            *_cleared(report, before, homes),
            *_resolved(report, before, story, {c.id: c.name for c in clusters.clusters}),
        ),
        world=(*_sought(report, before), *(item for item in world if item.text)),
        data=(*_sources(ledger), *_judged(ledger), *shown[:MOST]),
        method=tuple(_method(before.method, method)),
        clusters=became(story, told.name_and_standing),
        clusters_counted=counted(story),
        counted=tuple((name, *numbers) for name, numbers in ledger.counted.items()),
        left_out=max(0, len(data) - len(shown[:MOST])),
    )


class _Told:
    """Puts changes of records into words, with the names of today."""

    def __init__(
        self, graph: Graph, homes: Mapping[str, Cluster], day: str, about: tuple[Sequence[RecordChange], set[str]]
    ) -> None:
        ids = about[1] | {name for r in about[0] for name in (r.ends or (r.about,))}
        members = {m for c in homes.values() for m in (x.id for x in c.members)}
        nodes = {k: n for k, n in graph.store.nodes(sorted(ids & (members | ids))).items() if not n.protected}
        self.around = Surroundings(graph.ontology, nodes, {}, {}, graph.sources)
        self._gone = {
            r.about: either(cleaned_names(r.before)) or r.key for r in about[0] if r.how == "went" and not r.ends
        }
        self._homes, self._day = homes, day
        self._kin = Kin(graph, homes)

    @property
    def ontology(self) -> Ontology:
        """The ontology that words come from."""
        return self.around.ontology

    def in_world(self, change: RecordChange) -> bool:
        """Whether a change brings a date after the day of the last report."""
        known = self._known(change)
        new = {
            (name, raw)
            for name, raws in change.after.items()
            for raw in raws
            if name in known and known[name].type == "date" and raw not in change.before.get(name, ())
        }
        return any(_first_day(cleaned(known[name], raw)) > self._day for name, raw in new)

    def corrects(self, change: RecordChange) -> bool:
        """Whether a source takes back a value, and says another in its place."""
        return change.how == "changed" and any(
            change.after.get(name) and set(raws) - set(change.after[name]) for name, raws in change.before.items()
        )

    def item(self, change: RecordChange) -> Item:
        """The change in words; without text where an end of a link is not to be seen."""
        home = next((self._homes[n] for n in (change.ends or (change.about,)) if n in self._homes), None)
        what = {"came": "new", "went": "no longer said", "changed": "corrected" if self.corrects(change) else "changed"}
        where = (home.id, home.name) if home else ("", "")
        notes = self.notes(change.ends or (change.about,))
        return Item(what[change.how], self._text(change), (change.source,), *where, notes)

    def notes(self, ids: Iterable[str]) -> tuple[str, ...]:
        """What is to be said of those named by a line."""
        return beside(name for name in map(self.name, self._kin.among(ids)) if name)

    def name_and_standing(self, node: str) -> str:
        """What a node is called, and that it is a relative who is not accused, where it is."""
        return self._kin.called(node, self.name(node))

    def name(self, node: str) -> str:
        """What a node is called, or was when a source last said so; empty where it is not to be seen."""
        return self.around.called(node) if node in self.around.nodes else self._gone.get(node, "")

    def _text(self, change: RecordChange) -> str:
        said = change.after or change.before
        if change.ends:
            if not all(end in self.around.nodes for end in change.ends) or self._hidden(change.type):
                return ""
            link = Link(change.about, change.type, *change.ends, self._values(change, said), (change.source,), ())
            return f"{sentence(self.around, link)}{self._difference(change)}"
        called = self.name(change.about) or either(cleaned_names(said)) or change.key
        return f"{called} ({type_words(change.type)}){self._difference(change)}"

    def _hidden(self, link_type: str) -> bool:
        known = self.ontology.links.get(link_type)
        return known is None or known.handling == "protected"

    def _difference(self, change: RecordChange) -> str:
        """What a changed record says otherwise: `share 51 % before, now 40 %`."""
        if change.how != "changed":
            return ""
        known, parts = self._known(change), list[str]()
        for name in sorted({*change.before, *change.after} & set(known)):
            old, new = (_captions(known[name], said.get(name, ())) for said in (change.before, change.after))
            if old != new:
                parts.append(
                    f"{property_words(name)} {either(old) or 'not said'} before, now {either(new) or 'not said'}"
                )
        return f": {'; '.join(parts)}" if parts else ""

    def _known(self, change: RecordChange) -> Mapping[str, Property]:
        try:
            return self.ontology.properties(change.type)
        except KeyError:
            return {}

    def _values(self, change: RecordChange, said: Values) -> dict[str, tuple[str, ...]]:
        known = self._known(change)
        return {
            name: tuple(text for raw in raws if (text := _canonical(known[name], raw)))
            for name, raws in said.items()
            if name in known
        }


def cleaned_names(said: Values) -> tuple[str, ...]:
    """The first name that a record gives."""
    return tuple(said.get("name", ()))[:1]


def _canonical(kind: Property, raw: str) -> str:
    try:
        return kind.clean(raw)
    except BadValue:
        return ""


def _captions(kind: Property, raws: Iterable[str]) -> tuple[str, ...]:
    return captions(kind, sorted({text for raw in raws if (text := _canonical(kind, raw))}))


def _first_day(text: str) -> str:
    try:
        return date_span(text).first.isoformat()
    except ValueError:
        return ""


def _contradicted(report: Report, before: Memory, story: Story, told: _Told) -> Iterator[Item]:
    """What is contradicted and was not. A cluster that was there and is described only now brings no news."""
    known = {one[:2] for one in before.contradictions}
    passed_over = {was.id for change in story.changes for was in change.was} - set(before.described)
    for page in report.clusters:
        for one in page.contradictions if page.id not in passed_over else ():
            if (one.about, one.of) not in known:
                sources = sorted({s for v in one.values for e in v.evidence for s in e.sources})
                text = f"{one.about}: {one.of} {either(v.value for v in one.values)}"
                yield Item("contradicted", text, tuple(sources), page.id, page.name, told.notes(one.about_ids))


def _resolved(report: Report, before: Memory, story: Story, names: Mapping[str, str]) -> Iterator[Item]:
    """What was contradicted and is not, where all that became of its cluster is described in full.

    Its sources are those that contradicted each other.
    """
    known = {one[:2] for one in contradictions(report)}
    described = {page.id for page in report.clusters}
    became_of: defaultdict[str, set[str]] = defaultdict(set)
    for change in story.changes:
        for was in change.was:
            became_of[was.id] |= set(change.after[:1])
    for about, of, values, home, sources in before.contradictions:
        if (about, of) not in known and became_of[home] and became_of[home] <= described:
            now = min(became_of[home], key=lambda i: (i != home, i))
            said = tuple(sources.split(", ")) if sources else ()
            yield Item("no longer contradicted", f"{about}: {of} (was {values})", said, now, names[now])


def _cleared(report: Report, before: Memory, homes: Mapping[str, Cluster]) -> Iterator[Item]:
    told = set(before.cleared)
    for person in report.everybody_cleared:
        for c in person.cleared:
            key = (person.id, clearance(c))
            if key not in told:
                told.add(key)
                sources = sorted({s for e in c.evidence for s in e.sources})
                text = f"{person.name}: cleared by {c.by}{f', {c.date}' if c.date else ''}, of {c.of}"
                yield Item("cleared", text, tuple(sources), person.cluster_id, person.cluster)
    sought = {person.id for person in report.people_sought}
    for name, called in sorted(before.sought.items(), key=lambda pair: (pair[1], pair[0])):
        if name not in sought:
            where = (homes[name].id, homes[name].name) if name in homes else ("", "")
            text = f"{called}: no paper in force names this person any more"
            yield Item("no longer sought", text, tuple(before.sought_by.get(name, ())), *where)


def _sought(report: Report, before: Memory) -> Iterator[Item]:
    for person in report.people_sought:
        if person.id not in before.sought:
            papers = "; ".join(
                f"by {p.by} since {p.since or 'a day not said'} under {p.paper}" for p in person.pursuits
            )
            sources = sorted({s for p in person.pursuits for e in p.evidence for s in e.sources})
            yield Item("sought", f"{person.name}: {papers}", tuple(sources), person.cluster_id, person.cluster)


def _sources(ledger: LedgerChanges) -> Iterator[Item]:
    for name in ledger.withdrawn:
        gone = ledger.counted[name][2]
        yield Item("source withdrawn", f"everything that {name} said: {plural(gone, 'records')}", (name,))


def _judged(ledger: LedgerChanges) -> Iterator[Item]:
    for judged in ledger.judged:
        words = "are one" if judged.kind == "same" else "are two"
        names = f"{':'.join(judged.one)} and {':'.join(judged.other)}"
        yield Item("judged", f"{names} {words}, by {judged.by}: {judged.why} (judgement {judged.number})")
    for judged in ledger.undone:
        text = f"judgement {judged.number}, by {judged.undone_by}: {judged.undone_why}"
        yield Item("judgement taken back", text)


def _method(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Item]:
    for name in sorted({*before, *now}):
        old, new = before.get(name, "none"), now.get(name, "none")
        if old != new:
            yield Item(name.replace("_", " "), f"{old} before, now {new}")
