"""How do the rows of declared tables become records?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from kg.errors import InputError, Place
from kg.records import Record, Reject
from kg.sources.context import Context
from kg.sources.files.delimited import table
from kg.sources.rows import Checks, key_problem
from kg.sources.tabular.claims import Links, Nodes, World, digest
from kg.sources.tabular.link_ends import Ends
from kg.sources.tabular.mapped_row import Fit, Line, Values
from kg.sources.tabular.mapping import Declaration, Table
from kg.sources.tabular.mapping_lint import check
from kg.sources.tabular.provenance import Provenance

_MANY = 10_000


def read(declaration: Declaration, files: Sequence[Path], context: Context) -> Iterator[Record | Reject]:
    """The claims of each row of each file, and a reject for what could not be read; lazily.

    Raises InputError where the declaration does not fit the ontology, or a file is none of its tables.
    """
    check(declaration, context.ontology)
    tables = [TableReader(declaration, t, context) for t in declaration.table]
    ends = Ends(context.ontology, context.namespace) if declaration.ends == "here" else None
    for path in files:
        for reader, line in _lines(declaration, tables, path, context):
            for result in [line] if isinstance(line, Reject) else reader.claims(line):
                if ends and isinstance(result, Record) and isinstance(line, Line):
                    ends.met(result, line)
                yield result
    if ends:
        yield from ends.problems()


class TableReader:
    """What the rows of one table claim."""

    def __init__(self, declaration: Declaration, table: Table, context: Context) -> None:
        self.table = table
        self.dialect = (table.format or declaration.format).dialect
        values = partial(Values, lookups=declaration.values)
        world = World(context.ontology, context.namespace, Checks(context.ontology), values)
        self._key = values(table.key) if table.key else None
        self._skip = Fit.of(table.skip, {}) if table.skip else None
        self._said = Provenance(declaration.said, table.said, values)
        is_link = all(node.key for node in table.node)
        self._claims: list[Nodes | Links] = [Nodes(node, world) for node in table.node]
        self._claims += [
            Links(link, world, "" if is_link and n == 0 else link.label, is_row=is_link)
            for n, link in enumerate(table.link)
        ]

        self._conditions = tuple(dict.fromkeys(c for claim in table.claims for c in (*claim.when, *claim.unless)))
        self._known: dict[tuple[str | None, ...], list[Nodes | Links]] = {}

    def claims(self, line: Line) -> Sequence[Record | Reject]:
        """The records and rejects of one row."""
        if not line.cells:
            return [replace(reject, whole=True) for reject in line.rejects]
        if self._skip and self._skip.fits(line.cells):
            return []
        key = self._row_key(line)
        if not key:
            return [replace(reject, whole=True) for reject in line.rejects[:1]]
        said = self._said.of(line)
        records = [record for claim in self._fitting(line) for record in claim.make(key, line)]
        if not records:
            problems = line.rejects or [line.row.reject("nothing that the declaration says of such rows fits it")]
            return [replace(problems[0], whole=True)]
        own = next((r for r in records if r.key == key), records[0])
        own.other = line.unused(self.table.ignore)
        for record in records:
            record.said = said
            if record.ends is None and record.key != key:
                record.part = digest(record.body())  # rows that say the same of it are one record
        return [*dict.fromkeys(line.rejects), *records]

    def _row_key(self, line: Line) -> str:
        """The key of the row; empty, with a reject, where there is none."""
        if self._key is None:
            return digest(sorted(line.cells.items()))
        found = self._key.of(line)
        problem = key_problem(found[0]) if found else "expected the key of the row, not an empty cell"
        if problem and not line.rejects:
            line.rejects.append(line.fault(self._key.columns, f": {problem}"))
        return "" if problem else found[0]

    def _fitting(self, line: Line) -> list[Nodes | Links]:
        """The claims that fit; rows that agree in the columns of all conditions have the same."""
        said = tuple(map(line.cells.get, self._conditions))
        if said not in self._known:
            if len(self._known) > _MANY:
                self._known.clear()
            self._known[said] = self._found(line.cells)
        return self._known[said]

    def _found(self, cells: Mapping[str, str]) -> list[Nodes | Links]:
        """The claims that fit; those for other rows where none with a condition does."""
        fitting = [c for c in self._claims if c.fit.fits(cells)]
        conditional = any(c.claim.when for c in fitting if not c.claim.otherwise)
        return [c for c in fitting if not c.claim.otherwise or not conditional]


def _lines(
    declaration: Declaration, readers: Sequence[TableReader], path: Path, context: Context
) -> Iterator[tuple[TableReader, Line | Reject]]:
    if path.suffix.lower() == ".xlsx":
        from kg.sources.tabular.workbook import lines_of

        yield from lines_of(path, readers, declaration.ignores_sheet, context.progress)
        return
    reader = _fitting(declaration, readers, path)
    for found in table(path, reader.table.required(), context.progress, reader.dialect):
        yield reader, found if isinstance(found, Reject) else Line(found.row, said(found.cells))


def said(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells that say something, without white space around them."""
    return {column: text for column, cell in cells.items() if (text := cell.strip())}


def _fitting(declaration: Declaration, readers: Sequence[TableReader], path: Path) -> TableReader:
    """The table that reads a file: by its name, or because there is only one."""
    fitting = [r for r in readers if r.table.reads(path.name)] or (list(readers) if len(readers) == 1 else [])
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise InputError(f"is several tables of {declaration.shown}; make their patterns differ", Place(str(path)))
    known = ", ".join(pattern for r in readers for pattern in r.table.files)
    raise InputError(f"is no table of {declaration.shown}; expected a file called {known}", Place(str(path)))
