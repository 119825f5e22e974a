"""Write files whole or not at all, and lock them against other processes."""

# The locks are those of `flock`: kg runs on Linux and macOS, not on Windows.

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_file(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A new file that replaces the one at `path` when the block ends, and is removed if the block fails.

    Until then it lies beside `path`, so that a reader finds the old file or the new one. `mode` has its permissions,
    less the umask. Raises OSError.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
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
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
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


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
