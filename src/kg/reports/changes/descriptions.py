"""What else does a report say of a cluster that the last one said otherwise?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from kg.findings.counts import plural
from kg.reports.changes.record_changes import ChangeDescriber, DescribedChange
from kg.reports.cluster_report.changes import ClusterReference, ValueChange
from kg.reports.cluster_report.model import ClusterSection
from kg.reports.entries import Detail, EvidenceEntry, MemberEntry, Procedure, UnreadEntry
from kg.reports.evidence import source_names
from kg.reports.terms import join_alternatives, property_label

TOPICS = {
    "people": "parties",
    "enterprises": "parties",
    "arrangements": "parties",
    "assets": "assets",
    "procedures": "enforcement",
    "not_understood": "parties",
}
"""Parts of the section about a cluster, and the group of changes that each belongs to."""

WEIGHED = ("because", "because_left_out", "role")
"""What depends on the weights of links, which change with time and method; changes of clusters tell of it."""

MAX_ENTRIES = 5
"""Entries of one cluster that are told one by one; the others are counted."""

Entry = MemberEntry | Procedure | UnreadEntry


def description_differences(
    sections: Iterable[ClusterSection], before: Mapping[str, ClusterSection], describer: ChangeDescriber
) -> Iterator[DescribedChange]:
    """What of some clusters is described otherwise than in the last report, though nothing else tells of it.

    `before`: their sections in the last report, by cluster.
    """
    for section in sections:
        was = before.get(section.id, section)
        if was == section:
            continue
        different = [
            (group, entry, values)
            for topic, group in TOPICS.items()
            for entry, values in _different_entries(getattr(was, topic), getattr(section, topic))
        ]
        home = (ClusterReference(section.id, section.name),)
        for group, entry, values in different[:MAX_ENTRIES]:
            text = f"{_name(entry)}: {'; '.join(map(_phrase, values))}"
            about = (entry.id,) if isinstance(entry, MemberEntry) else ()
            item = describer.item("described otherwise", text, _sources(entry), about=about, values=values)
            yield DescribedChange(group, replace(item, clusters=home), about)
        if len(different) > MAX_ENTRIES:
            text = f"{section.name}: {plural(len(different) - MAX_ENTRIES, 'further entries')}"
            item = replace(describer.item("described otherwise", text), clusters=home)
            yield DescribedChange("parties", item, ())


def _different_entries(
    before: Sequence[Entry], now: Sequence[Entry]
) -> Iterator[tuple[Entry, tuple[ValueChange, ...]]]:
    """The entries that say something else, each with what it said and says."""
    old, new = ({_identity(entry): entry for entry in entries} for entries in (before, now))
    for key in (*new, *(key for key in old if key not in new)):
        was, is_now = (_statements(entries[key]) if key in entries else {} for entries in (old, new))
        values = []
        for label in dict.fromkeys((*was, *is_now)):
            texts = [dict.fromkeys(said.get(label, ())) for said in (was, is_now)]
            gone, come = ([t for t in one if t not in other] for one, other in (texts, texts[::-1]))
            if gone or come:
                values.append(ValueChange(label, tuple(gone), tuple(come)))
        if values:
            yield new.get(key) or old[key], tuple(values)


def _identity(entry: Entry) -> tuple[str, ...]:
    return (entry.about, entry.text) if isinstance(entry, UnreadEntry) else (entry.id,)


def _name(entry: Entry) -> str:
    return entry.text if isinstance(entry, UnreadEntry) else entry.name


def _sources(entry: Entry) -> tuple[str, ...]:
    match entry:
        case MemberEntry():
            return entry.sources
        case Procedure():
            return source_names(entry.evidence)
    return ()


def _statements(entry: Entry) -> dict[str, tuple[str, ...]]:
    """All that an entry says, by what it is called."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in _fields(entry):
        if name == "details":
            for detail in value:
                found[detail.label] = tuple(_detail_texts(detail))
        elif name not in WEIGHED:
            found[property_label(name)] = tuple(map(_text, value)) if isinstance(value, tuple) else (_text(value),)
    return {label: tuple(filter(None, texts)) for label, texts in found.items()}


def _detail_texts(detail: Detail) -> Iterator[str]:
    for at, value in enumerate(detail.values):
        yield " ".join((value, *map(_text, detail.evidence[at : at + 1])))


def _fields(entry: Any) -> Iterator[tuple[str, Any]]:
    """The fields that say something to a reader."""
    return ((f.name, getattr(entry, f.name)) for f in fields(entry) if not f.name.endswith(("id", "ids")))


def _text(value: Any) -> str:
    """A value as a reader can tell it from another; who says so in brackets."""
    if isinstance(value, tuple):
        return ", ".join(filter(None, map(_text, value))).replace(", [", " [")
    if is_dataclass(value):
        said = _text(tuple(part for _, part in _fields(value)))
        return f"[{said}]" if isinstance(value, EvidenceEntry) else said
    return "" if value in (False, "", "open") else "yes" if value is True else str(value)


def _phrase(value: ValueChange) -> str:
    before, now = (join_alternatives(texts) or "nothing" for texts in (value.before, value.now))
    return f"{value.label} {before} before, now {now}"
