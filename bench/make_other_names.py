"""Which names of other languages could be taken for Chinese ones? Writes graph/reference/names/other_names.csv.

Run: python -m pip install name-variants sinonym --no-deps && python bench/make_other_names.py
The output depends on the versions of the packages; graph/reference/ORIGINS.md names those used.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

NAMES = Path(__file__).resolve().parents[1] / "graph" / "reference" / "names"

LISTS = {
    "arabic": ("arabic_names",),
    "greek": ("greek_names",),
    "hebrew": ("hebrew_names",),
    "indian": ("indian_names_bengali", "indian_names_hindi", "indian_names_tamil"),
    "malay": ("indonesian_malay_names",),
    "japanese": ("japanese_given_names", "japanese_surnames"),
    "korean": ("korean_given_names", "korean_surnames"),
    "persian": ("persian_names",),
    "russian": ("russian_surnames",),
    "thai": ("thai_names",),
    "turkish": ("turkish_names",),
    "vietnamese": ("vietnamese_surnames",),
}
JAPANESE_STEP = 8
"""One in so many of the long lists of Japanese names: they teach letters, not names."""


def main() -> None:
    """Write the table."""
    rows: list[tuple[str, str, float]] = []
    for language, modules in LISTS.items():
        words: dict[str, float] = defaultdict(float)
        for module in modules:
            of_module = dict(_forms(module))
            total = sum(of_module.values())
            for word, weight in of_module.items():
                words[word] += weight / total / len(modules)
        rows += [(language, word, weight) for word, weight in words.items()]
    lexicon = json.loads(
        gzip.decompress(files("sinonym").joinpath("data/east_asian_roman_lexicons.json.gz").read_bytes())
    )
    for key in ("japanese_surnames", "japanese_given_names"):
        rows += [("japanese", word, 0.0) for word in lexicon[key][::JAPANESE_STEP]]
    for language in ("korean", "vietnamese"):
        rows += [(language, word, 0.0) for word in lexicon[f"{language}_surnames"]]
    known = set()
    with (NAMES / "other_names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["language", "spelling", "per_mille"])
        for language, word, weight in sorted(rows, key=lambda row: (row[0], row[1], -row[2])):
            if (language, word) not in known:
                known.add((language, word))
                writer.writerow([language, word, f"{max(weight, 0.0001) * 1000:.1f}"])


def _forms(module: str) -> Iterator[tuple[str, float]]:
    found: dict[str, float] = defaultdict(float)
    tables = [
        v for k, v in vars(import_module(f"name_variants.{module}")).items() if k.isupper() and isinstance(v, dict)
    ]
    entries = max(tables, key=len).values()
    for rank, entry in enumerate(entries, 1):
        weight = float(entry.get("frequency") or 0) or None
        forms = [_plain(form) for form in entry["forms"]]
        for place, form in enumerate(f for f in forms if re.fullmatch("[a-z]{2,}", f)):
            found[form] += (weight or 1e6 / (rank + 10)) / (place + 1) ** 2
    yield from found.items()


def _plain(form: str) -> str:
    apart = unicodedata.normalize("NFKD", form.lower())
    return "".join(c for c in apart if not unicodedata.combining(c)).replace("ı", "i").replace("đ", "d")


if __name__ == "__main__":
    main()
