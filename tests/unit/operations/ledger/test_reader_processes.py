"""Do processes that read beside the one that writes make the same load, and end it cleanly?"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from kg.database import connect
from kg.errors import InputError, StoreDamaged, StoreError, StrictReject
from kg.ledger.stage.numbers import KnownNumbers, StageNumbers
from kg.ledger.stage.rows import StageBuilder
from kg.ledger.verification import graph_digest
from kg.ontology import load_ontology
from kg.operations import FileLoadRequest, Workspace, withdraw
from kg.operations import load as load_files
from kg.operations.ledger import changed_lines, file_readings, reader_processes
from kg.operations.workspace import Progress
from kg.records import Deletion
from kg.sources import ReadContext, connectors
from kg.sources.files import chunks
from kg.sources.ftm.read import FtmLineReader

SAMPLES = Path(__file__).parents[3] / "sources"


@pytest.fixture(autouse=True)
def _many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are cut too, into many chunks."""
    monkeypatch.setattr(reader_processes, "MIN_SIZE", 0)
    monkeypatch.setattr(chunks, "CHUNK", 700)


def _fragments(path: Path) -> Path:
    """Entities that lines far apart say in parts, one in another, and a delta's line among them."""
    people = [{"id": f"p{n}", "schema": "Person", "properties": {"name": [f"Invented {n}"]}} for n in range(60)]
    again = [{"id": f"p{n}", "schema": "Person", "properties": {"birthDate": [f"19{n}"]}} for n in range(10, 50, 7)]
    wrong = [{"id": "p3", "schema": "Vessel", "properties": {"name": ["Boat (invented)"]}}]
    owner = {"id": "p2", "schema": "Person", "properties": {"birthDate": ["1960"]}}
    nested = [{"id": "o1", "schema": "Ownership", "properties": {"owner": [owner], "asset": ["c1"]}}]
    lines = [json.dumps(entity) for entity in (*people, *nested, *again, *wrong)]
    path.write_text("\n\n".join([lines[0], "{", *lines[1:]]), encoding="utf-8-sig")
    return path


def _load(
    folder: Path, files: Sequence[Path], readers: int, **wanted: Any
) -> tuple[dict[str, Any], str, str, list[object]]:
    """What a load tells, the graph, the rejects, and the progress of reading."""
    path, seen = folder / f"{readers}.sqlite", list[object]()
    workspace = Workspace(
        path,
        readers=readers,
        progress=lambda phase, done, total: seen.append((done, total)) if phase == "reading" else None,
    )
    result = load_files(workspace, FileLoadRequest(tuple(files), source="inv", day="2014-12-05", **wanted))
    with closing(connect(path)) as connection:
        digest = graph_digest(connection)
    rejects = Path(result.rejects_file).read_text(encoding="utf-8") if result.rejects_file else ""
    told = asdict(result) | {"rejects_file": "", "examples": result.examples}
    return told, digest, rejects, seen[-1:]


SETS = {
    "FollowTheMoney": ["ftm/sample.ftm.json", "ftm/faults.ftm.json"],
    "records": ["records/sample.records.jsonl"],
    "PSC": ["psc/sample.txt"],
}


@pytest.mark.parametrize("names", SETS.values(), ids=SETS)
def test_the_load_is_the_same_in_one_process_and_in_several(tmp_path: Path, names: list[str]) -> None:
    files = [SAMPLES / name for name in names]
    if "ftm" in names[0]:
        files.append(_fragments(tmp_path / "parts.ftm.json"))
    wanted = {"connector": "psc"} if "psc" in names[0] else {}
    alone = _load(tmp_path, files, 0, **wanted)
    assert _load(tmp_path, files, 2, **wanted) == alone
    assert alone[0]["added"] > 5


def test_a_delta_in_an_archive_is_the_same_in_several_processes(tmp_path: Path) -> None:
    entities = [{"id": f"p{n % 30}", "schema": "Person", "properties": {"name": [f"Invented {n}"]}} for n in range(60)]
    changes = [{"op": "DEL" if n % 7 == 0 else "ADD", "entity": entity} for n, entity in enumerate(entities)]
    owns = {"id": "o", "schema": "Ownership", "properties": {"owner": ["p1"], "asset": ["p2"], "percentage": ["0.5"]}}
    lines = [*changes, {"op": "ADD", "entity": owns}, {"op": "PUT", "entity": owns}]
    with zipfile.ZipFile(tmp_path / "delta.zip", "w") as archive:
        archive.writestr("changes.ftm.json", "".join(json.dumps(line) + "\n" for line in lines))
    alone = _load(tmp_path, [tmp_path / "delta.zip"], 0, delta=True)
    assert _load(tmp_path, [tmp_path / "delta.zip"], 2, delta=True) == alone
    assert (alone[0]["links"], alone[0]["rejected"], alone[0]["fraction_shares"]) == (1, 1, {"OWNS.share": "0.5"})
    assert "delta.zip/changes.ftm.json" in alone[2]


