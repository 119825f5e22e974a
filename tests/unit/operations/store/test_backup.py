"""Can a backup always be checked: on a medium that cannot be written, and after a stop in the middle of its making?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg import files, operations
from kg.errors import InputError, StoreDamaged
from kg.operations import Workspace
from kg.operations.store import backup as module
from kg.operations.store.backup import back_up, check_backup, digest_path
from tests.stores import load, node

NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    load(tmp_path / "graph.sqlite", "s", [node("ann", name="Ann Example")])
    return tmp_path / "graph.sqlite"


def check(file: Path) -> str:
    return check_backup(file, lambda *_: None).sha256


@contextmanager
def nobody() -> Iterator[None]:
    """As somebody who may write nothing, also where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_backup_on_a_medium_that_cannot_be_written_is_checked(path: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "b.sqlite"
        made = back_up(Workspace(path), file)
        for one in (file, digest_path(file)):
            one.chmod(0o444)
        file.parent.chmod(0o555)
        try:
            with nobody():
                assert not os.access(file.parent, os.W_OK, effective_ids=True)
                assert check(file) == made.sha256
            assert sorted(one.name for one in file.parent.iterdir()) == ["b.sqlite", "b.sqlite.sha256"]
        finally:
            file.parent.chmod(0o755)


@pytest.mark.parametrize("is_dangling", [False, True])
def test_a_backup_follows_a_symbolic_link_which_stays(path: Path, tmp_path: Path, is_dangling: bool) -> None:
    (tmp_path / "other").mkdir()
    name, target = tmp_path / "newest.sqlite", tmp_path / "other" / "monday.sqlite"
    name.symlink_to("other/monday.sqlite")
    if not is_dangling:
        target.write_bytes(b"before")
        with pytest.raises(InputError, match="is there already"):
            back_up(Workspace(path), name)
    made = back_up(Workspace(path), name, overwrite=not is_dangling)
    assert name.is_symlink() and not target.is_symlink()
    assert made.file == target and digest_path(target).is_file() and not digest_path(name).exists()
    assert check(name) == check(target) == made.sha256


def test_a_backup_into_no_folder_names_the_folder(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere: there is no such folder"):
        back_up(Workspace(path), tmp_path / "nowhere" / "b.sqlite")


class Stopped(BaseException):
    """What stops a backup where it is."""


@pytest.mark.parametrize("last", ["before it takes its name", "after it took its name"])
def test_a_backup_that_is_stopped_while_it_replaces_one_leaves_a_file_with_its_digest(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    file = tmp_path / "b.sqlite"
    old = back_up(Workspace(path), file)
    load(path, "t", [node("bob", name="Bob Example")])

    def stop(*words: Any) -> None:
        if last == "after it took its name":
            files.publish(*words)
        raise Stopped

    with monkeypatch.context() as patched, pytest.raises(Stopped):
        patched.setattr(module, "publish", stop)
        back_up(Workspace(path), file, overwrite=True)
    assert (check(file) == old.sha256) == (last == "before it takes its name")
    new = operations.back_up(Workspace(path), file, overwrite=True)
    assert (check(file), digest_path(file).read_text()) == (new.sha256, f"{new.sha256}  b.sqlite\n")


def test_another_file_under_a_digest_is_none(path: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "1.sqlite", tmp_path / "2.sqlite"
    back_up(Workspace(path), one)
    load(path, "t", [node("bob", name="Bob Example")])
    back_up(Workspace(path), other)
    other.write_bytes(one.read_bytes())
    with pytest.raises(StoreDamaged, match="is not what was backed up"):
        check(other)
