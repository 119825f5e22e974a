"""Builds the records of one row of JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.records import JURISDICTION_NAMESPACE, NO_PROVENANCE, Provenance, Record, Ref, Reject
from kg.sources.rows import PropertyChecks, SourceRow, json_text, keep_unread

Texts = dict[str, list[str]]


class RecordBuilder:
    """Collects the records and rejects of one row.

    Taking a value removes it from its JSON object, so that the remaining values can be kept under their own names. What
    is no value of the expected kind is rejected; `about` is then as `UnreadValue.property`.
    """

    def __init__(self, row: SourceRow, checks: PropertyChecks, namespace: str) -> None:
        self._row = row
        self._checks = checks
        self._namespace = namespace
        self.provenance: Provenance = NO_PROVENANCE
        self._results: list[Record | Reject] = []
        self._pending: list[Reject] = []
        """Values that were rejected before the record that they belong to."""
        self._of_provenance: list[Reject] = []
        """Rejected values of the provenance, which all records of the row have."""

    @property
    def results(self) -> list[Record | Reject]:
        """The records and rejects so far. What was rejected after the last record belongs to the first."""
        if self._pending:
            first = next((result for result in self._results if isinstance(result, Record)), None)
            if first is not None:
                keep_unread(first, self._pending)
            self._results += self._pending
            self._pending = []
        return self._results

    def add_node(
        self,
        key: str,
        node_type: str,
        properties: Mapping[str, Sequence[str]],
        other: Texts,
        referents: Sequence[str] = (),
    ) -> None:
        """Claim a node, which the source knows by the keys `referents` too."""
        self._add(Record(key, node_type, properties, other=other, referents=tuple(referents)))

    def add_claim_about(self, of: tuple[str, str], key: str, node_type: str, properties: Texts, other: Texts) -> None:
        """Claim more, under the row's own key, about the node with another key; `of` is as for a link."""
        self._add(Record(of[0], node_type, properties, of[1], other=other, referents=(key,)))

    def add_link(
        self, of: tuple[str, str], link_type: str, ends: tuple[str, str], properties: Texts, other: Texts | None = None
    ) -> None:
        """Claim a link between two keys of this source; `of` is the row's key and the part of the row."""
        refs = (Ref(self._namespace, ends[0]), Ref(self._namespace, ends[1]))
        self._add(Record(of[0], link_type, properties, of[1], refs, other or {}))

    def add_jurisdiction_link(self, key: str, name: str, link_type: str, code: str, role: str = "") -> None:
        """Claim a link from a node to a jurisdiction; `name` is what the row calls it."""
        ends = (Ref(self._namespace, key), Ref(JURISDICTION_NAMESPACE, code))
        self._add(Record(key, link_type, {"role": [role]} if role else {}, f"{name}:{code}", ends))

    def reject_row(self, reason: str) -> None:
        """Drop all results and reject the whole row."""
        self._results, self._pending = [self._row.reject(reason)], []

    def reject_value(self, name: str, value: object, reason: str, about: str = "") -> None:
        """Reject one value, whose words stay with the record that is added next."""
        self._pending.append(self._row.reject_value(name, value, reason, about))

    def remark(self, reason: str) -> None:
        """Remark on what was read and kept."""
        self._results.append(self._row.remark(reason))

    def clean(self, name: str, value: str, value_type: str, about: str = "") -> str:
        """The canonical text of a value of the provenance; empty, with a reject, where it is not of this value type."""
        about = about or {"date": "stated"}.get(value_type, value_type)
        return self._row.clean(name, value, value_type, self._of_provenance, about) if value else ""

    def take_text(self, data: dict[str, Any], name: str, about: str = "") -> str:
        """Take a text or number out of an object; empty if there is none."""
        value = data.pop(name, None)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return json_text(value)
        self.reject_value(name, value, "expected text", about)
        return ""

    def take_object(self, data: dict[str, Any], name: str, about: str = "") -> dict[str, Any]:
        """Take an object out of an object; empty if there is none."""
        value = data.pop(name, None)
        if isinstance(value, dict):
            return dict(value)
        if value is not None:
            self.reject_value(name, value, "expected a JSON object", about)
        return {}

    def take_objects(self, data: dict[str, Any], name: str, about: str = "") -> list[dict[str, Any]]:
        """Take a list of objects out of an object."""
        return [dict(value) for value in self._take_list(data, name, dict, about)]

    def take_texts(self, data: dict[str, Any], name: str, about: str = "") -> list[str]:
        """Take a list of texts out of an object, each once."""
        texts = (text.strip() for text in self._take_list(data, name, str, about))
        return list(dict.fromkeys(filter(None, texts)))

    def _take_list(self, data: dict[str, Any], name: str, kind: type, about: str) -> list[Any]:
        found = data.pop(name, None)
        if found is not None and not isinstance(found, list):
            self.reject_value(name, found, "expected a list", about)
            return []
        for value in found or []:
            if not isinstance(value, kind):
                expected = "expected text" if kind is str else "expected a JSON object"
                self.reject_value(name, value, expected, about)
        return [value for value in found or [] if isinstance(value, kind)]

    def _add(self, record: Record) -> None:
        claimed = {name: values for name, values in record.properties.items() if any(values)}
        record.properties, rejects = self._checks.validate(self._row, record.type, claimed)
        record.provenance, record.line, record.row = self.provenance, self._row.line, self._row
        if found := [*self._of_provenance, *self._pending, *rejects]:
            keep_unread(record, found)
            self._results += [reject for reject in found if reject not in self._results]
            self._pending = []
        self._results.append(record)


def remaining(data: Mapping[str, Any], *known: str) -> Texts:
    """The values that were not taken, under the row's own names; without empty ones and those named `known`."""
    left = {name: value for name, value in data.items() if name not in known and value not in (None, "", [], {})}
    return {name: [json_text(value)] for name, value in left.items()}
