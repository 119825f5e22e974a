"""The records that sources claim, and the nodes and links that the graph merges them into."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

ID_LENGTH = 26
"""Characters of a canonical id: 130 bits of the SHA-256, in lowercase base32."""

RELIABILITIES = ("A", "B", "C", "D", "E", "F")
"""How reliable a source is, A best; F means unknown, not low."""

CREDIBILITIES = ("1", "2", "3", "4", "5", "6")
"""How credible a piece of information is, 1 best; 6 means unknown, not low."""


class Ref(NamedTuple):
    """A key and its namespace. Sources that share a namespace mean the same thing by the same key."""

    namespace: str
    key: str


JURISDICTION_NAMESPACE = "jurisdiction"
"""The namespace of jurisdictions: a code means the same in every source."""

DOCUMENTS = "DOCUMENTS"
"""The type of links from an attached file to what it shows something about."""

POSSIBLY_SAME = "POSSIBLY_SAME_AS"
"""The type of links between nodes that may be one, which nothing is held together by."""

Reverse = Literal["", "below-zero", "above-zero"]
"""Which amounts of payments mean that the second end paid the first; none by default."""

COUNTERPARTY = "Counterparty"
"""The type of the end of a payment that its source does not name; each payment has its own."""

PAYER_ACCOUNT, PAYEE_ACCOUNT = "payer_account", "payee_account"
"""The properties of a payment between parties that name the accounts it went through, by their keys."""

USES_OF_ACCOUNTS: Mapping[str, str] = {PAYER_ACCOUNT: "payer's account", PAYEE_ACCOUNT: "payee's account"}
"""The relation between a party and an account that a payment names with it."""

PAYMENT_ACCOUNTS: Mapping[str, str] = {"payerAccount": PAYER_ACCOUNT, "beneficiaryAccount": PAYEE_ACCOUNT}
"""What names these accounts in FollowTheMoney."""


WAITS_IN_SCOPE, WAITS_FOR_ALL = 1, 2
"""In which scopes a link waits for a node at one of its ends; both are added up."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who makes a claim, when and where, and how reliable it is; empty where the source does not say."""

    origin: str = ""
    """Where the claim originates, such as a register; copies of one origin count once."""
    reliability: str = ""
    """Reliability of the source, A to F."""
    credibility: str = ""
    """Credibility of the information, 1 to 6."""
    handling: str = "open"
    """Handling code: open, restricted or protected."""
    stated: str = ""
    """Date on which the source made the claim; may be partial."""
    url: str = ""
    """Address of the page where the source makes the claim."""
    datasets: tuple[str, ...] = ()
    """Datasets inside the source, as FollowTheMoney has them."""
    page: str = ""
    """Where in the cited document the claim is made, such as `12` or `annex B, 3`."""

    def to_json(self) -> dict[str, Any]:
        """Only what differs from the defaults."""
        if self is NO_PROVENANCE:
            return {}
        given = {name: value for name, usual in _DEFAULTS.items() if (value := getattr(self, name)) != usual}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Provenance:
        """The inverse of `to_json`."""
        return _remembered_provenance(tuple([(k, tuple(v) if isinstance(v, list) else v) for k, v in data.items()]))


@lru_cache(maxsize=4_096)
def _remembered_provenance(given: tuple[tuple[str, Any], ...]) -> Provenance:
    """Most records of a source have the same provenance."""
    return Provenance(**dict(given))


_DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(Provenance)}

NO_PROVENANCE = Provenance()

Values = Mapping[str, Sequence[str]]
"""Property name to values, as written by the source."""

NOT_UNDERSTOOD = "not_understood"
"""The name, in every stored body, of the values that could not be read."""


class UnreadValue(NamedTuple):
    """A value that could not be read, in the source's own words."""

    name: str
    """What the source calls it."""
    property: str
    """The property of the ontology that it would be a value of, or the link type that it would make; empty for none."""
    words: str
    source: str = ""
    """The source that says it; empty in a record, which is one source's."""


