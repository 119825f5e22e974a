"""Are names that may be of one left in, when pairs are dropped by the sounds with which their words begin?"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from kg.names import compare_names
from kg.names.keys import have_other_sounds, person_keys

PAIRS = Path(__file__).parent / "fixtures" / "name_pairs.csv"

WRITTEN_OTHERWISE = [
    ("Roh Moo-hyun", "No Mu-hyon"),
    ("Lee Myung", "Rhee Myung"),
    ("Lim Chae", "Im Chae"),
    ("Jeong Dae", "Chung Tae"),
    ("Tsipras Alexis", "Cipras Alexis"),
    ("Dhulfiqar Ali", "Zulfiqar Ali"),
    ("Psaros Nikos", "Saros Nikos"),
    ("Mnangagwa Emmerson", "Nangagwa Emmerson"),
    ("Nkurunziza Pierre", "Kurunziza Pierre"),
    ("Fyodor Volkov", "Fedor Volkow"),
    ("Bill Clayton", "William Clayton"),
]


def other_sounds(one: str, other: str) -> bool:
    sounds = [np.array([person_keys(name).first_sounds], np.int64) for name in (one, other)]
    return bool(have_other_sounds(*sounds)[0])


@pytest.mark.parametrize(("one", "other"), WRITTEN_OTHERWISE)
def test_names_written_otherwise_begin_with_sounds_that_may_be_one(one: str, other: str) -> None:
    assert compare_names(one, other).bits > 0
    assert not other_sounds(one, other)
    assert not other_sounds(other, one)


def test_no_pair_that_a_comparison_accepts_is_dropped() -> None:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = [(row["left"], row["right"]) for row in csv.DictReader(file)]
    dropped = [pair for pair in pairs if other_sounds(*pair) and compare_names(*pair).bits > 0]
    assert (len(pairs) > 100, dropped) == (True, [])


def test_names_with_words_of_other_sounds_are_told_apart() -> None:
    assert other_sounds("Boris Markov", "Dmitri Kovac")
    assert not other_sounds("Boris Markov", "Boris")
