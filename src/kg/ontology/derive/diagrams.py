"""Mermaid diagrams of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.ontology.model import LinkType, Ontology


def lineage_diagram(ontology: Ontology) -> str:
    """Every node type with its subtypes, from left to right; abstract types have dashed borders."""
    # Types with subtypes first, so that those which share a subtype are side by side.
    kinds = {parent for node in ontology.nodes.values() for parent in node.extends}
    names = sorted(ontology.nodes, key=lambda name: (name not in kinds, name))
    edges = [f"  {parent} --> {name}" for name in names for parent in ontology.nodes[name].extends]
    lonely = [f"  {name}" for name, node in ontology.nodes.items() if not node.extends]
    abstract = ",".join(name for name, node in ontology.nodes.items() if node.abstract)
    style = ["  classDef abstract stroke-dasharray: 5 4", f"  class {abstract} abstract"] if abstract else []
    return _mermaid(["flowchart LR", *lonely, *edges, *style])


def link_diagram(ontology: Ontology) -> str:
    """Every link type between its node types, with a box for each trait; undirected links have no arrow."""
    lines = ["flowchart LR"]
    # Mermaid stacks boxes that nothing joins from the bottom up.
    for number, trait in reversed(list(enumerate(ontology.traits))):
        links = [ontology.links[name] for name in sorted(ontology.with_trait(trait))]
        lines += _box(f"t{number}", trait, links) if links else []
    return _mermaid(lines)


def _box(key: str, trait: str, links: Iterable[LinkType]) -> Iterator[str]:
    """The links of one trait; those between the same node types share one line, so that the diagram stays narrow."""
    together: dict[tuple[str, str, str], list[str]] = {}
    for link in links:
        ends = _words(link.from_), _words(link.to), "-->" if link.directed else "---"
        together.setdefault(ends, []).append(link.name)
    lefts, rights = _ids(f"{key}f", (e[0] for e in together)), _ids(f"{key}o", (e[1] for e in together))
    yield f'  subgraph {key}["{trait}"]'
    yield "    direction LR"
    yield from (f'    {known}["{words}"]' for side in (lefts, rights) for words, known in side.items())
    for (left, right, arrow), names in together.items():
        yield f'    {lefts[left]} {arrow}|"{"<br/>".join(names)}"| {rights[right]}'
    yield "  end"


def _ids(prefix: str, words: Iterable[str]) -> dict[str, str]:
    return {each: f"{prefix}{number}" for number, each in enumerate(dict.fromkeys(words))}


def _words(types: tuple[str, ...]) -> str:
    """Names of types, three on a line."""
    rows = [", ".join(types[start : start + 3]) for start in range(0, len(types), 3)]
    return ",<br/>".join(rows)


def _mermaid(lines: Iterable[str]) -> str:
    return "\n".join(["```mermaid", *lines, "```"])
