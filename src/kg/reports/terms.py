"""How are types, properties and links put into words?"""

from __future__ import annotations

from collections.abc import Iterable

from kg.findings.statements import relation_sentence, undated_end
from kg.ontology import Ontology, Property
from kg.ontology.values.jurisdictions import names_by_code
from kg.ontology.words import type_label
from kg.records import Link
from kg.reports.context import ReportContext

OMITTED_PROPERTIES = frozenset(("summary", "status", "topic", "web_page"))
"""Properties for which a sentence or a line of details has no room."""

SEPARATE_VALUE_TYPES = frozenset(("name", "valuation", "jurisdiction", "url"))
"""Value types that are shown elsewhere in the report, or not at all."""

ACRONYMS = frozenset(("iban", "icao", "icij", "id", "imo", "isin", "lei", "mmsi", "swift", "vin"))

_VALUE_TEMPLATES = {"interest": "{} interest", "how": "{}", "tracing": "{}", "entitlement": "{}"}
"""Properties whose values need no label."""

_UNLABELLED_TYPES = frozenset(("percent", "money"))
_DATE_TEMPLATES = {"start_date": "from {}", "end_date": "until {}"}


def property_label(name: str) -> str:
    """`birth date` for `birth_date`, `issued` for `issued_on`, `IMO` for `imo`."""
    words = name.removesuffix("_on").split("_")
    return " ".join(w.upper() if w in ACRONYMS else w for w in words)


def date_phrase(text: str) -> str:
    """`on 2004-03-01`, `in 2004`."""
    return f"{'on' if len(text) == len('2004-03-01') else 'in'} {text}"


def join_alternatives(values: Iterable[str]) -> str:
    """Alternative values: not all of them may be true."""
    return " or ".join(values)


def display_values(kind: Property, values: Iterable[str]) -> tuple[str, ...]:
    """Canonical texts as people read them."""
    return tuple(place_name(v) if kind.type == "jurisdiction" else kind.caption(v) for v in values)


def place_name(code: str) -> str:
    """The English name of a jurisdiction; the code where the reference facts have none, such as a part of a state."""
    return names_by_code().get(code, code)


def link_sentence(context: ReportContext, link: Link) -> str:
    """`A owns B, 51 %, interest: legal, from 2003`; `A is mother of B, as stated`."""
    kind = context.ontology.links[link.type]
    ends = context.display_name(link.source_id), context.display_name(link.target_id)
    related, omitted = relation_sentence(kind, link, *ends), OMITTED_PROPERTIES
    whole = f"{ends[0]} {kind.words(link.properties).caption or type_label(link.type)} {ends[1]}"
    if related and "kinship" in kind.traits:
        whole, related, omitted = related, "", OMITTED_PROPERTIES | {"relation"}
    return ", ".join(filter(None, [whole, *link_qualifiers(context.ontology, link, omitted), related]))


def link_qualifiers(ontology: Ontology, link: Link, omitted: Iterable[str] = OMITTED_PROPERTIES) -> list[str]:
    """What a link says besides its ends: amounts first, then words, then dates, and whether it is stated to be over."""
    kinds = ontology.properties(link.type)
    stated = [n for n in kinds if link.properties.get(n) and n not in omitted]
    ranks = {**dict.fromkeys(_UNLABELLED_TYPES, 0), "date": 2}
    dates = list(_DATE_TEMPLATES)
    order = sorted(stated, key=lambda n: (ranks.get(kinds[n].type, 1), dates.index(n) if n in dates else 2, n))
    dated = "stated {}" if ontology.links[link.type].is_holding else "{}"
    words = [
        dated.format(date_phrase(join_alternatives(link.properties[n])))
        if n == "date"
        else _qualifier(n, kinds[n], link.properties[n])
        for n in order
    ]
    return [*words, f"stated as {over}, on an unknown day"] if (over := undated_end(link.properties)) else words


def _qualifier(name: str, kind: Property, values: Iterable[str]) -> str:
    shown = join_alternatives(display_values(kind, values))
    if kind.type in _UNLABELLED_TYPES:
        return shown
    saying = _DATE_TEMPLATES.get(name) or _VALUE_TEMPLATES.get(name) or property_label(name) + ": {}"
    return saying.format(shown)
