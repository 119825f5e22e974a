"""Which members and links of a cluster does the picture of its network show?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from kg.findings import Cluster
from kg.findings.statements import has_ended, undated_end
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED
from kg.ontology.values import are_negative
from kg.ontology.words import type_label
from kg.records import Claim, Link, Node
from kg.reports.cluster_report.outside_payments import OutsidePayments
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.names import caption, latin_name
from kg.reports.phrases import show_bidi_controls

MAX_MEMBERS = 60
"""Members drawn. If there are more, those sought and those with the strongest ties are."""

MAX_OUTSIDE = 5
"""Parties outside the cluster that are drawn: those to and from which most was paid."""

OUTSIDE = "outside the cluster"
"""The role in the picture of a party that is no member."""

LINE_KINDS = ("ownership", "benefit", "control", "kinship", "payment", "shared", "other")
"""Kinds of line, by trait; `shared` is something that two members have in common, such as an address or account."""

SYMMETRIC_KINDS = ("kinship", "shared", "other")
"""Kinds of line without a direction."""

NODE_GROUPS = ("person", "enterprise", "arrangement", "asset")


@dataclass(frozen=True, slots=True)
class DiagramNode:
    """One member in the picture."""

    id: str
    name: str
    also: str
    """The name in Latin letters, if the other is in another script."""
    kind: str
    role: str
    """Empty where it has none but that of its kind."""
    group: str
    """One of NODE_GROUPS: the shape of its box."""

    @property
    def full_name(self) -> str:
        """The name in both scripts."""
        return f"{self.name} ({self.also})" if self.also else self.name


@dataclass(frozen=True, slots=True)
class DiagramLine:
    """One line from one member to another."""

    tail: str
    head: str
    kind: str
    directed: bool
    label: str = ""
    """What the links say that the line stands for: `settled`, `directs and owns`, `owned until 2019`."""
    is_over: bool = False
    """Whether all that it stands for has ended."""


@dataclass(frozen=True, slots=True)
class NetworkDiagram:
    """What the picture of a cluster's network shows."""

    nodes: tuple[DiagramNode, ...]
    lines: tuple[DiagramLine, ...]
    left_out: int
    """Members for which there is no room."""
    follows_links: bool = False
    """Whether all lines lead from left to right as far as they can, and not only those of holding."""

    @property
    def line_kinds(self) -> tuple[str, ...]:
        """The kinds of line in the picture, for its legend."""
        return tuple(kind for kind in LINE_KINDS if any(line.kind == kind for line in self.lines))

    @property
    def node_groups(self) -> tuple[str, ...]:
        """The groups of members in the picture, for its legend."""
        return tuple(group for group in NODE_GROUPS if any(node.group == group for node in self.nodes))

    @property
    def statements(self) -> tuple[tuple[str, str, str], ...]:
        """Each line in words: a member, what the links say, another member."""
        names = {node.id: node.full_name for node in self.nodes}
        return tuple((names[line.tail], line.label or line.kind, names[line.head]) for line in self.lines)


EMPTY_DIAGRAM = NetworkDiagram((), (), 0)


Line = tuple[str, str, bool]
"""The kind of a tie's line, what its link says, and whether that is over."""

_PAST = {"is": "was", "has": "had", "holds": "held", "controls": "controlled"}


def lines_of_ties(graph: ReportGraph, cluster: Cluster) -> dict[str, Line]:
    """The lines of the ties, by what their links say on the day: a role, a negative amount, that it is over."""
    found = graph.store.links_by_id([tie.id for tie in cluster.ties])
    spoken = graph.store.claims([key for key, link in found.items() if _is_said_to_end(link)])
    claims = {key: [c for c in said if c.provenance.handling != PROTECTED] for key, said in spoken.items()}
    return {key: _line_of_link(graph.ontology, link, claims.get(key, ()), graph.day) for key, link in found.items()}


def network_diagram(
    context: ReportContext,
    cluster: Cluster,
    lines: Mapping[str, Line] = MappingProxyType({}),
    outside: Sequence[OutsidePayments] = (),
) -> NetworkDiagram:
    """The members and their ties, ready to be drawn; the same cluster gives the same picture. `lines`: of ties whose
    links say something else than their type does; `outside`: payments, of which the largest are drawn.
    """
    visible = [m for m in cluster.members if m.id in context.nodes]
    strength: defaultdict[str, float] = defaultdict(float)
    for tie in cluster.ties:
        strength[tie.source_id] += tie.weight
        strength[tie.target_id] += tie.weight
    chosen = sorted(visible, key=lambda m: (m.role != "sought", -strength[m.id], m.id))[:MAX_MEMBERS]
    shown = {m.id for m in chosen}
    of_type = {kind: _line_of_type(context.ontology, kind) for kind in {tie.type for tie in cluster.ties}}
    ties = ((tie.source_id, tie.target_id, *lines.get(tie.id, of_type[tie.type])) for tie in cluster.ties)
    drawn = list(dict.fromkeys(one.outside_id for one in outside))[:MAX_OUTSIDE]
    payments = _lines_outside(context, drawn, shown)
    others = [name for name in drawn if any(name in line[:2] for line in payments)]
    roles = [*((m.id, m.role) for m in visible if m.id in shown), *((name, OUTSIDE) for name in others)]
    notes = context.namesake_notes
    return NetworkDiagram(
        tuple(_diagram_node(context.ontology, context.nodes[i], role, notes.get(i, "")) for i, role in roles),
        diagram_lines([*(tie for tie in ties if {*tie[:2]} <= shown), *payments]),
        len(visible) - len(chosen),
    )


