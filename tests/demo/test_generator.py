"""Does the generator make the checked-in demo set again?"""

from __future__ import annotations

from pathlib import Path

from bench.generate import demo
from bench.generate.__main__ import main
from bench.generate.seeded_random import SeededRandom, add_days
from tests.demo.demo_claims import DEMO


def test_the_generator_makes_the_files_again_byte_for_byte(tmp_path: Path) -> None:
    main(["demo", "--out", str(tmp_path)])
    made, kept = ({p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} for folder in (tmp_path, DEMO))
    assert sorted(made) == sorted(kept)
    assert [name for name in made if made[name] != kept[name]] == []


def test_another_seed_makes_another_world() -> None:
    assert demo.build_demo(1).book.rows != demo.build_demo(2).book.rows


def test_dice_are_the_same_for_the_same_topic_only() -> None:
    first, again, other = SeededRandom(7, "a"), SeededRandom(7, "a"), SeededRandom(7, "b")
    thrown = [first.below(1_000) for _ in range(20)]
    assert thrown == [again.below(1_000) for _ in range(20)]
    assert thrown != [other.below(1_000) for _ in range(20)]


def test_dice_stay_within_their_bounds() -> None:
    dice = SeededRandom("bounds")
    assert {dice.between(3, 5) for _ in range(200)} == {3, 4, 5}
    assert {dice.skewed(4) for _ in range(500)} == {0, 1, 2, 3}
    assert all(8 <= dice.pareto(8, 80) <= 80 for _ in range(500))
    assert {dice.day("2014-02-27", "2014-03-01") for _ in range(100)} == {"2014-02-27", "2014-02-28", "2014-03-01"}
    assert sorted(dice.shuffled("abc")) == ["a", "b", "c"]


def test_a_later_day_knows_leap_years() -> None:
    assert add_days("2012-02-28", 1) == "2012-02-29"
