"""Reads red notices: who is sought, at whose request, and for what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.records import Provenance, Record, Reject
from kg.sources.countries import jurisdiction_code
from kg.sources.interpol.documents import NoticeFiles, SavedNotice
from kg.sources.record_builder import RecordBuilder, Texts, remaining
from kg.sources.rows import PropertyChecks, ReadContext, as_object, json_text

ORIGIN = "INTERPOL"
_CODE_EXPECTED = "expected a code of ISO 3166-1, such as CD"
_UNKNOWN_TEXT = "-"
"""What the service writes in place of a name that it does not know."""


def read(files: Sequence[Path], context: ReadContext) -> Iterator[Record | Reject]:
    """For each notice: the notice, the person, the countries that asked for it, and each charge as an allegation."""
    checks = PropertyChecks(context.ontology)
    for found in NoticeFiles(files).notices(context.progress) if files else ():
        if isinstance(found, Reject):
            yield found
            continue
        builder = RecordBuilder(found.row, checks, context.namespace)
        _NoticeReader(found, builder).read()
        yield from builder.results


class _NoticeReader:
    def __init__(self, notice: SavedNotice, builder: RecordBuilder) -> None:
        self._data, self._notice_data = dict(notice.data), notice.data
        self._listed = notice.listed
        self._builder = builder
        self._notice, self._person = notice.number, f"{notice.number}/person"

    def read(self) -> None:
        """Add all records of the notice."""
        builder, data = self._builder, self._data
        data.pop("entity_id", None)
        links = {
            name: as_object(link).get("href") or link for name, link in builder.take_object(data, "_links").items()
        }
        page = links.pop("self", "")
        url = builder.clean("_links.self.href", page, "url", "url") if isinstance(page, str) else ""
        builder.provenance = Provenance(origin=ORIGIN, url=url)
        warrants = builder.take_objects(data, "arrest_warrants")
        embedded = {name: value for name, value in builder.take_object(data, "_embedded").items() if value}
        flat = {f"_links.{n}": v for n, v in links.items()} | {f"_embedded.{n}": v for n, v in embedded.items()}
        issuers = {country for w in warrants if (country := self._known_text(dict(w), "issuing_country_id"))}
        unknown = sorted(country for country in issuers if not jurisdiction_code(country))
        said = {"name": [f"Red notice {self._notice}"], "number": [self._notice], "kind": ["red"], "issuer": unknown}
        for country in unknown:
            builder.reject_value("arrest_warrants.issuing_country_id", country, _CODE_EXPECTED, "ISSUED_BY")
        builder.add_node(self._notice, "Notice", said, remaining(flat))
        for code in sorted(set(filter(None, map(jurisdiction_code, issuers)))):
            builder.add_jurisdiction_link(self._notice, "issuing_country", "ISSUED_BY", code)
        self._add_person()
        builder.add_link((self._notice, "sought"), "SOUGHT_UNDER", (self._person, self._notice), {})
        for content, warrant in sorted({json_text(w): w for w in warrants}.items()):
            self._add_charge(f"{self._notice}/charge/{hashlib.sha256(content.encode()).hexdigest()[:12]}", warrant)

    def _add_person(self) -> None:
        builder, data = self._builder, self._data
        family, given = self._known_text(data, "name"), self._known_text(data, "forename")
        properties: Texts = {
            "name": [" ".join(filter(None, (given, family)))],
            "given_name": [given],
            "family_name": [family],
            "birth_date": [
                _iso_date(self._known_text(data, "date_of_birth", "birth_date")),
                *self._also("date_of_birth"),
            ],
            "birth_place": [self._known_text(data, "place_of_birth")],
            "birth_country": [self._known_text(data, "country_of_birth_id", "birth_country")],
            "gender": [self._known_text(data, "sex_id")],
        }
        nationalities = [*builder.take_texts(data, "nationalities", "CITIZEN_OF"), *self._also("nationalities")]
        codes = {word: jurisdiction_code(word) for word in nationalities}
        for measure in ("height", "weight"):
            if data.get(measure) in (0, "0"):
                del data[measure]  # unknown
        for word, code in codes.items():
            if not code:
                builder.reject_value("nationalities", word, _CODE_EXPECTED, "CITIZEN_OF")
        builder.add_node(self._person, "Person", properties, remaining(data))
        for code in sorted(set(filter(None, codes.values()))):
            builder.add_jurisdiction_link(self._person, "nationality", "CITIZEN_OF", code)

    def _also(self, name: str) -> list[str]:
        """What pages of search results say under a name and the notice's own document does not; it is told."""
        own, found = _texts_of(self._notice_data, name), dict[str, None]()
        for line in self._listed:
            found |= dict.fromkeys(text for text in _texts_of(line, name) if text not in own)
        if found:
            said, other = ", ".join(own) or "nothing", ", ".join(found)
            self._builder.remark(
                f"property {name}: the notice says {said}, and a page of results {other}; both are kept"
            )
        return [_iso_date(text) if name == "date_of_birth" else text for text in found]

    def _add_charge(self, key: str, warrant: dict[str, Any]) -> None:
        """Add the charge of a warrant as an allegation of the country that issued it."""
        country, charge = self._known_text(warrant, "issuing_country_id"), self._known_text(warrant, "charge")
        translation = self._known_text(warrant, "charge_translation")
        rest = {f"arrest_warrants.{name}": texts for name, texts in remaining(warrant).items()}
        if not (charge or translation or rest):
            return
        conduct = {"conduct": [charge or translation], "summary": [translation if charge else ""]}
        self._builder.add_node(key, "Offence", conduct | {"law_of": [jurisdiction_code(country)]}, rest)
        allegation = {"stage": ["alleged"], "said_by": [country or ORIGIN]}
        self._builder.add_link((key, "alleged"), "ACCUSED_OF", (self._person, key), allegation)

    def _known_text(self, data: dict[str, Any], name: str, about: str = "") -> str:
        text = self._builder.take_text(data, name, about)
        return "" if text == _UNKNOWN_TEXT else text


def _texts_of(data: dict[str, Any], name: str) -> list[str]:
    """The texts that a notice has under a name: one, or those of a list."""
    value = data.get(name)
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [text for each in texts if isinstance(each, str) and (text := each.strip()) not in ("", _UNKNOWN_TEXT)]


def _iso_date(text: str) -> str:
    """A date such as `1984/05/07` as ISO 8601 writes it; parts that are zero are unknown."""
    parts = text.split("/")
    while len(parts) > 1 and parts[-1].strip("0") == "":
        parts.pop()
    return "-".join(part.zfill(2) for part in parts if part)
