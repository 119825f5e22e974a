"""Reads the rows of Parquet files, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from kg.errors import InputError, InputLocation
from kg.ontology.values.numbers import plain_number
from kg.sources.files.cells import EMPTY_CELL, MAX_EXACT_NUMBER, NUMBER_WARNING, CellText, require_columns
from kg.sources.files.lines import EXPANSION_CHECKED_FROM, MAX_EXPANSION, MAX_LINE, open_error
from kg.sources.rows import Progress, SourceRow, json_text

ENDING = ".parquet"
INSTALL_HINT = "pip install 'kg-investigations[parquet]'"
MAX_COLUMNS = 16_384
"""Most columns of a table, as in a sheet."""

_BATCH_ROWS = 256
_BUFFER = 1024 * 1024
_LONGEST_BINARY = 256
"""Longest binary value, in bytes, that is shown whole."""
_SIGNATURE, _ENCRYPTED = b"PAR1", b"PARE"
_TEXT_TYPES = ("STRING", "ENUM", "JSON", "NONE")
"""Logical types of columns of bytes that may be text. Old programs write text without a type."""

_MIDNIGHT = re.compile(r"[ T]00:00:00(?:\.0+)?$")
_FRACTION = re.compile(r"(:[0-9]{2})\.(?:0+|([0-9]*[1-9])0+)(?![0-9])")


class ParquetRow(NamedTuple):
    """A row, and its cells that are not empty by column."""

    row: SourceRow
    cells: dict[str, CellText]


def is_parquet(path: Path) -> bool:
    """Whether the file's name is that of a Parquet file."""
    return path.suffix.lower() == ENDING


def table_name(name: str) -> str:
    """The name of a table's file as a delimited one: `persons.parquet` is the table `persons.csv`."""
    return f"{name[: -len(ENDING)]}.csv" if name.lower().endswith(ENDING) else name


class ParquetTable:
    """An open Parquet file. Raises InputError for a file that cannot be read as one, and where a column is missing."""

    def __init__(self, path: Path, columns: Sequence[str] = ()) -> None:
        self._path, self._place = path, InputLocation(str(path))
        self._arrow = self._import_arrow()
        self._file = self._open()
        self.header = [name.strip() for name in self._file.schema_arrow.names]
        if len(self.header) > MAX_COLUMNS:
            raise InputError(f"has {len(self.header):,} columns; expected at most {MAX_COLUMNS:,}", self._place)
        require_columns(self.header, columns, self._place)

    def rows(
        self, progress: Progress, used: Collection[str] = (), separators: Mapping[str, str] | None = None
    ) -> Iterator[ParquetRow]:
        """The rows, numbered from 1, lazily: a few hundred are in memory at a time.

        A cell of a `used` column has a problem where it is no single value: binary data, an object, a list. The values
        of a list are joined where the column has a separator. In other columns, these are words: JSON, hexadecimal.
        """
        size, total = self._path.stat().st_size, max(self._file.metadata.num_rows, 1)
        number = reported = length = 0
        most = max(EXPANSION_CHECKED_FROM, size * MAX_EXPANSION)
        readers = [
            _ColumnReader(self._arrow, separator=(separators or {}).get(name, ""), strict=name in used)
            for name in self.header
        ]
        for batch in self._batches():
            columns = [reader.cells(column) for reader, column in zip(readers, batch.columns, strict=True)]
            for cells in zip(*columns, strict=True) if columns else ():
                number += 1
                filled = {name: cell for name, cell in zip(self.header, cells, strict=True) if cell.text}
                raw = orjson.dumps({name: cell.text for name, cell in filled.items()})
                length += len(raw)
                if len(raw) > MAX_LINE:
                    raise InputError(f"expected a row of at most {MAX_LINE} bytes", self._at(number))
                if length > most:
                    problem = f"expands to more than {MAX_EXPANSION} times its size; save it as CSV, if that is right"
                    raise InputError(problem, self._at(number))
                yield ParquetRow(SourceRow(str(self._path), number, raw), filled)
            done = size * min(number, total) // total
            progress(done - reported)
            reported = done
        progress(size - reported)

    def texts(self, columns: Collection[str]) -> Iterator[bytes]:
        """What some columns hold besides numbers and values of time, each value on a line, a batch at a time."""
        types = self._arrow.types
        plain = (types.is_temporal, types.is_integer, types.is_floating, types.is_decimal, types.is_boolean)
        named = {f.name for f in self._file.schema_arrow if not any(is_plain(f.type) for is_plain in plain)}
        wanted = [name for name in self._file.schema_arrow.names if name.strip() in columns and name in named]
        for batch in self._batches(wanted) if wanted else ():
            values = (value for column in batch.columns for value in column.to_pylist())
            yield "".join(f"{value}\n" for value in values if value is not None).encode(errors="replace")

    def _import_arrow(self) -> Any:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError:
            raise InputError(f"is a Parquet file, which needs an extra: {INSTALL_HINT}", self._place) from None
        return pyarrow

    def _open(self) -> Any:
        try:
            if not self._path.is_file() and self._path.exists() and not self._path.is_dir():
                raise InputError("is a pipe, a socket or a device; expected a file", self._place)
            with self._path.open("rb") as file:
                start = file.read(len(_SIGNATURE))
        except OSError as error:
            raise open_error(self._path, error) from None
        if start == _ENCRYPTED:
            raise InputError("is encrypted; save it without encryption", self._place)
        if start != _SIGNATURE:
            raise InputError(f"is named {ENDING}; expected Parquet data", self._place)
        options = {"memory_map": False, "buffer_size": _BUFFER, "pre_buffer": False}
        with self._read_errors():
            parquet = self._arrow.parquet
            metadata = parquet.read_metadata(self._path)
            columns = [metadata.schema.column(n) for n in range(metadata.num_columns)]
            # Texts that repeat stay one text in memory: a small file may repeat a large one.
            texts = [c.path for c in columns if c.physical_type == "BYTE_ARRAY" and c.logical_type.type in _TEXT_TYPES]
            # The unit of Spark's old times: nanoseconds have no place for the year 9999.
            return parquet.ParquetFile(self._path, read_dictionary=texts, coerce_int96_timestamp_unit="us", **options)

    def _batches(self, columns: Sequence[str] | None = None) -> Iterator[Any]:
        batches = self._file.iter_batches(batch_size=_BATCH_ROWS, columns=columns, use_threads=False)
        while True:
            with self._read_errors():
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def _read_errors(self) -> _ReadErrors:
        return _ReadErrors(self._place, (self._arrow.ArrowException, OSError, ValueError, NotImplementedError))

    def _at(self, number: int) -> InputLocation:
        return InputLocation(str(self._path), number)


