"""Which malformed beneficial ownership statements stop a load, and which lose only a row or a value?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.malformed_input import ExpectedLoad, ExpectedRefusal, LoadHarness, rows

PUBLISHED = {"publicationDate": "2024-02-01", "bodsVersion": "0.4", "publisher": {"name": "Invented Register"}}


def statement(key: str, kind: str, **details: Any) -> dict[str, Any]:
    """A statement on a record of an invented register."""
    named = {"statementId": f"s-{key}", "statementDate": "2024-01-15", "publicationDetails": PUBLISHED}
    return {**named, "recordId": key, "recordType": kind, "recordStatus": "new", "recordDetails": details}


ANN = statement("ann", "person", names=[{"type": "individual", "fullName": "Ann Invented"}])
ACME = statement("acme", "entity", name="Acme Invented Ltd", entityType={"type": "registeredEntity"})
GOOD = rows(ANN, ACME)
ARRAY = json.dumps([ANN, ACME], indent=1).encode()


def holds(**keys: Any) -> dict[str, Any]:
    """A statement that Ann holds shares in Acme, with other details."""
    interest = {"type": "shareholding", "directOrIndirect": "direct"}
    details = {"subject": "acme", "interestedParty": "ann", "interests": [interest], **keys}
    return statement("x", "relationship", **details)


def share(**said: Any) -> dict[str, Any]:
    """The same with a share."""
    return holds(interests=[{"type": "shareholding", "directOrIndirect": "direct", "share": said}])


FILES: dict[str, tuple[bytes, ExpectedRefusal | ExpectedLoad]] = {
    "empty": (b"", ExpectedRefusal("x.bods.json … is empty")),
    "blank lines only": (b"\n \n\t\n", ExpectedRefusal("x.bods.json … holds no rows")),
    "an empty array": (b"[]", ExpectedRefusal("x.bods.json … holds no rows")),
    "an array cut short": (ARRAY[:-1], ExpectedRefusal("x.bods.json:1: is cut short: this array does not end")),
    "an array cut short within a statement": (ARRAY[:-30], ExpectedRefusal("x.bods.json: … this object does not end")),
    "a quote that never closes": (b'[{"a": "b}]', ExpectedRefusal("x.bods.json:1: is cut short")),
    "gzip cut short": (gzip.compress(ARRAY)[:-20], ExpectedRefusal("x.bods.json: … cut short")),
    "gzip with changed bytes": (gzip.compress(ARRAY)[:-8] + b"\0" * 8, ExpectedRefusal("x.bods.json: … damaged")),
    "utf-16": (ARRAY.decode().encode("utf-16"), ExpectedLoad(2)),
    "utf-16 without a mark": (ARRAY.decode().encode("utf-16-le"), ExpectedLoad(2)),
    "an older version": (
        rows({"statementID": "s", "statementType": "personStatement", "personType": "unknownPerson"}),
        ExpectedLoad(1),
    ),
    "a newer version": (
        GOOD + rows({**ANN, "publicationDetails": {"bodsVersion": "9"}}),
        ExpectedRefusal("x.bods.json:3, key publicationDetails.bodsVersion: is BODS 9"),
    ),
    "a version that is a list": (
        rows({**ANN, "publicationDetails": {"bodsVersion": []}}),
        ExpectedRefusal("x.bods.json:1, key"),
    ),
    "one array": (ARRAY, ExpectedLoad(2)),
    "one array behind a byte order mark": (b"\xef\xbb\xbf" + ARRAY, ExpectedLoad(2)),
    "windows line ends": (ARRAY.replace(b"\n", b"\r\n"), ExpectedLoad(2)),
    "line ends of an old machine": (ARRAY.replace(b"\n", b"\r"), ExpectedLoad(2)),
    "a comma too many": (ARRAY[:-1] + b",]", ExpectedLoad(2)),
    "an array in an array": (b"[" + ARRAY + b"]", ExpectedLoad(2)),
}

ROWS: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a text between statements": (b'["x",' + ARRAY[1:], ExpectedLoad(2, rows=1, why="expected a JSON object")),
    "a list": (GOOD + b"[1]\n", ExpectedLoad(2, rows=1, why="expected a JSON object")),
    "a line cut short": (GOOD + b'{"recordId": "x', ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "a NUL byte": (GOOD + b'{"recordId": "x\0"}\n', ExpectedLoad(2, rows=1, why="cannot be read as JSON")),
    "latin-1": (GOOD + '{"recordId": "Máltä"}\n'.encode("latin-1"), ExpectedLoad(2, rows=1, why="as JSON")),
    "nested too deep": (
        GOOD + rows({**ANN, "recordId": "x", "more": json.loads("[" * 300 + "]" * 300)}),
        ExpectedLoad(2, rows=1, why="nested at most 100 deep"),
    ),
    "a name twice in one object": (
        GOOD + rows({**ANN, "recordId": "x"}).replace(b'"type"', b'"fullName": "Bo", "type"'),
        ExpectedLoad(2, rows=1, why="key 'fullName' occurs more than once in one object"),
    ),
    "no record": (GOOD + rows({"statementId": "s"}), ExpectedLoad(2, rows=1, why="key recordId, value None")),
    "a number for a record": (
        GOOD + rows({**ANN, "recordId": 7}),
        ExpectedLoad(2, rows=1, why="key recordId, value 7"),
    ),
    "a control character in a key": (
        GOOD + rows({**ANN, "recordId": "a\u0007"}),
        ExpectedLoad(2, rows=1, why="key recordId"),
    ),
    "a type that is none": (GOOD + rows({**ANN, "recordType": "ghost"}), ExpectedLoad(2, rows=1, why="key recordType")),
    "a type that is a list": (GOOD + rows({**ANN, "recordType": []}), ExpectedLoad(2, rows=1, why="key recordType")),
    "details that are a list": (
        GOOD + rows({**ANN, "recordDetails": []}),
        ExpectedLoad(2, rows=1, why="key recordDetails"),
    ),
    "a status that is none": (
        GOOD + rows({**ANN, "recordStatus": "lost"}),
        ExpectedLoad(2, rows=1, why="key recordStatus"),
    ),
    "a status that is an object": (
        GOOD + rows({**ANN, "recordStatus": {}}),
        ExpectedLoad(2, rows=1, why="key recordStatus"),
    ),
    "no subject": (GOOD + rows(holds(subject=None)), ExpectedLoad(2, rows=1, why="key subject, value None")),
    "a party that is a number": (
        GOOD + rows(holds(interestedParty=7)),
        ExpectedLoad(2, rows=1, why="key interestedParty"),
    ),
    "a party without a reason": (
        GOOD + rows(holds(interestedParty={})),
        ExpectedLoad(2, rows=1, why="key interestedParty"),
    ),
}

VALUES: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a share over 100": (GOOD + rows(share(exact=101)), ExpectedLoad(3, values=1, why="percentage from 0 to 100")),
    "a share the wrong way round": (
        GOOD + rows(share(minimum=75, maximum=25)),
        ExpectedLoad(3, values=1, why="percentage"),
    ),
    "a share in words": (GOOD + rows(share(exact="most of it")), ExpectedLoad(3, values=1, why="percentage")),
    "a share that is a list": (GOOD + rows(share(exact=[51])), ExpectedLoad(3, values=1, why="expected text")),
    "a share that is a number alone": (
        GOOD + rows(holds(interests=[{"type": "shareholding", "share": 51}])),
        ExpectedLoad(3, values=1, why="expected a JSON object"),
    ),
    "an interest that is none": (
        GOOD + rows(holds(interests=[{"type": "ghost"}])),
        ExpectedLoad(3, values=1, why="one of"),
    ),
    "interests that are a text": (
        GOOD + rows(holds(interests="shareholding")),
        ExpectedLoad(3, values=1, why="a list"),
    ),
    "an interest that is a text": (GOOD + rows(holds(interests=["x"])), ExpectedLoad(3, values=1, why="a JSON object")),
    "a start that never was": (
        GOOD + rows(holds(interests=[{"type": "shareholding", "startDate": "2014-02-30"}])),
        ExpectedLoad(3, values=1, why="no such day"),
    ),
    "a birth date that never was": (
        GOOD + rows(statement("x", "person", birthDate="1978-13")),
        ExpectedLoad(3, values=1, why="no such day"),
    ),
    "a statement of no day": (
        GOOD + rows({**ANN, "recordId": "x", "statementDate": "soon"}),
        ExpectedLoad(3, values=1, why="expected a date"),
    ),
    "names that are a text": (
        GOOD + rows(statement("x", "person", names="Ann")),
        ExpectedLoad(3, values=1, why="a list"),
    ),
    "a name that is an object": (
        GOOD + rows(statement("x", "entity", name={"en": "Acme"})),
        ExpectedLoad(3, values=1, why="expected text"),
    ),
    "a control character in a name": (
        GOOD + rows(statement("x", "entity", name="Ac\u001bme")),
        ExpectedLoad(3, values=1, why="control characters"),
    ),
    "a name of 10 MB": (
        GOOD + rows(statement("x", "entity", name="x" * 10_000_000)),
        ExpectedLoad(3, values=1, why="at most 65000 characters"),
    ),
    "an address of the web that runs something": (
        GOOD + rows({**ANN, "recordId": "x", "source": {"url": "javascript:alert(1)"}}),
        ExpectedLoad(3, values=1, why="web address"),
    ),
}

SOUND: dict[str, tuple[bytes, ExpectedLoad]] = {
    "a statement twice": (GOOD + GOOD, ExpectedLoad(2)),
    "somebody who holds himself": (GOOD + rows(holds(subject="ann", interestedParty="ann")), ExpectedLoad(3)),
    "holdings in a circle": (
        GOOD + rows(holds(subject="acme", interestedParty="acme"), {**holds(), "recordId": "y"}),
        ExpectedLoad(4),
    ),
    "components in a circle": (GOOD + rows(holds(componentRecords=["x", "nothing"])), ExpectedLoad(3)),
    "a holding between absent ends": (GOOD + rows(holds(subject="a", interestedParty="b")), ExpectedLoad(3)),
}


@pytest.mark.parametrize(
    ("content", "expected"),
    [case for cases in (FILES, ROWS, VALUES, SOUND) for case in cases.values()],
    ids=[name for cases in (FILES, ROWS, VALUES, SOUND) for name in cases],
)
def test_statements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, expected: ExpectedRefusal | ExpectedLoad
) -> None:
    ground = LoadHarness(tmp_path, monkeypatch)
    ground.load(ground.file("x.bods.json", content), expected, "--source", "inv")
