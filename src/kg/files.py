"""Every file that kg writes: whole or not at all, for its owner alone, and locked against other processes."""

# The locks are those of `flock`: kg runs on Linux and macOS, not on Windows.

from __future__ import annotations

import errno
import fcntl
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

STDOUT = "-"
"""The name of standard output where a command expects a file."""

PRIVATE = 0o600
"""The mode of files that nobody but their owner ever reads, whatever KG_UMASK says."""

_MODIFIED = rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)"
_FIRST_DAY = "1980-01-01"
"""The first day that a zip archive can state."""
_NOT_IN_OFFICE_FILES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_LOCK_POLL = 0.002
_BLOCK = 1 << 20

DEFAULT_UMASK = "077"

_DESCRIPTOR = re.compile(r"(?:/dev|/proc/(?:self|thread-self))/fd/([0-9]{1,6})")
_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_MAX_LINKS = 40


def parse_umask(text: str) -> int:
    """The permissions that KG_UMASK takes away, as octal digits. Raises ValueError."""
    if not re.fullmatch("[0-7]{1,4}", text) or int(text, 8) > 0o777:
        raise ValueError("expected octal digits, such as 077 or 027")
    if int(text, 8) & 0o700:
        raise ValueError("expected to leave the owner all permissions, as 077 or 027 does")
    return int(text, 8)


def restrict_new_files(umask: str) -> None:
    """Let every file and folder that this process and its children create be for its owner alone.

    Called when a process starts; `umask` is the setting KG_UMASK. Raises ValueError.
    """
    os.umask(parse_umask(umask))


def surplus_permissions(path: Path) -> str:
    """The mode of a file that grants more than new files get, such as 0644; empty if it does not, or cannot be read."""
    allowed = os.umask(0o077)
    os.umask(allowed)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:  # whoever opens the file says what is wrong with it
        return ""
    return f"{mode:04o}" if mode & allowed & 0o077 else ""


def follow_links(path: Path) -> Path:
    """The path to which symbolic links lead; that of an open descriptor, such as /dev/stdout, is left as it is."""
    for _ in range(_MAX_LINKS):
        if descriptor_number(path) is not None or not path.is_symlink():
            return path
        path = Path(os.path.abspath(path.parent.resolve() / path.readlink()))  # noqa: PTH100  # `..` after links only
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def descriptor_number(path: Path) -> int | None:
    """The open descriptor that a path such as /dev/stdout or /dev/fd/3 names; None for any other path."""
    found = _DESCRIPTOR.fullmatch(str(path))
    return int(found[1]) if found else _STANDARD.get(str(path))


def is_stream(name: str) -> bool:
    """Whether what is written there cannot be taken back: `-`, an open descriptor, a device or a FIFO."""
    if name == STDOUT:
        return True
    path = follow_links(Path(name))
    return descriptor_number(path) is not None or (path.exists() and not path.is_file() and not path.is_dir())


def is_stdout(name: str) -> bool:
    """Whether what is written there comes out of standard output, where nothing else may be printed then."""
    if not is_stream(name):
        return False
    path = follow_links(Path(name))
    if name == STDOUT or descriptor_number(path) == 1:
        return True
    try:
        return os.path.samestat(path.stat(), os.fstat(1))
    except OSError:
        return False


@contextmanager
def output_file(name: str) -> Iterator[BinaryIO]:
    """The file that a person named, as `atomic_file`; `-` is standard output. Raises OSError."""
    if name == STDOUT:
        yield from _standard_output()
    else:
        with atomic_file(Path(name)) as file:
            yield file


