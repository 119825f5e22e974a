"""Which people, bodies and networks does the demo set have while it is generated?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.generate import names
from bench.generate.demo.network_spec import DemoSpec, NetworkSpec, read_spec
from bench.generate.demo.places import Agency, Body, read_agencies, read_bodies, read_places
from bench.generate.demo.records import RecordBook, jurisdiction_end
from bench.generate.demo.register import CompanyRegister
from bench.generate.names import Name
from bench.generate.seeded_random import SeededRandom

LISTED = 120
"""People on the list."""


@dataclass(frozen=True)
class Suspect:
    """Somebody on the list, as the list tells it."""

    number: int
    name: Name
    body: Body
    post: str
    born: str
    crime_from: str
    crime_to: str
    left: str
    """Day on which the person is said to have left the country."""
    host: str
    """Where the list suspects the person."""

    @property
    def key(self) -> str:
        """The key of the person's node."""
        return f"p-{self.number:03d}"

    @property
    def entry(self) -> str:
        """The key of the person's entry on the list."""
        return f"list-{self.number:03d}"

    @property
    def offence(self) -> str:
        """The key of the offence that the list alleges."""
        return f"offence-{self.number:03d}"


@dataclass(frozen=True)
class DemoAsset:
    """Something that a network made: an enterprise, arrangement or asset."""

    key: str
    kind: str
    """Node type."""
    code: str
    since: str
    worth: int = 0
    """In whole units of `currency`."""
    currency: str = ""
    address: str = ""


@dataclass
class Network:
    """A network while it is made; every list holds keys."""

    name: str
    spec: NetworkSpec
    sought: list[Suspect]
    parties: dict[str, str] = field(default_factory=dict)
    """The words by which chains call people, such as head or spouse, to keys."""
    assets_by_label: dict[str, DemoAsset] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    enterprises: list[str] = field(default_factory=list)
    arrangements: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    routes: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """First and last word of each chain to the keys along it."""

    @property
    def head(self) -> Suspect:
        """The first sought person."""
        return self.sought[0]

    def key(self, word: str) -> str:
        """The key behind a word of the recipe."""
        return self.parties[word] if word in self.parties else self.assets_by_label[word].key

    def since(self, key: str) -> str:
        """Since when something that the network made exists; empty for a person."""
        return next((t.since for t in self.assets_by_label.values() if t.key == key), "")


@dataclass
class World:
    """What every part of the generator shares."""

    seed: int
    book: RecordBook = field(default_factory=RecordBook)
    spec: DemoSpec = field(default_factory=read_spec)
    suspects: dict[int, Suspect] = field(default_factory=dict)
    networks: list[Network] = field(default_factory=list)
    unrelated: list[str] = field(default_factory=list)
    """Keys of people, enterprises, arrangements and assets that belong to no network."""

    def __post_init__(self) -> None:
        self.register = CompanyRegister(self.book, self.seed)
        self.places = read_places()
        self.bodies = read_bodies()
        self.agencies = read_agencies()
        self.names_by_key: dict[str, Name] = {}
        """People by key."""
        self._taken: set[str] = set()

    def random(self, *topic: object) -> SeededRandom:
        """Dice of a topic."""
        return SeededRandom(self.seed, *topic)

    def name(self, make: Callable[[], Name]) -> Name:
        """A name that nobody else in the set has."""
        while True:
            name = make()
            if name.full not in self._taken and name.latin not in self._taken:
                self._taken |= {name.full, name.latin} - {""}
                return name

    def firm(self, random: SeededRandom, code: str) -> str:
        """A company's name that no other has."""
        return self.name(lambda: Name(names.company_name(random, code))).full

    def with_fate(self, fate: str) -> tuple[int, ...]:
        """The list numbers of those whom networks.toml gives a fate."""
        return self.spec.fates[fate]

    def agency(self, task: str, code: str, random: SeededRandom) -> Agency | None:
        """An agency of a jurisdiction that does a task, if the set has one."""
        fitting = [a for a in self.agencies if task in a.tasks and a.jurisdiction == code]
        return random.choice(fitting) if fitting else None

    def issuer(self, task: str, code: str, random: SeededRandom) -> str | tuple[str, str]:
        """That agency's key, or else the jurisdiction."""
        agency = self.agency(task, code, random)
        return agency.key if agency else jurisdiction_end(code)

    def stranger(self, random: SeededRandom) -> Name:
        """The name of somebody who has nothing to do with anything."""
        return self.name(lambda: names.any_name(random))
