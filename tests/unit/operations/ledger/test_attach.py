"""Are attached files kept once, with who says so, and gone when the last who cites them is erased? All is invented."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pytest

from kg import files
from kg.analysis.clusters import ClusterParameters
from kg.database import connect
from kg.errors import InputError, NotFound, StoreDamaged, StoreError
from kg.ledger.ledger import Ledger
from kg.operations import (
    AttachRequest,
    AttachResult,
    Workspace,
    attach,
    back_up,
    check_backup,
    erase,
    extract_exhibits,
    iterate_exhibits,
    list_loads,
    open_store,
    restore,
    verify,
    withdraw,
    write_report,
)
from kg.operations.store import attachments
from kg.operations.store.attachments import AttachmentFolder, check_of_exhibits
from kg.records import Provenance
from tests.stores import link, load, node

DEED = b"%PDF-1.7 an invented deed\n" * 100
DIGEST = sha256(DEED).hexdigest()


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    records = [
        node("ann", name="Ann Example"),
        node("acme", "Enterprise", name="Acme"),
        link("ann OWNS acme", key="o1"),
    ]
    load(tmp_path / "graph.sqlite", "register", records)
    (tmp_path / "deed.pdf").write_bytes(DEED)
    return Workspace(tmp_path / "graph.sqlite")


def deed(place: Workspace, to: str = "test:ann", **more: Any) -> AttachResult:
    return attach(place, AttachRequest(place.path.with_name("deed.pdf"), to, **more))


def kept(place: Workspace) -> list[str]:
    return list(AttachmentFolder(place.attachments_folder).digests())


def exhibits(place: Workspace, name: str = "") -> list[Any]:
    with open_store(place) as store:
        return list(iterate_exhibits(place, store, store.resolve(name) if name else ""))


def test_a_file_is_kept_under_its_digest_and_said_by_a_source(place: Workspace) -> None:
    said = Provenance(origin="Registry", reliability="B", credibility="2", stated="2014-06", page="12")
    done = deed(place, title="Deed of sale", provenance=said)
    assert (done.sha256, done.size, done.media_type, done.is_new_file) == (DIGEST, len(DEED), "application/pdf", True)
    (one,) = exhibits(place, "Ann Example")
    assert (one.title, one.file_name, one.sha256, one.size) == ("Deed of sale", "deed.pdf", DIGEST, len(DEED))
    assert (one.pages, one.media_type, one.is_kept, one.caption) == (["12"], "application/pdf", True, "Ann Example")
    (who,) = one.said
    assert (who.source, who.reliability, who.stated, who.origin) == ("attachments", "B", "2014-06", "Registry")
    path = place.attachments_folder / DIGEST[:2] / DIGEST
    assert path.read_bytes() == DEED
    assert [oct(p.stat().st_mode & 0o777) for p in (path, path.parent, path.parent.parent)] == ["0o600", *["0o700"] * 2]
    assert verify(place).is_clean


def test_an_attachment_keeps_who_attached_it(place: Workspace) -> None:
    deed(replace(place, user="A. Analyst"))
    (entry,) = list_loads(place, "attachments")
    assert (entry.user, entry.files, entry.kind) == ("A. Analyst", ("deed.pdf",), "delta")


def test_a_file_attached_again_is_kept_once_and_keeps_its_title(place: Workspace) -> None:
    deed(place, title="Deed of sale")
    again = deed(place)
    assert (again.is_new_file, again.changed) == (False, 0)
    (place.path.with_name("copy.pdf")).write_bytes(DEED)
    other = attach(place, AttachRequest(place.path.with_name("copy.pdf"), "test:acme"))
    assert (other.is_new_file, other.document) == (False, again.document)
    assert {(e.title, e.caption) for e in exhibits(place)} == {("Deed of sale", n) for n in ("Acme", "Ann Example")}
    assert kept(place) == [DIGEST]
    assert not list(place.attachments_folder.glob("*.part"))


def test_a_file_documents_a_link_at_both_ends(place: Workspace) -> None:
    with open_store(place) as store:
        (owns,) = store.links_by_id(k for k in [_link_id(place)]).values()
    deed(place, owns.id)
    assert [e.about for e in exhibits(place)] == [owns.id] * 2
    assert [e.caption for e in exhibits(place, "Acme")] == ["Acme"]


def _link_id(place: Workspace) -> str:
    with closing(connect(place.path)) as connection:
        return str(connection.execute("SELECT id FROM link").fetchone()[0])


@pytest.mark.parametrize("second", ["attachments", "desk-documents"])
def test_erasing_a_source_takes_a_file_exactly_when_no_other_cites_it(place: Workspace, second: str) -> None:
    deed(place)
    deed(place, "test:acme", source=second)
    done = erase(place, "attachments")
    assert done.attachments == ((DIGEST,) if second == "attachments" else ())
    assert kept(place) == ([] if second == "attachments" else [DIGEST])
    assert verify(place).is_clean
    if second != "attachments":
        assert [e.caption for e in exhibits(place)] == ["Acme"]
        assert erase(place, second).attachments == (DIGEST,)


def test_an_erasure_that_is_stopped_before_the_files_goes_on_with_them(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed(place)

    def stop(*_: object) -> None:
        raise OSError(5, "Input/output error", "a file")

    with monkeypatch.context() as patch:
        patch.setattr(AttachmentFolder, "remove_uncited", stop)
        with pytest.raises(StoreError, match="attachments is withdrawn, but not all of it is erased"):
            erase(place, "attachments")
    assert kept(place) == [DIGEST]
    assert erase(place, "attachments").attachments == (DIGEST,)
    assert verify(place).is_clean


def test_a_withdrawn_source_keeps_its_files_until_it_is_erased(place: Workspace) -> None:
    deed(place)
    withdraw(place, "attachments")
    assert (exhibits(place), kept(place), verify(place).is_clean) == ([], [DIGEST], True)
    assert erase(place, "attachments").attachments == (DIGEST,)


def test_a_protected_attachment_exists_in_its_scope_alone(place: Workspace) -> None:
    done = deed(place, provenance=Provenance(handling="protected"))
    assert done.source == "attachments-protected"
    assert exhibits(place) == []
    with open_store(place) as store, pytest.raises(NotFound):
        store.resolve(f"document:{DIGEST}")
    with pytest.raises(NotFound, match=r"sources: register$"):
        withdraw(place, "attachments-protected")
    assert [e.caption for e in exhibits(replace(place, protected=True))] == ["Ann Example"]
    AttachmentFolder(place.attachments_folder).file(DIGEST).unlink()
    (problem,) = verify(place).attachments
    assert DIGEST not in problem and "KG_SCOPE=protected" in problem
    (problem,) = verify(replace(place, protected=True)).attachments
    assert DIGEST in problem


def test_what_is_attached_to_a_protected_node_is_protected_too(place: Workspace) -> None:
    load(place.path, "secret", [node("bo", name="Bo Example", provenance=Provenance(handling="protected"))])
    deed(replace(place, protected=True), "test:bo")
    assert exhibits(place) == []


def test_an_open_attachment_of_a_file_that_is_protected_elsewhere_is_open(place: Workspace) -> None:
    deed(place, provenance=Provenance(handling="protected"), title="Of an informant")
    deed(place, "test:acme")
    assert [(e.title, e.caption) for e in exhibits(place)] == [("deed", "Acme")]


def test_one_source_does_not_open_what_it_protected(place: Workspace) -> None:
    scope = replace(place, protected=True)
    deed(scope, source="desk", provenance=Provenance(handling="protected"))
    with pytest.raises(InputError, match="--source, value 'desk': has attached this file as protected"):
        deed(scope, "test:acme", source="desk")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda p: p.symlink_to(p.with_name("deed.pdf")), "is a symbolic link; expected the file that it leads to"),
        (lambda p: p.mkdir(), "is a folder; expected a file"),
        (os.mkfifo, "is a device or a pipe; expected a file"),
        (lambda p: None, r"cannot be read \(No such file or directory\)"),
        (lambda p: p.symlink_to(p.with_name("nothing")), "is a symbolic link"),
    ],
)
def test_what_is_no_file_is_refused_by_name(place: Workspace, make: Any, problem: str) -> None:
    path = place.path.with_name("odd.pdf")
    make(path)
    with pytest.raises(InputError, match=f"odd.pdf: {problem}"):
        attach(place, AttachRequest(path, "test:ann"))
    assert kept(place) == []


def test_a_device_is_refused_and_not_read(place: Workspace) -> None:
    with pytest.raises(InputError, match="/dev/zero: is a device or a pipe"):
        attach(place, AttachRequest(Path("/dev/zero"), "test:ann"))


def test_a_file_that_changes_while_it_is_read_is_refused(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read = place.path.with_name("deed.pdf"), attachments._read

    def read_and_change(source: BinaryIO, name: str) -> bytes:
        with path.open("ab") as file:
            file.write(b"more")
        monkeypatch.setattr(attachments, "_read", read)
        return read(source, name)

    monkeypatch.setattr(attachments, "_read", read_and_change)
    with pytest.raises(InputError, match=r"deed\.pdf: changed while it was read; attach it again"):
        deed(place)
    assert (kept(place), list(place.attachments_folder.iterdir())) == ([], [])


def test_a_file_that_may_not_be_read_or_kept_is_told(place: Workspace) -> None:
    place.attachments_folder.write_bytes(b"something else has the name of the folder")
    with pytest.raises(StoreError, match="attachments are kept here"):
        deed(place)
    assert exhibits(place) == []


def test_an_empty_file_and_a_hostile_name_are_files_like_others(place: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "=cmd|'..' \u202e.exe.tar.gz"
    path.write_bytes(b"")
    done = attach(place, AttachRequest(path, "test:ann"))
    assert (done.size, done.media_type) == (0, "application/gzip")
    (one,) = exhibits(place)
    out = tmp_path / "out"
    out.mkdir()
    with open_store(place) as store:
        (written,) = extract_exhibits(place, store, one.document, str(out))
    assert Path(written).parent == out and Path(written).read_bytes() == b""


@pytest.mark.parametrize(
    ("request_values", "problem"),
    [
        ({"source": "register"}, "--source, value 'register': is loaded from files"),
        ({"source": "a\nb"}, "key --source"),
        ({"provenance": Provenance(stated="June")}, "key --stated, value 'June': expected a date"),
        ({"provenance": Provenance(url="file:x")}, "key --url"),
        ({"provenance": Provenance(reliability="G")}, "key --reliability, value 'G': expected one of A, B"),
        ({"provenance": Provenance(handling="secret")}, "key --handling, value 'secret': expected one of open"),
        ({"media_type": "PDF"}, "key --media-type, value 'PDF'"),
        ({"title": "\u200b"}, "key --title"),
    ],
)
def test_a_value_that_cannot_be_read_attaches_nothing(
    place: Workspace, request_values: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        deed(place, **request_values)
    assert kept(place) == []
    assert exhibits(place) == []


def test_nothing_is_kept_where_the_record_is_not(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("no space")

    monkeypatch.setattr(Ledger, "_update_projection", fail)
    with pytest.raises(StoreError):
        deed(place)
    monkeypatch.setattr(Ledger, "_count_waiting_links", fail)
    with pytest.raises(StoreError):
        deed(place)
    assert kept(place) == []


def test_a_file_that_nobody_cites_is_told_and_repaired(place: Workspace) -> None:
    deed(place)
    folder = AttachmentFolder(place.attachments_folder)
    stray = folder.file("ab" * 32)
    stray.parent.mkdir()
    stray.write_bytes(b"stray")
    folder.file(DIGEST).write_bytes(DEED[:-1])
    found = verify(place)
    assert found.attachments == (
        f"attachment deed.pdf, SHA-256 {DIGEST}: its file is not what was attached",
        f"attachment {'ab' * 32}: no record cites this file",
    )
    assert "attach a missing or changed file again" in found.advice and not found.is_clean
    assert deed(place).is_new_file
    assert verify(place, repair=True).is_clean
    assert kept(place) == [DIGEST]


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_is_not(place: Workspace) -> None:
    deed(place)
    folder = AttachmentFolder(place.attachments_folder)
    (folder.path / ".0123.part").write_bytes(b"left")
    with (
        place.path.with_name("deed.pdf").open("rb") as file,
        folder.stage(file, "deed.pdf") as staged,
        closing(connect(place.path)) as connection,
    ):
        folder.remove_uncited(connection)
        assert [p.name for p in folder.path.glob(".*")] == [staged.partial.name]


def test_a_backup_has_the_files_and_a_restore_brings_them_back(place: Workspace, tmp_path: Path) -> None:
    deed(place)
    backup = tmp_path / "b" / "backup.sqlite"
    backup.parent.mkdir()
    made = back_up(place, backup)
    assert (made.attachments, made.missing) == (1, ())
    (tmp_path / "later.txt").write_bytes(b"later")
    later = attach(place, AttachRequest(tmp_path / "later.txt", "test:acme", source="later")).sha256
    erase(place, "attachments")
    done = restore(place, backup)
    assert (done.missing, kept(place), verify(place).is_clean) == ((), [DIGEST], True)
    assert done.kept is not None
    assert list(AttachmentFolder(done.kept.with_name(f"{done.kept.name}.files")).digests()) == [later]
    assert restore(place, backup, discard=True).missing == ()
    assert verify(place).is_clean


def test_a_backup_says_which_files_it_lacks(place: Workspace, tmp_path: Path) -> None:
    deed(place)
    backup = tmp_path / "backup.sqlite"
    back_up(place, backup)
    AttachmentFolder(tmp_path / "backup.sqlite.files").file(DIGEST).write_bytes(b"changed")
    with pytest.raises(StoreDamaged, match="lacks 1 of its 1 attached files"):
        check_backup(backup, place.progress)
    AttachmentFolder(place.attachments_folder).file(DIGEST).unlink()
    assert back_up(place, backup, overwrite=True).missing == (f"attachment {DIGEST}: its file is missing",)


def test_files_are_copied_out_whole_or_not_at_all(place: Workspace, tmp_path: Path) -> None:
    deed(place)
    with open_store(place) as store:
        ann = store.resolve("Ann Example")
        (written,) = extract_exhibits(place, store, ann, str(tmp_path / "out.pdf"))
        assert Path(written).read_bytes() == DEED
        with pytest.raises(InputError, match="is there already"):
            extract_exhibits(place, store, ann, written)
        with pytest.raises(NotFound, match="Acme has no attached file"):
            extract_exhibits(place, store, store.resolve("Acme"), str(tmp_path / "x"))
        AttachmentFolder(place.attachments_folder).file(DIGEST).write_bytes(b"changed")
        with pytest.raises(StoreDamaged, match="its file is not what was attached"):
            extract_exhibits(place, store, ann, str(tmp_path / "y"))
    assert not (tmp_path / "y").exists()


def test_a_large_file_is_overwritten_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_BLOCK", 10)
    path = tmp_path / "large"
    path.write_bytes(b"x" * 95)
    other = tmp_path / "other"
    files.link(path, other)
    files.overwrite_and_remove(path)
    assert (path.exists(), other.read_bytes()) == (False, bytes(95))


@pytest.mark.parametrize(("content", "problem"), [(DEED, ""), (DEED[:-1], "its file is not what was attached")])
def test_a_report_checks_the_files_of_its_exhibits(
    place: Workspace, tmp_path: Path, content: bytes, problem: str
) -> None:
    deed(place, to="test:acme", title="Deed of sale")
    AttachmentFolder(place.attachments_folder).file(DIGEST).write_bytes(content)
    with open_store(place) as store:
        files = write_report(place, store, tmp_path / "out", "2015-01-05", 1, ClusterParameters(), pages=1)
    (exhibit,) = orjson.loads(files["json"].read_bytes())["clusters"][0]["exhibits"]
    assert (exhibit["sha256"], exhibit["problem"]) == (DIGEST, problem)
    page = "".join(path.read_text() for path in tmp_path.glob("out/**/*.html"))
    assert (f"{problem}; its SHA-256 has to be as here" in page) == bool(problem)


def test_beside_a_copy_whose_ledger_is_elsewhere_no_file_is_missing(tmp_path: Path) -> None:
    assert check_of_exhibits(tmp_path / "elsewhere.sqlite", AttachmentFolder(tmp_path))(DIGEST) == ""
