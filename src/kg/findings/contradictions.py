"""Which statements cannot all be true, for owners, paths, red flags, reports and pages alike, and in which words?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from kg.findings.counts import percent_text, rounded
from kg.findings.shares import INTERESTS, HoldingPart, Share, SourceShare, only_stated
from kg.findings.statements import stated_spans
from kg.ontology import Ontology, Property
from kg.ontology.values import (
    VALUE_TYPES,
    date_span,
    money,
    outermost_days,
    percent_interval,
    stated_sexes,
)
from kg.ontology.words import holding_kind
from kg.records import Claim, Link, Node

EXCLUSIVE = frozenset(("date", "percent", "number", "flag", "money", "valuation"))
"""Value types with one true value for each entity. Names, texts, identifiers and places may be several."""

ROUNDING = 0.5
"""Percentage points by which shares may differ, or exceed the whole, because those who state them round."""

WHOLE = 1 + ROUNDING / 100
"""Largest sum of shares, as fractions, that may be the whole."""

ORDERED_DATES = (
    ("start_date", "end_date"),
    ("birth_date", "death_date"),
    ("incorporation_date", "dissolution_date"),
    ("made_on", "ended_on"),
    ("opened_on", "closed_on"),
    ("issued_on", "expires_on"),
    ("issued_on", "ended_on"),
    ("decided_on", "ended_on"),
    ("sent_on", "answered_on"),
    ("committed_from", "committed_to"),
    ("sought_on", "ordered_on"),
    ("ordered_on", "executed_on"),
    ("ordered_on", "lifted_on"),
    ("executed_on", "returned_on"),
    ("in_force_from", "terminated_on"),
)
"""Dates of one thing of which the second cannot be before the first."""

KIND = "kind"
"""What a contradiction of types is about."""

END_TYPES = "types of the ends"
"""What a contradiction of a link's type and those of its ends is about."""

MAX_HOLDERS = 1_000
"""Most links of holders whose shares are compared when a node is described, or sent to a Neo4j."""

MAX_DAYS = 50
"""Most days, the latest first, on which the holders of one thing are compared."""

GENDER = "gender"

MAX_NAMED = 5
"""Holders that a sentence names."""

