"""The style of nodes and links in Neo4j Browser."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ontology.derive.cypher import FUGITIVE, GRAPH, ROOT, WITHDRAWN
from kg.ontology.derive.looks import DARK, LIGHT, LINK_LOOKS, NODE_LOOKS, LinkLook, NodeLook, link_look, node_look
from kg.ontology.model import Ontology


def style_page(ontology: Ontology) -> str:
    """The text of `cypher/style.grass`.

    Browser lets every rule that fits speak, and the last one win: so what a type extends comes before it, and every
    label has a rule, because Browser makes up a look for the first one that has none. GraSS has no comments.
    """
    rules = [*_node_rules(ontology), *_link_rules(ontology)]
    texts = ((selector, [f"  {key}: {value};\n" for key, value in rule.items()]) for selector, rule in rules)
    return "".join(f"{selector} {{\n{''.join(lines)}}}\n\n" for selector, lines in texts)


def _node_rules(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    yield "node", _node_properties(NODE_LOOKS[ROOT])
    for name in sorted(ontology.nodes, key=lambda name: (len(ontology.lineage(name)), name)):
        yield f"node.{name}", _node_properties(node_look(ontology, name))
    # A wanted person keeps the style of the type, with a thick ring and the word.
    yield f"node.{FUGITIVE}", {"border-color": DARK, "border-width": "6px", "caption": '"{caption} (sought)"'}
    yield f"node.{WITHDRAWN}", _node_properties(NODE_LOOKS[WITHDRAWN]) | {"caption": '"{id}"'}
    yield f"node.{GRAPH}", _node_properties(NODE_LOOKS[GRAPH]) | {"caption": '"{id}"'}


def _node_properties(look: NodeLook) -> dict[str, str]:
    return {
        "diameter": f"{look.diameter}px",
        "color": look.color,
        "border-color": look.border,
        "border-width": "2px",
        "text-color-internal": look.text,
        "font-size": "10px",
        "caption": '"{caption}"',
    }


def _link_rules(ontology: Ontology) -> Iterator[tuple[str, dict[str, str]]]:
    yield "relationship", _link_properties(LINK_LOOKS["other"])
    for name in ontology.link_names:
        yield f"relationship.{name}", _link_properties(link_look(ontology.links[name]))


def _link_properties(look: LinkLook) -> dict[str, str]:
    return {
        "color": look.color,
        "border-color": look.color,
        "shaft-width": f"{look.width}px",
        "font-size": "8px",
        "padding": "3px",
        "text-color-external": DARK,
        "text-color-internal": LIGHT,
        "caption": '"<type>"',
    }
