"""What has a nested row said so far, and what of it is left?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from kg.records import OPEN, Record, Ref, Reject, Said
from kg.sources.rows import Checks, Row

Texts = dict[str, list[str]]


class Gathering:
    """The records and rejects that one row gives, as they come together.

    What is taken from a JSON object is gone from it, so that what is left at the end can be kept as it is.
    """

    def __init__(self, row: Row, checks: Checks, namespace: str) -> None:
        self._row = row
        self._checks = checks
        self._namespace = namespace
        self.said: Said = OPEN
        self.found: list[Record | Reject] = []

    def ref(self, key: str) -> Ref:
        """The name of a thing of this source."""
        return Ref(self._namespace, key)

    def node(self, key: str, kind: str, properties: Mapping[str, Sequence[str]], other: Texts) -> None:
        """Claim a node."""
        self._add(Record(key, kind, properties, other=other))

    def about(self, of: tuple[str, str], named: str, kind: str, properties: Texts, other: Texts) -> None:
        """Say more, under the row's own key, of the thing that another key names; `of` is as for a link."""
        self._add(Record(of[0], kind, properties, of[1], other=other, referents=(named,)))

    def link(
        self,
        of: tuple[str, str],
        kind: str,
        ends: tuple[Ref, Ref],
        properties: Mapping[str, Sequence[str]] | None = None,
        other: Texts | None = None,
    ) -> None:
        """Claim a link; `of` are the row's key and which of its claims this is."""
        self._add(Record(of[0], kind, properties or {}, of[1], ends, other or {}))

    def refuse(self, reason: str) -> None:
        """Give nothing but a reject of the whole row."""
        self.found = [self._row.reject(reason)]

    def reject(self, name: str, value: object, reason: str) -> None:
        """Set one value aside."""
        self.found.append(self._row.set_aside(name, value, reason))

    def cleaned(self, name: str, value: str, kind: str) -> str:
        """The canonical text of a value; empty, and set aside, where it is none of its kind."""
        rejects: list[Reject] = []
        text = self._row.cleaned(name, value, kind, rejects) if value else ""
        self.found += rejects
        return text

    def text(self, data: dict[str, Any], name: str) -> str:
        """Take a text or number out of an object; empty where there is none."""
        value = data.pop(name, None)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return plain(value)
        self.reject(name, value, "expected text")
        return ""

    def inner(self, data: dict[str, Any], name: str) -> dict[str, Any]:
        """Take an object out of an object; empty where there is none."""
        value = data.pop(name, None)
        if isinstance(value, dict):
            return dict(value)
        if value is not None:
            self.reject(name, value, "expected a JSON object")
        return {}

    def several(self, data: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """Take a list of objects out of an object."""
        return [dict(v) for v in self._listed(data, name) if self._is(v, dict, name, "expected a JSON object")]

    def texts(self, data: dict[str, Any], name: str) -> list[str]:
        """Take a list of texts out of an object, each once."""
        found = (v.strip() for v in self._listed(data, name) if self._is(v, str, name, "expected text"))
        return list(dict.fromkeys(v for v in found if v))

    def _listed(self, data: dict[str, Any], name: str) -> list[Any]:
        value = data.pop(name, None)
        if value is None or isinstance(value, list):
            return value or []
        self.reject(name, value, "expected a list")
        return []

    def _is(self, value: object, kind: type, name: str, reason: str) -> bool:
        if not isinstance(value, kind):
            self.reject(name, value, reason)
        return isinstance(value, kind)

    def _add(self, record: Record) -> None:
        claimed = {name: values for name, values in record.properties.items() if any(values)}
        record.properties, rejects = self._checks.sift(self._row, record.type, claimed)
        record.said, record.line = self.said, self._row.line
        self.found += [*rejects, record]


def left(data: Mapping[str, Any], *known: str) -> Texts:
    """What nothing has taken, under the row's own names; without empty values and those named `known`."""
    return {
        name: [plain(value)] for name, value in data.items() if name not in known and value not in (None, "", [], {})
    }


def plain(value: object) -> str:
    """A value of JSON as text."""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