def test_rows_that_contradict_each_other_are_refused_with_their_own_text(tmp_path: Path) -> None:
    path = tmp_path / "x.records.jsonl"
    rows = [{"key": f"a{n % 40}", "type": "Person", "properties": {"name": f"Invented {n // 60}"}} for n in range(90)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    alone = _load(tmp_path, [path], 0)
    assert _load(tmp_path, [path], 2) == alone
    assert (alone[0]["rejected"], alone[2].count("\n")) == (30, 30)


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("ascii").split()]


def _kill(phase: str, done: int, total: int | None) -> None:
    for pid in _children():
        os.kill(pid, signal.SIGKILL)


def _interrupt(phase: str, done: int, total: int | None) -> None:
    raise KeyboardInterrupt


ENDED = (
    "a process that read the files was ended by signal 9; is there enough memory? "
    "KG_READERS=0 reads in one process; nothing was loaded"
)


@pytest.mark.parametrize(
    ("stop", "error", "message"),
    [(_kill, StoreError, ENDED), (_interrupt, KeyboardInterrupt, "")],
    ids=["killed", "^C"],
)
def test_a_load_that_is_stopped_loads_nothing_and_leaves_no_process(
    tmp_path: Path, stop: Progress, error: type[BaseException], message: str
) -> None:
    workspace = Workspace(tmp_path / "graph.sqlite", readers=2)
    names = tuple(SAMPLES / name for name in SETS["FollowTheMoney"])
    load_files(workspace, FileLoadRequest(names[:1], source="inv"))
    with closing(connect(workspace.path)) as connection:
        before = graph_digest(connection)
    others = _children()
    with pytest.raises(error) as raised:
        load_files(replace(workspace, progress=stop), FileLoadRequest(names, source="inv"))
    assert str(raised.value) == message
    with closing(connect(workspace.path)) as connection:
        assert graph_digest(connection) == before
    assert (list(workspace.rejects_folder.glob(".*")), _children()) == ([], others)


def test_errors_come_in_the_order_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MAX_BLANK_LINES", 40)
    path = tmp_path / "x.ftm.json"
    line = json.dumps({"id": "a", "schema": "Nothing"})
    path.write_text(f"{line}\n" + "\n" * 900, encoding="utf-8")
    request = FileLoadRequest((path,), source="inv", strict=True)
    with pytest.raises(InputError, match=r"x\.ftm\.json:42: expected at most .* blank lines"):
        load_files(Workspace(tmp_path / "a.sqlite", readers=2), request)
    monkeypatch.setattr(chunks, "MAX_BLANK_LINES", 4_000)
    with pytest.raises(StrictReject, match=r"x\.ftm\.json:1: schema Nothing has no type"):
        load_files(Workspace(tmp_path / "b.sqlite", readers=2), request)


def test_a_process_that_cannot_learn_what_others_found_ends_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FtmLineReader, "combine", lambda *_: "not what was found")
    request = FileLoadRequest((_fragments(tmp_path / "parts.ftm.json"),), source="inv")
    with pytest.raises(RuntimeError, match="a process that read the files failed"):
        load_files(Workspace(tmp_path / "a.sqlite", readers=2), request)


def test_deletions_alone_are_staged_in_batches() -> None:
    builder = StageBuilder(load_ontology(), StageNumbers(*(KnownNumbers({}) for _ in range(3))))
    for number in range(3):
        builder.add(Deletion(f"k{number}"))
    assert builder.size == 3


@pytest.mark.parametrize("readers", [0, 2])
def test_a_reload_reads_new_lines_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readers: int) -> None:
    monkeypatch.setattr(changed_lines, "MIN_SIZE", 0)
    monkeypatch.setattr(changed_lines, "MAX_SHARE", 0.5)
    seen = list[list[int]]()
    read = reader_processes.learn if readers == 0 else reader_processes.read_in_processes

    def spy(*parts: Any) -> Any:
        seen.append([line for chunk in parts[-1] or () for line in chunk.only])
        return read(*parts)

    monkeypatch.setattr(*((reader_processes, "learn") if readers == 0 else (file_readings, "read_in_processes")), spy)
    path = _fragments(tmp_path / "parts.ftm.json")
    _load(tmp_path, [path], readers)
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    lines[2], lines[40] = "{", json.dumps({"id": "p50", "schema": "Person", "properties": {"birthDate": ["1950"]}})
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    told, digest, rejects, _ = _load(tmp_path, [path], readers)
    assert seen[0] == []
    assert {3, 41} < {*seen[1]}
    assert len(seen[1]) < 30 < len([line for line in lines if line])
    (tmp_path / "whole").mkdir()
    monkeypatch.setattr(changed_lines, "MIN_SIZE", 1e9)
    _load(tmp_path / "whole", [path], readers)
    again = _load(tmp_path / "whole", [path], readers)
    assert (digest, rejects) == (again[1], again[2].replace("/whole", ""))
    assert told["unchanged"] + told["added"] + told["changed"] == again[0]["unchanged"]
    store = tmp_path / f"{readers}.sqlite"
    assert _count_cached(store) == 1
    withdraw(Workspace(store), "inv")
    assert _count_cached(store) == 0


