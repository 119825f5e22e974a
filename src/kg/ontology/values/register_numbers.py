"""Numbers of companies in registers, as the registers write them."""

from __future__ import annotations

import re

REGISTERS = frozenset(
    (
        *("AU-ABN", "AU-ACN", "BE-BCE_KBO", "CZ-ICO", "DK-CVR", "EE-RIK", "FI-PRO", "FR-RCS", "GB-CHC", "GB-COH"),
        *("GB-NIC", "GB-SC", "GG-RCE", "HK-CR", "IE-CRO", "IM-CR", "IN-MCA", "JE-FSC", "KE-RCO", "LV-RE", "MD-IDNO"),
        *("NG-CAC", "NL-KVK", "NO-BRC", "NZ-COR", "PL-KRS", "RU-OGRN", "SE-BLV", "SG-ACRA", "SK-ORSR", "UA-EDR"),
        "ZA-CIP",
    )
)
"""Codes of org-id.guide for registers of companies and charities."""

_WIDTHS = {"AU-ACN": 9, "BE-BCE_KBO": 10, "CZ-ICO": 8, "NL-KVK": 8, "PL-KRS": 10, "SK-ORSR": 8, "UA-EDR": 8}
"""Digits of the numbers that a register writes with zeros at their start, which tables and programs drop."""

_WITH_CODE = re.compile(r"([A-Z]{2}-[A-Z_]{2,7})(?:[ :/|#-]|: )(?=\S)", re.IGNORECASE)
_BRITISH = re.compile(r"([A-Z]{0,2})([0-9]{1,8})")


def restore_company_number(raw: str) -> str:
    """The number in the register of the United Kingdom with its zeros: eight characters, the letters before them."""
    text = raw.strip().upper()
    found = _BRITISH.fullmatch(text)
    return found[1] + found[2].zfill(8 - len(found[1])) if found else text


def restore_number(register: str, number: str) -> str:
    """The number in a register, named by its code, with the zeros at its start; as it is where none are dropped."""
    code = register.upper()
    if code == "GB-COH":
        return restore_company_number(number)
    width = _WIDTHS.get(code, 0)
    digits = re.sub(r"[ .-]", "", number) if width else ""
    return digits.zfill(width) if digits.isascii() and digits.isdigit() and len(digits) < width else number


def without_register(text: str) -> str:
    """The number alone of one that is written with the code of its register: `01234567` of `GB-COH 1234567`."""
    found = _WITH_CODE.match(text)
    if found is None or found[1].upper() not in REGISTERS:
        return text
    return restore_number(found[1], text[found.end() :].strip())
