"""The graph in a Neo4j, as a store."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

import orjson

from kg.errors import StoreBusy, StoreError, StoreUnfit
from kg.findings.matches import Suggestion
from kg.minors import may_be_minor
from kg.names import folded_name_query, whole_name_query
from kg.ontology import Ontology
from kg.ontology.derive.cypher import EXACT_INDEX, WORDS_INDEX
from kg.ontology.values import identifier_key
from kg.ports import COUNTRY_TRAITS, Contents, LinkQuery, SourceInfo, WaitingLink
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.stores.graph_store import MAX_CANDIDATES, GraphStore, graph_fingerprint
from kg.stores.name_search import MAX_RANKED, Find, NameSearch
from kg.stores.neo4j.connection import Neo4jConnection, to_native
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.projection_items import FORMAT, SEPARATOR, UNKNOWN_SHARE
from kg.stores.neo4j.sync.contents import COMPLETE, read_version_node
from kg.stores.neo4j.sync.suggestions import read_suggestions
from kg.stores.neo4j.view_arrays import ViewRequest, read_arrays
from kg.stores.row_decoder import RowDecoder, is_undisputed

_NO_FILTER: Mapping[str, Any] = {"types": None, "jurisdiction": None}
"""No condition on the results of an index query."""

_LINKS_OF = {"": "links_of", "out": "links_out", "in": "links_in"}
"""The query for the links of a node, by direction."""


class Neo4jStore(GraphStore):
    """The graph in a Neo4j, as `kg sync` put it there. `protected` opens the protected scope, if the copy has it.

    A copy that holds protected facts is opened in that scope alone: StoreUnfit otherwise. Raises StoreError for a
    Neo4j that has no graph of ours, or one of another ontology, and StoreBusy for one that is being brought up to
    date.
    """

    def __init__(self, neo4j: Neo4jConnection, ontology: Ontology, *, protected: bool = False) -> None:
        self._connection, self._ontology, self._protected = neo4j, ontology, protected
        self._queries = CypherQueries(ontology)
        self._decoder = RowDecoder(ontology, protected)
        self._events = sorted(name for name, link in ontology.links.items() if link.event)
        self._version_node = self._read_complete_version()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""
        return GraphVersion(self._version_node["ledger"], self._version_node["number"])

    @property
    def holds_protected(self) -> bool:
        """Whether it is a copy of the protected scope, whose versions are others."""
        return bool(self._version_node["protected"])

    def state(self) -> str:
        """A digest that identifies the graph as this scope sees it, also among graphs of one version."""
        properties = sorted((name, to_native(value)) for name, value in self._version_node.items() if name != "token")
        return graph_fingerprint(self.version(), self._ontology, repr(properties), protected=self._protected)

    def contents(self) -> Contents:
        """Counts, sources and version."""
        nodes, links = (
            {row["type"]: row["count"] for row in self._read(name, all=self._protected)}
            for name in ("count_nodes", "count_links")
        )
        whole = self._protected and self._version_node["protected"]
        known = orjson.loads(self._version_node["known_protected" if whole else "known"])
        listed = tuple(SourceInfo(**source) for source in known["sources"])
        return Contents(self.version(), self.as_of(), nodes, links, known["waiting"], listed)

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier: whole identifiers and names first, then parts of names."""
        only = {"types": self._subtypes(kinds) if kinds else None, "jurisdiction": jurisdiction or None}
        return self._shielded_nodes(self._name_search(max(limit, MAX_RANKED), only).search(text, limit))

    def count_found(self, text: str, kinds: Sequence[str] = (), jurisdiction: str = "") -> dict[str, int]:
        """How many of the first results of a search, as many as pages show, are of each type."""
        return dict(Counter(sorted(node.type for node in self.search(text, kinds, MAX_RANKED - 1, jurisdiction))))

    def find_by_words(self, query: str, kinds: Sequence[str] = (), limit: int = 300) -> dict[str, Node]:
        """The first nodes, by id, whose search words match a full-text query."""
        return self._by_id(self._index_of_types(kinds, limit)[1](query).values())

    def find_by_each(self, queries: Iterable[str], kinds: Sequence[str], limit: int) -> tuple[dict[str, Node], int]:
        """What `find_by_words` finds for any of some queries, and for how many of them there are more than `limit`."""
        nodes, crowded = dict[str, Node](), 0
        for query in queries:
            found = self.find_by_words(query, kinds, limit + 1)
            crowded += len(found) > limit
            nodes.update(list(found.items())[:limit])
        return nodes, crowded

    def find_by_identifier(self, value: str, kinds: Sequence[str] = (), limit: int = 300) -> dict[str, Node]:
        """The first nodes, by id, that have an identifier."""
        key = identifier_key(value)
        return self._by_id(self._index_of_types(kinds, limit)[0](key).values()) if key else {}

    def count_countries(self, types: Iterable[str]) -> tuple[dict[str, int], int]:
        """How many nodes of some types are citizens of, or registered in, each jurisdiction; how many of any at all."""
        text = self._queries.with_chosen_types("count_countries", sorted(self._ontology.with_trait(*COUNTRY_TRAITS)))
        rows = self._connection.read(text, {"types": sorted(types), "all": self._protected})
        counts = {row["id"]: row["count"] for row in rows}
        total = counts.pop(None, 0)
        places = self.nodes(counts)
        return {places[name].first("code") or places[name].caption: n for name, n in counts.items()}, total

    def _index_of_types(self, kinds: Sequence[str], limit: int) -> tuple[Find[Node], Find[Node]]:
        return self._name_index(limit, {"types": self._subtypes(kinds) if kinds else None, "jurisdiction": None})

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids; absent ones are left out."""
        return self._by_id(self.raw_nodes(ids))

    def raw_nodes(self, ids: Iterable[str]) -> list[Node]:
        """Nodes with all that may be seen in the scope, names of minors too."""
        return list(self._nodes(self._read("nodes_by_id", ids=list(dict.fromkeys(ids)), all=self._protected)))

    def find_holders(self, held: Sequence[str], types: Sequence[str], most: int, day: date) -> dict[str, list[Node]]:
        """By the ids of some nodes, those from which at most `most` links lead to them, born late enough."""
        text = self._queries.with_chosen_types("holders", types).replace("*1..MOST", f"*1..{most}")
        return self._born_late(text, held, day)

    def find_relatives(self, people: Sequence[str], types: Sequence[str], day: date) -> dict[str, list[Node]]:
        """By the ids of some nodes, those born late enough that links of some types connect with them."""
        return self._born_late(self._queries.with_chosen_types("relatives", types), people, day)

    def _born_late(self, text: str, ids: Sequence[str], day: date) -> dict[str, list[Node]]:
        rows = self._connection.read(text, {"ids": list(ids), "all": self._protected}) if ids else []
        rows = [row for row in rows if may_be_minor(row["body"], day)]
        found: dict[str, list[Node]] = {}
        for row, node in zip(rows, self._nodes(rows), strict=True):
            found.setdefault(row["about"], []).append(node)
        return found

    def _by_id(self, nodes: Iterable[Node]) -> dict[str, Node]:
        return {node.id: node for node in self._shielded_nodes(nodes)}

    def find_born_late(self, day: date) -> list[Node]:
        """Every node with a date of birth that may be less than 18 years before a day, as it is."""
        rows = self._read("dated_nodes", all=self._protected)
        return list(self._nodes(row for row in rows if may_be_minor(row["body"], day)))

    def raw_links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, with all words that may be seen in the scope."""
        day = date.fromisoformat(query.as_of).toordinal() if query.as_of else 0
        parameters = {"id": query.node_id, "after": query.after, "limit": query.limit, "all": self._protected}
        parameters |= {"day": day, "events": self._events}
        text = self._queries.with_chosen_types(_LINKS_OF[query.direction], query.types)
        return list(self._links(self._connection.read(text, parameters)))

    def raw_links_by_id(self, ids: Iterable[str]) -> list[Link]:
        text = self._queries.with_all_types("links_by_id")
        rows = self._connection.read(text, {"ids": list(dict.fromkeys(ids)), "all": self._protected})
        return list(self._links(rows))

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link, by source and key."""
        parameters = {"ids": list(ids), "all": self._protected}
        rows = self._read("claims_of_nodes", **parameters)
        rows += self._connection.read(self._queries.with_all_types("claims_of_links"), parameters)
        found = {row["id"]: self._decoder.claims(orjson.loads(row["claims"])) for row in rows}
        return self._shielded_claims({name: found[name] for name in ids if found.get(name)})

    def waiting_links_of(
        self, nodes: Sequence[str], types: Sequence[str], limit: int = 100, direction: str = ""
    ) -> list[WaitingLink]:
        """None: unresolved links are not copied."""
        return []

    def rejected_rows(self, sources: Collection[str]) -> dict[str, int]:
        """None: loads are not copied."""
        return {}

    def undisputed_shares(self, ids: Sequence[str]) -> dict[str, tuple[float, float]]:
        """The lowest and highest percentage of links of which claims say no more than columns."""
        text = self._queries.with_all_types("undisputed_shares")
        rows = self._connection.read(text, {"ids": list(ids), "all": self._protected})
        stated = {row["id"]: row["facts"][:2] for row in rows if is_undisputed(row["body"])}
        return {
            name: (math.nan, math.nan) if not share or share[0] == UNKNOWN_SHARE else (share[0], share[1])
            for name, share in stated.items()
        }

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The judgements in effect that merge names into one node, by canonical id; nodes without any are left out."""
        rows = self._read("judgements", ids=list(ids), all=self._protected)
        found = {row["id"]: [Judgement.from_row(j) for j in orjson.loads(row["judgements"])] for row in rows}
        return {name: found[name] for name in ids if name in found}

    def suggestions(self) -> list[Suggestion]:
        """The suggestions that were open when the graph was brought up to date, in the order of their ids."""
        return read_suggestions(self._connection, self._queries)

    def _graph_day(self) -> str:
        return str(self._version_node["as_of"])

    def _read_arrays(self, columns: Sequence[str]) -> dict[str, Any]:
        arrays = read_arrays(self._connection, self._queries, ViewRequest(self._ontology, columns, self._protected))
        if self._read_complete_version() != self._version_node:
            raise StoreBusy(f"the Neo4j at {self._connection.address} changed while it was read; try again")
        return arrays

    def _read_complete_version(self) -> dict[str, Any]:
        found, where = read_version_node(self._connection, self._queries), self._connection.address
        if not found:
            raise StoreError(f"the Neo4j at {where} holds no graph of kg; run `kg sync`")
        if found["state"] != COMPLETE:
            raise StoreBusy(f"the Neo4j at {where} is not up to date yet; wait for `kg sync`, or run it again")
        if (found["format"], found["ontology"]) != (FORMAT, self._ontology.digest):
            raise StoreError(f"the Neo4j at {where} was written under another ontology; run `kg sync`")
        if found["protected"] and not self._protected:  # who is sought, for one, is decided from all of it
            raise StoreUnfit(
                f"the Neo4j at {where} holds protected facts; "
                "set KG_SCOPE=protected, or take them out with `kg sync --open`"
            )
        return found

    def _find_named(self, names: Collection[str]) -> dict[str, list[Node]]:
        rows = {row["id"]: [row] for row in self._read("nodes_by_id", ids=[name.lower() for name in names], all=True)}
        keys = {name: _former_names(name) for name in names if name.lower() not in rows}
        former = self._by_each(EXACT_INDEX, (key for of_name in keys.values() for key in of_name), 1)
        found = {}
        for name in names:
            own = rows.get(name.lower()) or next((former[key] for key in keys.get(name, ()) if key in former), [])
            found[name] = [node for node in self._nodes(own) if self._protected or not node.protected]
            if own:
                keys.pop(name, None)
        found |= self._find_by_names(keys)
        return {name: self._shielded_nodes(nodes) for name, nodes in found.items()}

    def _find_by_names(self, names: Collection[str]) -> dict[str, list[Node]]:
        """The first visible nodes, by id, that have each of some names or identifiers."""
        if not names:
            return {}
        phrases = {key: _phrase("zz_kg_identifiers", key) for key in filter(None, map(identifier_key, names))}
        words = [query(name) for name in names for query in (whole_name_query, folded_name_query)]
        rows = self._by_each(EXACT_INDEX, phrases.values(), MAX_RANKED, self._protected)
        rows |= self._by_each(WORDS_INDEX, map(_to_lucene, words), MAX_RANKED, self._protected)

        def nodes(query: str) -> dict[str, Node]:
            return {node.id: node for node in self._nodes(rows.get(query, ()))}

        search = NameSearch(
            self._ontology, attrgetter("type"), lambda key: nodes(phrases[key]), lambda query: nodes(_to_lucene(query))
        )
        exact = {name: search.find_exact(name) for name in names}
        return {name: [by_id[node] for node in sorted(by_id)[:MAX_CANDIDATES]] for name, by_id in exact.items()}

    def _by_each(
        self, index: str, queries: Iterable[str], limit: int, everything: bool = True
    ) -> dict[str, list[dict[str, Any]]]:
        """What an index finds for each of some queries; those that find nothing are left out."""
        asked = list(dict.fromkeys(filter(None, queries)))
        found: dict[str, list[dict[str, Any]]] = {}
        if asked:
            for row in self._read("nodes_by_each", index=index, queries=asked, limit=limit, all=everything):
                found.setdefault(row["words"], []).append(row)
        return found

    def _name_search(self, limit: int, only: Mapping[str, Any] = _NO_FILTER) -> NameSearch[Node]:
        return NameSearch(self._ontology, attrgetter("type"), *self._name_index(limit, only))

    def _name_index(self, limit: int, only: Mapping[str, Any] = _NO_FILTER) -> tuple[Find[Node], Find[Node]]:
        """How the first `limit` visible nodes are found by an identifier, and by a query of words."""

        def find(index: str, words: str) -> dict[str, Node]:
            return {node.id: node for node in self._nodes(self._by_index(index, words, limit, only, self._protected))}

        return (
            lambda key: find(EXACT_INDEX, _phrase("zz_kg_identifiers", key)),
            lambda query: find(WORDS_INDEX, _to_lucene(query)) if query else {},
        )

    def _by_index(
        self, index: str, words: str, limit: int, only: Mapping[str, Any] = _NO_FILTER, everything: bool = True
    ) -> list[dict[str, Any]]:
        return self._read("nodes_by_index", index=index, words=words, limit=limit, **only, all=everything)

    def _nodes(self, rows: Iterable[dict[str, Any]]) -> Iterator[Node]:
        for row in rows:
            sought = orjson.dumps(row["sought"] or []).decode()
            yield self._decoder.node((row["id"], row["type"], row["caption"], row["body"], sought, row["protected"]))

    def _links(self, rows: Iterable[dict[str, Any]]) -> Iterator[Link]:
        for row in rows:
            ends = row["tail"], row["head"]
            yield self._decoder.link((row["id"], row["type"], *ends, row["body"], row["protected"]))

    def _read(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        return self._connection.read(self._queries.get(name), parameters)


def _former_names(name: str) -> list[str]:
    """Queries for a node by a former id and by a key: namespaces and keys may have colons of their own."""
    keys = (f"{name[:at]}{SEPARATOR}{name[at + 1 :]}" for at, sign in enumerate(name) if sign == ":")
    return [_phrase("zz_kg_names", former) for former in (name.lower(), *keys)]


def _phrase(field: str, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}:"{escaped}"'


def _to_lucene(query: str) -> str:
    """SQLite writes a prefix as `"wei"*`, Lucene as `wei*`. Words of names have no signs that mean anything there."""
    return re.sub(r'"([^"]*)"\*', r"\1*", query)
