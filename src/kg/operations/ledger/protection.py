"""Which claims are for the protected scope, whatever their source says?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import orjson

from kg.errors import InputError, InputLocation
from kg.ontology import Ontology
from kg.ontology.derive.ftm import EXTENSION_KEY
from kg.ontology.handling import OPEN, PROTECTED, RESTRICTED
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.ontology.words import fold_word
from kg.operations.ledger.remarks import Remarks, subject_key
from kg.records import Deletion, ReadResult, Record, Reject
from kg.sources.rows import as_object, may_be_handling
from kg.sources.tabular.claims import link_types_by_word

if TYPE_CHECKING:
    from kg.law import FactDefinition

UNKNOWN_FACT = "expected a name of facts.toml; it is kept, and answers nothing"

_CELL_ENDS = re.compile(r'[",;|:{}\[\]\t\r\n]+')


def mark_protected(
    readings: Iterable[ReadResult], files: Sequence[str], ontology: Ontology, *, invented: bool = False, day: str = ""
) -> Iterator[ReadResult]:
    """The same, with determinations about protected facts marked so where their source forgot to, with remarks on
    values that are probably wrong, and with the rejects of protected rows marked too.

    A determination about a fact that nobody asks for, as a misspelt one is, is told too: it would answer nothing, in
    silence. `files` are those that are read, `day` that of the load; of a source that is `invented`, check digits mean
    nothing. Rejects come after the records of their row.
    """
    remarks = Remarks(ontology, checks=not invented, day=day)
    held: list[Reject] = []  # of the row that is read: they may stand before its records
    line, hidden, protected_links = 0, False, ontology.protected_links
    subject: Record | None = None  # what the row is about, and not merely names
    for result in readings:
        if isinstance(result, Deletion):
            yield result
            continue
        # The cell of a workbook has no line: its row follows.
        if result.line != line and (line or not held or held[-1].whole):
            if held:
                yield from _marked(held, ontology, subject, hidden=hidden)
                held = []
            hidden, subject = False, None
        line = result.line
        if isinstance(result, Reject):
            held.append(result)
            continue
        record = result
        if subject is None or (subject.named and not record.named):
            subject = record
        if record.other and (name := _handling_among(tuple(record.other))):
            file = record.row.file if record.row else ", ".join(files)
            problem = "may be a handling code, which nothing reads here; declare it under `said` or `ignore` it"
            raise InputError(problem, InputLocation(file, record.line, name))
        held += remarks.on(record)
        if record.type == "Determination":
            held += _unknown_facts(record, files)
            if _is_about_protected(record):
                record = replace(record, provenance=replace(record.provenance, handling=PROTECTED))
        hidden = hidden or record.type in protected_links or record.provenance.handling == PROTECTED
        yield record
    yield from _marked(held, ontology, subject, hidden=hidden)


@lru_cache(maxsize=1_024)
def _handling_among(names: tuple[str, ...]) -> str:
    """The first of some names that may be that of a handling code; empty where none is."""
    return next(filter(may_be_handling, names), "")


def _marked(rejects: list[Reject], ontology: Ontology, subject: Record | None, *, hidden: bool) -> Iterator[Reject]:
    for found in rejects:
        reject = found
        if subject and reject.is_remark and not reject.about and (reject.line or reject.cell):
            reject = replace(reject, about=subject_key(subject))
        is_hidden = hidden or reject.protected or _names_protected(ontology, reject)
        yield replace(reject, protected=True) if is_hidden else reject


def _unknown_facts(record: Record, files: Sequence[str]) -> Iterator[Reject]:
    for name in record.properties.get("fact", ()):
        if _clean_name(name) not in _facts():
            reason = f"fact {name!r} of a Determination: {UNKNOWN_FACT}"
            yield Reject(", ".join(files), record.line, reason, name, whole=False)


def _names_protected(ontology: Ontology, reject: Reject) -> bool:
    """Whether a row of which no record could be read would be protected, or has a handling code that is none."""
    text = reject.row
    if "handling" in text or "\\" in text:
        try:
            data = as_object(orjson.loads(text))
        except orjson.JSONDecodeError:
            data = {}
        with suppress(orjson.JSONEncodeError):  # nested deeper than it writes: the escapes stay
            text = orjson.dumps(data).decode() if data else text  # without escapes
        codes = (part.get("handling") or OPEN for part in (data, as_object(data.get(EXTENSION_KEY))))
        if any(code not in (OPEN, RESTRICTED) for code in codes):  # a code may be any JSON
            return True
    folded, protected = fold_word(text), _protected_words(ontology)
    if not any(word in folded for word in protected):  # most rows: cheaper than to fold each cell
        return False
    return not protected.isdisjoint(map(fold_word, _CELL_ENDS.split(text)))


@cache
def _protected_words(ontology: Ontology) -> frozenset[str]:
    """What a cell of a protected row may hold: the handling code, a protected type of link, a protected fact."""
    links = {word for word, meant in link_types_by_word(ontology).items() if meant.type in ontology.protected_links}
    return frozenset({PROTECTED, *links, *map(fold_word, _protected_facts())})


def _is_about_protected(record: Record) -> bool:
    return not _protected_facts().isdisjoint(map(_clean_name, record.properties.get("fact", ())))


def _clean_name(raw: str) -> str:
    """As the projection spells it: a stray space makes a protected fact no other."""
    try:
        return VALUE_TYPES["text"].clean(raw)
    except BadValue:
        return raw


@cache
def _protected_facts() -> frozenset[str]:
    return frozenset(name for name, fact in _facts().items() if fact.is_protected)


def _facts() -> Mapping[str, FactDefinition]:
    from kg.law import load_law

    return load_law().facts
