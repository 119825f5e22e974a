"""What are invented people and companies called?"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.generate.seeded_random import Dice

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Name:
    """One invented name. `full` is how the person's own papers write it."""

    full: str
    family: str = ""
    given: str = ""
    gender: str = ""
    latin: str = ""
    """Chinese names only: pinyin, family name first."""

    @property
    def passport(self) -> str:
        """As a passport writes it: ASCII capitals, ü as yu."""
        return self.latin.replace("ü", "yu").upper()


def chinese(dice: Dice, gender: str, surname: str = "") -> Name:
    """A Chinese name; `surname` keeps the characters of a relative's."""
    rows = [row.split(" ") for row in WORDS["surnames"]]
    family, latin = next((row for row in rows if row[0] == surname), None) or dice.pick(rows)
    first, second = (dice.pick(row).split(" ") for row in WORDS[gender])
    given, spoken = first[0] + second[0], first[1] + second[1].lower()
    return Name(family + given, family, given, gender, f"{latin} {spoken}")


def english(dice: Dice, gender: str) -> Name:
    """An English name."""
    words = WORDS["english"]
    given, family = dice.pick(words[gender]), dice.pick(words["family"])
    return Name(f"{given} {family}", family, given, gender)


def spanish(dice: Dice, gender: str) -> Name:
    """A Spanish name with both family names."""
    words = WORDS["spanish"]
    given, family = dice.pick(words[gender]), f"{dice.pick(words['family'])} {dice.pick(words['family'])}"
    return Name(f"{given} {family}", family, given, gender)


def western(dice: Dice, name: Name) -> str:
    """What somebody with a Chinese name is called abroad."""
    return f"{dice.pick(WORDS['western'][name.gender])} {name.latin.split(' ')[0]}"


def some_gender(dice: Dice) -> str:
    """One of the two that the registers of those years knew."""
    return "male" if dice.chance(0.6) else "female"


def anybody(dice: Dice) -> Name:
    """A name of any of the three cultures."""
    return dice.pick((chinese, chinese, english, spanish))(dice, some_gender(dice))


def firm(dice: Dice, jurisdiction: str) -> str:
    """A company's name that no real one is likely to bear, and the legal form usual there."""
    words = WORDS["firms"]
    things: Sequence[str] = words["thing"]
    form = words["form"].get(jurisdiction, "Ltd")
    return f"{dice.pick(words['first'])} {dice.pick(things)} & {dice.pick(things)} {dice.pick(words['trade'])} {form}"


def phrase(dice: Dice) -> str:
    """Two words for a ship, a fund or a town."""
    return f"{dice.pick(WORDS['firms']['first'])} {dice.pick(WORDS['firms']['thing'])}"
