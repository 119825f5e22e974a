"""Nodes by the name that a question gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from kg.errors import InputError, NotFound
from kg.ports import Store
from kg.records import Claim, Link

EXPECTED_NODE = "expected an id, also a former one, namespace:key, or a name that only one node has"

MAX_UNRESOLVED = 1_000
"""Payments or holdings with an end that is not loaded that an answer names."""

MAX_OFFERED = 5
"""Names that are offered where one is not found."""

MAX_READ = 200
"""Characters of a name for which others are offered."""


def resolve_node(store: Store, field: str, name: str) -> str:
    """The canonical id of the node that a part of a question names. Raises NotFound and InputError about that part."""
    return _expect_node(store, field, name, store.resolve_each([name])[name])


def resolve_nodes(store: Store, names: Sequence[str]) -> dict[str, str]:
    """The canonical ids of the `nodes` of a question, by the names that it has. Raises as `resolve_node` does."""
    found = store.resolve_each(names)
    return {name: _expect_node(store, f"nodes.{i}", name, found[name]) for i, name in enumerate(names)}


def _expect_node(store: Store, field: str, name: str, found: str | NotFound | InputError) -> str:
    if isinstance(found, str):
        return found
    if isinstance(found, NotFound):
        raise name_not_found(store, name, found.problem).with_field(field, name, EXPECTED_NODE)
    raise found.with_field(field, name)


def name_not_found(store: Store, name: str, problem: str) -> NotFound:
    """The error for a name that nothing has. It offers names that may be written so, and takes none of them for it."""
    from kg.operations.questions.listing import SearchQuery
    from kg.operations.questions.written_so import find_written_so

    query = SearchQuery(name)
    nodes = [w.node for w in find_written_so(store, query, (), MAX_OFFERED)] if len(name) <= MAX_READ else []
    if not nodes:
        return NotFound(problem, "try `kg search`")
    listed = ", ".join(f"{n.id} ({n.type} {n.caption})" for n in nodes)
    error = NotFound(f"{problem}; may be written so, which makes nobody the same: {listed}", "give an id")
    error.may_be_written_so = tuple((n.id, n.type, n.caption) for n in nodes)
    return error


def rejected_rows_of(
    store: Store, nodes: Sequence[str], links: Iterable[Link], sources: Iterable[str]
) -> dict[str, int]:
    """How many rows were rejected at the last load of each source of some nodes (ids) or links, or of `sources`.

    Those without any are left out.
    """
    claims = chain.from_iterable(store.claims(nodes).values())
    stated = chain.from_iterable(link.sources for link in links)
    return store.rejected_rows({*(claim.source for claim in claims), *stated, *sources})


def claims_of_shared(store: Store, links: Iterable[Link]) -> Mapping[str, Sequence[Claim]]:
    """The claims of each link that several claims state, by its id; a single one is told by the link itself."""
    ids = [link.id for link in links if len(link.provenances) > 1]
    return store.claims(ids) if ids else {}


def claims_that_say_more(store: Store, links: Sequence[Link]) -> Mapping[str, Sequence[Claim]]:
    """The claims of each link that several claims state, or of which one has remarks or values that the ontology has no
    property for, by its id; the other links tell their claims themselves."""
    shared = {link.id for link in links if len(link.provenances) > 1}
    found = store.claims([link.id for link in links]) if links else {}
    return {
        name: claims
        for name, claims in found.items()
        if name in shared or any(claim.other or claim.remarks for claim in claims)
    }
