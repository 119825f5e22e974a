"""The property of an identifier, by the scheme that issued it."""

from __future__ import annotations

import re

_PERSONS = {"PASSPORT": "passport_number", "TAXID": "tax_number", "IDCARD": "id_number"}
"""Ends of the schemes of people's identifiers, after the code of a jurisdiction: IRL-TAXID."""

_LEI = re.compile(r"(?:XI-)?LEI", re.IGNORECASE)
_TAX = re.compile(r"[A-Z]{2,3}-(?:TAXID|VAT|TIN|EIN|INN|RFC|NIF|NIPC|PIVA|SIREN-TVA)", re.IGNORECASE)
_REGISTERS = re.compile(
    "AU-ABN|AU-ACN|BE-BCE_KBO|CZ-ICO|DK-CVR|EE-RIK|FI-PRO|FR-RCS|GB-CHC|GB-COH|GB-NIC|GB-SC|GG-RCE|HK-CR|IE-CRO|IM-CR|"
    "IN-MCA|JE-FSC|KE-RCO|LV-RE|MD-IDNO|NG-CAC|NL-KVK|NO-BRC|NZ-COR|PL-KRS|RU-OGRN|SE-BLV|SG-ACRA|SK-ORSR|UA-EDR|ZA-CIP",
    re.IGNORECASE,
)
"""Codes of org-id.guide for registers of companies and charities."""


def identifier_property(scheme: str, scheme_name: str, *, person: bool) -> str:
    """The ontology's property; `id_number` where the scheme does not say what kind of number it issues."""
    if person:
        return _PERSONS.get(scheme.upper().rpartition("-")[2], "id_number")
    if _LEI.fullmatch(scheme) or "legal entity identifier" in scheme_name.lower():
        return "lei"
    if _TAX.fullmatch(scheme):
        return "tax_number"
    return "registration_number" if _REGISTERS.fullmatch(scheme) else "id_number"