_ALWAYS = (1, date.max.toordinal())


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements about one node or link that cannot all be true."""

    about: str
    property: str
    """`kind` where types contradict each other, `types of the ends` where a link is never between such."""
    values: tuple[str, ...]
    says: str
    """The same in words."""
    earlier: str = ""
    """The property that should have the earlier of two dates; `property` has the later."""


@dataclass(frozen=True, slots=True)
class ShareExcess:
    """Shares in one thing that add up to more than 100 %, so that some of them must be wrong."""

    held: str
    interest: str
    percent: float
    """The sum of the lowest shares."""
    links: tuple[str, ...]
    owners: int


@dataclass(frozen=True, slots=True)
class ShareExcessOnDay(ShareExcess):
    """The same with who holds the shares, and the first day on which all of them hold."""

    holders: tuple[str, ...]
    day: str
    """Empty where no source dates the shares."""


@dataclass(frozen=True, slots=True)
class ShareDispute:
    """Sources that state different shares for one holder of one thing."""

    holder: str
    held: str
    said: tuple[tuple[str, Share], ...]
    """Each source by name, and the share that it states."""
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrowdedHolding:
    """A holding that a source states, and for which the stated shares of others leave nothing."""

    holder: str
    held: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatedHolding:
    """One link by which somebody holds something, as its sources state it before anything is merged.

    `shares`: by source. `certain`, `possible`: first and last day (proleptic ordinals) on which it is surely, or at
    most, in force; on the day it ends, it is not surely.
    """

    link: str
    holder: str
    held: str
    interest: str
    """The only interest that it is about; empty where it states none."""
    shares: Mapping[str, HoldingPart]
    certain: tuple[int, int] = _ALWAYS
    possible: tuple[int, int] = _ALWAYS

    @classmethod
    def of(cls, ontology: Ontology, link: Link, claims: Sequence[Claim]) -> StatedHolding:
        """The holding of a link, by its claims."""
        benefits = "benefit" in ontology.links[link.type].traits
        interest = "beneficial" if benefits else holding_kind(link.properties).interest
        return cls.from_claims((link.id, link.source_id, link.target_id), interest, claims)

    @classmethod
    def from_claims(cls, ids: tuple[str, str, str], interest: str, claims: Sequence[Claim]) -> StatedHolding:
        """`ids`: of the link, the holder and the thing held."""
        sources = sorted({claim.source for claim in claims})
        shares = {name: HoldingPart.of(c.properties for c in claims if c.source == name) for name in sources}
        dated = [days for claim in claims if (days := _claimed_days(claim))]
        certain = max((c[0] for c, _ in dated), default=_ALWAYS[0]), min((c[1] for c, _ in dated), default=_ALWAYS[1])
        possible = min((p[0] for _, p in dated), default=_ALWAYS[0]), max((p[1] for _, p in dated), default=_ALWAYS[1])
        return cls(*ids, interest, shares, certain, possible)


def contradict(known: Property, values: Sequence[str]) -> bool:
    """Whether canonical values of one property of one thing cannot all be true."""
    if known.type not in EXCLUSIVE or len(values) < 2:
        return False
    if known.type == "percent":
        spans = [percent_interval(text) for text in values]
        return float(max(s.low for s in spans)) > float(min(s.high for s in spans)) + ROUNDING
    if known.type == "money":  # amounts in several currencies may be one
        amounts = {money(text) for text in values}
        return len(amounts) > len({amount.currency for amount in amounts})
    return any(not VALUE_TYPES[known.type].same(a, b) for a, b in combinations(values, 2))


def find_contradictions(
    known: Mapping[str, Property], about: str, properties: Mapping[str, Sequence[str]], types: Sequence[str] = ()
) -> Iterator[Contradiction]:
    """What canonical values, and the types claimed, of one node or link contradict.

    `types`: where they are not all in one line of inheritance.
    """
    if len(types) > 1:
        yield Contradiction(about, KIND, tuple(types), f"{KIND} {stated_as(types)}")
    for name in sorted(name for name in properties if name in known):
        if contradict(known[name], properties[name]) or (name == GENDER and len(stated_sexes(properties[name])) > 1):
            captions = [VALUE_TYPES[known[name].type].caption(text) for text in sorted(properties[name])]
            says = f"{_label(name)} {stated_as(captions)}"
            yield Contradiction(about, name, tuple(sorted(properties[name])), says)
    for first, last in ORDERED_DATES:
        if not (first in known and last in known and properties.get(first) and properties.get(last)):
            continue
        start = max(properties[first], key=lambda text: date_span(text).first)
        end = min(properties[last], key=lambda text: date_span(text).last)
        if date_span(start).first > date_span(end).last:
            says = f"{_label(first)} {start} is after {_label(last)} {end}"
            yield Contradiction(about, last, (start, end), says, first)


def link_contradictions(ontology: Ontology, link: Link, ends: Mapping[str, Node]) -> Iterator[Contradiction]:
    """What the values of a link, and the types of its ends, contradict. `ends`: nodes by id, with those of the link."""
    yield from find_contradictions(ontology.properties(link.type), link.id, link.properties)
    if (tail := ends.get(link.source_id)) and (head := ends.get(link.target_id)):
        yield from end_contradictions(ontology, link.type, link.id, *(n.types or (n.type,) for n in (tail, head)))


def end_contradictions(
    ontology: Ontology, link_type: str, about: str, tail: Sequence[str], head: Sequence[str]
) -> Iterator[Contradiction]:
    """That the ends of a link are of types that no such link has; a type that is more general contradicts nothing."""
    if any(
        all(ontology.contradicts_end(link_type, kind, head=is_head) for kind in types)
        for types, is_head in ((tail, False), (head, True))
    ):
        said = ontology.end_types_text(link_type, " and ".join(tail), " and ".join(head))
        yield Contradiction(about, END_TYPES, (*tail, *head), said)


def joined_contradiction(name: str, stated: Mapping[str, Collection[str]]) -> str:
    """What two records that are joined into one thing say without a common value; empty where all have one.

    `stated`: by record, its values of what may have several values in one record, such as citizenships.
    """
    said = {record: sorted(values) for record, values in sorted(stated.items()) if values}
    if all(set(a) & set(b) for a, b in combinations(said.values(), 2)):
        return ""
    captions = [f"{', '.join(values)} ({record})" for record, values in said.items()]
    return f"{name} {stated_as(captions)}"


def claimed_properties(known: Mapping[str, Property], claims: Iterable[Claim]) -> dict[str, tuple[str, ...]]:
    """All values that claims state, in canonical form, without those that cannot be read."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for name, raws in claim.properties.items():
            if name in known:
                found[name].update(known[name].texts_of(raws))
    return {name: tuple(sorted(values)) for name, values in found.items() if values}


