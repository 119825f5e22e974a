"""Is a judgement told as one that a path rests on only where both its sides are used?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from kg.analysis.paths.merges import needed_judgements
from kg.records import Claim, Judgement, Provenance, Ref


def claim(name: str, *referents: str) -> Claim:
    namespace, key = name.split(":")
    return Claim(namespace, namespace, key, "", "Person", "", {}, {}, Provenance(), referents)


def judged(number: int, one: str, other: str) -> Judgement:
    return Judgement(number, "same", Ref(*one.split(":")), Ref(*other.split(":")), "", "", "")


CLAIMS = [claim("k:p1"), claim("g:g1"), claim("m:7")]
ONE = [judged(1, "k:p1", "g:g1")]
CHAIN = [*ONE, judged(2, "g:g1", "m:7")]


@pytest.mark.parametrize(
    ("judgements", "uses", "needed"),
    [
        (ONE, ["k"], set()),
        (ONE, ["k", "k"], set()),
        (ONE, ["k", "g"], {1}),
        (ONE, ["k", "kg"], set()),
        (ONE, ["g", "kg"], set()),
        (CHAIN, ["k", "m"], {1, 2}),
        (CHAIN, ["k", "g"], {1}),
        ([*CHAIN, judged(3, "k:p1", "m:7")], ["k", "m"], set()),
        (ONE, ["k", "x"], set()),
    ],
)
def test_a_judgement_counts_where_both_its_sides_are_used(
    judgements: Sequence[Judgement], uses: Sequence[Collection[str]], needed: set[int]
) -> None:
    assert needed_judgements(judgements, CLAIMS, uses) == needed


def test_records_of_one_namespace_on_both_sides_tell_nothing_of_what_a_link_meant() -> None:
    assert needed_judgements([judged(1, "k:1", "k:2")], [claim("k:1"), claim("k:2")], ["k", "k"]) == set()
