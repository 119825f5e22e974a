"""Does a declaration of tables fit the ontology?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.errors import InputError, Place
from kg.ontology import Ontology
from kg.ontology.values import BadValue
from kg.sources.tabular.mapping import GRADES, Cell, Claim, Declaration, LinkClaim, NodeClaim, Saying


def check(declaration: Declaration, ontology: Ontology) -> None:
    """Raises InputError naming file, key, value and what was expected for the first mistake."""
    for place, problem in problems(declaration, ontology):
        raise InputError(problem, place)


def problems(declaration: Declaration, ontology: Ontology) -> Iterator[tuple[Place, str]]:
    """Each mistake with its place."""
    for key, value, problem in _mistakes(declaration, ontology):
        yield Place(declaration.shown, key=key, value=value), problem


def only_jurisdictions(ontology: Ontology, link: str, side: int) -> bool:
    """Whether nothing but a Jurisdiction can stand at an end of a link, 0 its tail, 1 its head."""
    types = (ontology.links[link].from_, ontology.links[link].to)[side]
    return types == ("Jurisdiction",)


def types_of(claim: Claim, ontology: Ontology) -> list[str]:
    """The types that a claim may have."""
    named = [t for t in (claim.type.always, claim.type.blank, claim.type.otherwise) if t]
    named += (directed.type for directed in claim.type.values.values())
    if claim.type.column and not claim.type.values:
        named += _all_types(claim, ontology)
    return list(dict.fromkeys(named))


def _all_types(claim: Claim, ontology: Ontology) -> tuple[str, ...]:
    if isinstance(claim, LinkClaim):
        return ontology.link_names
    ancestor = claim.kind_of if isinstance(claim, NodeClaim) else ""
    return tuple(n for n in ontology.node_names if not ancestor or ontology.is_a(n, ancestor))


def _mistakes(declaration: Declaration, ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    lookups = declaration.values
    yield from _said("said", declaration.said, lookups)
    for number, table in enumerate(declaration.table):
        yield from _said(f"table.{number}.said", table.said, lookups)
        for kind, claims in (("node", table.node), ("link", table.link)):
            for n, claim in enumerate(claims):
                yield from _claim(f"table.{number}.{kind}.{n}", claim, ontology, lookups)


def _claim(
    key: str, claim: Claim, ontology: Ontology, lookups: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str, str]]:
    is_link = isinstance(claim, LinkClaim)
    if isinstance(claim, NodeClaim) and claim.kind_of and claim.kind_of not in ontology.nodes:
        yield f"{key}.kind_of", claim.kind_of, "expected a node type of the ontology; `kg ref` lists them"
        return
    known = ontology.link_names if is_link else ontology.node_names
    types = types_of(claim, ontology)
    for name in types:
        if name not in known:
            kind = "link" if is_link else "node"
            yield f"{key}.type", name, f"expected a {kind} type that is not abstract; `kg ref` lists them"
            return
    for name, cells in claim.sources.items():
        having = [t for t in types if name in ontology.properties(t)]
        if not having:
            expected = ", ".join(dict.fromkeys(p for t in types[:3] for p in ontology.properties(t)))
            where = f"{key}.alike" if name in claim.alike else f"{key}.properties"
            yield where, name, f"expected a property of {' or '.join(types[:3])}: {expected}"
            continue
        for cell in cells:
            for text in _constants(cell, lookups):
                try:
                    ontology.properties(having[0])[name].clean(text)
                except BadValue as error:
                    yield f"{key}.properties.{name}", text, str(error)


def _said(key: str, saying: Saying, lookups: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    for name, cells in saying.cells().items():
        for text in (t for cell in cells for t in _constants(cell, lookups)):
            if name in GRADES and text not in GRADES[name]:
                yield f"{key}.{name}", text, f"expected one of {', '.join(GRADES[name])}"


def _constants(cell: Cell, lookups: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The values that do not depend on a row."""
    if cell.text and not cell.columns:
        yield cell.text
    elif not cell.convert:
        yield from cell.values.values()
        yield from lookups.get(cell.lookup, {}).values()
