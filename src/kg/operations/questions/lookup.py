"""Nodes by the name that a question gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kg.errors import InputError, NotFound
from kg.ports import Store
from kg.records import Claim, Link

EXPECTED_NODE = "expected an id, also a former one, namespace:key, or a name that only one node has"


def resolve_node(store: Store, field: str, name: str) -> str:
    """The canonical id of the node that a part of a question names. Raises NotFound and InputError about that part."""
    try:
        return store.resolve(name)
    except NotFound as error:
        raise error.with_field(field, name, EXPECTED_NODE) from None
    except InputError as error:
        raise error.with_field(field, name) from None


def claims_of_shared(store: Store, links: Iterable[Link]) -> Mapping[str, Sequence[Claim]]:
    """The claims of each link that several claims state, by its id; a single one is told by the link itself."""
    ids = [link.id for link in links if len(link.provenances) > 1]
    return store.claims(ids) if ids else {}
