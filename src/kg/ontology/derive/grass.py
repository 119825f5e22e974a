"""The style of nodes and links in Neo4j Browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.ontology.derive.cypher import FUGITIVE, GRAPH, ROOT, WITHDRAWN
from kg.ontology.model import Ontology

DARK, LIGHT = "#000000", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class NodeStyle:
    """How a node is drawn; its caption is inside."""

    color: str
    border: str
    text: str = DARK
    diameter: int = 50


NODE_STYLES: Mapping[str, NodeStyle] = {
    ROOT: NodeStyle("#8C8C8C", "#595959"),
    "Party": NodeStyle("#56B4E9", "#2B7CAB", diameter=65),
    "Person": NodeStyle("#0072B2", "#004A73", LIGHT, 65),
    "Enterprise": NodeStyle("#E69F00", "#A67300", diameter=65),
    "Arrangement": NodeStyle("#F0E442", "#A69C14", diameter=65),
    "Asset": NodeStyle("#009E73", "#006B4E", diameter=65),
    "Jurisdiction": NodeStyle("#CC79A7", "#94496F", diameter=80),
    "Agency": NodeStyle("#333333", "#000000", LIGHT, 80),
    # Documents are light, like paper.
    **dict.fromkeys(("Sought", "Offence", "Measure", "Case", "Request", "Agreement"), NodeStyle("#F7F7F7", "#595959")),
    **dict.fromkeys(("Address", "Document", "IdentityDocument", "Post"), NodeStyle("#D9D9D9", "#8C8C8C")),
    WITHDRAWN: NodeStyle("#FFFFFF", "#BFBFBF"),
    GRAPH: NodeStyle("#FFFFFF", "#BFBFBF"),
}
"""By type; any other type has the style of its nearest supertype. The colours are those of Okabe and Ito, which people
with colour blindness can distinguish."""

LINK_STYLES: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("ownership", "indirect", "benefit"), ("#006B4E", 3)),
    "control": ("#A67300", 3),
    "payment": ("#D55E00", 3),
    **dict.fromkeys(("kinship", "association"), ("#0072B2", 2)),
    **dict.fromkeys(("pursuit", "accusation"), ("#333333", 2)),
}
"""By trait: colour and width. Any other link is a thin grey line."""

DEFAULT_LINK_STYLE = ("#8C8C8C", 1)


def style_page(ontology: Ontology) -> str:
    """The text of `cypher/style.grass`.

    Browser lets every rule that fits speak, and the last one win: so what a type extends comes before it, and every
    label has a rule, because Browser makes up a look for the first one that has none. GraSS has no comments.
    """
    rules = [*_node_rules(ontology), *_link_rules(ontology)]
    texts = ((selector, [f"  {key}: {value};\n" for key, value in rule.items()]) for selector, rule in rules)
    return "".join(f"{selector} {{\n{''.join(lines)}}}\n\n" for selector, lines in texts)


def _node_rules(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    yield "node", _node_properties(NODE_STYLES[ROOT])
    for name in sorted(ontology.nodes, key=lambda name: (len(ontology.lineage(name)), name)):
        style = next(NODE_STYLES[kind] for kind in ontology.lineage(name) if kind in NODE_STYLES)
        yield f"node.{name}", _node_properties(style)
    # A wanted person keeps the style of the type, with a thick ring and the word.
    yield f"node.{FUGITIVE}", {"border-color": DARK, "border-width": "6px", "caption": '"{caption} (sought)"'}
    yield f"node.{WITHDRAWN}", _node_properties(NODE_STYLES[WITHDRAWN]) | {"caption": '"{id}"'}
    yield f"node.{GRAPH}", _node_properties(NODE_STYLES[GRAPH]) | {"caption": '"{id}"'}


def _node_properties(style: NodeStyle) -> dict[str, str]:
    return {
        "diameter": f"{style.diameter}px",
        "color": style.color,
        "border-color": style.border,
        "border-width": "2px",
        "text-color-internal": style.text,
        "font-size": "10px",
        "caption": '"{caption}"',
    }


def _link_rules(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    yield "relationship", _link_properties(*DEFAULT_LINK_STYLE)
    for name in ontology.link_names:
        styles = (LINK_STYLES[trait] for trait in ontology.links[name].traits if trait in LINK_STYLES)
        yield f"relationship.{name}", _link_properties(*next(styles, DEFAULT_LINK_STYLE))


def _link_properties(color: str, width: int) -> dict[str, str]:
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
