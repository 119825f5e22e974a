"""The rows of targets.simple.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from typing import Any

from kg.records import Reject
from kg.sources.ftm.schemata import has_property
from kg.sources.rows import SourceRow

COLUMNS = ("id", "schema", "name", "aliases")
"""Columns that every version has."""

_PROPERTIES = {
    "name": "name",
    "aliases": "alias",
    "birth_date": "birthDate",
    "countries": "country",
    "addresses": "address",
    "identifiers": "idNumber",
    "phones": "phone",
    "emails": "email",
    "program_ids": "programId",
    "programs": "program",
}
"""Column to property of FollowTheMoney, for schemata that have it."""

_IMO_NUMBER = re.compile(r"IMO ?[0-9]{7}", re.IGNORECASE)
"""How an identifier says itself that it is the number of a ship."""

_SINGLE = {"name"}
"""Columns with one value."""


def simple_entity(
    row: SourceRow, cells: Mapping[str, str], targets: Mapping[str, str]
) -> tuple[dict[str, Any], list[Reject]]:
    """The entity of a row, and rejects of cells whose list cannot be read.

    What the schema has no property for stays under its column's name, and so do the words about sanctions: they do not
    tell authority, programme and days apart. `targets` are those of the schema.
    """
    entity: dict[str, Any] = {"id": cells["id"], "schema": cells["schema"], "properties": {}}
    rejects: list[Reject] = []
    for column, text in cells.items():
        if column in ("id", "schema") or not text:
            continue
        if column in ("first_seen", "last_seen", "last_change"):
            entity[column] = text
            continue
        prop = _PROPERTIES.get(column, "")
        try:
            values = [text] if column in _SINGLE else split_list(text)
        except csv.Error as error:
            problem = f"expected values separated by semicolons: {error}"
            rejects.append(row.reject_value(column, text, problem, targets.get(prop, "")))
            continue
        if column == "dataset":
            entity["datasets"] = values
        else:
            name = prop if prop and has_property(cells["schema"], prop) else column
            if column == "identifiers" and has_property(cells["schema"], "imoNumber"):
                ships = [value for value in values if _IMO_NUMBER.fullmatch(value)]
                entity["properties"] |= {"imoNumber": ships} if ships else {}
                values = [value for value in values if value not in ships]
            if values:
                entity["properties"].setdefault(name, []).extend(values)
    return entity, rejects


def split_list(text: str) -> list[str]:
    """The values of a cell: separated by semicolons, and quoted where one has a semicolon or a quote itself."""
    if ";" not in text and '"' not in text:
        return [text]
    found = [value.strip() for line in csv.reader([text], delimiter=";", strict=True) for value in line]
    return list(dict.fromkeys(filter(None, found)))
