"""Are files written whole or not at all, and locked against other processes?"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from kg.files import atomic_file, lock_file, office_file, publish, write_atomically

HOLDER = """
import sys
from pathlib import Path
from kg.files import lock_file
with lock_file(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_is_replaced_whole_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    with atomic_file(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a.json"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_atomically(tmp_path / "a.json", b"old")
    with pytest.raises(RuntimeError), atomic_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.json"]


def test_a_private_file_is_never_readable_by_others(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "key", 0o600) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_folder_is_published_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "part" / "inner").mkdir(parents=True)
    (tmp_path / "part" / "inner" / "file").write_bytes(b"x")
    publish(tmp_path / "part", tmp_path / "whole")
    assert (tmp_path / "whole" / "inner" / "file").read_bytes() == b"x"
    assert names(tmp_path) == ["whole"]


def test_a_lock_is_held_by_one_process_and_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        with lock_file(path, wait=False) as is_held:
            assert not is_held
        holder.kill()
    with lock_file(path, wait=False) as is_held:
        assert is_held


def test_an_office_file_does_not_tell_when_it_was_made() -> None:
    from openpyxl import Workbook, load_workbook

    made = office_file(Workbook().save, "2014-12-05")
    properties = load_workbook(BytesIO(made)).properties
    assert {str(properties.created), str(properties.modified)} == {"2014-12-05 00:00:00"}
    assert office_file(Workbook().save) == office_file(Workbook().save)
