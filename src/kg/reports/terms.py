"""How are kinds, properties and links put into words?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.ontology import Ontology, Property
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import Link, Node
from kg.reports.context import Surroundings
from kg.reports.entries import Detail

UNSPOKEN = frozenset(("summary", "status", "topic", "web_page"))
"""Properties a sentence or a line of details has no room for."""

TOLD_ELSEWHERE = frozenset(("name", "valuation", "jurisdiction", "url"))
"""Value types that have a place of their own in the report, or none."""

ACRONYMS = frozenset(("iban", "icao", "icij", "id", "imo", "isin", "lei", "mmsi", "swift", "vin"))

_SAYINGS = {"interest": "{} interest", "how": "{}", "tracing": "{}", "entitlement": "{}"}
"""Properties whose values say by themselves what they are about."""

_PLAIN = frozenset(("percent", "money"))
_DATES = {"start_date": "from {}", "end_date": "until {}"}


def type_words(name: str) -> str:
    """`real estate` for `RealEstate`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def property_words(name: str) -> str:
    """`birth date` for `birth_date`, `issued` for `issued_on`, `IMO` for `imo`."""
    words = name.removesuffix("_on").split("_")
    return " ".join(w.upper() if w in ACRONYMS else w for w in words)


def on_day(text: str) -> str:
    """`on 2004-03-01`, `in 2004`."""
    return f"{'on' if len(text) == len('2004-03-01') else 'in'} {text}"


def either(values: Iterable[str]) -> str:
    """Values of which not all may be true."""
    return " or ".join(values)


def cleaned(kind: Property, raw: str) -> str:
    """The canonical text of what a source wrote, or what it wrote where there is none."""
    try:
        return kind.clean(raw)
    except BadValue:
        return raw


def captions(kind: Property, values: Iterable[str]) -> tuple[str, ...]:
    """Canonical texts as a person reads them."""
    shown = (VALUE_TYPES[kind.type].caption(v) for v in values)
    return tuple(v.replace("_", " ") if kind.values else v for v in shown)


def sentence(around: Surroundings, link: Link) -> str:
    """`A owns B, 51 %, interest: legal, from 2003`."""
    kind = around.ontology.links[link.type]
    parts = [f"{around.called(link.source_id)} {kind.caption or type_words(link.type)} {around.called(link.target_id)}"]
    return ", ".join(parts + qualifiers(around.ontology, link))


def qualifiers(ontology: Ontology, link: Link) -> list[str]:
    """What a link says besides its ends: amounts first, then words, then dates."""
    kinds = ontology.properties(link.type)
    said = [n for n in kinds if link.properties.get(n) and n not in UNSPOKEN]
    order = sorted(said, key=lambda n: (_rank(kinds[n]), -_ranked_date(n), n))
    return [_qualifier(n, kinds[n], link.properties[n]) for n in order]


def details(ontology: Ontology, node: Node) -> tuple[Detail, ...]:
    """What is known of a node, other than names, worth and long text."""
    kinds = ontology.properties(node.type)
    elsewhere = TOLD_ELSEWHERE | ({"money"} if ontology.is_a(node.type, "Asset") else set())
    told = (n for n in kinds if node.properties.get(n) and n not in UNSPOKEN and kinds[n].type not in elsewhere)
    order = sorted(told, key=lambda n: (not kinds[n].identifies, kinds[n].type != "identifier", n))
    return tuple(Detail(property_words(n), captions(kinds[n], node.properties[n])) for n in order)


def _rank(kind: Property) -> int:
    return 0 if kind.type in _PLAIN else 2 if kind.type == "date" else 1


def _ranked_date(name: str) -> int:
    return {"start_date": 2, "end_date": 1}.get(name, 0)


def _qualifier(name: str, kind: Property, values: Iterable[str]) -> str:
    shown = either(captions(kind, values))
    if kind.type in _PLAIN:
        return shown
    if name == "date":
        return on_day(shown)
    saying = _DATES.get(name) or _SAYINGS.get(name) or property_words(name) + ": {}"
    return saying.format(shown)
