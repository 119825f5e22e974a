"""Whether a graph is still what its ledger, the ontology and the day make it."""

# Apart from `kg.ledger.ledger`, which a question about a graph that is up to date then needs not import.

from __future__ import annotations

import sqlite3

from kg.database import NEXT_CHANGE, OPEN_NEXT_CHANGE, find_meta, get_meta
from kg.ontology import Ontology


def is_of_other_ontology(connection: sqlite3.Connection, ontology: Ontology) -> bool:
    """Whether the projection was made under another ontology, and has to be made anew."""
    return get_meta(connection, "ontology") not in ("", ontology.digest)


def is_of_other_day(connection: sqlite3.Connection, today: str) -> bool:
    """Whether a paper has begun or ended between the day of the graph and `today`."""
    changes = (find_meta(connection, name) for name in (NEXT_CHANGE, OPEN_NEXT_CHANGE))
    return any(change and change <= today for change in changes)
