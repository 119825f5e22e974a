"""Does a record say the same alone and beside itself?"""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kg.ledger.rules.merge import SourceRecord, canonical_json, merge_link, merge_node
from kg.ledger.rules.single_record import SingleRecords
from kg.names import indexed_words
from kg.ontology import load_ontology
from kg.ontology.captions import NameStatement
from kg.records import Provenance, Record, Ref, UnreadValue, link_id, link_number, node_id

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


NODE_NAMES = st.sampled_from(["name", "birth_date", "passport_number", "email", "phone", "registration_number", "odd"])
NODE_TEXTS = st.sampled_from(
    [
        "Ann Lee",
        "ann lee",
        "安 安",
        "Bo",
        "1980",
        "1980-02",
        "P-12345",
        "p 12345",
        "ann@example.org",
        "+1 555 0100",
        "x" * 300,
    ]
)
NODE_VALUES = st.dictionaries(NODE_NAMES, st.lists(NODE_TEXTS, min_size=1, max_size=3), max_size=5)
PROVENANCES = st.builds(
    Provenance,
    reliability=st.sampled_from(["", "B"]),
    credibility=st.sampled_from(["", "4"]),
    handling=st.sampled_from(["open", "restricted"]),
    datasets=st.sampled_from([(), ("d", "e")]),
    url=st.sampled_from(["", 'https://example.org/"a"']),
)
UNREAD = st.sampled_from([(), (), (UnreadValue("born", "birth_date", "long ago"),)])
KEYS = st.sampled_from(["k", 'k "1"', "ключ"])


@given(st.sampled_from(["Person", "Enterprise", "Party"]), NODE_VALUES, NODE_VALUES)
def test_a_node_said_once_is_the_same_node_as_when_it_is_said_twice_alike(
    kind: str, properties: dict[str, list[str]], other: dict[str, list[str]]
) -> None:
    record = SourceRecord("s", "n", "k", kind, {"properties": properties, "other": other})
    alone, twice = merge_node(ONTOLOGY, "id", [record]), merge_node(ONTOLOGY, "id", [record, record])
    stand = alone.body.partition('"said":[')[2].partition("]}")[0]
    assert twice._replace(body=twice.body.replace(f"{stand},{stand}", stand)) == alone


@given(st.lists(st.tuples(KEYS, NODE_VALUES, NODE_VALUES, PROVENANCES, UNREAD, st.booleans()), max_size=4))
def test_what_a_record_states_alone_is_what_merging_gives(
    stated: list[tuple[str, dict[str, list[str]], dict[str, list[str]], Provenance, tuple[UnreadValue, ...], bool]],
) -> None:
    single = SingleRecords(ONTOLOGY, "s", "n")
    for key, properties, other, provenance, unread, is_link in stated:
        ends = (Ref("n", "a"), Ref("m", "b")) if is_link else None
        kind, part = ("OWNS", "p") if is_link else ("Person", "")
        record = Record(key, kind, properties, part, ends, other, (), provenance, not_understood=unread)
        body = record.body()
        source_record = SourceRecord("s", "n", key, kind, body, 1)
        claims = {name: values for name, values in body.items() if name != "said"}
        found = single.cells(record, claims, protected=False)
        if is_link:
            link = merge_link(ONTOLOGY, [source_record])
            assert found == (
                link_id("n", key, part),
                0 if link.record else link.body,
                0,
                0,
                0,
                *link.facts,
                link_number(link_id("n", key, part)),
            )
            continue
        node = merge_node(ONTOLOGY, node_id("n", key), [source_record])
        identifiers = canonical_json([(i.value, i.property, i.identifies) for i in node.identifiers])
        text = 0 if node.record else node.body
        own = (node.id, text, node.caption, indexed_words(node.search_words), identifiers if node.identifiers else 0)
        assert found == (*own, *(0,) * 8)


CALLED = st.sampled_from(["A. Dunmarsh", "Aurel Dunmarsh", "Aurel M. Dunmarsh", "AUREL DUNMARSH", "Dunmarsh", "奥雷尔"])
GRADED = st.fixed_dictionaries(
    {},
    optional={
        "reliability": st.sampled_from("ABCDEF"),
        "credibility": st.sampled_from("123456"),
        "origin": st.sampled_from(["wire 7", "wire 8"]),
    },
)
STATED = st.tuples(st.sampled_from(["court", "press", "wire"]), st.lists(CALLED, min_size=1, max_size=3), GRADED)


@given(st.lists(STATED, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_a_caption_is_the_same_whatever_the_order_of_the_records(
    stated: list[tuple[str, list[str], dict[str, str]]], shuffled: Random
) -> None:
    records = [
        SourceRecord(source, "n", f"k{at}", "Person", {"properties": {"name": called}, "said": said})
        for at, (source, called, said) in enumerate(stated)
    ]
    caption = merge_node(ONTOLOGY, "id", records).caption
    shuffled.shuffle(records)
    for record in records:
        shuffled.shuffle(record.body["properties"]["name"])
    assert merge_node(ONTOLOGY, "id", records).caption == caption
    best = min(NameStatement.of(source, said).grade for source, _, said in stated)
    assert any(caption in called for source, called, said in stated if NameStatement.of(source, said).grade == best)
