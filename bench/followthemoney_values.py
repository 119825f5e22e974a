"""Which share of the values that FollowTheMoney accepts and emits does kg read? Prints a table, type by type.

Run: python -m bench.followthemoney_values
The values are invented, and what followthemoney 4.11.2 makes of them is recorded: the package needs ICU's headers and a
compiler, and brings 270 MB. To record those of another release: python -m pip install followthemoney, then
python -m bench.followthemoney_values --record
"""

from __future__ import annotations

import csv
import json
import random
import string
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from kg.ontology import load_ontology
from kg.records import JURISDICTION_NAMESPACE, Record, Reject
from kg.sources import ReadContext, choose_connector

RECORDED = Path(__file__).resolve().parents[1] / "tests" / "sources" / "ftm" / "followthemoney_values.csv"

FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "address": (("Person", "address"),),
    "amount": (("Payment", "amount"),),
    "bic": (("Company", "swiftBic"), ("BankAccount", "bic")),
    "country": (("Person", "nationality"), ("Company", "jurisdiction"), ("Vessel", "flag")),
    "date": (("Person", "birthDate"), ("Ownership", "startDate")),
    "email": (("Person", "email"),),
    "gender": (("Person", "gender"),),
    "iban": (("BankAccount", "iban"),),
    "identifier": (("Company", "registrationNumber"), ("Person", "idNumber")),
    "imo": (("Vessel", "imoNumber"),),
    "inn": (("Company", "innCode"),),
    "isin": (("Security", "isin"),),
    "lei": (("Company", "leiCode"),),
    "name": (("Person", "name"),),
    "ogrn": (("Company", "ogrnCode"),),
    "percentage": (("Ownership", "percentage"),),
    "phone": (("Person", "phone"),),
    "ssn": (("Person", "socialSecurityNumber"),),
    "string": (("Person", "position"), ("Company", "legalForm")),
    "text": (("Person", "summary"),),
    "topic": (("Person", "topics"),),
    "url": (("Person", "website"), ("Person", "sourceUrl")),
    "uscc": (("Company", "uscCode"),),
    "wikidata": (("Person", "wikidataId"),),
}
"""A type of FollowTheMoney, or a format of its identifiers, to properties that the ontology has a place for."""

ENDS = {"Payment": {"payer": ["a"], "beneficiary": ["b"]}, "Ownership": {"owner": ["a"], "asset": ["b"]}}
"""What an entity of an edge schema needs."""


BEFORE = {
    "amount": (80.0, 80.0),
    "bic": (100.0, 33.3),
    "country": (96.4, 64.3),
    "date": (100.0, 74.9),
    "iban": (100.0, 66.7),
    "imo": (0.0, 20.0),
    "isin": (100.0, 33.3),
    "lei": (100.0, 33.3),
    "percentage": (73.8, 73.9),
    "url": (82.6, 49.6),
    "wikidata": (100.0, 33.3),
}
"""Per cent read as emitted and as typed before the readers were made as lenient as the cleaners; else all were."""


class Recorded(NamedTuple):
    """A value as typed, and as FollowTheMoney writes it."""

    kind: str
    raw: str
    emitted: str


@lru_cache(maxsize=1)
def recorded_values() -> tuple[Recorded, ...]:
    """The recorded values."""
    with RECORDED.open(encoding="utf-8", newline="") as file:
        return tuple(Recorded(row["kind"], row["raw"], row["emitted"]) for row in csv.DictReader(file))


@lru_cache(maxsize=1)
def _context() -> ReadContext:
    return ReadContext(load_ontology(), "values")


def unread(kind: str, values: Sequence[str]) -> list[str]:
    """The values of one kind that kg does not read, in any of the kind's properties."""
    lines, asked = list[str](), list[tuple[str, str]]()
    for schema, name in FIELDS[kind]:
        for value in values:
            currency = {"currency": ["EUR"]} if name == "amount" else {}
            said = {**ENDS.get(schema, {}), **currency, name: [value]}
            lines.append(json.dumps({"id": str(len(asked)), "schema": schema, "properties": said}))
            asked.append((name, value))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.ftm.json"
        path.write_text("\n".join(lines), encoding="utf-8")
        found = [*choose_connector(path).read([path], _context())]
    missed = {result.line for result in found if isinstance(result, Reject)}
    records = [result for result in found if isinstance(result, Record)]
    placed = {record.line for record in records if record.ends and record.ends[1].namespace == JURISDICTION_NAMESPACE}
    missed |= {r.line for r in records if asked[r.line - 1][0] in r.other} - placed
    return sorted({asked[line - 1][1] for line in missed if line})


