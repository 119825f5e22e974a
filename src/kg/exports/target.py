"""The files and folders that an export writes; each appears complete or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import InputError, InputLocation
from kg.exports.summary import ExportedFile
from kg.files import follow_links, is_stream, new_file, output_file, publish, rename, write_atomically

if TYPE_CHECKING:
    from typing_extensions import Buffer

MANIFEST = "export.json"
"""Name of the file in every exported folder that lists its contents."""

_BUFFER = 1024 * 1024
_GZIP_SUFFIX = ".gz"


class _HashingWriter(io.RawIOBase):
    """Passes bytes on, and counts and hashes them."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.size = 0
        self.digest = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        piece = bytes(data)
        self._raw.write(piece)
        self.size += len(piece)
        self.digest.update(piece)
        return len(piece)


class ExportTarget:
    """A folder, or a single open file, that is being written."""

    def __init__(self, goal: Path | IO[bytes]) -> None:
        self._stack = ExitStack()
        self._goal = goal
        self._writers: dict[str, _HashingWriter] = {}

    @contextmanager
    def open_files(self) -> Iterator[None]:
        """Files are open within the block, and closed at its end, also after an error."""
        with self._stack:
            yield

    def write_last(self, name: str, data: bytes) -> None:
        """Write a small file after all others; it is not listed in `files`."""
        if isinstance(self._goal, Path):
            write_atomically(self._goal / name, data)

    def open(self, name: str) -> IO[bytes]:
        """Open a file of this name, compressed if it ends in .gz; of a single file, that."""
        raw = self._stack.enter_context(new_file(self._goal / name)) if isinstance(self._goal, Path) else self._goal
        self._writers[name] = counted = _HashingWriter(raw)
        stream: IO[bytes] = self._stack.enter_context(io.BufferedWriter(counted, _BUFFER))
        if not name.endswith(_GZIP_SUFFIX):
            return stream
        # Neither a name nor a time in it: the same graph gives the same bytes.
        packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=stream, mtime=0)
        self._stack.enter_context(packed)
        buffered = io.BufferedWriter(packed, _BUFFER)
        return self._stack.enter_context(buffered)

    def files(self) -> list[ExportedFile]:
        """The files by name; valid once they are closed."""
        return [ExportedFile(name, c.size, c.digest.hexdigest()) for name, c in sorted(self._writers.items())]


@contextmanager
def file_target(path: str) -> Iterator[ExportTarget]:
    """A file that gets its name when it is complete; what is no file, as `-`, is written into and cannot be undone.

    Raises InputError, naming the file, where it cannot be written.
    """
    if not is_stream(path) and Path(path).is_dir():
        raise InputError("is a folder; expected the name of a file", InputLocation(path))
    with _storage_errors(path):
        if not is_stream(path):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        with output_file(path) as file:
            yield ExportTarget(file)


@contextmanager
def folder_target(path: str) -> Iterator[ExportTarget]:
    """As `atomic_folder`, for files that are opened by their names."""
    with atomic_folder(path) as folder:
        yield ExportTarget(folder)


@contextmanager
def atomic_folder(path: str) -> Iterator[Path]:
    """An empty folder beside `path`, renamed to it when it is complete; it replaces only an earlier export.

    Raises InputError, naming the folder, where it cannot be written or holds anything else.
    """
    with _storage_errors(path):
        goal = follow_links(Path(path))
        if goal.exists() and not (goal.is_dir() and ((goal / MANIFEST).is_file() or not any(goal.iterdir()))):
            raise InputError("exists and is no earlier export; name another folder", InputLocation(path))
        with _temporary_folder(goal) as folder:
            inside = folder / goal.name
            inside.mkdir()
            yield inside
            if goal.exists():
                rename(goal, folder / "former")
            publish(inside, goal)


@contextmanager
def _temporary_folder(goal: Path) -> Iterator[Path]:
    """A folder on the same disk that is always removed afterwards."""
    goal.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=goal.parent, prefix=f".{goal.name}.", suffix=".part"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _storage_errors(path: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # nobody reads what is written
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", InputLocation(path)) from None
