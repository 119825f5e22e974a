"""Suggestions where answers are made: about a node, as links of paths, and about people who are sought."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from kg.findings.matches import Match, Suggestion, rank, reasons_of, suggestion_id
from kg.ledger.suggestions import find_suggestion, list_suggestions, outdated_pairs
from kg.ports import Store
from kg.records import POSSIBLY_SAME, Link

if TYPE_CHECKING:
    from kg.analysis.paths.suggested import SuggestedLink
    from kg.reports.cluster_report.model import CandidateEntry

MOST_PROBABLE = 0.999
"""No step of a path over a suggestion is surer than this, however its probability is rounded."""


def suggestions_of(store: Store, node: str = "", least: float = 0.0) -> list[Suggestion]:
    """The open suggestions of a store, the most probable first; of one node (a canonical id) if given.

    They are kept in the SQLite file: a Neo4j has those that were open when it was brought up to date.
    """
    from kg.stores.sqlite.store import SqliteStore

    if isinstance(store, SqliteStore):
        return _about_adults(store, list_suggestions(store.connection, node, least))
    from kg.stores.neo4j import Neo4jStore

    found = store.suggestions() if isinstance(store, Neo4jStore) else []
    of_node = (s for s in found if not node or node in (s.match.one, s.match.other))
    likely = sorted((s for s in of_node if s.match.probability >= least), key=lambda s: rank(s.match))
    return _about_adults(store, likely)


def _about_adults(store: Store, found: list[Suggestion]) -> list[Suggestion]:
    """The suggestions of which neither end is withheld as somebody under 18."""
    withheld = _withheld_nodes(store, (end for s in found for end in (s.match.one, s.match.other)))
    return [s for s in found if withheld.isdisjoint((s.match.one, s.match.other))]


def _withheld_nodes(store: Store, ids: Iterable[str]) -> set[str]:
    return {node.id for node in store.nodes(dict.fromkeys(ids)).values() if node.withheld}


def outdated_suggestions(store: Store, nodes: Collection[str]) -> int:
    """How many suggestions about any of some nodes (ids) are told no longer, as what they were made from has changed.

    0 for a Neo4j, which has only those that were open when it was brought up to date.
    """
    from kg.stores.sqlite.store import SqliteStore

    pairs = outdated_pairs(store.connection, nodes) if isinstance(store, SqliteStore) else []
    withheld = _withheld_nodes(store, (end for pair in pairs for end in pair if end))
    return sum(withheld.isdisjoint(pair) for pair in pairs)


def suggestion_of_link(store: Store, link_id: str) -> Suggestion | None:
    """The open suggestion that has an id where links are; None if there is none."""
    from kg.stores.sqlite.store import SqliteStore

    if isinstance(store, SqliteStore):
        found = find_suggestion(store.connection, link_id)
        return next(iter(_about_adults(store, [found])), None) if found else None
    return next((s for s in suggestions_of(store) if suggestion_id(s.match) == link_id), None)


def suggestion_link(match: Match) -> Link:
    """A suggestion as a link that no source states, with its numbers and reasons."""
    properties = {
        "reason": tuple(reasons_of(match)),
        "probability": (str(match.probability),),
        "bits": (str(match.bits),),
    }
    return Link(suggestion_id(match), POSSIBLY_SAME, match.one, match.other, properties, (), ())


def suggested_links(suggestions: Iterable[Suggestion]) -> list[SuggestedLink]:
    """Suggestions for the arrays of a path search."""
    from kg.analysis.paths.suggested import SuggestedLink

    matches = [suggestion.match for suggestion in suggestions]
    return [SuggestedLink(suggestion_id(m), m.one, m.other, min(m.probability, MOST_PROBABLE)) for m in matches]


def candidates_of_sought(store: Store) -> list[CandidateEntry]:
    """The suggestions of which an end is a person who is sought, as reports tell them; the most probable first."""
    from kg.reports.cluster_report.model import CandidateEntry

    found = []
    every = suggestions_of(store)
    nodes = store.nodes(dict.fromkeys(end for s in every for end in (s.match.one, s.match.other)))
    for match in (suggestion.match for suggestion in every):
        one, other = sorted((nodes[match.one], nodes[match.other]), key=lambda node: not node.sought_under)
        if one.sought_under:
            probability = f"{min(match.probability, MOST_PROBABLE):.3f}"
            ends = one.id, one.caption, other.id, other.caption
            found.append(CandidateEntry(*ends, probability, match.band, tuple(reasons_of(match)), match.missing))
    return found