class RowOfFile(Protocol):
    """A row of a file, as its reader sees it."""

    @property
    def file(self) -> str:
        """The name of the file, or of the sheet in it."""
        ...

    def reject(self, reason: str, /) -> Reject:
        """A reject of the whole row."""
        ...


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
    """Line of the file, from 1; 0 where there are no lines. Not part of the claim."""
    row: RowOfFile | None = field(default=None, repr=False, compare=False)
    """The row that makes the claim, one object for all of its claims. Not part of the claim."""
    named: bool = False
    """Whether the row names the thing and is not about it, as a payment names its parties. Not part of the claim."""
    again: bool = False
    """Whether an equal row came before, and this is another event. Not part of the claim."""
    identity: str = field(default="", repr=False, compare=False)
    """The key under which it is stored instead of `key`, unless another row of the load has the same identity."""
    not_understood: tuple[UnreadValue, ...] = ()
    """Values that could not be read, sorted."""
    read_columns: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Names of `other` whose words are kept beside what was read of them. Not part of the claim."""

    @property
    def unmapped(self) -> list[str]:
        """The names of `other` that are not among `read_columns`."""
        return [name for name in self.other if name not in self.read_columns]

    def body(self) -> dict[str, Any]:
        """The content that the ledger stores besides key, part, type and ends, without empty parts."""
        parts: dict[str, Any] = {}
        if self.properties and (properties := {k: list(v) for k, v in self.properties.items() if v}):
            parts["properties"] = properties
        if self.other and (other := {k: list(v) for k, v in self.other.items() if v}):
            parts["other"] = other
        if self.not_understood:
            parts[NOT_UNDERSTOOD] = [value[:3] for value in self.not_understood]
        if self.referents:
            parts["referents"] = list(self.referents)
        if provenance := self.provenance.to_json():
            parts["said"] = provenance
        return parts


@dataclass(frozen=True, slots=True)
class Deletion:
    """A row that a delta deletes, by the source's own key; records that follow under the key replace it."""

    key: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's decision that two keys mean one entity (`same`) or two (`distinct`), or are `unsure`."""

    number: int
    kind: str
    one: Ref
    other: Ref
    by: str
    why: str
    day: str
    undone: str = ""
    """Day on which it was undone; empty while it stands."""
    undone_by: str = ""
    undone_why: str = ""
    user: str = ""
    """Who recorded it; empty where an older kg kept nobody."""
    undone_user: str = ""
    waits: bool = False
    """Whether it has no effect until a second person confirms it."""
    confirmed: str = ""
    """Day on which a second person confirmed it; empty where nobody did."""
    confirmed_by: str = ""
    confirmed_why: str = ""
    confirmed_user: str = ""

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Judgement:
        """A judgement of (number, kind, namespace and key of one name and of the other, by, why, day, …)."""
        number, kind, one_ns, one_key, other_ns, other_key, *rest = row
        rest[8:9] = map(bool, rest[8:9])
        return cls(number, kind, Ref(one_ns, one_key), Ref(other_ns, other_key), *rest)


_VALUE_IN_REASON = re.compile(r""", value (['"])(?:\\.|[^\\])*?\1(?=:)""")
_QUOTED = re.compile(r"""(?<!\w)(['"])(?:\\.|[^\\])*?\1(?!\w)""")


UNKNOWN_KEY = "no row of these files has this key; the link is unresolved unless another source has it"
"""The remark on a link of which one end is no row of the load; only the ledger knows the rows of others."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row, or one value of a row, that could not be read, and why."""

    file: str
    line: int
    reason: str
    row: str
    whole: bool = True
    """False where a single value was rejected and the rest of the row was loaded."""
    protected: bool = False
    """Whether the row is for the protected scope alone."""
    value: UnreadValue | None = None
    """The value that was rejected; None where it was the row, or where the value is kept."""
    cell: str = ""
    """The cell of a sheet that people fill in, such as B4, or the `element 7` of a list in one line; empty where it is
    neither."""
    cells: Mapping[str, str] | None = field(default=None, compare=False)
    """The row of such a sheet, by column."""
    is_advice: bool = False
    """Whether it is a remark on what was read, such as a name without a letter, so that a strict load goes on."""
    about: str = ""
    """For a remark, the key of the record that it is about; empty for none."""

    def as_advice(self) -> Reject:
        """The same as a remark on what was read, at which a strict load does not stop."""
        return replace(self, whole=False, is_advice=True)

    @property
    def is_remark(self) -> bool:
        """Whether nothing was rejected: what it is about is kept as it is."""
        return not self.whole and self.value is None

    @property
    def kind(self) -> str:
        """The reason without the value, which differs from row to row; a remark's without all that it quotes."""
        kind = _VALUE_IN_REASON.sub("", self.reason)
        return _QUOTED.sub("…", kind) if self.is_remark else kind

    @property
    def place(self) -> str:
        """File and cell, or file and line."""
        line = f"{self.file}:{self.line}" if self.line else self.file
        if self.cell.startswith("element "):
            return f"{line}, {self.cell}"
        return f"{self.file}!{self.cell}" if self.cell else line


