"""How does each kind of node and link look in Neo4j Browser?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.ontology.derive.cypher import FUGITIVE, GRAPH, ROOT, WITHDRAWN
from kg.ontology.model import LinkType, Ontology

DARK, LIGHT = "#000000", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class Look:
    """How a node is drawn; what it is called stands in it."""

    color: str
    border: str
    text: str = DARK
    diameter: int = 50


LOOKS: Mapping[str, Look] = {
    ROOT: Look("#8C8C8C", "#595959"),
    "Party": Look("#56B4E9", "#2B7CAB", diameter=65),
    "Person": Look("#0072B2", "#004A73", LIGHT, 65),
    "Enterprise": Look("#E69F00", "#A67300", diameter=65),
    "Arrangement": Look("#F0E442", "#A69C14", diameter=65),
    "Asset": Look("#009E73", "#006B4E", diameter=65),
    "Jurisdiction": Look("#CC79A7", "#94496F", diameter=80),
    "Agency": Look("#333333", "#000000", LIGHT, 80),
    # What is on paper looks like paper.
    **dict.fromkeys(("Sought", "Offence", "Measure", "Case", "Request", "Agreement"), Look("#F7F7F7", "#595959")),
    **dict.fromkeys(("Address", "IdentityDocument", "Post"), Look("#D9D9D9", "#8C8C8C")),
    WITHDRAWN: Look("#FFFFFF", "#BFBFBF"),
    GRAPH: Look("#FFFFFF", "#BFBFBF"),
}
"""By type; any other looks as the nearest that it extends. The colours are those of Okabe and Ito: who does not tell
red from green tells the kinds apart too."""

LINES: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("ownership", "indirect", "benefit"), ("#006B4E", 3)),
    "control": ("#A67300", 3),
    "payment": ("#D55E00", 3),
    **dict.fromkeys(("kinship", "association"), ("#0072B2", 2)),
    **dict.fromkeys(("pursuit", "accusation"), ("#333333", 2)),
}
"""By trait: colour and width. Any other link is a thin grey line."""

OTHER_LINE = ("#8C8C8C", 1)


def style_page(ontology: Ontology) -> str:
    """The text of `cypher/style.grass`.

    Browser lets every rule that fits speak, and the last one win: so what a type extends comes before it, and every
    label has a rule, because Browser makes up a look for the first one that has none. GraSS has no comments.
    """
    rules = [*_nodes(ontology), *_links(ontology)]
    return "".join(_rule(selector, properties) for selector, properties in rules)


def _nodes(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    yield "node", _node(LOOKS[ROOT])
    for name in sorted(ontology.nodes, key=lambda name: (len(ontology.lineage(name)), name)):
        yield f"node.{name}", _node(next(LOOKS[kind] for kind in ontology.lineage(name) if kind in LOOKS))
    # The look of the kind stays; who is sought has a thick ring, and the word.
    yield f"node.{FUGITIVE}", {"border-color": DARK, "border-width": "6px", "caption": '"{caption} (sought)"'}
    yield f"node.{WITHDRAWN}", _node(LOOKS[WITHDRAWN]) | {"caption": '"{id}"'}
    yield f"node.{GRAPH}", _node(LOOKS[GRAPH]) | {"caption": '"{id}"'}


def _node(look: Look) -> dict[str, str]:
    return {
        "diameter": f"{look.diameter}px",
        "color": look.color,
        "border-color": look.border,
        "border-width": "2px",
        "text-color-internal": look.text,
        "font-size": "10px",
        "caption": '"{caption}"',
    }


def _links(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    yield "relationship", _line(*OTHER_LINE)
    for name in ontology.link_names:
        yield f"relationship.{name}", _line(*_looks(ontology.links[name]))


def _looks(link: LinkType) -> tuple[str, int]:
    return next((LINES[trait] for trait in link.traits if trait in LINES), OTHER_LINE)


def _line(color: str, width: int) -> dict[str, str]:
    return {
        "color": color,
        "border-color": color,
        "shaft-width": f"{width}px",
        "font-size": "8px",
        "padding": "3px",
        "text-color-external": DARK,
        "text-color-internal": LIGHT,
        "caption": '"<type>"',
    }


def _rule(selector: str, properties: Mapping[str, str]) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f"{selector} {{\n{lines}}}\n\n"
