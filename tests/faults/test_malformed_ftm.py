"""Which malformed FollowTheMoney files stop a load, and which lose only a row or a value?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.malformed_input import ExpectedLoad, ExpectedRefusal, LoadHarness, rows

ANN = {"id": "ann", "schema": "Person", "properties": {"name": ["Ann Example"]}}
BO = {"id": "bo", "schema": "Person", "properties": {"name": ["Bo Example"]}}
GOOD = rows(ANN, BO)
MANY = rows(*({**ANN, "id": f"p{number}"} for number in range(2_000)))


def about(schema: str = "Person", **properties: Any) -> bytes:
    """Two good rows and one more with these properties."""
    return GOOD + rows({"id": "x", "schema": schema, "properties": properties})


def owns(**properties: Any) -> bytes:
    """Two good rows and a holding of a company that is not loaded, with these properties."""
    return about("Ownership", **{"owner": ["ann"], "asset": ["firm"], **properties})


def raw(row: str) -> bytes:
    """Two good rows and one more as it is written."""
    return GOOD + row.encode() + b"\n"


def deep(levels: int) -> str:
    """Lists in lists."""
    return "[" * levels + "]" * levels


WHOLE_FILES: dict[str, tuple[bytes, ExpectedRefusal | ExpectedLoad]] = {
    "empty": (b"", ExpectedRefusal("x.ftm.json … is empty")),
    "blank lines only": (b"\n  \n\t\n\r\n", ExpectedRefusal("x.ftm.json … holds no rows")),
    "gzip cut short": (gzip.compress(MANY)[:-200], ExpectedRefusal("x.ftm.json: … cut short")),
    "gzip header only": (gzip.compress(GOOD)[:10], ExpectedRefusal("x.ftm.json:1 … cut short")),
    "gzip with changed bytes": (
        gzip.compress(MANY)[:400] + b"\0" * 40 + gzip.compress(MANY)[440:],
        ExpectedRefusal("x.ftm.json: … damaged"),
    ),
    "gzip with something after its end": (gzip.compress(GOOD) + b"garbage", ExpectedRefusal("x.ftm.json: … damaged")),
    "gzip in gzip": (gzip.compress(gzip.compress(GOOD)), ExpectedRefusal("x.ftm.json:1 … no row can be read")),
    "utf-16 with a mark": (GOOD.decode().encode("utf-16"), ExpectedLoad(2)),
    "utf-16 without a mark": (GOOD.decode().encode("utf-16-le"), ExpectedLoad(2)),
    "utf-32": (GOOD.decode().encode("utf-32"), ExpectedRefusal("x.ftm.json:1 … UTF-32")),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ExpectedRefusal("x.ftm.json:1: is a picture")),
    "a web page": (b"<!DOCTYPE html>\n<p>Not found</p>\n", ExpectedRefusal("x.ftm.json:1: is a web page")),
    "one array of all entities": (json.dumps([ANN, BO]).encode(), ExpectedLoad(2)),
    "a list under another name": (json.dumps({"total": 2, "data": [ANN, BO]}).encode(), ExpectedLoad(2)),
    "an answer that is an error": (
        rows({"error": "no"}),
        ExpectedRefusal("no row can be read … with id and schema, not an object with 'error'"),
    ),
    "what Python prints": (f"{ANN}\n".encode(), ExpectedRefusal("as Python shows it, with single quotes")),
    "rows of an array without its brackets": (GOOD.replace(b"}\n", b"},\n"), ExpectedLoad(2)),
    "an answer of an API": (json.dumps({"total": 2, "results": [ANN, BO]}, indent=2).encode(), ExpectedLoad(2)),
    "a table": (b"id,schema,name\nann,Person,Ann\n", ExpectedRefusal("x.ftm.json:1 … no row can be read")),
    "line ends of an old machine": (GOOD.replace(b"\n", b"\r"), ExpectedLoad(2)),
    "every key missing": (rows({"schema": "Person"}, {"schema": "Person"}), ExpectedRefusal("x.ftm.json:1 … key id")),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, ExpectedLoad(2)),
    "windows line ends": (GOOD.replace(b"\n", b"\r\n"), ExpectedLoad(2)),
    "mixed line ends, blank lines, tabs": (GOOD.replace(b"\n", b" \t\r\n\n\r\n", 1), ExpectedLoad(2)),
    "no line end at the end": (GOOD.rstrip(), ExpectedLoad(2)),
    "a number that is none": (
        GOOD + b'{"id": "n", "schema": "Person", "properties": {"height": [NaN]}}',
        ExpectedLoad(2, rows=1, why="NaN is no number of JSON"),
    ),
    "a schema that is misspelt": (
        GOOD + rows({**ANN, "id": "n", "schema": "Persn"}),
        ExpectedLoad(2, rows=1, why="did you mean Person?"),
    ),
    "a last line cut short": (GOOD + rows(ANN)[:25], ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "latin-1": (
        about(notes=["x"]).replace(b"Bo Example", b"B\xf6 Example"),
        ExpectedLoad(2, rows=1, why="cannot be read as JSON"),
    ),
    "the same file twice in one": (GOOD + GOOD, ExpectedLoad(2)),
}

ROWS: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a list": (raw('["ann"]'), ExpectedLoad(2, rows=1, why="expected a JSON object")),
    "a text": (raw('"ann"'), ExpectedLoad(2, rows=1, why="expected a JSON object")),
    "null": (raw("null"), ExpectedLoad(2, rows=1, why="expected a JSON object")),
    "an open brace": (raw("{"), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "two objects on one line": (raw("{} {}"), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "a comma too many": (raw('{"id": "x",}'), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "single quotes": (raw("{'id': 'x'}"), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "a NUL byte": (raw('{"id": "x\0"}'), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "half of a surrogate pair": (
        raw('{"id": "x", "schema": "Person", "properties": {"name": ["\\ud800"]}}'),
        ExpectedLoad(2, rows=1, why="cannot be read as JSON"),
    ),
    "surrogates as bytes": (
        GOOD + b'{"id": "x\xed\xa0\x80", "schema": "Person"}\n',
        ExpectedLoad(2, rows=1, why="cannot be read as JSON"),
    ),
    "NaN": (raw('{"id": "x", "schema": "Person", "n": NaN}'), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "Infinity": (raw('{"id": "x", "schema": "Person", "n": -Infinity}'), ExpectedLoad(2, rows=1, why="as JSON")),
    "a number too large": (raw('{"id": "x", "schema": "Person", "n": 1e400}'), ExpectedLoad(2, rows=1, why="as JSON")),
    "a number of endless digits": (
        raw('{"id": "x", "n": ' + "9" * 5_000 + "}"),
        ExpectedLoad(2, rows=1, why="as JSON"),
    ),
    "nested without end": (raw(deep(100_000)), ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "an extra key nested deep": (
        raw(f'{{"id": "x", "schema": "Person", "more": {deep(300)}}}'),
        ExpectedLoad(2, rows=1, why="nested at most 100 deep"),
    ),
    "a property nested deep": (
        raw(f'{{"id": "x", "schema": "Person", "properties": {{"name": {deep(1000)}}}}}'),
        ExpectedLoad(2, rows=1, why="nested at most 100 deep"),
    ),
    "a key twice in one object": (
        raw('{"id": "x", "id": "y", "schema": "Person", "properties": {}}'),
        ExpectedLoad(2, rows=1, why="key 'id' occurs more than once in one object"),
    ),
    "a property twice in one object": (
        raw('{"id": "x", "schema": "Person", "properties": {"name": ["A"], "name": ["B"]}}'),
        ExpectedLoad(2, rows=1, why="key 'name' occurs more than once in one object"),
    ),
    "no id": (raw('{"schema": "Person"}'), ExpectedLoad(2, rows=1, why="key id, value None")),
    "an empty id": (raw('{"id": "", "schema": "Person"}'), ExpectedLoad(2, rows=1, why="key id")),
    "a blank id": (raw('{"id": " ", "schema": "Person"}'), ExpectedLoad(2, rows=1, why="key id")),
    "a number for an id": (raw('{"id": 7, "schema": "Person"}'), ExpectedLoad(2, rows=1, why="key id, value 7")),
    "a list for an id": (raw('{"id": ["x"], "schema": "Person"}'), ExpectedLoad(2, rows=1, why="key id")),
    "a control character in an id": (
        raw('{"id": "x\\u0007y", "schema": "Person"}'),
        ExpectedLoad(2, rows=1, why="control"),
    ),
    "a NUL in an id": (raw('{"id": "x\\u0000", "schema": "Person"}'), ExpectedLoad(2, rows=1, why="control")),
    "a line end in an id": (raw('{"id": "x\\ny", "schema": "Person"}'), ExpectedLoad(2, rows=1, why="control")),
    "an extremely long id": (
        rows({**ANN, "id": "x" * 100_000}) + GOOD,
        ExpectedLoad(2, rows=1, why="1 to 2000 characters"),
    ),
    "no schema": (raw('{"id": "x"}'), ExpectedLoad(2, rows=1, why="key schema, value None")),
    "a number for a schema": (raw('{"id": "x", "schema": 3}'), ExpectedLoad(2, rows=1, why="key schema")),
    "an unknown schema": (
        raw('{"id": "x", "schema": "Ghost"}'),
        ExpectedLoad(2, rows=1, why="schema Ghost has no type"),
    ),
    "properties that are a list": (
        raw('{"id": "x", "schema": "Person", "properties": []}'),
        ExpectedLoad(2, rows=1, why="key properties"),
    ),
    "properties that are null": (
        raw('{"id": "x", "schema": "Person", "properties": null}'),
        ExpectedLoad(2, rows=1, why="key properties"),
    ),
    "a link without ends": (about("Ownership", role=["x"]), ExpectedLoad(2, rows=1, why="links two ends")),
    "a link without one end": (about("Ownership", owner=["ann"]), ExpectedLoad(2, rows=1, why="links two ends")),
    "a link with an end that is no text": (
        about("Ownership", owner=["ann"], asset=[7]),
        ExpectedLoad(2, rows=1, why="links two ends"),
    ),
    "an entity again as another kind": (
        GOOD + rows({**ANN, "schema": "Vessel"}),
        ExpectedLoad(1, rows=2, why="and neither extends the other"),  # no row tells which is right
    ),
    "an unknown operation of a delta": (
        raw('{"op": "SET", "entity": {"id": "x"}}'),
        ExpectedLoad(2, rows=1, why="key op"),
    ),
    "a delta without an entity": (raw('{"op": "ADD"}'), ExpectedLoad(2, rows=1, why="key entity")),
    "a list for an operation": (raw('{"op": [], "entity": {}}'), ExpectedLoad(2, rows=1, why="key op")),
}

VALUES: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a day that February does not have": (
        about(birthDate=["2014-02-30"]),
        ExpectedLoad(3, values=1, why="no such day"),
    ),
    "the 29th in a year without one": (about(birthDate=["2015-02-29"]), ExpectedLoad(3, values=1, why="no such day")),
    "a thirteenth month": (about(birthDate=["2014-13"]), ExpectedLoad(3, values=1, why="no such day")),
    "a month zero": (about(birthDate=["2014-00-01"]), ExpectedLoad(3, values=1, why="no such day")),
    "a year zero": (about(birthDate=["0000"]), ExpectedLoad(3, values=1, why="no such day")),
    "a year of five digits": (about(birthDate=["99999"]), ExpectedLoad(3, values=1, why="expected a date")),
    "a year before all years": (about(birthDate=["-044"]), ExpectedLoad(3, values=1, why="expected a date")),
    "a date in words": (about(birthDate=["spring 2014"]), ExpectedLoad(3, values=1, why="expected a date")),
    "an hour that a day does not have": (
        about(birthDate=["2014-02-03T25:00"]),
        ExpectedLoad(3, values=1, why="a date"),
    ),
    "a month 13 in digits of other scripts": (about(birthDate=["２０１4-١٣"]), ExpectedLoad(3, values=1, why="a date")),
    "an extremely long date": (about(birthDate=["1" * 1_000_000]), ExpectedLoad(3, values=1, why="expected a date")),
    "a share over 100": (owns(percentage=["100.01"]), ExpectedLoad(3, values=1, why="percentage from 0 to 100")),
    "a share below 0": (owns(percentage=["-1"]), ExpectedLoad(3, values=1, why="percentage from 0 to 100")),
    "an interval the wrong way round": (owns(percentage=["50-25"]), ExpectedLoad(3, values=1, why="percentage")),
    "a share that is no number": (owns(percentage=["NaN"]), ExpectedLoad(3, values=1, why="percentage")),
    "a share beyond all numbers": (owns(percentage=["1e400"]), ExpectedLoad(3, values=1, why="percentage")),
    "a share of endless digits": (owns(percentage=["9" * 5_000]), ExpectedLoad(3, values=1, why="percentage")),
    "a number for a text": (about(name=["Cy", 7]), ExpectedLoad(3, values=1, why="expected text in a list")),
    "a huge number for a text": (
        raw('{"id": "x", "schema": "Person", "properties": {"name": [' + "9" * 40 + "]}}"),
        ExpectedLoad(3, values=1, why="expected text in a list"),
    ),
    "null for a text": (about(name=[None]), ExpectedLoad(3, values=1, why="expected text in a list")),
    "an object for a text": (about(name=[{"en": "Cy"}]), ExpectedLoad(3, values=1, why="expected text in a list")),
    "a boolean for a list": (about(name=True), ExpectedLoad(3, values=1, why="expected text in a list")),
    "a list in a list": (about(name=[["Cy"]]), ExpectedLoad(3, values=1, why="expected text in a list")),
    "an empty name": (about(name=[""]), ExpectedLoad(3, values=1, why="empty value")),
    "a name that nobody sees": (about(name=["\u200b\u2060"]), ExpectedLoad(3, values=1, why="empty value")),
    "a control character in a name": (about(name=["C\u001b[2Jy"]), ExpectedLoad(3, values=1, why="control characters")),
    "a NUL in a name": (about(name=["C\0y"]), ExpectedLoad(3, values=1, why="control characters")),
    "a line of 10 MB": (about(name=["x" * 10_000_000]), ExpectedLoad(3, values=1, why="at most 65000 characters")),
    "an address that runs something": (
        about(sourceUrl=["javascript:alert(1)"]),
        ExpectedLoad(3, values=1, why="web address"),
    ),
    "an end that is no text": (owns(owner=["ann", 7]), ExpectedLoad(3, values=1, why="expected text in a list")),
    "an end with a control character": (owns(owner=["ann", "a\u0001"]), ExpectedLoad(3, values=1, why="control")),
    "a referent that is no text": (
        GOOD + rows({**ANN, "id": "x", "referents": [7]}),
        ExpectedLoad(3, values=1, why="text"),
    ),
    "referents that are no list": (
        GOOD + rows({**ANN, "id": "x", "referents": {"a": 1}}),
        ExpectedLoad(3, values=1, why="text"),
    ),
    "datasets that are no texts": (
        GOOD + rows({**ANN, "id": "x", "datasets": [None]}),
        ExpectedLoad(3, values=1, why="text"),
    ),
    "a last change that never was": (
        GOOD + rows({**ANN, "id": "x", "last_change": "2014-02-30"}),
        ExpectedLoad(3, values=1, why="no such day"),
    ),
}

SOUND: dict[str, tuple[bytes, ExpectedLoad]] = {
    "numbers for a date and a code": (about(birthDate=[1950], passportNumber=[12345]), ExpectedLoad(3)),
    "a number for a share": (owns(percentage=[25.5]), ExpectedLoad(3)),
    "entities that name each other as referents": (
        rows({**ANN, "referents": ["bo"]}, {**BO, "referents": ["cy"]}, {**BO, "id": "cy", "referents": ["ann"]}),
        ExpectedLoad(3),
    ),
    "an entity that names itself as a referent": (rows({**ANN, "referents": ["ann"]}), ExpectedLoad(1)),
    "parties that own each other in a circle": (
        rows(*({"id": name, "schema": "Company", "properties": {"name": [name]}} for name in "abc"))
        + rows(
            *(
                {"id": pair, "schema": "Ownership", "properties": {"owner": [pair[0]], "asset": [pair[1]]}}
                for pair in ("ab", "bc", "ca")
            )
        ),
        ExpectedLoad(6),
    ),
    "relatives in a circle": (
        GOOD
        + rows(
            {"id": "1", "schema": "Family", "properties": {"person": ["ann"], "relative": ["bo"]}},
            {"id": "2", "schema": "Family", "properties": {"person": ["bo"], "relative": ["ann"]}},
        ),
        ExpectedLoad(4),
    ),
    "a company that owns itself": (
        owns(owner=["firm"]) + rows({"id": "firm", "schema": "Company", "properties": {"name": ["Firm"]}}),
        ExpectedLoad(4),
    ),
    "a link between absent ends": (owns(owner=["nobody"], asset=["nothing"]), ExpectedLoad(3)),
    "an amount without a currency": (
        about("Payment", payer=["ann"], beneficiary=["bo"], amount=["100"]),
        ExpectedLoad(3, values=1),
    ),
    "names of properties that are odd": (
        GOOD + rows({**ANN, "id": "x", "properties": {"": ["x"], "a\0b": ["y"], "z" * 10_000: ["z"]}}),
        ExpectedLoad(3),
    ),
}
"""Odd, but nothing in it is wrong: all of it is kept."""


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    return LoadHarness(tmp_path, monkeypatch)


@pytest.mark.parametrize(("content", "expected"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_a_file(ground: LoadHarness, content: bytes, expected: ExpectedRefusal | ExpectedLoad) -> None:
    ground.load(ground.file("x.ftm.json", content), expected, "--source", "inv")


@pytest.mark.parametrize(("content", "expected"), ROWS.values(), ids=ROWS)
def test_a_row_that_cannot_be_read_is_counted_and_kept(
    ground: LoadHarness, content: bytes, expected: ExpectedLoad
) -> None:
    ground.load(ground.file("x.ftm.json", content), expected, "--source", "inv")


@pytest.mark.parametrize(("content", "expected"), VALUES.values(), ids=VALUES)
def test_a_value_that_cannot_be_read_is_set_aside(ground: LoadHarness, content: bytes, expected: ExpectedLoad) -> None:
    ground.load(ground.file("x.ftm.json", content), expected, "--source", "inv")


@pytest.mark.parametrize(("content", "expected"), SOUND.values(), ids=SOUND)
def test_what_is_only_odd_is_loaded_whole(ground: LoadHarness, content: bytes, expected: ExpectedLoad) -> None:
    ground.load(ground.file("x.ftm.json", content), expected, "--source", "inv")


@pytest.mark.parametrize(
    "content", [content for content, _ in [*ROWS.values(), *VALUES.values()]], ids=[*ROWS, *VALUES]
)
def test_a_strict_load_stops_at_any_of_them(ground: LoadHarness, content: bytes) -> None:
    ground.load(ground.file("x.ftm.json", content), ExpectedRefusal("x.ftm.json:"), "--source", "inv", "--strict")
