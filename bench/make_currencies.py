"""Which currencies have a code? Writes graph/reference/currencies.csv.

Run: python -m pip install babel && python bench/make_currencies.py
The output depends on the version of babel; graph/reference/ORIGINS.md names the one used.
"""

import csv
from importlib.metadata import version
from pathlib import Path

from babel import Locale
from babel.core import get_cldr_version, get_global

OUTPUT = Path(__file__).resolve().parents[1] / "graph" / "reference" / "currencies.csv"

NO_MONEY = frozenset(("XXX", "XTS"))
"""ISO's codes for no currency and for tests."""

UNOFFICIAL = {
    "BTC": "Bitcoin",
    "ETH": "Ether",
    "XBT": "Bitcoin",
}
"""Codes outside ISO 4217 of three letters that sums are stated in."""


def rows() -> list[tuple[str, str, str]]:
    """Code, English name, and whether it is current, former, a unit of account or unofficial; sorted by code."""
    used = [span for spans in get_global("territory_currencies").values() for span in spans]
    current = {code for code, _, end, tender in used if end is None and tender}
    former = {code for code, _, end, _ in used if end is not None}
    found = []
    for code, name in Locale("en").currencies.items():
        if len(code) == 3 and code not in NO_MONEY:
            kind = "current" if code in current else "former" if code in former else "unit"
            found.append((code, name, kind))
    return sorted([*found, *((code, name, "unofficial") for code, name in UNOFFICIAL.items())])


def main() -> None:
    table = rows()
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "kind"))
        writer.writerows(table)
    print(f"{OUTPUT.name}: {len(table)} rows (babel {version('babel')}, CLDR {get_cldr_version()})")


if __name__ == "__main__":
    main()
