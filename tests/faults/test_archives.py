"""Are folders and zip archives read as the files in them, and nothing else taken for data?"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.operations.ledger import inputs
from kg.records import ReadResult, Record, Reject
from kg.sources.rows import SourceRow
from tests.faults.harness import rejects, state
from tests.faults.malformed_input import LoadHarness, refused

PERSON = b'{"id": "%s", "schema": "Person", "properties": {"name": ["Ann Invented"]}}\n'
BROKEN = b'{"id": "x", "schema": "Nothing"}\n'


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    return LoadHarness(tmp_path, monkeypatch)


def packed(**members: bytes) -> bytes:
    """A zip archive; `__` in a name stands for a dot, and `___` for a slash."""
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name.replace("___", "/").replace("__", "."), content)
        return out.getvalue()


def loaded(ground: LoadHarness, *words: object) -> dict[str, object]:
    """What a load that succeeds says."""
    result = ground.run("load", *words, "--source", "inv", "--replace", "--json")
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_an_archive_is_the_files_in_it_that_are_read(ground: LoadHarness) -> None:
    content = packed(
        a__ftm__json=PERSON % b"a",
        in___b__ftm__json=PERSON % b"b" + BROKEN,
        README__txt=b"notes",
        __MACOSX___x__ftm__json=b"no data",
    )
    done = loaded(ground, ground.file("set.zip", content))
    unread = ["set.zip/.MACOSX/x.ftm.json", "set.zip/README.txt"]
    assert (done["nodes"], done["rejected"], done["unread_files"]) == (2, 1, unread)
    [kept] = (json.loads(line) for path in rejects(ground.path).glob("*") for line in path.read_text().splitlines())
    assert kept["file"].endswith("set.zip/in/b.ftm.json")
    assert kept["line"] == 2
    assert state(ground.path).loads[-1].count("set.zip/") == 2


def test_a_folder_is_the_files_in_it_that_are_read(ground: LoadHarness) -> None:
    folder = ground.folder / "set"
    (folder / "more").mkdir(parents=True)
    (folder / "a.ftm.json").write_bytes(PERSON % b"a")
    (folder / "more" / "b.ftm.json").write_bytes(PERSON % b"b")
    (folder / "more" / "c.zip").write_bytes(packed(c__ftm__json=PERSON % b"c"))
    (folder / ".hidden.ftm.json").write_bytes(b"no data")
    (folder / "notes.txt").write_text("notes")
    done = loaded(ground, folder)
    assert (done["nodes"], done["rejected"], done["unread_files"]) == (3, 0, ["set/notes.txt"])
    assert (
        "1 file left out, which no connector reads: set/notes.txt"
        in ground.run("load", folder, "--source", "inv").stdout
    )


@pytest.mark.parametrize("name", ["x.ftm.json", "x.ftm.json.zip", "x.FTM.JSON.ZIP"])
@pytest.mark.parametrize("member", ["data", "export__json", "y__ftm__json"])
def test_the_name_of_the_archive_tells_what_its_one_file_is(ground: LoadHarness, name: str, member: str) -> None:
    assert loaded(ground, ground.file(name, packed(**{member: PERSON % b"a"})))["nodes"] == 1


def test_an_error_names_the_archive_and_the_file_in_it(ground: LoadHarness) -> None:
    path = ground.file("set.zip", packed(a__ftm__json=b"%PDF-1.7"))
    assert refused(ground.run("load", path, "--source", "inv")) == (
        f"kg: {path}/a.ftm.json:1: is a PDF; export the data as CSV, or type the table into a sheet (`kg template`)\n"
    )


def test_each_row_of_an_archive_keeps_its_own_text() -> None:
    """Rows are dropped as soon as they are read, and another one may take their place in memory."""
    unpacked = inputs.LoadInputs((), (), (), {"/unpacked/a": "set.zip/a"})

    def read() -> Iterator[ReadResult]:
        for number in range(1, 200):
            row = SourceRow("/unpacked/a", number, b"row %d" % number)
            yield from (Record("a", "Person", {}, row=row), Record("a", "Person", {}, part="x", row=row))
            del row
            yield Reject("/unpacked/a", number, "another row", "")

    shown = [record.row for record in unpacked.with_places_shown(read()) if isinstance(record, Record)]
    assert [(row.line, row.raw) for row in shown if isinstance(row, SourceRow)] == [
        (number, b"row %d" % number) for number in range(1, 200) for _ in range(2)
    ]
    assert all(one is other for one, other in zip(shown[::2], shown[1::2], strict=True))


def _damaged(content: bytes) -> bytes:
    return content[:60] + b"\0\0\0\0" + content[64:]


def _encrypted(content: bytes) -> bytes:
    flags = bytearray(content)
    for place in (content.index(b"PK\3\4") + 6, content.index(b"PK\1\2") + 8):
        flags[place] |= 1
    return bytes(flags)


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing to read": (
        packed(a__txt=b"x", b__doc=b"y"),
        "holds no file that a connector reads; its files: set.zip/a.txt",
    ),
    "no file": (packed(), "holds no file that a connector reads"),
    "encrypted": (_encrypted(packed(a__ftm__json=PERSON)), "is encrypted; unpack it with its password"),
    "an archive in it": (packed(a__ftm__json=packed(b__ftm__json=PERSON)), "holds the archive a.ftm.json; unpack it"),
    "damaged": (
        _damaged(packed(a__ftm__json=PERSON * 9)),
        "cannot be unpacked",
    ),
    "cut short": (packed(a__ftm__json=PERSON * 9)[:60], "cannot be unpacked"),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED)
def test_an_archive_that_cannot_be_unpacked_changes_nothing(ground: LoadHarness, content: bytes, why: str) -> None:
    assert why in refused(ground.run("load", ground.file("set.zip", content), "--source", "inv"))
    assert state(ground.path) == ground.before


def test_an_archive_that_is_a_bomb_is_refused(ground: LoadHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "EXPANSION_CHECKED_FROM", 1_000)
    path = ground.file("set.zip", packed(a__ftm__json=b" " * 10_000_000))
    assert "expands to more than 200 times its size" in refused(ground.run("load", path, "--source", "inv"))


def test_nothing_that_was_unpacked_stays(ground: LoadHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    assert loaded(ground, ground.file("set.zip", packed(a__ftm__json=PERSON % b"a")))["nodes"] == 1
    refused(ground.run("load", ground.file("set.zip", packed(a__ftm__json=b"%PDF")), "--source", "inv"))
    assert list((tmp_path / "tmp").iterdir()) == []
