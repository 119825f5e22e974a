"""What does a source claim, and what does the graph make of it?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

ID_LENGTH = 26
"""Characters of a canonical id: 130 bits of the SHA-256, in lowercase base32."""

RELIABILITIES = ("A", "B", "C", "D", "E", "F")
"""How reliable a source is, A best; F means unknown, not low."""

CREDIBILITIES = ("1", "2", "3", "4", "5", "6")
"""How credible a piece of information is, 1 best; 6 means unknown, not low."""


class Ref(NamedTuple):
    """A name that a namespace gives to a thing. Sources that share a namespace mean the same thing by one key."""

    namespace: str
    key: str


JURISDICTION_NAMESPACE = "jurisdiction"
"""The namespace of curated keys: a jurisdiction's code means the same in every source."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a source stands behind a claim; empty where it does not say."""

    origin: str = ""
    """What the claim goes back to; copies of one origin count once."""
    reliability: str = ""
    """Of the source, A to F."""
    credibility: str = ""
    """Of the information, 1 to 6."""
    handling: str = "open"
    """Handling code: open, restricted or protected."""
    stated: str = ""
    """When the source said it; a date, maybe partial."""
    url: str = ""
    """Where the source said it."""
    datasets: tuple[str, ...] = ()
    """Provenance inside the source, such as FollowTheMoney datasets."""

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the defaults."""
        if self is NO_PROVENANCE:
            return {}
        return {
            name: _json_value(value) for name, usual in _DEFAULTS.items() if (value := getattr(self, name)) != usual
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Provenance:
        """The inverse of `to_json`."""
        fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**fields)


_DEFAULTS: dict[str, Any] = {
    "origin": "",
    "reliability": "",
    "credibility": "",
    "handling": "open",
    "stated": "",
    "url": "",
    "datasets": (),
}

NO_PROVENANCE = Provenance()

Values = Mapping[str, Sequence[str]]
"""Property name to values, as the source wrote them."""


@dataclass(slots=True)
class Record:
    """One source's claim about one node (`ends` is None) or one link.

    `key` is the source's own key of the row that says it, `part` which of the row's claims this is: empty for the
    thing itself. A source replaces or withdraws its rows by key.
    """

    key: str
    type: str
    properties: Values
    part: str = ""
    ends: tuple[Ref, Ref] | None = None
    other: Values = field(default_factory=dict)
    """Values the ontology has no property for, under the source's own names."""
    referents: tuple[str, ...] = ()
    """Other keys of the same namespace by which the source knows this thing."""
    provenance: Provenance = NO_PROVENANCE
    line: int = 0
    """Line of the file that says it, from 1; 0 where there are no lines. Not part of the claim."""

    def body(self) -> dict[str, Any]:
        """What the ledger keeps besides key, part, type and ends; empty parts are left out."""
        parts: dict[str, Any] = {}
        if self.properties and (properties := {k: list(v) for k, v in self.properties.items() if v}):
            parts["properties"] = properties
        if self.other and (other := {k: list(v) for k, v in self.other.items() if v}):
            parts["other"] = other
        if self.referents:
            parts["referents"] = list(self.referents)
        if said := self.provenance.to_json():
            parts["said"] = said
        return parts


@dataclass(frozen=True, slots=True)
class Deletion:
    """A row that a delta takes back, by the source's own key; what it says of it afterwards replaces it."""

    key: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Somebody's decision that two names mean one thing (`same`) or two (`distinct`)."""

    number: int
    kind: str
    one: Ref
    other: Ref
    by: str
    why: str
    day: str
    undone: str = ""
    """Day on which it was taken back; empty while it stands."""
    undone_by: str = ""
    undone_why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        ends = {"one": list(self.one), "other": list(self.other)}
        said = {"by": self.by, "why": self.why, "day": self.day}
        undone = {"undone": self.undone, "undone_by": self.undone_by, "undone_why": self.undone_why}
        return {"number": self.number, "kind": self.kind, **ends, **said, **undone}


@dataclass(frozen=True, slots=True)
class Reject:
    """A row, or one value of a row, that could not be read, and why."""

    file: str
    line: int
    reason: str
    row: str
    whole: bool = True
    """False when only one value was set aside and the rest of the row was loaded."""

    @property
    def place(self) -> str:
        """File and line; a file that is a cell of a workbook has no line."""
        return f"{self.file}:{self.line}" if self.line else self.file


ReadResult = Record | Reject | Deletion
"""What a connector makes of a row."""


class GraphVersion(NamedTuple):
    """Which ledger, and how often its projection has changed."""

    ledger: str
    number: int

    def __str__(self) -> str:
        return f"{self.ledger}@{self.number}"

    @classmethod
    def parse(cls, text: str | GraphVersion) -> GraphVersion:
        """The version that a text such as `…@3` names. Raises ValueError."""
        if isinstance(text, GraphVersion):
            return text
        ledger, _, number = text.rpartition("@")
        return cls(ledger, int(number))

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        """In JSON it is its text."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.parse,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(),
        )


@dataclass(frozen=True, slots=True)
class Node:
    """One real thing, as all records about it say together."""

    id: str
    type: str
    caption: str
    properties: Mapping[str, tuple[str, ...]]
    """Canonical texts; several where sources disagree or add to each other."""
    other: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]
    types: tuple[str, ...] = ()
    """All types claimed, when sources disagree beyond more or less special."""
    sought_under: tuple[str, ...] = ()
    """Links to the warrants, notices and list entries in force; not empty for a Fugitive."""
    protected: bool = False

    def first(self, name: str) -> str:
        """One value of a property, always the same one; empty if there is none."""
        values = self.properties.get(name, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Link:
    """One link between two nodes, as all records about it say together."""

    id: str
    type: str
    source_id: str
    """Where it comes from: the node at its tail."""
    target_id: str
    properties: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]
    provenances: tuple[tuple[str, Provenance], ...]
    """Each source with how it stands behind the link; empty for a link that the projection derived."""
    protected: bool = False

    def first(self, name: str) -> str:
        """One value of a property, always the same one; empty if there is none."""
        values = self.properties.get(name, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One record as the ledger keeps it, with the source and since when the ledger has it."""

    source: str
    namespace: str
    key: str
    part: str
    type: str
    since: str
    """Day of the load that first brought the record in this form."""
    properties: Values
    other: Values
    provenance: Provenance
    referents: tuple[str, ...] = ()
    """Other keys of the namespace by which the record knows its thing."""


def node_id(namespace: str, key: str) -> str:
    """The canonical id that a node has if (`namespace`, `key`) is the smallest of its names."""
    return _digest("node", namespace, key)


def link_id(namespace: str, key: str, part: str) -> str:
    """The canonical id of a link."""
    return _digest("link", namespace, key, part)


def derived_id(*parts: str) -> str:
    """The canonical id of a link that no record says and the projection derives."""
    return _digest("derived", *parts)


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
"""Digits of five bits each, as in RFC 4648, in lower case."""

_SHIFTS = tuple(range(120, -1, -15))
"""Where each group of three digits starts in a number of 135 bits."""


@lru_cache(maxsize=1)
def _three_digits() -> list[str]:
    """Every group of three digits. `base64` goes digit by digit, which is a tenth of the time of a large load."""
    return ["".join(digits) for digits in product(_BASE32, repeat=3)]


def _digest(*parts: str) -> str:
    packed = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(packed).digest()[:17]) >> 1  # 135 bits
    groups = _three_digits()
    return "".join([groups[number >> shift & 0x7FFF] for shift in _SHIFTS])[:ID_LENGTH]


def _json_value(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