ReadResult = Record | Reject | Deletion
"""What a connector reads from a row."""


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
    """An entity, merged from all records about it."""

    id: str
    type: str
    caption: str
    properties: Mapping[str, tuple[str, ...]]
    """Canonical values; several where sources disagree or complete each other."""
    other: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]
    types: tuple[str, ...] = ()
    """All claimed types, where they are not all in one line of inheritance."""
    sought_under: tuple[str, ...] = ()
    """Links to the warrants, notices and list entries in force; not empty for a Fugitive."""
    protected: bool = False
    not_understood: tuple[UnreadValue, ...] = ()
    """Values that could not be read, with their sources."""
    handling: str = "open"
    """The strictest handling code of its visible claims."""
    withheld: bool = False
    """Whether it is a person who may be under 18, or a paper about one: its names and numbers are not told."""

    def first(self, name: str) -> str:
        """The first value of a property; empty if there is none."""
        values = self.properties.get(name, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link between two nodes, merged from all records about it."""

    id: str
    type: str
    source_id: str
    """The node where the link starts."""
    target_id: str
    properties: Mapping[str, tuple[str, ...]]
    sources: tuple[str, ...]
    provenances: tuple[tuple[str, Provenance], ...]
    """Each source with its provenance; empty for a link that the projection derives."""
    protected: bool = False
    not_understood: tuple[UnreadValue, ...] = ()
    """Values that could not be read, with their sources."""

    def first(self, name: str) -> str:
        """The first value of a property; empty if there is none."""
        values = self.properties.get(name, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A record in the ledger, with its source and the day on which it was recorded."""

    source: str
    namespace: str
    key: str
    part: str
    type: str
    since: str
    """Day of the load that brought the record in its present form."""
    properties: Values
    other: Values
    provenance: Provenance
    referents: tuple[str, ...] = ()
    """Other keys of the namespace by which the record knows its thing."""
    not_understood: tuple[UnreadValue, ...] = ()
    """Values that could not be read."""
    remarks: tuple[str, ...] = field(default=(), compare=False)
    """What was noted of values that were read and kept, sorted."""


def node_id(namespace: str, key: str) -> str:
    """The canonical id of a node whose smallest reference is (`namespace`, `key`)."""
    return _digest("node", namespace, key)


def link_id(namespace: str, key: str, part: str) -> str:
    """The canonical id of a link."""
    return _digest("link", namespace, key, part)


def derived_id(*parts: str) -> str:
    """The canonical id of a link that the projection derives and no record claims."""
    return _digest("derived", *parts)


_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
"""Digits of five bits each, as in RFC 4648, in lower case."""

_PAIRS = tuple(map("".join, product(_BASE32, repeat=2)))
"""Every two digits. A table of three digits does not stay in the cache of a processor, and takes twice as long."""


ALL_IDS = ("", f"{'z' * ID_LENGTH}~")
"""What no id comes before, and what all come before."""


def id_ranges(count: int) -> Iterator[tuple[str, str]]:
    """About `count` ranges of ids, each with its first one and that of the next; ids are spread evenly over them."""
    starts = sorted({len(_PAIRS) * number // count for number in range(1, count)})
    return pairwise([ALL_IDS[0], *map(sorted(_PAIRS).__getitem__, starts), ALL_IDS[1]])


LINK_SLOTS = 8
"""How many links may have ids that begin alike."""

_NUMBERED = 12
"""Letters of an id that are in the number of a link."""

_BEGINNING = re.compile(f"[{_BASE32}]{{0,{_NUMBERED}}}")
_DIGITS = str.maketrans("".join(sorted(_BASE32)), "0123456789abcdefghijklmnopqrstuv")


def link_number(link: str) -> int:
    """The first of `LINK_SLOTS` numbers for links whose ids begin as this one; numbers are in the order of ids.

    Of a text that is no id, no id after it has a lower one.
    """
    begins = _BEGINNING.match(link)
    return LINK_SLOTS * int((begins[0] if begins else "").ljust(_NUMBERED, "2").translate(_DIGITS), 32)


def _digest(*parts: str) -> str:
    packed = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha256(packed).digest()[:17]) >> 6  # 130 bits, taken apart by small numbers
    of, a, b, c = _PAIRS, number >> 80, number >> 40 & 0xFFFFFFFFFF, number & 0xFFFFFFFFFF
    first = f"{of[a >> 40]}{of[a >> 30 & 1023]}{of[a >> 20 & 1023]}{of[a >> 10 & 1023]}{of[a & 1023]}"
    second = f"{of[b >> 30]}{of[b >> 20 & 1023]}{of[b >> 10 & 1023]}{of[b & 1023]}"
    return f"{first}{second}{of[c >> 30]}{of[c >> 20 & 1023]}{of[c >> 10 & 1023]}{of[c & 1023]}"
