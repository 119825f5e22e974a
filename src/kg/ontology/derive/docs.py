"""The page of documentation on the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.ontology.derive.diagrams import lineage_diagram, link_diagram
from kg.ontology.derive.reference import CREDIBILITY, HANDLING, RELIABILITY
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
and the digits of all scripts are read as those of ASCII. An ambiguous value is rejected with a reason, never
guessed."""

_SIGNS = str.maketrans({"\\": "\\\\", "|": "\\|", "*": "\\*", "<": "&lt;", "\n": " "})

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
    rows = [(_code(t), _escape(d), _anchors(sorted(ontology.with_trait(t)))) for t, d in ontology.traits.items()]
    return _table(("Trait", "Means", "Link types"), rows)


def _node(ontology: Ontology, node: NodeType) -> Iterator[str]:
    above = ontology.lineage(node.name)[1:]
    yield f"### {node.name}"
    yield _escape(node.description)
    yield _facts(
        {
            "Is also": _anchors(above),
            "Abstract": "no record uses it" if node.abstract else "",
            "Named by": _codes(ontology.caption_properties(node.name)),
            "The same thing in every source by": _code(node.key) if node.key else "",
            "FollowTheMoney": _codes(node.ftm),
            **{f"From {_anchor(n)}": _codes(sorted(ontology.nodes[n].properties)) for n in above},
        }
    )
    yield _properties(node.properties)


def _link(ontology: Ontology, link: LinkType) -> Iterator[str]:
    shared = [t for t in ontology.links.values() if t.abstract and t is not link]
    left, right = _anchors(link.from_, " or "), _anchors(link.to, " or ")
    handling = _escape(HANDLING[link.handling])
    yield f"### {link.name}"
    yield _escape(link.description)
    yield _facts(
        {
            "Abstract": "no record uses it" if link.abstract else "",
            "Reads": f"{left} *{_escape(link.caption)}* {right}" if link.caption else "",
            "Backwards": f"{right} *{_escape(link.inverse)}* {left}" if link.directed and link.inverse else "",
            **{
                f"Reads as {role}": f"{left} *{_escape(words.caption)}* {right}; backwards *{_escape(words.inverse)}*"
                for role, words in link.roles.items()
            },
            "Direction": "" if link.directed else "none; it reads alike both ways",
            "Traits": _codes(link.traits),
            "Handling": "" if link.handling == "open" else f"{_code(link.handling)}: {handling}",
            "FollowTheMoney": "; ".join(map(_form, link.ftm)),
            **{f"From {_anchor(t.name)}": _codes(sorted(t.properties)) for t in shared},
        }
    )
    yield _properties(link.properties)


def _form(form: FtmLink) -> str:
    if form.edge:
        role = f", with the role `{form.role}`" if form.role else ""
        return f"{_code(form.edge)}, from `{form.source}` to `{form.target}`{role}"
    way = "from its value to the entity" if form.reverse else "from the entity to its value"
    whose = f" of {_codes(form.schema)}" if form.schema else ""
    return f"property `{form.property}`{whose}, {way}"


def _properties(properties: Mapping[str, Property]) -> str:
    rows = [(_code(n), _kind(p), _escape(p.description), _codes(p.ftm)) for n, p in sorted(properties.items())]
    return _table(("Property", "Value", "Says", "FollowTheMoney"), rows) if rows else ""


def _kind(prop: Property) -> str:
    allowed = f": {_codes(prop.values)}" if prop.values else ""
    pattern = f" matching {_code(prop.pattern)}" if prop.pattern else ""
    return f"[{prop.type}](#{prop.type}-values){allowed}{pattern}{', *identifies*' if prop.identifies else ''}"


def _value_type(kind: ValueType) -> Iterator[str]:
    yield f"### {kind.name} values"
    yield f"{_escape(kind.description)} Expected: {_escape(kind.expected)}."
    kept = {raw: kind.clean(raw) for raw in kind.examples}
    rows = [(_code(raw), _code(text), _escape(kind.caption(text))) for raw, text in kept.items()]
    yield _table(("Written", "Kept", "Shown"), rows)


def _grades() -> Iterator[str]:
    headings = {
        "Reliability of the source": RELIABILITY,
        "Credibility of the information": CREDIBILITY,
        "Handling": HANDLING,
    }
    for heading, meanings in headings.items():
        yield _table((heading, "Means"), [(_code(grade), _escape(means)) for grade, means in meanings.items()])


def _escape(text: str) -> str:
    """Escaped text, also for tables. Backticks keep their meaning: descriptions use them."""
    return text.translate(_SIGNS)


def _code(text: str) -> str:
    """Text as code, for a table: in tables a `|` has to be escaped even in code."""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text or text != text.strip() else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(map(_code, texts))


def _anchor(heading: str) -> str:
    """A link to a heading of the same page that is one name."""
    return f"[{heading}](#{heading.lower()})"


def _anchors(headings: Iterable[str], between: str = ", ") -> str:
    return between.join(map(_anchor, headings))


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows under headings; cells are Markdown already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _facts(named: Mapping[str, str]) -> str:
    return "\n".join(f"- {name}: {text}" for name, text in named.items() if text)
