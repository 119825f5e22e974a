"""The entities that the queries of a mapping make of a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kg.ontology.derive.ftm import EXTENSION_KEY
from kg.records import NOT_UNDERSTOOD, Reject
from kg.sources.ftm.schemata import has_property
from kg.sources.ftm_mappings.mapping import EntitySource, PropertySource, Query
from kg.sources.rows import SourceRow

Cells = Mapping[str, str]
"""Column to its text, without empty cells."""


class QueryRunner:
    """Makes the entities of one query, with the ids that FollowTheMoney gives them."""

    def __init__(self, query: Query, dataset: str, targets: Callable[[str], Mapping[str, str]]) -> None:
        """`targets` says what the properties of a schema become."""
        self._query = query
        self._targets = targets
        self._order = list(query.in_order())
        self._dataset = dataset

    def entities(self, row: SourceRow, cells: Cells) -> tuple[list[dict[str, Any]], list[Reject]]:
        """The entities of a row, and rejects of dates that are not in the format of the mapping.

        The words of such dates stay with their entity, or with the first one of the row.
        """
        rejects, homeless = list[Reject](), list[Reject]()
        made: dict[str, dict[str, Any]] = {}
        for name, source in self._order:
            key, bad = self._key(source, cells), list[Reject]()
            abouts = self._targets(source.schema_)
            found = {p: _values(row, s, cells, made, bad, abouts.get(p, "")) for p, s in source.properties.items()}
            rejects += bad
            if key and not any(s.required and not found[prop] for prop, s in source.properties.items()):
                properties = {prop: values for prop, values in found.items() if values}
                made[name] = {"id": key, "schema": source.schema_, "properties": properties}
                _keep_unread(made[name], bad)
            else:
                homeless += bad
        entities = list(made.values())
        if entities:
            _keep_unread(entities[0], homeless)
        return entities, rejects

    def matches(self, cells: Cells) -> bool:
        """Whether a row passes the filters."""
        return all(cells.get(name, "") in texts for name, texts in self._query.filters.items()) and not any(
            cells.get(name, "") in texts for name, texts in self._query.filters_not.items()
        )

    def _key(self, source: EntitySource, cells: Cells) -> str:
        if source.id_column:
            return cells.get(source.id_column, "")
        parts = sorted(
            cells[column].encode("utf-8", "surrogatepass") for column in source.key_columns if column in cells
        )
        seed = f"{self._dataset}{source.key_literal}".encode()
        return hashlib.sha1(seed + b"".join(parts), usedforsecurity=False).hexdigest() if parts else ""


def add_unused(entity: dict[str, Any], cells: Cells, used: set[str]) -> None:
    """Keep the cells that no query reads with an entity, under names that are none of its properties."""
    for column, text in cells.items():
        if column not in used:
            name = f"column {column}" if has_property(entity["schema"], column) else column
            entity["properties"].setdefault(name, []).append(text)


def _keep_unread(entity: dict[str, Any], rejects: Sequence[Reject]) -> None:
    words = [list(reject.value[:3]) for reject in rejects if reject.value]
    if words:
        extension = entity.setdefault(EXTENSION_KEY, {NOT_UNDERSTOOD: []})
        extension[NOT_UNDERSTOOD] += words


def _values(
    row: SourceRow,
    source: PropertySource,
    cells: Cells,
    made: Mapping[str, dict[str, Any]],
    rejects: list[Reject],
    about: str,
) -> list[str]:
    if source.entity:
        return [made[source.entity]["id"]] if source.entity in made else []
    if source.template:
        filled = re.sub(r"\{\{([^(}})]*)\}\}", lambda found: cells.get(found[1], ""), source.template)
        texts = [filled.strip()]
    else:
        texts = [*source.literal, *source.literals]
        texts += (cells[column] for column in (*source.column, *source.columns) if column in cells)
    if source.join is not None:
        texts = [source.join.join(texts)]
    if source.split:
        texts = [part.strip() for text in texts for part in text.split(source.split)]
    texts = list(dict.fromkeys(filter(None, texts)))
    if "%" not in source.format:
        return texts
    dates = [(text, _date(text, source.format)) for text in texts]
    reason = f"expected a date written as {source.format}"
    columns = ", ".join(source.read_columns)
    rejects += (row.reject_value(columns, text, reason, about) for text, date in dates if not date)
    return [date for _, date in dates if date]


def _date(text: str, pattern: str) -> str:
    """A date in ISO 8601, as precise as the pattern; empty if the text is none. Dates in ISO 8601 are always read."""
    if re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}){0,2}", text):
        return text
    try:
        found = datetime.strptime(text, pattern).replace(tzinfo=UTC)
    except (ValueError, re.error):
        return ""
    has_day, has_month = (re.search(signs, pattern) for signs in ("%[dDejxcF]", "%[mbBhjxcDF]"))
    return found.strftime("%Y-%m-%d")[: 10 if has_day else 7 if has_month else 4]
