"""What does each thing look like in FollowTheMoney?"""

from __future__ import annotations

from hashlib import sha1
from typing import Any

from bench.generate import names
from bench.generate.seeded_random import SeededRandom

Entity = dict[str, Any]

DATASET = "invented"
JURISDICTIONS = (
    *("us", "cn", "hk", "vg", "sg", "cy", "ca", "gb", "pa", "ae"),
    *("au", "ky", "mt", "nz", "sc", "bs", "ch", "je", "li", "my"),
)
"""Earlier ones are drawn more often."""
ASSETS = ("BankAccount", "RealEstate", "Vehicle", "Vessel", "BankAccount", "RealEstate")
SHARES = ("100", "100", "51", "49", "75", "25", "50", "33.33", "10")


class EntityFactory:
    """Makes entities; ids are digests, so that nothing about the set can be read from them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice = SeededRandom(seed, "entities")
        self._edges = 0

    def id(self, kind: str, number: int) -> str:
        """The id of a thing, known before it is made."""
        # usedforsecurity: a digest to spread ids, not to keep a secret; some Pythons refuse SHA-1 otherwise.
        return sha1(f"{self._seed}/{kind}/{number}".encode(), usedforsecurity=False).hexdigest()[:20]

    def person(self, kind: str, number: int) -> Entity:
        """Somebody with a nationality."""
        name = names.any_name(self._dice)
        properties = {"name": name.full, "nationality": self._code(), "birthDate": str(self._dice.between(1935, 1992))}
        return self._entity("Person", self.id(kind, number), {**properties, "alias": name.latin})

    def company(self, number: int, address: str) -> Entity:
        """A registered company at an address."""
        code = self._code()
        properties = {
            "name": names.company_name(self._dice, code.upper()),
            "jurisdiction": code,
            "registrationNumber": f"{code.upper()}X-{number:07d}",
            "incorporationDate": self._dice.day("1990-01-01", "2014-12-31"),
            "addressEntity": address,
        }
        return self._entity("Company", self.id("company", number), properties)

    def address(self, kind: str, number: int) -> Entity:
        """A street and number in an invented town."""
        full = f"{self._dice.between(1, 400)} {names.two_words(self._dice)} Road, Port {names.two_words(self._dice)}"
        properties = {"full": full, "country": self._code()}
        return self._entity("Address", self.id(kind, number), properties)

    def asset(self, number: int) -> Entity:
        """An account, a house, a car or a boat."""
        schema = self._dice.choice(ASSETS)
        mark = f"INV{number:07d}"
        own = {"BankAccount": {"accountNumber": mark}, "RealEstate": {"titleNumber": mark}}
        properties = own.get(schema) or {"name": f"{names.two_words(self._dice)} {mark}"}
        return self._entity(schema, self.id("asset", number), {"name": mark, **properties, "country": self._code()})

    def ownership(self, owner: str, asset: str) -> Entity:
        """A holding with a share."""
        return self._edge("Ownership", {"owner": owner, "asset": asset, "percentage": self._dice.choice(SHARES)})

    def directorship(self, director: str, organization: str) -> Entity:
        """A seat on a board."""
        since = self._dice.day("1992-01-01", "2014-12-31")
        return self._edge("Directorship", {"director": director, "organization": organization, "startDate": since})

    def family(self, person: str, relative: str) -> Entity:
        """Two relatives."""
        kind = self._dice.choice(("spouse", "child", "sibling", "parent", "cousin"))
        return self._edge("Family", {"person": person, "relative": relative, "relationship": kind})

    def associate(self, person: str, associate: str) -> Entity:
        """Two people who have to do with each other."""
        return self._edge("Associate", {"person": person, "associate": associate, "relationship": "business partner"})

    def payment(self, payer: str, beneficiary: str) -> Entity:
        """A transfer in dollars."""
        amount, day = str(self._dice.pareto(900, 9_000_000)), self._dice.day("1995-01-01", "2014-12-31")
        properties = {"payer": payer, "beneficiary": beneficiary, "amountUsd": amount, "date": day}
        return self._edge("Payment", properties)

    def _code(self) -> str:
        return JURISDICTIONS[self._dice.skewed(len(JURISDICTIONS))]

    def _edge(self, schema: str, properties: dict[str, str]) -> Entity:
        self._edges += 1
        return self._entity(schema, self.id("edge", self._edges), properties)

    def _entity(self, schema: str, key: str, properties: dict[str, str]) -> Entity:
        listed = {name: [value] for name, value in properties.items() if value}
        return {"id": key, "schema": schema, "properties": listed, "datasets": [DATASET]}
