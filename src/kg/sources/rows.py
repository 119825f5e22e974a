"""Rows of source files: their rejects, and the checks of their keys and values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize

import orjson

from kg.ontology import Ontology
from kg.ontology.model import HANDLINGS
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.ontology.words import closest, fold_word
from kg.records import CREDIBILITIES, RELIABILITIES, Record, Reject, Reverse, UnreadValue

Progress = Callable[[int], None]
"""Called with the number of bytes read from the file on disk since the last call."""

ValueCheck = Callable[[str], str]
"""From a value of a property to what is wrong with it; empty when nothing is."""

MAX_KEY = 2_000
"""Longest key, in characters."""

MAX_DEPTH = 100
"""Deepest nesting of a row of JSON; the JSON writer has a limit."""

GRADES: Mapping[str, Sequence[str]] = {
    "reliability": RELIABILITIES,
    "credibility": CREDIBILITIES,
    "handling": HANDLINGS,
}
"""Name of a grade that a claim may have to its values, the best or most open first."""

_HANDLING = ("handling",)
_NO_JSON = re.compile(rb"[:,\[]\s*(NaN|-?Infinity)\b")
"""What Python writes for numbers that JSON does not have."""

_PYTHON = re.compile(rb"\s*\[?\s*\{\s*'")
"""How a dict of Python begins that was printed."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def ignore_progress(_: int) -> None:
    """For callers that show no progress."""


def no_statement(_: str) -> str:
    """For callers without a ledger, in which nothing is in force."""
    return ""


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What every reader is given besides its files."""

    ontology: Ontology
    namespace: str
    """The namespace of the source's keys."""
    progress: Progress = ignore_progress
    invented: bool = False
    """Whether the source declares that all of it is invented: then its identifiers are nobody's on purpose."""
    day: str = ""
    """The day of the load, after which nobody is born yet; empty where nothing is loaded."""
    delta: bool = False
    """Whether the files change what the source said before, so that a reader may take rows of earlier files back."""
    stated_in_force: Callable[[str], str] = no_statement
    """For a delta, the newest day on which the source stated what is in force under a key; empty for none known."""
    reverse: Reverse = ""
    """The sign of amounts by which whoever loads the files says who paid."""


class SourceRow(NamedTuple):
    """The position of a row in its file, and its bytes."""

    file: str
    line: int
    raw: bytes
    cells: Mapping[str, str] | None = None
    """The cells of a sheet that people fill in, by column, empty ones too."""
    element: int = 0
    """The number, from 1, of an object that shares its line with others of a list; 0 where the line tells."""

    def reject(self, reason: str) -> Reject:
        """A reject of the whole row."""
        return Reject(self.file, self.line, reason, self.text(), cells=self.cells, cell=self._element())

    def remark(self, reason: str) -> Reject:
        """A remark on what was read: nothing is rejected, and a strict load stops."""
        return replace(self.reject(reason), whole=False)

    def _element(self) -> str:
        return f"element {self.element}" if self.element else ""

    def reject_json(self, error: orjson.JSONDecodeError) -> Reject:
        """A reject of a row that is not JSON."""
        found = _NO_JSON.search(self.raw)
        why = f"{found[1].decode()} is no number of JSON; write null, or leave it out" if found else error.msg
        try:
            self.raw.decode()
        except UnicodeDecodeError:
            why = "its letters are not UTF-8; save the file as UTF-8 (it may be Windows-1252)"
        if _PYTHON.match(self.raw):
            why = "it is written as Python shows it, with single quotes; write it with json.dumps"
        return self.reject(f"cannot be read as JSON: {why}")

    def reject_value(self, name: str, value: object, reason: str, about: str = "") -> Reject:
        """A reject of one value; the rest of the row is read. `about` is as `UnreadValue.property`."""
        problem = f"property {name}, value {quote_value(value)}: {reason}"
        words = UnreadValue(name, about, "" if value is None else json_text(value))
        return Reject(self.file, self.line, problem, self.text(), whole=False, value=words, cell=self._element())

    def reject_hidden(self, reason: str) -> Reject:
        """A reject of the whole row, for the protected scope alone."""
        return Reject(self.file, self.line, reason, self.text(), cells=self.cells, protected=True)

    def parse_object(self) -> dict[str, Any] | Reject:
        """The JSON object that the row is; a reject where it is none, too deep, or repeats a key."""
        try:
            data = orjson.loads(self.raw)
        except orjson.JSONDecodeError as error:
            text = self.raw.rstrip()
            if not text.endswith(b"},"):  # a row of an array whose brackets are gone
                return self.reject_json(error)
            return self._replace(raw=text[:-1]).parse_object()
        if not isinstance(data, dict):
            return self.reject("expected a JSON object")
        problem = json_problem(self.raw, data)
        return self.reject(problem) if problem else data

    def clean(self, name: str, value: str, value_type: str, rejects: list[Reject], about: str = "") -> str:
        """The canonical text of a value; empty, with a reject, where it is not of this value type."""
        try:
            return VALUE_TYPES[value_type].clean(value)
        except BadValue as error:
            rejects.append(self.reject_value(name, value, str(error), about))
            return ""

    def text(self) -> str:
        """The row as text; bytes that are not UTF-8 are shown as `\\xNN`."""
        return self.raw.decode("utf-8", "backslashreplace")


