"""Do exported files appear whole or not at all?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.exports.target import file_target, folder_target


def _write(target: Path, folder: bool = False) -> None:
    with (folder_target if folder else file_target)(str(target)) as target_, target_.open_files():
        target_.open("a.txt" if folder else target.name).write(b"whole")
        if folder:
            target_.write_last("export.json", b"{}")


@pytest.mark.parametrize("folder", [False, True])
def test_what_fails_half_way_leaves_nothing_and_takes_nothing(tmp_path: Path, folder: bool) -> None:
    goal = tmp_path / "out"
    for _ in range(2):
        with (
            pytest.raises(ZeroDivisionError),
            (folder_target if folder else file_target)(str(goal)) as target,
            target.open_files(),
        ):
            target.open("out").write(b"half")
            raise ZeroDivisionError
        assert [p.name for p in tmp_path.iterdir()] == (["out"] if goal.exists() else [])
        if not goal.exists():
            _write(goal, folder)
    assert (goal / "a.txt" if folder else goal).read_bytes() == b"whole"


def test_only_an_earlier_export_is_replaced(tmp_path: Path) -> None:
    _write(tmp_path / "out", folder=True)
    _write(tmp_path / "out", folder=True)
    other = tmp_path / "papers"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="no earlier export"):
        _write(other, folder=True)
    assert (other / "mine.txt").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "papers"]


def test_a_folder_is_no_file_and_a_file_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        _write(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written: "):
        _write(tmp_path / "file" / "out.graphml")
