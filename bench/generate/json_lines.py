"""How are JSON lines written, so that the same data is the same bytes?"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

WriteRow = Callable[[Any], None]
"""Writes one object as one line."""

_encode = json.JSONEncoder(ensure_ascii=False).encode


@contextmanager
def open_json_lines(path: Path) -> Iterator[WriteRow]:
    """Open `path` for one JSON object a line; a name ending in `.gz` is compressed.

    The bytes that gzip makes of the same lines differ between versions of zlib; the lines do not.
    """
    with path.open("wb") as file, _compressed(file, path) as out:
        yield lambda row: _write(out, row)


def _write(out: BinaryIO, row: object) -> None:
    out.write(_encode(row).encode() + b"\n")


@contextmanager
def _compressed(file: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix != ".gz":
        yield file
        return
    # Neither the file's name nor the time goes into the header: they are no part of the data.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as out:
        yield cast(BinaryIO, out)