class _ReadErrors:
    """Turns errors of the library into one that names the file."""

    def __init__(self, place: InputLocation, kinds: tuple[type[Exception], ...]) -> None:
        self._place, self._kinds = place, kinds

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, self._kinds) and not isinstance(error, InputError):
            problem = next(iter(str(error).splitlines()), "") or type(error).__name__
            raise InputError(f"is damaged, or no Parquet file: {problem}", self._place) from None


class _ColumnReader:
    """Reads the values of one column as texts."""

    def __init__(self, arrow: Any, *, separator: str, strict: bool) -> None:
        self._arrow, self._separator, self._strict = arrow, separator, strict

    def cells(self, column: Any) -> list[CellText]:
        """The cells of a piece of the column; empty ones are an empty text."""
        types = self._arrow.types
        if hasattr(column, "storage"):  # an extension of the format, such as a UUID, around a plain type
            column = column.storage
        kind = column.type
        if types.is_dictionary(kind):
            known = {
                n: self._scalar(column.dictionary[n]) for n in column.indices.unique().to_pylist() if n is not None
            }
            return [EMPTY_CELL if n is None else known[n] for n in column.indices.to_pylist()]
        if types.is_boolean(kind) or types.is_integer(kind) or types.is_temporal(kind):
            return self._cast(column)
        if types.is_floating(kind):
            return [_float_cell(text) for text in column.cast(self._arrow.string()).to_pylist()]
        return [self._scalar(value) for value in column]

    def _cast(self, column: Any) -> list[CellText]:
        types, kind = self._arrow.types, column.type
        unit = f" {kind.unit}" if types.is_duration(kind) else ""
        warning = NUMBER_WARNING if types.is_integer(kind) else ""
        is_moment = types.is_timestamp(kind) or types.is_time(kind)
        texts = column.cast(self._arrow.string()).to_pylist()
        return [
            EMPTY_CELL if t is None else CellText((_moment_text(t) if is_moment else t) + unit, warning=warning)
            for t in texts
        ]

    def _scalar(self, value: Any) -> CellText:
        """One value of a column of texts, bytes, decimals, lists or objects."""
        if not value.is_valid:
            return EMPTY_CELL
        types, kind = self._arrow.types, value.type
        if types.is_decimal(kind):
            return CellText(f"{value.as_py():f}", warning=NUMBER_WARNING)
        if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
            return self._text(value.cast(self._arrow.binary()).as_py(), "expected UTF-8")
        if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
            return self._text(value.as_py(), "is binary data; expected text")
        return self._nested(value)

    def _text(self, data: bytes, problem: str) -> CellText:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            shown = data[:_LONGEST_BINARY].hex() + (f"… ({len(data):,} bytes)" if len(data) > _LONGEST_BINARY else "")
            return CellText(shown, problem if self._strict else "")
        return CellText(text)

    def _nested(self, value: Any) -> CellText:
        types = self._arrow.types
        if types.is_list(value.type) or types.is_large_list(value.type) or types.is_fixed_size_list(value.type):
            parts = [cell for cell in self.cells(value.values) if cell.text]
            texts = [cell.text for cell in parts]
            if not texts:
                return EMPTY_CELL
            if self._separator and not any(cell.problem or self._separator in cell.text for cell in parts):
                return CellText(self._separator.join(texts))
            problem = "is a list; expected one value" + (
                f", or several without {self._separator!r}" if self._separator else ""
            )
            return CellText(json_text([_as_json(v) for v in value.values]), problem if self._strict else "")
        shown = _as_json(value)
        text = shown if isinstance(shown, str) else json_text(shown)
        return CellText(text, "is an object; expected one value" if self._strict else "")


def _as_json(value: Any) -> Any:
    """A nested value as JSON has it."""
    try:
        found = value.as_py()
        return orjson.loads(orjson.dumps(found, default=_plain)) if found is not None else None
    except (ValueError, TypeError):
        return str(value)


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _float_cell(text: str | None) -> CellText:
    if text is None:
        return EMPTY_CELL
    number = Decimal(text)
    if not number.is_finite():
        return CellText(text)
    problem = "is a number of more than fifteen digits with a floating point, which is not exact; write it as text"
    return CellText(plain_number(number), problem if abs(number) >= MAX_EXACT_NUMBER else "", NUMBER_WARNING)


def _moment_text(text: str) -> str:
    """A moment as ISO 8601 writes it; midnight without a time zone is the day, which programs store so."""
    day = _MIDNIGHT.sub("", text)
    if day != text and len(day) > 8:
        return day
    return _FRACTION.sub(lambda m: f"{m[1]}.{m[2]}" if m[2] else m[1], text).replace(" ", "T")
