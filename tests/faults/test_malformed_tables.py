"""Which malformed tables of reference facts stop a load, and which lose only a row?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.malformed_input import ExpectedLoad, ExpectedRefusal, LoadHarness

HEADER = b"alpha2,alpha3,name,name_zh,iso_name\n"
GOOD = HEADER + "US,USA,United States,美国,United States\n".encode() + b"CN,CHN,China,,China\n"

FILES: dict[str, tuple[bytes, ExpectedRefusal | ExpectedLoad]] = {
    "empty": (b"", ExpectedRefusal("jurisdictions.csv … is empty")),
    "a header alone": (HEADER, ExpectedRefusal("jurisdictions.csv … holds no rows")),
    "no header": (b"US,USA,United States,,\n", ExpectedRefusal("jurisdictions.csv:1: expected a column called alpha2")),
    "a header that lacks a column": (
        b"alpha2,name\nUS,x\n",
        ExpectedRefusal("jurisdictions.csv:1: expected a column called alpha3"),
    ),
    "a column twice": (
        b"alpha2,alpha3,name,name_zh,name\nUS,USA,x,y,z\n",
        ExpectedRefusal("jurisdictions.csv:1: column name occurs more than once"),
    ),
    "a header with an open quote": (
        b'alpha2,"alpha3\nUS',
        ExpectedRefusal("jurisdictions.csv:1: expected a header row"),
    ),
    "semicolons for commas": (
        GOOD.replace(b",", b";"),
        ExpectedRefusal("jurisdictions.csv:1: expected cells separated by ',', not ';'"),
    ),
    "utf-16": (GOOD.decode().encode("utf-16"), ExpectedLoad(2)),
    "a NUL in the header": (b"\0" + GOOD, ExpectedRefusal("jurisdictions.csv:1")),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD, ExpectedLoad(2)),
    "windows line ends": (GOOD.replace(b"\n", b"\r\n"), ExpectedLoad(2)),
    "a quote that never closes": (
        GOOD + b'MT,MLT,"Malta\nVG,VGB,x,,x\n',
        ExpectedLoad(2, rows=2, why="the quote opened in line 4 is not closed; 1 more line went"),
    ),
    "a quote in the middle": (GOOD + b'MT,MLT,Mal"ta,,x\n', ExpectedLoad(3)),
    "text behind a quote": (GOOD + b'MT,MLT,"Mal"ta,,x\n', ExpectedLoad(2, rows=1, why="cannot be read as a row")),
    "a cell too few": (GOOD + b"MT,MLT,Malta\n", ExpectedLoad(2, rows=1, why="expected 5 cells, not 3")),
    "a cell too many": (GOOD + b"MT,MLT,Malta,,x,y\n", ExpectedLoad(2, rows=1, why="expected 5 cells, not 6")),
    "latin-1": (GOOD + "MT,MLT,Máltä,,x\n".encode("latin-1"), ExpectedLoad(2, rows=1, why="expected UTF-8")),
    "a NUL in a cell": (GOOD + b"MT,MLT,Mal\0ta,,x\n", ExpectedLoad(3, values=1, why="control characters")),
    "no code": (GOOD + b",MLT,Malta,,x\n", ExpectedLoad(2, rows=1, why="column alpha2, value ''")),
    "a code that is none": (
        GOOD + b"Nowhere,MLT,Malta,,x\n",
        ExpectedLoad(2, rows=1, why="column alpha2, value 'Nowhere'"),
    ),
    "a row again with other content": (GOOD + b"US,USA,Elsewhere,,x\n", ExpectedLoad(2, rows=1, why="occurs again")),
    "a cell of 10 MB": (
        GOOD + b"MT,MLT," + b"x" * 10_000_000 + b",,x\n",
        ExpectedLoad(2, rows=1, why="field larger than"),
    ),
    "blank lines": (GOOD.replace(b"\n", b"\n\n\r\n"), ExpectedLoad(2)),
}


@pytest.mark.parametrize(("content", "expected"), FILES.values(), ids=FILES)
def test_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, expected: ExpectedRefusal | ExpectedLoad
) -> None:
    ground = LoadHarness(tmp_path, monkeypatch)
    ground.load(ground.file("jurisdictions.csv", content), expected, "--source", "inv")


def test_a_table_that_is_not_one_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = LoadHarness(tmp_path, monkeypatch)
    expected = ExpectedRefusal("treaties.csv … expected a file called jurisdictions.csv")
    ground.load(ground.file("treaties.csv", GOOD), expected, "--as", "reference", "--source", "inv")
