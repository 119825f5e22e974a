"""Which malformed native records stop a load, and which lose only a row or a value?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.malformed_input import DECLARED, ExpectedLoad, ExpectedRefusal, LoadHarness, refused, rows

HEADER = rows({"source": DECLARED})
ANN = {"key": "ann", "type": "Person", "properties": {"name": ["Ann Example"]}}
FLAT = {"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3"}}
GOOD = HEADER + rows(ANN, FLAT)


def one(**keys: Any) -> bytes:
    """Two good rows and a person with these keys."""
    return GOOD + rows({"key": "x", "type": "Person", **keys})


def says(kind: str, **properties: Any) -> bytes:
    """Two good rows and a node of a type with these properties."""
    return GOOD + rows({"key": "x", "type": kind, "properties": properties})


def owns(**keys: Any) -> bytes:
    """Two good rows and a holding with these keys."""
    return GOOD + rows({"key": "x", "type": "OWNS", "from": "ann", "to": "flat", **keys})


def lost(why: str) -> ExpectedLoad:
    """The third row is lost."""
    return ExpectedLoad(2, rows=1, why=why)


def aside(why: str) -> ExpectedLoad:
    """A value of the third row is lost."""
    return ExpectedLoad(3, values=1, why=why)


HEADERS: dict[str, tuple[bytes, ExpectedRefusal]] = {
    "nothing but the declaration": (HEADER, ExpectedRefusal("x.records.jsonl … holds no rows")),
    "no declaration": (rows(ANN), ExpectedRefusal("x.records.jsonl … name it with --source")),
    "a declaration that is no object": (rows({"source": 7}, ANN), ExpectedRefusal("x.records.jsonl:1, key source")),
    "a declaration without a name": (
        rows({"source": {"title": "x"}}, ANN),
        ExpectedRefusal("x.records.jsonl:1, key source.name"),
    ),
    "a declaration with a key of its own": (
        rows({"source": {**DECLARED, "licence": "x"}}, ANN),
        ExpectedRefusal("x.records.jsonl:1, key source.licence"),
    ),
    "a declaration that is invented to a degree": (
        rows({"source": {**DECLARED, "invented": "perhaps"}}, ANN),
        ExpectedRefusal("x.records.jsonl:1, key source.invented"),
    ),
    "an empty name": (rows({"source": {**DECLARED, "name": ""}}, ANN), ExpectedRefusal("key source, value ''")),
    "a name of two lines": (
        rows({"source": {**DECLARED, "name": "a\nb"}}, ANN),
        ExpectedRefusal(r"key source, value 'a\nb'"),
    ),
    "a namespace with a control character": (
        rows({"source": {**DECLARED, "namespace": "a\u0000"}}, ANN),
        ExpectedRefusal("key namespace"),
    ),
    "another namespace than before": (
        rows({"source": {**DECLARED, "namespace": "other"}}, ANN),
        ExpectedRefusal("was loaded with namespace 'inv'"),
    ),
    "the namespace of curated keys": (
        rows({"source": {**DECLARED, "namespace": "jurisdiction"}}, ANN),
        ExpectedRefusal("namespace 'jurisdiction' is for curated keys"),
    ),
    "utf-16 below a declaration": (HEADER + rows(ANN).decode().encode("utf-16"), ExpectedRefusal("no row can be read")),
}

ROWS: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a second declaration": (GOOD + HEADER, lost("key source: expected one of")),
    "not an object": (GOOD + rows(["x"]), lost("expected a JSON object")),
    "no key": (GOOD + rows({"type": "Person"}), lost("key key, value None")),
    "a number for a key": (one(key=7), lost("key key, value 7")),
    "a control character in a key": (one(key="a\u001bb"), lost("key key")),
    "an extremely long key": (one(key="x" * 2_001), lost("1 to 2000 characters")),
    "an unknown key of the row": (one(licence="x"), lost("key licence: expected one of")),
    "a type that is none": (one(type="Ship"), lost("key type, value 'Ship'")),
    "a type that is no text": (one(type=["Person"]), lost("key type: expected text")),
    "a type that is abstract": (one(type="Sought"), lost("not abstract")),
    "a link without an end": (GOOD + rows({"key": "x", "type": "OWNS", "from": "ann"}), lost("expected from and to")),
    "a node with ends": (one(**{"from": "ann", "to": "flat"}), lost("it has no from and to")),
    "an end that is no key": (owns(to=7), lost("key to: expected a key, or a pair")),
    "an end of three": (owns(to=["a", "b", "c"]), lost("key to")),
    "an end without a namespace": (owns(to=["", "flat"]), lost("key to")),
    "an end that is a list of lists": (owns(to=[["a"], ["b"]]), lost("key to")),
    "an end that is no jurisdiction": (owns(to=["jurisdiction", "Atlantis"]), lost("key to, value 'Atlantis'")),
    "properties that are no object": (one(properties=[1]), lost("key properties")),
    "other that is no object": (one(other="x"), lost("key other")),
    "a part that is no text": (one(part=3), lost("key part")),
    "a part with a line end": (one(part="a\nb"), lost("key part")),
    "referents that are no list": (one(referents="ann"), lost("key referents")),
    "a referent that is empty": (one(referents=[""]), lost("key referents")),
    "datasets that are no list": (one(datasets={}), lost("key datasets")),
    "a reliability that is none": (one(reliability="G"), lost("key reliability, value 'G'")),
    "a reliability that is a list": (one(reliability=["A"]), lost("key reliability")),
    "a credibility that is a number": (one(credibility=2), lost("key credibility, value 2")),
    "a handling that is an object": (one(handling={}), lost("key handling")),
    "stated on a day that never was": (one(stated="2014-02-30"), lost("key stated, value '2014-02-30'")),
    "stated as a number": (one(stated=2014), lost("key stated: expected text")),
    "an address that is none": (one(url="file:///x"), lost("key url")),
    "an origin that is a list": (one(origin=[]), lost("key origin: expected text")),
    "the same key twice in a row": (
        GOOD + b'{"key": "x", "type": "Person", "type": "Enterprise"}\n',
        lost("key 'type' occurs more than once in one object"),
    ),
    "a key twice in a value": (
        GOOD + b'{"key": "x", "type": "Person", "other": {"a": "1", "a": "2"}}\n',
        lost("key 'a' occurs more than once in one object"),
    ),
    "the same record with other content": (GOOD + rows({**ANN, "properties": {"name": "Anna"}}), lost("occurs again")),
    "nested too deep": (one(other={"a": json.loads("[" * 150 + "]" * 150)}), lost("nested at most 100 deep")),
}

VALUES: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a day that never was": (says("Person", birth_date="2014-02-30"), aside("no such day")),
    "a year of five digits": (says("Person", birth_date="99999"), aside("expected a date")),
    "a number for a date": (says("Person", birth_date=2014), aside("expected text")),
    "a share over 100": (owns(properties={"share": "101"}), aside("percentage from 0 to 100")),
    "a share the wrong way round": (owns(properties={"share": "50..25"}), aside("percentage from 0 to 100")),
    "a number for a share": (owns(properties={"share": 51}), aside("expected text")),
    "a nested value": (says("Person", name={"en": "Cy"}), aside("expected text")),
    "null": (says("Person", name=[None, "Cy"]), aside("expected text")),
    "a control character": (says("Person", name="C\u0007y"), aside("control characters")),
    "a passage without end": (says("Person", name="x" * 65_001), aside("at most 65000 characters")),
}

MONEY: dict[str, str] = {
    "no currency": "100",
    "a currency of two letters": "100 US",
    "a currency in words": "100 dollars",
    "no amount": "USD",
    "NaN": "NaN USD",
    "infinitely much": "Infinity USD",
    "digits without end": "9" * 400 + " USD",
}

SOUND: dict[str, tuple[bytes, ExpectedLoad]] = {
    "referents in a circle": (
        HEADER + rows({**ANN, "referents": ["b"]}, {**ANN, "key": "b", "referents": ["ann"]}),
        ExpectedLoad(2),
    ),
    "relatives of themselves": (
        GOOD + rows({"key": "f", "type": "FAMILY_OF", "from": "ann", "to": "ann"}),
        ExpectedLoad(3),
    ),
    "holdings in a circle": (
        HEADER
        + rows(*({"key": n, "type": "Enterprise", "properties": {"name": n}} for n in "abc"))
        + rows(*({"key": p, "type": "OWNS", "from": p[0], "to": p[1]} for p in ("ab", "bc", "ca"))),
        ExpectedLoad(6),
    ),
    "an end of a source that is not there": (owns(to=["elsewhere", "k"]), ExpectedLoad(3)),
    "a declaration behind a byte order mark": (b"\xef\xbb\xbf" + GOOD, ExpectedLoad(2)),
}


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    return LoadHarness(tmp_path, monkeypatch)


@pytest.mark.parametrize(("content", "expected"), HEADERS.values(), ids=HEADERS)
def test_a_file_without_a_sound_declaration_or_a_row_stops_the_load(
    ground: LoadHarness, content: bytes, expected: ExpectedRefusal
) -> None:
    ground.load(ground.file("x.records.jsonl", content), expected)


@pytest.mark.parametrize(("content", "expected"), ROWS.values(), ids=ROWS)
def test_a_row_that_is_no_record_is_counted_and_kept(
    ground: LoadHarness, content: bytes, expected: ExpectedLoad
) -> None:
    ground.load(ground.file("x.records.jsonl", content), expected)


@pytest.mark.parametrize(("content", "expected"), VALUES.values(), ids=VALUES)
def test_a_value_that_cannot_be_read_is_set_aside(ground: LoadHarness, content: bytes, expected: ExpectedLoad) -> None:
    ground.load(ground.file("x.records.jsonl", content), expected)


@pytest.mark.parametrize("value", MONEY.values(), ids=MONEY)
def test_money_that_is_none_is_set_aside(ground: LoadHarness, value: str) -> None:
    row = {"key": "x", "type": "PAID", "from": "ann", "to": "ann", "properties": {"amount": value}}
    ground.load(ground.file("x.records.jsonl", GOOD + rows(row)), aside("expected an amount"))


def test_a_row_with_a_handling_that_is_none_is_told_as_a_protected_one(
    ground: LoadHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ground.file("x.records.jsonl", one(handling="secret"))
    said = ground.run("load", path, "--replace").stdout
    assert "left out of these counts, because they are for KG_SCOPE=protected alone: 0 records and 1 reject" in said
    monkeypatch.setenv("KG_SCOPE", "protected")
    ground.load(path, lost("key handling, value 'secret'"))


@pytest.mark.parametrize(("content", "expected"), SOUND.values(), ids=SOUND)
def test_what_is_only_odd_is_loaded_whole(ground: LoadHarness, content: bytes, expected: ExpectedLoad) -> None:
    ground.load(ground.file("x.records.jsonl", content), expected)


def test_files_of_two_sources_are_two_loads(ground: LoadHarness) -> None:
    one = ground.file("one.records.jsonl", GOOD)
    two = ground.file("two.records.jsonl", rows({"source": {**DECLARED, "name": "press"}}, ANN))
    line = refused(ground.run("load", one, two))
    assert "two.records.jsonl:1" in line and "a load has one source" in line
