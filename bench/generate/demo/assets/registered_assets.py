"""What do houses, accounts and other registered assets of the demo set look like?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.generate.demo.places import Place
from bench.generate.demo.records import PropertyValue
from bench.generate.seeded_random import SeededRandom

BIG_BANK = "Meridian & Thistle Bank"
WITH_IBAN = {"CH", "LI", "CY", "GB", "JE", "MT", "FR", "ES", "AE", "VG"}
LAND = {"house": 100, "flat": 55, "land": 70, "shop": 130}
"""Kinds of real estate, and their price as a percentage of an ordinary house's."""
LEASED = {"HK", "SG", "CN", "MO"}


@dataclass(frozen=True)
class AssetSpec:
    """An asset before any source speaks of it."""

    kind: str
    """Node type."""
    source: str
    """Which source knows it."""
    name: str
    value: int
    currency: str
    properties: Mapping[str, PropertyValue]


def real_estate(word: str, place: Place, random: SeededRandom, since: str) -> AssetSpec:
    """A house, flat, lot or shop."""
    town, street, number = random.choice(place.towns), random.choice(place.streets), random.between(2, 990)
    worth = place.home * LAND[word] * random.between(8, 24) // 10 * 10
    name = {
        "house": f"{number} {street}, {town}",
        "flat": f"Flat {random.between(1, 31)}{random.choice('ABCD')}, {number} {street}, {town}",
        "land": f"Lot {number}, {street}, {town}",
        "shop": f"Premises at {number} {street}, {town}",
    }[word]
    areas = {"house": random.between(180, 720), "flat": random.between(60, 260), "shop": random.between(300, 1_900)}
    properties: dict[str, PropertyValue] = {
        "title_number": f"{place.code}-{town[:3].upper()}-{random.digits(5)}X",
        "tenure": "leasehold" if place.code in LEASED else "freehold",
        "area": f"{areas.get(word) or 10 * random.between(120, 9_000)} m²",
        "acquired_on": since,
        "valuation": _valuations(random, since, worth, place.currency),
    }
    return AssetSpec("RealEstate", "demo-land", name, worth, place.currency, properties)


def _valuations(random: SeededRandom, since: str, worth: int, currency: str) -> list[str]:
    """What it cost, and what others said later that it is worth."""
    risen = worth * random.between(105, 190) // 100_000 * 1_000
    said = [f"purchase {since} {worth} {currency}"]
    year = random.between(max(2009, int(since[:4]) + 1), 2014)
    if random.chance(0.7):
        said.append(f"market {year} {risen * 9 // 10}..{risen * 11 // 10} {currency} gross")
    if random.chance(0.2):
        said.append(f"court 2014-0{random.between(1, 9)} {risen * 8 // 10} {currency} net")
    return said


def bank_account(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    """An account at the place's bank or at the big one."""
    bank = BIG_BANK if random.chance(0.3) else place.bank
    worth = 100 * random.between(300, 42_000)
    number = f"{random.digits(3)}-{random.digits(6)}X"
    # Check digits 00 occur in no valid IBAN.
    iban = f"{place.code}00{bank[:4].upper()}{random.digits(14)}" if place.code in WITH_IBAN else ""
    properties: dict[str, PropertyValue] = {
        "account_number": number,
        "iban": "".join(c for c in iban if c.isalnum()),
        "bank": bank,
        "account_type": random.choice(("current", "savings", "time deposit")),
        "currency": place.currency,
        "opened_on": since,
        "valuation": f"balance {random.between(2012, 2013)}-12-31 {worth}.{random.between(10, 99)} {place.currency}",
    }
    return AssetSpec("BankAccount", "demo-bank", f"Account {number} at {bank}", worth, place.currency, properties)
