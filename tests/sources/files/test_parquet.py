"""Is a table in a Parquet file read like the same table as CSV, and is what it cannot mean told?"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from kg.errors import InputError
from kg.sources.files.delimited import read_table
from kg.sources.files.parquet import ParquetTable
from kg.sources.rows import ignore_progress
from tests.sources.read_results import as_json_lines, read_files, records, rejects

SOURCES = Path(__file__).parent.parent
MAPPING = (
    'title = "T"\ndescription = "D"\n[[table]]\nfiles = "people.csv"\nkey = "id"\n[[table.node]]\ntype = "Person"\n'
    'properties = { name = "name", birth_date = "born", alias = { column = "aliases", split = ";" } }\n'
)


def save(path: Path, columns: Mapping[str, Any], **options: Any) -> Path:
    """A Parquet file of these columns."""
    parquet.write_table(pa.table(dict(columns)), path, **options)
    return path


def _texts(tmp_path: Path, values: Any, *used: str) -> list[str]:
    found = ParquetTable(save(tmp_path / "t.parquet", {"c": values})).rows(ignore_progress, used)
    return [row.cells["c"].text if "c" in row.cells else "" for row in found]


def _as_text_columns(path: Path) -> dict[str, list[str | None]]:
    rows = [cells for _, cells in (r for r in read_table(path, (), ignore_progress) if isinstance(r, tuple))]
    return {name: [row[name] or None for row in rows] for name in rows[0]}


def test_a_table_gives_the_records_that_the_same_csv_gives(tmp_path: Path) -> None:
    for name in ("persons", "enterprises", "links"):
        source = SOURCES / "sheets" / f"{name}.csv"
        made = read_files(save(tmp_path / f"{name}.parquet", _as_text_columns(source)))
        plain = read_files(source)
        assert records(made).keys() == records(plain).keys()
        assert {k: r.body() for k, r in records(made).items()} == {k: r.body() for k, r in records(plain).items()}
        assert [r.reason for r in rejects(made)] == [r.reason for r in rejects(plain)]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("icij", "nodes-officers"),
        ("reference", "jurisdictions"),
        ("gleif", "20260101-gleif-goldencopy-rr-golden-copy"),
    ],
)
def test_connectors_of_tables_read_it(tmp_path: Path, folder: str, name: str) -> None:
    source = SOURCES / folder / f"{name}.csv"
    made = records(read_files(save(tmp_path / f"{name}.parquet", _as_text_columns(source))))
    assert made.keys() == records(read_files(source)).keys()


MOMENT = datetime(2014, 6, 30, 8, 15, 0, 250_000, tzinfo=UTC)
KINDS: Mapping[str, tuple[Any, list[str]]] = {
    "text": (["Ann", "", None, "Žofie"], ["Ann", "", "", "Žofie"]),
    "flags": ([True, False, None], ["true", "false", ""]),
    "whole numbers": ([2**62, -1, 0], [str(2**62), "-1", "0"]),
    "whole numbers that pandas made floating": ([1950.0, None, 0.5], ["1950", "", "0.5"]),
    "small floating": (pa.array([0.1, 25], pa.float32()), ["0.1", "25"]),
    "large floating": ([5.689852347e7, 1e-7, -0.0], ["56898523.47", "0.0000001", "0"]),
    "no numbers": ([float("nan"), float("inf")], ["nan", "inf"]),
    "decimals": ([Decimal("1200.50"), Decimal("-0.10"), Decimal(10) ** 30], ["1200.50", "-0.10", f"1{'0' * 30}.00"]),
    "days": ([date(2014, 6, 30), date(1, 1, 1), date(9999, 12, 31)], ["2014-06-30", "0001-01-01", "9999-12-31"]),
    "midnights": (pa.array(["2014-06-30"]).cast(pa.timestamp("ns")), ["2014-06-30"]),
    "moments": (pa.array([MOMENT], pa.timestamp("us", "UTC")), ["2014-06-30T08:15:00.25Z"]),
    "moments elsewhere": (pa.array([MOMENT], pa.timestamp("ms", "Europe/Berlin")), ["2014-06-30T10:15:00.25+0200"]),
    "nanoseconds": (pa.array([1], pa.timestamp("ns")), ["1970-01-01T00:00:00.000000001"]),
    "times": ([time(8, 15), time(0, 0)], ["08:15:00", "00:00:00"]),
    "durations": ([timedelta(seconds=90)], ["90000000 us"]),
    "categories": (pa.array(["a", None, "a"]).dictionary_encode(), ["a", "", "a"]),
    "bytes that are text": ([b"Ann", "Žofie".encode()], ["Ann", "Žofie"]),
    "bytes": ([b"\x00\xff", b"\xff" * 300], ["00ff", f"{'ff' * 256}… (300 bytes)"]),
    "lists": ([["a", "b"], [], None], ['["a","b"]', "", ""]),
    "lists of decimals": ([[Decimal("1.50")], [None]], ['["1.50"]', ""]),
    "objects": ([{"city": "Orle", "since": date(2014, 6, 30)}], ['{"city":"Orle","since":"2014-06-30"}']),
    "maps": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), ['[["a",1]]']),
    "identifiers of the format": (
        pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"\xf0" * 16], pa.binary(16))),
        ["f0" * 16],
    ),
    "nothing": (pa.nulls(2), ["", ""]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_values_keep_all_that_they_say(tmp_path: Path, kind: str) -> None:
    values, texts = KINDS[kind]
    assert _texts(tmp_path, values) == texts


def test_old_moments_of_spark_reach_beyond_nanoseconds(tmp_path: Path) -> None:
    ends = pa.array(["9999-12-31"]).cast(pa.timestamp("us"))
    path = save(tmp_path / "t.parquet", {"c": ends}, use_deprecated_int96_timestamps=True)
    [row] = ParquetTable(path).rows(ignore_progress)
    assert row.cells["c"].text == "9999-12-31"


def test_values_that_a_property_cannot_have_stay_with_the_record(tmp_path: Path) -> None:
    mapping = tmp_path / "mine.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    columns = {
        "id": [1, 2],
        "name": pa.array([b"Ann", b"\xff\xfe"]),
        "born": [["1960"], None],
        "aliases": [["Annie", "Nan"], ["a;b"]],
        "photo": [b"\xff\xd8", None],
    }
    made = read_files(save(tmp_path / "people.parquet", columns), connector=str(mapping))
    one, two = records(made)["1", ""], records(made)["2", ""]
    assert one.properties == {"name": ["Ann"], "alias": ["Annie", "Nan"]}
    assert one.other == {"photo": ["ffd8"]}
    assert [(u.name, u.words) for u in one.not_understood] == [("born", '["1960"]')]
    assert [(u.name, u.words) for u in two.not_understood] == [("aliases", '["a;b"]'), ("name", "fffe")]
    assert [(r.line, r.reason) for r in rejects(made)] == [
        (1, """column born, value '["1960"]': is a list; expected one value"""),
        (2, "column name, value 'fffe': is binary data; expected text"),
        (2, """column aliases, value '["a;b"]': is a list; expected one value, or several without ';'"""),
    ]


def test_a_number_as_an_identifier_is_kept_with_a_remark(tmp_path: Path) -> None:
    columns = {"key": ["p1"], "name": ["Ann Example"], "passport_number": [123456], "id_number": [1e18]}
    made = read_files(save(tmp_path / "persons.parquet", columns))
    assert records(made)["p1", ""].properties["passport_number"] == ["123456"]
    assert [r.reason for r in rejects(made)] == [
        "column id_number, value '1000000000000000000': is a number of more than fifteen digits with a floating point, "
        "which is not exact; write it as text",
        "column passport_number, value '123456': is a number, so leading zeros may be lost; it is kept as it is; "
        "format the column as text",
    ]


def test_rows_are_numbered_through_all_groups(tmp_path: Path) -> None:
    path = save(tmp_path / "persons.parquet", {"key": [f"p{n}" for n in range(1000)]}, row_group_size=100)
    done: list[int] = []
    rows = list(ParquetTable(path).rows(done.append))
    assert [row.row.line for row in rows] == list(range(1, 1001))
    assert sum(done) == path.stat().st_size


def test_rows_are_read_before_the_file_has_been(tmp_path: Path) -> None:
    path = save(tmp_path / "t.parquet", {"c": [f"text {n}" for n in range(20_000)]}, row_group_size=1_000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 200] = b"\xff" * 200
    path.write_bytes(data)
    rows = ParquetTable(path).rows(ignore_progress)
    assert next(rows).cells["c"].text == "text 0"
    with pytest.raises(InputError, match=r"t\.parquet: is damaged, or no Parquet file: "):
        list(rows)


FAULTS: Mapping[str, tuple[bytes, str]] = {
    "empty": (b"", "is named .parquet; expected Parquet data"),
    "a CSV": (b"id,name\n", "is named .parquet; expected Parquet data"),
    "encrypted": (b"PARE\x00\x00", "is encrypted; save it without encryption"),
    "cut short": (b"PAR1\x15\x04\x15", "is damaged, or no Parquet file: "),
    "a footer that is none": (b"PAR1" + b"\xff" * 40 + b"\x08\x00\x00\x00PAR1", "is damaged, or no Parquet file: "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_is_none_is_told_in_one_line(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "persons.parquet"
    path.write_bytes(FAULTS[fault][0])
    with pytest.raises(InputError) as error:
        read_files(path)
    assert str(error.value).startswith(f"{path}: {FAULTS[fault][1]}")
    assert "\n" not in str(error.value)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "persons.parquet").mkdir()
    with pytest.raises(InputError, match="is a folder; expected a file"):
        read_files(tmp_path / "persons.parquet")
    with pytest.raises(InputError, match="there is no such file"):
        read_files(tmp_path / "links.parquet")


def test_a_missing_and_a_repeated_column_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"persons\.parquet: expected a column called key"):
        read_files(save(tmp_path / "persons.parquet", {"name": ["Ann"]}))
    twice = pa.table([pa.array(["p1"]), pa.array(["Ann"]), pa.array(["Nan"])], names=["key", "name", "name"])
    parquet.write_table(twice, tmp_path / "persons.parquet")
    with pytest.raises(InputError, match="column name occurs more than once"):
        read_files(tmp_path / "persons.parquet")


def test_a_file_that_expands_without_end_is_refused(tmp_path: Path) -> None:
    key = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000), pa.array(["p" * 1_000_000]))
    path = save(tmp_path / "persons.parquet", {"key": key, "name": ["Ann"] * 2_000})
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match=r"persons\.parquet:34: expands to more than 200 times its size"):
        read_files(path)


def test_nulls_of_the_declaration_are_empty(tmp_path: Path) -> None:
    mapping = tmp_path / "mine.toml"
    mapping.write_text(MAPPING.replace("[[table]]", '[format]\nnulls = ["-"]\n[[table]]', 1), encoding="utf-8")
    columns = {"id": ["1"], "name": ["-"], "born": ["1960"], "aliases": ["-"]}
    [person] = records(read_files(save(tmp_path / "people.parquet", columns), connector=str(mapping))).values()
    assert person.properties == {"birth_date": ["1960"]}


def test_without_the_extra_one_line_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "persons.parquet", {"key": ["p1"], "name": ["Ann"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError) as error:
        read_files(path)
    expected = "is a Parquet file, which needs an extra: pip install 'kg-investigations[parquet]'"
    assert str(error.value) == f"{path}: {expected}"


def test_a_template_is_never_one(tmp_path: Path) -> None:
    from kg.ontology import load_ontology
    from kg.sources import choose_connector
    from kg.sources.tabular.template import template_sheet_for

    sheets = choose_connector(Path("persons.csv"))
    with pytest.raises(InputError, match=r"expected a name that ends in \.xlsx"):
        template_sheet_for(tmp_path / "persons.parquet", sheets, load_ontology())


def test_statements_in_it_are_read(tmp_path: Path) -> None:
    columns = {
        "canonical_id": ["a", "a"],
        "entity_id": ["a", "a"],
        "prop": ["name", "birthDate"],
        "schema": ["Person", "Person"],
        "value": ["Ann Example", "1960"],
        "dataset": ["d", "d"],
        "external": [False, False],
    }
    made = read_files(save(tmp_path / "statements.parquet", columns))
    assert '"name": ["Ann Example"]' in as_json_lines(made).replace(":[", ": [")


def test_only_columns_that_hold_words_are_looked_through(tmp_path: Path) -> None:
    columns = {"day": [date(2011, 3, 4)], "said": ["03/04/2011"], "also": [b"5/6/2011"], "n": [3], "other": ["x"]}
    table = ParquetTable(save(tmp_path / "t.parquet", columns))
    assert list(table.texts(["day", "n"])) == []
    assert b"".join(table.texts(["day", "said", "also", "absent"])).splitlines()[0] == b"03/04/2011"
    assert b"5/6/2011" in b"".join(table.texts(["also"]))
