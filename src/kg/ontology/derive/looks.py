"""How nodes and links look, wherever they are drawn: in Neo4j Browser, in reports and on the explorer page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from kg.ontology.derive.cypher import GRAPH, ROOT, WITHDRAWN
from kg.ontology.model import LinkType, Ontology

DARK, LIGHT = "#000000", "#FFFFFF"


@dataclass(frozen=True, slots=True)
class NodeLook:
    """Shape and colours of a node; `text` is the colour of what stands inside, `diameter` the size in Browser."""

    shape: str
    color: str
    border: str
    text: str = DARK
    diameter: int = 50


@dataclass(frozen=True, slots=True)
class LinkLook:
    """Colour and width of a link, and the dashes with which print on paper tells it from others."""

    color: str
    width: int
    dashes: str = ""


NODE_LOOKS: Mapping[str, NodeLook] = {
    ROOT: NodeLook("pentagon", "#8C8C8C", "#595959"),
    "Party": NodeLook("pentagon", "#56B4E9", "#2B7CAB", diameter=65),
    "Person": NodeLook("circle", "#0072B2", "#004A73", LIGHT, 65),
    "Enterprise": NodeLook("square", "#E69F00", "#A67300", diameter=65),
    "Arrangement": NodeLook("diamond", "#F0E442", "#A69C14", diameter=65),
    "Asset": NodeLook("triangle", "#009E73", "#006B4E", diameter=65),
    "Jurisdiction": NodeLook("hexagon", "#CC79A7", "#94496F", diameter=80),
    "Agency": NodeLook("octagon", "#333333", "#000000", LIGHT, 80),
    # Documents are light, like paper.
    **dict.fromkeys(
        ("Sought", "Offence", "Measure", "Case", "Request", "Agreement", "Determination"),
        NodeLook("note", "#F7F7F7", "#595959"),
    ),
    **dict.fromkeys(("Address", "Document", "IdentityDocument", "Post"), NodeLook("note", "#D9D9D9", "#8C8C8C")),
    WITHDRAWN: NodeLook("circle", "#FFFFFF", "#BFBFBF"),
    GRAPH: NodeLook("circle", "#FFFFFF", "#BFBFBF"),
}
"""By type; any other type looks like its nearest supertype. The colours are those of Okabe and Ito, which people with
colour blindness can distinguish."""

LINK_LOOKS: Mapping[str, LinkLook] = {
    **dict.fromkeys(("ownership", "indirect"), LinkLook("#006B4E", 3)),
    "benefit": LinkLook("#006B4E", 3, "2 4"),
    "control": LinkLook("#A67300", 3, "9 4"),
    "payment": LinkLook("#D55E00", 3, "16 5"),
    "kinship": LinkLook("#0072B2", 2, "12 3 2 3"),
    "association": LinkLook("#0072B2", 2, "5 5"),
    **dict.fromkeys(("pursuit", "accusation"), LinkLook("#333333", 2, "5 5")),
    "shared": LinkLook("#595959", 1, "1 5"),
    "other": LinkLook("#8C8C8C", 1, "5 5"),
}
"""By trait; `shared` is for what members of a cluster share, and `other` for everything else."""


WORDED_TYPES = ("money", "percent", "valuation")
"""Types of values that are written otherwise for people than they are kept."""


def node_look(ontology: Ontology, name: str) -> NodeLook:
    """The look of a node type, or of its nearest supertype that has one."""
    return next(NODE_LOOKS[kind] for kind in ontology.lineage(name) if kind in NODE_LOOKS)


def link_look(link: LinkType) -> LinkLook:
    """The look of a link type: that of the first of its traits that has one."""
    return next((LINK_LOOKS[trait] for trait in link.traits if trait in LINK_LOOKS), LINK_LOOKS["other"])


def looks_page(ontology: Ontology) -> str:
    """The text of `looks.json`: what the explorer page has to know of each type to draw it and to say it."""
    nodes = {
        name: {"ancestors": [*ontology.lineage(name)[1:]], **asdict(node_look(ontology, name))}
        for name in ontology.node_names
    }
    for look in nodes.values():
        del look["diameter"]
    links = {
        name: {
            "color": link_look(link).color,
            "width": link_look(link).width,
            "caption": link.caption,
            "inverse": link.inverse,
            "roles": {role: words.to_json() for role, words in link.roles.items()},
            "directed": link.directed,
            "event": link.event,
            "traits": [*link.traits],
        }
        for name, link in ((name, ontology.links[name]) for name in ontology.link_names)
    }
    known = (ontology.properties(name) for name in (*ontology.node_names, *ontology.link_names))
    values = {name: kind.type for of_type in known for name, kind in of_type.items() if kind.type in WORDED_TYPES}
    looks = {"nodes": nodes, "links": links, "values": dict(sorted(values.items()))}
    return json.dumps(looks, indent=1, ensure_ascii=False) + "\n"
