"""Where are files that many processes read at once, and when are they removed?"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from kg.errors import StoreError
from kg.files import lock_descriptor, lock_file, publish

MANIFEST = "manifest.json"
"""The file of a set that says what the others are."""

_LOCK, _UNFINISHED = "lock", "making-"

FILE_PREFIX = "file "
"""How the name of a store begins that is a SQLite file; its path follows."""


class Lease:
    """A whole set of files, which nobody removes while this object is there.

    Who has mapped the files into memory may go on after that too: what is removed stays readable until then.
    """

    def __init__(self, folder: Path, said: Mapping[str, Any], handle: int) -> None:
        self.folder, self.manifest = folder, said
        weakref.finalize(self, os.close, handle)


class FileCache:
    """Sets of files made from one store, in a folder of its own that only its owner may look into.

    A set is a folder that gets its name when it is whole, so that half of one is never taken for it. Whoever reads one
    holds a shared lock on its folder; whoever removes one needs it alone. Locks end with the process that has them.
    """

    def __init__(self, root: Path, store: str) -> None:
        self._root, self._store = root, store
        self.folder = root / hashlib.sha256(store.encode()).hexdigest()[:32]

    def find(self, name: str) -> Lease | None:
        """A whole set; None where there is none, or where it is being removed. Raises StoreError as `put` does."""
        try:
            self._check_private()
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{error.filename}: cannot be read ({error.strerror}); set KG_VIEW_CACHE") from None
        try:
            if lock_descriptor(handle, shared=True, wait=False):
                said = orjson.loads((self.folder / name / MANIFEST).read_bytes())
                return Lease(self.folder / name, said, handle)
        except FileNotFoundError:
            pass  # it was removed meanwhile
        os.close(handle)
        return None

    def ensure(self, name: str, fill: Callable[[Path], Mapping[str, Any]], *, wait: bool = True) -> bool:
        """Have a set made, unless it is there; what `fill` returns goes into its manifest. Whether it is there now.

        One process at a time makes sets; without `wait`, False where another one does. Raises StoreError where the
        folder is not this user's alone, or cannot be written.
        """
        with self._writable(), lock_file(self.folder / _LOCK, wait=wait) as alone:
            if not alone or (self.folder / name).is_dir():
                return alone
            self._remove_unfinished()
            room = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
            try:
                said = {**fill(room), "store": self._store}
                (room / MANIFEST).write_bytes(orjson.dumps(said))
                publish(room, self.folder / name)
            finally:
                shutil.rmtree(room, ignore_errors=True)
        return True

    def discard(self, name: str) -> None:
        """Remove a set, read or not: those who have it mapped are not disturbed."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def prune(self, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        """Remove the sets that nobody reads and whose manifests are not `wanted`, and those of files that are gone.

        Returns how many of this store's sets are left because somebody reads them, or is at work here.
        """
        for folder in (f for f in self._folders() if f != self.folder):
            others = FileCache(self._root, "")
            others.folder = folder
            others._prune(lambda said: not _is_store_missing(str(said.get("store", ""))))
        return self._prune(wanted)

    def clear(self) -> None:
        """Remove all sets of this store, read or not."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _prune(self, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        try:
            with self._writable(), lock_file(self.folder / _LOCK, wait=False) as alone:
                if not alone:
                    return 1
                self._remove_unfinished()
                return sum([_is_in_use(folder, wanted) for folder in self.folder.iterdir() if folder.is_dir()])
        except StoreError:
            return 0  # somebody else's, or on a disk that cannot be written: not ours to tidy

    def _remove_unfinished(self) -> None:
        """Remove what makers left that were stopped: who has the lock is the only one."""
        for left in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return [f for f in self._root.iterdir() if f.is_dir()] if self._root.is_dir() else []

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(exist_ok=True, mode=0o700)
            self._check_private()
            yield
        except OSError as error:
            where = error.filename or self.folder
            raise StoreError(f"{where}: cannot be written ({error.strerror}); set KG_VIEW_CACHE") from None

    def _check_private(self) -> None:
        found = self.folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            expected = "expected a folder of yours that nobody else may look into (mode 0700)"
            raise StoreError(f"{self.folder}: {expected}; set KG_VIEW_CACHE to another place, or remove it")


def _is_in_use(folder: Path, wanted: Callable[[Mapping[str, Any]], bool]) -> bool:
    """Whether a set that is not wanted is read by somebody; where not, it is removed."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if wanted(orjson.loads((folder / MANIFEST).read_bytes())):
            return False
        if not lock_descriptor(handle, wait=False):
            return True
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)
    return False


def _is_store_missing(store: str) -> bool:
    return store.startswith(FILE_PREFIX) and not Path(store.removeprefix(FILE_PREFIX)).exists()
