"""Does a record say the same alone and beside itself?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.ledger.rules.merge import SourceRecord, merge_link
from kg.ontology import load_ontology

ONTOLOGY = load_ontology()
TEXTS = st.sampled_from(["51", " 51 %", "25..50", "2001", "2001-02-30", "x", "10 USD", "no share"])
NAMES = st.sampled_from(["share", "start_date", "end_date", "date", "summary", "amount", "of nothing known"])
VALUES = st.dictionaries(NAMES, st.lists(TEXTS, min_size=1, max_size=4), max_size=4)
SAID = st.sampled_from([{}, {"reliability": "B", "credibility": "4", "datasets": ["d"]}, {"handling": "restricted"}])


@given(st.sampled_from(["OWNS", "PAID", "DIRECTS"]), VALUES, VALUES, SAID)
def test_a_link_said_once_is_the_same_link_as_when_it_is_said_twice_alike(
    kind: str, properties: dict[str, list[str]], other: dict[str, list[str]], said: dict[str, object]
) -> None:
    record = SourceRecord("s", "n", "k", kind, {"properties": properties, "other": other, "said": said})
    alone, twice = merge_link(ONTOLOGY, [record]), merge_link(ONTOLOGY, [record, record])
    stand = alone.body.partition('"said":[')[2].partition("]}")[0]
    assert twice._replace(body=twice.body.replace(f"{stand},{stand}", stand)) == alone
