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


def chinese_name(random: SeededRandom, gender: str, surname: str = "") -> Name:
    """A Chinese name; `surname` keeps the characters of a relative's."""
    rows = [row.split(" ") for row in WORDS["surnames"]]
    family, latin = next((row for row in rows if row[0] == surname), None) or random.choice(rows)
    first, second = (random.choice(row).split(" ") for row in WORDS[gender])
    given, spoken = first[0] + second[0], first[1] + second[1].lower()
    return Name(family + given, family, given, gender, f"{latin} {spoken}")


def english_name(random: SeededRandom, gender: str) -> Name:
    """An English name."""
    words = WORDS["english"]
    given, family = random.choice(words[gender]), random.choice(words["family"])
    return Name(f"{given} {family}", family, given, gender)


def spanish_name(random: SeededRandom, gender: str) -> Name:
    """A Spanish name with both family names."""
    words = WORDS["spanish"]
    given, family = random.choice(words[gender]), f"{random.choice(words['family'])} {random.choice(words['family'])}"
    return Name(f"{given} {family}", family, given, gender)


def western_name(random: SeededRandom, name: Name) -> str:
    """What somebody with a Chinese name is called abroad."""
    return f"{random.choice(WORDS['western'][name.gender])} {name.latin.split(' ')[0]}"


def random_gender(random: SeededRandom) -> str:
    """One of the two that the registers of those years knew."""
    return "male" if random.chance(0.6) else "female"


def any_name(random: SeededRandom) -> Name:
    """A name of any of the three cultures."""
    return random.choice((chinese_name, chinese_name, english_name, spanish_name))(random, random_gender(random))


def company_name(random: SeededRandom, jurisdiction: str) -> str:
    """A company's name that no real one is likely to bear, and the legal form usual there."""
    words = WORDS["firms"]
    things: Sequence[str] = words["thing"]
    form = words["form"].get(jurisdiction, "Ltd")
    first, one, other = random.choice(words["first"]), random.choice(things), random.choice(things)
    return f"{first} {one} & {other} {random.choice(words['trade'])} {form}"


def two_words(random: SeededRandom) -> str:
    """Two words for a ship, a fund or a town."""
    return f"{random.choice(WORDS['firms']['first'])} {random.choice(WORDS['firms']['thing'])}"
