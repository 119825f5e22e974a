"""Writes the graph as tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO

import orjson

from kg.exports.columns import VALUE_SEPARATOR, numeric_bounds, property_columns, unread_json
from kg.exports.summary import ExportCounts
from kg.ontology import Ontology
from kg.ports import DescribedNode, LinkWithEnds
from kg.records import NOT_UNDERSTOOD, Link, Node

NODES = ("id", "type", "caption", "sources", "sought")
LINKS = ("id", "type", "from", "to", "sources")
"""Columns of `nodes.csv` and `links.csv`, and first columns of the table of every type."""

_BOM = "\ufeff"
"""Without a byte-order mark spreadsheet programs take UTF-8 for another encoding."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")
"""Starts of cells that spreadsheet programs run as formulas, and the apostrophe that prevents it: a cell that begins
with one gets another, so that removing one always gives the value."""


def write_tables(
    open_file: Callable[[str], IO[bytes]],
    ontology: Ontology,
    nodes: Iterable[DescribedNode],
    links: Iterable[LinkWithEnds],
    counts: ExportCounts,
) -> Iterator[None]:
    """Write `nodes.csv` and `links.csv` with the common columns, and a table with the properties for each type.

    Rows are in the order of their ids. `opened` opens a file by its name. Yields after each node and each link.
    """
    tables = _TypeTables(open_file, ontology)
    tables.add("nodes", NODES)
    tables.add("links", LINKS)
    for node, _ in nodes:
        counts.nodes[node.type] += 1
        counts.count_unread(node.type, node.not_understood)
        sought = "yes" if node.sought_under else "no"
        row = (node.id, node.type, node.caption, VALUE_SEPARATOR.join(node.sources), sought)
        tables.write("nodes", row)
        tables.write_typed("nodes", row, node, node.other)
        yield
    for link, _, other, _ in links:
        counts.links[link.type] += 1
        counts.count_unread(link.type, link.not_understood)
        ends = (link.id, link.type, link.source_id, link.target_id, VALUE_SEPARATOR.join(link.sources))
        tables.write("links", ends)
        tables.write_typed("links", ends, link, other)
        yield


class _TypeTables:
    def __init__(self, open_file: Callable[[str], IO[bytes]], ontology: Ontology) -> None:
        self._open_file, self._ontology = open_file, ontology
        self._files: dict[str, IO[bytes]] = {}
        self._columns: dict[str, tuple[str, ...]] = {}

    def add(self, name: str, headings: Sequence[str]) -> None:
        """Start a table."""
        self._files[name] = self._open_file(f"{name}.csv")
        self._files[name].write(_BOM.encode() + _csv_row(headings))

    def write(self, name: str, cells: Sequence[str]) -> None:
        """Add a row."""
        self._files[name].write(_csv_row(cells))

    def write_typed(
        self,
        kind: str,
        start: Sequence[str],
        item: Node | Link,
        other: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Add a row to the table of a type, which the first row starts."""
        type_name, properties = item.type, item.properties
        name = f"{kind}-{type_name}"
        if name not in self._files:
            self._columns[name] = tuple(property_columns(self._ontology, type_name))
            self.add(name, (*(NODES if kind == "nodes" else LINKS), *self._columns[name], "other", NOT_UNDERSTOOD))
        known, values = self._ontology.properties(type_name), dict[str, str]()
        for n, found in properties.items():
            values |= {n: VALUE_SEPARATOR.join(found), **numeric_bounds(known, n, found)}
        unnamed = {**other, **{n: found for n, found in properties.items() if n not in self._columns[name]}}
        rest = orjson.dumps(unnamed, option=orjson.OPT_SORT_KEYS).decode() if unnamed else ""
        cells = (values.get(n, "") for n in self._columns[name])
        self.write(name, (*start, *cells, rest, unread_json(item.not_understood)))


def _csv_row(cells: Sequence[str]) -> bytes:
    """A row of RFC 4180."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([escape_formula(cell) for cell in cells])
    return text.getvalue().encode()


def escape_formula(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet program would run it as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
