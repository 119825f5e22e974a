"""The characters of Chinese names: how frequent each is, and how it is read and written in Latin letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Literal

from kg.names.chinese.romanisations import SCHEMES, Scheme
from kg.names.tables import english_given_names, read_table

Slot = Literal["surname", "given"]

Vector = Mapping[str, float]
"""By simplified character, the joint probability of the character in this place and of what is written for it."""

_READING_SHARES = {1: (1.0,), 2: (0.8, 0.2), 3: (0.72, 0.18, 0.1), 4: (0.66, 0.16, 0.1, 0.08)}
_MORE_READINGS = (0.6, 0.16, 0.1, 0.08, 0.06)
_FLOOR_PPM = 1.0
"""Of given characters that were not counted, or hardly."""

_UNKNOWN = 1e-7
"""The share of a character that is not in the table."""

_SURNAMES_FROM_TABLE = 0.85
"""The share of a place's people whose surname is written as surnames.csv has it, where it has one."""

_LISTED = (0.5, 0.2, 0.1)


class Characters:
    """The tables of graph/reference/names, read once."""

    def __init__(self) -> None:
        self.simplified: dict[str, tuple[str, ...]] = {}
        """By written character, the simplified ones it can stand for."""
        self.forms: dict[str, tuple[str, ...]] = {}
        """By simplified character, the other forms that stand for it."""
        self.ppm: dict[Slot, dict[str, float]] = {"surname": {}, "given": {}}
        self._readings: dict[str, dict[str, list[tuple[str, float]]]] = {}
        """By language and syllable, the characters read so and the share of this reading among the character's own."""
        self._of_character: dict[str, dict[str, list[tuple[str, float]]]] = defaultdict(lambda: defaultdict(list))
        """By language and character, its readings and the share of each."""
        self._read_characters()
        self._listed: dict[str, dict[str, list[tuple[str, float]]]] = defaultdict(dict)
        """By scheme and surname, the spellings that surnames.csv lists."""
        for row in read_table("surnames.csv"):
            spellings = row["spellings"].split()
            rest = (1 - sum(_LISTED[: len(spellings)])) / max(1, len(spellings) - len(_LISTED))
            shares = [*_LISTED[: len(spellings)], *[rest] * (len(spellings) - len(_LISTED))]
            total = sum(shares)
            self._listed[row["scheme"]][row["character"]] = [
                (s, w / total) for s, w in zip(spellings, shares, strict=True)
            ]
        self.compounds: dict[str, float] = {
            r["surname"]: float(r["surname_ppm"]) for r in read_table("compound_surnames.csv")
        }
        of_compounds = {surname: ppm / 1e6 for surname, ppm in self.compounds.items()}
        self._frequencies: dict[Slot, dict[str, float]] = {
            "surname": self.ppm["surname"] | of_compounds,
            "given": self.ppm["given"],
        }
        self.english = english_given_names()
        self._spelled: dict[tuple[str, Slot], dict[str, Vector]] = {}
        self._spellings: dict[tuple[str, Slot], dict[str, list[tuple[str, float]]]] = {}

    def _read_characters(self) -> None:
        forms: dict[str, list[str]] = defaultdict(list)
        readings: dict[str, dict[str, list[tuple[str, float]]]] = {s.language: defaultdict(list) for s in SCHEMES}
        for row in read_table("characters.csv"):
            character = row["character"]
            forms[character].insert(0, character)
            self.forms[character] = tuple(row["traditional"])
            for other in row["traditional"]:
                forms[other].append(character)
            self.ppm["surname"][character] = float(row["surname_ppm"])
            self.ppm["given"][character] = max(_FLOOR_PPM, float(row["given_ppm"]))
            for language, of_syllable in readings.items():
                found = row[language].split()
                shares = _READING_SHARES.get(len(found), _MORE_READINGS)
                for syllable, share in zip(found, shares, strict=False):
                    of_syllable[syllable].append((character, share))
                    self._of_character[language][character].append((syllable, share))
        self._readings = readings
        self.simplified = {form: tuple(found) for form, found in forms.items()}
        for slot, ppm in self.ppm.items():
            total = sum(ppm.values())
            self.ppm[slot] = {c: v / total for c, v in ppm.items() if v}

    def spelled(self, scheme: Scheme, slot: Slot) -> Mapping[str, Vector]:
        """By spelling, which characters of a place can stand behind it in a scheme."""
        found = self._spelled.get((scheme.name, slot))
        if found is None:
            found = self._spelled[scheme.name, slot] = self._spell(scheme, slot)
        return found

    def spellings_of(self, scheme: Scheme, slot: Slot) -> Mapping[str, list[tuple[str, float]]]:
        """By character, its spellings in a place and scheme, and the share of each."""
        found = self._spellings.get((scheme.name, slot))
        if found is None:
            found, frequencies = defaultdict(list), self._frequencies[slot]
            for spelling, vector in self.spelled(scheme, slot).items():
                for character, p in vector.items():
                    found[character].append((spelling, p / frequencies[character]))
            self._spellings[scheme.name, slot] = found
        return found

    def _spell(self, scheme: Scheme, slot: Slot) -> dict[str, Vector]:
        spelled: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        listed = self._listed.get(scheme.name, {}) if slot == "surname" else {}
        frequency = self.ppm[slot]
        for syllable, characters in self._readings[scheme.language].items():
            spellings = scheme.spell(syllable)
            for character, reading_share in characters:
                p = frequency.get(character, 0.0) * reading_share
                if not p:
                    continue
                if character in listed:
                    p *= 1 - _SURNAMES_FROM_TABLE
                for spelling, share in spellings.items():
                    spelled[spelling][character] += p * share
        for character, spellings_listed in listed.items():
            p = frequency.get(character, 0.0) * _SURNAMES_FROM_TABLE
            for spelling, share in spellings_listed if p else ():
                spelled[spelling][character] += p * share
        if slot == "surname":
            self._spell_compounds(scheme, spelled)
        return {spelling: dict(vector) for spelling, vector in spelled.items()}

    def _spell_compounds(self, scheme: Scheme, spelled: dict[str, dict[str, float]]) -> None:
        total = 1e6
        for surname, ppm in self.compounds.items():
            if surname in self._listed.get(scheme.name, {}):
                for spelling, share in self._listed[scheme.name][surname]:
                    spelled[spelling][surname] += ppm / total * share
                continue
            ways: list[dict[str, float]] = []
            for character in surname:
                way: dict[str, float] = defaultdict(float)
                for syllable, share in self._of_character[scheme.language].get(character, ()):
                    for spelling, spelling_share in scheme.spell(syllable).items():
                        way[spelling] += share * spelling_share
                ways.append(way)
            for first, p in ways[0].items():
                for second, q in ways[1].items():
                    if p * q > 0.02:
                        spelled[first + second][surname] += ppm / total * p * q

    def written(self, slot: Slot, form: str) -> Vector:
        """Which simplified characters of a place a written one, or a surname of two, can stand for."""
        if len(form) > 1:
            simple = "".join(self.simplified.get(c, (c,))[0] for c in form)
            return {simple: self.compounds[simple] / 1e6} if simple in self.compounds else {}
        found = self.simplified.get(form, (form,))
        share = 1 / len(found)
        return {c: self.ppm[slot].get(c, _UNKNOWN) * share for c in found}

    @cached_property
    def every_surname(self) -> frozenset[str]:
        """All spellings of surnames, in any scheme."""
        return frozenset(s for scheme in SCHEMES for s in self.spelled(scheme, "surname"))

    @cached_property
    def every_given(self) -> frozenset[str]:
        """All spellings of given characters, in any scheme."""
        return frozenset(s for scheme in SCHEMES for s in self.spelled(scheme, "given"))

    def frequency(self, slot: Slot, character: str) -> float:
        """The share of a simplified character in this place, or of a surname of two characters."""
        return self._frequencies[slot].get(character, _UNKNOWN)


@lru_cache(maxsize=1)
def characters() -> Characters:
    """The one copy of the tables."""
    return Characters()
