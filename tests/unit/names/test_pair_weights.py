"""Do many pairs of Chinese names weigh in arrays what each weighs alone? All names are invented."""

from __future__ import annotations

from itertools import combinations

import pytest

from kg.names import compare_names
from kg.names.chinese.pair_weights import PairWeights
from kg.names.keys import person_keys

_NAMES = (
    *(
        "张伟文",
        "張偉文",
        "张维文",
        "李小",
        "欧阳文达",
        "Zhang Weiwen",
        "Cheung Wai Man",
        "Wai-Man CHEUNG",
        "Zhang W.W.",
    ),
    *("Chang Wei-wen", "Teo Oe Boon", "Eu Chun", "Wei Cun", "Peter Lam Chi Keung", "林志强", "Peter Lin Zhiqiang"),
    *("Li Xiao", "Lee Siu", "Ouyang Wenda", "Lam Cheng Yuet-ngor"),
)


@pytest.fixture(scope="module")
def weights() -> PairWeights:
    found = PairWeights()
    for name in _NAMES:
        readings = person_keys(name).readings
        assert readings, name
        found.add([(1.0, readings)])
    return found


def test_each_pair_weighs_what_it_weighs_alone(weights: PairWeights) -> None:
    import numpy as np

    pairs = np.array(list(combinations(range(len(_NAMES)), 2)))
    for (one, other), bits in zip(pairs.tolist(), weights.most_bits(*pairs.T).tolist(), strict=True):
        alone = compare_names(_NAMES[one], _NAMES[other]).bits
        most = 9.1 if "Peter" in _NAMES[one] and "Peter" in _NAMES[other] else 0.1
        assert alone <= bits <= alone + most, (_NAMES[one], _NAMES[other])


def test_the_best_of_several_names_counts_and_a_weak_one_for_less() -> None:
    import numpy as np

    weights = PairWeights()
    one, other = (person_keys(name).readings for name in ("张伟文", "Li Xiao"))
    for names in ([(1.0, one)], [(1.0, other), (1.0, one)], [(0.25, one)], [(1.0, other)], []):
        weights.add(names)
    others = np.arange(1, 5)
    bits = weights.most_bits(np.zeros(4, np.int64), others).tolist()
    whole = compare_names("张伟文", "张伟文").bits
    assert bits[:2] == pytest.approx([whole, whole / 4], abs=0.1)
    assert bits[2:] == [-10.0, float("inf")]