def shares_contradict(said: Iterable[SourceShare]) -> bool:
    """Whether sources state shares of one holder in one thing, surely in force, that cannot all be true."""
    surely = [share for share in said if share.is_certain]
    most, least = max((s.certain for s in surely), default=0.0), min((s.high for s in surely), default=1.0)
    return most > least + ROUNDING / 100


def holdings_by_thing(holdings: Iterable[StatedHolding]) -> Iterator[list[StatedHolding]]:
    """The holdings of each thing, by its id."""
    found: defaultdict[str, list[StatedHolding]] = defaultdict(list)
    for holding in holdings:
        found[holding.held].append(holding)
    yield from (found[held] for held in sorted(found))


def share_contradictions(holdings: Sequence[StatedHolding], day: int = 0) -> Iterator[ShareExcessOnDay | ShareDispute]:
    """What the holdings of one thing contradict under each interest, on a day (proleptic ordinal) or, if 0, on any.

    Each holder whose sources contradict each other by several links, and the largest excess over the whole.
    """
    disputes: dict[tuple[str, ...], ShareDispute] = {}
    for interest in INTERESTS:
        mine = [h for h in holdings if h.interest in ("", interest)]
        days = [day] if day else _days_to_compare(mine)
        excess: list[ShareExcessOnDay] = []
        for at in days:
            pairs = _pairs([h for h in mine if h.possible[0] <= at <= h.possible[1]], at)
            is_dated = any(h.certain[0] == at for h in mine) and at > _ALWAYS[0]
            excess += _excess(interest, pairs, date.fromordinal(at).isoformat() if is_dated or day else "")
            for (holder, held), pair in pairs.items():
                if shares_contradict(pair.said.values()):
                    shares = tuple((n, Share.from_fractions(s.low, s.high)) for n, s in sorted(pair.said.items()))
                    disputes[holder, held, *pair.links] = ShareDispute(holder, held, shares, pair.links)
        yield from sorted(excess, key=lambda one: -one.percent)[:1]
    yield from (disputes[key] for key in sorted(disputes))


def stated_as(captions: Iterable[str]) -> str:
    """`stated as 20 % and as 30 %`."""
    return f"stated {' and '.join(f'as {caption}' for caption in captions)}"


def of_several_links(found: Iterable[ShareExcessOnDay | ShareDispute]) -> Iterator[ShareExcessOnDay | ShareDispute]:
    """What no link tells by itself: disputes on several links, and each excess once, whatever the interest."""
    told = set[tuple[str, str]]()
    for one in found:
        if isinstance(one, ShareDispute):
            if len(one.links) > 1:
                yield one
        elif (words := (one.held, excess_words(one))) not in told:
            told.add(words)
            yield one


def share_sentences(found: Iterable[ShareExcessOnDay | ShareDispute], names: Mapping[str, str]) -> list[str]:
    """What the shares in one thing contradict beyond what each link contradicts; `names`: of holders, by id."""
    return [
        f"{names.get(one.holder, one.holder)}: {dispute_words(one)}"
        if isinstance(one, ShareDispute)
        else excess_sentence(one, names)
        for one in of_several_links(found)
    ]


def excess_sentence(excess: ShareExcessOnDay, names: Mapping[str, str]) -> str:
    """`2 owners with at least 120 % together on 2014-01-01: Ann, Bo`; without day and names where one is missing."""
    words = excess_words(excess)
    if not names.keys() >= set(excess.holders):
        return words
    on = f" on {excess.day}" if excess.day else ""
    named = ", ".join(names[holder] for holder in excess.holders[:MAX_NAMED])
    more = f" and {len(excess.holders) - MAX_NAMED} more" if len(excess.holders) > MAX_NAMED else ""
    return f"{words}{on}: {named}{more}"