def _lines_outside(
    context: ReportContext, outside: Sequence[str], shown: Collection[str]
) -> list[tuple[str, str, str, str, bool]]:
    """The payments between some parties outside and members that are drawn."""
    types = context.ontology.with_trait("payment")
    return [
        (link.source_id, link.target_id, *_line_of_link(context.ontology, link))
        for name in outside
        for link in (*context.outgoing(name, types), *context.incoming(name, types))
        if {link.source_id, link.target_id} - {name} <= {*shown}
    ]


def subgraph_diagram(ontology: Ontology, nodes: Iterable[Node], links: Iterable[Link]) -> NetworkDiagram:
    """Some nodes and the links between them, ready to be drawn; the same graph gives the same picture."""
    chosen = sorted(nodes, key=lambda node: node.id)
    shown = {node.id for node in chosen}
    ends = ((link.source_id, link.target_id, *_line_of_link(ontology, link)) for link in links)
    return NetworkDiagram(
        tuple(_diagram_node(ontology, node, "sought" if node.sought_under else "") for node in chosen),
        diagram_lines(one for one in ends if {*one[:2]} <= shown),
        0,
        follows_links=True,
    )


def diagram_lines(links: Iterable[tuple[str, str, str, str, bool]]) -> tuple[DiagramLine, ...]:
    """Links as lines: those of one kind between the same two nodes, over or not, are one line.

    `links`: tail, head, kind of line, what the link says, and whether that is over.
    """
    labels: defaultdict[tuple[str, str, str, bool], set[str]] = defaultdict(set)
    for tail, head, kind, label, is_over in links:
        if tail != head:
            labels[tail, head, kind, is_over].add(label)
    lines = (
        DiagramLine(tail, head, kind, kind not in SYMMETRIC_KINDS, " and ".join(sorted(each)), is_over)
        for (tail, head, kind, is_over), each in labels.items()
    )
    return tuple(sorted(lines, key=lambda line: (LINE_KINDS.index(line.kind), line.tail, line.head, line.is_over)))


def _line_of_type(ontology: Ontology, link_type: str) -> Line:
    link = ontology.links.get(link_type)
    traits = link.traits if link else ()
    kind = next((k for k in LINE_KINDS if k in traits), "shared" if {"location", "identity"} & {*traits} else "other")
    return kind, (link.caption if link else "") or type_label(link_type), False


def _is_said_to_end(link: Link) -> bool:
    return "end_date" in link.properties or bool(undated_end(link.properties))


def _line_of_link(ontology: Ontology, link: Link, claims: Sequence[Claim] = (), day: str = "") -> Line:
    """`claims`: what may say that the link is over."""
    kind, label, _ = _line_of_type(ontology, link.type)
    link_type = ontology.links[link.type]
    if "payment" in link_type.traits and are_negative(link.properties.get("amount", ())):
        return "other", f"{label} a negative amount (stated with a minus)", False
    label = link_type.words(link.properties).caption or label
    if not has_ended(claims, day):
        return kind, label, False
    return kind, f"{_past_tense(label)} until {max(link.properties.get('end_date', ('an unknown day',)))}", True


def _past_tense(label: str) -> str:
    """`owned` for `owns`, `was trustee of` for `is trustee of`; what tells of the past already is left as it is."""
    verb, _, rest = label.partition(" ")
    regular = verb[:-1] + ("d" if verb.endswith("es") else "ed") if verb.endswith("s") else verb
    return f"{_PAST.get(verb, regular)} {rest}".rstrip()


def _diagram_node(ontology: Ontology, node: Node, role: str, note: str = "") -> DiagramNode:
    name, latin = show_bidi_controls(caption(node)), show_bidi_controls(latin_name(node))
    return DiagramNode(
        id=node.id,
        name=name,
        also=", ".join(filter(None, [latin if latin != name else "", note])),
        kind=type_label(node.type),
        role=role,
        group=node_group(ontology, node.type),
    )


@lru_cache(maxsize=256)
def node_group(ontology: Ontology, kind: str) -> str:
    """An enterprise is both a party and an asset, and listed once; a party of unknown kind is among the people."""
    if ontology.is_a(kind, "Arrangement"):
        return "arrangement"
    if ontology.is_a(kind, "Enterprise") or ontology.is_a(kind, "Agency"):
        return "enterprise"
    return "person" if ontology.is_a(kind, "Party") else "asset"
