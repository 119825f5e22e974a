"""Reads the entries of the list: who is listed, under which regime, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.records import Provenance, Record, Reject
from kg.sources.countries import citizenship_code, citizenship_problem, code_of_typed_country
from kg.sources.files.xml_elements import Fields, XmlRow, read_elements
from kg.sources.record_builder import RecordBuilder, Texts
from kg.sources.rows import PropertyChecks, ReadContext, json_text, key_problem

ORIGIN = "United Nations Security Council"
ROOT = "CONSOLIDATED_LIST"
NODE_TYPES = {"INDIVIDUAL": "Person", "ENTITY": "Enterprise"}

_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_DOCUMENTS = {"passport": "passport_number", "national identification number": "national_number"}
"""Type of a document to the property of its number; of any other type it is `id_number`."""
_ALIASES = {"low": "weak_alias", "f.k.a.": "former_name"}
"""Quality of another name to its property; of any other quality it is `alias`."""
_SAYS_NOTHING = ("SORT_KEY", "SORT_KEY_LAST_MOD")


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """For each entry: who is listed, with citizenships and places, and the listing as a measure.

    Raises InputError for a file that is no such list.
    """
    checks = PropertyChecks(context.ontology)
    for path in files:
        for found in read_elements(path, ROOT, NODE_TYPES, context.progress):
            builder = RecordBuilder(found.row, checks, context.namespace)
            _EntryReader(found, builder).read()
            yield from builder.results


class _EntryReader:
    def __init__(self, entry: XmlRow, builder: RecordBuilder) -> None:
        self._kind, self._fields, self._builder = entry.name, entry.fields, builder
        self._other: Texts = {}

    def read(self) -> None:
        """Add all records of the entry."""
        builder, reference = self._builder, self._take_text("REFERENCE_NUMBER")
        key = self._take_text("DATAID") or reference
        if key_problem(key):
            builder.reject_row("expected an entry with DATAID or REFERENCE_NUMBER, as text without control characters")
            return
        listed = self._take_text("LISTED_ON")
        updates = [day for day in self._take_values("LAST_DAY_UPDATED") if day]
        stated = max(updates, default=listed)
        builder.provenance = Provenance(origin=ORIGIN, stated=builder.clean("LAST_DAY_UPDATED", stated, "date"))
        measure: Texts = {
            "name": [f"UN listing {reference or key}"],
            "kind": ["sanction"],
            "authority": [ORIGIN],
            "program": [self._take_text("UN_LIST_TYPE")],
            "ordered_on": [listed],
            "lifted_on": [self._take_text("DELISTED_ON")],
            "summary": [self._take_text("COMMENTS1")],
        }
        citizenships = self._citizenships() if self._kind == "INDIVIDUAL" else {}
        properties, located = self._properties()
        builder.add_node(key, NODE_TYPES[self._kind], properties, {**self._other, **self._remaining()})
        for name, codes, link in (("nationality", citizenships, "CITIZEN_OF"), ("address", located, "LOCATED_IN")):
            for code in sorted(codes):
                builder.add_jurisdiction_link(key, name, link, code)
        listing = f"{key}/listing"
        builder.add_node(listing, "Measure", measure, {"REFERENCE_NUMBER": [reference]} if reference else {})
        builder.add_link((listing, "target"), "TARGETS", (listing, key), {})

    def _properties(self) -> tuple[Texts, dict[str, str]]:
        """What the entry says of the subject, and the jurisdictions of its addresses."""
        found: Texts = {"name": [" ".join(filter(None, map(self._take_text, _NAMES)))], "topic": ["sanction"]}
        found["alias"] = self._take_texts("NAME_ORIGINAL_SCRIPT")
        for alias in self._take_parts("ALIAS", {"QUALITY", "ALIAS_NAME"}):
            quality = _text(alias, "QUALITY").casefold()
            found.setdefault(_ALIASES.get(quality, "alias"), []).append(_text(alias, "ALIAS_NAME"))
        addresses = self._take_parts("ADDRESS", {*_PLACE})
        found["address"] = [_place(address) for address in addresses]
        if self._kind == "INDIVIDUAL":
            found |= {"gender": self._take_texts("GENDER"), "title": self._take_values("TITLE")}
            found["position"] = self._take_values("DESIGNATION")
            found["birth_date"] = self._birth_dates()
            births = self._take_parts("PLACE_OF_BIRTH", {*_PLACE})
            found["birth_place"] = [_place(birth) for birth in births]
            found["birth_country"] = [*self._countries(births, "PLACE_OF_BIRTH", "birth_country")]
            for document in self._take_parts("DOCUMENT", {"TYPE_OF_DOCUMENT", "NUMBER"}):
                kind = _DOCUMENTS.get(_text(document, "TYPE_OF_DOCUMENT").casefold(), "id_number")
                found.setdefault(kind, []).append(_text(document, "NUMBER"))
        located = self._countries(addresses, "ADDRESS", "LOCATED_IN")
        return {name: list(dict.fromkeys(filter(None, texts))) for name, texts in found.items()}, located

    def _birth_dates(self) -> list[str]:
        """The exact days and years. What is approximate or a range stays in the source's words: it is no date."""
        exact = list[str]()
        known = {"TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR"}
        for birth in self._take_parts("DATE_OF_BIRTH", known):
            day = _text(birth, "DATE") or _text(birth, "YEAR")
            bounds = (_text(birth, "FROM_YEAR"), _text(birth, "TO_YEAR"))
            kind = _text(birth, "TYPE_OF_DATE")
            if day and kind.upper() in ("", "EXACT") and not any(bounds):
                exact.append(day)
            elif words := " ".join(filter(None, (kind, day, " to ".join(filter(None, bounds))))):
                if day or any(bounds):
                    reason = "is no exact date; it stays in these words"
                    self._builder.reject_value("INDIVIDUAL_DATE_OF_BIRTH", words, reason, "birth_date")
                else:
                    self._other.setdefault("INDIVIDUAL_DATE_OF_BIRTH", []).append(words)
        return exact

    def _citizenships(self) -> dict[str, str]:
        """The codes of the nationalities, each with its word."""
        codes: dict[str, str] = {}
        for word in dict.fromkeys((*self._take_values("NATIONALITY"), *self._take_texts("NATIONALITY2"))):
            if not word:
                continue
            if code := citizenship_code(word) or code_of_typed_country(word):
                codes.setdefault(code, word)
            else:
                self._builder.reject_value("NATIONALITY", word, citizenship_problem(word), "CITIZEN_OF")
        return codes

    def _countries(self, places: Sequence[Fields], name: str, about: str) -> dict[str, str]:
        codes: dict[str, str] = {}
        for word in dict.fromkeys(filter(None, (_text(place, "COUNTRY") for place in places))):
            if code := code_of_typed_country(word):
                codes.setdefault(code, word)
            else:
                expected = "expected the English name of a jurisdiction, or its code"
                self._builder.reject_value(f"{self._kind}_{name}.COUNTRY", word, expected, about)
        return codes

    def _take_parts(self, name: str, known: set[str]) -> list[Fields]:
        """The parts of one kind, such as addresses. One that says more than the `known` is kept whole besides."""
        parts = [part for part in self._fields.pop(f"{self._kind}_{name}", []) if part]
        fields = [part if isinstance(part, dict) else {"": [part]} for part in parts]
        for part in fields:
            plain = {key: _text(part, key) for key in part if _text(part, key)}
            if not plain.keys() <= known or (name == "DOCUMENT" and len(plain) > 1):
                self._other.setdefault(f"{self._kind}_{name}", []).append(json_text(plain))
        return fields

    def _take_texts(self, name: str) -> list[str]:
        return [_plain(value) for value in self._fields.pop(name, []) if value]

    def _take_text(self, name: str) -> str:
        """The one text of a name; further ones stay as they are."""
        texts = self._take_texts(name)
        if texts[1:]:
            self._fields[name] = list(texts[1:])
        return texts[0] if texts else ""

    def _take_values(self, name: str) -> list[str]:
        """The texts of the elements VALUE in all elements of a name."""
        found = list[str]()
        for holder in self._fields.pop(name, []):
            values = holder.pop("VALUE", []) if isinstance(holder, dict) else [holder]
            found += [_plain(value) for value in values if value]
            if isinstance(holder, dict) and holder:
                self._other.setdefault(name, []).append(json_text(holder))
        return list(dict.fromkeys(found))

    def _remaining(self) -> Texts:
        """What was not taken, under its own names."""
        left = {name: [_plain(value) for value in values if value] for name, values in self._fields.items()}
        return {name: texts for name, texts in left.items() if texts and name not in _SAYS_NOTHING}


def _text(part: Fields, name: str) -> str:
    """The texts of a name in a part, as one."""
    return "; ".join(_plain(value) for value in part.get(name, []) if value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)


def _place(place: Fields) -> str:
    return ", ".join(filter(None, (_text(place, name) for name in _PLACE)))
