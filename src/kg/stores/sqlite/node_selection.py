"""Which nodes does a selection include, as conditions of SQL?"""

from __future__ import annotations

import sqlite3

from kg.database import read_json
from kg.database.views import of_link_types
from kg.ports import Selection
from kg.stores.sqlite.claim_filter import ClaimFilter

_TYPED, _CHOSEN = "(SELECT num FROM temp.typed)", "(SELECT num FROM temp.chosen)"


class NodeSelection:
    """Puts the nodes of a selection into temporary tables: `typed` by their types, `chosen` by their claims too."""

    def __init__(self, connection: sqlite3.Connection, claims: ClaimFilter) -> None:
        selection = claims.selection
        self._link_types = selection.link_types
        self._is_by_type = bool(selection.node_types or selection.link_types)
        self._is_active = self._is_by_type or claims.is_active
        if not self._is_active:
            return
        for table in ("typed", "chosen"):
            connection.execute(f"CREATE TEMP TABLE {table} (num INTEGER PRIMARY KEY)")
        where, values = _type_condition(selection)
        connection.execute(f"INSERT INTO temp.typed SELECT num FROM node {where}", values)
        rows = connection.execute(f"SELECT num, body FROM node WHERE num IN {_TYPED}")
        chosen = ((num,) for num, body in rows if claims.includes_any(read_json(body)))
        connection.executemany("INSERT INTO temp.chosen VALUES (?)", chosen)

    def includes_link_type(self, link_type: str) -> bool:
        """Whether links of this type are wanted."""
        return not self._link_types or link_type in self._link_types

    def of_nodes(self) -> str:
        """True of `node` if it is selected."""
        return f"node.num IN {_CHOSEN}" if self._is_active else "true"

    def of_links(self) -> str:
        """True of `link` if both its ends are selected."""
        return f"link.tail IN {_CHOSEN} AND link.head IN {_CHOSEN}" if self._is_active else "true"

    def of_links_to_others(self) -> str:
        """True of `link` if the types of both ends are selected, and one of them is not, for its claims."""
        return f"link.tail IN {_TYPED} AND link.head IN {_TYPED} AND NOT ({self.of_links()})"

    def of_records(self) -> str:
        """True of the record whose node is `own`, or whose ends are `a` and `b`, if the types of these are selected.

        Claims do not count: a record may end at a node that other sources describe.
        """
        if not self._is_by_type:
            return "true"
        ends = f"a.node IN {_TYPED} AND b.node IN {_TYPED}"
        return f"CASE WHEN r.from_key IS NULL THEN own.node IN {_TYPED} ELSE {ends} END"


def _type_condition(selection: Selection) -> tuple[str, tuple[str, ...]]:
    if selection.node_types:
        return f"WHERE type IN ({_marks(selection.node_types)})", tuple(sorted(selection.node_types))
    if selection.link_types:
        ends = f"FROM link WHERE {of_link_types('link', _marks(selection.link_types))}"
        return f"WHERE num IN (SELECT tail {ends} UNION SELECT head {ends})", tuple(sorted(selection.link_types)) * 2
    return "", ()


def _marks(names: frozenset[str]) -> str:
    return ", ".join("?" * len(names))
