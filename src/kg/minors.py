"""Who may be under 18, and what is told of them: whose child they are, and the year of birth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import MAXYEAR, date
from itertools import chain
from typing import NamedTuple, TypeVar

from kg.names.words import HAN, name_words
from kg.ontology import Ontology
from kg.ontology.values import date_span
from kg.ontology.words import type_label
from kg.records import Claim, Link, Node, Record, Values

_Statement = TypeVar("_Statement", Claim, Record)
_Described = TypeVar("_Described", Node, Claim, Record)

AGE_OF_MAJORITY = 18

PERSON = "Person"
BIRTH_DATE = "birth_date"

PAPER_KINDS = ("IdentityDocument", "Sought")
"""Kinds of node that show the name and number of somebody they are about."""

PAPER_TRAITS = ("identity", "pursuit")
"""Traits of the links from a person to such a paper."""

HOLDING_TRAITS = ("ownership", "benefit", "control", "indirect")
"""Traits of the links from a holder to what is held, which is often called after the holder."""

ADDRESS_TRAITS = ("location",)
"""Traits of the links from somebody to an address."""

MAX_HOLDINGS = 3
"""Links from a child to what is called after it: some things are held through companies."""


class Reach(NamedTuple):
    """What may be withheld for a child: what links of some traits lead to."""

    traits: tuple[str, ...]
    most: int = 1
    """Links from the child to it, at most."""
    both_ways: bool = False
    """Whether the links may point either way."""


KIN = Reach(("kinship",), both_ways=True)

REACHES = (Reach(PAPER_TRAITS), Reach(HOLDING_TRAITS, MAX_HOLDINGS), KIN, Reach(ADDRESS_TRAITS))
"""Everything near a child of which something may be withheld, whichever end one starts from."""

LEAST_NUMBER, _TOKENS_A_NUMBER = 6, 5
"""The characters that a number has at least which tells a child in words, and the parts in which it may be written."""

_TOKEN = re.compile(r"[^\W_]+")

_BIRTH_DATES, _YEAR = re.compile(r'"birth_date":\s*\[([^\]]*)\]'), re.compile(r'"(\d{4})')

_PARTICLES = frozenset({"of", "the", "and", "de", "da", "van", "von", "bin", "ibn", "al", "el", "der", "la", "le"})
"""Words in names that name nobody."""

NamesChild = Callable[[str], bool]
"""Whether a text has a name of a child."""

NameFinder = Callable[[str], Iterator[str]]
"""The whole names that a text has, words in any order."""

_OF_CHILD = frozenset(
    {"child", "son", "daughter", "stepchild", "adopted child", "子", "女", "儿子", "女儿", "长子", "次子"}
)
_OF_PARENT = frozenset({"parent", "father", "mother", "stepparent", "父", "母", "父亲", "母亲"})

_OF_PARTNER = frozenset(
    {"spouse", "husband", "wife", "partner", "fiance", "fiancé", "fiancee", "fiancée", "widow", "widower", "concubine"}
    | {"mistress", "lover", "夫", "妻", "丈夫", "妻子", "前夫", "前妻", "配偶", "情人", "情妇", "未婚夫", "未婚妻"}
)

_OF_KIN = _OF_PARENT | frozenset(
    {"parents", "mum", "mom", "mummy", "mama", "dad", "daddy", "papa", "guardian", "stepmother", "stepfather"}
    | {"grandmother", "grandfather", "grandparent", "aunt", "uncle", "sister", "brother", "妈", "爸"}
)
"""Words in names that call an adult after a relative."""

MOST_DAYS_AHEAD = 366
"""A date of birth that is more days after the day of the graph is mistyped, or stands for an unknown one."""

FREE_TEXT = "text"
"""The value type of properties in which a source may say anything."""

SENTENCE_WITHHELD = "[a sentence that names a child is withheld]"

_SENTENCES = re.compile(r".+?(?:[.!?;。！？；]+(?:\s+|$)|[。！？；]|\n+|$)", re.DOTALL)
"""Sentences with the space behind them."""

ADDRESS = "Address"

_SHOWN_OF_ADDRESSES = ("city", "region", "country")
"""Properties of an address at which nobody but a child is that are told."""

_NAMING_TYPES = ("name", "identifier", "url")
"""Value types of properties that tell who somebody is."""

_NAMING_IN_PAPERS = ("shown_name", "summary", "web_page", "topic")
"""Properties of a paper that may name the person, besides those of such types."""


def is_minor(birth_dates: Iterable[str], day: date, graph_day: date | None = None) -> bool:
    """Whether somebody may be under 18 on a day by any of the dates of birth that sources state (canonical texts).

    A year or month may be any day of it; who is born after the day is under 18 on it. Without a date of birth the
    answer is no; one more than a year after the day of the graph (`day` where it is None), such as 2070 or 9999-12-31,
    is none: nobody was born then.
    """
    latest = min((graph_day or day).toordinal() + MOST_DAYS_AHEAD, date(MAXYEAR - AGE_OF_MAJORITY, 1, 1).toordinal())
    born = map(date_span, birth_dates)
    return any(_comes_of_age(span.last) > day for span in born if span.first.toordinal() <= latest)


def _comes_of_age(born: date) -> date:
    year = born.year + AGE_OF_MAJORITY
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and year % 4 else born.replace(year=year)


def is_minor_node(node: Node, day: date, graph_day: date | None = None) -> bool:
    """The same of a node; what is no person is none."""
    return PERSON in (node.type, *node.types) and is_minor(node.properties.get(BIRTH_DATE, ()), day, graph_day)


class Kin(NamedTuple):
    """The ids of the relatives that kinship links of a person name."""

    parents: frozenset[str]
    relatives: frozenset[str]
    """All of them."""
    others: frozenset[str]
    """Partners, former ones too, and children of the person: nobody is a child of their families."""


def kin_of(person: str, links: Iterable[Link]) -> Kin:
    """The relatives of a person, by the words of the sources."""
    parents, relatives, others = set[str](), set[str](), set[str]()
    for link in links:
        is_first = link.source_id == person
        other = link.target_id if is_first else link.source_id
        relatives.add(other)
        words = {_kinship_word(word) for word in chain(*(link.properties.get(n, ()) for n in ("relation", "role")))}
        if words & (_OF_CHILD if is_first else _OF_PARENT):
            parents.add(other)
        tokens = {token for word in words for token in name_words(word)} | words
        if tokens & _OF_PARTNER or words & (_OF_PARENT if is_first else _OF_CHILD):
            others.add(other)
    return Kin(frozenset(parents), frozenset(relatives - {person}), frozenset(others - {person}))


def _kinship_word(text: str) -> str:
    """`parent` of `Parent of`, the word of the sheets."""
    return text.strip().lower().removesuffix(" of").rstrip()


def describe_minor(parents: Collection[str], relatives: Collection[str], day: str = "") -> str:
    """`a child of Ann and Bo`, `a child of the family of Ann`, or `a child`; the names are of adults.

    With a day: `a child of Ann (under 18 on 2009-05-01)`, of whoever has come of age since.
    """
    told = "a child"
    if parents:
        told = f"a child of {' and '.join(sorted(parents)[:2])}"
    elif relatives:
        told = f"a child of the family of {min(relatives)}"
    return f"{told} (under 18 on {day})" if day else told


def withhold_person(node: Node, caption: str) -> Node:
    """A person under 18 as everybody is told of them: no name, no number, and of the birth only the year."""
    properties = withheld_values(node.properties)
    return replace(node, caption=caption, properties=properties, other={}, not_understood=(), withheld=True)


def names_nobody(_: str) -> bool:
    """That no text names a child."""
    return False


def find_no_name(_: str) -> Iterator[str]:
    """No name in any text."""
    return iter(())


def is_kin_name(text: str) -> bool:
    """Whether a name calls somebody after a relative, as `Mother of Bo` does."""
    return not _OF_KIN.isdisjoint(name_words(text))


def names_of(ontology: Ontology, node: Node) -> frozenset[str]:
    """Every name that sources give a node, and its caption."""
    known = ontology.properties(node.type)
    given = (values for name, values in node.properties.items() if name in known and known[name].type == "name")
    return frozenset((node.caption, *chain(*given)))


def numbers_of(ontology: Ontology, node: Node) -> frozenset[str]:
    """Every number that sources give a node, as it is looked for in words: letters and digits alone."""
    known = ontology.properties(node.type)
    given = chain(
        *(values for name, values in node.properties.items() if name in known and known[name].type == "identifier")
    )
    plain = (_plain_number(text) for text in given)
    return frozenset(text for text in plain if len(text) >= LEAST_NUMBER and any(map(str.isdigit, text)))


def _plain_number(text: str) -> str:
    return "".join(_TOKEN.findall(text)).upper()


def number_finder(numbers: Collection[str]) -> NameFinder:
    """Which of some numbers, in letters and digits alone, a text has, in however many parts it is written."""
    known = frozenset(numbers)
    if not known:
        return find_no_name

    def find(text: str) -> Iterator[str]:
        parts = [part.upper() for part in _TOKEN.findall(text)]
        for at in range(len(parts)):
            runs = ("".join(parts[at : at + count]) for count in range(1, _TOKENS_A_NUMBER + 1))
            yield from (run for run in runs if run in known)

    return find


def both_finders(one: NameFinder, other: NameFinder) -> NameFinder:
    """What either of two finders finds."""
    if find_no_name in (one, other):
        return other if one is find_no_name else one
    return lambda text: chain(one(text), other(text))


def word_namer(names: Iterable[str]) -> NamesChild:
    """Whether a text has any word of some names that may be a given name."""
    words = frozenset(w for w in chain(*map(name_words, names)) if _is_given(w) or HAN.match(w))
    return (lambda text: not words.isdisjoint(name_words(text))) if words else names_nobody


def child_namer(names: Iterable[str], relatives: Iterable[str]) -> NamesChild:
    """Whether a text has a name of a child, whole or given, its words folded and in any order.

    A given name is what no adult relative is called; without names of relatives every word may be one.
    """
    shared = frozenset(chain(*map(name_words, relatives)))
    whole = whole_namer(names)
    given = frozenset(w for w in chain(*map(name_words, names)) if _is_given(w) and w not in shared)
    han = [h for h in ("".join(w for w in _han_words(name) if w not in shared) for name in names) if len(h) > 1]
    return lambda text: bool(
        whole(text) or given.intersection(name_words(text)) or any(h in "".join(_han_words(text)) for h in han)
    )


def whole_namer(names: Iterable[str]) -> NamesChild:
    """Whether a text has one of some names of at least two words (or Han characters) whole; words in any order."""
    return finder_namer(whole_name_finder(names))


def finder_namer(find: NameFinder) -> NamesChild:
    """Whether a finder finds any name in a text."""
    return names_nobody if find is find_no_name else lambda text: any(find(text))


def whole_name_finder(names: Iterable[str]) -> NameFinder:
    """Which of some names of at least two words (or Han characters) a text has whole."""
    by_word, han = defaultdict[str, set[frozenset[str]]](set), set[str]()
    for name in names:
        words = frozenset(name_words(name))
        if any(map(HAN.match, words)):
            han.add("".join(_han_words(name)))
        elif len(words) > 1:
            by_word[max(words, key=lambda word: (len(word), word))].add(words)
    lengths = {len(one) for one in han if len(one) > 1}
    if not by_word and not lengths:
        return find_no_name

    def find(text: str) -> Iterator[str]:
        there = frozenset(name_words(text))
        yield from (" ".join(sorted(one)) for word in there & by_word.keys() for one in by_word[word] if one <= there)
        run = "".join(_han_words(text)) if lengths else ""
        parts = (run[at : at + length] for length in lengths for at in range(len(run) - length + 1))
        yield from (part for part in parts if part in han)

    return find


def may_be_minor(body: str, day: date) -> bool:
    """Whether the JSON of a node has a date of birth so late that it may be under 18; quicker than to decode it."""
    years = chain(*(_YEAR.findall(dates) for dates in _BIRTH_DATES.findall(body)))
    return any(int(year) >= day.year - AGE_OF_MAJORITY - 1 for year in years)


def has_words(link: Link) -> bool:
    """Whether a source says something of a link in words, which may name somebody."""
    return bool(link.not_understood) or any(
        " " in text or not text.isascii() for text in chain(*link.properties.values())
    )


def _is_given(word: str) -> bool:
    return len(word) > 1 and word not in _PARTICLES and not HAN.match(word)


def _han_words(text: str) -> list[str]:
    return [word for word in name_words(text) if HAN.match(word)]


def is_called_after(node: Node, names_child: NamesChild) -> bool:
    """Whether anything that is told of a node has a name of a child."""
    told = chain((node.caption,), *node.properties.values(), *node.other.values())
    return any(map(names_child, told))


def without_names(values: Values, names_child: NamesChild) -> dict[str, tuple[str, ...]]:
    """Some values without those that have a name of a child."""
    kept = {name: tuple(text for text in texts if not names_child(text)) for name, texts in values.items()}
    return {name: texts for name, texts in kept.items() if texts}


def withhold_words(link: Link, names_child: NamesChild) -> Link:
    """A link without words that name a child."""
    if not has_words(link):
        return link
    if not any(map(names_child, chain(*link.properties.values(), (value.words for value in link.not_understood)))):
        return link
    unread = tuple(value for value in link.not_understood if not names_child(value.words))
    return replace(link, properties=without_names(link.properties, names_child), not_understood=unread)


def withhold_address(node: Node) -> Node:
    """An address at which nobody but a child is: the town alone."""
    kept = _shown_of_address(node)
    return replace(node, caption="address of a child", properties=kept, other={}, not_understood=(), withheld=True)


def withhold_paper(ontology: Ontology, node: Node, names_child: NamesChild = names_nobody) -> Node:
    """A paper about a person under 18, or what is called after one: kind, dates and issuer, no name or number."""
    kept = without_names(_shown_of_paper(ontology, node), names_child)
    caption = f"{type_label(node.type)} of a child"
    return replace(node, caption=caption, properties=kept, other={}, not_understood=(), withheld=True)


def withhold_names(ontology: Ontology, node: Node, names_child: NamesChild) -> Node:
    """Who or what is no child, nor of one, without the names that name a child.

    Where that leaves it without its caption, it has another of its names, or its kind: `case that names a child`.
    """
    properties, caption = _without_named(ontology, node, names_child), node.caption
    if _has_words(caption) and names_child(caption):
        kind = "relative of a child" if node.type == PERSON else f"{type_label(node.type)} that names a child"
        caption = next(iter(properties.get("name", ())), kind)
    return replace(node, caption=caption, properties=properties)


def withhold_names_of_claim(ontology: Ontology, claim: _Statement, names_child: NamesChild) -> _Statement:
    """The same of what one record says of it."""
    return replace(claim, properties=_without_named(ontology, claim, names_child))


def _without_named(
    ontology: Ontology, described: Node | Claim | Record, names_child: NamesChild
) -> dict[str, tuple[str, ...]]:
    known, kept = ontology.properties(described.type), dict[str, tuple[str, ...]]()
    for name, texts in described.properties.items():
        is_name = name in known and known[name].type == "name"
        told = tuple(t for t in texts if not (is_name and _has_words(t) and names_child(t)))
        if told or not texts:
            kept[name] = told
    return kept


def _has_words(text: str) -> bool:
    return not (text.isalnum() and text.isascii())


def withheld_values(values: Values) -> dict[str, tuple[str, ...]]:
    """What is told of the properties of a person under 18."""
    years = tuple(dict.fromkeys(text.strip()[:4] for text in values.get(BIRTH_DATE, ()) if text.strip()[:4].isdigit()))
    return {BIRTH_DATE: years} if years else {}


def holdable_types(ontology: Ontology) -> frozenset[str]:
    """The types of nodes that somebody may hold, and that are no people."""
    ends = {end for name in ontology.with_trait(*HOLDING_TRAITS) for end in ontology.links[name].to}
    return frozenset[str]().union(*map(ontology.kinds_of, ends)) - ontology.kinds_of(PERSON)


def redact_claim(ontology: Ontology, claim_or_record: _Statement, about: Node, names_child: NamesChild) -> _Statement:
    """What one record says of a person under 18, of a paper about one, or of what is called after one.

    `about` is the node as it is told.
    """
    properties: Values = withheld_values(claim_or_record.properties)
    if about.type == ADDRESS:
        properties = _shown_of_address(claim_or_record)
    elif PERSON not in (about.type, *about.types) or is_paper(ontology, claim_or_record.type):
        properties = without_names(_shown_of_paper(ontology, claim_or_record), names_child)
    return replace(claim_or_record, properties=properties, other={}, referents=(), not_understood=())


def narrative_types(ontology: Ontology) -> frozenset[str]:
    """The types of nodes that tell of others: neither people, nor places, nor what somebody may hold."""
    places = (ontology.kinds_of(kind) for kind in (PERSON, "Address", "Jurisdiction", "Agency"))
    return frozenset(ontology.nodes) - holdable_types(ontology).union(*places)


def has_free_text(ontology: Ontology, described: Node | Claim | Record) -> bool:
    """Whether a node, or what a record says of one, has words in which somebody may be named."""
    return bool(described.other or described.not_understood) or any(
        _free_text(ontology, described.type, described.properties)
    )


def withhold_sentences(ontology: Ontology, described: _Described, names_child: NamesChild) -> _Described:
    """A node, or what one record says of it, without sentences that name a child, and without words that nobody could
    read and that do.
    """
    known = ontology.properties(described.type)
    properties = {
        name: tuple(without_sentences(text, names_child) for text in values)
        if name in known and known[name].type == FREE_TEXT
        else tuple(values)
        for name, values in described.properties.items()
    }
    other = {
        name: tuple(without_sentences(text, names_child) for text in texts) for name, texts in described.other.items()
    }
    unread = tuple(value for value in described.not_understood if not names_child(value.words))
    return replace(described, properties=properties, other=other, not_understood=unread)


def withhold_caption(ontology: Ontology, node: Node, names_child: NamesChild) -> Node:
    """A node without sentences that name a child in a caption that is free text, such as an address."""
    is_free = node.caption in _free_text(ontology, node.type, node.properties)
    return replace(node, caption=without_sentences(node.caption, names_child)) if is_free else node


def without_sentences(text: str, names_child: NamesChild) -> str:
    """A text in which a notice stands for each sentence that names a child, and for all of it where two together do."""
    if not names_child(text):
        return text
    parts = _SENTENCES.findall(text)
    told = "".join(SENTENCE_WITHHELD + part[len(part.rstrip()) :] if names_child(part) else part for part in parts)
    return SENTENCE_WITHHELD if names_child(told) or not told.strip() else told.rstrip()


def _free_text(ontology: Ontology, node_type: str, values: Values) -> Iterator[str]:
    known = ontology.properties(node_type)
    for name, texts in values.items():
        if name in known and known[name].type == FREE_TEXT:
            yield from (text for text in texts if " " in text or not text.isascii())


def withhold_words_of_claim(claim: _Statement, names_child: NamesChild) -> _Statement:
    """What one record says of a link, or the record itself, without words that name a child."""
    unread = tuple(value for value in claim.not_understood if not names_child(value.words))
    properties, other = (without_names(values, names_child) for values in (claim.properties, claim.other))
    return replace(claim, properties=properties, other=other, not_understood=unread)


def _shown_of_address(described: Node | Claim | Record) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in described.properties.items() if name in _SHOWN_OF_ADDRESSES}


def _shown_of_paper(ontology: Ontology, described: Node | Claim | Record) -> dict[str, tuple[str, ...]]:
    """The values of a paper, or of what one record says of it, that name nobody by their kind."""
    known = ontology.properties(described.type)
    return {
        name: tuple(values)
        for name, values in described.properties.items()
        if name in known and known[name].type not in _NAMING_TYPES and name not in _NAMING_IN_PAPERS
    }


def is_paper(ontology: Ontology, node_type: str) -> bool:
    """Whether a node of a type may show the name and number of a person."""
    return any(node_type in ontology.kinds_of(kind) for kind in PAPER_KINDS)
