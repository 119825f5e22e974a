"""Do owners, red flags and one thing's page find the same contradictions?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.clusters import asset_clusters
from kg.analysis.ownership import OwnershipQuestion, owners_of
from kg.findings import ShareDispute, ShareExcess
from kg.findings.contradictions import StatedHolding, dispute_words, excess_words, share_contradictions
from kg.records import NO_PROVENANCE, Claim
from kg.view import GraphView
from tests.builders import StatedRecords, graph

DAY = "2024-01-01"

HOLDINGS = st.lists(
    st.fixed_dictionaries(
        {
            "holder": st.sampled_from(["ann", "bob", "cat"]),
            "source": st.sampled_from(["press", "register"]),
            "share": st.sampled_from(["", "10", "50", "60", "90", "25..50", "50..75"]),
            "interest": st.sampled_from(["", "", "legal", "beneficial"]),
            "start": st.sampled_from(["", "2010", DAY, "2024", "2025"]),
            "end": st.sampled_from(["", "", "2015", DAY, "2024-06", "2030"]),
        }
    ),
    min_size=1,
    max_size=7,
)


def _case(rows: list[dict[str, str]]) -> tuple[GraphView, list[StatedHolding]]:
    """The graph of some holdings of one thing, with their claims, and the same holdings as they are stated."""
    texts, claims, holdings = list[str](), dict[str, list[Claim]](), list[StatedHolding]()
    by_holder = defaultdict[str, list[dict[str, str]]](list)
    for row in rows:
        by_holder[row["holder"]].append(row)
    for holder, some in by_holder.items():
        said = [({n: row[n] for n in ("share", "interest", "start", "end") if row[n]}, row["source"]) for row in some]
        for number, (says, source) in enumerate(sorted(said, key=lambda pair: sorted(pair[0].items())), 1):
            name = f"{holder} OWNS acme" + (f" #{number}" if number > 1 else "")
            texts.append(" ".join([f"{holder} OWNS acme:Enterprise", *(f"{n}={text}" for n, text in says.items())]))
            names = {"share": "share", "start": "start_date", "end": "end_date", "interest": "interest"}
            properties = {names[n]: [text] for n, text in says.items()}
            claims[name] = [Claim(source, "x", name, "", "OWNS", DAY, properties, {}, NO_PROVENANCE)]
            ids = name, holder, "acme"
            holdings.append(StatedHolding.from_claims(ids, says.get("interest", ""), claims[name]))
    return graph(*texts, as_of=DAY, sought=["ann"] if "ann" in by_holder else []).with_records(
        StatedRecords(claims)
    ), holdings


def _without_holders(one: ShareExcess) -> ShareExcess:
    """What the page of one thing finds, as owners tell it: these list the holders themselves."""
    return ShareExcess(one.held, one.interest, one.percent, one.links, one.owners)


@settings(max_examples=100, deadline=None)
@given(rows=HOLDINGS)
def test_owners_red_flags_and_the_page_of_one_thing_agree(rows: list[dict[str, str]]) -> None:
    view, holdings = _case(rows)
    answer = owners_of(view, OwnershipQuestion("acme", DAY))
    found = list(share_contradictions(holdings, date.fromisoformat(DAY).toordinal()))
    assert {_without_holders(one) for one in found if isinstance(one, ShareExcess)} == set(answer.beyond)
    assert {one for one in found if isinstance(one, ShareDispute)} == set(answer.disputes)
    words = {excess_words(one) if isinstance(one, ShareExcess) else dispute_words(one) for one in found}
    for cluster in asset_clusters(view).clusters:
        if any(member.id == "acme" for member in cluster.members):
            assert {s.says for s in cluster.signs if s.indicator == "contradictory_shares"} == words
