"""Which claims state which value, and what of what they say could not be read?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from kg.ontology import LinkType, Property
from kg.ontology.values import VALUE_TYPES, BadValue, is_reached
from kg.ontology.values.dates import clean_date
from kg.records import Claim, Link, Node, Provenance, UnreadValue

MAX_WORDS = 200
"""Characters of a value that a sentence shows."""

_NUMBER_SIGNS = frozenset("0123456789.,-–+ ")


_HOLDING_DATES = ("start_date", "end_date", "date")

_DATE_ENDINGS = ("date", "_on", "_from", "_to")
"""How the names of properties end that are dates."""


def is_date(value: UnreadValue) -> bool:
    """Whether a value would be a date on which something begins, happens or ends."""
    return value.property.endswith(_DATE_ENDINGS)


def unread_link_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each value of some links that could not be read, in the order of the links."""
    for link in links:
        tail, head = (nodes[end].caption if end in nodes else end for end in (link.source_id, link.target_id))
        for value in link.not_understood:
            if value.property == "share":
                share = f"{unread_words(value)}{' %' if _NUMBER_SIGNS.issuperset(value.words) else ''}"
                yield f"{value.source} says {share} of {head} for {tail}, which was not understood"
            else:
                yield unread_sentence(value, f"the link of {tail} to {head}")


ENDED_STATUSES = frozenset(("ceased", "ended", "former", "terminated"))
"""Words for the status of a link by which sources say that it is over."""


def undated_end_sentences(links: Iterable[Link], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each link that is stated to be over and has no last day, so that answers count it as in force."""
    for link in links:
        stated = sorted(word for word in link.properties.get("status", ()) if word.casefold() in ENDED_STATUSES)
        if stated and not link.properties.get("end_date"):
            tail, head = (nodes[end].caption if end in nodes else end for end in (link.source_id, link.target_id))
            words = " and ".join(stated)
            yield f"the link of {tail} to {head} is stated as {words}, on an unknown day; it counts as in force"


def undated_sum_sentences(holdings: Iterable[Sequence[Link]], nodes: Mapping[str, Node]) -> Iterator[str]:
    """A sentence for each source that states several shares of one holder in one thing, none with a date.

    They are added up, and may be one holding at several times. `holdings`: the links of each holder and thing.
    """
    for links in holdings:
        stated = defaultdict[tuple[str, str], list[Link]](list)
        for link in links:
            is_dated = any(link.properties.get(name) for name in _HOLDING_DATES)
            # Of several sources, a link does not tell which says what.
            if link.properties.get("share") and not is_dated and len(link.sources) == 1:
                stated[link.sources[0], link.first("interest")].append(link)
        for (source, _), several in sorted(stated.items()):
            shares = sorted({text for link in several for text in link.properties["share"]})
            if len(several) < 2 or len(shares) < 2:
                continue
            holder, held = nodes[several[0].source_id].caption, nodes[several[0].target_id].caption
            words = " and ".join(VALUE_TYPES["percent"].caption(text) for text in shares)
            yield (
                f"{source} states {words} of {held} for {holder}, without a date: they are added up as several "
                "holdings, and may be one at several times"
            )


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
    return (name.lower() if name.isupper() else name).replace("_", " ")


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


def stated_days(provenance: Provenance) -> tuple[str, ...]:
    """The day on which a source stated something, in canonical form; none where it has none."""
    return tuple(clean_dates((provenance.stated,)))


def clean_dates(raws: Iterable[str]) -> Iterator[str]:
    """Dates in canonical form; those that cannot be read are left out."""
    for raw in raws:
        try:
            yield clean_date(raw)
        except BadValue:
            continue
