"""Which short names stand for which English names? Writes graph/reference/names/nicknames.csv.

Run: python -m pip install nicknames && python bench/make_nicknames.py
The output depends on the version of the package; graph/reference/ORIGINS.md names the one used.
"""

import csv
from collections import defaultdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

OUTPUT = Path(__file__).resolve().parents[1] / "graph" / "reference" / "names" / "nicknames.csv"


def main() -> None:
    """Write the file, one line a name."""
    short: defaultdict[str, set[str]] = defaultdict(set)
    with (files("nicknames") / "names.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            short[row["name1"]].add(row["name2"])
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "nicknames"))
        writer.writerows((name, " ".join(sorted(nicknames))) for name, nicknames in sorted(short.items()))
    print(f"{len(short)} names of nicknames {version('nicknames')}")


if __name__ == "__main__":
    main()
