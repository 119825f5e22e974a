"""Reads the rows of mapped tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.findings.contradictions import ORDERED_DATES, find_contradictions
from kg.ontology.handling import PROTECTED
from kg.ontology.values import is_missing, is_unnamed
from kg.ontology.words import column_words, fold_text, fold_word, is_nobody
from kg.records import USES_OF_ACCOUNTS, Provenance, Record, Ref, Reject
from kg.sources.files.cells import column_letter
from kg.sources.files.delimited import read_table
from kg.sources.files.lines import read_chunks
from kg.sources.files.parquet import ParquetTable, is_parquet
from kg.sources.payments import account_links, unnamed_counterparty
from kg.sources.rows import PropertyChecks, ReadContext, SourceRow, ignore_progress, keep_unread, key_form, quote_value
from kg.sources.tabular.claims import LinkBuilder, MappingContext, NodeBuilder, RowKeys, content_digest
from kg.sources.tabular.corrections import Corrections, is_correction
from kg.sources.tabular.date_orders import DateOrders, date_columns, hold_dates, may_matter, share_columns
from kg.sources.tabular.decimal_signs import amount_columns, number_columns, point_numbers
from kg.sources.tabular.link_ends import LinkEndChecker
from kg.sources.tabular.mapped_row import (
    KEY_FACTS,
    KeyReader,
    MappedRow,
    RowCondition,
    SecondHeadings,
    ValueReader,
    heading_problems,
    list_limited,
    row_of_cells,
)
from kg.sources.tabular.mapping import (
    WORKBOOK_ENDINGS,
    ClaimMapping,
    LinkMapping,
    SourceMapping,
    TableMapping,
    file_matches,
    told_patterns,
)
from kg.sources.tabular.mapping_lint import mapping_problems, possible_types
from kg.sources.tabular.payment_rows import CreditRows, DebitCreditColumns, TotalRows, name_columns
from kg.sources.tabular.provenance import ProvenanceReader

_CACHE_SIZE = 10_000

_KEY_ALONE = ": the row has nothing but its key, and is read; delete it if it is a total, a note or the like"

_IN_TWO_FILES = "counts beside the equal row of another file; if the files overlap, declare a `key` or leave it out of"
"""Ends with the name of the other file."""

_MAY_BE_NOTE = "the row is read; delete it if it is a total, a note or the like"


def read_tables(declaration: SourceMapping, files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """The claims of each row of each file, and a reject for what could not be read; lazily.

    Raises InputError where the declaration does not fit the ontology, or a file is none of its tables.
    """
    for place, problem in mapping_problems(declaration, context.ontology):
        raise InputError(problem, place)
    keys = RowKeys(context.ontology)
    tables = [TableReader(declaration, t, context, keys) for t in declaration.table]
    if declaration.ends == "here":
        yield from _read_sheets(declaration, tables, files, context)
        return
    for path in files:
        for table, line in _with_known_orders(declaration, tables, path, context, Corrections()):
            reader = tables[table]
            yield from [line] if isinstance(line, Reject) else reader.with_accounts(reader.read_row(line))


def _with_known_orders(
    declaration: SourceMapping,
    tables: Sequence[TableReader],
    path: Path,
    context: ReadContext,
    corrections: Corrections,
) -> Iterator[tuple[int, MappedRow | Reject]]:
    """The rows of a file, whose dates have the order of day and month that their columns prove.

    Of a workbook, rows that depend on it are held back; another long file that may have such dates is read twice.
    Mended rows are read with the others of the file that they replace rows of.
    """
    rows = corrections.apply(_read_rows(declaration, tables, path, context))
    if path.suffix.lower() in WORKBOOK_ENDINGS:
        yield from hold_dates(rows, [one.new_orders for one in tables], [one.has_payments for one in tables])
        return
    number = tables.index(_reader_of_file(declaration, tables, path))
    orders = tables[number].new_orders()
    columns = {**orders.columns, **dict.fromkeys((*orders.signs, *orders.bare_shares), "")}
    parts = {"amounts": bool(orders.signs), "shares": bool(orders.bare_shares)}
    is_typed = bool(orders.bare_shares) and is_parquet(path)  # a share may be a number there, which is no text
    always = is_typed or (bool(corrections) and bool(columns))
    if not (always or (columns and may_matter(_texts_of(path, columns), orders.columns.values(), **parts))):
        yield from rows
        return
    first = [*islice(rows, _MAX_HELD)]
    every: Iterable[tuple[int, MappedRow | Reject]] = first
    if len(first) == _MAX_HELD:
        quiet = replace(context, progress=ignore_progress)
        every = corrections.apply(_read_rows(declaration, tables, path, quiet))
    for table, line in every:
        if isinstance(line, MappedRow) and table == number:
            orders.add(line)
    for table, line in chain(first, rows):
        if isinstance(line, MappedRow) and table == number:
            orders.apply(line)
        yield table, line
    yield from ((number, remark) for remark in orders.remarks(str(path)))


def _texts_of(path: Path, columns: Mapping[str, str]) -> Iterator[bytes]:
    """Some bytes of a file after the other, with all that may be a date in its columns."""
    return ParquetTable(path).texts(columns) if is_parquet(path) else read_chunks(path)


_MAX_HELD = 10_000
"""So many rows of a file are kept in memory; one with more is read again."""


def _read_sheets(
    declaration: SourceMapping, tables: Sequence[TableReader], files: Sequence[Path], context: ReadContext
) -> Iterator[Record | Reject]:
    """The claims of sheets that people fill in: mended rows replace rejected ones, and ends of links are checked."""
    ends, corrections = LinkEndChecker(context.ontology, context.namespace), Corrections()
    credits = [CreditRows(reader.table) for reader in tables]

    def lines() -> Iterator[tuple[int, MappedRow | Reject]]:
        mending = [path for path in files if is_correction(path)]
        for path in mending:
            corrections.collect(_read_rows(declaration, tables, path, replace(context, progress=ignore_progress)))
        for path in sorted(files, key=lambda path: path not in mending):
            for table, line in _with_known_orders(declaration, tables, path, context, corrections):
                if not (isinstance(line, MappedRow) and credits[table].take(line)):
                    yield table, line
        for table, held in enumerate(credits):
            yield from ((table, remark) for remark in held.remarks())
            yield from ((table, row) for row in held.rows())
        yield from corrections.problems()

    def add(reader: TableReader, line: MappedRow, results: Sequence[Record | Reject]) -> Sequence[Record | Reject]:
        found = reader.with_accounts(results)
        for result in found:
            if isinstance(result, Record):
                ends.add(result, line, reader.end_columns_of(result) if result.ends else ())
            elif result.whole:
                ends.refuse(reader.written_key(result.cells or {}))
        return found

    payments = list[tuple[TableReader, MappedRow, list[Record]]]()
    for table, line in lines():
        reader = tables[table]
        if isinstance(line, Reject):
            if line.whole:
                ends.refuse(reader.written_key(line.cells or {}))
            yield line
            continue
        results = reader.read_row(line)
        if reader.may_pay and (waiting := [r for r in results if isinstance(r, Record) and ends.waits(r)]):
            payments.append((reader, line, waiting))
            results = [result for result in results if result not in waiting]
        yield from add(reader, line, results)
    for reader, line, waiting in payments:
        for record in waiting:
            ends.resolve_accounts(record)
        yield from add(reader, line, waiting)
    yield from ends.problems()


def _have_key(columns: Iterable[str]) -> bool:
    """Whether one of some columns may be of keys, by its name."""
    return not column_words(("key",)).keys().isdisjoint(map(fold_word, columns))


_NO_WORDS: Mapping[str, str] = {}
"""What the cells of a delimited file have no warnings and currencies in; one for all rows."""

_DATES_IN_ORDER = frozenset(chain(*ORDERED_DATES))


class TableReader:
    """Reads the claims of the rows of one table."""

    def __init__(
        self, declaration: SourceMapping, table: TableMapping, context: ReadContext, row_keys: RowKeys
    ) -> None:
        self.table = table
        self._row_keys = row_keys
        self.dialect = table.format or declaration.format
        values = partial(ValueReader, lookups=declaration.values)
        keys = partial(KeyReader, lookups=declaration.values, joins_groups=declaration.ends != "here")
        world = MappingContext(context.ontology, context.namespace, PropertyChecks(context.ontology), values, keys)
        self._ontology = context.ontology
        self._key = keys(table.key) if table.key else None
        self._skip = RowCondition(table.skip, {}) if table.skip else None
        self._headings = column_words(declaration.columns_of(table)) if declaration.ends == "here" else {}
        """Other words for columns in sheets that people fill in."""
        self._separator = next((node.split for node in table.node if node.split), "")
        self._more_names = lru_cache(_CACHE_SIZE)(self._find_more_names)
        self._have_key = lru_cache(_CACHE_SIZE)(_have_key)
        self._provenance = ProvenanceReader({**declaration.said.cells(), **table.said.cells()}, values)
        is_link = table.rows_are_links
        self._builders: list[NodeBuilder | LinkBuilder] = [NodeBuilder(node, world) for node in table.node]
        self._builders += [
            LinkBuilder(
                link,
                world,
                "" if is_link and n == 0 else link.label,
                is_row=is_link,
                own_columns=_own_columns(table, link) if is_link else (),
            )
            for n, link in enumerate(table.link)
        ]
        links = table.link
        payments = context.ontology.with_trait("payment")
        paying = [link for link in links if payments.issuperset(possible_types(link, context.ontology))]
        ends = (end for link in paying for end in link.end_cells)
        self._payment_ends = list(dict.fromkeys(end.columns[0] for end in ends if len(end.columns) == 1))
        """The columns that alone name an end of a payment."""
        self.has_payments = bool(paying)
        self.may_pay = any(not payments.isdisjoint(possible_types(link, context.ontology)) for link in links)
        self._names_accounts = any(not USES_OF_ACCOUNTS.keys().isdisjoint(link.property_cells) for link in links)
        kinds = (link.type for link in paying if context.reverse and link.type.has_reverse)
        self._directing = {kind.column: kind.words.keys() for kind in kinds}
        """Where amounts say by their sign who paid, the columns that say it by words, with those."""
        self._totals = TotalRows(context.ontology, table, paying, self._payment_ends)
        self._selecting = _selecting_columns(table) if is_link else {}
        self._end_columns = [column for link in links for column in link.end_columns]
        keys_of_claims = [cell for cell in (table.key, *(claim.key for claim in table.claims)) if cell]
        naming = [*self._end_columns, *(column for cell in keys_of_claims for column in cell.columns)]
        self._naming_columns = list(dict.fromkeys(naming))
        self._end_columns_by_label = {link.label: link.end_columns for link in links}
        self._required = table.required_columns()
        self.new_orders = partial(
            DateOrders,
            date_columns(table, context.ontology),
            amount_columns(table, context.ontology),
            share_columns(table, context.ontology),
        )
        """Makes what the columns of one file tell of its dates, amounts and shares."""
        self.number_columns = number_columns(table, context.ontology)
        self._conditions = tuple(dict.fromkeys(c for claim in table.claims for c in (*claim.when, *claim.unless)))
        self._matching_builders = lru_cache(_CACHE_SIZE)(self._select_builders)

    def end_columns_of(self, record: Record) -> Sequence[str]:
        """The columns that name the ends of a link: of the claim that makes it, where the row makes several."""
        return self._end_columns_by_label.get(record.part.partition(":")[0], self._end_columns)

    def with_accounts(self, results: Sequence[Record | Reject]) -> Sequence[Record | Reject]:
        """What was read of a row, with links to the accounts that its payments name beside their parties."""
        if not self._names_accounts:
            return results
        found = list[Record | Reject]()
        for result in results:
            found.append(result)
            if isinstance(result, Record) and not USES_OF_ACCOUNTS.keys().isdisjoint(result.properties):
                found += account_links(result)
        return found

    def read_row(self, row: MappedRow) -> Sequence[Record | Reject]:
        """The records and rejects of one row."""
        if "alias" in self._headings and (more := self._more_names(tuple(row.cells))):
            names = [row.cells.get("alias"), *map(row.cells.pop, more)]
            row.cells["alias"] = self._separator.join(filter(None, names))
        if not row.cells or (self._skip and self._skip.matches(row.cells)):
            return [] if row.cells else [replace(reject, whole=True) for reject in row.rejects]
        key = self._row_key(row)
        if self.has_payments:
            self._require_one_direction(row)
            self._empty_nobody(row)
        provenance = self._provenance.read(row)
        if not key:
            return self._mark(row, provenance, _refused(row, row.rejects))
        builders = self._matching_builders(*(row.cells.get(column, "") for column in self._conditions))
        if self._selecting and not any(isinstance(builder, LinkBuilder) for builder in builders):
            return self._mark(row, provenance, _refused(row, [_unselected(row, self._selecting)]))
        records, unclaimed = _build_records(builders, key, row)
        if not records or (row.lost and not any(record.ends for record in records)):
            problems = (
                row.lost
                or row.rejects
                or [r for b in builders if isinstance(b, LinkBuilder) for r in b.missing_ends(row)]
            )
            problems = problems or [row.source_row.reject("no claim of the mapping matches this row")]
            return self._mark(row, provenance, _refused(row, problems))
        if self._payment_ends and (told := self._total(records, row)):
            return self._mark(row, provenance, _refused(row, [told]))
        self._remark_totals(row)
        self._keep_rest(next((r for r in records if r.key == key), records[0]), row, unclaimed)
        for record in records:
            record.provenance, record.row = provenance, row.source_row
            if record.key != key:  # equal claims of several rows are one record
                digest = content_digest(record.body())
                record.part = ":".join(filter(None, (record.part, digest)))
                record.named = True
        if self._key is None and not self._says_its_key(row):
            own = [record for record in records if record.key == key]
            if other := self._row_keys.assign(key, own, row.place[0]):
                row.rejects.append(row.source_row.remark(f"{_IN_TWO_FILES} {Path(other).name}"))
        if self.has_payments:
            records += [found for record in records if (found := self._name_counterparty(record, row))]
        return [*self._mark(row, provenance, dict.fromkeys(row.rejects)), *records] if row.rejects else records

    def _require_one_direction(self, row: MappedRow) -> None:
        """Raise InputError where a word of a row says who paid, and the sign of its amount is to say it too."""
        for column, words in self._directing.items():
            if fold_text(text := row.cells.get(column, "")) in words:
                problem = (
                    f"the word {quote_value(text)} says already who paid; leave --reverse out, or empty the column"
                )
                raise InputError(problem, InputLocation(row.source_row.file, row.source_row.line, key=column))

    def _total(self, records: Sequence[Record], row: MappedRow) -> Reject | None:
        """The refusal of a row of payments that is a total; what may be one is remarked on."""
        problem, is_total = self._totals.problem(row.place[0], row.cells, records)
        if problem and not is_total:
            row.rejects.append(row.source_row.remark(problem))
        return row.source_row.reject(problem) if is_total else None

    def _remark_totals(self, row: MappedRow) -> None:
        """Remark on each cell of a key that may be that of a total, of what was carried forward, or of a note."""
        if row.source_row.cells is not None and len(row.cells) == 1:
            return  # told as a row with nothing but its key
        for column in self._naming_columns:
            if column in row.cells and KEY_FACTS[text := row.cells[column]].may_be_total:
                row.add_remark([column], text, _MAY_BE_NOTE)

    def _keep_rest(self, own: Record, row: MappedRow, unclaimed: Sequence[Reject]) -> None:
        """Keep with a record what no claim of its row has, and remark on what is probably wrong with the row."""
        own.other = {**own.other, **row.unused_values(self.table.ignore)}
        if row.raw_values:
            own.read_columns |= row.raw_values.keys()
        if self._key and row.source_row.cells is not None:
            if [*row.cells] == [self._key.column]:
                row.rejects.append(row.cell_reject([self._key.column], _KEY_ALONE).as_advice())
            else:
                row.rejects += [*self._unlettered(own, row), *self._empty_or_disordered(own, row)]
        if unclaimed:
            keep_unread(own, unclaimed)

    def _empty_nobody(self, row: MappedRow) -> None:
        """Take what names nobody, such as `cash` or `-`, out of the cells for an end of a payment; it is kept."""
        for column in self._payment_ends:
            text = row.cells.get(column, "")
            if text and (is_unnamed(text) or (not self._headings and is_nobody(text))):
                row.keep_raw(column, row.cells.pop(column))

    def _name_counterparty(self, record: Record, row: MappedRow) -> Record | None:
        """The node for the end that a payment does not name, which gets its key; None where it names both."""
        if record.ends is None or all(ref.key for ref in record.ends):
            return None
        label = record.part.partition(":")[0]  # money in and money out of one row have two counterparties
        key = ":".join([record.key, *([label] if label in self._end_columns_by_label else ()), "unnamed"])
        tail, head = (Ref(ref.namespace, ref.key or key) for ref in record.ends)
        record.ends = tail, head
        written = (text for column in self._payment_ends for text in row.raw_values.get(column, ()))
        return unnamed_counterparty(record, key, [text for text in written if is_nobody(text) or not is_missing(text)])

    def _says_its_key(self, row: MappedRow) -> bool:
        """Whether a row of a sheet without keys has one all the same: two rows that are equal with it are one event."""
        return bool(self._headings) and self._have_key(tuple(row.cells))

    def _find_more_names(self, columns: Sequence[str]) -> list[str]:
        """Those of some columns that have names beside those of the aliases, such as `other names`."""
        meant = {column: self._headings.get(fold_word(column), "") for column in columns if self._separator}
        return [column for column, name in meant.items() if name != column and name in ("name", "alias")]

    def _empty_or_disordered(self, own: Record, row: MappedRow) -> Iterator[Reject]:
        """A remark on each empty cell of a column that has to be filled, and on dates that cannot follow each other."""
        for column in self._required:
            if row.is_empty(column):
                yield row.cell_reject(
                    [column], ": is empty and has to be filled; the row is read without it"
                ).as_advice()
        known = self._ontology.properties(own.type)
        read = {n: known[n].texts_of(raws) for n, raws in own.properties.items() if n in known and n in _DATES_IN_ORDER}
        for found in find_contradictions(known, "", read) if len(read) > 1 else ():
            if found.earlier:
                yield row.cell_reject([found.property], f": {found.says}; both are kept").as_advice()

    def _unlettered(self, own: Record, row: MappedRow) -> Iterator[Reject]:
        """A remark on each name without a letter."""
        of_names = (cell for node in self.table.node for cell in node.property_cells.get("name", ()))
        filled = [column for cell in of_names for column in cell.columns if column in row.cells]
        for name in own.properties.get("name", ()):
            if not any(map(str.isalpha, name)):
                columns = [column for column in filled if name in row.cells[column]]
                problem = f": the name {quote_value(name)} has no letter; it is kept as it is"
                yield row.cell_reject(columns, problem).as_advice()

    def written_key(self, cells: Mapping[str, str]) -> str:
        """The text in the column of the key; empty if there is none."""
        return key_form(cells.get(self.table.key.column, "").strip()) if self.table.key else ""

    def _mark(self, row: MappedRow, provenance: Provenance, rejects: Iterable[Reject]) -> list[Reject]:
        """The rejects of a row, protected as the claims would be that could not be read."""
        found = list(rejects)
        if not found or not (
            provenance.handling == PROTECTED or any(builder.claims_protected(row) for builder in self._builders)
        ):
            return found
        return [replace(reject, protected=True) for reject in found]

    def _row_key(self, row: MappedRow) -> str:
        """The key of the row; empty, with a reject, if there is none."""
        if self._key is None:
            return content_digest(sorted(row.cells.items()))
        found = self._key.read(row)
        problem = self._key.problem(found[0], row) if found else "expected the key of the row, not an empty cell"
        if problem and not row.rejects:
            row.rejects.append(row.cell_reject(self._key.columns, f": {problem}"))
        return "" if problem else found[0]

    def _select_builders(self, *texts: str) -> list[NodeBuilder | LinkBuilder]:
        """The builders whose conditions some cells meet; the `otherwise` ones only if no other condition is met."""
        cells = dict(zip(self._conditions, texts, strict=True))
        fitting = [c for c in self._builders if c.condition.matches(cells)]
        conditional = any(c.claim.when for c in fitting if not c.claim.otherwise)
        return [c for c in fitting if not c.claim.otherwise or not conditional]


def _own_columns(table: TableMapping, link: LinkMapping) -> list[str]:
    """The columns of a link between things that the row names, which nothing else of the row is read from."""
    ends = [end.columns for end in link.end_cells]
    keys = [node.key.columns for node in table.node if node.key]
    if table.node and not all(columns in keys for columns in ends):
        return []
    others = {c for claim in table.claims if claim is not link for c in _columns_of(claim)}
    others |= {c for columns in (*ends, *keys) for c in columns}
    return [column for column in dict.fromkeys(_columns_of(link)) if column not in others]


def _columns_of(claim: ClaimMapping) -> Iterator[str]:
    for cells in claim.property_cells.values():
        yield from (column for cell in cells for column in cell.columns)


def _selecting_columns(table: TableMapping) -> dict[str, list[str]]:
    """The columns whose values choose among the links that rows are, with what is expected there.

    Empty where some link needs no particular value, so that a row without a link says all that it has to say.
    """
    found: dict[str, list[str]] = {}
    for link in table.link:
        chosen = {column: [p for p in patterns if p.strip("*")] for column, patterns in link.when.items()}
        chosen = {column: patterns for column, patterns in chosen.items() if patterns}
        if not chosen:
            return {}
        for column, patterns in chosen.items():
            found.setdefault(column, []).extend(patterns)
    return found


def _unselected(row: MappedRow, selecting: Mapping[str, Sequence[str]]) -> Reject:
    """The refusal of a row that is to be a link, and for which no link of the declaration is."""
    column = next(
        (c for c, expected in selecting.items() if row.cells.get(c, "") not in expected), next(iter(selecting))
    )
    words = quote_value(row.cells.get(column, ""))
    expected = list_limited(set(selecting[column]))
    return row.cell_reject(
        [column], f", value {words}: no link of the declaration is for it; expected one of {expected}"
    )


def _refused(row: MappedRow, problems: Sequence[Reject]) -> list[Reject]:
    """The refusal of a whole row; in a sheet that people fill in, with all else that is wrong with it."""
    first, *others = dict.fromkeys(problems)
    return [replace(first, whole=True), *(others if row.source_row.cells is not None else ())]


def _build_records(
    builders: Sequence[NodeBuilder | LinkBuilder], key: str, row: MappedRow
) -> tuple[list[Record], list[Reject]]:
    """The records, each with the words that could not be read for it, and the rejects that belong to none of them."""
    records, unclaimed, is_refused = list[Record](), list(row.rejects), False
    cells = list(row.rejects)
    """Cells that their file stores as what cannot be read; each belongs to the claims that would have read it."""
    for builder in builders:
        before = len(row.rejects)
        found = builder.build(key, row)
        if len(row.rejects) > before:
            if not found and row.source_row.cells is not None and isinstance(builder, NodeBuilder):
                is_refused = is_refused or builder.is_of_row  # its links would go from a node that is none
            for record in found:
                keep_unread(record, row.rejects[before:])
            unclaimed += [] if found else row.rejects[before:]
        if cells and found and (named := [cell for c in cells if (cell := builder.unread_cell(c, row))]):
            for record in found:
                keep_unread(record, named)
            places = {cell.reason for cell in named}
            unclaimed = [reject for reject in unclaimed if reject.reason not in places]
        records += found
    return [] if is_refused else records, unclaimed


def _read_rows(
    declaration: SourceMapping, readers: Sequence[TableReader], path: Path, context: ReadContext
) -> Iterator[tuple[int, MappedRow | Reject]]:
    """The rows of a file by the headings above them, each with the position of its table."""
    headings: dict[int, SecondHeadings] = {}
    for table, line in _rows_of_file(declaration, readers, path, context):
        if isinstance(line, MappedRow):
            if table not in headings:
                headings[table] = SecondHeadings(declaration, readers[table].table)
            row = headings[table].read(line)
            if isinstance(row, MappedRow) and row.warnings:
                point_numbers(row, readers[table].number_columns)
            yield table, row
        else:
            yield table, line


def _rows_of_file(
    declaration: SourceMapping, readers: Sequence[TableReader], path: Path, context: ReadContext
) -> Iterator[tuple[int, MappedRow | Reject]]:
    """The rows of a file by its first heading, each with the position of its table."""
    if path.suffix.lower() in WORKBOOK_ENDINGS:
        from kg.sources.tabular.workbook import read_workbook

        tables = [reader.table for reader in readers]
        yield from read_workbook(path, tables, declaration, context.progress)
        return
    reader = _reader_of_file(declaration, readers, path)
    table = readers.index(reader)
    required, columns = declaration.required_columns_of(reader.table), declaration.columns_of(reader.table)
    if is_parquet(path):
        nulls = frozenset(reader.dialect.nulls)
        parquet = ParquetTable(path, required)
        for row, cells in parquet.rows(context.progress, columns, reader.table.separators()):
            yield table, row_of_cells(row, {c: cell for c, cell in cells.items() if cell.text not in nulls}, {})
        return
    is_filled_in, letters, sides = declaration.ends == "here", dict[str, str](), list[DebitCreditColumns]()

    def rename(headings: Sequence[str]) -> list[str]:
        names, found = name_columns(headings, declaration, reader.table)
        sides.extend([found] if found else [])
        return names

    for found in read_table(path, required, context.progress, reader.dialect, rename=rename):
        if isinstance(found, Reject):
            yield table, found
            continue
        filled = {c: text for c, cell in found[1].items() if (text := cell.strip())}
        if is_filled_in and not letters:
            letters = {name: column_letter(n) for n, name in enumerate(found[1], start=1)}
            handling = declaration.handling_columns_of(reader.table)
            for number, problem, is_refused in heading_problems([*found[1]], columns, handling):
                if is_refused:
                    raise InputError(problem, InputLocation(str(path), 1))
                yield table, Reject(str(path), 1, problem, "", whole=False, cell=f"{column_letter(number)}1")
        own = SourceRow(*found[0][:3], found[1]) if is_filled_in else found[0]
        line_row = MappedRow(own, filled, letters, _NO_WORDS, _NO_WORDS)
        yield table, sides[0].apply(line_row) if sides else line_row


def _reader_of_file(declaration: SourceMapping, readers: Sequence[TableReader], path: Path) -> TableReader:
    """The reader of a file: by the file's name, or the only one."""
    fitting = [r for r in readers if file_matches(path, r.table.files)] or list(readers)
    if len(fitting) == 1:
        return fitting[0]
    shown, known = declaration.shown, ", ".join(told_patterns(pattern for r in readers for pattern in r.table.files))
    if any(file_matches(path, r.table.files) for r in readers):
        raise InputError(f"is several tables of {shown}; make their patterns differ", InputLocation(str(path)))
    raise InputError(f"is no table of {shown}; expected a file called {known}", InputLocation(str(path)))
