"""What does the invented register of companies say, in FollowTheMoney?"""

from __future__ import annotations

from collections.abc import Mapping

from bench.generate.demo.records import PropertyValue, RecordBook, Row, as_lists
from bench.generate.names import Name
from bench.generate.seeded_random import SeededRandom

REGISTRY = "demo-registry"


class CompanyRegister:
    """Writes entities; a link gets its key from the same count as those of the other sources."""

    def __init__(self, book: RecordBook, seed: int) -> None:
        self._book = book
        self._dice = SeededRandom(seed, "register")

    def company(self, key: str, name: str, code: str, **properties: PropertyValue) -> str:
        """A company on the register of a jurisdiction."""
        known = {"registrationNumber": f"{code}X-{self._dice.digits(6)}", "status": "active"}
        place = {"name": name, "jurisdiction": code.lower()}
        return self._entity(key, "Company", {**place, **known, **properties})

    def person(self, key: str, name: str, **properties: PropertyValue) -> str:
        """Somebody whom the register names."""
        return self._entity(key, "Person", {"name": name, **properties})

    def address(self, key: str, full: str, city: str, code: str) -> str:
        """An address at which companies are registered."""
        return self._entity(key, "Address", {"full": full, "city": city, "country": code.lower()})

    def director(self, person: str, company: str, since: str, until: str = "") -> str:
        """A seat on a board."""
        ends = {"director": person, "organization": company}
        dates = {"startDate": since, "endDate": until, "role": "director"}
        return self._entity(self._book.key("directs"), "Directorship", {**ends, **dates})

    def owner(self, owner: str, company: str, share: str, since: str) -> Row:
        """A shareholding; what the register says of it."""
        properties = {"owner": owner, "asset": company, "percentage": share, "startDate": since}
        self._entity(self._book.key("owns"), "Ownership", properties)
        return self._book.rows[REGISTRY][-1]

    def name_parties(self, named: Mapping[str, Name]) -> None:
        """Write everybody whom the register names as owner or director and has not described yet."""
        rows = self._book.rows[REGISTRY]
        described = {row["id"] for row in rows}
        named_here = {row["properties"].get(role, [""])[0] for row in rows for role in ("owner", "director")}
        for key in sorted((named_here & set(named)) - described):
            self.person(key, named[key].full, alias=named[key].latin)

    def _entity(self, key: str, schema: str, properties: Mapping[str, PropertyValue]) -> str:
        row = {"id": key, "schema": schema, "properties": as_lists(properties), "datasets": ["demo_registry_invented"]}
        self._book.rows[REGISTRY].append(row)
        return key
