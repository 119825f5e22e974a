"""What is around the members of a cluster in the graph?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from kg.clearance import NAME_PROPERTIES
from kg.findings.contradictions import MAX_HOLDERS
from kg.findings.statements import is_stated_by_day
from kg.names import name_words
from kg.ontology import HOLDING_TRAITS, Ontology
from kg.ontology.values.jurisdictions import reference_rows
from kg.ports import Contents, SourceInfo, Store
from kg.records import Claim, Link, Node
from kg.reports.day_of_facts import link_by_day, node_by_day
from kg.reports.entries import EvidenceEntry
from kg.reports.names import display_name, told_apart
from kg.view import GraphView, Neighbours

FACT_TRAITS = (
    "pursuit",
    "accusation",
    "citizenship",
    "presence",
    "location",
    "registration",
    "procedure",
    "proceeds",
    "documentation",
)
"""Traits of links that are reported whatever is at their other end."""

POSTS, VICTIMS = ("HELD_POST_AT",), ("VICTIM_OF",)
"""Links that say which posts a party held, and who is the victim of an offence."""

ONWARD_TRAITS = ("procedure", "location")
"""Traits that lead from a warrant, measure or address to who issued it or where it is."""

ONWARD_TARGETS = frozenset(("Agency", "Jurisdiction"))
"""What such a link must lead to, so that it does not lead to the other targets of a measure."""

ONWARD_TYPES = ("Sought", "Measure", "Request", "Case", "Address", "Agency")
"""Kinds of node from which `ONWARD_TRAITS` are followed."""


MAX_BEARERS = 20
"""Results of a search for a name that are looked through: whole names come first."""

FileProblem = Callable[[str], str]
"""Says what is wrong with an attached file, by its SHA-256: missing, or with other bytes; empty if nothing is."""


def no_problem(digest: str) -> str:
    """Of files that nobody checks."""
    return ""


@dataclass(frozen=True)
class ReportGraph:
    """A store with its view and contents, read once for a report."""

    store: Store
    view: GraphView
    contents: Contents
    chosen_day: str = ""
    """Day of the facts; that of the view if empty."""
    file_problem: FileProblem = no_problem
    """What is wrong with the attached file of a SHA-256, now; empty if nothing is."""

    @property
    def day(self) -> str:
        """Day of the facts; empty where none is known."""
        return self.chosen_day or self.view.as_of

    @cached_property
    def sources(self) -> Mapping[str, SourceInfo]:
        """The sources by name."""
        return {source.name: source for source in self.contents.sources}

    @property
    def ontology(self) -> Ontology:
        """The ontology of the graph."""
        return self.view.ontology

    @cached_property
    def is_fact(self) -> NDArray[np.bool_]:
        """Which links have a trait of `FACT_TRAITS`."""
        return self.view.links_with(*FACT_TRAITS)

    @cached_property
    def is_accusation(self) -> NDArray[np.bool_]:
        """Which links tell of an offence: who is accused or a victim of it, and whose proceeds it deals with."""
        return self.view.links_with("accusation")

    @cached_property
    def names_accused(self) -> NDArray[np.bool_]:
        """Which links say of what a party is accused."""
        return self.view.links_of_types(["ACCUSED_OF"])

    @cached_property
    def is_holding(self) -> NDArray[np.bool_]:
        """Which links have a trait of `HOLDING_TRAITS`."""
        return self.view.links_with(*HOLDING_TRAITS)

    @cached_property
    def is_share(self) -> NDArray[np.bool_]:
        """Which links are holdings that may have a share in the whole."""
        return self.view.links_with("ownership", "benefit")

    @cached_property
    def is_onward_link(self) -> NDArray[np.bool_]:
        """Which links have a trait of `ONWARD_TRAITS` and lead to `ONWARD_TARGETS`."""
        types = self.ontology.with_trait(*ONWARD_TRAITS)
        return self.view.links_of_types(t for t in types if ONWARD_TARGETS & {*self.ontology.links[t].to})

    @cached_property
    def is_onward_node(self) -> NDArray[np.bool_]:
        """Which nodes are of `ONWARD_TYPES`."""
        return self.view.nodes_of(*ONWARD_TYPES)

    @cached_property
    def jurisdictions(self) -> Mapping[str, Node]:
        """Every jurisdiction by its code."""
        ids = [self.view.id(int(n)) for n in np.flatnonzero(self.view.nodes_of("Jurisdiction"))]
        return {n.first("code"): n for _, n in sorted(self.store.nodes(ids).items())}

    @cached_property
    def _repeated_names(self) -> frozenset[str]:
        """The names that two or more parties of the whole graph bear, in small letters, also those not to be told."""
        counts = Counter(map(str.casefold, self.view.column("caption")[self.view.nodes_of("Party")]))
        return frozenset(name for name, times in counts.items() if times > 1)

    @cached_property
    def _is_shared(self) -> Callable[[str], bool]:
        """Whether a search finds two or more parties of a name; where the view has names, of one that is repeated."""
        has_names = "caption" in self.view.columns

        @cache
        def is_shared(name: str) -> bool:
            if has_names and name.casefold() not in self._repeated_names:
                return False
            found = self.store.search(name, ("Party",), MAX_BEARERS)
            return sum(node.caption.casefold() == name.casefold() for node in found) > 1

        return is_shared

    def namesake_notes(self, nodes: Iterable[Node]) -> dict[str, str]:
        """By the id of each of some parties whose name another party of the graph bears too, what tells it apart.

        `born 1959`; `desk:a1`, its first key, where no year of birth is known.
        """
        kinds = self.ontology.kinds_of("Party")
        found = [node for node in nodes if node.type in kinds and node.caption and self._is_shared(node.caption)]
        years = {n.id: sorted({text[:4] for text in n.properties.get("birth_date", ())}) for n in found}
        without = [node for node, born in years.items() if not born]
        claims = self.store.claims(without) if without else {}
        keys = {
            node: min((f"{c.namespace}:{c.key}" for c in said if c.provenance.handling != "protected"), default=node)
            for node, said in claims.items()
        }
        return {node: f"born {' or '.join(born)}" if born else keys.get(node, node) for node, born in years.items()}

    def names_of(self, nodes: Mapping[str, Node]) -> dict[str, str]:
        """What each of some nodes, by id, is called in a sentence, told from others of that name."""
        notes = self.namesake_notes(nodes.values())
        return {i: told_apart(display_name(node), notes.get(i, "")) for i, node in nodes.items()}

    @cached_property
    def agencies(self) -> frozenset[tuple[str, ...]]:
        """The words of every name of an agency, of the graph and of the reference facts."""
        ids = [self.view.id(int(n)) for n in np.flatnonzero(self.view.nodes_of("Agency"))]
        named = (node.properties.get(of, ()) for node in self.store.nodes(ids).values() for of in NAME_PROPERTIES)
        known = (row[of] for row in reference_rows("agencies.csv") for of in ("name", "name_zh") if row["jurisdiction"])
        return frozenset(name_words(name) for name in (*(n for names in named for n in names), *known) if name)

    def indices(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """The positions of nodes in the view, without those that it does not show."""
        ids = [i for i in ids if len(i) <= self.view.ids.dtype.itemsize]
        wanted = np.array([i.encode() for i in ids], self.view.ids.dtype)
        at = np.searchsorted(self.view.ids, wanted)
        known = at < len(self.view.ids)
        known[known] = self.view.ids[at[known]] == wanted[known]
        return np.unique(at[known])


def report_graph(store: Store, day: str = "", file_problem: FileProblem = no_problem) -> ReportGraph:
    """The graph as a report looks it up, on a day; by default on that of the store. `file_problem` checks exhibits."""
    return ReportGraph(store, store.view(("sought", "dates")), store.contents(), day, file_problem)


@dataclass(frozen=True)
class ReportContext:
    """Nodes, links between them, and claims around some members, without anything protected."""

    ontology: Ontology
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]
    claims: Mapping[str, Sequence[Claim]]
    sources: Mapping[str, SourceInfo]
    evidence_cache: dict[str, tuple[EvidenceEntry, ...]] = field(default_factory=dict)
    """The evidence of links that was computed before."""
    _names: dict[str, str] = field(default_factory=dict)
    day: date = date.max
    """Day of the facts: what is dated later is left out."""
    agencies: frozenset[tuple[str, ...]] = frozenset()
    """As in `ReportGraph.agencies`."""
    file_problem: FileProblem = no_problem
    """As in `ReportGraph.file_problem`."""
    namesake_notes: Mapping[str, str] = field(default_factory=dict)
    """As `ReportGraph.namesake_notes` gives them."""

    def outgoing(self, node_id: str, types: Iterable[str]) -> list[Link]:
        """The links of some types that leave a node, by type and id."""
        wanted = frozenset(types)
        return [link for link in self._links_by_source.get(node_id, ()) if link.type in wanted]

    def incoming(self, node_id: str, types: Iterable[str]) -> list[Link]:
        """The links of some types that arrive at a node, by type and id."""
        wanted = frozenset(types)
        return [link for link in self._links_by_target.get(node_id, ()) if link.type in wanted]

    def display_name(self, node_id: str) -> str:
        """The name of a node in a sentence; its id if it is not in the context."""
        if node_id not in self._names:
            node = self.nodes.get(node_id)
            self._names[node_id] = self.told_apart(node_id, display_name(node)) if node else node_id
        return self._names[node_id]

    def told_apart(self, node_id: str, name: str) -> str:
        """The name of a node, with what tells it from others of that name: `Ann Example (born 1959)`."""
        return told_apart(name, self.namesake_notes.get(node_id, ""))

    @cached_property
    def _links_by_source(self) -> Mapping[str, Sequence[Link]]:
        return _group_by_end(self.links.values(), "source_id")

    @cached_property
    def _links_by_target(self) -> Mapping[str, Sequence[Link]]:
        return _group_by_end(self.links.values(), "target_id")


def load_context(graph: ReportGraph, members: Sequence[str], links: Iterable[str] = ()) -> ReportContext:
    """What a report may say about `members`, and about further `links`: what had come by the day of the graph."""
    ontology, kinds = graph.ontology, graph.ontology.links
    day = date.fromisoformat(graph.day) if graph.day else date.max
    stored = graph.store.links_by_id(sorted(_context_link_ids(graph, members).union(links)))
    shown = {k: v for k, v in stored.items() if not v.protected and kinds[v.type].handling != "protected"}
    known = {k: link for k, v in shown.items() if (link := link_by_day(ontology, v, day))}
    ends = {*members, *(end for link in known.values() for end in (link.source_id, link.target_id))}
    found = {k: n for k, n in graph.store.nodes(sorted(ends)).items() if not n.protected}
    unsaid = _not_yet_said(graph, [k for k, n in found.items() if ontology.is_a(n.type, "Offence")], day)
    nodes = {k: node for k, n in found.items() if k not in unsaid and (node := node_by_day(ontology, n, day))}
    known = {k: link for k, link in known.items() if k not in unsaid}
    kept = {k: known[k] for k in sorted(known) if known[k].source_id in nodes and known[k].target_id in nodes}
    spoken = graph.store.claims([*(m for m in members if m in nodes), *kept])
    claims = {k: [c for c in said if c.provenance.handling != "protected"] for k, said in spoken.items()}
    return ReportContext(
        ontology,
        nodes,
        kept,
        claims,
        graph.sources,
        day=day,
        agencies=graph.agencies,
        file_problem=graph.file_problem,
        namesake_notes=graph.namesake_notes(nodes.values()),
    )


def _not_yet_said(graph: ReportGraph, offences: Collection[str], day: date) -> Set[str]:
    """Accusations of some offences that nobody had made by a day, and the offences of which there are no others."""
    if not offences or day == date.max:
        return frozenset()
    view = graph.view
    at = links_of(graph.indices(sorted(offences)), graph.names_accused, view.incoming).tolist()
    about = {view.link_id(link): view.id(int(view.head[link])) for link in at}
    said = graph.store.claims(list(about))
    unsaid = {
        k for k in about if k in said and not any(is_stated_by_day(c, day, "date", "start_date") for c in said[k])
    }
    return unsaid | (set(about.values()) - {about[link] for link in about.keys() - unsaid})


def with_all_holders(
    graph: ReportGraph, context: ReportContext, members: Sequence[str], links: Iterable[str] = ()
) -> ReportContext:
    """The context with further `links` and every holder of `members`: all shares in a thing count together.

    Without the holders of a thing that has more than `MAX_HOLDERS`, as everywhere.
    """
    view = graph.view
    incoming = (links_of([node], graph.is_share, view.incoming) for node in graph.indices(members))
    ids = (view.link_id(int(link)) for links in incoming if len(links) <= MAX_HOLDERS for link in links)
    missing = [name for name in dict.fromkeys((*links, *ids)) if name not in context.links]
    if not missing:
        return context
    more = load_context(graph, (), missing)
    return replace(
        context,
        nodes={**more.nodes, **context.nodes},
        links={**more.links, **context.links},
        claims={**more.claims, **context.claims},
        namesake_notes={**more.namesake_notes, **context.namesake_notes},
    )


def post_and_victim_ids(graph: ReportGraph, members: Sequence[str]) -> list[str]:
    """The ids of the links to posts that members held, and of the victims of what members are accused of."""
    view, inside = graph.view, graph.indices(members)
    posts = links_of(inside, view.links_of_types(POSTS), view.outgoing)
    accusations = links_of(inside, graph.names_accused, view.outgoing)
    victims = links_of(np.unique(view.head[accusations]), view.links_of_types(VICTIMS), view.incoming)
    return [view.link_id(int(link)) for link in np.union1d(posts, victims)]


def _context_link_ids(graph: ReportGraph, members: Sequence[str]) -> set[str]:
    """The ids of the members' facts and holdings, and of up to two onward links from there."""
    view = graph.view
    inside = graph.indices(members)
    facts = links_of(inside, graph.is_fact, view.outgoing, view.incoming)
    holdings = links_of(inside, graph.is_holding, view.outgoing, view.incoming)
    holdings = holdings[np.isin(view.tail[holdings], inside) & np.isin(view.head[holdings], inside)]
    found = [facts, holdings]
    reached = np.setdiff1d(np.union1d(view.tail[facts], view.head[facts]), inside)
    for _ in range(2):
        further = links_of(reached[graph.is_onward_node[reached]], graph.is_onward_link, view.outgoing)
        found.append(further)
        reached = np.unique(view.head[further])
    return {view.link_id(int(link)) for link in np.unique(np.concatenate(found))}


def links_of(nodes: Iterable[int], wanted: NDArray[np.bool_], *ends: Neighbours) -> NDArray[np.int32]:
    """The wanted ones of the links at some nodes, each once."""
    rows = (end.of(node) for node in nodes for end in ends)
    links: NDArray[np.int32] = np.unique(np.concatenate([np.empty(0, np.int32), *rows]))
    return links[wanted[links]]


def _group_by_end(links: Iterable[Link], end: str) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda k: (k.type, k.id)):
        found[getattr(link, end)].append(link)
    return found
