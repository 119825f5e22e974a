"""People and companies of a store as matching sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from kg.analysis.matching import Party
from kg.analysis.matching.party import resident_numbers_of
from kg.errors import InputError, InputLocation
from kg.minors import BIRTH_DATE, is_minor
from kg.ontology import Ontology
from kg.operations.questions.listing import list_nodes
from kg.operations.questions.written_so import NAMES, WEAK_NAMES
from kg.operations.workspace import today
from kg.ports import COUNTRY_TRAITS, LinkQuery, PartyStore, Store
from kg.records import POSSIBLY_SAME, Link, Node
from kg.stores.sqlite.parties import MAX_LINKS

PERSON, COMPANY = "Person", "Enterprise"

UNKNOWN_KIND = "Party"
"""The type of those of whom it is not known whether they are people or companies."""

PARTY_TYPES = (UNKNOWN_KIND,)

VALUES = (
    *("birth_date", "death_date", "gender", "position", "email", "phone", "address", "passport_number"),
    *("national_number", "tax_number", "id_number", "registration_number", "lei"),
)
"""Properties that are compared."""

_PAGE = 1_000


def kinds_beside(ontology: Ontology, node_type: str) -> tuple[str, ...]:
    """The types among which another node for the same person or company may be."""
    if node_type in ontology.kinds_of(PERSON):
        return (PERSON,)
    return PARTY_TYPES if node_type == UNKNOWN_KIND else (COMPANY, "Agency")


def is_party(ontology: Ontology, node: Node) -> bool:
    """Whether a node is a person, company or other party."""
    return node.type in ontology.kinds_of("Party")


def are_of_one_kind(one: Party, other: Party) -> bool:
    """Whether both can be people, or both companies; a party of unknown kind may be either."""
    return one.is_company == other.is_company or UNKNOWN_KIND in {one.type, other.type}


def expect_party(ontology: Ontology, node: Node, name: str) -> None:
    """Raise InputError, about the name that was given, for a node that is no person, company or other party, and for
    somebody under 18.
    """
    if not is_party(ontology, node):
        problem = f"is of type {node.type}; expected a person, company or other party"
        raise InputError(problem, InputLocation(value=name))
    if not may_be_compared(node):
        raise InputError("may be under 18, and nobody under 18 is compared with others", InputLocation(value=name))


def may_be_compared(node: Node) -> bool:
    """Whether a node is of age, as far as is known: nobody under 18 is compared or screened, in no scope."""
    return not (node.withheld or (PERSON in (node.type, *node.types) and is_child(node.properties)))


def is_child(values: Mapping[str, Sequence[str]]) -> bool:
    """Whether a person with these values by property may be under 18 today, by any birth date or resident number."""
    born = values.get(BIRTH_DATE, ()), (number.birth_date for number in resident_numbers_of(values))
    return is_minor(chain(*born), date.fromisoformat(today()))


def iterate_parties(store: Store, types: Sequence[str] = PARTY_TYPES) -> Iterator[Node]:
    """All people and companies of a store, in the order of their ids."""
    after = ""
    while page := list_nodes(store, types, after=after, limit=_PAGE):
        yield from page
        after = page[-1].id


def named_party(ontology: Ontology, node: Node) -> Party:
    """A node with its own values, without what its links say."""
    party = party_of(ontology, node.id, node.type, node.properties)
    return replace(party, caption=node.caption, sources=node.sources)


def party_of(ontology: Ontology, name: str, node_type: str, values: Mapping[str, Sequence[str]]) -> Party:
    """The party of an id or reference with these values by property; it is called as its first name."""
    names = tuple(dict.fromkeys(v for key in NAMES for v in values.get(key, ())))
    return Party(
        id=name,
        caption=next(iter(names), ""),
        type=node_type,
        is_company=node_type not in ontology.kinds_of(PERSON) and node_type != UNKNOWN_KIND,
        names=names,
        weak_names=tuple(v for key in WEAK_NAMES for v in values.get(key, ())),
        values={key: tuple(found) for key in VALUES if (found := values.get(key))},
    )


def linked_party(store: PartyStore, ontology: Ontology, node: Node) -> Party:
    """A node with its own values and what its links say: countries, agencies, relatives and partners, acts."""
    party = named_party(ontology, node)
    links = store.links(LinkQuery(node.id, limit=MAX_LINKS))
    ends = store.nodes([_other_end(link, node.id) for link in links])
    of_country = frozenset(ontology.with_trait(*COUNTRY_TRAITS))
    countries, neighbours, agencies, acts = set[str](), dict[str, str](), set[str](), list[str]()
    for link in links:
        end = ends.get(_other_end(link, node.id))
        if end is None or link.type == POSSIBLY_SAME:
            continue
        if end.type == "Jurisdiction":
            if link.type in of_country:
                countries.add(end.first("code") or end.caption)
            continue
        acts += [day for name in ("start_date", "date") for day in link.properties.get(name, ())]
        if link.type == "HELD_POST_AT":
            agencies.add(end.caption)
        elif is_party(ontology, end) and may_be_compared(end):
            neighbours[end.id] = end.caption
    return replace(
        party,
        countries=frozenset(countries),
        neighbours=neighbours,
        agencies=frozenset(agencies),
        last_act=max(acts, default=""),
    )


def _other_end(link: Link, node: str) -> str:
    return link.target_id if link.source_id == node else link.source_id
