"""Which records does each source of the demo case set have?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
End = str | tuple[str, str]
"""A key of the namespace, or a pair such as ("jurisdiction", "US")."""
PropertyValue = str | Sequence[str]

NAMESPACE = "demo"


@dataclass(frozen=True)
class Source:
    """One source of the set: a file."""

    name: str
    title: str
    defaults: Mapping[str, str]
    """Grades and handling of its records where a record states no others."""
    format: str = "records"

    @property
    def file(self) -> str:
        """The name of its file."""
        short = self.name.removeprefix("demo-")
        return f"{short}.ftm.jsonl" if self.format == "ftm" else f"{short}.records.jsonl"


SOURCES = (
    Source("demo-list", "The list, warrants and notices (invented)", {"reliability": "B", "credibility": "3"}),
    Source("demo-registry", "Registers of companies in many places (invented)", {}, "ftm"),
    Source("demo-kin", "Civil status and immigration papers (invented)", {"reliability": "B", "credibility": "2"}),
    Source("demo-land", "Land registers (invented)", {"reliability": "A", "credibility": "1"}),
    Source(
        "demo-bank",
        "Bank records and payments (invented)",
        {"reliability": "A", "credibility": "2", "handling": "restricted"},
    ),
    Source("demo-court", "Courts: files, measures and requests (invented)", {"reliability": "A", "credibility": "2"}),
    Source("demo-press", "Press reports (invented)", {"reliability": "D", "credibility": "4"}),
)
"""In the order in which they are loaded."""


class RecordBook:
    """All records so far, by source, and the keys in use."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {source.name: [] for source in SOURCES}
        self._numbers: Counter[str] = Counter()

    def key(self, prefix: str) -> str:
        """The next key with a prefix, such as `owns-0001`."""
        self._numbers[prefix] += 1
        return f"{prefix}-{self._numbers[prefix]:04d}"

    def writer(self, source: str, **said: str) -> SourceWriter:
        """A voice of a source; `said` has `stated`, `origin`, `url`, or grades that differ from the usual."""
        found = next(s for s in SOURCES if s.name == source and s.format == "records")
        return SourceWriter(self, source, {**found.defaults, **said})


@dataclass(frozen=True)
class SourceWriter:
    """One paper of one source, making claims."""

    book: RecordBook
    source: str
    provenance: Mapping[str, str]

    def node(self, key: str, kind: str, /, **properties: PropertyValue) -> str:
        """Claim a node; its key."""
        self._put({"key": key, "type": kind, "properties": as_lists(properties)})
        return key

    def link(self, kind: str, tail: End, head: End, /, **properties: PropertyValue) -> str:
        """Claim a link; its key."""
        key = self.book.key(kind.lower().replace("_", "-"))
        ends = {"from": _json_end(tail), "to": _json_end(head)}
        self._put({"key": key, "type": kind, **ends, "properties": as_lists(properties)})
        return key

    def restate(self, link: Row, **properties: PropertyValue) -> None:
        """Claim something about a link that another source claimed already in `link`."""
        if "schema" in link:
            tail, head = (link["properties"][end][0] for end in ("owner", "asset"))
            # A FollowTheMoney edge may have several ends; each pair of them is a part of its own.
            known = {"key": link["id"], "part": f"{tail}→{head}", "type": "OWNS", "from": tail, "to": head}
        else:
            known = {name: link[name] for name in ("key", "type", "from", "to")}
        self._put({**known, "properties": as_lists(properties)})

    def with_provenance(self, **said: str) -> SourceWriter:
        """The same source, saying it otherwise."""
        return SourceWriter(self.book, self.source, {**self.provenance, **said})

    def _put(self, row: Row) -> None:
        self.book.rows[self.source].append({**row, **{name: text for name, text in self.provenance.items() if text}})


def as_lists(properties: Mapping[str, PropertyValue]) -> dict[str, list[str]]:
    """Each value as a list, what is empty left out."""
    lists = {name: [given] if isinstance(given, str) else list(given) for name, given in properties.items()}
    return {name: kept for name, values in lists.items() if (kept := [v for v in values if v])}


def jurisdiction_end(code: str) -> tuple[str, str]:
    """The end of a link that is a jurisdiction."""
    return ("jurisdiction", code)


def _json_end(end: End) -> str | list[str]:
    return end if isinstance(end, str) else list(end)