def _person(key: str, name: str) -> str:
    return json.dumps({"key": key, "type": "Person", "properties": {"name": name}}) + "\n"


def test_the_last_rows_of_a_load_that_keeps_what_lines_gave_may_repeat_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_lines, "MIN_SIZE", 0)
    path = tmp_path / "x.records.jsonl"
    lines = [_person(f"p{n}", f"Invented {n}") for n in range(30)]
    path.write_text("".join([*lines, lines[3], _person("p4", "Other (invented)")]), encoding="utf-8")
    for unchanged in (0, 30):
        told, *_ = _load(tmp_path, [path], 0)
        assert (told["unchanged"], told["equal_rows"], told["rejected"]) == (unchanged, 1, 1)


def test_all_lines_are_read_where_files_of_a_load_have_different_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed_lines, "MIN_SIZE", 0)
    monkeypatch.setattr(changed_lines, "MAX_SHARE", 1.0)
    files = [_fragments(tmp_path / "parts.ftm.json"), tmp_path / "x.records.jsonl"]
    files[1].write_text(_person("r", "Invented r"), encoding="utf-8")
    _load(tmp_path, files, 0)
    files[1].write_text(_person("r", "Invented r") + _person("p5", "Other (invented)"), encoding="utf-8")
    told, *_ = _load(tmp_path, files, 0)
    assert any("key 'p5' occurs again with other content; the first is kept" in reason for reason in told["reasons"])


def test_nothing_is_kept_of_lines_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed_lines, "MIN_SIZE", 0)
    path = tmp_path / "x.records.jsonl"
    odd = {"key": "odd", "type": "Person", "properties": {"name": "Invented", "tea": "green"}}
    lines = [_person(f"p{n}", f"Invented {n}") for n in range(9)]
    for more, texts in (([json.dumps(odd)], '["","{\\"unmapped\\":{\\"Person.tea\\":1}}"]'), ([], '[""]')):
        path.write_text("".join([*lines, *more]), encoding="utf-8")
        _load(tmp_path, [path], 0)
        with closing(connect(tmp_path / "0.sqlite")) as connection:
            (digests, kept), *others = connection.execute("SELECT digests, texts FROM line_cache")
        assert (len(digests), kept, others) == (16 * len([*lines, *more]), texts, [])


@pytest.mark.parametrize(
    "damage", ["digests = substr(digests, 17)", "digests = substr(digests, 2)", "records = x'00'", "texts = '[]'"]
)
def test_damage_to_what_is_kept_of_lines_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    monkeypatch.setattr(changed_lines, "MIN_SIZE", 0)
    path = tmp_path / "x.records.jsonl"
    path.write_text("".join(_person(f"p{n}", f"Invented {n}") for n in range(3)), encoding="utf-8")
    _load(tmp_path, [path], 0)
    with closing(connect(tmp_path / "0.sqlite")) as connection:
        connection.execute(f"UPDATE line_cache SET {damage}")
    with pytest.raises(StoreDamaged, match="what is known of lines cannot be read"):
        _load(tmp_path, [path], 0)


def test_lines_are_others_for_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    connector, context = connectors()["ftm"], ReadContext(load_ontology(), "inv")
    before = changed_lines.line_digest_key(connector, context)
    assert changed_lines.line_digest_key(connector, context) == before
    monkeypatch.setattr(sys, "version", "3.99")
    assert changed_lines.line_digest_key(connector, context) != before


def test_a_missing_page_of_results_is_told_at_each_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, listed = tmp_path / "x.ftm.json", {"id": "y", "schema": "Person", "properties": {"name": ["Invented y"]}}
    people = [{"id": f"p{n}", "schema": "Person", "properties": {"name": [f"Invented {n}"]}} for n in range(9)]
    lines = [*people, {"total": 7, "results": [listed]}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    for size in (1e9, 0, 0):
        monkeypatch.setattr(changed_lines, "MIN_SIZE", size)
        told, _, rejects, _ = _load(tmp_path, [path], 0)
        assert (told["remarks"], "there are 7 results, and these files list 1" in rejects) == (1, True)


def test_garbage_is_looked_for_as_before_after_loads_that_overlap_in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = gc.get_threshold()
    monkeypatch.setattr(reader_processes, "_COLLECT_AFTER", 2 * usual[0])
    first, second = ExitStack(), ExitStack()
    first.enter_context(reader_processes.rare_collections())
    second.enter_context(reader_processes.rare_collections())
    first.close()
    assert gc.get_threshold()[0] > usual[0]
    second.close()
    assert gc.get_threshold() == usual


def _count_cached(store: Path) -> int:
    with closing(connect(store)) as connection:
        return int(connection.execute("SELECT count(*) FROM line_cache").fetchone()[0])
