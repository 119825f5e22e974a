"""Answers of GLEIF's web API, saved as they are, as fields with their names in the golden copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from kg.records import Reject
from kg.sources.rows import SourceRow, as_object

TYPES = ("lei-records", "relationship-records", "reporting-exceptions")
"""Types of the records that are read. All others have other data, such as ISINs."""

_ENTITY = {
    "legalName.name": "LegalName",
    "legalName.language": "LegalName.xmllang",
    "otherNames.#.name": "OtherEntityNames.OtherEntityName.#",
    "otherNames.#.type": "OtherEntityNames.OtherEntityName.#.type",
    "otherNames.#.language": "OtherEntityNames.OtherEntityName.#.xmllang",
    "transliteratedOtherNames.#.name": "TransliteratedOtherEntityNames.TransliteratedOtherEntityName.#",
    "transliteratedOtherNames.#.type": "TransliteratedOtherEntityNames.TransliteratedOtherEntityName.#.type",
    "transliteratedOtherNames.#.language": "TransliteratedOtherEntityNames.TransliteratedOtherEntityName.#.xmllang",
    "registeredAt.id": "RegistrationAuthority.RegistrationAuthorityID",
    "registeredAt.other": "RegistrationAuthority.OtherRegistrationAuthorityID",
    "registeredAs": "RegistrationAuthority.RegistrationAuthorityEntityID",
    "jurisdiction": "LegalJurisdiction",
    "category": "EntityCategory",
    "subCategory": "EntitySubCategory",
    "legalForm.id": "LegalForm.EntityLegalFormCode",
    "legalForm.other": "LegalForm.OtherLegalForm",
    "status": "EntityStatus",
    "creationDate": "EntityCreationDate",
    "expiration.date": "EntityExpirationDate",
    "expiration.reason": "EntityExpirationReason",
    "associatedEntity.lei": "AssociatedEntity.AssociatedLEI",
    "associatedEntity.name": "AssociatedEntity.AssociatedEntityName",
    "successorEntities.#.lei": "SuccessorEntity.#.SuccessorLEI",
    "successorEntities.#.name": "SuccessorEntity.#.SuccessorEntityName",
    "successorEntity.lei": "SuccessorEntity.SuccessorLEI",
    "successorEntity.name": "SuccessorEntity.SuccessorEntityName",
}
_ADDRESS = {
    "addressLines.#": "AdditionalAddressLine.#",
    "addressNumber": "AddressNumber",
    "addressNumberWithinBuilding": "AddressNumberWithinBuilding",
    "mailRouting": "MailRouting",
    "city": "City",
    "region": "Region",
    "country": "Country",
    "postalCode": "PostalCode",
    "language": "xmllang",
}
_REGISTRATION = {
    "initialRegistrationDate": "InitialRegistrationDate",
    "lastUpdateDate": "LastUpdateDate",
    "status": "RegistrationStatus",
    "nextRenewalDate": "NextRenewalDate",
    "managingLou": "ManagingLOU",
    "corroborationLevel": "ValidationSources",
    "validatedAt.id": "ValidationAuthority.ValidationAuthorityID",
    "validatedAt.other": "ValidationAuthority.OtherValidationAuthorityID",
    "validatedAs": "ValidationAuthority.ValidationAuthorityEntityID",
}
_RELATIONSHIP = {
    "startNode.id": "StartNode.NodeID",
    "startNode.type": "StartNode.NodeIDType",
    "endNode.id": "EndNode.NodeID",
    "endNode.type": "EndNode.NodeIDType",
    "type": "RelationshipType",
    "status": "RelationshipStatus",
    "periods.#.startDate": "Period.#.startDate",
    "periods.#.endDate": "Period.#.endDate",
    "periods.#.type": "Period.#.periodType",
}
_OF_RECORD = {
    "lei": "LEI",
    "bic.#": "BIC.#",
    **{f"entity.{name}": f"Entity.{field}" for name, field in _ENTITY.items()},
    **{
        f"entity.{name}.{part}": f"Entity.{field}.{inner}"
        for name, field in (("legalAddress", "LegalAddress"), ("headquartersAddress", "HeadquartersAddress"))
        for part, inner in _ADDRESS.items()
    },
    **{f"registration.{name}": f"Registration.{field}" for name, field in _REGISTRATION.items()},
    **{f"relationship.{name}": f"Relationship.{field}" for name, field in _RELATIONSHIP.items()},
}
_OF_EXCEPTION = {
    "lei": "LEI",
    "category": "Exception.Category",
    "reason": "Exception.Reason",
    "reasons.#": "Exception.Reason.#",
    "reference": "Exception.Reference",
}


def is_answer(data: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an answer of the API."""
    return isinstance(data.get("data"), dict | list) and not data.keys() & {"LEI", "Relationship", "Entity"}


def answer_records(row: SourceRow, data: Mapping[str, Any]) -> Iterator[tuple[SourceRow, dict[str, Any]] | Reject]:
    """The records that an answer lists, each as a row, or a reject."""
    listed = data["data"] if isinstance(data["data"], list) else [data["data"]]
    for record in listed:
        line = SourceRow(row.file, row.line, orjson.dumps(record))
        kind, attributes = as_object(record).get("type"), as_object(as_object(record).get("attributes"))
        if kind not in TYPES:
            yield line.reject(f"key type, value {kind!r:.80}: expected one of {', '.join(TYPES)}")
        elif not attributes:
            yield line.reject("expected the attributes of a record, a JSON object")
        else:
            yield line, {"type": kind, **attributes}


def field_names(flat: Mapping[str, str]) -> dict[str, str]:
    """The values of a record under their names in the golden copy; those that it has not, under their own."""
    names = _OF_EXCEPTION if flat.get("type") == "reporting-exceptions" else _OF_RECORD
    found: dict[str, str] = {}
    for path, text in flat.items():
        if path == "type":
            continue
        parts = path.split(".")
        name = names.get(".".join("#" if part.isdigit() else part for part in parts), path)
        for number in (part for part in parts if part.isdigit()):
            name = name.replace("#", number, 1)
        first_line = name.removesuffix("AdditionalAddressLine.1") if name.startswith("Entity.") else name
        found.setdefault(f"{first_line}FirstAddressLine" if first_line != name else name, text)
    one, first = "Entity.SuccessorEntity.", "Entity.SuccessorEntity.1."
    for end in ("SuccessorLEI", "SuccessorEntityName"):
        if one + end in found and found[one + end] == found.get(first + end):
            del found[one + end]  # the list says it too
    return found
