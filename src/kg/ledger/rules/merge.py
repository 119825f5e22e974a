"""Merge the records about one thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from kg.ontology import LinkType, Ontology, Property, handling
from kg.ontology.captions import names_by, preferred_name
from kg.ontology.handling import PROTECTED
from kg.ontology.search_words import search_words
from kg.ontology.values import date_span, identifier_key, is_placeholder, outermost_days, percent_interval
from kg.ontology.words import holding_kind
from kg.records import CREDIBILITIES, NOT_UNDERSTOOD, RELIABILITIES, UnreadValue


class SourceRecord(NamedTuple):
    """One record in force, as the projection reads it."""

    source: str
    namespace: str
    key: str
    type: str
    body: dict[str, Any]
    number: int = 0
    """Its number in the store; 0 where it has none."""


class NodeIdentifier(NamedTuple):
    """An identifier of a node: its comparable form, the property, whether it identifies, and its sources as JSON."""

    value: str
    property: str
    identifies: bool
    sources: str


class ProtectedNames(NamedTuple):
    """What the protected scope calls a node of which there are protected records, and finds it by."""

    caption: str | None
    """None where it is the same for everybody."""
    search_words: str
    """Of all its names; empty where protected records add none."""
    identifiers: tuple[str, ...]
    """Comparable forms of those that only protected records state."""


class MergedNode(NamedTuple):
    """A node as it goes into the store."""

    id: str
    type: str
    caption: str
    body: str
    protected: bool
    search_words: str
    identifiers: tuple[NodeIdentifier, ...]
    protected_names: ProtectedNames | None
    record: int = 0
    """The number of the record that alone states it, word for word; 0 for none."""


class LinkFacts(NamedTuple):
    """The numbers of a link that analyses use; `kg.view.LINK_COLUMNS` explains them."""

    share_low: float | None
    share_high: float | None
    first_day: int
    last_day: int
    reliability: int
    interest: int
    credibility: int


class MergedLink(NamedTuple):
    """A link as it goes into the store, without its ends."""

    type: str
    body: str
    protected: bool
    facts: LinkFacts
    record: int = 0
    """As in `MergedNode`."""


@dataclass(slots=True)
class _MergedValues:
    """Values gathered by property, with the sources of each."""

    properties: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    other: dict[str, set[str]] = field(default_factory=dict)
    unread: set[UnreadValue] = field(default_factory=set)

    def add(self, record: SourceRecord, known: Mapping[str, Property]) -> None:
        for name, raws in record.body.get("properties", _EMPTY).items():
            prop = known.get(name)
            for raw in raws:
                if prop is None:
                    self.other.setdefault(name, set()).add(raw)
                elif (text := prop.texts[raw]) is None:
                    self.unread.add(UnreadValue(name, name, raw, record.source))
                else:
                    self.properties.setdefault(name, {}).setdefault(text, set()).add(record.source)
        for name, raws in record.body.get("other", _EMPTY).items():
            self.other.setdefault(name, set()).update(raws)
        if NOT_UNDERSTOOD in record.body:
            self.unread.update(unread_values(record.body, record.source))

    def identifiers(self, kind: _NodeKind) -> Iterator[NodeIdentifier]:
        for name in kind.identifiers:
            for text, sources in sorted(self.properties.get(name, _EMPTY).items()):
                if key := identifier_key(text):
                    identifies = kind.known[name].identifies and not is_placeholder(key)
                    yield NodeIdentifier(key, name, identifies, canonical_json(sorted(sources)))

    def dates_by_source(self) -> Collection[Mapping[str, Sequence[str]]]:
        """The dates of a link that each source states that states any."""
        dates: dict[str, dict[str, list[str]]] = {}
        for name in _DATES:
            for text, sources in self.properties.get(name, _EMPTY).items():
                for source in sources:
                    dates.setdefault(source, {}).setdefault(name, []).append(text)
        return dates.values()

    def to_json(self) -> dict[str, Any]:
        parts: dict[str, Any] = {}
        if self.properties:
            parts["properties"] = {name: sorted(values) for name, values in self.properties.items()}
        if self.other:
            parts["other"] = {name: sorted(values) for name, values in self.other.items()}
        if self.unread:
            parts[NOT_UNDERSTOOD] = [list(value) for value in sorted(self.unread)]
        return parts


class _RecordsByAccess(NamedTuple):
    """Records about one thing: those that everybody may see, and those of the protected scope."""

    open: Sequence[SourceRecord]
    protected: Sequence[SourceRecord]

    @property
    def open_or_all(self) -> Sequence[SourceRecord]:
        """The open records; all of them when none is open."""
        return self.open or self.protected


_EMPTY: Mapping[str, Any] = {}

_DATES = ("start_date", "end_date", "date")


def merge_node(ontology: Ontology, node_id: str, records: Sequence[SourceRecord]) -> MergedNode:
    """The node that `records` (at least one) describe together, whatever their order."""
    if len(records) == 1 and not is_protected(ontology, records[0]):
        record, stated_by = records[0], canonical_json([records[0].source])
        properties, body, number = _single_body(ontology.properties(record.type), record)
        single = merge_single_node(ontology, record.type, _key_of_thing(record), properties)
        return MergedNode(
            id=node_id,
            type=record.type,
            caption=single.caption,
            body=canonical_json(body),
            protected=False,
            search_words=single.search_words,
            identifiers=tuple(NodeIdentifier(*found, stated_by) for found in single.identifiers),
            protected_names=None,
            record=number,
        )
    records_by_access = _split_by_access(ontology, records)
    types = ontology.most_specific(r.type for r in records_by_access.open_or_all)
    kind = _node_kind(ontology, types)
    open_claims, body = _merge_claims(records_by_access, kind.known)
    if len(types) > 1:
        body["types"] = list(types)
    words, protected_words = stored_words(ontology, types[0], body)
    return MergedNode(
        id=node_id,
        type=types[0],
        caption=_main_name(ontology, kind, records_by_access.open)
        or f"{types[0]} {min(map(_key_of_thing, records_by_access.open_or_all))}",
        body=canonical_json(body),
        protected=not records_by_access.open,
        search_words=words,
        identifiers=tuple(open_claims.identifiers(kind)),
        protected_names=_protected_names(ontology, open_claims, records_by_access, kind, protected_words),
    )


def stored_words(ontology: Ontology, node_type: str, body: Mapping[str, Any]) -> tuple[str, str]:
    """The search words of a node as its stored body has them: `MergedNode.search_words`, and those of its protected
    names.
    """
    types = tuple(body.get("types", ())) or (node_type,)
    properties, hidden = body.get("properties", _EMPTY), body.get(PROTECTED, _EMPTY).get("properties", _EMPTY)
    words = search_words(ontology, types, properties)
    if not hidden:
        return words, ""
    both = {name: {*properties.get(name, ()), *hidden.get(name, ())} for name in {*properties, *hidden}}
    all_words = search_words(ontology, types, both)
    return words, all_words if all_words != words else ""


def merge_link(ontology: Ontology, records: Sequence[SourceRecord]) -> MergedLink:
    """The link that `records` (at least one) describe together; all have one key and part."""
    days: list[tuple[int, int]] = []
    if len(records) == 1 and not is_protected(ontology, records[0]):
        kind, is_hidden = records[0].type, False
        _, body, number = _single_body(ontology.properties(kind), records[0])
    else:
        records_by_access = _split_by_access(ontology, records)
        kind, is_hidden = min(r.type for r in records_by_access.open_or_all), not records_by_access.open
        (claims, body), number = _merge_claims(records_by_access, ontology.properties(kind)), 0
        days = [_stated_days(dates, is_event=ontology.links[kind].event) for dates in claims.dates_by_source()]
    facts = link_facts(body.get("properties", _EMPTY), *grades(body["said"]), ontology.links[kind])
    if len(days) > 1:  # any of them may be right
        first, last = zip(*days, strict=True)
        facts = facts._replace(first_day=min(first), last_day=0 if 0 in last else max(last))
    return MergedLink(kind, canonical_json(body), is_hidden, facts, number)


def _key_of_thing(record: SourceRecord) -> str:
    """The key of what a record is about: the key that it names, as a statement about a thing does, else its own."""
    named: Sequence[str] = record.body.get("referents", (record.key,))
    return min(named)


class SingleNode(NamedTuple):
    """What follows from the properties of a node of one open record."""

    caption: str
    search_words: str
    identifiers: list[tuple[str, str, bool]]
    """Comparable forms, with the property and whether it identifies."""


def merge_single_node(
    ontology: Ontology, node_type: str, key: str, properties: Mapping[str, Sequence[str]]
) -> SingleNode:
    """What follows from canonical and sorted properties that one open record states alone."""
    kind = _node_kind(ontology, (node_type,))
    named = ""
    for name in kind.captions:
        if called := names_by(name, properties, in_full=kind.is_called_in_full):
            text = preferred_name(called, in_full=kind.is_called_in_full) if len(called) > 1 else called[0]
            named = kind.known[name].caption(text) if name in kind.known else text
            break
    identifiers = [
        (value, name, kind.known[name].identifies and not is_placeholder(value))
        for name in kind.identifiers
        if name in properties
        for text in properties[name]
        if (value := identifier_key(text))
    ]
    words = search_words(ontology, kind.types, properties)
    return SingleNode(named or f"{node_type} {key}", words, identifiers)


def single_claims(
    known: Mapping[str, Property], claims: Mapping[str, Any], source: str
) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """The canonical values of one open record, sorted, and all that it claims, from its body; without its provenance.

    Most things have one record, and sets of sources are not needed.
    """
    properties: dict[str, list[str]] = {}
    other = {name: set(raws) for name, raws in claims["other"].items()} if "other" in claims else {}
    unread = set(unread_values(claims, source)) if NOT_UNDERSTOOD in claims else set[UnreadValue]()
    for name, raws in claims.get("properties", _EMPTY).items():
        if (prop := known.get(name)) is None:
            other.setdefault(name, set()).update(raws)
            continue
        kept = prop.texts_of(raws)
        if len(kept) < len(raws):
            unread.update(UnreadValue(name, name, raw, source) for raw in raws if prop.texts[raw] is None)
        if kept:
            properties[name] = sorted(set(kept)) if len(kept) > 1 else kept
    merged: dict[str, Any] = {"properties": properties} if properties else {}
    if other:
        merged["other"] = {name: sorted(raws) for name, raws in other.items()}
    if unread:
        merged[NOT_UNDERSTOOD] = [list(value) for value in sorted(unread)]
    return properties, merged


def _single_body(
    known: Mapping[str, Property], record: SourceRecord
) -> tuple[dict[str, list[str]], dict[str, Any], int]:
    """The canonical values of one open record, the body of all of its claims, and its number if it states these word
    for word, else 0.
    """
    properties, body = single_claims(known, record.body, record.source)
    is_same = body == {part: claims for part, claims in record.body.items() if part != "said"}
    body["said"] = [provenance_of(record)]
    return properties, body, record.number if is_same else 0


def link_facts(
    properties: Mapping[str, Sequence[str]], reliability: int, credibility: int, kind: LinkType | None = None
) -> LinkFacts:
    """The numbers of a link's merged properties: the widest interval of shares and days. Grades are given."""
    shares = [percent_interval(text) for text in properties.get("share", ())]
    first, last = _stated_days(properties, is_event=kind is not None and kind.event)
    interest = holding_kind(properties).interest if kind and "interest" in kind.properties else ""
    return LinkFacts(
        share_low=float(min(s.low for s in shares)) if shares else None,
        share_high=float(max(s.high for s in shares)) if shares else None,
        first_day=first,
        last_day=last,
        reliability=reliability,
        interest=("", "legal", "beneficial").index(interest),
        credibility=credibility,
    )


