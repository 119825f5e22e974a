"""What else are jurisdictions called, in all languages? Writes graph/reference/country_names.csv.

Run: python -m pip install countrynames rigour && python bench/make_country_names.py, in an environment with kg.
The output depends on the versions of both packages; graph/reference/ORIGINS.md names the ones used.
"""

import csv
from importlib.metadata import version
from pathlib import Path

from countrynames.data import DATA
from rigour.territories import get_territory, lookup_territory

from kg.ontology.values.jurisdictions import AMBIGUOUS, codes_by_name, plain_name, reference_rows

REFERENCE = Path(__file__).resolve().parents[1] / "graph" / "reference"
OUTPUT = REFERENCE / "country_names.csv"
SHORTEST = 4
"""Shorter names of letters are abbreviations, which several languages use for several countries."""

NOT_NAMES = {
    "america",
    "states",
    "union",
    "mainland",
    "colony",
    "federation",
    "republic",
    "kingdom",
    "islands",
    "paris",
}
"""Words that mean more than one jurisdiction, or none."""


def means_another(name: str, code: str) -> bool:
    """Whether rigour knows the name as a part of a state, as a state that is gone, or as another territory."""
    found = lookup_territory(name)
    return found is not None and (found.parent is not None or found.is_historical or found != get_territory(code))


def words_for_citizens() -> set[str]:
    """Words that the tables of citizens have: they name a country only to them, and some name several."""
    rows = [*reference_rows("demonyms.csv"), *reference_rows("citizens.csv")]
    return {plain_name(word) for row in rows for text in row.values() for word in (text, *text.split(";"))}


def main() -> None:
    known = {row["alpha2"] for row in reference_rows("jurisdictions.csv")}
    plainly = {plain_name(name) for name in codes_by_name()}
    citizens = words_for_citizens()
    codes: dict[str, set[str]] = {}
    for code, names in DATA.items():
        for name in names:
            plain = plain_name(name)
            if len(plain) >= (SHORTEST if plain.isascii() else 2) and plain not in NOT_NAMES:
                codes.setdefault(plain, set()).add(code if not means_another(name, code) else "")
    rows = []
    for name, found in sorted(codes.items()):
        code = next(iter(found))
        if len(found) == 1 and code in known and name not in AMBIGUOUS and name not in plainly | citizens:
            rows.append((name, code))
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "jurisdiction"))
        writer.writerows(rows)
    print(f"{OUTPUT.name}: {len(rows)} rows (countrynames {version('countrynames')}, rigour {version('rigour')})")


if __name__ == "__main__":
    main()
