"""Which lines of the files of a load are new, so that only they have to be read."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from functools import partial
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import orjson

from kg.errors import InputError
from kg.ledger.stage.line_cache import LineCache
from kg.operations.ledger.chunk_reader import ReaderSetup
from kg.resources import code_digest
from kg.sources import Connector, ReadContext
from kg.sources.files.chunks import FileChunks, LineChunk
from kg.sources.line_reader import LineReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIN_SIZE = 1024 * 1024
"""Lines of files of fewer bytes in all are read each time: what they gave is not cached."""

MAX_SHARE = 0.2
"""If a larger part of the lines is new, all are read: most of a source's records are then new as well."""


def line_digest_key(connector: Connector, context: ReadContext) -> bytes:
    """The key of the digests of lines: lines that something else reads, or reads otherwise, are other lines."""
    libraries = sys.version, orjson.__version__  # Python has the tables of Unicode
    parts = (code_digest(), libraries, context.ontology.digest, connector.name, context.namespace, context.invented)
    return blake2b(repr(parts).encode(), digest_size=32).digest()


class _FileLines(NamedTuple):
    """The lines of files that are not blank, in their order."""

    chunks: list[LineChunk]
    ends: list[int]
    """For each chunk how many lines it and those before it have."""
    numbers: array[int]
    """For each line its number in the file."""
    digests: bytearray


def changed_chunks(setup: ReaderSetup, reader: LineReader, lines: LineCache) -> list[LineChunk] | None:
    """The chunks of the files with those lines that have to be read; the others are kept in `lines`.

    None where all lines have to be read: where nothing is cached, most lines are new, or a file has an error.
    """
    if not lines.has_lines:
        return None
    import numpy as np

    try:
        found = _read_digests(setup)
    except InputError:
        return None  # who reads all lines tells it in its place
    if not found.numbers:
        return None
    places = lines.find(found.digests)
    is_new = places < 0
    if is_new.mean() > MAX_SHARE:
        return None
    line_of = np.full(places.max() + 1, -1)
    line_of[places[~is_new]] = np.flatnonzero(~is_new)
    asked = _chosen(found, np.flatnonzero(is_new))
    while asked and len(line_of):
        keys = {key for chunk in asked for row in chunk.rows() for key in reader.shared_keys(row)}
        owned = [place for place in sorted(lines.owners(keys)) if place < len(line_of)]
        more = line_of[owned]
        more = np.sort(more[(more >= 0) & ~is_new[more]])
        is_new[more] = True
        asked = _chosen(found, more)
    if is_new.mean() > MAX_SHARE:
        return None
    kept, names = np.flatnonzero(~is_new), [setup.inputs.place_shown(chunk.file) for chunk in found.chunks]
    chunk_of, numbers = np.searchsorted(found.ends, kept, side="right"), np.frombuffer(found.numbers, np.int64)[kept]
    lines.keep(places[kept], names, chunk_of, numbers)
    return _chosen(found, np.flatnonzero(is_new))


def _read_digests(setup: ReaderSetup) -> _FileLines:
    """The digests of all lines. Raises InputError as their reader does."""
    files, found = FileChunks(), _FileLines([], [], array("q"), bytearray())
    extend, add = found.digests.extend, found.numbers.append
    for path in setup.files:
        for chunk in files.cut(path):
            blank = list[int]()
            for row, digest in setup.line_digests(chunk.rows(blank.append)):
                extend(digest)
                add(row.line)
            found.chunks.append(chunk)
            found.ends.append(len(found.numbers))
            files.add_blank(chunk, sum(blank))
    return found


def _chosen(found: _FileLines, lines: NDArray[np.int64]) -> list[LineChunk]:
    """The chunks of some lines, which are given by their places in order, with those lines alone."""
    places = lines.tolist()
    grouped = groupby(places, key=partial(bisect_right, found.ends))
    return [found.chunks[n]._replace(only=tuple(found.numbers[at] for at in group)) for n, group in grouped]
