"""Is anything left of a source that was erased?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kg import operations
from kg.database import connect
from kg.errors import NotFound, StoreBusy, StoreError
from kg.ledger.erasure import pending_scrubs, scrub
from kg.operations import FileLoadRequest, Workspace

SECRET = "Qwertzuiop"
ROWS = f"""{{"key": "k-{SECRET}", "type": "Person", "properties": {{"name": "{SECRET} Example"}}, "origin": "{SECRET}"}}
{{"key": "o", "type": "OWNS", "from": "k-{SECRET}", "to": "nowhere-{SECRET}"}}
{{"key": "bad", "type": "{SECRET}"}}
"""
OTHER = '{"key": "ann", "type": "Person", "properties": {"name": "Ann Example"}}\n'


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    place = operations.Workspace(tmp_path / "graph.sqlite", wait=0.2)
    _load(place, "other", OTHER)
    _load(place, "leak", ROWS)
    _load(place, "leak", ROWS.replace("Example", "Sample"))
    word = operations.Attribution("A. Analyst", f"why-{SECRET}")
    operations.judge(place, "distinct", ("other:ann", f"leak:k-{SECRET}"), word)
    return place


def _load(place: Workspace, source: str, text: str) -> None:
    file = place.path.parent / f"{source}.records.jsonl"
    file.write_text(text, encoding="utf-8")
    operations.load(place, FileLoadRequest((file,), source=source))
    file.unlink()


def _bytes(place: Workspace) -> bytes:
    files = [
        *place.path.parent.glob(f"{place.path.name}*"),
        *place.rejects_folder.glob("*"),
        *place.rejects_folder.glob(".*"),
    ]
    return b"".join(file.read_bytes() for file in files if file.is_file())


def test_no_byte_of_an_erased_source_is_left_in_the_store_or_its_rejects(place: Workspace) -> None:
    for text in (SECRET, SECRET.lower(), f"why-{SECRET}"):
        assert text.encode() in _bytes(place)
    erased = operations.erase(place, "leak")
    assert (erased.withdrawn, erased.records, erased.judgements, len(erased.rejects)) == (2, 3, 1, 1)
    left = _bytes(place)
    assert SECRET.encode() not in left and SECRET.lower().encode() not in left
    assert b"Ann Example" in left
    assert operations.verify(place).is_clean
    assert [s.source for s in operations.list_loads(place)] == ["other"]


def test_the_store_of_before_a_restore_is_named_because_it_may_hold_the_source(place: Workspace) -> None:
    file = place.path.parent / "backup.sqlite"
    operations.back_up(place, file)
    kept = operations.restore(place, file).kept
    assert operations.erase(place, "leak").copies == (str(kept),)
    assert kept and SECRET.encode() in kept.read_bytes()


def test_erasing_also_removes_what_was_withdrawn_before(place: Workspace) -> None:
    operations.withdraw(place, "leak")
    assert SECRET.encode() in _bytes(place)
    assert operations.erase(place, "leak").withdrawn == 0
    assert SECRET.encode() not in _bytes(place)


def test_pages_that_were_freed_before_are_overwritten_too(place: Workspace) -> None:
    with closing(sqlite3.connect(place.path)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")  # as it is by default in most builds of SQLite
        connection.execute("CREATE TABLE before (x)")
        connection.executemany("INSERT INTO before VALUES (?)", [(f"{SECRET}-freed",)] * 2_000)
        connection.execute("DROP TABLE before")
        connection.commit()
    assert f"{SECRET}-freed".encode() in _bytes(place)
    operations.erase(place, "leak")
    assert SECRET.encode() not in _bytes(place)


def test_what_was_never_loaded_cannot_be_erased(place: Workspace) -> None:
    with pytest.raises(NotFound, match="sources: leak, other"):
        operations.erase(place, "nobody")


def test_rejects_of_a_load_that_was_killed_go_too_and_those_of_others_stay(place: Workspace) -> None:
    (place.rejects_folder / ".leak.abc").write_text(SECRET)
    (place.rejects_folder / ".leaky.abc").write_text("of another")
    assert len(operations.erase(place, "leak").rejects) == 2
    assert [p.name for p in place.rejects_folder.iterdir()] == [".leaky.abc"]


def test_names_of_sources_do_not_share_a_file_of_rejects(place: Workspace) -> None:
    for source in ("a b", "a-b", "a%b"):
        _load(place, source, '{"key": "x"}\n{"key": "y", "type": "Person"}\n')
    operations.erase(place, "a b")
    assert sorted(p.name for p in place.rejects_folder.iterdir() if p.name.startswith("a")) == [
        "a%25%b.rejects.jsonl",
        "a-b.rejects.jsonl",
    ]


def test_a_judgement_about_a_key_that_another_source_uses_stays(place: Workspace) -> None:
    for source in ("one", "two"):
        file = place.path.parent / "x.records.jsonl"
        file.write_text('{"key": "bo", "type": "Person"}\n')
        operations.load(place, FileLoadRequest((file,), source=source, namespace="shared"))
    operations.judge(place, "distinct", ("other:ann", "shared:bo"), operations.Attribution("A. Analyst", "seen both"))
    assert operations.erase(place, "one").judgements == 0
    assert operations.erase(place, "two").judgements == 1


def test_erasing_while_somebody_reads_says_so_and_can_be_finished(place: Workspace) -> None:
    with closing(sqlite3.connect(place.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()
        with pytest.raises(StoreBusy, match="erase it again"):
            operations.erase(place, "leak")
    assert [s.source for s in operations.list_loads(place)] == ["other"]
    assert operations.erase(place, "leak").records == 0
    assert SECRET.encode() not in _bytes(place)
    with closing(connect(place.path)) as connection:
        assert pending_scrubs(connection) == []
        scrub(connection)  # once more does no harm


@pytest.mark.parametrize(
    ("phase", "says"),
    [("records", "the disk failed to read or write it"), ("meta", "the disk failed to read or write it")],
)
def test_an_erasure_that_fails_on_the_way_says_that_the_source_is_withdrawn(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, phase: str, says: str
) -> None:
    """The disk fails when rows are purged, or when what they left is overwritten."""
    statement = {"records": "DELETE FROM stored_record", "meta": "VACUUM"}[phase]

    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *rest: object) -> sqlite3.Cursor:
            if sql.startswith(statement):
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"
                raise error
            return super().execute(sql, *rest)  # type: ignore[arg-type]  # passed on as it came

    real = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{"factory": Failing, **k}))
        with pytest.raises(StoreError) as raised:
            operations.erase(place, "leak")
    told = str(raised.value)
    assert says in told and "leak is withdrawn" in told and "kg withdraw --erase" in told
    assert "nothing was changed" not in told and "another process" not in told
    operations.erase(place, "leak")
    assert SECRET.encode() not in _bytes(place)


def test_reports_that_named_the_source_are_listed_with_their_places(place: Workspace, tmp_path: Path) -> None:
    from kg.analysis.clusters import ClusterParameters

    with operations.open_store(replace(place, protected=False)) as store:
        operations.write_report(place, store, tmp_path / "out", "2014-12-05", 5, ClusterParameters())
    (report,) = operations.erase(place, "leak").reports
    assert (report.day, report.sources) == ("2014-12-05", ("leak", "other"))
    assert [Path(f).is_file() for f in report.files] == [True, True, True]
