"""Who may be under 18, and what is told of them: whose child they are, and the year of birth."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from itertools import chain

from kg.ontology import Ontology
from kg.ontology.values import date_span
from kg.records import Claim, Link, Node, UnreadValue, Values

AGE_OF_MAJORITY = 18

PERSON = "Person"
BIRTH_DATE = "birth_date"

PAPER_KINDS = ("IdentityDocument", "Sought")
"""Kinds of node that show the name and number of somebody they are about."""

PAPER_TRAITS = ("identity", "pursuit")
"""Traits of the links from a person to such a paper."""

_OF_CHILD = frozenset(
    {"child", "son", "daughter", "stepchild", "adopted child", "子", "女", "儿子", "女儿", "长子", "次子"}
)
_OF_PARENT = frozenset({"parent", "father", "mother", "stepparent", "父", "母", "父亲", "母亲"})

_TOLD_OF_PAPERS = ("shown_name", "summary", "web_page", "topic")
"""Properties of a paper that may name the person, besides names and numbers."""


def is_minor(birth_dates: Iterable[str], day: date) -> bool:
    """Whether somebody may be under 18 on a day by any of the dates of birth that sources state (canonical texts).

    A year or month may be any day of it. Without a date of birth the answer is no.
    """
    return any(_comes_of_age(date_span(text).last) > day for text in birth_dates)


def _comes_of_age(born: date) -> date:
    year = born.year + AGE_OF_MAJORITY
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and year % 4 else born.replace(year=year)


def is_minor_node(node: Node, day: date) -> bool:
    """The same of a node; what is no person is none."""
    return PERSON in (node.type, *node.types) and is_minor(node.properties.get(BIRTH_DATE, ()), day)


def parents_of(person: str, links: Iterable[Link]) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the parents that kinship links of a person name, and of all relatives."""
    parents, relatives = set[str](), set[str]()
    for link in links:
        is_first = link.source_id == person
        other = link.target_id if is_first else link.source_id
        relatives.add(other)
        words = {_kinship_word(word) for word in chain(*(link.properties.get(n, ()) for n in ("relation", "role")))}
        if words & (_OF_CHILD if is_first else _OF_PARENT):
            parents.add(other)
    return frozenset(parents), frozenset(relatives - {person})


def _kinship_word(text: str) -> str:
    """`parent` of `Parent of`, the word of the sheets."""
    return text.strip().lower().removesuffix(" of").rstrip()


def describe_minor(parents: Collection[str], relatives: Collection[str]) -> str:
    """`a child of Ann and Bo`, `a child of the family of Ann`, or `a child`; the names are of adults."""
    if parents:
        return f"a child of {' and '.join(sorted(parents)[:2])}"
    return f"a child of the family of {min(relatives)}" if relatives else "a child"


def withhold_person(node: Node, caption: str) -> Node:
    """A person under 18 as everybody is told of them: no name, no number, and of the birth only the year."""
    properties = withheld_values(node.properties)
    return replace(node, caption=caption, properties=properties, other={}, not_understood=(), withheld=True)


def withhold_paper(ontology: Ontology, node: Node) -> Node:
    """A paper about a person under 18: its kind, dates and issuer, and no name or number."""
    known = ontology.properties(node.type)
    kept = {
        name: values for name, values in node.properties.items() if name in known and _is_told(known[name].type, name)
    }
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in node.type).strip()
    return replace(node, caption=f"{words} of a child", properties=kept, other={}, not_understood=(), withheld=True)


def withheld_values(values: Values) -> dict[str, tuple[str, ...]]:
    """What is told of the properties of a person under 18."""
    years = tuple(dict.fromkeys(text.strip()[:4] for text in values.get(BIRTH_DATE, ()) if text.strip()[:4].isdigit()))
    return {BIRTH_DATE: years} if years else {}


def withhold_claim(ontology: Ontology, claim: Claim) -> Claim:
    """What one record says of a person under 18, or of a paper about one."""
    properties: Values = withheld_values(claim.properties)
    if claim.type in _paper_types(ontology):
        known = ontology.properties(claim.type)
        properties = {n: v for n, v in claim.properties.items() if n in known and _is_told(known[n].type, n)}
    unread: tuple[UnreadValue, ...] = ()
    return replace(claim, properties=properties, other={}, referents=(), not_understood=unread)


def _is_told(value_type: str, name: str) -> bool:
    return value_type not in ("name", "identifier", "url") and name not in _TOLD_OF_PAPERS


def _paper_types(ontology: Ontology) -> frozenset[str]:
    return frozenset[str]().union(*map(ontology.kinds_of, PAPER_KINDS))


def is_paper(ontology: Ontology, node_type: str) -> bool:
    """Whether a node of a type may show the name and number of a person."""
    return node_type in _paper_types(ontology)
