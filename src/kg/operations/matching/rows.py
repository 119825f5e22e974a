"""Rows of a list that is no file, as the people and companies that they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kg.analysis.matching import Party
from kg.errors import QuestionError
from kg.findings.matches import Screening
from kg.ontology import Ontology
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.operations.matching.parties import COMPANY, PERSON, VALUES, is_child, party_of
from kg.operations.matching.screening import ScreeningRequest, children_notes, screen_parties
from kg.operations.questions.written_so import NAMES, WEAK_NAMES
from kg.ports import Store
from kg.sources.countries import citizenship_problem, citizenships

RowType = Literal["person", "company"]

MAX_CODE = 3
"""Letters of the code of a country."""

COUNTRY_KEYS: Mapping[RowType, str] = {"person": "citizenship", "company": "registered_in"}
"""The key with the countries of a row of each type."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a list."""

    type: RowType
    values: Mapping[str, Sequence[str]]
    """By key, such as `birth_date`; texts without a sign are no values."""


def screen_rows(
    register: Store, rows: Sequence[ListRow], request: ScreeningRequest, check: Callable[[], None]
) -> Screening:
    """Screen a list that is no file: the id of a target is its place, such as `rows.0`.

    `check` is called again and again, and may raise an error to end the work. Raises QuestionError with row, key, value
    and what was expected, NotFound for a source that the register has not.
    """
    listed = [party_of_row(register.ontology, f"rows.{n}", row) for n, row in enumerate(rows)]
    of_age = [party for party in listed if party.is_company or not is_child(party.values)]
    screening = screen_parties(register, of_age, request, lambda _: check())
    return replace(screening, notes=(*screening.notes, *children_notes(len(listed) - len(of_age))))


def party_of_row(ontology: Ontology, reference: str, row: ListRow) -> Party:
    """The person or company of a row. Raises QuestionError."""
    node_type = PERSON if row.type == "person" else COMPANY
    properties, country_key = ontology.properties(node_type), COUNTRY_KEYS[row.type]
    known = (*(k for k in (*NAMES, *WEAK_NAMES, *VALUES) if k in properties), country_key)
    values: dict[str, tuple[str, ...]] = {}
    for key, texts in row.values.items():
        place, stated = f"{reference}.{key}", [text for text in texts if text.strip()]
        if stated and key not in known:
            raise QuestionError(place, stated[0], f"expected one of {', '.join(known)} of a {row.type}")
        if key == country_key:
            values[key] = tuple(code for text in stated for code in _countries(place, text))
        else:
            values[key] = tuple(dict.fromkeys(_cleaned(ontology, node_type, key, place, text) for text in stated))
    if not values.get("name"):
        raise QuestionError(f"{reference}.name", "".join(row.values.get("name", ())), "expected a name")
    return replace(party_of(ontology, reference, node_type, values), countries=frozenset(values.get(country_key, ())))


def _cleaned(ontology: Ontology, node_type: str, key: str, place: str, text: str) -> str:
    try:
        return ontology.properties(node_type)[key].clean(text)
    except BadValue as bad:
        raise QuestionError(place, text, str(bad)) from None


def _countries(place: str, text: str) -> tuple[str, ...]:
    """The codes of the jurisdictions that a code, a name or a word for citizens means."""
    stated = citizenships(text)
    country, _, part = text.strip().upper().partition("-")
    in_capitals = citizenships(country)
    if stated.codes and not stated.unknown:
        return stated.codes
    if len(country) > MAX_CODE or not in_capitals.codes:
        raise QuestionError(place, text, citizenship_problem(next(iter(stated.unknown), text)))
    return (_state(place, text),) if part else in_capitals.codes


def _state(place: str, text: str) -> str:
    """The code of a part of a country, such as `US-DE`."""
    try:
        return VALUE_TYPES["jurisdiction"].clean(text)
    except BadValue as bad:
        raise QuestionError(place, text, str(bad)) from None