def json_problem(raw: bytes, data: dict[str, Any]) -> str:
    """What is wrong with a JSON object that was parsed as `data`; empty when nothing is.

    Of a key that occurs twice in one object a parser keeps the last value, and no value may be lost silently. Counting
    shows for most rows that no key is repeated.
    """
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _is_deeper(data, MAX_DEPTH):
        return f"expected JSON nested at most {MAX_DEPTH} deep"
    names = len(data) + sum(len(value) for value in data.values() if type(value) is dict)
    written = raw.count(b'":')
    if written in (names, _count_names(data) if written > names else names):
        return ""
    twice: list[str] = []
    json.loads(raw, object_pairs_hook=lambda pairs: _collect_duplicates(pairs, twice))
    return f"key {twice[0]!r:.80} occurs more than once in one object" if twice else ""


def _is_deeper(data: object, left: int) -> bool:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return left == 0 or any(_is_deeper(value, left - 1) for value in inner if isinstance(value, dict | list))


def _count_names(data: dict[str, Any]) -> int:
    """The keys of an object and of all objects in it."""
    count, waiting = 0, list[Any]([data])
    for found in waiting:  # it grows
        is_object = type(found) is dict
        count += len(found) if is_object else 0
        inner = found.values() if is_object else found
        waiting += [value for value in inner if type(value) is dict or type(value) is list]
    return count


def _collect_duplicates(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice += (name for name in found if names.count(name) > 1)
    return found


class PropertyChecks:
    """The checks of the values of each type's properties; each is built once."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._known: dict[str, Mapping[str, ValueCheck]] = {}

    def of_type(self, type_name: str) -> Mapping[str, ValueCheck]:
        """Property name to its check, for a node or link type."""
        if type_name not in self._known:
            properties = self._ontology.properties(type_name)
            self._known[type_name] = {name: prop.problems.__getitem__ for name, prop in properties.items()}
        return self._known[type_name]

    def validate(
        self, row: SourceRow, type_name: str, claimed: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, list[str]], list[Reject]]:
        """The values that the ontology accepts, and a reject for each that it does not."""
        checks, rejects = self.of_type(type_name), list[Reject]()
        kept: dict[str, list[str]] = {}
        for name, values in claimed.items():
            check = checks[name]
            if not any(map(check, values)):
                if values:
                    kept[name] = list(values)
                continue
            if valid := [value for value in values if not check(value)]:
                kept[name] = valid
            rejects += (row.reject_value(name, value, problem, name) for value in values if (problem := check(value)))
        return kept, rejects


def keep_unread(record: Record, rejects: Iterable[Reject]) -> None:
    """Keep the words of rejected values with the record that they were said in."""
    if found := {reject.value for reject in rejects if reject.value and reject.value.words.strip()}:
        record.not_understood = tuple(sorted({*record.not_understood, *found}))


def json_text(value: object) -> str:
    """A value of JSON as text."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=4_096)
def may_be_handling(name: str) -> bool:
    """Whether the name of a property or key may mean a handling code, which must not become one that nothing reads."""
    return bool(closest(fold_word(name).removesuffix(" code"), _HANDLING))


def as_object(value: object) -> dict[str, Any]:
    """A value of JSON where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def texts_under(row: SourceRow, *names: str) -> Iterator[str]:
    """Each text that JSON in a row has under one of the names, at any depth; none where it is no JSON."""
    try:
        waiting = [orjson.loads(row.raw.rstrip().removesuffix(b","))]
    except orjson.JSONDecodeError:
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            yield from (text for name in names if isinstance(text := value.get(name), str))


def key_problem(key: object) -> str:
    """What is wrong with the key of a row or of a link's end; empty when nothing is."""
    if isinstance(key, str) and len(key) <= MAX_KEY and key.strip() and (key.isprintable() or not _CONTROL.search(key)):
        return ""
    return f"expected text of 1 to {MAX_KEY} characters without control characters"


def key_form(key: str) -> str:
    """A key that people write, in the composed form of Unicode: an accent may be a sign of its own in the next file."""
    return key if key.isascii() else normalize("NFC", key)


def quote_names(data: Mapping[str, object], limit: int = 5) -> str:
    """The names of some keys, to be shown in messages."""
    names = [quote_value(name, 40) for name in [*data][:limit]]
    return ", ".join(names) + (" …" if len(data) > limit else "")


def quote_value(value: object, limit: int = 80) -> str:
    """A value as it is shown in messages."""
    text = value if isinstance(value, str) else json_text(value)
    return repr(text if len(text) <= limit else f"{text[: limit - 1]}…")
