"""Which claims state which value, and what of what they say could not be read?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from kg.findings.counts import plural
from kg.findings.shares import HoldingPart, series_of
from kg.ontology import LinkType, Property
from kg.ontology.values import VALUE_TYPES, BadValue, DateSpan, bare_numbers, date_span, is_reached
from kg.ontology.values.dates import clean_date
from kg.ontology.words import HOLDING_WORDS, holding_kind, is_over, type_label
from kg.records import Claim, Link, Node, Provenance, UnreadValue, Values

MAX_WORDS = 200
"""Characters of a value that a sentence shows."""

BEGINNINGS = ("start_date", "date")
"""Properties of a link that tell when it began."""

DOUBTFUL = ("4", "5")
"""Credibilities of claims that allege something: doubtful, improbable."""

UNRELIABLE = ("E",)
"""Reliabilities of sources whose claims allege something: unreliable."""

_DATE_ENDINGS = ("date", "_on", "_from", "_to")
"""How the names of properties end that are dates."""


def is_date(value: UnreadValue) -> bool:
    """Whether a value would be a date on which something begins, happens or ends."""
    return value.property.endswith(_DATE_ENDINGS)


def unread_link_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each value of some links that could not be read, in the order of the links."""
    for link in links:
        tail, head = _end_names(link, nodes)
        for value in link.not_understood:
            if value.property == "share":
                doubt = (
                    ": it may be a part of one, or per cent"
                    if 0 < max(bare_numbers(value.words), default=0) <= 1
                    else ""
                )
                said = f"{value.source} says share “{unread_words(value)}” of {head} for {tail}"
                yield f"{said}, which was not understood{doubt}"
            else:
                yield unread_sentence(value, f"the link of {tail} to {head}")


STATUS_PROPERTIES = ("status", "role", "how", "relation", "ownership_type")
"""Properties of a link in which sources may say that it is over."""


def undated_end(properties: Values) -> str:
    """The words by which a link with these properties, and no last day, is stated to be over; empty if it is not."""
    said = {word for name in STATUS_PROPERTIES for word in properties.get(name, ())}
    return "" if properties.get("end_date") else " and ".join(sorted(word for word in said if is_over(word)))


def has_ended(claims: Sequence[Claim], day: str) -> bool:
    """Whether all claims of a link say that it was over before a day, and none that it began anew since."""
    return bool(claims) and all(_says_it_is_over(claim.properties, day) for claim in claims)


def _says_it_is_over(properties: Values, day: str) -> bool:
    ends, starts = (stated_spans(properties.get(name, ())) for name in ("end_date", "start_date"))
    if not ends:
        return bool(undated_end(properties))
    last = max(end.last for end in ends)
    return last.isoformat() < day and all(start.first <= last for start in starts)


def undated_end_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each link that is stated to be over and has no last day, so that answers count it as in force."""
    for link in links:
        if words := undated_end(link.properties):
            tail, head = _end_names(link, nodes)
            yield f"the link of {tail} to {head} is stated as {words}, on an unknown day; it counts as in force"


def rejected_row_sentences(rejected: Mapping[str, int], of: str) -> Iterator[str]:
    """A sentence for each source of which rows were rejected, by how many; `of`: what they may have stated."""
    for source, rows in rejected.items():
        told = f"`kg rejects {source}` lists {'it' if rows == 1 else 'them'}"
        were = "was" if rows == 1 else "were"
        yield f"{plural(rows, 'rows')} {were} rejected at the last load of {source}, perhaps of {of}; {told}"


def owned_person_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each link that states that somebody owns a person."""
    for link in links:
        tail, head = _end_names(link, nodes)
        yield f"the link of {tail} to {head} counts for nothing: {' and '.join(link.sources)} states a person as owned"