def _stated_days(properties: Mapping[str, Sequence[str]], *, is_event: bool) -> tuple[int, int]:
    """The outermost days of a link by its dates; 0 where unknown.

    What lasts and has a `date` alone is stated on that day: it lasts from then on, and its end is unknown.
    """
    starts, ends, once = (properties.get(name, ()) for name in _DATES)
    if not is_event:
        starts, once = starts or (() if ends else once), ()
    return outermost_days([date_span(text) for text in (*starts, *once)], [date_span(text) for text in (*ends, *once)])


def grades(provenances: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """The best reliability and the best credibility of the open ones of some provenances."""
    visible = [said for said in provenances if said.get("handling") != PROTECTED]
    return (
        _best_grade(RELIABILITIES, [said["reliability"] for said in visible if "reliability" in said]),
        _best_grade(CREDIBILITIES, [said["credibility"] for said in visible if "credibility" in said]),
    )


def _best_grade(scale: Sequence[str], grades: Iterable[str]) -> int:
    """The position of the best grade on its scale, from 1; the last position, unknown, without grades."""
    return min([scale.index(grade) + 1 for grade in grades], default=len(scale))


def is_protected(ontology: Ontology, record: SourceRecord) -> bool:
    """Whether a record is for the protected scope alone, by its own handling code or by its link type's."""
    return handling.is_protected(ontology, record.type, record.body.get("said", _EMPTY))


def _split_by_access(ontology: Ontology, records: Sequence[SourceRecord]) -> _RecordsByAccess:
    is_hidden = [is_protected(ontology, r) for r in records]
    if not any(is_hidden):  # most often, so that it has to be fast
        return _RecordsByAccess(records, ())
    return _RecordsByAccess(
        [r for r, h in zip(records, is_hidden, strict=True) if not h],
        [r for r, h in zip(records, is_hidden, strict=True) if h],
    )


def _merge_claims(
    records_by_access: _RecordsByAccess, known: Mapping[str, Property]
) -> tuple[_MergedValues, dict[str, Any]]:
    """The open claims, and the body of all claims, with protected ones in a part of their own."""
    open_claims = _merge_values(records_by_access.open, known)
    body = open_claims.to_json()
    body["said"] = _merged_provenance(records_by_access)
    if records_by_access.protected and (values := _merge_values(records_by_access.protected, known).to_json()):
        body[PROTECTED] = values
    return open_claims, body


def _merge_values(records: Sequence[SourceRecord], known: Mapping[str, Property]) -> _MergedValues:
    claims = _MergedValues()
    for record in records:
        claims.add(record, known)
    return claims


def unread_values(body: Mapping[str, Any], source: str) -> Iterator[UnreadValue]:
    """The values of a record that could not be read."""
    return (UnreadValue(name, about, words, source) for name, about, words in body.get(NOT_UNDERSTOOD, ()))


def canonical_json(data: Any) -> str:
    """Canonical JSON: keys sorted, no white space."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()


def _merged_provenance(records_by_access: _RecordsByAccess) -> list[dict[str, Any]]:
    """The provenance of each record, sorted, so that the order of records does not matter."""
    provenances = [provenance_of(r) for r in records_by_access.open]
    provenances += ({**provenance_of(r), "handling": PROTECTED} for r in records_by_access.protected)
    return provenances if len(provenances) == 1 else sorted(provenances, key=canonical_json)


def provenance_of(record: SourceRecord) -> dict[str, Any]:
    """The provenance of a record, as a merged body has it."""
    provenance = record.body.get("said", _EMPTY)
    return {"source": record.source, "namespace": record.namespace, "key": record.key, **provenance}


def _main_name(ontology: Ontology, kind: _NodeKind, records: Iterable[SourceRecord]) -> str:
    """What records call a node; empty where none of them names it."""
    claims = [(r.source, r.body.get("said", _EMPTY), r.body.get("properties", _EMPTY)) for r in records]
    return ontology.claimed_caption(kind.types, claims)


def _protected_names(
    ontology: Ontology, open_claims: _MergedValues, records_by_access: _RecordsByAccess, kind: _NodeKind, words: str
) -> ProtectedNames | None:
    """What protected records add to the names of a node, with its search words; None where there are none.

    An open name stays its caption.
    """
    if not records_by_access.protected:
        return None
    records = [*records_by_access.open, *records_by_access.protected]
    claims, open_name = _merge_values(records, kind.known), _main_name(ontology, kind, records_by_access.open)
    open_values = {i.value for i in open_claims.identifiers(kind)}
    return ProtectedNames(
        caption=None if open_name else _main_name(ontology, kind, records) or None,
        search_words=words,
        identifiers=tuple(sorted({i.value for i in claims.identifiers(kind)} - open_values)),
    )


class _NodeKind(NamedTuple):
    """What is looked for in the properties of a node of some types."""

    types: tuple[str, ...]
    known: Mapping[str, Property]
    captions: tuple[str, ...]
    """The properties that name it, best first."""
    identifiers: tuple[str, ...]
    """The properties that are identifiers, in order."""
    is_called_in_full: bool
    """As of `Ontology`."""


@lru_cache(maxsize=1_024)
def _node_kind(ontology: Ontology, types: tuple[str, ...]) -> _NodeKind:
    known = ontology.merged_properties(types)
    return _NodeKind(
        types,
        known,
        ontology.caption_properties(types[0]),
        tuple(sorted(name for name, prop in known.items() if prop.type == "identifier")),
        ontology.is_called_in_full(types[0]),
    )
