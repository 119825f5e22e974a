"""What is known of each jurisdiction and body of the demo world?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Place:
    """A real jurisdiction with invented towns, streets and a bank."""

    code: str
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    currency: str
    home: int
    """Thousands of the currency that an ordinary house costs."""
    bank: str


@dataclass(frozen=True)
class Body:
    """An invented state-owned enterprise or office."""

    key: str
    name: str
    alias: str
    town: str
    sector: str


@dataclass(frozen=True)
class Agency:
    """An invented agency of a real jurisdiction."""

    key: str
    name: str
    jurisdiction: str
    kind: str
    tasks: tuple[str, ...]


def read_places() -> dict[str, Place]:
    """places.toml, by code."""
    rows = _toml("places.toml")
    return {
        code: Place(code, tuple(r["towns"]), tuple(r["streets"]), r["currency"], r["home"], r["bank"])
        for code, r in rows.items()
    }


def read_bodies() -> tuple[Body, ...]:
    """The bodies in enterprises.toml."""
    rows = _toml("enterprises.toml")["body"]
    return tuple(Body(key=f"body-{number:02d}", **row) for number, row in enumerate(rows, start=1))


def read_agencies() -> tuple[Agency, ...]:
    """The agencies in enterprises.toml."""
    rows = _toml("enterprises.toml")["agency"]
    return tuple(Agency(**{**row, "tasks": tuple(row["tasks"])}) for row in rows)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
