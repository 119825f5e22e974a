"""Numbers of companies in the register of the United Kingdom."""

from __future__ import annotations

import re


def restore_company_number(raw: str) -> str:
    """The company number with its leading zeros restored: eight characters, the letters before the zeros."""
    text = raw.strip().upper()
    found = re.fullmatch(r"([A-Z]{0,2})([0-9]{1,8})", text)
    return found[1] + found[2].zfill(8 - len(found[1])) if found else text
