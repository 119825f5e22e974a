"""Finds entities that a file says on several lines."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

_FIRST_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*"([^"\\]*)"')
"""The id of a line that begins with it, without escapes."""
_ID = re.compile(rb'"id"\s*:\s*"((?:[^"\\]|\\.)*)"')


class KeyDigests:
    """Some keys, as sorted digests of eight bytes. It may also contain a key that shares a digest with one of them."""

    def __init__(self, digests: array[int]) -> None:
        self._digests = digests

    @classmethod
    def from_bytes(cls, digests: bytes) -> KeyDigests:
        """The inverse of `to_bytes`, in a process with the same seed of `hash`."""
        return cls(array("q", digests))

    def to_bytes(self) -> bytes:
        """The digests, as another process is sent them."""
        return self._digests.tobytes()

    def __contains__(self, key: object) -> bool:
        if not self._digests or not isinstance(key, str):
            return False
        digest = hash(_encoded(key))
        at = bisect_left(self._digests, digest)
        return at < len(self._digests) and self._digests[at] == digest


def repeated_keys(keys: Iterable[str]) -> KeyDigests:
    """The keys that occur more than once."""
    return KeyDigests(_repeated(array("q", (hash(_encoded(key)) for key in keys)), array("q")))


def survey_ids(lines: Iterable[bytes]) -> tuple[bytes, bytes]:
    """The digests of the ids of lines with one entity, and of those with several, for `repeated_ids`.

    Processes that compare theirs need the same seed of `hash`.
    """
    plain, nested = array("q"), array("q")
    first, add = _FIRST_ID.match, plain.append
    for raw in lines:
        if raw.count(b'"id"') == 1 and (start := first(raw)):
            add(hash(start[1]))
        elif len(found := _ID.findall(raw)) == 1 and b'"op"' not in raw:
            add(hash(_decoded(found[0])))
        elif found:
            _add_ids(raw, plain, nested)
    return plain.tobytes(), nested.tobytes()


def repeated_ids(surveys: Iterable[tuple[bytes, bytes]]) -> KeyDigests:
    """The ids that several lines have. Entities that contain others count as well as those in them."""
    plain, nested = array("q"), array("q")
    for more_plain, more_nested in surveys:
        plain.frombytes(more_plain)
        nested.frombytes(more_nested)
    return KeyDigests(_repeated(plain, nested))


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _decoded(raw: bytes) -> bytes:
    """The bytes of an id whose JSON may have escapes."""
    if b"\\" not in raw:
        return raw
    try:
        return _encoded(str(orjson.loads(b'"%s"' % raw)))
    except orjson.JSONDecodeError:
        return raw  # the reader says what is wrong with the line


def _add_ids(raw: bytes, plain: array[int], nested: array[int]) -> None:
    """Add the id of an entity to `plain`, or those of an entity and the ones in it to `nested`; none of a delta."""
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return
    if not isinstance(data, dict) or "op" in data:
        return
    ids = list(_ids(data))
    inner = plain if len(ids) == 1 else nested
    inner.extend(hash(_encoded(key)) for key in ids)


def _ids(data: dict[str, Any]) -> Iterator[str]:
    """The id of an entity and of those in its properties, at any depth."""
    waiting = [data]
    while waiting:
        entity = waiting.pop()
        if isinstance(key := entity.get("id"), str):
            yield key
        properties = entity.get("properties")
        for values in properties.values() if isinstance(properties, dict) else ():
            waiting += (value for value in values if isinstance(value, dict)) if isinstance(values, list) else ()


def _repeated(plain: array[int], nested: array[int]) -> array[int]:
    """The digests of lines that others have, or that entities in others have."""
    import numpy as np  # here, because a command that loads nothing does not need it

    found = np.sort(np.frombuffer(plain, np.int64)) if plain else np.empty(0, np.int64)
    again = found[1:][found[1:] == found[:-1]]
    within = np.intersect1d(found, np.frombuffer(nested, np.int64)) if nested else found[:0]
    return array("q", np.union1d(again, within).tobytes())
