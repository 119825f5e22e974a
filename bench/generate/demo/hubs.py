"""Which agents, professional directors and trustees serve everybody?"""

from __future__ import annotations

from dataclasses import dataclass

from bench.generate.seeded_random import SeededRandom


@dataclass(frozen=True)
class Agent:
    """A registered agent and the address at which its companies are registered."""

    key: str
    name: str
    address: str
    full: str
    city: str
    code: str
    companies: int
    """Companies at the address that have nothing to do with any network."""
    serves: tuple[str, ...]


@dataclass(frozen=True)
class Professional:
    """Somebody who serves many clients; `boards` counts those outside every network."""

    key: str
    name: str
    code: str
    boards: int = 0
    kind: str = "Person"


AGENTS = (
    Agent(
        key="agent-01",
        name="Heron Cay Corporate Agents Ltd",
        address="a-agent-01",
        full="Careenage House, PO Box 0, Heron Cay",
        city="Heron Cay",
        code="VG",
        companies=270,
        serves=("VG", "SC", "WS", "BS", "MH", "KY", "VU", "CY"),
    ),
    Agent(
        key="agent-02",
        name="Paper Lantern Secretaries Limited",
        address="a-agent-02",
        full="Room 0, 8 Paper Lantern Road, Sampan Point",
        city="Sampan Point",
        code="HK",
        companies=130,
        serves=("HK",),
    ),
    Agent(
        key="agent-03",
        name="Bufete Villarejos & Membrillar",
        address="a-agent-03",
        full="Edificio Guayacán, Calle Guayacán, Puerto Guayacán",
        city="Puerto Guayacán",
        code="PA",
        companies=50,
        serves=("PA",),
    ),
)
BANK = "e-bank-01"
"""The key of the big bank."""
DIRECTORS = (
    Professional("pro-01", "Ambrose Stavering", "JE", 168),
    Professional("pro-02", "Casilda Altozano Belmontejo", "PA", 62),
    Professional("pro-03", "Careenage Nominees Ltd", "VG", 95, "Enterprise"),
)
TRUSTEES = (
    Professional("pro-11", "Ormer Fiduciary (Vraic) Ltd", "JE", kind="Enterprise"),
    Professional("pro-12", "Balzegger Stiftungsverwaltung AG", "LI", kind="Enterprise"),
    Professional("pro-13", "Cormorant Bay Trustees Ltd", "KY", kind="Enterprise"),
)
LAWYERS = (
    Professional("pro-21", "Philippa Larkenby", "GB"),
    Professional("pro-22", "Gideon Yarrowdale", "US"),
)


def agent_address(code: str) -> str:
    """The address of the agent that serves a jurisdiction's companies."""
    return next((a for a in AGENTS if code in a.serves), AGENTS[0]).address


def choose_director(random: SeededRandom) -> str:
    """A professional director; the busiest far more often."""
    return DIRECTORS[0].key if random.chance(0.7) else DIRECTORS[1].key