def named_holders(found: Sequence[ShareExcessOnDay | ShareDispute]) -> set[str]:
    """The ids of the holders whom `share_sentences` names."""
    return {holder for one in found for holder in ((one.holder,) if isinstance(one, ShareDispute) else one.holders)}


def dispute_words(dispute: ShareDispute) -> str:
    """`share stated as 20 % (press) and as 30 % (register)`."""
    return f"share {stated_as(f'{share.text} ({source})' for source, share in dispute.said)}"


def excess_words(excess: ShareExcess) -> str:
    """`2 owners with at least 120 % together`."""
    if excess.owners == 1:
        return f"1 owner with at least {percent_text(excess.percent)} %"
    return f"{excess.owners} owners with at least {percent_text(excess.percent)} % together"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A holder and a thing on one day, with what each source says of it."""

    said: Mapping[str, SourceShare]
    links: tuple[str, ...]
    is_explicit: bool
    """Whether any link states the interest."""

    @property
    def certain(self) -> float:
        return min(share.certain for share in self.said.values())


def _days_to_compare(holdings: Iterable[StatedHolding]) -> list[int]:
    """Days on which any two holdings that are surely in force at once are compared.

    Each holding's first day; where nobody says when it began, its last day or, without one, the day after all others.
    """
    spans = [holding.certain for holding in holdings]
    after = 1 + max((day for span in spans for day in span if day not in _ALWAYS), default=0)
    return sorted({first if first > _ALWAYS[0] else min(last, after) for first, last in spans})[-MAX_DAYS:]


def _pairs(holdings: Iterable[StatedHolding], day: int) -> dict[tuple[str, str], _Pair]:
    by_ends: defaultdict[tuple[str, str], list[StatedHolding]] = defaultdict(list)
    for holding in holdings:
        by_ends[holding.holder, holding.held].append(holding)
    found = {}
    for ends, some in sorted(by_ends.items()):
        parts: defaultdict[str, list[tuple[HoldingPart, bool]]] = defaultdict(list)
        for holding in some:
            is_certain = holding.certain[0] <= day <= holding.certain[1]
            for source, part in holding.shares.items():
                parts[source].append((part, is_certain))
        said = {source: SourceShare.of(of_one) for source, of_one in parts.items()}
        if said:
            links = tuple(sorted(h.link for h in some))
            found[ends] = _Pair(only_stated(said), links, any(h.interest for h in some))
    return found


def _excess(interest: str, pairs: Mapping[tuple[str, str], _Pair], day: str) -> Iterator[ShareExcessOnDay]:
    """The excess of each thing on a day. An interest that nobody states counts only where no other holder states it."""
    by_held: defaultdict[str, list[tuple[str, _Pair]]] = defaultdict(list)
    for (holder, held), pair in pairs.items():
        by_held[held].append((holder, pair))
    for held, some in sorted(by_held.items()):
        explicit = [(holder, p) for holder, p in some if p.is_explicit]
        counted = explicit if explicit and sum(p.certain for _, p in some) > WHOLE else some
        owners = {holder: p for holder, p in counted if p.certain > 0}
        if (total := sum(p.certain for p in owners.values())) > WHOLE:
            links = tuple(sorted(link for pair in owners.values() for link in pair.links))
            percent = rounded(total * 100, 4)
            yield ShareExcessOnDay(held, interest, percent, links, len(owners), tuple(sorted(owners)), day)


def _claimed_days(claim: Claim) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """First and last day on which a claim is surely and possibly in force; None without dates."""
    starts, ends, at = (stated_spans(claim.properties.get(name, ())) for name in ("start_date", "end_date", "date"))
    if not (starts or ends):  # stated on a day, and nobody knows until when
        starts, surely = at, [span.first.toordinal() for span in at]
    else:  # on the day on which it ends, whoever follows may hold already
        surely = [span.first.toordinal() - 1 for span in ends]
    if not (starts or ends):
        return None
    certain = max((s.last.toordinal() for s in starts), default=_ALWAYS[0]), min(surely, default=_ALWAYS[1])
    first, last = outermost_days(starts, ends)
    return certain, (first or _ALWAYS[0], last or _ALWAYS[1])


def _label(name: str) -> str:
    return name.replace("_", " ")
