"""Checks a mapping of tables against the ontology."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from kg.errors import InputLocation
from kg.ontology import Ontology
from kg.ontology.values import BadValue
from kg.sources.rows import GRADES
from kg.sources.tabular.mapping import CellMapping, ClaimMapping, LinkMapping, NodeMapping, SourceMapping


def mapping_problems(declaration: SourceMapping, ontology: Ontology) -> Iterator[tuple[InputLocation, str]]:
    """Each mistake with its location."""
    for key, value, problem in _key_problems(declaration, ontology):
        yield InputLocation(declaration.shown, key=key, value=value), problem


def is_jurisdiction_end(ontology: Ontology, link: str, side: int) -> bool:
    """Whether one end of a link, 0 its tail and 1 its head, can only be a Jurisdiction."""
    return (ontology.links[link].from_, ontology.links[link].to)[side] == ("Jurisdiction",)


def possible_types(claim: ClaimMapping, ontology: Ontology) -> list[str]:
    """The types that a claim may have."""
    named = [t for t in (claim.type.always, claim.type.blank, claim.type.otherwise) if t]
    named += (directed.type for directed in claim.type.values.values())
    if claim.type.column and not claim.type.values:
        ancestor = claim.kind_of if isinstance(claim, NodeMapping) else ""
        known = ontology.link_names if isinstance(claim, LinkMapping) else ontology.node_names
        named += (name for name in known if not ancestor or ontology.is_a(name, ancestor))
    return list(dict.fromkeys(named))


def cells_of_types(
    claims: Iterable[ClaimMapping], ontology: Ontology, value_types: Collection[str]
) -> Iterator[tuple[str, CellMapping]]:
    """The cells that values of some types are read from, each with the name of its property."""
    for claim in claims:
        known = [ontology.properties(name) for name in possible_types(claim, ontology)]
        for name, cells in claim.property_cells.items():
            if any(name in properties and properties[name].type in value_types for properties in known):
                yield from ((name, cell) for cell in cells)


def _key_problems(declaration: SourceMapping, ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    lookups = declaration.values
    tables = [(f"table.{number}.said", table.said) for number, table in enumerate(declaration.table)]
    for key, provenance in [("said", declaration.said), *tables]:
        for name, cells in provenance.cells().items():
            for text in (t for cell in cells for t in _constant_texts(cell, lookups)):
                if name in GRADES and text not in GRADES[name]:
                    yield f"{key}.{name}", text, f"expected one of {', '.join(GRADES[name])}"
    for number, table in enumerate(declaration.table):
        for kind, claims in (("node", table.node), ("link", table.link)):
            for n, claim in enumerate(claims):
                yield from _claim_problems(f"table.{number}.{kind}.{n}", claim, ontology, lookups)


def _claim_problems(
    key: str, claim: ClaimMapping, ontology: Ontology, lookups: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    is_link = isinstance(claim, LinkMapping)
    if isinstance(claim, NodeMapping) and claim.kind_of and claim.kind_of not in ontology.nodes:
        yield f"{key}.kind_of", claim.kind_of, "expected a node type of the ontology; `kg ref` lists them"
        return
    kind, known = ("link", ontology.link_names) if is_link else ("node", ontology.node_names)
    types = possible_types(claim, ontology)
    if unknown := [name for name in types if name not in known]:
        yield f"{key}.type", unknown[0], f"expected a {kind} type that is not abstract; `kg ref` lists them"
        return
    if isinstance(claim, LinkMapping) and claim.reverse and not ontology.with_trait("payment").issuperset(types):
        yield f"{key}.reverse", claim.reverse, "is for payments only"
    if isinstance(claim, LinkMapping) and claim.reverse and claim.type.has_reverse:
        yield f"{key}.reverse", claim.reverse, "words of type.values say already who paid; leave one out"
    for name, cells in claim.property_cells.items():
        having = [t for t in types if name in ontology.properties(t)]
        if not having:
            expected = ", ".join(dict.fromkeys(p for t in types[:3] for p in ontology.properties(t)))
            where = f"{key}.alike" if name in claim.alike else f"{key}.properties"
            yield where, name, f"expected a property of {' or '.join(types[:3])}: {expected}"
            continue
        for cell in cells:
            for text in _constant_texts(cell, lookups):
                try:
                    ontology.properties(having[0])[name].clean(text)
                except BadValue as error:
                    yield f"{key}.properties.{name}", text, str(error)


def _constant_texts(cell: CellMapping, lookups: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The texts that do not depend on a row."""
    if cell.text and not cell.columns:
        yield cell.text
    elif not cell.convert:
        yield from cell.values.values()
        yield from lookups.get(cell.lookup, {}).values()
