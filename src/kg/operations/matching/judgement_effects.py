"""What would a judgement do? Compares the graph as it is with the graph as the judgement leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kg.findings.matches import JudgementEffect
from kg.ledger.judgement_pairs import SAME
from kg.ledger.ledger import Ledger
from kg.operations.contradictions import entity_contradictions
from kg.operations.ledger.judgements import Attribution, decide
from kg.operations.workspace import Workspace, open_live_store
from kg.ports import LinkQuery
from kg.records import Judgement, Node
from kg.stores.sqlite.store import SqliteStore

ClustersByState = dict[str, frozenset[frozenset[str]]]
"""The members of each cluster, by the state of the graph that has them."""

MAX_HELD = 100
"""Of how many things that a node holds, at most, contradictory shares are looked for."""

SECOND_PERSON = "a second person: `kg same` on the same two, with another --by and another KG_USER"

_COUNT_LINKS = """SELECT count(*) FROM link JOIN node ON node.num IN (link.tail, link.head)
    WHERE link.derived IS NULL AND node.id = ?"""
_COUNT_SUGGESTIONS = """SELECT count(*) FROM link WHERE derived IS NOT NULL AND type = 'POSSIBLY_SAME_AS'"""


@dataclass(frozen=True)
class GraphExcerpt:
    """What a judgement about two nodes may change, as it is before."""

    nodes: tuple[str, str]
    found: Mapping[str, Node]
    links: Mapping[str, int]
    """How many links that records state each node has."""
    suggestions: int
    contradictions: frozenset[str]
    clusters: frozenset[frozenset[str]] = field(repr=False)

    @classmethod
    def of(cls, store: SqliteStore, nodes: tuple[str, str], known: ClustersByState) -> GraphExcerpt:
        """What is there, in one transaction; `known` keeps the clusters for the next question."""
        found = store.nodes(nodes)
        if (state := store.state()) not in known:
            known.clear()
            known[state] = _clusters(store)
        links = {node: int(store.connection.execute(_COUNT_LINKS, (node,)).fetchone()[0]) for node in nodes}
        return cls(nodes, found, links, _suggestions(store), _contradictions(store, nodes), known[state])

    def effect_of(self, made: Judgement, store: SqliteStore, missing: str = "") -> JudgementEffect:
        """What a judgement does that was made since on the store's connection; `missing`: until it takes effect."""
        one, other = self.nodes
        captions = self.found[one].caption, self.found[other].caption
        removed = max(self.suggestions - _suggestions(store), 0)
        if made.kind != SAME:
            return JudgementEffect(made.kind, self.nodes, captions, suggestions_removed=removed)
        merged = store.resolve(one)
        given_up = [node for node in self.nodes if node != merged]
        now = store.nodes([merged])[merged]
        changed = self._changed_clusters(_clusters(store), merged)
        return JudgementEffect(
            kind=made.kind,
            nodes=self.nodes,
            captions=captions,
            links_joined=sum(self.links[node] for node in given_up) if len(given_up) < len(self.nodes) else 0,
            clusters_changed=changed,
            contradictions=tuple(sorted(_contradictions(store, (merged,)) - self.contradictions)),
            sought=tuple(n.caption for n in self.found.values() if now.sought_under and not n.sought_under),
            suggestions_removed=removed,
            missing=missing,
        )

    def _changed_clusters(self, now: frozenset[frozenset[str]], merged: str) -> int:
        """How many clusters are others than before, where it is no change that a member has the id of the other."""
        before = {frozenset(merged if m in self.nodes else m for m in members) for members in self.clusters}
        gone, came = before - now, now - before
        is_smaller = any(merged in members and members not in self.clusters for members in before & now)
        return max(len(gone), len(came)) + is_smaller


def preview_judgement(
    workspace: Workspace,
    kind: str,
    names: tuple[str, str],
    attribution: Attribution,
    *,
    allow_mixed_types: bool = False,
    known: dict[str, frozenset[frozenset[str]]] | None = None,
) -> JudgementEffect:
    """What a judgement would do, found by making it in a transaction that is rolled back: nothing of it stays.

    Where a second person is missing, it is what the judgement would do with them. `known` keeps the clusters of the
    graph as it is, for the next preview. Raises what `judge` raises.
    """
    with open_live_store(workspace) as store:
        decision = decide(workspace, store, kind, names, attribution, allow_mixed_types=allow_mixed_types)
        ledger = Ledger(store.connection, workspace.ontology, protected=workspace.protected)
        with ledger.trial() as judge_for_now:
            before = GraphExcerpt.of(store, decision.nodes, {} if known is None else known)
            made = judge_for_now(replace(decision, needs_second=False))
            missing = SECOND_PERSON if decision.needs_second and not made.confirmed else ""
            return before.effect_of(made, store, missing)


def _clusters(store: SqliteStore) -> frozenset[frozenset[str]]:
    from kg.analysis.clusters import COLUMNS, cluster_members

    return frozenset(cluster_members(store.view(COLUMNS)))


def _suggestions(store: SqliteStore) -> int:
    return int(store.connection.execute(_COUNT_SUGGESTIONS).fetchone()[0])


def _contradictions(store: SqliteStore, nodes: tuple[str, ...]) -> frozenset[str]:
    """What is said of nodes, and of the shares in what they hold, and cannot all be true."""
    ontology = store.ontology
    holding = tuple(sorted(ontology.with_trait("ownership", "benefit")))
    about = dict.fromkeys(nodes)
    for node in nodes:
        about |= dict.fromkeys(x.target_id for x in store.links(LinkQuery(node, holding, MAX_HELD, direction="out")))
    said = set()
    for found in store.nodes(about).values():
        prefix = "" if found.id in nodes else f"{found.caption}: "
        said |= {f"{prefix}{sentence}" for sentence in entity_contradictions(store, ontology, found)}
    return frozenset(said)
