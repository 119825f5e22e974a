"""How does a Neo4j answer?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from kg.errors import InputError, NotFound, QuestionError, StoreBusy, StoreError
from kg.ontology import Ontology
from kg.ports import Contents, LinkQuery, SourceInfo
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.stores.neo4j.connection import Conversation, plain
from kg.stores.neo4j.cypher_queries import Texts
from kg.stores.neo4j.projection_reader import FORMAT
from kg.stores.neo4j.search import Way, exactly, find, former, named
from kg.stores.neo4j.sync.contents import graph
from kg.stores.neo4j.version_node import COMPLETE
from kg.stores.neo4j.view_arrays import Asked, read_view
from kg.stores.row_decoder import Sight, judgement
from kg.stores.sqlite.view_arrays import Frame, state_key
from kg.view import GraphView

CANDIDATES = 20
"""How many nodes with one name are looked at before somebody has to choose."""

_ANY: Mapping[str, Any] = {"types": None, "jurisdiction": None}
"""What a search through an index is kept to where nobody says."""

_LINKS_OF = {"": "links_of", "out": "links_out", "in": "links_in"}
"""Which query asks for the links of a node, by direction."""


class Neo4jStore:
    """The graph in a Neo4j, as `kg sync` put it there. `protected` opens the protected scope, if the copy has it.

    Raises StoreError for a Neo4j that has no graph of ours, or one of another ontology, and StoreBusy for one that
    is being brought up to date.
    """

    def __init__(self, conversation: Conversation, ontology: Ontology, *, protected: bool = False) -> None:
        self._conversation, self._ontology, self._protected = conversation, ontology, protected
        self._texts = Texts(ontology)
        self._sight = Sight(ontology, protected)
        self._events = sorted(name for name, link in ontology.links.items() if link.event)
        self._graph = self._complete()

    def close(self) -> None:
        """Let go of the Neo4j."""
        self._conversation.close()

    def __enter__(self) -> Neo4jStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""
        return GraphVersion(self._graph["ledger"], self._graph["number"])

    def state(self) -> str:
        """What tells this graph, as this scope sees it, from every other, also from one of the same version."""
        said = repr(sorted((name, plain(value)) for name, value in self._graph.items() if name != "token"))
        return state_key(self.version(), self._ontology, said, protected=self._protected)

    def contents(self) -> Contents:
        """Counts, sources and version."""
        nodes, links = (
            {row["type"]: row["count"] for row in self._ask(name, all=self._protected)}
            for name in ("count_nodes", "count_links")
        )
        whole = self._protected and self._graph["protected"]
        known = orjson.loads(self._graph["known_protected" if whole else "known"])
        listed = tuple(SourceInfo(**source) for source in known["sources"])
        return Contents(self.version(), self._graph["as_of"], nodes, links, known["waiting"], listed)

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier: whole identifiers and names first, then parts of names; each by id."""
        types = sorted(frozenset[str]().union(*(self._kinds(k) for k in kinds))) if kinds else None
        only = {"types": types, "jurisdiction": jurisdiction or None}
        return find(text, limit, lambda way, most: self._through(way, most, only))

    def resolve(self, name: str) -> str:
        """The canonical id for an id (a former one too), a `namespace:key`, or a name only one node has.

        Raises NotFound, or InputError naming the candidates when there are several.
        """
        found = self._called(name)
        if found is None:
            exact = exactly(name, CANDIDATES, self._through)
            found = [exact[node] for node in sorted(exact)]
        if not found:
            raise NotFound(f"nothing is called {name!r}", "try `kg search`")
        if len(found) > 1:
            listed = ", ".join(f"{n.id} ({n.type} {n.caption})" for n in found[:5])
            raise InputError(f"{name!r} names {len(found)} nodes; give one id: {listed}")
        return found[0].id

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids; absent ones are left out."""
        rows = self._ask("by_id", ids=list(dict.fromkeys(ids)), all=self._protected)
        return {node.id: node for node in self._nodes(rows)}

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node, in and out, in the order of their ids."""
        day = date.fromisoformat(query.as_of).toordinal() if query.as_of else 0
        asked = {"id": query.node_id, "after": query.after, "limit": query.limit, "all": self._protected}
        asked |= {"day": day, "events": self._events}
        text = self._texts.with_chosen_types(_LINKS_OF[query.direction], query.types)
        return list(self._links(self._conversation.ask(text, asked)))

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids; absent ones are left out."""
        text = self._texts.with_all_types("links_by_id")
        rows = self._conversation.ask(text, {"ids": list(dict.fromkeys(ids)), "all": self._protected})
        return {link.id: link for link in self._links(rows)}

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link, by source and key."""
        asked = {"ids": list(ids), "all": self._protected}
        rows = self._ask("claims_of_nodes", **asked)
        rows += self._conversation.ask(self._texts.with_all_types("claims_of_links"), asked)
        found = {row["id"]: self._sight.claims(orjson.loads(row["claims"])) for row in rows}
        return {name: found[name] for name in ids if found.get(name)}

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The standing judgements by which nodes are one thing, by canonical id; nodes without any are left out."""
        rows = self._ask("judgements", ids=list(ids), all=self._protected)
        found = {row["id"]: [judgement(j) for j in orjson.loads(row["judgements"])] for row in rows}
        return {name: found[name] for name in ids if name in found}

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The whole graph as arrays, with the columns asked for. Raises StoreBusy if it changes meanwhile."""
        frame = Frame(self._ontology, self.version(), self._graph["as_of"], self)
        asked = Asked(frame, columns, self._protected)
        view = read_view(self._conversation, self._texts, asked)
        if self._complete() != self._graph:
            raise StoreBusy(f"the Neo4j at {self._conversation.address} changed while it was read; try again")
        return view

    def _complete(self) -> dict[str, Any]:
        found, where = graph(self._conversation, self._texts), self._conversation.address
        if not found:
            raise StoreError(f"the Neo4j at {where} holds no graph of kg; run `kg sync`")
        if found["state"] != COMPLETE:
            raise StoreBusy(f"the Neo4j at {where} is not up to date yet; wait for `kg sync`, or run it again")
        if (found["format"], found["ontology"]) != (FORMAT, self._ontology.digest):
            raise StoreError(f"the Neo4j at {where} was written under another ontology; run `kg sync`")
        return found

    def _kinds(self, kind: str) -> frozenset[str]:
        if kind not in self._ontology.nodes:
            raise QuestionError("type", kind, f"expected one of {', '.join(self._ontology.nodes)}")
        return self._ontology.kinds_of(kind)

    def _called(self, name: str) -> list[Node] | None:
        """The node with this id, former id or key, as far as it may be seen; None where there is none at all."""
        pairs = [(name[:at], name[at + 1 :]) for at, c in enumerate(name) if c == ":"]
        if there := self._ask("by_id", ids=[name.lower()], all=True):
            return self._seen(there)
        for way in (former(name.lower()), *(named(*pair) for pair in pairs)):
            if there := self._by_index(way, limit=1):
                return self._seen(there)
        return None

    def _seen(self, rows: list[dict[str, Any]]) -> list[Node]:
        return [node for node in self._nodes(rows) if self._protected or not node.protected]

    def _through(self, way: Way, limit: int, only: Mapping[str, Any] = _ANY) -> Iterator[Node]:
        return self._nodes(self._by_index(way, limit, only, self._protected))

    def _by_index(
        self, way: Way, limit: int, only: Mapping[str, Any] = _ANY, everything: bool = True
    ) -> list[dict[str, Any]]:
        return self._ask("by_index", index=way.name, words=way.words, limit=limit, **only, all=everything)

    def _nodes(self, rows: Iterable[dict[str, Any]]) -> Iterator[Node]:
        for row in rows:
            sought = orjson.dumps(row["sought"] or []).decode()
            yield self._sight.node((row["id"], row["type"], row["caption"], row["body"], sought, row["protected"]))

    def _links(self, rows: Iterable[dict[str, Any]]) -> Iterator[Link]:
        for row in rows:
            ends = row["tail"], row["head"]
            yield self._sight.link((row["id"], row["type"], *ends, row["body"], row["protected"]))

    def _ask(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        return self._conversation.ask(self._texts.plain(name), parameters)
