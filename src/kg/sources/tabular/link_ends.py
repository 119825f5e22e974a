"""Checks that the ends of links are rows of the same load, of types that the ontology allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from unicodedata import normalize

from kg.ontology import Ontology
from kg.ontology.handling import is_protected_type_or_code
from kg.ontology.words import closest, fold_text
from kg.records import JURISDICTION_NAMESPACE, UNKNOWN_KEY, USES_OF_ACCOUNTS, Record, Ref, Reject
from kg.sources.rows import quote_value
from kg.sources.tabular.mapped_row import MappedRow

_MAX_COMPARED = 1_000_000
"""Most pairs of an unknown key and a known one that are compared; what a later one was meant to be is not told."""


_NUMBERS = ("account_number", "iban", "public_key")
"""The properties by which payments may name an account."""


def _folded_number(text: str) -> str:
    """A number of an account as it is compared: without what groups its digits."""
    return re.sub(r"[\W_]", "", text).casefold()


def _folded_key(text: str) -> str:
    """A key as keys are compared: without forms of signs, such as wide ones, zeros before it, and decimals of zero."""
    return _ZERO_DECIMALS.sub(r"\1", fold_text(normalize("NFKC", text)).lstrip("0"))


_ZERO_DECIMALS = re.compile(r"^([0-9]+)[.,]0+$")

_SEVERAL_KEYS = {
    ",": "separate several keys with `;`, not with a comma",
    ";": "the column takes one key: write a row for each, with its own amount",
}
"""By the sign between several known keys where one is expected, what to do."""

_OF_SEVERAL = "several accounts have this number, and the link is unresolved; write the key of the one that is meant"


def _accounts_of(record: Record) -> Iterator[str]:
    return (key for name in USES_OF_ACCOUNTS for key in record.properties.get(name, ()))


class LinkEndChecker:
    """Keeps the nodes and links of a load in memory, so it is for tables that people fill in, not for registers."""

    def __init__(self, ontology: Ontology, namespace: str) -> None:
        self._ontology, self._namespace = ontology, namespace
        self._types: dict[str, str] = {}
        self._links: list[tuple[Record, tuple[Ref, Ref], MappedRow, Sequence[str]]] = []
        self._names: dict[str, str] = {}
        self._refused = set[str]()
        self._folded_keys: dict[str, str] | None = None
        self._compared = 0
        self._payments = ontology.with_trait("payment")
        self._accounts: dict[str, str] = {}
        """The numbers of accounts and wallets, to the key of the only row with it, else to nothing."""

    def waits(self, record: Record) -> bool:
        """Whether a payment names an end or account by what may be the number of an account in a later row."""
        if record.ends is None or record.type not in self._payments:
            return False
        named = [ref.key for ref in record.ends if ref.namespace == self._namespace]
        return any(key not in self._types for key in (*named, *_accounts_of(record)))

    def resolve_accounts(self, record: Record) -> None:
        """Let a payment that waits name accounts by the keys of their rows, where it names them by their numbers."""
        assert record.ends is not None
        tail, head = (Ref(ref.namespace, self._key_of_account(ref.key)) for ref in record.ends)
        accounts = {
            name: [*map(self._key_of_account, record.properties[name])]
            for name in USES_OF_ACCOUNTS
            if name in record.properties
        }
        record.ends, record.properties = (tail, head), {**record.properties, **accounts}

    def _key_of_account(self, text: str) -> str:
        return text if text in self._types else self._accounts.get(_folded_number(text), "") or text

    def add(self, record: Record, row: MappedRow, end_columns: Sequence[str]) -> None:
        """Add a record and its row; `end_columns` name the ends of links."""
        if record.ends is None:
            self._types.setdefault(record.key, record.type)
            self._types.update(dict.fromkeys(record.referents, record.type))
            self._names.update((fold_text(name), record.key) for name in record.properties.get("name", ()))
            for number in {_folded_number(text) for name in _NUMBERS for text in record.properties.get(name, ())}:
                self._accounts[number] = record.key if self._accounts.get(number, record.key) == record.key else ""
        else:
            self._links.append((record, record.ends, row, end_columns))

    def refuse(self, key: str) -> None:
        """Note the key of a row that was refused: links to it are no second mistake."""
        self._refused.add(key)

    def problems(self) -> Iterator[Reject]:
        """A remark for each end that is no row of the load, and for each link with ends of the wrong types."""
        for record, ends, row, columns in self._links:
            is_hidden = is_protected_type_or_code(self._ontology, record.type, record.provenance.handling)
            for ref in dict.fromkeys(ends):
                if ref.namespace == self._namespace and ref.key not in self._types and ref.key not in self._refused:
                    is_of_several = self._accounts.get(_folded_number(ref.key)) == ""
                    problem = _OF_SEVERAL if is_of_several else f"{UNKNOWN_KEY}{self._key_meant(ref.key)}"
                    yield replace(_end_reject(row, columns, ref.key, problem), protected=is_hidden)
            if problem := self._type_problem(record.type, [self._node_type(ref) for ref in ends]):
                yield replace(_type_reject(row, columns, ends[0].key, problem), protected=is_hidden)

    def _key_meant(self, text: str) -> str:
        """The key that was probably meant, to end a message with: of the row with this name, or one that is like it."""
        for sign, advice in _SEVERAL_KEYS.items():
            several = [part.strip() for part in text.split(sign)]
            if len(several) > 1 and all(part in self._types for part in several):
                return f"; {advice}"
        folded = fold_text(text)
        if named := self._names.get(folded):
            return f"; the row of this name has the key {named}"
        if self._folded_keys is None:
            self._folded_keys = {_folded_key(key): key for key in self._types}
        meant = folded = _folded_key(text)
        if folded not in self._folded_keys:
            self._compared += len(self._folded_keys)
            meant = closest(folded, self._folded_keys) if self._compared <= _MAX_COMPARED else ""
        if not meant:
            return ""
        key = self._folded_keys[meant]
        return f"; did you mean {key if key.isprintable() else repr(key)}?"  # what is invisible is shown

    def _type_problem(self, name: str, types: list[str]) -> str:
        if not all(types) or self._ontology.allows(name, types[0], types[1]):
            return ""
        link = self._ontology.links[name]
        turned = link.directed and self._ontology.allows(name, types[1], types[0])
        hint = "; exchange the two ends" if turned else ""
        return f"{self._ontology.end_types_text(name, types[0], types[1])}{hint}"

    def _node_type(self, ref: Ref) -> str:
        if ref.namespace == self._namespace:
            return self._types.get(ref.key, "")
        return "Jurisdiction" if ref.namespace == JURISDICTION_NAMESPACE else ""


def _type_reject(row: MappedRow, end_columns: Sequence[str], key: str, problem: str) -> Reject:
    """For a link with ends of the wrong types: the cell that makes it, where one alone does."""
    filled = [column for column in end_columns if row.cells.get(column)]
    if len(filled) != 1:
        return _end_reject(row, end_columns, key, problem)
    return row.cell_reject(filled, f", value {quote_value(row.cells[filled[0]])}: {problem}")


def _end_reject(row: MappedRow, end_columns: Sequence[str], key: str, problem: str) -> Reject:
    texts = {c: row.cells.get(c, "") for c in (*end_columns, *row.cells)}
    having = [c for c, text in texts.items() if key == text or key in map(str.strip, text.split(";"))]
    return row.cell_reject((having or list(row.cells))[:1], f", value {key!r}: {problem}")
