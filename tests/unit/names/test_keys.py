"""Are names that may be of one left in, when pairs are dropped by the sounds with which their words begin?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kg.names import compare_names
from kg.names.keys import NameKeys, company_keys, have_other_sounds, person_keys

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


@pytest.mark.parametrize(
    ("keys", "one", "others"),
    [
        (person_keys, "박성민", ("Bak Seong Min", "Park Sung-min", "Sungmin Park", "박성민")),
        (person_keys, "이영희", ("Lee Young-hui", "Rhee Younghi", "Yi Yeong Hui")),
        (
            company_keys,
            "宏达国际控股有限公司",
            ("Wang Tat International Holdings Ltd", "Hongda International Holdings"),
        ),
        (company_keys, "深圳市金榕贸易有限公司", ("Shenzhen Jinrong Trading Co., Ltd.", "SHENZHEN KAM YUNG TRADING")),
    ],
)
def test_names_in_other_scripts_meet_by_keys(
    keys: Callable[[str], NameKeys], one: str, others: tuple[str, ...]
) -> None:
    ours = keys(one)
    for theirs in map(keys, others):
        assert not {*ours.whole}.isdisjoint(theirs.whole)
        sounds = [np.array([found.first_sounds], np.int64) for found in (ours, theirs)]
        assert not have_other_sounds(*sounds)[0]
