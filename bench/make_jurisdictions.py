"""Which jurisdictions have a code, and what are they called? Writes graph/reference/jurisdictions.csv.

Run: python -m pip install iso3166 babel && python bench/make_jurisdictions.py
The output depends on the versions of both packages; graph/reference/ORIGINS.md names the ones used.
"""

import csv
import sys
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.core import get_cldr_version
from iso3166 import countries

REFERENCE = Path(__file__).resolve().parents[1] / "graph" / "reference"
OUTPUT = REFERENCE / "jurisdictions.csv"
CODE_COLUMNS = ("jurisdiction", "party_a", "party_b", "territorial_of")

# iso3166 carries these codes beside ISO's own; a row is written only if another file uses the code.
USER_ASSIGNED = {"XK": "user-assigned code, not part of ISO 3166-1"}

# CLDR marks these names alt="short"; babel keeps only the long ones. Abbreviations (UK, US) are not taken.
SHORT_ENGLISH = {"HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao", "PS": "Palestine"}
SHORT_CHINESE = {"HK": "香港", "MO": "澳门", "PS": "巴勒斯坦"}

NOTES = {
    "CN": "in the other files this code means mainland China; HK, MO and TW are rows of their own",
    "HK": "a row of its own; rows of CN in the other files do not speak for it",
    "MO": "a row of its own; rows of CN in the other files do not speak for it",
    "TW": "a row of its own; rows of CN in the other files do not speak for it",
}


class Row(NamedTuple):
    alpha2: str
    alpha3: str
    numeric: str
    name: str
    name_zh: str
    iso_name: str
    note: str


def used_codes() -> set[str]:
    """Every jurisdiction code that another reference file uses."""
    codes: set[str] = set()
    for path in sorted(REFERENCE.glob("*.csv")):
        if path == OUTPUT:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for record in csv.DictReader(file):
                codes.update(record.get(column) or "" for column in CODE_COLUMNS)
    return codes - {""}


def rows(used: set[str]) -> list[Row]:
    """One row a code of ISO 3166-1, sorted by alpha-2."""
    english = Locale("en").territories
    chinese = Locale.parse("zh_Hans_CN").territories
    result = []
    for country in sorted(countries, key=lambda each: each.alpha2):
        code = country.alpha2
        if code in USER_ASSIGNED and code not in used:
            continue
        result.append(
            Row(
                alpha2=code,
                alpha3=country.alpha3,
                numeric=country.numeric,
                name=SHORT_ENGLISH.get(code, english[code]),
                name_zh=SHORT_CHINESE.get(code, chinese[code]),
                iso_name=country.name,
                note=NOTES.get(code, USER_ASSIGNED.get(code, "")),
            )
        )
    return result


def main() -> None:
    used = used_codes()
    table = rows(used)
    missing = used - {row.alpha2 for row in table}
    if missing:
        sys.exit(f"{REFERENCE}: codes used in other files, unknown to iso3166: {sorted(missing)}")
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(table)
    print(
        f"{OUTPUT.name}: {len(table)} rows, {len(used)} of them used by other files "
        f"(iso3166 {version('iso3166')}, babel {version('babel')}, CLDR {get_cldr_version()})"
    )


if __name__ == "__main__":
    main()
