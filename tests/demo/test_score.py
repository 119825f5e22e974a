"""Does the score say how well found clusters agree with an answer key?"""

from __future__ import annotations

import sys

import pytest

from bench import score
from tests.demo.demo_claims import answer_key

TRUTH = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 3}


def test_b_cubed_agrees_with_a_case_worked_by_hand() -> None:
    found = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "y", "f": "z"}
    # Of a and b: all found with them belong to them, two of three belong and were found. Of c: a third, a third.
    # Of d and e: two of three found with them belong to them, all that belong were found. Of f: all, all.
    precision, recall = score.b_cubed(TRUTH, found)
    assert precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)


def test_the_same_clusters_under_other_names_score_one() -> None:
    renamed = {key: f"cluster {number}" for key, number in TRUTH.items()}
    assert score.b_cubed(TRUTH, renamed) == (1, 1)


def test_everything_in_one_cluster_has_full_recall_and_little_precision() -> None:
    precision, recall = score.b_cubed(TRUTH, dict.fromkeys(TRUTH, 0))
    assert recall == 1
    assert precision == pytest.approx((9 + 4 + 1) / 36)


def test_what_was_not_found_counts_as_a_cluster_of_its_own_and_what_was_not_asked_for_is_left_out() -> None:
    seen = score.align(TRUTH, {"a": 1, "b": 1, "stranger": 1})
    assert set(seen) == set(TRUTH)
    assert seen["a"] == seen["b"]
    assert len(set(seen.values())) == 5


def test_f1_is_the_harmonic_mean_and_zero_when_nothing_agrees() -> None:
    assert score.Score(2, 0, 0.5, 1, 0).f1 == pytest.approx(2 / 3)
    assert score.Score(2, 0, 0, 0, 0).f1 == 0


def test_connected_components_and_louvain_part_what_nothing_joins() -> None:
    links = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "e")]
    for found in (score.connected_components(links), score.louvain(links)):
        assert found["a"] == found["b"] == found["c"] != found["d"] == found["e"]


def test_a_missing_scikit_learn_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.metrics", None)
    with pytest.raises(ModuleNotFoundError, match=r"scikit-learn: python -m pip install"):
        score.adjusted_mutual_information(TRUTH, TRUTH)


def test_both_kinds_of_answer_key_become_partitions() -> None:
    truth, unrelated = score.demo_truth(answer_key())
    assert {"p-008", "p-009"} <= {key for key, name in truth.items() if name == truth["p-008"]}
    assert not set(truth) & set(unrelated)
    assert score.planted_truth({"one": ["a", "b"], "two": ["c"]}) == {"a": "one", "b": "one", "c": "two"}
