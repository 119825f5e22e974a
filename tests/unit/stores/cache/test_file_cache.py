"""Are files that many read whole or absent, their owner's alone, and gone when nobody needs them?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.errors import StoreError
from kg.stores.cache.file_cache import FILE_PREFIX, MANIFEST, FileCache, Lease


def _full(folder: Path) -> Mapping[str, Any]:
    (folder / "numbers").write_text("1 2 3")
    return {"number": 1}


def _unwanted(said: Mapping[str, Any]) -> bool:
    return bool(said["number"] != 1)


def test_a_set_is_found_when_it_is_whole(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path / "views", "graph")
    assert shelf.find("one") is None
    assert shelf.ensure("one", _full)
    found = shelf.find("one")
    assert found and (found.folder / "numbers").read_text() == "1 2 3"
    assert found.manifest == {"number": 1, "store": "graph"}
    assert (shelf.folder.stat().st_mode & 0o777, found.folder.stat().st_mode & 0o777) == (0o700, 0o700)


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")
    shelf.ensure("one", _full)
    assert shelf.ensure("one", lambda folder: pytest.fail("made twice"))


def test_half_a_set_is_never_found_and_its_remains_are_swept(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")

    def half(folder: Path) -> Mapping[str, Any]:
        _full(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="No space left on device"):
        shelf.ensure("one", half)
    assert shelf.find("one") is None
    assert [f.name for f in shelf.folder.iterdir()] == ["lock-one"]
    (shelf.folder / "making-one-killed").mkdir()  # what a process leaves that was killed
    shelf.ensure("one", _full)
    assert sorted(f.name for f in shelf.folder.iterdir()) == ["lock-one", "one"]


def test_sets_of_two_kinds_are_made_at_once_and_none_is_removed_before_its_maker_has_read_it(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")

    def make_another(folder: Path) -> Mapping[str, Any]:
        assert shelf.ensure("view-1", _full, wait=False)
        assert not shelf.ensure("clusters-2", _full, wait=False)
        assert shelf.prune(lambda said: True) == 1  # what is being made stays
        return _full(folder)

    def read(lease: Lease) -> int:
        assert shelf.prune(lambda said: False) == 1
        return int(lease.manifest["number"])

    number, _ = shelf.get_or_make("clusters-1", read, make_another)
    assert number == 1


def test_a_folder_without_its_manifest_is_no_set(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")
    shelf.ensure("one", _full)
    (shelf.folder / "one" / MANIFEST).unlink()
    assert shelf.find("one") is None


@pytest.mark.parametrize("text", ["", '{"number": 1', "[1]"])
def test_a_set_with_a_damaged_manifest_is_removed_and_made_anew(text: str, tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")
    for name in ("one", "two"):
        shelf.ensure(name, _full)
        (shelf.folder / name / MANIFEST).write_text(text)
    assert shelf.find("one") is None
    assert shelf.get_or_make("one", lambda lease: lease.manifest["number"], _full)[0] == 1
    assert shelf.prune(lambda said: True) == 0
    assert [f.name for f in shelf.folder.iterdir() if f.is_dir()] == ["one"]


def test_folders_of_others_beside_the_cache_stay_as_they_are(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")
    shelf.ensure("one", _full)
    for name in ("diary/making-of-a-film/reel", f"{'0' * 32}/view-of-the-sea", "empty"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "diary" / "making-of-a-film" / MANIFEST).write_text(f'{{"store": "{FILE_PREFIX}/nowhere"}}')
    others = [folder for folder in tmp_path.iterdir() if folder != shelf.folder]
    for folder in others:
        folder.chmod(0o700)
    before = sorted(path for folder in others for path in folder.rglob("*"))
    assert shelf.prune(lambda said: True) == 0
    assert sorted(path for folder in others for path in folder.rglob("*")) == before


def test_what_somebody_reads_stays_and_goes_when_nobody_does(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")
    shelf.ensure("one", _full)
    read = shelf.find("one")
    assert shelf.prune(_unwanted) == 1
    assert shelf.find("one")
    del read
    assert shelf.prune(lambda said: True) == 0
    assert shelf.find("one")
    assert shelf.prune(_unwanted) == 0
    assert shelf.find("one") is None


def test_sets_of_a_file_that_is_gone_go_with_it(tmp_path: Path) -> None:
    store = tmp_path / "graph.sqlite"
    store.touch()
    gone, other = FileCache(tmp_path / "views", f"{FILE_PREFIX}{store}"), FileCache(tmp_path / "views", "another")
    gone.ensure("one", _full)
    other.ensure("one", _full)
    other.prune(lambda said: True)
    assert gone.find("one")
    store.unlink()
    other.prune(lambda said: True)
    assert gone.find("one") is None
    assert other.find("one")


def test_a_folder_into_which_others_may_look_is_refused(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path, "graph")
    shelf.ensure("one", _full)
    shelf.folder.chmod(0o750)
    with pytest.raises(StoreError, match="that nobody else may look into"):
        shelf.find("one")
    with pytest.raises(StoreError, match="that nobody else may look into"):
        shelf.ensure("two", _full)


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    shelf = FileCache(tmp_path / "views", "graph")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    shelf.folder.parent.mkdir()
    shelf.folder.symlink_to(elsewhere)
    with pytest.raises(StoreError, match="expected a folder of yours"):
        shelf.ensure("one", _full)
    assert list(elsewhere.iterdir()) == []
