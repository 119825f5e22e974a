"""Sets of files that many processes read at once, and their removal."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import orjson

from kg.errors import StoreError
from kg.files import PRIVATE, lock_descriptor, lock_file, publish, write_atomically

Loaded = TypeVar("Loaded")

MANIFEST = "manifest.json"
"""The file of a set that describes the others."""

_LOCK, _UNFINISHED = "lock-", "making-"
"""Prefixes of a lock file, and of a set that is being made; the kind of the set follows."""

FILE_PREFIX = "file "
"""Prefix of the name of a store that is a SQLite file; its path follows."""


class Lease:
    """A complete set of files, which nobody removes while this object exists.

    Files mapped into memory stay readable after that too, until they are unmapped.
    """

    def __init__(self, folder: Path, said: Mapping[str, Any], handle: int) -> None:
        self.folder, self.manifest = folder, said
        weakref.finalize(self, os.close, handle)


class FileCache:
    """Sets of files made from one store, in a folder of its own that only its owner may look into.

    A set is a folder that gets its name when it is complete, so that a partial one is never read. The name begins with
    its kind, such as `view-`; sets of one kind are made one after the other. A reader holds a shared lock on the
    folder; removing it needs an exclusive one. Locks end with the process that holds them.
    """

    def __init__(self, root: Path, store: str) -> None:
        self._root, self._store = root, store
        self.folder = root / hashlib.sha256(store.encode()).hexdigest()[:32]

    def find(self, name: str) -> Lease | None:
        """A complete set; None where there is none, or it is being removed. One whose manifest is damaged is removed.

        Raises StoreError as `ensure` does.
        """
        try:
            self._check_private()
            handle = os.open(self.folder / name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{error.filename}: cannot be read ({error.strerror}); set KG_VIEW_CACHE") from None
        try:
            if lock_descriptor(handle, shared=True, wait=False):
                return Lease(self.folder / name, _read_manifest(self.folder / name), handle)
        except FileNotFoundError:
            pass  # it was removed meanwhile
        except ValueError:
            self.discard(name)
        os.close(handle)
        return None

    def get(self, name: str, load: Callable[[Lease], Loaded]) -> tuple[Loaded, Lease] | None:
        """What `load` reads from a set, with its lease; None where there is no set. A damaged one is removed."""
        lease = self.find(name)
        if lease is None:
            return None
        try:
            return load(lease), lease
        except (OSError, ValueError, KeyError, TypeError):
            self.discard(name)
            return None

    def get_or_make(
        self, name: str, load: Callable[[Lease], Loaded], save: Callable[[Path], Mapping[str, Any]]
    ) -> tuple[Loaded, Lease]:
        """The same; where there is no set, `save` makes one. Raises StoreError where that cannot be written or read."""
        found = self.get(name, load)
        if found is None:
            with self._writable(), lock_file(self._lock(name)):  # nobody removes it before it is read
                self._make(name, save)
                found = self.get(name, load)
        if found is None:
            raise StoreError(f"{self.folder}: what was written there cannot be read back")
        return found

    def ensure(self, name: str, fill: Callable[[Path], Mapping[str, Any]], *, wait: bool = True) -> bool:
        """Make a set, unless it is there; what `fill` returns goes into its manifest. Returns whether it is there now.

        One process at a time makes sets of one kind; without `wait`, False where another one does. Raises StoreError
        where the folder is not this user's alone, or cannot be written.
        """
        with self._writable(), lock_file(self._lock(name), wait=wait) as alone:
            if alone:
                self._make(name, fill)
            return alone or (self.folder / name).is_dir()

    def _make(self, name: str, fill: Callable[[Path], Mapping[str, Any]]) -> None:
        """Make a set, unless it is there; the lock of its kind is held."""
        if (self.folder / name).is_dir():
            return
        kind = _kind(name)
        self._remove_unfinished(kind)
        room = Path(tempfile.mkdtemp(prefix=f"{_UNFINISHED}{kind}-", dir=self.folder))
        try:
            said = {**fill(room), "store": self._store}
            write_atomically(room / MANIFEST, orjson.dumps(said), PRIVATE)
            publish(room, self.folder / name)
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def discard(self, name: str) -> None:
        """Remove a set, whether it is read or not; processes that have mapped it are not disturbed."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def prune(self, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        """Remove the sets that nobody reads and whose manifests are not `wanted`, and those of stores that are gone.

        Returns how many of this store's sets are left because somebody reads them, or is at work here.
        """
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            store = _store_of(folder)
            if _is_store_missing(store) and (other := FileCache(self._root, store)).folder == folder:
                other._prune(lambda said: False)
        return self._prune(wanted)

    def remove(self, kind: str, which: Callable[[Path], bool]) -> int:
        """Remove those sets of a kind of which `which` is true, given the folder, once none is being made.

        Returns how many are left because somebody reads them. Raises StoreError as `ensure` does.
        """
        if not self.folder.is_dir():
            return 0
        with self._writable(), lock_file(self._lock(kind)):
            self._remove_unfinished(kind)
            return sum(_is_in_use(f) for f in self._folders() if _kind(f.name) == kind and which(f))

    def clear(self) -> None:
        """Remove all sets of this store, whether they are read or not."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _prune(self, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        try:
            with self._writable():
                kinds = {_kind(folder.name.removeprefix(_UNFINISHED)) for folder in self._folders()}
                return sum(self._prune_kind(kind, wanted) for kind in sorted(kinds))
        except StoreError:
            return 0  # another user's, or on a disk that cannot be written: not ours to prune

    def _prune_kind(self, kind: str, wanted: Callable[[Mapping[str, Any]], bool]) -> int:
        with lock_file(self._lock(kind), wait=False) as alone:
            if not alone:
                return 1
            self._remove_unfinished(kind)
            return sum([_is_in_use(folder, wanted) for folder in self._folders() if _kind(folder.name) == kind])

    def _folders(self) -> list[Path]:
        return [folder for folder in self.folder.iterdir() if folder.is_dir()]

    def _lock(self, name: str) -> Path:
        return self.folder / f"{_LOCK}{_kind(name)}"

    def _remove_unfinished(self, kind: str) -> None:
        """Remove sets that a stopped process left unfinished; the lock excludes running ones."""
        for left in self.folder.glob(f"{_UNFINISHED}{kind}-*"):
            shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(exist_ok=True, mode=0o700)
            self._check_private()
            yield
        except OSError as error:
            where = error.filename or self.folder
            reason = error.strerror or f"is the disk full? {error}"  # numpy does not say why a file is too short
            raise StoreError(f"{where}: cannot be written ({reason}); set KG_VIEW_CACHE") from None

    def _check_private(self) -> None:
        found = self.folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            expected = "expected a folder of yours that nobody else may look into (mode 0700)"
            raise StoreError(f"{self.folder}: {expected}; set KG_VIEW_CACHE to another place, or remove it")


def _kind(name: str) -> str:
    return name.partition("-")[0]


def _is_in_use(folder: Path, wanted: Callable[[Mapping[str, Any]], bool] = lambda said: False) -> bool:
    """Whether an unwanted set is being read; if not, it is removed, and so is one whose manifest is damaged."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with suppress(FileNotFoundError, ValueError):
            if wanted(_read_manifest(folder)):
                return False
        if not lock_descriptor(handle, wait=False):
            return True
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)
    return False


def _read_manifest(folder: Path) -> dict[str, Any]:
    """What a set says of itself. Raises ValueError for a damaged one."""
    said = orjson.loads((folder / MANIFEST).read_bytes())
    if not isinstance(said, dict):
        raise ValueError(said)
    return said


def _store_of(folder: Path) -> str:
    """The store of which a folder says that it has sets; empty for one that is none of ours, which stays as it is."""
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        with suppress(OSError, ValueError):
            return str(_read_manifest(manifest.parent).get("store", ""))
    return ""


def _is_store_missing(store: str) -> bool:
    return store.startswith(FILE_PREFIX) and not Path(store.removeprefix(FILE_PREFIX)).exists()
