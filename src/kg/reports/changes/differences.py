"""In what does a record differ from what it said before, in words?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.findings import RecordChange
from kg.ontology import Property
from kg.ontology.values import valuation
from kg.records import Values
from kg.reports.terms import display_values, join_alternatives, property_label


class Difference(NamedTuple):
    """What one property was and is, with its name in the ontology; that is empty if it is no property."""

    label: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    property: str = ""

    def phrase(self, prop: Property | None, how: str) -> str:
        """`lifted 2026-11-24`, `now ended 2026-11-20`, `answer pending before, now refused`."""
        before, now = join_alternatives(self.before), join_alternatives(self.now)
        if not self.now:
            return f"{self.label} no longer given, {before} before"
        if self.before:
            return f"{self.label} {before} before, now {now}"
        if how == "changed" and self.property in ("start_date", "end_date"):
            return f"now {'began' if self.property == 'start_date' else 'ended'} {now}"
        is_date = prop is not None and prop.type == "date"
        return f"{self.label} {'' if is_date or how == 'came' else 'now '}{now}"


def labels_of(found: Iterable[Difference]) -> tuple[str, ...]:
    """What differs, each once."""
    return tuple(dict.fromkeys(difference.label for difference in found))


def differences(known: Mapping[str, Property], change: RecordChange) -> Iterator[Difference]:
    """Each property of which values differ, as people read them; then values without a property."""
    for name in sorted({*change.before, *change.after}):
        raws = [values.get(name, ()) for values in (change.before, change.after)]
        old, new = (readable_values(known.get(name), texts) for texts in raws)
        if old != new:
            yield Difference(property_label(name), old, new, name)
    yield from plain_differences(change.unmapped_before, change.unmapped_after)


def plain_differences(before: Values, after: Values) -> Iterator[Difference]:
    """Each of some values without a property that differ, such as those of provenance."""
    for name in sorted({*before, *after}):
        old, new = (tuple(sorted(map(str, values.get(name, ())))) for values in (before, after))
        if old != new:
            yield Difference(name.replace("_", " "), old, new)


def readable_values(prop: Property | None, raws: Iterable[str]) -> tuple[str, ...]:
    """Values as people read them, each once; those that have no canonical form as they are."""
    if prop is None:
        return tuple(sorted({*raws}))
    unread = {raw for raw in raws if prop.texts[raw] is None}
    return tuple(sorted(unread | {*display_values(prop, prop.texts_of(raws))}))


def newest_valuation(prop: Property, raws: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """The latest date of some valuations, and those of that date as people read them; empty if there are none."""
    texts = sorted({*prop.texts_of(raws)})
    when = max((valuation(text).when for text in texts), default="")
    return when, display_values(prop, (text for text in texts if valuation(text).when == when))
