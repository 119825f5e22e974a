"""Reads legal entities, which GLEIF calls level 1."""

from __future__ import annotations

from kg.sources.countries import jurisdiction_code, state_code
from kg.sources.gleif.documents import LeiFields, day_of
from kg.sources.record_builder import RecordBuilder, Texts

_NODE_TYPES = {"RESIDENT_GOVERNMENT_ENTITY": "Agency", "SOLE_PROPRIETOR": "Party"}
"""Category of an entity to node type; all others are an Enterprise."""

_DATE_PROPERTIES = {
    "Enterprise": ("incorporation_date", "dissolution_date"),
    "Agency": ("active_from", "active_to"),
}
_JURISDICTION_LINKS = {"Enterprise": "REGISTERED_IN", "Agency": "AGENCY_OF"}

_FORMER_NAME = "PREVIOUS_LEGAL_NAME"
_NO_FORM_CODES = ("8888", "9999")
"""Codes of legal forms that mean that the list has none."""

_ADDRESS_ROLES = {"registered": "LegalAddress", "headquarters": "HeadquartersAddress"}
_ADDRESS = (
    *("MailRouting", "FirstAddressLine", "AddressNumber", "AddressNumberWithinBuilding"),
    *("AdditionalAddressLine", "City", "PostalCode", "Region", "Country"),
)


def add_entity(fields: LeiFields, builder: RecordBuilder) -> None:
    """Add the node of an entity, its places, and its successors and fund families."""
    lei, kind = fields.take("LEI"), _NODE_TYPES.get(fields.peek("Entity.EntityCategory"), "Enterprise")
    former, other_names = _other_names(fields)
    form, form_code = (
        fields.take("Entity.LegalForm.OtherLegalForm"),
        fields.peek("Entity.LegalForm.EntityLegalFormCode"),
    )
    places = {role: fields.peek(f"Entity.{name}.Country") for role, name in _ADDRESS_ROLES.items()}
    properties: Texts = {
        "lei": [lei],
        "name": [fields.take("Entity.LegalName")],
        "alias": other_names,
        "former_name": former,
        "legal_form": [form or ("" if form_code in _NO_FORM_CODES else form_code)],
        "status": [fields.take("Entity.EntityStatus")],
        "registration_number": [fields.take("Entity.RegistrationAuthority.RegistrationAuthorityEntityID")],
        "address": list(dict.fromkeys(filter(None, (_take_address(fields, n) for n in _ADDRESS_ROLES.values())))),
    }
    dates = ("Entity.EntityCreationDate", "Entity.EntityExpirationDate")
    if kind == "Enterprise":
        properties["swift"] = list(fields.take_all("BIC").values())
    for name, property_name in zip(dates, _DATE_PROPERTIES.get(kind, ()), strict=False):
        properties[property_name] = [day_of(fields.take(name))]
    place = fields.peek("Entity.LegalJurisdiction")
    code = state_code(jurisdiction_code(place))
    link = _JURISDICTION_LINKS.get(kind, "LOCATED_IN")
    if code == place or not code:
        fields.take("Entity.LegalJurisdiction")
    if place and not code:
        expected = "expected a code of ISO 3166, such as GB or US-DE"
        builder.reject_value("Entity.LegalJurisdiction", place, expected, link)
    located = {role: state_code(jurisdiction_code(country)) for role, country in places.items()}
    for role, country in places.items():
        if country and not located[role]:
            name = f"Entity.{_ADDRESS_ROLES[role]}.Country"
            builder.reject_value(name, country, "expected a code of ISO 3166-1", "LOCATED_IN")
    related = _take_related(fields)
    builder.add_node(lei, kind, properties, fields.remaining())
    if code:
        builder.add_jurisdiction_link(lei, "jurisdiction", link, code)
    for role, whole in located.items():
        if whole:
            builder.add_jurisdiction_link(lei, f"{role} address", "LOCATED_IN", whole, role)
    for relation, others in related.items():
        for other in others:
            builder.add_link((lei, f"{relation}:{other}"), "ASSOCIATED_WITH", (lei, other), {"relation": [relation]})


def _other_names(fields: LeiFields) -> tuple[list[str], list[str]]:
    """Former names, and all other names."""
    former, other = list[str](), list[str]()
    for group in ("OtherEntityNames.OtherEntityName", "TransliteratedOtherEntityNames.TransliteratedOtherEntityName"):
        names, holder = fields.take_all(f"Entity.{group}"), group.partition(".")[0]
        types = fields.take_all(f"Entity.{group}.type") | fields.take_all(f"Entity.{holder}.type")
        for number, name in names.items():
            (former if types.get(number) == _FORMER_NAME else other).append(name)
    return former, other


def _take_address(fields: LeiFields, name: str) -> str:
    """An address on one line; a part that repeats the one before is left out."""
    parts = [text for part in _ADDRESS for text in fields.take_all(f"Entity.{name}.{part}").values()]
    return ", ".join(dict.fromkeys(parts))


def _take_related(fields: LeiFields) -> dict[str, list[str]]:
    """The entities that a row names without a relationship record, by what they are to it."""
    successors = fields.take_all("Entity.SuccessorEntity.SuccessorLEI").values()
    associated = fields.take_all("Entity.AssociatedEntity.AssociatedLEI").values()
    kind = fields.take("Entity.AssociatedEntity.type") if associated else ""
    return {"succeeded by": list(successors), kind or "associated entity": list(associated)}
