"""Is a page of an ownership answer the beginning of the whole list, and do columns say what claims say?"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.ownership import COLUMNS, OwnershipQuestion, holdings_of, owners_of
from kg.findings import Holding, Ownership
from kg.records import Claim, Record, Ref, node_id
from kg.view import GraphView, NoRecords
from tests.stores import load, node, store

PARTIES = ("ann", "bob", "f0", "f1", "f2", "f3")
THINGS = ("f0", "f1", "f2", "f3", "yacht")
SHARES = ("", "100", "50", "25..50", "33.333333", "0.00001", "51", "66.67", "120", "a third")
DAYS = ("", "", "2014", "2014-01-01", "2014-05", "2014-05-06", "2016-12-31", "2014|2015")
NODES = [node("ann"), node("bob"), *(node(f"f{n}", "Enterprise") for n in range(4)), node("yacht", "Vessel")]

LINKS = st.lists(
    st.tuples(
        st.sampled_from(PARTIES),
        st.sampled_from(THINGS),
        st.sampled_from(("OWNS", "OWNS", "OWNS", "HOLDS_INDIRECTLY")),
        st.sampled_from(SHARES),
        st.sampled_from(DAYS),
        st.sampled_from(DAYS),
        st.sampled_from(("", "", "legal", "beneficial")),
        st.sampled_from((("one",), ("one",), ("two",), ("one", "two"))),
    ),
    max_size=14,
)


class EveryClaim(NoRecords):
    """The records of a view, of which every claim has to be read."""

    def __init__(self, view: GraphView) -> None:
        self._records = view.records

    def claims(self, ids: Sequence[str], /) -> Mapping[str, Sequence[Claim]]:
        """The claims behind nodes or links, by id."""
        return self._records.claims(ids)


def view_of(folder: Path, links: list[tuple[str, str, str, str, str, str, str, tuple[str, ...]]]) -> GraphView:
    records: dict[str, list[Record]] = {"one": list(NODES), "two": list(NODES)}
    for key, (tail, head, kind, share, start, end, interest, sources) in enumerate(links):
        said = {"share": share, "start_date": start, "end_date": end, "interest": interest}
        values = {name: value.split("|") for name, value in said.items() if value}
        for source in sources:
            records[source].append(Record(f"k{key}", kind, values, ends=(Ref("test", tail), Ref("test", head))))
    for source, some in records.items():
        load(folder / "graph.sqlite", source, some)
    with store(folder / "graph.sqlite") as opened:
        view = opened.view(COLUMNS)
        ids = [view.link_id(link) for link in range(len(view.link_ids))]
        known = opened.undisputed_shares(ids)
        claims = opened.claims(ids)
    return view.with_records(StoredRecords(claims, known))


class StoredRecords(NoRecords):
    """What a closed store said."""

    def __init__(self, claims: Mapping[str, Sequence[Claim]], undisputed: Mapping[str, tuple[float, float]]) -> None:
        self._claims, self._undisputed = claims, undisputed

    def claims(self, ids: Sequence[str], /) -> Mapping[str, Sequence[Claim]]:
        """The claims behind links, by id."""
        return {name: self._claims[name] for name in ids if name in self._claims}

    def undisputed_shares(self, ids: Sequence[str], /) -> Mapping[str, tuple[float, float]]:
        """The shares of links of which claims say no more than columns."""
        return {name: self._undisputed[name] for name in ids if name in self._undisputed}


def without_limits(answer: Ownership) -> tuple[tuple[Holding, ...], Ownership]:
    return answer.holdings, replace(answer, holdings=(), asked={}, more=False)


@settings(max_examples=12)
@given(LINKS, st.sampled_from(("", "2014", "2014-05-06", "2016-12")), st.sampled_from((0, 1, 50)), st.booleans())
def test_a_page_is_the_beginning_of_the_list_and_columns_say_what_claims_say(
    links: list[tuple[str, str, str, str, str, str, str, tuple[str, ...]]], as_of: str, chains: int, between: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        view = view_of(Path(folder), links)
    slow = view.with_records(EveryClaim(view))
    for name in (*PARTIES, *THINGS[-1:]):
        for find in (holdings_of, owners_of):
            asked = OwnershipQuestion(node_id("test", name), as_of, 0.0, between, chains, 1000)
            holdings, rest = without_limits(whole := find(view, asked))
            assert find(slow, asked) == whole
            assert list(holdings) == sorted(holdings, key=_size)
            for most in (0, 1, 2):
                page = find(view, replace(asked, most=most))
                assert without_limits(page) == (holdings[:most], rest)
                assert page.more == (len(holdings) > most)


def _size(one: Holding) -> tuple[float, float, str, str]:
    high, low = max((one.beneficial.high, one.beneficial.low), (one.legal.high, one.legal.low))
    return -high, -low, one.holder, one.held
