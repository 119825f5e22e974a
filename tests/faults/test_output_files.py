"""Where does output go that is sent to a device, a FIFO, a link or a folder, and who may read what kg writes?"""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from kg.files import PRIVATE, atomic_file, lock_file, write_atomically
from tests.faults.harness import command, environment, rejects, run_kg

CONTENT = b"<graphml"

RECORDS = """{"source": {"name": "case", "title": "A case", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["Ann Invented"]}}
{"key": "flat", "type": "RealEstate", "properties": {"name": ["1 Invented Road"]}}
{"key": "owns", "type": "OWNS", "from": "ann", "to": "flat"}
{"key": "paper", "type": "Warrant", "properties": {"issuer": ["An invented court"]}}
{"key": "sought", "type": "SOUGHT_UNDER", "from": "ann", "to": "paper"}
"""

BAD_RECORDS = """{"source": {"name": "bad", "title": "Bad rows", "invented": true}}
{"key": "a", "type": "Person", "properties": {"name": ["Ann Invented"]}}
{"key": "b", "type": "Nothing"}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with few records, as kg itself makes it."""
    path = tmp_path_factory.mktemp("loaded") / "data" / "graph.sqlite"
    (records := path.parent.with_name("case.records.jsonl")).write_text(RECORDS)
    done = run_kg(path, "load", records, KG_UMASK="077")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def store(loaded: Path, tmp_path: Path) -> Path:
    """A copy of that store."""
    shutil.copytree(loaded.parent, tmp_path / "data")
    return tmp_path / "data" / "graph.sqlite"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files_and_folders(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.rglob("*")


def read_in_background(fifo: Path) -> tuple[Thread, list[bytes]]:
    got: list[bytes] = []
    reader = Thread(target=lambda: got.append(fifo.read_bytes()), daemon=True)
    reader.start()
    return reader, got


def test_a_fifo_is_written_into_and_stays(store: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "out.graphml"
    os.mkfifo(fifo)
    reader, got = read_in_background(fifo)
    done = run_kg(store, "export", fifo)
    assert (done.returncode, done.stderr) == (0, "")
    reader.join(60)
    assert CONTENT in got[0][:300]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_a_report_page_that_is_a_fifo_is_written_into_and_stays(tmp_path: Path) -> None:
    fifo = tmp_path / "page.html"
    os.mkfifo(fifo)
    reader, got = read_in_background(fifo)
    write_atomically(fifo, b"page")
    reader.join(60)
    assert got == [b"page"]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


@pytest.mark.parametrize("words", [("graphml",), ("ftm",)])
def test_a_device_is_written_into_and_stays(store: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    for device in ("/dev/null", str(link)):
        done = run_kg(store, "export", *words, device)
        assert (done.returncode, done.stderr) == (0, "")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert link.is_symlink()


def test_what_a_full_device_refuses_is_told(store: Path) -> None:
    done = run_kg(store, "export", "graphml", "/dev/full")
    assert done.returncode == 2
    assert "/dev/full: cannot be written: No space left on device" in done.stderr


def test_tables_need_a_folder_and_no_device(store: Path) -> None:
    for words in (("csv", "/dev/null"), ("csv", "-"), ("neo4j-admin", "/dev/null"), ("neo4j-admin", "-")):
        done = run_kg(store, "export", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "expected the name of a folder" in done.stderr
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_by_any_name_gets_the_export_and_nothing_else(store: Path, tmp_path: Path, name: str) -> None:
    piped = run_kg(store, "export", "graphml", name)
    assert piped.returncode == 0
    assert piped.stdout.startswith("<?xml")
    assert piped.stdout.endswith("</graphml>\n")
    assert "nodes and" in piped.stderr
    target = tmp_path / "redirected"
    with target.open("wb") as out:
        out.write(b"before\n")
        out.flush()
        done = subprocess.run(
            command("export", "graphml", name), stdout=out, stderr=subprocess.PIPE, env=environment(store), check=False
        )
        assert done.returncode == 0
    assert target.read_text() == "before\n" + piped.stdout
    refused = run_kg(store, "export", "graphml", name, "--json")
    assert "cannot both go to standard output" in refused.stderr


def test_another_descriptor_gets_the_export(store: Path, tmp_path: Path) -> None:
    with (tmp_path / "third").open("wb") as third:
        done = subprocess.run(
            command("export", "graphml", f"/dev/fd/{third.fileno()}"),
            pass_fds=[third.fileno()],
            capture_output=True,
            env=environment(store),
            check=False,
        )
    assert done.returncode == 0
    assert b"nodes and" in done.stdout
    assert CONTENT in (tmp_path / "third").read_bytes()[:300]
    closed = run_kg(store, "export", "graphml", "/dev/fd/199")
    assert closed.returncode == 2
    assert "/dev/fd/199: cannot be written: Bad file descriptor" in closed.stderr


def test_a_socket_is_refused(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("out.graphml")
        done = run_kg(store, "export", "out.graphml")
        assert done.returncode == 2
        assert "out.graphml: cannot be written: is a socket" in done.stderr


def test_a_folder_is_refused_where_a_file_is_expected(store: Path, tmp_path: Path) -> None:
    (tmp_path / "out.graphml").mkdir()
    done = run_kg(store, "export", tmp_path / "out.graphml")
    assert done.returncode == 2
    assert "is a folder; expected the name of a file" in done.stderr
    with pytest.raises(IsADirectoryError), atomic_file(tmp_path):
        pass


def test_links_are_followed_and_stay(store: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("old")
    (tmp_path / "a.graphml").symlink_to("b.graphml")
    (tmp_path / "b.graphml").symlink_to(tmp_path / "kept" / "file")
    assert run_kg(store, "export", tmp_path / "a.graphml").returncode == 0
    assert (tmp_path / "a.graphml").is_symlink()
    assert (tmp_path / "b.graphml").is_symlink()
    assert CONTENT in (tmp_path / "kept" / "file").read_bytes()[:300]
    (tmp_path / "tables").symlink_to("kept/tables")
    for _ in range(2):
        assert run_kg(store, "export", "csv", tmp_path / "tables").returncode == 0
    assert (tmp_path / "tables").is_symlink()
    assert (tmp_path / "kept" / "tables" / "export.json").is_file()
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["file", "tables"]
    (tmp_path / "round.graphml").symlink_to("round.graphml")
    round_trip = run_kg(store, "export", tmp_path / "round.graphml")
    assert round_trip.returncode == 2
    assert "round.graphml: Too many levels of symbolic links" in round_trip.stderr


def test_a_template_goes_to_standard_output_as_a_workbook(store: Path) -> None:
    for name in ("-", "/dev/stdout"):
        done = subprocess.run(command("template", name), capture_output=True, env=environment(store), check=False)
        assert done.returncode == 0
        assert done.stdout.startswith(b"PK")
        assert b"wrote" in done.stderr
    assert "cannot both go" in run_kg(store, "template", "-", "--json").stderr


EVERY_WRITER = (
    ("load", "{folder}/case.records.jsonl"),
    ("load", "{folder}/bad.records.jsonl", "--source", "bad"),
    ("attach", "{folder}/bad.records.jsonl", "--to", "case:ann"),
    ("export", "records", "{out}/records"),
    ("export", "{out}/one.graphml"),
    ("export", "csv", "{out}/tables", "--gzip"),
    ("export", "neo4j-admin", "{out}/bulk"),
    ("template", "{out}/case.xlsx"),
    ("template", "{out}/persons.csv"),
    ("report", "--out", "{out}/reports", "--date", "2014-12-05"),
    ("report", "--out", "{out}/periodic", "--date", "2014-12-05", "--periodic"),
    ("view", "--clusters"),
    ("keys", "add", "desk", "--expires", "90d"),
    ("neo4j", "guide", "{out}/guide"),
)
DEMO = ("demo", "--out", "{out}/demo")
"""Takes as long as all others; run where a file that is more private than the setting shows."""


def write_everything(folder: Path, umask: str) -> None:
    (folder / "bad.records.jsonl").write_text(BAD_RECORDS)
    more = {
        "KG_UMASK": umask,
        "KG_API_KEYS": str(folder / "secret" / "keys.json"),
        "KG_VIEW_CACHE": str(folder / "secret" / "views"),
    }
    store = folder / "out" / "case" / "graph.sqlite"
    (folder / "case.records.jsonl").write_text(RECORDS)
    for words in (*EVERY_WRITER, DEMO) if umask == "027" else EVERY_WRITER:
        filled = [word.format(out=folder / "out", folder=folder) for word in words]
        done = run_kg(store, *filled, **more)
        assert done.returncode == 0, (words, done.stderr)
    assert rejects(store).is_dir()


def _stays_private(name: Path) -> int:
    """The mode of rows that were set aside and of lock files, whatever the setting; else 0."""
    return PRIVATE if name.parent.name.endswith(".rejects") or name.name == ".lock" else 0


@pytest.mark.parametrize(("umask", "file", "folder"), [("077", 0o600, 0o700), ("027", 0o640, 0o750)])
def test_every_file_has_the_mode_that_the_setting_says(tmp_path: Path, umask: str, file: int, folder: int) -> None:
    before = os.umask(0)  # the shell's own does not count
    try:
        write_everything(tmp_path, umask)
    finally:
        os.umask(before)
    found = {path.relative_to(tmp_path): mode(path) for path in files_and_folders(tmp_path / "out")}
    attached = {name: got for name, got in found.items() if any(part.endswith(".files") for part in name.parts)}
    assert set(attached.values()) == {PRIVATE, 0o700}  # as private as what they show, whatever the setting
    others = {name: got for name, got in found.items() if name not in attached}
    wrong = {name: f"{got:o}" for name, got in others.items() if got not in (_stays_private(name) or file, folder)}
    assert wrong == {}
    names = {str(name) for name in found}
    assert {"out/case/graph.sqlite", "out/one.graphml", "out/bulk/import.args", "out/case.xlsx"} <= names
    secret = {path.relative_to(tmp_path): mode(path) for path in files_and_folders(tmp_path / "secret")}
    assert {f"{got:o}" for got in secret.values()} <= {"600", "700"} | ({"750"} if umask == "027" else set())
    assert all(mode(path) == PRIVATE for path in (tmp_path / "secret").rglob("*") if path.is_file())


def test_the_write_ahead_log_has_the_mode_of_its_store(store: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from kg.database import connect; from kg.files import restrict_new_files\n"
        "restrict_new_files('027'); c = connect(Path(sys.argv[1])); c.execute('BEGIN IMMEDIATE')\n"
        "c.execute(\"UPDATE meta SET value = value\"); c.execute('COMMIT')\n"
        "print(oct(Path(sys.argv[1] + '-wal').stat().st_mode))"
    )
    store.chmod(0o600)
    done = subprocess.run([sys.executable, "-c", code, str(store)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0o100600"


def test_a_store_that_others_may_read_is_told_in_one_line(store: Path) -> None:
    assert run_kg(store, "verify").stderr == ""
    store.chmod(0o644)
    done = run_kg(store, "verify")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [f"{store} has mode 0644: others on this machine may open it; chmod 600 it"]
    store.chmod(0o640)
    assert run_kg(store, "verify", KG_UMASK="027").stderr == ""


@pytest.mark.parametrize("umask", ["7", "777", "0o77", "", "0999", "-1"])
def test_a_setting_that_is_no_umask_is_refused(store: Path, umask: str) -> None:
    done = run_kg(store, "verify", KG_UMASK=umask)
    if umask == "7":
        assert done.returncode == 0
    else:
        assert done.returncode == 2
        assert "KG_UMASK" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_the_rejects_of_an_older_kg_get_their_new_name(tmp_path: Path) -> None:
    (tmp_path / "case.rejects").mkdir()
    (tmp_path / "case.rejects" / "older.rejects.jsonl").write_text("{}\n")
    (tmp_path / "bad.records.jsonl").write_text(BAD_RECORDS)
    assert run_kg(tmp_path / "case.sqlite", "load", tmp_path / "bad.records.jsonl").returncode == 0
    names = sorted(path.name for path in (tmp_path / "case.sqlite.rejects").iterdir())
    assert names == ["bad.rejects.jsonl", "older.rejects.jsonl"]
    assert not (tmp_path / "case.rejects").exists()


def test_two_stores_in_one_folder_have_their_own_rejects(tmp_path: Path) -> None:
    bad = tmp_path / "bad.records.jsonl"
    folders = []
    for name in ("case", "case.sqlite", "case.db"):
        bad.write_text(BAD_RECORDS)
        assert run_kg(tmp_path / name, "load", bad).returncode == 0
        assert list(rejects(tmp_path / name).glob("*.jsonl"))
        folders.append(rejects(tmp_path / name))
    assert len(set(folders)) == 3


def test_the_lock_of_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "lock").symlink_to("victim")
    with pytest.raises(OSError, match="symbolic links"), lock_file(tmp_path / "lock"):
        pass
