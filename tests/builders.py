"""How does a test write down a graph?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.ontology import Ontology, load_ontology
from kg.ontology.values import VALUE_TYPES, date_span, percent_interval
from kg.records import RELIABILITIES, Claim, GraphVersion, Node
from kg.view import BoolArray, GraphView, NoRecords

GUESSED_TYPES = ("Person", "Asset", "Enterprise", "Arrangement", "Address", "Jurisdiction")
"""Which type a node without one gets: the first that every link it stands in allows; then any other, by name."""

INTERESTS = ("", "legal", "beneficial")


@dataclass(frozen=True)
class StatedRecords(NoRecords):
    """The claims and nodes behind a drawn graph, as a test states them by id."""

    claims_by_id: Mapping[str, Sequence[Claim]] = field(default_factory=dict)
    nodes_by_id: Mapping[str, Node] = field(default_factory=dict)

    def claims(self, ids: Sequence[str], /) -> Mapping[str, Sequence[Claim]]:
        """The claims behind some nodes or links."""
        return {key: self.claims_by_id[key] for key in ids if key in self.claims_by_id}

    def nodes(self, ids: Iterable[str], /) -> Mapping[str, Node]:
        """Some nodes."""
        return {key: self.nodes_by_id[key] for key in ids if key in self.nodes_by_id}


@dataclass(frozen=True)
class GraphLine:
    """One line of a test graph: a link with its ends, or a node alone (`link` is empty)."""

    tail: str
    link: str = ""
    head: str = ""
    says: Mapping[str, str] = field(default_factory=dict)


def graph(*lines: str, sought: Iterable[str] = (), as_of: str = "2024-01-01") -> GraphView:
    """A view of the graph that `lines` draw, under the real ontology, whatever their order.

    A line is `ann OWNS acme` or `ann:Person OWNS acme:Enterprise share=51 interest=legal start=2001-05 end=2009
    reliability=B credibility=2`, or one node alone, `ann:Person`. A type said once holds for every line; one not said
    is guessed from the links (see GUESSES). `share` is a percentage or a band (`25..50`); `start`, `end` and `date` may
    be partial dates.

    Ids are names: `ann` is node `ann`. A link's id is its line without properties, `ann OWNS acme`; a second link of
    the kind between the same two is `ann OWNS acme #2`, counted in the order of what the links say. Raises ValueError
    for a line that is none, an unknown property and a link that the ontology does not allow.
    """
    ontology = load_ontology()
    parsed = [_line(text) for text in lines]
    types = _types(ontology, parsed, _stated_types(lines))
    links = _with_ids([p for p in parsed if p.link])
    return _view(ontology, types, links, frozenset(sought), as_of)


_NODE = r"([^\s:=]+)(?::(\w+))?"
_LINE = re.compile(rf"{_NODE}(?:\s+([A-Z_]+)\s+{_NODE}((?:\s+[a-z_]+=\S+)*))?")


def to_networkx(view: GraphView, links: BoolArray | None = None) -> nx.MultiDiGraph[str]:
    """All nodes and all or the chosen links as a MultiDiGraph; canonical ids are node names and keys."""
    found: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    found.add_nodes_from((view.id(n), {"type": view.type(n)}) for n in range(len(view.ids)))
    for link in range(len(view.link_ids)) if links is None else np.flatnonzero(links).tolist():
        ends = view.id(view.tail[link]), view.id(view.head[link])
        found.add_edge(*ends, key=view.link_id(link), type=view.type_of_link(link))
    return found


def _line(text: str) -> GraphLine:
    match = _LINE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"expected `ann OWNS acme share=51` or `ann:Person`, not {text!r}")
    tail, _, link, head, _, says = match.groups()
    return GraphLine(tail, link or "", head or "", dict(p.split("=", 1) for p in (says or "").split()))


def _stated_types(lines: Iterable[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for name, kind in re.findall(rf"(?<!\S){_NODE}(?!\S)", " ".join(lines)):
        if kind and said.setdefault(name, kind) != kind:
            raise ValueError(f"{name} is said to be both {said[name]} and {kind}")
    return said


def _types(ontology: Ontology, lines: Sequence[GraphLine], said: Mapping[str, str]) -> dict[str, str]:
    """Node name to type; every name in `lines` has one."""
    needs: dict[str, list[tuple[str, ...]]] = {line.tail: [] for line in lines}
    for line in (found for found in lines if found.link):
        kind = ontology.links[line.link]
        needs[line.tail].append(kind.from_)
        needs.setdefault(line.head, []).append(kind.to)
    return {name: _type(ontology, name, needs[name], said.get(name)) for name in sorted(needs)}


def _type(ontology: Ontology, name: str, needs: Sequence[tuple[str, ...]], said: str | None) -> str:
    def fits(kind: str) -> bool:
        return all(any(ontology.is_a(kind, end) for end in ends) for ends in needs)

    for kind in (said,) if said else (*GUESSED_TYPES, *ontology.node_names):
        if fits(kind):
            return kind
    raise ValueError(f"{name} cannot be {said or 'of any type'}: its links want {needs}")


def _with_ids(lines: Iterable[GraphLine]) -> list[tuple[str, GraphLine]]:
    """Each link with its id, sorted by id."""

    def name(line: GraphLine) -> str:
        return f"{line.tail} {line.link} {line.head}"

    found = []
    for shared, same in groupby(sorted(lines, key=lambda a: (name(a), sorted(a.says.items()))), key=name):
        found += [(shared if i == 1 else f"{shared} #{i}", line) for i, line in enumerate(same, 1)]
    return sorted(found, key=lambda pair: pair[0].encode())


def _view(
    ontology: Ontology,
    types: Mapping[str, str],
    links: Sequence[tuple[str, GraphLine]],
    sought: frozenset[str],
    as_of: str,
) -> GraphView:
    ids = sorted(types, key=str.encode)
    if not sought <= types.keys():
        raise ValueError(f"sought, but in no line: {', '.join(sorted(sought - types.keys()))}")
    at = {name: i for i, name in enumerate(ids)}
    node_types, link_types = ontology.node_names, ontology.link_names
    says = [line.says for _, line in links]
    return GraphView(
        ontology=ontology,
        version=GraphVersion("test", 1),
        as_of=as_of,
        node_types=node_types,
        link_types=link_types,
        ids=np.array([name.encode() for name in ids], dtype=np.bytes_),
        node_type=np.array([node_types.index(types[name]) for name in ids], np.uint8),
        link_ids=np.array([link_id.encode() for link_id, _ in links], dtype=np.bytes_),
        link_type=np.array([link_types.index(line.link) for _, line in links], np.uint8),
        tail=np.array([at[line.tail] for _, line in links], np.int32),
        head=np.array([at[line.head] for _, line in links], np.int32),
        columns={
            "caption": np.array(ids, dtype=object),
            "sought": np.array([name in sought for name in ids], bool),
            **{name: _column(name, says) for name in _READERS},
        },
    )


def _share(says: Mapping[str, str]) -> tuple[float, float]:
    if "share" not in says:
        return (np.nan, np.nan)
    low, high = percent_interval(VALUE_TYPES["percent"].clean(says["share"]))
    return (float(low), float(high))


def _dates(says: Mapping[str, str]) -> tuple[int, int]:
    first, last = says.get("start", says.get("date")), says.get("end", says.get("date"))
    return (date_span(first).first.toordinal() if first else 0, date_span(last).last.toordinal() if last else 0)


def _reliability(says: Mapping[str, str]) -> int:
    return RELIABILITIES.index(says.get("reliability", "F")) + 1


def _credibility(says: Mapping[str, str]) -> int:
    return int(says.get("credibility", "6"))


def _interest(says: Mapping[str, str]) -> int:
    return INTERESTS.index(says.get("interest", ""))


_READERS: dict[str, tuple[Callable[[Mapping[str, str]], Any], type, tuple[int, ...]]] = {
    "share": (_share, np.float32, (2,)),
    "dates": (_dates, np.int32, (2,)),
    "reliability": (_reliability, np.uint8, ()),
    "interest": (_interest, np.uint8, ()),
    "credibility": (_credibility, np.uint8, ()),
}
_KNOWN = {"share", "start", "end", "date", "reliability", "interest", "credibility"}


def _column(name: str, says: Sequence[Mapping[str, str]]) -> NDArray[Any]:
    read, dtype, width = _READERS[name]
    for properties in says:
        if not properties.keys() <= _KNOWN:
            raise ValueError(f"a test graph knows {', '.join(sorted(_KNOWN))}; not {', '.join(properties)}")
    return np.array([read(properties) for properties in says], dtype).reshape((len(says), *width))
