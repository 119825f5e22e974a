"""The page of documentation on the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.ontology.derive.diagrams import lineage_diagram, link_diagram
from kg.ontology.derive.grades import CREDIBILITY, HANDLING, RELIABILITY
from kg.ontology.derive.markdown import anchor, anchors, code, codes, escape, facts, table
from kg.ontology.model import FtmLink, LinkType, NodeType, Ontology, Property
from kg.ontology.values import VALUE_TYPES, ValueType

_TOP = """# The ontology

> `kg generate` makes this page from the files in `graph/ontology`. Change those, not this page, and run it again.

The types of nodes and links, their properties, and the forms of their values. `kg ref` shows the same in a terminal,
`kg ref NAME` one type, trait or property, `kg ref --json` everything as data."""

_NODES = """A node of a type is also a node of all its supertypes, and has the properties of each.
Arrows lead from a type to its subtypes. A type with a dashed border is abstract: no record uses it."""

_LINKS = """Analyses and paths choose links by trait, never by name, so a new type takes part in them by its traits.
Each box is a trait with its links; a line without an arrow has no direction."""

_PROPERTIES = """A property may have several values: sources disagree. Where a property *identifies*, two nodes that
share a value become POSSIBLY_SAME_AS; they are never merged for that reason alone."""

_VALUES = """A claim keeps the text of its source. The graph keeps one canonical text for each value, so that equal
values are equal strings. White space is folded. Invisible characters (joiners, soft hyphens, marks and overrides of
direction) are removed, because names that look equal have to be equal. In numbers and codes, full-width characters
are read as those of ASCII. An ambiguous value is rejected with a reason, never guessed."""

_GRADES = """Every claim can say how far it is to be trusted. The source and the information are judged apart: a
reliable source may pass on a doubtful story. F and 6 mean *unknown*, not low. `origin` names what a claim goes back
to; copies of one origin count once."""


def ontology_page(ontology: Ontology) -> str:
    """The text of `docs/ontology.md`; equal ontologies give equal bytes."""
    parts = [
        _TOP,
        *("## Node types at a glance", _NODES, lineage_diagram(ontology)),
        *("## Link types at a glance", _LINKS, link_diagram(ontology)),
        *("## Traits", _traits(ontology)),
        *("## Node types", _PROPERTIES, *(p for n in ontology.nodes.values() for p in _node(ontology, n))),
        *("## Link types", *(p for t in ontology.links.values() for p in _link(ontology, t))),
        *("## Value types", _VALUES, *(p for kind in VALUE_TYPES.values() for p in _value_type(kind))),
        *("## How claims are graded", _GRADES, *_grades()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _traits(ontology: Ontology) -> str:
    rows = [(code(t), escape(d), anchors(sorted(ontology.with_trait(t)))) for t, d in ontology.traits.items()]
    return table(("Trait", "Means", "Link types"), rows)


def _node(ontology: Ontology, node: NodeType) -> Iterator[str]:
    above = ontology.lineage(node.name)[1:]
    yield f"### {node.name}"
    yield escape(node.description)
    yield facts(
        {
            "Is also": anchors(above),
            "Abstract": "no record uses it" if node.abstract else "",
            "Named by": codes(ontology.caption_properties(node.name)),
            "The same thing in every source by": code(node.key) if node.key else "",
            "FollowTheMoney": codes(node.ftm),
            **{f"From {anchor(n)}": codes(sorted(ontology.nodes[n].properties)) for n in above},
        }
    )
    yield _properties(node.properties)


def _link(ontology: Ontology, link: LinkType) -> Iterator[str]:
    shared = [t for t in ontology.links.values() if t.abstract and t is not link]
    left, right = anchors(link.from_, " or "), anchors(link.to, " or ")
    yield f"### {link.name}"
    yield escape(link.description)
    yield facts(
        {
            "Abstract": "no record uses it" if link.abstract else "",
            "Reads": f"{left} *{escape(link.caption)}* {right}" if link.caption else "",
            "Backwards": f"{right} *{escape(link.inverse)}* {left}" if link.directed and link.inverse else "",
            "Direction": "" if link.directed else "none; it reads alike both ways",
            "Traits": codes(link.traits),
            "Handling": "" if link.handling == "open" else f"{code(link.handling)}: {escape(HANDLING[link.handling])}",
            "FollowTheMoney": "; ".join(map(_form, link.ftm)),
            **{f"From {anchor(t.name)}": codes(sorted(t.properties)) for t in shared},
        }
    )
    yield _properties(link.properties)


def _form(form: FtmLink) -> str:
    if form.edge:
        return f"{code(form.edge)}, from `{form.source}` to `{form.target}`"
    way = "from its value to the entity" if form.reverse else "from the entity to its value"
    return f"property `{form.property}`, {way}"


def _properties(properties: Mapping[str, Property]) -> str:
    rows = [(code(n), _kind(p), escape(p.description), codes(p.ftm)) for n, p in sorted(properties.items())]
    return table(("Property", "Value", "Says", "FollowTheMoney"), rows) if rows else ""


def _kind(prop: Property) -> str:
    """The value type, the allowed values, and whether it identifies."""
    allowed = f": {codes(prop.values)}" if prop.values else ""
    pattern = f" matching {code(prop.pattern)}" if prop.pattern else ""
    return f"[{prop.type}](#{prop.type}-values){allowed}{pattern}{', *identifies*' if prop.identifies else ''}"


def _value_type(kind: ValueType) -> Iterator[str]:
    yield f"### {kind.name} values"
    yield f"{escape(kind.description)} Expected: {escape(kind.expected)}."
    kept = [(raw, kind.clean(raw)) for raw in kind.examples]
    yield table(
        ("Written", "Kept", "Shown"), [(code(raw), code(text), escape(kind.caption(text))) for raw, text in kept]
    )


def _grades() -> Iterator[str]:
    headings = {
        "Reliability of the source": RELIABILITY,
        "Credibility of the information": CREDIBILITY,
        "Handling": HANDLING,
    }
    for heading, meanings in headings.items():
        yield table((heading, "Means"), [(code(grade), escape(means)) for grade, means in meanings.items()])
