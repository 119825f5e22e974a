"""What are invented people and companies called?"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.generate.seeded_random import SeededRandom

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


def chinese_name(dice: SeededRandom, gender: str, surname: str = "") -> Name:
    """A Chinese name; `surname` keeps the characters of a relative's."""
    rows = [row.split(" ") for row in WORDS["surnames"]]
    family, latin = next((row for row in rows if row[0] == surname), None) or dice.choice(rows)
    first, second = (dice.choice(row).split(" ") for row in WORDS[gender])
    given, spoken = first[0] + second[0], first[1] + second[1].lower()
    return Name(family + given, family, given, gender, f"{latin} {spoken}")


def english_name(dice: SeededRandom, gender: str) -> Name:
    """An English name."""
    words = WORDS["english"]
    given, family = dice.choice(words[gender]), dice.choice(words["family"])
    return Name(f"{given} {family}", family, given, gender)


def spanish_name(dice: SeededRandom, gender: str) -> Name:
    """A Spanish name with both family names."""
    words = WORDS["spanish"]
    given, family = dice.choice(words[gender]), f"{dice.choice(words['family'])} {dice.choice(words['family'])}"
    return Name(f"{given} {family}", family, given, gender)


def western_name(dice: SeededRandom, name: Name) -> str:
    """What somebody with a Chinese name is called abroad."""
    return f"{dice.choice(WORDS['western'][name.gender])} {name.latin.split(' ')[0]}"


def random_gender(dice: SeededRandom) -> str:
    """One of the two that the registers of those years knew."""
    return "male" if dice.chance(0.6) else "female"


def any_name(dice: SeededRandom) -> Name:
    """A name of any of the three cultures."""
    return dice.choice((chinese_name, chinese_name, english_name, spanish_name))(dice, random_gender(dice))


def company_name(dice: SeededRandom, jurisdiction: str) -> str:
    """A company's name that no real one is likely to bear, and the legal form usual there."""
    words = WORDS["firms"]
    things: Sequence[str] = words["thing"]
    form = words["form"].get(jurisdiction, "Ltd")
    first, one, other = dice.choice(words["first"]), dice.choice(things), dice.choice(things)
    return f"{first} {one} & {other} {dice.choice(words['trade'])} {form}"


def two_words(dice: SeededRandom) -> str:
    """Two words for a ship, a fund or a town."""
    return f"{dice.choice(WORDS['firms']['first'])} {dice.choice(WORDS['firms']['thing'])}"