def alike_holder_sentences(found: Iterable[tuple[str, str, str]], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each two holders of one thing that may be one person; `found`: both and the thing, by id."""
    for one, other, held in found:
        names = " and ".join(sorted(nodes[name].caption for name in (one, other)))
        born = nodes[one].first("birth_date")
        alike = f"name and birth date {born}" if born else "name"
        yield f"{names}, holders of {nodes[held].caption}, may be one person by {alike}; they are counted as two"


def share_control_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each link that states control through shares whose holder it does not name."""
    for link in links:
        if link.properties.get("share") or holding_kind(link.properties).directness == "indirect":
            tail, head = _end_names(link, nodes)
            how = f" ({' and '.join(link.properties['how'])})" if link.properties.get("how") else ""
            share = f" of {_share_words(link)}" if link.properties.get("share") else ""
            yield (
                f"{' and '.join(link.sources)} states control{share} of {head} for {tail}{how}: they control it, and "
                "who holds it for them or through whom is not stated"
            )


def stated_day_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each link by which something is held, and that is stated on a day, but neither begun nor ended."""
    for link in links:
        days = link.properties.get("date", ())
        if days and not (link.properties.get("start_date") or link.properties.get("end_date")):
            tail, head = _end_names(link, nodes)
            yield f"the link of {tail} to {head} is stated on {' and '.join(days)}, and not since; it counts from 0 on"


def indirect_holding_sentences(
    links: Iterable[Link], beside: Collection[str], nodes: Mapping[str, Node]
) -> Iterator[str]:
    """A sentence for each link that states a holding as indirect; `beside`: those beside a chain of others."""
    for link in links:
        if holding_kind(link.properties).directness == "indirect":
            tail, head = _end_names(link, nodes)
            share = _share_words(link) if link.properties.get("share") else "a share"
            yield f"{' and '.join(link.sources)} states {share} of {head} for {tail}" + (
                ": they may be the chain beside it, as it is stated as indirect, and count from 0 on"
                if link.id in beside
                else " as indirect, and no source says through whom"
            )


def unsummed_sentences(holdings: Iterable[Sequence[Link]], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each source that states several shares of one holder in one thing that are not simply added up.

    They may be one holding at several times, or are rights of several kinds. `holdings`: the links of each holder and
    thing; those without several links say nothing.
    """
    for links in holdings:
        stated = defaultdict[str, list[tuple[HoldingPart, Link]]](list)
        for link in links if len(links) > 1 else ():
            # Of several sources, a link does not tell which says what.
            if len(link.sources) == 1 and (part := HoldingPart.of((link.properties,))).is_stated:
                stated[link.sources[0]].append((part, link))
        for source, several in sorted(stated.items()):
            holder, held = _end_names(several[0][1], nodes)
            for words, why in _unsummed_words(several):
                yield f"{source} states {' and '.join(words)} of {held} for {holder}{why}"


def _unsummed_words(several: Sequence[tuple[HoldingPart, Link]]) -> Iterator[tuple[list[str], str]]:
    """The shares of one source that are not simply added up, in words, and why not."""
    for right, kind in sorted({(part.right, part.kind) for part, _ in several}):
        series = series_of([part for part, _ in several if (part.right, part.kind) == (right, kind)])
        parts = {part for some in series.values() for part in some}
        if parts:
            of_series = sorted(((part.since, link) for part, link in several if part in parts), key=lambda one: one[0])
            dated = "" if any(since for since, _ in of_series) else ", without a date"
            yield (
                [*dict.fromkeys(_dated_share_words(since, link) for since, link in of_series)],
                f"{dated}: they may be several holdings, or one at several times",
            )
    words_of = {part.right: f"{_share_words(link)} ({_right_words(part, link)})" for part, link in several}
    if len(words_of) > 1:
        yield [words_of[name] for name in sorted(words_of)], ": they are rights of several kinds, and not added up"


def _right_words(part: HoldingPart, link: Link) -> str:
    """The words by which a source calls the right that a share is of."""
    said = (text for name in HOLDING_WORDS for text in link.properties.get(name, ()) if not text.isdigit())
    return next((text for text in said if holding_kind({"role": (text,)}).right == part.right), "ownership")


def _dated_share_words(since: str, link: Link) -> str:
    return (
        f"{_share_words(link)} {'since' if link.properties.get('start_date') else 'on'} {since}"
        if since
        else _share_words(link)
    )


def _share_words(link: Link) -> str:
    return " or ".join(VALUE_TYPES["percent"].caption(text) for text in link.properties["share"])


def _end_names(link: Link, nodes: Mapping[str, Node]) -> tuple[str, str]:
    """The names of both ends of a link, or their ids."""
    tail, head = (nodes[end].caption if end in nodes else end for end in (link.source_id, link.target_id))
    return tail, head


_KIN_WORD = re.compile(r"^is (?:the )?| of$", re.IGNORECASE)
"""What `is mother of` has besides the word for it."""
_WITH_PREPOSITION = re.compile(r" (?:to|with)$", re.IGNORECASE)


def relation_sentence(kind: LinkType, link: Link, tail: str, head: str) -> str:
    """What the first end is of the second, as stated, where the words for the link read alike both ways; else empty.

    `Ann is mother of Bob, as stated` of kin, else `stated from Ann to Bob`; the ends by their captions.
    """
    words = () if kind.directed else link.properties.get("relation", ())
    if not words:
        return ""
    tail, head = _without_repetition(tail, head), _without_repetition(head, tail)
    if "kinship" not in kind.traits:
        return f"stated from {tail} to {head}"
    said = [*dict.fromkeys(_KIN_WORD.sub("", word.strip()) for word in words)]
    of = "" if _WITH_PREPOSITION.search(said[-1]) else " of"
    return f"{tail} is {' or '.join(said)}{of} {head}, as stated"


def _without_repetition(caption: str, other: str) -> str:
    """`this child` for one under 18 who is called after the other end, as in `Bob is father of a child of Bob`."""
    return "this child" if caption.startswith("a child of ") and other in caption else caption


def unread_node_sentences(nodes: Iterable[Node], properties: Collection[str]) -> Iterator[str]:
    """A sentence for each value of these properties of some nodes that could not be read."""
    for node in nodes:
        for value in node.not_understood:
            if value.property in properties:
                yield unread_sentence(value, node.caption)


def unread_sentence(value: UnreadValue, of: str) -> str:
    """`register says birth date “circa 1950” of Ann, which was not understood`."""
    return f"{value.source} says {unread_label(value)} “{unread_words(value)}” of {of}, which was not understood"


def unread_label(value: UnreadValue) -> str:
    """What a value would be, as a person reads it."""
    name = value.property or value.name
    if name == "CITIZEN_OF":
        return "citizenship"
    return type_label(name)


def unread_words(value: UnreadValue) -> str:
    """The words on one line, cut where they are long."""
    return cut_words(value.words)


def cut_words(text: str) -> str:
    """A text on one line, cut where it is long."""
    words = " ".join(text.split())
    return words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1]}…"