def values_of(kind: str) -> tuple[list[str], list[str]]:
    """The values of one kind as emitted and as typed, each once."""
    found = [value for value in recorded_values() if value.kind == kind]
    return sorted({value.emitted for value in found}), sorted({value.raw for value in found})


def row(kind: str, lost: Sequence[Sequence[str]]) -> str:
    """The row of the table for one kind, of which these values as emitted and as typed are not read."""
    cells = [kind]
    for values, missed, before in zip(values_of(kind), lost, BEFORE.get(kind, (100.0, 100.0)), strict=True):
        cells += [str(len(values)), f"{before:.1f} %", f"{100 - 100 * len(missed) / len(values):.1f} %"]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table as Markdown, and below it what is not read."""
    print("| type | emitted | before | read | as typed | before | read |\n|---|---:|---:|---:|---:|---:|---:|")
    notes = list[str]()
    for kind in sorted(FIELDS):
        lost = [unread(kind, values) for values in values_of(kind)]
        print(row(kind, lost))
        notes += [f"{kind}: {way} {', '.join(v)}" for way, v in zip(("emitted", "typed"), lost, strict=True) if v]
    print("\n".join(["", *notes]))


def record(seed: int = 20261129) -> None:
    """Write what the cleaners of the installed FollowTheMoney make of generated values."""
    from followthemoney.types import registry
    from rigour.territories import get_ftm_countries

    make = random.Random(seed)
    places = [name for place in get_ftm_countries() for name in (place.code, place.code.upper(), place.name)]
    values = {kind: [*generate(make)] for kind, generate in _generators().items()}
    values |= {
        "country": places,
        "topic": sorted(registry.topic.codes),
        "gender": ["male", "female", "other", "m", "F"],
    }
    rows = set[Recorded]()
    for kind, raws in values.items():
        base = {"amount": "number", "percentage": "string"}.get(kind, kind if kind in _TYPES else "identifier")
        cleaner, form = registry.get(base), kind if base == "identifier" and kind != "identifier" else None
        for raw in raws:
            emitted = cleaner.clean(raw, format=form)
            if emitted is not None:
                rows.add(Recorded(kind, str(raw), emitted))
    with RECORDED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Recorded._fields)
        writer.writerows(sorted(rows))
    print(f"{RECORDED.name}: {len(rows)} values of {len(values)} types")


_TYPES = {"address", "country", "date", "email", "gender", "name", "phone", "string", "text", "topic", "url"}
COUNT = 60
"""Values of each type, before they are written in several ways."""

Generate = Callable[[random.Random], Iterator[object]]


def _generators() -> dict[str, Generate]:
    return {
        "address": lambda make: (f"{make.randint(1, 99)} Invented Row, Nowhere {n}" for n in range(COUNT)),
        "amount": _amounts,
        "bic": lambda make: _spellings(make, lambda: f"{_letters(make, 4)}{make.choice(('DE', 'GB'))}{_code(make, 2)}"),
        "date": _dates,
        "email": lambda make: (f"{_letters(make, 6).lower()}@example.{end}" for end in ("org", "com") * (COUNT // 2)),
        "gender": lambda make: iter(("male", "female", "other", "m", "F")),
        "iban": lambda make: _spellings(make, lambda: _iban(make)),
        "identifier": lambda make: (f"{make.choice(('HRB ', '', 'B-'))}{_digits(make, 8)}" for _ in range(COUNT)),
        "imo": lambda make: (f"{lead}{_imo(make)}" for lead in ("", "IMO", "IMO ", "IMO: ", "imo ") for _ in range(12)),
        "inn": lambda make: (_inn(make) for _ in range(COUNT)),
        "isin": lambda make: _spellings(make, lambda: _isin(make)),
        "lei": lambda make: _spellings(make, lambda: _lei(make)),
        "name": lambda make: (f"{_letters(make, 5).title()} Invented {n}" for n in range(COUNT)),
        "ogrn": lambda make: (f"{n}{n % 11 % 10}" for n in (make.randint(10**11, 10**12 - 1) for _ in range(COUNT))),
        "percentage": _percentages,
        "phone": lambda make: (f"+1 202-555-01{n:02}" for n in range(COUNT)),
        "ssn": lambda make: (f"5{_digits(make, 2)}-{_digits(make, 2)}-{_digits(make, 4)}" for _ in range(COUNT)),
        "string": lambda make: (f"Invented word {_letters(make, 4)}" for _ in range(COUNT)),
        "text": lambda make: (f"An invented sentence, number {n}." for n in range(COUNT)),
        "url": _urls,
        "uscc": lambda make: (_uscc(make) for _ in range(COUNT)),
        "wikidata": lambda make: (
            f"{lead}{make.randint(10**6, 10**9)}"
            for lead in ("Q", "https://www.wikidata.org/wiki/Q", "http://www.wikidata.org/entity/Q")
            for _ in range(20)
        ),
    }


def _dates(make: random.Random) -> Iterator[object]:
    for _ in range(COUNT):
        y, m, d = make.randint(1900, 2030), make.randint(1, 12), make.randint(1, 28)
        clock = f"{make.randint(0, 23):02}:{make.randint(0, 59):02}"
        yield from (f"{y}", f"{y}-{m:02}", f"{y}-{m:02}-{d:02}", f"{y}-{m}-{d}", f"{y}-{m:02}-00", f"{y}-00-00")
        yield from (f"{y}-{m:02}-{d:02}T{clock[:2]}", f"{y}-{m:02}-{d:02}T{clock}", f"{y}-{m:02}-{d:02} {clock}:59")
        yield from (f"{y}-{m:02}-{d:02}T{clock}:59Z", f"{y}-{m:02}-{d:02}T{clock}:59.123456+02:00")
    yield from ("1961-05-03 approx.", "1961-05 (?)", "1961 or later")


def _amounts(make: random.Random) -> Iterator[object]:
    from decimal import Decimal

    for _ in range(COUNT):
        cents, large = make.randint(1, 10**7), make.randint(10**7, 10**12)
        yield from (cents, cents / 100, cents / 1000, float(large), Decimal(large).scaleb(3), f"{cents / 100:,.2f}")
        yield from (f"{cents / 100:,.2f}".replace(",", " "), f"-{cents / 100}", f"{large:,}", f"{large / 100:.2f} EUR")


def _percentages(make: random.Random) -> Iterator[object]:
    for _ in range(COUNT):
        low, high = make.randint(1, 50), make.randint(51, 100)
        yield from (low, low / 7, f"{low}%", f"{low}.00", f"{low} %", f"{low}-{high}", f"{low}%-{high}%", f">{low}")
        yield from (
            f"{low / 7:.2f}".replace(".", ","),
            f"more than {low}%",
            f"{low}% or more",
            f"{low}-to-{high}-percent",
        )


def _urls(make: random.Random) -> Iterator[object]:
    for _ in range(COUNT):
        path = _letters(make, 6).lower()
        yield from (
            f"https://example.org/{path}",
            f"http://www.example.com/?q={path}",
            f"HTTPS://Example.org/{path}#top",
        )
        yield from (f"www.example.org/{path}", f"example.com/{path}", f"https://example.org/?q={path} and more")
    yield from ("ftp://example.org/a", "ftp://example.org/b", "ftp://example.org/c")


def _spellings(make: random.Random, generate: Callable[[], str]) -> Iterator[object]:
    """Codes as issued, in lower case, and in groups of four."""
    for _ in range(COUNT):
        code = generate()
        yield from (code, code.lower(), " ".join(code[i : i + 4] for i in range(0, len(code), 4)))


def _letters(make: random.Random, count: int) -> str:
    return "".join(make.choices(string.ascii_uppercase, k=count))


def _code(make: random.Random, count: int) -> str:
    return "".join(make.choices(string.ascii_uppercase + string.digits, k=count))


def _digits(make: random.Random, count: int) -> str:
    return "".join(make.choices(string.digits[1:], k=count))


def _imo(make: random.Random) -> str:
    digits = _digits(make, 6)
    return digits + str(sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True)) % 10)


def _iban(make: random.Random) -> str:
    account = _digits(make, 18)  # of Germany, whose accounts have no check digits of their own
    return f"DE{98 - int(f'{account}131400') % 97:02}{account}"


def _isin(make: random.Random) -> str:
    from stdnum import isin

    code = make.choice(("GB", "DE", "US")) + _code(make, 9)
    return f"{code}{isin.calc_check_digit(code)}"


def _lei(make: random.Random) -> str:
    code = _digits(make, 4) + "00" + _code(make, 12)
    return f"{code}{98 - int(''.join(str(int(c, 36)) for c in f'{code}00')) % 97:02}"


def _inn(make: random.Random) -> str:
    from stdnum.ru import inn

    code = _digits(make, 9)
    return f"{code}{inn.calc_company_check_digit(code)}"


def _uscc(make: random.Random) -> str:
    from stdnum.cn import uscc

    code = f"91{_digits(make, 6)}{_digits(make, 9)}"
    return f"{code}{uscc.calc_check_digit(code)}"


if __name__ == "__main__":
    record() if sys.argv[1:] == ["--record"] else main()
