"""Is the freeze set the smallest that cuts a person off, whatever the holdings?"""

from __future__ import annotations

from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.routes.freeze_set import Holdings, smallest_cut

PERSON = 0
NODES = st.integers(0, 7)


def reaches(holdings: Holdings, assets: frozenset[int], without: frozenset[int]) -> bool:
    """Whether some path leads from the person to an asset that is not cut out."""
    seen, ahead = {PERSON}, [PERSON]
    while ahead:
        for node in holdings.get(ahead.pop(), ()):
            if node not in seen and node not in without:
                seen.add(node)
                ahead.append(node)
    return bool(seen & assets)


@given(
    st.dictionaries(NODES, st.frozensets(NODES, max_size=4), max_size=8),
    st.frozensets(st.integers(1, 7), max_size=4),
    st.frozensets(st.integers(1, 7), max_size=3),
)
def test_no_smaller_set_cuts_a_person_off_and_people_are_never_in_it(
    holdings: dict[int, frozenset[int]], assets: frozenset[int], people: frozenset[int]
) -> None:
    people = people - assets
    found = smallest_cut(holdings, PERSON, assets, people | {PERSON})
    may_be_cut = sorted(set(range(1, 8)) - people)
    every = chain.from_iterable(combinations(may_be_cut, size) for size in range(len(may_be_cut) + 1))
    fewest = next(set(some) for some in every if not reaches(holdings, assets, frozenset(some)))
    assert found.isdisjoint(people | {PERSON})
    assert not reaches(holdings, assets, found)
    assert len(found) == len(fewest)
    for node in found:
        assert reaches(holdings, assets, found - {node})
