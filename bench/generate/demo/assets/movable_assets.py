"""What do cars, yachts, valuables and other movable assets of the demo set look like?"""

from __future__ import annotations

from collections.abc import Callable

from bench.generate import names
from bench.generate.demo.assets.registered_assets import LAND, AssetSpec, bank_account, real_estate
from bench.generate.demo.places import Place
from bench.generate.demo.records import PropertyValue
from bench.generate.seeded_random import SMALL, SeededRandom

CRAFT = {"plane", "yacht", "car"}
"""Words of a chain for what is on a register of its own."""
CARS = ("Corvid Sparrow", "Corvid Heron", "Halberd Six", "Ostler Estate", "Marram Coupe")
VALUABLES = {
    "watch": ("watch", "Gold watch in its case"),
    "jade": ("jade carving", "Carved jade mountain"),
    "gold": ("gold bars", "Twelve gold bars of 1 kg"),
    "art": ("painting", "Ink landscape on silk"),
}


def asset_spec(word: str, place: Place, random: SeededRandom, since: str) -> AssetSpec:
    """An asset of the kind that a chain's word means, in a place, acquired on a day."""
    if word in LAND:
        return real_estate(word, place, random, since)
    return (
        ASSET_FACTORIES[word](place, random, since)
        if word in ASSET_FACTORIES
        else _valuable(word, place, random, since)
    )


def _yacht(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    worth = 1_000 * random.between(380, 4_200)
    properties: dict[str, PropertyValue] = {
        "imo": f"0{random.digits(6)}",  # no IMO number starts with 0
        "flag": place.code,
        "tonnage": f"{random.between(60, 480)} GT",
        "build_date": str(int(since[:4]) - random.between(0, 9)),
        "acquired_on": since,
        "valuation": f"purchase {since} {worth} USD",
    }
    return AssetSpec("Vessel", "demo-court", f"MY {names.two_words(random)}", worth, "USD", properties)


def _plane(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    worth, mark = 1_000 * random.between(2_200, 7_900), f"{place.code}-0INV"
    properties: dict[str, PropertyValue] = {
        "tail_number": mark,
        "serial_number": f"K400-{random.digits(4)}X",
        "model": "Kestrel 400",
        "acquired_on": since,
        "valuation": f"purchase {since} {worth} USD",
    }
    return AssetSpec("Aircraft", "demo-court", f"Kestrel 400, {mark}", worth, "USD", properties)


def _car(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    make, model = random.choice(CARS).split(" ")
    worth = 500 * random.between(50, 260)
    properties: dict[str, PropertyValue] = {
        "plate": f"{place.code} INV {random.digits(4)}",
        "vin": f"QINV{random.digits(13)}",  # no vehicle identification number has Q or I
        "make": make,
        "model": model,
        "build_date": since[:4],
        "acquired_on": since,
        "valuation": f"purchase {since} {worth} {place.currency}",
    }
    return AssetSpec("Vehicle", "demo-court", f"{make} {model}, {since[:4]}", worth, place.currency, properties)


def _wallet(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    worth = 1_000 * random.between(90, 640)
    # The capitals I and O and the digit 0 occur in no such address.
    key = "1Inv0" + "".join(random.choice(SMALL.upper() + "0") for _ in range(28))
    properties: dict[str, PropertyValue] = {
        "public_key": key,
        "currency": "BTC",
        "exchange": "Loom & Abacus Exchange",
        "acquired_on": since,
        "valuation": f"market 2014-01-31 {worth} USD",
    }
    return AssetSpec("CryptoWallet", "demo-court", f"Wallet {key[:9]}… ({place.code})", worth, "USD", properties)


def _cash(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    worth, found = 1_000 * random.between(140, 980), random.day("2011-02-01", "2013-11-30")
    properties = {"amount": f"{worth} {place.currency}", "found_on": max(since, found)}
    return AssetSpec("Cash", "demo-court", "Cash in a safe deposit box", worth, place.currency, properties)


def _fund(place: Place, random: SeededRandom, since: str) -> AssetSpec:
    worth = 1_000 * random.between(250, 1_900)
    properties: dict[str, PropertyValue] = {
        "isin": f"ZZ{random.digits(10)}",  # no country has the prefix ZZ
        "acquired_on": since,
        "valuation": f"market 2013-12-31 {worth} {place.currency} net",
    }
    name = f"Units of the {names.two_words(random)} Income Fund"
    return AssetSpec("Security", "demo-bank", name, worth, place.currency, properties)


def _valuable(word: str, place: Place, random: SeededRandom, since: str) -> AssetSpec:
    (kind, name), worth = VALUABLES[word], 1_000 * random.between(35, 620)
    properties: dict[str, PropertyValue] = {
        "kind": kind,
        "serial_number": f"INV-{random.digits(6)}",
        "acquired_on": since,
        "valuation": f"court {random.between(2012, 2014)} {worth} {place.currency}",
    }
    return AssetSpec("Valuable", "demo-court", name, worth, place.currency, properties)


ASSET_FACTORIES: dict[str, Callable[[Place, SeededRandom, str], AssetSpec]] = {
    "account": bank_account,
    "yacht": _yacht,
    "plane": _plane,
    "car": _car,
    "wallet": _wallet,
    "cash": _cash,
    "fund": _fund,
}
