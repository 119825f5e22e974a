"""How is networks.toml read?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STEP = re.compile(
    r"(?P<word>\w+)(:(?P<code>[A-Z]{2}))?(=(?P<label>\w+))?(?P<agent>!)?(?P<hired>\^)?(@(?P<share>\d+(\.\.\d+)?))?"
)


@dataclass(frozen=True)
class ChainStep:
    """One word of a chain."""

    word: str
    code: str
    """Jurisdiction; empty when the word names something made before."""
    label: str
    share: str
    at_agent: bool
    hired: bool
    """Whether a professional director sits on the board."""


@dataclass(frozen=True)
class NetworkSpec:
    """One network, as networks.toml describes it."""

    sought: tuple[int, ...]
    host: str
    chains: tuple[str, ...]
    bond: str = ""
    """What the second sought person is to the first."""
    kin: tuple[str, ...] = ()
    nominees: int = 0
    lives: str = ""
    path: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    debts: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    proceeds: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoSpec:
    """All of networks.toml."""

    networks: tuple[NetworkSpec, ...]
    ties: tuple[str, ...] = ()
    fates: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def read_spec() -> DemoSpec:
    """Read networks.toml, which stands beside this module."""
    data = tomllib.loads((HERE / "networks.toml").read_text(encoding="utf-8"))
    recipes = tuple(NetworkSpec(**{name: _frozen(value) for name, value in row.items()}) for row in data["network"])
    return DemoSpec(recipes, tuple(data["ties"]), {name: tuple(numbers) for name, numbers in data["fates"].items()})


def parse_chain(chain: str) -> Iterator[ChainStep]:
    """The words of a chain. Raises ValueError for a word that cannot be read."""
    for word in chain.split(" > "):
        match = STEP.fullmatch(word)
        if not match:
            raise ValueError(f"networks.toml: {word!r} in {chain!r} is no step")
        found = {name: value or "" for name, value in match.groupdict().items()}
        label = found["label"] or found["word"]
        yield ChainStep(
            found["word"], found["code"], label, found["share"] or "100", bool(found["agent"]), bool(found["hired"])
        )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