@contextmanager
def atomic_file(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A new file that replaces the one at `path` when the block ends, and is removed if the block fails.

    Until then it lies beside `path`, so that a reader finds the old file or the new one. `mode` has its permissions,
    less the umask. Symbolic links are followed: they stay, and the file they lead to is replaced. What is no file, as
    /dev/stdout, a terminal or a FIFO, is never replaced but written into. Raises OSError.
    """
    path = follow_links(path)
    if is_stream(str(path)):
        yield from _stream(path)
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    partial = path.with_name(f".{path.name[-100:]}.{os.urandom(4).hex()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        publish(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: bytes, mode: int = 0o666) -> Path:
    """Replace the file at `path` by one with this content; returns the path. Raises OSError."""
    with atomic_file(path, mode) as file:
        file.write(content)
    return path


def new_file(path: Path, mode: int = 0o666) -> BinaryIO:
    """A file that did not exist, open for writing. Raises FileExistsError, also for a link, and OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")


def append_to_file(path: Path, content: bytes) -> None:
    """Add to the end of a file of ours, which is created if need be. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o666), "ab") as file:
        file.write(content)


def log_file(path: Path) -> BinaryIO:
    """An empty file of ours for the output of another process. Raises OSError."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, PRIVATE), "wb")


def overwrite_and_remove(path: Path) -> None:
    """Overwrite a file with zeros, sync that and remove it. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), "wb") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, _BLOCK)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def pack_archive(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of some files by name, in this order; the same files give the same bytes."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = ZipInfo(name)  # of the first day that a zip archive can state
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def office_file(save: Callable[[BinaryIO], None], day: str = _FIRST_DAY) -> bytes:
    """What an office library saves, with a day instead of the moment at which it was made."""
    from datetime import datetime
    from io import BytesIO

    stream = BytesIO()
    save(stream)
    moment = datetime.fromisoformat(day).strftime("%Y-%m-%dT00:00:00Z").encode()
    parts, name = unpack_archive(stream.getvalue()), "docProps/core.xml"
    parts[name] = re.sub(_MODIFIED, lambda found: found[1] + moment + found[3], parts[name])
    return pack_archive(parts)


def office_text(text: str) -> str:
    """A text without the characters that no part of an Office file may hold."""
    return _NOT_IN_OFFICE_FILES.sub("\ufffd", text)


def unpack_archive(content: bytes) -> dict[str, bytes]:
    """The files of a zip archive of our own."""
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rename(path: Path, target: Path) -> None:
    """Rename a file or folder, on the same file system; a file at `target` is replaced. Raises OSError."""
    path.replace(target)


def link(path: Path, target: Path) -> None:
    """Give a file a second name, on the same file system. Raises OSError."""
    os.link(path, target)


def publish(complete: Path, path: Path) -> None:
    """Rename a complete file or folder to `path`, on the same file system, so that it outlives a power failure.

    A file at `path` is replaced; a folder there has to be gone or empty. Raises OSError.
    """
    if complete.is_dir():
        for folder, _, names in os.walk(complete):
            for name in (*names, ""):
                _sync(Path(folder, name))
    else:
        _sync(complete)
    complete.replace(path)
    _sync(path.parent)


@contextmanager
def lock_file(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the exclusive lock of the file at `path`, which is created if need be; the lock ends with the process.

    Yields whether it is held: without `wait`, False where another process holds it. Raises OSError.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
    try:
        yield lock_descriptor(descriptor, wait=wait)
    finally:
        os.close(descriptor)


def lock_descriptor(descriptor: int, *, shared: bool = False, wait: bool = True) -> bool:
    """Lock an open file or folder until it is closed; without `wait`, False where another process holds a lock."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def lock_within(descriptor: int, seconds: float) -> None:
    """Lock an open file until it is closed. Raises TimeoutError where another process keeps the lock for longer."""
    end = time.monotonic() + seconds
    while not lock_descriptor(descriptor, wait=False):
        if time.monotonic() > end:
            raise TimeoutError(errno.ETIMEDOUT, "another process keeps it locked")
        time.sleep(_LOCK_POLL)


def _standard_output() -> Iterator[BinaryIO]:
    sys.stdout.flush()
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _stream(path: Path) -> Iterator[BinaryIO]:
    """What is no file, open for writing, as it is. Raises OSError for a block device and a socket too."""
    number = descriptor_number(path)
    if number == 1:
        yield from _standard_output()
        return
    try:
        if number is not None:
            descriptor = os.dup(number)
        elif stat.S_ISBLK(path.stat().st_mode):
            raise OSError(errno.EPERM, "is a block device, which kg does not write to")
        elif stat.S_ISSOCK(path.stat().st_mode):
            raise OSError(errno.ENXIO, "is a socket, which kg does not write to")
        else:
            descriptor = os.open(path, os.O_WRONLY | os.O_NOCTTY)  # a FIFO: waits for its reader
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    with os.fdopen(descriptor, "wb") as file:
        yield file


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
