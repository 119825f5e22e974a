"""What does every store promise?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from kg.errors import InputError, NotFound, StoreUnfit
from kg.minors import SENTENCE_WITHHELD
from kg.names import whole_words_query
from kg.ontology import load_ontology
from kg.ontology.values.texts import name_type
from kg.ports import LinkQuery, Selection, Store
from kg.records import Provenance, Record, Reject, UnreadValue, link_id, node_id
from kg.stores.minors_shield import MAX_RELATIVES
from kg.stores.sqlite.graph_stream import GraphStream
from kg.view import LINK_COLUMNS, NODE_COLUMNS
from tests import neo4j_copies
from tests.name_pairs import NAME_PAIRS, STORED_NAMES
from tests.neo4j_server import GROUP
from tests.odd_keys import ODD_KEYS
from tests.stores import DAY, link, load, node, store

Open = Callable[..., AbstractContextManager[Store]]
"""Opens the graph that was loaded into a file; `protected=True` with that scope."""

ANN = node_id("test", "ann")
ACME = node_id("test", "acme")

REGISTER = [
    node(
        "ann",
        name="安娜|Ann Example",
        birth_date="1958-03",
        provenance=Provenance(reliability="B", credibility="2", stated="2014-06"),
    ),
    node("acme", "Enterprise", name="Acme Holding", registration_number="HK 123-456"),
    node("yacht", "Vessel", name="MY Example", imo="9074729"),
    node("us", "Jurisdiction", code="US", name="United States"),
    link("ann OWNS acme", share="51", start_date="2001", provenance=Provenance(reliability="A", credibility="3")),
    replace(link("acme OWNS yacht"), not_understood=(UnreadValue("percentage", "share", "150"),)),
    link("ann CITIZEN_OF jurisdiction:US"),
    link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum"),
]
PRESS = [
    node("ann", name="Ann Example", birth_date="1959", provenance=Provenance(reliability="D")),
    replace(
        node("ann-2", alias="A. Example", passport_number="G 1234567", provenance=Provenance(handling="protected")),
        not_understood=(UnreadValue("geb.", "birth_date", "circa 1950"),),
    ),
    node("paper", "ListEntry", number="L-1", issued_on="2014-12-01", issuer="Liaison office (invented)"),
    link("ann SOUGHT_UNDER paper"),
    link("ann OWNS nobody"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.sqlite"


@pytest.fixture(scope="module")
def register_and_press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("contract") / "graph.sqlite"
    load(path, "register", REGISTER)
    load(path, "press", PRESS)
    return path


IN_NEO4J = pytest.mark.xdist_group(GROUP)
"""For a test that asks for the fixture `neo4j` only when it runs."""


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=IN_NEO4J)])
def opened(request: pytest.FixtureRequest) -> Open:
    """Each store there is."""
    if request.param == "embedded":
        return store
    server = cast(neo4j_copies.Neo4jFixture, request.getfixturevalue("neo4j"))

    def copied(path: Path, protected: bool = False) -> AbstractContextManager[Store]:
        neo4j_copies.sync_copy(server, path, protected=protected, take_over=True)
        return neo4j_copies.open_copy(server, protected=protected)

    return copied


@pytest.fixture
def filled(register_and_press: Path, opened: Open) -> Iterator[Store]:
    with opened(register_and_press) as found:
        yield found


@pytest.fixture
def protected(register_and_press: Path, opened: Open) -> Iterator[Store]:
    with opened(register_and_press, protected=True) as found:
        yield found


def test_contents_counts_nodes_links_and_what_waits(filled: Store) -> None:
    found = filled.contents()
    assert found.nodes == {"Enterprise": 1, "Jurisdiction": 1, "ListEntry": 1, "Person": 1, "Vessel": 1}
    assert found.links == {"CITIZEN_OF": 1, "OWNS": 2, "SOUGHT_UNDER": 1}
    assert (found.waiting, found.as_of, found.version.number) == (1, DAY, 2)
    assert [(s.name, s.records) for s in found.sources] == [("press", 4), ("register", 7)]


@pytest.mark.parametrize(
    "text", ["ann", "ANN", "example ann", "Änn", "ＡＮＮ", "安娜", "安 娜", "annexample", "Ann  Exa"]
)
def test_a_person_is_found_however_the_name_is_written(filled: Store, text: str) -> None:
    assert [n.id for n in filled.search(text)][:1] == [ANN]


@pytest.mark.parametrize("text", ["HK123456", "hk 123456", "HK-123/456"])
def test_an_identifier_is_found_with_and_without_separators(filled: Store, text: str) -> None:
    assert [n.id for n in filled.search(text)] == [ACME]


def test_a_name_is_found_in_other_scripts_and_spellings(path: Path, opened: Open) -> None:
    load(path, "invented", [node(f"k{i}", name=name) for i, name in enumerate(STORED_NAMES)])
    with opened(path) as found:
        first = {(name, asked): [n.caption for n in found.search(asked, limit=1)] for name, asked in NAME_PAIRS[::10]}
    assert {pair: [name_type.clean(pair[0])] for pair in first} == first


def test_what_bears_a_name_is_found_before_what_shows_it_and_all_are_counted(path: Path, opened: Open) -> None:
    papers = [node(f"p{i}", "IdentityDocument", number=f"ZZ000000{i}", shown_name="Ann Example") for i in range(9)]
    load(path, "register", [*papers, node("ann", name="Ann Example"), node("letter", "Document", name="Ann Example")])
    with opened(path) as found:
        assert [n.type for n in found.search("Ann Example")] == ["Person", "Document", *["IdentityDocument"] * 9]
        assert [n.type for n in found.search("example", limit=2)] == ["Person", "Document"]
        assert found.count_found("example") == {"Document": 1, "IdentityDocument": 9, "Person": 1}
        assert found.count_found("example", kinds=["Party"]) == {"Person": 1}


def test_a_search_can_be_kept_to_a_kind_and_all_that_extend_it(filled: Store) -> None:
    assert [n.caption for n in filled.search("example", kinds=["Asset"])] == ["MY Example"]


def test_a_search_for_an_unknown_kind_names_the_kinds_there_are(filled: Store) -> None:
    with pytest.raises(InputError, match="Vessel"):
        filled.search("example", kinds=["Ship"])


@pytest.mark.parametrize("text", ["", "   ", "-", '"', "NEAR(", "a* OR", "\ue000", "\x00"])
def test_a_search_for_nothing_or_for_query_syntax_finds_nothing_and_does_not_fail(filled: Store, text: str) -> None:
    assert filled.search(text) == []


@pytest.mark.parametrize("name", [ANN, ANN.upper(), "test:ann", "Ann Example", "安娜"])
def test_a_node_is_resolved_by_id_key_or_a_name_only_it_has(filled: Store, name: str) -> None:
    assert filled.resolve(name) == ANN


def test_resolving_what_nobody_has_is_not_found(filled: Store) -> None:
    with pytest.raises(NotFound, match="Nobody"):
        filled.resolve("Nobody")


@pytest.mark.parametrize("more", [0, 30])
def test_several_names_are_resolved_together_as_each_is_alone(filled: Store, more: int) -> None:
    known = [
        ANN.upper(),
        "test:ann",
        "Ann Example",
        "Ánn Example",
        "安娜",
        "G1234567",
        "test:ann-2",
        "Nobody",
        "",
        "test:",
    ]
    names = [*known, *(f"Nobody {number}" for number in range(more))]
    found = filled.resolve_each([*names, *names[:3]])
    assert list(found) == names
    for name, answer in found.items():
        try:
            assert filled.resolve(name) == answer
        except (InputError, NotFound) as error:
            assert (type(answer), str(answer)) == (type(error), str(error))


def test_a_node_keeps_what_every_source_says(filled: Store) -> None:
    ann = filled.nodes([ANN])[ANN]
    assert (ann.type, ann.caption, ann.sources) == ("Person", "Ann Example", ("press", "register"))
    assert ann.properties == {"birth_date": ("1958-03", "1959"), "name": ("Ann Example", "安娜")}
    assert ann.sought_under == (link_id("test", "ann SOUGHT_UNDER paper", ""),)


def test_claims_say_who_says_what_and_since_when(filled: Store) -> None:
    claims = filled.claims([ANN])[ANN]
    assert [(c.source, c.properties["birth_date"], c.provenance.reliability, c.since) for c in claims] == [
        ("press", ["1959"], "D", DAY),
        ("register", ["1958-03"], "B", DAY),
    ]


def test_links_come_both_ways_in_the_order_of_their_ids(filled: Store) -> None:
    links = filled.links(LinkQuery(ACME))
    assert [link.id for link in links] == sorted(link.id for link in links)
    assert {(link.type, link.source_id == ACME, link.first("share")) for link in links} == {
        ("OWNS", True, ""),
        ("OWNS", False, "51"),
    }


def test_links_can_be_kept_to_types_and_to_a_number(filled: Store) -> None:
    assert [link.type for link in filled.links(LinkQuery(ANN, types=("CITIZEN_OF",)))] == ["CITIZEN_OF"]
    assert len(filled.links(LinkQuery(ANN, limit=1))) == 1


def test_links_come_in_pages_and_one_way(filled: Store) -> None:
    out, back = (link_id("test", text, "") for text in ("acme OWNS yacht", "ann OWNS acme"))
    first, last = sorted((out, back))
    assert [link.id for link in filled.links(LinkQuery(ACME, limit=1))] == [first]
    assert [link.id for link in filled.links(LinkQuery(ACME, after=first))] == [last]
    assert filled.links(LinkQuery(ACME, after=last)) == []
    assert [link.id for link in filled.links(LinkQuery(ACME, direction="out"))] == [out]
    assert [link.id for link in filled.links(LinkQuery(ACME, types=("OWNS",), direction="in"))] == [back]


def test_links_of_a_node_are_kept_to_those_that_may_have_held_on_a_day(path: Path, opened: Open) -> None:
    ends = [node("a", name="A"), node("b", "Enterprise", name="B"), node("c", "Vessel", name="C")]
    dated = [
        link("a OWNS b", key="past", start_date="2001", end_date="2010-12-30"),
        link("a OWNS b", key="then", start_date="2010", end_date="2012"),
        link("a OWNS b", key="later", start_date="2011"),
        link("a OWNS b", key="undated"),
    ]
    paid = [link("a PAID b", key="paid", date="2005"), link("a OWNS a", key="self", end_date="2010")]
    load(path, "s", [*ends, *dated, *paid, link("b OWNS c", key="ship")])
    with opened(path) as found:

        def on(day: str, key: str = "a", **wanted: object) -> set[str]:
            names = {link_id("test", k, ""): k for k in ("past", "then", "later", "undated", "paid", "self", "ship")}
            links = found.links(LinkQuery(node_id("test", key), as_of=day, **wanted))  # type: ignore[arg-type]  # by name
            assert len(links) == len({each.id for each in links})
            return {names[each.id] for each in links}

        assert on("") == {"past", "then", "later", "undated", "paid", "self"}
        assert on("2010-12-31") == {"then", "undated", "paid", "self"}
        assert on("2011-01-01") == {"then", "later", "undated", "paid"}
        assert on("2004-12-31") == {"past", "undated", "self"}
        assert on("2013-01-01", "b") == {"later", "undated", "paid", "ship"}
        assert on("2013-01-01", "b", direction="in", types=("OWNS",)) == {"later", "undated"}
        assert on("2013-01-01", "b", direction="in", types=("PAID",)) == {"paid"}
        assert on("2013-01-01", "b", types=("OWNS", "PAID"), limit=1) <= {"later", "undated", "paid", "ship"}


def test_a_search_can_be_kept_to_what_is_tied_to_a_jurisdiction(filled: Store) -> None:
    us = node_id("jurisdiction", "US")
    assert [n.id for n in filled.search("example", jurisdiction=us)] == [ANN]
    assert [n.id for n in filled.search("example", kinds=["Vessel"], jurisdiction=us)] == []
    assert filled.search("example", jurisdiction=ACME) == []


def test_queries_asked_together_find_what_each_finds_and_tell_where_there_is_more(filled: Store) -> None:
    queries = [whole_words_query(text) for text in ("ann", "example", "nobody", "acme")]
    for limit in (1, 9):
        apart = [filled.find_by_words(query, ("Party",), limit + 1) for query in queries]
        nodes, crowded = filled.find_by_each(queries, ("Party",), limit)
        assert nodes == {i: found[i] for found in apart for i in list(found)[:limit]}
        assert crowded == sum(len(found) > limit for found in apart)


def test_countries_are_counted_by_the_nodes_that_are_of_them(filled: Store) -> None:
    assert filled.count_countries(["Person"]) == ({"US": 1}, 1)
    assert filled.count_countries(["Enterprise"]) == ({}, 0)


def test_a_protected_tie_to_a_jurisdiction_is_found_by_in_that_scope_alone(path: Path, opened: Open) -> None:
    place = node("us", "Jurisdiction", code="US", name="United States")
    load(path, "s", [place, node("ann", name="Ann"), link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum")])
    for scope, wanted in ((False, []), (True, [ANN])):
        with opened(path, protected=scope) as found:
            assert [n.id for n in found.search("ann", jurisdiction=node_id("jurisdiction", "US"))] == wanted


def test_protected_facts_do_not_exist_without_that_scope(filled: Store) -> None:
    assert filled.search("G1234567") == []
    assert "HAS_STATUS_IN" not in {link.type for link in filled.links(LinkQuery(ANN))}
    status = link_id("test", "ann HAS_STATUS_IN jurisdiction:US", "")
    assert (filled.links_by_id([status]), filled.claims([status])) == ({}, {})
    hidden = node_id("test", "ann-2")
    assert (filled.nodes([hidden]), filled.claims([hidden])) == ({}, {})
    with pytest.raises(NotFound):
        filled.resolve("test:ann-2")


def test_what_a_protected_record_adds_to_an_open_link_is_not_shown_without_that_scope(path: Path, opened: Open) -> None:
    counsel = Provenance(handling="protected", reliability="A")
    ends = [node("ann", name="Ann"), node("acme", "Enterprise", name="Acme")]
    load(path, "register", [*ends, link("ann OWNS acme", share="10", provenance=Provenance(reliability="C"))])
    load(
        path,
        "counsel",
        [link("ann OWNS acme", share="90", provenance=counsel), node("ann", alias="A.", provenance=counsel)],
    )
    held = link_id("test", "ann OWNS acme", "")
    with opened(path) as found:
        seen = found.links_by_id([held])[held]
        assert (seen.properties, seen.sources, len(seen.provenances)) == ({"share": ("10",)}, ("register",), 1)
        assert found.nodes([ANN])[ANN].sources == ("register",)
        view = found.view(("share", "reliability"))
        assert (view.column("share").tolist(), view.column("reliability").tolist()) == ([[10, 10]], [3])
    with opened(path, protected=True) as found:
        seen = found.links_by_id([held])[held]
        assert (seen.properties, seen.sources) == ({"share": ("10", "90")}, ("counsel", "register"))


def test_nobody_is_shown_as_sought_by_a_protected_claim(path: Path, opened: Open) -> None:
    hidden = Provenance(handling="protected")
    load(path, "desk", [node("ann", name="Ann"), node("w", "Warrant"), link("ann SOUGHT_UNDER w", provenance=hidden)])
    with opened(path, protected=True) as found:
        assert found.nodes([ANN])[ANN].sought_under == ()


def test_a_protected_claim_that_ends_a_paper_counts_in_its_scope_alone(path: Path, opened: Open) -> None:
    counsel = Provenance(handling="protected")
    load(path, "desk", [node("ann", name="Ann"), node("w", "Warrant"), link("ann SOUGHT_UNDER w")])
    load(path, "counsel", [link("ann SOUGHT_UNDER w", end_date="2015-01-01", provenance=counsel)])
    with opened(path) as found:
        assert found.nodes([ANN])[ANN].sought_under != ()


def test_protected_facts_are_shown_within_that_scope(protected: Store) -> None:
    assert "HAS_STATUS_IN" in {link.type for link in protected.links(LinkQuery(ANN))}
    hidden = node_id("test", "ann-2")
    assert protected.nodes([hidden])[hidden].properties["passport_number"] == ("G 1234567",)
    assert len(protected.view().ids) == len(protected.nodes([ANN])) + 5


def test_the_view_is_sorted_by_id_and_has_the_columns_asked_for(filled: Store) -> None:
    view = filled.view((*LINK_COLUMNS, *NODE_COLUMNS))
    assert list(view.ids) == sorted(view.ids) and list(view.link_ids) == sorted(view.link_ids)
    ann = view.index(ANN)
    assert (view.type(ann), view.column("caption")[ann], bool(view.column("sought")[ann])) == (
        "Person",
        "Ann Example",
        True,
    )
    held = int(np.flatnonzero(view.link_ids == link_id("test", "ann OWNS acme", "").encode())[0])
    assert (view.id(view.tail[held]), view.id(view.head[held])) == (ANN, ACME)
    assert view.column("share")[held].tolist() == [51, 51]
    assert view.column("dates")[held].tolist()[1] == 0
    graded = (view.column(name)[held] for name in ("reliability", "interest", "credibility"))
    assert tuple(graded) == (1, 0, 3)


def test_a_node_is_found_by_its_key_whatever_signs_that_has(path: Path, opened: Open) -> None:
    load(path, "register", [node(key, name="Ann") for key in ODD_KEYS])
    with opened(path) as found:
        names = {f"test:{key}": node_id("test", key) for key in ODD_KEYS}
        assert found.resolve_each(names) == names


def test_shares_are_undisputed_where_one_record_states_a_link_once(path: Path, opened: Open) -> None:
    ends = (node("ann", name="Ann"), node("acme", "Enterprise", name="Acme"))
    stated = ("one", "none", "two", "days", "day", "through")
    links = [
        link("ann OWNS acme", key="one", share="33.333333"),
        link("ann OWNS acme", key="none"),
        link("ann OWNS acme", key="two", share="25|50"),
        link("ann OWNS acme", key="days", share="51", start_date="2001|2002"),
        link("ann OWNS acme", key="day", share="51", date="2001-02-03"),
        link("ann OWNS acme", key="through", share="25", directness="indirect"),
    ]
    load(path, "register", [*ends, *links])
    load(path, "press", [link("ann OWNS acme", key="both", share="10")])
    load(path, "desk", [link("ann OWNS acme", key="both", share="10")])
    ids = {link_id("test", key, ""): key for key in (*stated, "both")}
    with opened(path) as found:
        assert len(found.links_by_id(ids)) == len(ids)
        shares = found.undisputed_shares([*ids, "nothing"])
    assert {ids[name] for name in shares} == {"one", "none"}
    assert {ids[name]: str(share) for name, share in shares.items()} == {
        "one": "(33.333333, 33.333333)",
        "none": "(nan, nan)",
    }


def test_a_view_opened_without_a_column_says_so(filled: Store) -> None:
    with pytest.raises(InputError, match="share"):
        filled.view().column("share")
    with pytest.raises(InputError, match="there is no column 'shares'"):
        filled.view(("shares",))


def test_a_fugitive_is_one_no_longer_when_the_paper_ends(path: Path, opened: Open) -> None:
    load(path, "press", PRESS[:1] + PRESS[2:4])
    ended = node("paper", "ListEntry", number="L-1", ended_on="2014-12-01", end_reason="cleared")
    load(path, "agency", [ended])
    with opened(path) as found:
        assert found.nodes([ANN])[ANN].sought_under == ()


def test_a_fugitive_is_one_no_longer_when_the_commission_deleted_the_notice(path: Path, opened: Open) -> None:
    load(path, "desk", [node("ann", name="Ann"), node("n", "Notice"), link("ann SOUGHT_UNDER n")])
    load(path, "agency", [node("n", "Notice", review="deleted")])
    with opened(path) as found:
        assert found.nodes([ANN])[ANN].sought_under == ()


def test_a_fugitive_is_one_no_longer_when_the_issuer_says_cleared(path: Path, opened: Open) -> None:
    office = [node("office", "Agency", name="Office (invented)"), link("w ISSUED_BY office")]
    theft = [node("theft", "Offence"), link("ann ACCUSED_OF theft", stage="cleared", said_by="Office (invented)")]
    load(path, "desk", [node("ann", name="Ann"), node("w", "Warrant"), link("ann SOUGHT_UNDER w"), *office])
    load(path, "agency", theft)
    with opened(path) as found:
        assert found.nodes([ANN])[ANN].sought_under == ()


def test_values_that_were_not_understood_are_told_with_their_source(register_and_press: Path, opened: Open) -> None:
    share = UnreadValue("percentage", "share", "150", "register")
    owns, hidden = link_id("test", "acme OWNS yacht", ""), node_id("test", "ann-2")
    with opened(register_and_press) as found:
        assert found.links_by_id([owns])[owns].not_understood == (share,)
        assert found.claims([owns])[owns][0].not_understood == (share,)
        counted = {source.name: source.not_understood for source in found.contents().sources}
        assert counted == {"register": {"OWNS.share": 1}, "press": {}}
    with opened(register_and_press, protected=True) as found:
        assert [value.words for value in found.nodes([hidden])[hidden].not_understood] == ["circa 1950"]


def test_what_was_noted_of_a_record_is_told_with_its_claim_until_the_next_load(path: Path, opened: Open) -> None:
    owns = link_id("test", "ann OWNS acme", "")
    about = (("ann", "odd name", False), ("ann", "a name of one letter", False), ("ann OWNS acme", "odd share", True))
    noted = [Reject("f", 1, text, "", whole=False, is_advice=True, about=k, protected=p) for k, text, p in about]
    load(path, "register", [*REGISTER, *noted])
    for protected in (False, True):
        with opened(path, protected=protected) as found:
            claims = found.claims([ANN, owns])
            assert [one.remarks for one in claims[ANN]] == [("a name of one letter", "odd name")]
            assert [one.remarks for one in claims[owns]] == [("odd share",) if protected else ()]
    load(path, "register", REGISTER)
    with opened(path) as found:
        assert [one.remarks for one in found.claims([ANN])[ANN]] == [()]


def test_a_former_id_leads_to_the_merged_node(path: Path, opened: Open) -> None:
    load(path, "press", [node("b", name="Ann")])
    load(path, "register", [Record("c", "Person", {"name": ["Ann B."]}, referents=("b", "a"))])
    with opened(path) as found:
        merged = found.resolve(node_id("test", "c"))
        assert merged == node_id("test", "a") == found.resolve(node_id("test", "b"))
        assert found.nodes([merged])[merged].sources == ("press", "register")


def test_shared_identifying_properties_give_a_possibly_same_link_and_no_merge(path: Path, opened: Open) -> None:
    load(path, "press", [node("a", passport_number="G-1234567"), node("b", passport_number="g1234567")])
    with opened(path) as found:
        links = found.links(LinkQuery(node_id("test", "a")))
        assert [(link.type, link.first("shared"), link.sources) for link in links] == [
            ("POSSIBLY_SAME_AS", "passport_number:G1234567", ("press",))
        ]


def test_open_links_to_somebody_hidden_wait_as_if_nobody_described_them(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "desk", [node("guest", provenance=Provenance(handling="protected")), node("flat", "RealEstate")])
    load(path, "land", [link("guest OWNS flat"), link("guest OWNS nowhere"), link("nobody OWNS flat")])
    with store(path) as opened:
        assert (opened.contents().links, opened.contents().waiting) == ({}, 3)
        assert [(w.key, [end.key for end in w.missing]) for w in opened.waiting_links()] == [
            ("guest OWNS flat", ["guest"]),
            ("guest OWNS nowhere", ["guest", "nowhere"]),
            ("nobody OWNS flat", ["nobody"]),
        ]
    with store(path, protected=True) as opened:
        assert (opened.contents().links, opened.contents().waiting) == ({"OWNS": 1}, 2)


HIDDEN = Provenance(handling="protected")


def test_a_protected_name_is_found_in_its_scope_alone_in_every_spelling(path: Path, opened: Open) -> None:
    load(path, "invented", [node(f"k{i}", name=name, provenance=HIDDEN) for i, name in enumerate(STORED_NAMES)])
    with opened(path, protected=True) as found:
        first = {(name, asked): [n.caption for n in found.search(asked, limit=1)] for name, asked in NAME_PAIRS[::10]}
    assert {pair: [name_type.clean(pair[0])] for pair in first} == first


def test_what_protected_records_call_an_open_node_finds_it_beside_its_open_names(path: Path, opened: Open) -> None:
    said = node("ann", alias="Quentin Unheard|安娜", passport_number="G 7654321", provenance=HIDDEN)
    load(
        path, "invented", [node("ann", name="Ann Example"), node("desk", name="Desk Example"), node("q", name="Quill")]
    )
    load(path, "counsel", [said, node("guest", name="Quentin Guest", provenance=HIDDEN)])
    guest = node_id("test", "guest")
    with opened(path, protected=True) as found:
        assert [n.caption for n in found.search("Ann Quentin")] == ["Ann Example"]
        assert [n.caption for n in found.search("G7654321")] == ["Ann Example"]
        assert [n.id for n in found.search("quentin")] == sorted([ANN, guest])
        assert {n.caption for n in found.search("qu")} == {"Ann Example", "Quentin Guest", "Quill"}
        assert [n.id for n in found.search("example", limit=1)] == sorted([ANN, node_id("test", "desk")])[:1]
        assert (found.resolve("Quentin Guest"), found.resolve("安娜")) == (guest, ANN)
        assert found.nodes([guest])[guest].caption == "Quentin Guest"
    with store(path) as opened_to_all:
        assert [opened_to_all.search(text) for text in ("quentin", "G7654321", "Ann Quentin", "安娜")] == [[]] * 4
        with pytest.raises(NotFound):
            opened_to_all.resolve("Quentin Guest")


@pytest.mark.xdist_group(GROUP)
def test_a_copy_that_holds_protected_facts_is_opened_in_their_scope_alone(
    register_and_press: Path, neo4j: neo4j_copies.Neo4jFixture
) -> None:
    neo4j_copies.sync_copy(neo4j, register_and_press, protected=True, take_over=True)
    with pytest.raises(StoreUnfit, match="holds protected facts"), neo4j_copies.open_copy(neo4j):
        pass
    with neo4j_copies.open_copy(neo4j, protected=True) as store:
        assert store.nodes([ANN])


FAMILY = [
    node("ann", name="Ann Example"),
    node("bo", name="Bo Example", birth_date="2010-05-03", passport_number="P 1"),
    node("pass", "IdentityDocument", number="P 1", shown_name="Bo Example", issuer="US"),
    link("bo FAMILY_OF ann", relation="child"),
    link("bo HAS_DOCUMENT pass"),
    node("account", "BankAccount", name="Savings of Bo", account_number="K 1", currency="USD"),
    link("bo OWNS account"),
    link("ann PAID account", purpose="lessons for EXAMPLE, Bo", amount="USD 5"),
    *(node("firm", "Enterprise", name="Seven Ltd"), node("boat", "Vessel", name="Kite of Bo")),
    *(link("bo OWNS firm"), link("firm OWNS boat")),
    node("theft", "Offence", name="theft", conduct="Took money. For Bo Example."),
    Record("ann", "Person", {"summary": ["Lives abroad. Visits Bo."]}, part="more"),
    Record("ann", "Person", {"alias": ["Mother of Bo", "Ann Marie Example"]}, part="alias"),
    node("custody", "Case", name="Custody of Bo Example"),
    node("matter", "Request", name="Return of Bo Example|Request 7"),
    *(node("cy", name="Bo Example", birth_date="1950-01-01"), node("fraud", "Offence", name="Fraud by Bo Example")),
    link("cy ACCUSED_OF fraud", stage="alleged"),
]


def test_somebody_under_18_is_told_as_a_child_and_whole_in_the_protected_scope(path: Path, opened: Open) -> None:
    load(path, "register", FAMILY)
    bo, document = node_id("test", "bo"), node_id("test", "pass")
    with opened(path) as found:
        child, paper = (found.nodes([bo, document])[one] for one in (bo, document))
        assert (child.caption, dict(child.properties)) == ("a child of Ann Example", {"birth_date": ("2010",)})
        assert (paper.caption, dict(paper.properties)) == ("identity document of a child", {"issuer": ("US",)})
        assert child in found.search("Bo Example", ["Person"])
        assert [dict(c.properties) for said in found.claims([bo, document]).values() for c in said] == [
            {"birth_date": ("2010",)},
            {"issuer": ("US",)},
        ]
        assert found.nodes([node_id("test", "ann")])[node_id("test", "ann")].caption == "Ann Example"
        (account,) = found.nodes([node_id("test", "account")]).values()
        assert (account.caption, dict(account.properties)) == ("bank account of a child", {"currency": ("USD",)})
        (paid,) = found.links(LinkQuery(account.id, ("PAID",)))
        assert (list(paid.properties), found.links_by_id([paid.id])) == (["amount"], {paid.id: paid})
        assert [list(claim.properties) for claim in found.claims([paid.id])[paid.id]] == [["amount"]]
        custody, matter, fraud, ann = (node_id("test", key) for key in ("custody", "matter", "fraud", "ann"))
        named = found.nodes([custody, matter, fraud, ann])
        assert found.nodes([node_id("test", "cy")])[node_id("test", "cy")].caption == "Bo Example"
        captions = ["case that names a child", "Request 7", "Fraud by Bo Example", "Ann Example"]
        assert [named[one].caption for one in (custody, matter, fraud, ann)] == captions
        assert named[ann].properties["alias"] == ("Ann Marie Example",)
        claims = found.claims([custody, matter, ann]).values()
        names = [n for some in claims for c in some for key in ("name", "alias") for n in c.properties.get(key, ())]
        assert sorted(names) == ["Ann Example", "Ann Marie Example", "Request 7"]
        boat, theft, ann = (node_id("test", key) for key in ("boat", "theft", "ann"))
        told = found.nodes([boat, theft, ann])
        assert told[boat].caption == "vessel of a child"
        assert told[theft].properties["conduct"] == (f"Took money. {SENTENCE_WITHHELD}",)
        assert told[ann].properties["summary"] == (f"Lives abroad. {SENTENCE_WITHHELD}",)
        said = [
            t for claims in found.claims([boat, theft, ann]).values() for c in claims for t in c.properties.values()
        ]
        assert not any("Bo" in text for texts in said for text in texts)
    with opened(path, protected=True) as found:
        assert found.nodes([bo])[bo].caption == "Bo Example"
        assert found.nodes([document])[document].first("number") == "P 1"


def test_a_child_with_many_relatives_and_things_is_named_by_none_of_them(tmp_path: Path) -> None:
    kin = [f"kin{number:02}" for number in range(MAX_RELATIVES + 3)]
    things = LinkQuery("").limit + 3
    records = [
        node("bo", name="Bo Example", birth_date="2010-05-03"),
        *(node(key, name=f"Relative {key}", summary="Lives abroad. Aunt of Bo Example.") for key in kin),
        *(link(f"bo FAMILY_OF {key}", relation="nephew") for key in kin),
        *(node(f"k{number}", "BankAccount", name="Savings of Bo") for number in range(things)),
        *(link(f"bo OWNS k{number}") for number in range(things)),
    ]
    load(tmp_path / "a", "register", records)
    with GraphStream(tmp_path / "a", load_ontology(), Selection()) as stream:
        told = [one.node for one in stream.iterate_nodes()]
    assert [one.id for one in told if "Bo" in str(one)] == []
    assert len(told) == len(kin) + things + 1