def canonical_value(kind: Property | None, raw: str) -> str:
    """The canonical form of a source's text, or the text itself if it has none."""
    text = kind.texts[raw] if kind else raw
    return raw if text is None else text


def claims_by_value(kind: Property | None, name: str, claims: Iterable[Claim]) -> Mapping[str, Sequence[Claim]]:
    """The canonical values of one property, sorted, each with the claims that state it."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for value in dict.fromkeys(canonical_value(kind, raw) for raw in claim.properties.get(name, ())):
            found[value].append(claim)
    return dict(sorted(found.items()))


def is_stated_by_day(claim: Claim, day: date, *names: str) -> bool:
    """Whether what a claim says was said by a day: by the first of these dates that it has, else by its source's day.

    A date that may have come by the day counts as come, and a claim without any day was always said.
    """
    texts = next((found for name in names if (found := tuple(clean_dates(claim.properties.get(name, ()))))), ())
    return all(is_reached(text, day) is not False for text in texts or stated_days(claim.provenance))


def is_known_by_day(claim: Claim, day: date) -> bool:
    """Whether what a claim says had begun and could be known by a day.

    What no date begins is known from the day on which its source stated it: before, nobody had said it.
    """
    begun = (text for name in BEGINNINGS for text in clean_dates(claim.properties.get(name, ())))
    return all(is_reached(text, day) is not False for text in begun) and is_stated_by_day(claim, day, *BEGINNINGS)


def only_alleges(claim: Claim) -> bool:
    """Whether a claim is doubtful or improbable, or its source unreliable, so that it proves nothing."""
    return claim.provenance.credibility in DOUBTFUL or claim.provenance.reliability in UNRELIABLE


def stated_days(provenance: Provenance) -> tuple[str, ...]:
    """The day on which a source stated something, in canonical form; none where it has none."""
    return tuple(clean_dates((provenance.stated,)))


def stated_spans(raws: Iterable[str]) -> list[DateSpan]:
    """The days that each of some dates may mean; those that cannot be read are left out."""
    return [*map(date_span, clean_dates(raws))]


def clean_dates(raws: Iterable[str]) -> Iterator[str]:
    """Dates in canonical form; those that cannot be read are left out."""
    for raw in raws:
        try:
            yield clean_date(raw)
        except BadValue:
            continue
