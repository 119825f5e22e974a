"""Which pairs are suggested over a graph, and what becomes of a suggestion? All names are invented."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.errors import InputError, NotFound
from kg.findings.matches import Suggestion
from kg.ledger.suggestions import list_suggestions
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.operations import Workspace
from kg.operations.matching.candidates import (
    CandidateList,
    CandidateRequest,
    find_graph_candidates,
    read_suggestions,
)
from kg.operations.matching.comparison import compare_nodes
from kg.operations.matching.hits import render_hits
from kg.operations.matching.review import review_queue
from kg.operations.matching.screening import ScreeningRequest, screen
from kg.records import Provenance, node_id
from tests.stores import judge, link, load, node, store, store_fixture, undo, withdraw

PROTECTED = Provenance(handling="protected")


@store_fixture
def path(path: Path) -> None:
    people = [
        node("wen", name="张伟文", birth_date="1970-03-02"),
        node("lin", name="林志强", birth_date="1960-01-05"),
        node("quince", "Enterprise", name="Golden Quince Trading Ltd", registration_number="HK 998877"),
        node("cn", "Jurisdiction", code="CN", name="China"),
        link("wen CITIZEN_OF cn"),
    ]
    load(path, "register", people)
    others = [
        node("cheung", name="Cheung Wai Man", birth_date="1970-03-02"),
        node("young", name="Zhang Weiwen", birth_date="1990"),
        node("q", "Enterprise", name="GOLDEN QUINCE TRADING LIMITED", registration_number="HK998877"),
        node("bob", name="Bob Sample"),
    ]
    load(path, "press", others, namespace="press")


def found(path: Path, *, protected: bool = False, **asked: Any) -> CandidateList:
    return find_graph_candidates(Workspace(path, protected=protected), CandidateRequest(**asked))


def captions(candidates: CandidateList) -> list[frozenset[str]]:
    return [frozenset((m.one_caption, m.other_caption)) for m in candidates.matches]


def kept(path: Path, node: str = "", *, protected: bool = False) -> list[Suggestion]:
    return read_suggestions(Workspace(path, protected=protected), node)


WEN = frozenset(("张伟文", "Cheung Wai Man"))
QUINCE = frozenset(("Golden Quince Trading Ltd", "GOLDEN QUINCE TRADING LIMITED"))


def test_pairs_of_the_graph_are_found_with_bands_and_reasons(path: Path) -> None:
    candidates = found(path)
    assert captions(candidates)[0] == QUINCE
    assert WEN in captions(candidates)
    match = next(m for m in candidates.matches if frozenset((m.one_caption, m.other_caption)) == WEN)
    assert {e.feature for e in match.evidence} >= {"names", "birth date"}
    assert match.band in {"strong", "review"}
    assert match.one < match.other
    assert candidates.parties == 7


def test_one_node_and_the_whole_graph_give_the_same_figures(path: Path) -> None:
    of_all = {(m.one, m.other): m for m in found(path).matches}
    for name in ("test:wen", "press:q"):
        of_node = found(path, node=name).matches
        assert of_node
        assert all(of_all[m.one, m.other] == m for m in of_node)


def test_two_compared_alone_have_the_same_figures(path: Path) -> None:
    match = found(path, node="press:cheung").matches[0]
    with store(path) as opened:
        assert compare_nodes(opened, load_ontology(), match.one, match.other) == match


def test_a_comparison_tells_what_was_judged(path: Path) -> None:
    judge(path, "distinct", "test:wen", "press:cheung")
    undo(path, 1)
    judge(path, "unsure", "press:cheung", "test:wen")
    with store(path) as opened:
        warnings = compare_nodes(opened, load_ontology(), "test:wen", "press:cheung").warnings
        others = compare_nodes(opened, load_ontology(), "test:wen", "press:young").warnings
    assert [warning.split(" ")[1] for warning in warnings] == ["distinct", "unsure"]
    assert "; undone on " in warnings[0] and "undone" not in warnings[1]
    assert others == ()


@pytest.mark.parametrize(
    ("sources", "expected"),
    [((), True), (("press",), True), (("register", "press"), True), (("press", "register"), True)],
)
def test_pairs_of_chosen_sources(path: Path, sources: tuple[str, ...], expected: bool) -> None:
    assert (WEN in captions(found(path, sources=sources))) == expected


def test_a_source_that_has_neither_end_gives_nothing(path: Path) -> None:
    load(path, "third", [node("ann", name="Ann Example")], namespace="third")
    assert found(path, sources=("third",)).matches == ()


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"sources": ("a", "b", "c")}, "2 sources at most"),
        ({"sources": ("press",), "write": True}, "leave out --source"),
        ({"node": "test:cn"}, "is of type Jurisdiction"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(path: Path, asked: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        found(path, **asked)
    assert kept(path) == []


def test_an_unknown_source_is_told_as_everywhere(path: Path) -> None:
    with pytest.raises(NotFound, match="there is no source 'nobody'; sources: press, register"):
        found(path, sources=("nobody",))


@pytest.fixture(scope="module")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two entries of one person among many others called so."""
    path = tmp_path_factory.mktemp("namesakes") / "graph.sqlite"
    called = [node(f"n{i}", name="Zhang Weiwen", birth_date=str(1931 + i)) for i in range(40)]
    paper = node("paper", "ListEntry", number="L-1", issuer="Liaison office (invented)")
    papers = [paper, link("n0 SOUGHT_UNDER paper")]
    load(path, "register", [*called, *papers])
    load(path, "press", [node("same", name="ZHANG Weiwen", birth_date="1931-05-06")], namespace="press")
    return path


def test_namesakes_hold_a_name_down_whoever_asks(namesakes: Path) -> None:
    pair = frozenset((node_id("test", "n0"), node_id("press", "same")))
    workspace = Workspace(namesakes)
    with store(namesakes) as opened:
        match = compare_nodes(opened, load_ontology(), *sorted(pair))
        reviewed = list(review_queue(opened, load_ontology(), 0.001, "test:n0"))
    (names,) = (e for e in match.evidence if e.feature == "names")
    assert "39 others in the register called so" in names.says
    listed = namesakes.with_name("list.csv")
    listed.write_text("name,birth_date\nZhang Weiwen,1931-05-06\n", encoding="utf-8")
    screened = screen(workspace, ScreeningRequest((listed,), source="register", least=0.001)).targets[0].matches
    for matches in (
        found(namesakes, least=0.001).matches,
        found(namesakes, node="press:same", least=0.001).matches,
        reviewed,
    ):
        (again,) = (m for m in matches if frozenset((m.one, m.other)) == pair)
        assert (again.bits, again.probability) == (match.bits, match.probability)
    (of_list,) = (m for m in screened if m.other in pair)
    assert (of_list.bits, of_list.probability) == (match.bits, match.probability)


def test_one_node_is_compared_with_those_of_its_contacts_and_of_its_birth_year(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    people = [
        node("liu", name="刘德栩", birth_date="1961-05-06", email="Liu@example.invalid", phone="+44 20 7946 0000"),
        node("andy", name="Andy Lau", birth_date="1961-05-06"),
        node("mail", name="Bob Sample", email="liu@EXAMPLE.invalid"),
        node("phone", name="Carla Sample", phone="020 79460000"),
        node("other", name="Andy Lau", birth_date="1962-05-06"),
    ]
    load(path, "register", people)
    matches = found(path, node="test:liu", least=0).matches
    assert {m.other_caption for m in matches} | {m.one_caption for m in matches} == {
        *("刘德栩", "Andy Lau", "Bob Sample", "Carla Sample")
    }
    of_all = [m for m in found(path, least=0).matches if "刘德栩" in (m.one_caption, m.other_caption)]
    assert {m.one + m.other: m for m in of_all} == {m.one + m.other: m for m in matches}


def test_only_strong_and_review_are_kept(path: Path) -> None:
    candidates = found(path, least=0.01, write=True)
    assert candidates.written == sum(m.band in {"strong", "review"} for m in candidates.matches)
    assert {s.match.band for s in kept(path)} <= {"strong", "review"}
    assert len(kept(path)) == candidates.written == candidates.new


def test_what_is_kept_is_what_was_found(path: Path) -> None:
    matches = {(m.one, m.other): m for m in found(path, write=True).matches}
    for suggestion in kept(path):
        match = matches[suggestion.match.one, suggestion.match.other]
        assert suggestion.match.evidence == match.evidence
        assert (suggestion.match.probability, suggestion.match.bits) == (match.probability, match.bits)
    of_node = kept(path, "press:cheung")
    assert [frozenset((s.match.one_caption, s.match.other_caption)) for s in of_node] == [WEN]


def test_writing_again_changes_nothing_but_the_day(path: Path) -> None:
    found(path, write=True)
    before = kept(path)
    assert found(path, write=True).new == 0
    assert kept(path) == before


def test_writing_about_one_node_leaves_the_others(path: Path) -> None:
    found(path, write=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE suggestion SET probability = 0.5")
        connection.commit()
    found(path, node="press:cheung", write=True)
    assert sorted(s.match.probability for s in kept(path))[0] == 0.5
    assert kept(path, "press:cheung")[0].match.probability != 0.5


@pytest.mark.parametrize("kind", ["same", "distinct", "unsure"])
def test_a_judgement_closes_a_suggestion_and_undo_opens_it(path: Path, kind: str) -> None:
    found(path, write=True)
    before = kept(path)
    made = judge(path, kind, "test:wen", "press:cheung")
    assert WEN not in [frozenset((s.match.one_caption, s.match.other_caption)) for s in kept(path)]
    assert WEN not in captions(found(path, write=True))
    undo(path, made.number)
    assert kept(path) == before
    found(path, write=True)
    assert kept(path) == before


def test_a_load_that_changes_an_end_empties_its_suggestions_until_they_are_found_again(path: Path) -> None:
    found(path, write=True)
    days = {(s.match.one, s.match.other): s.seen_first for s in kept(path)}
    changed = node("cheung", name="Cheung Wai Man", birth_date="1971-03-02")
    load(path, "press", [changed], namespace="press", delta=True, rebuild_share=1.0)
    assert [frozenset((s.match.one_caption, s.match.other_caption)) for s in kept(path)] == [QUINCE]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM suggestion WHERE evidence LIKE '%1970-03-02%'").fetchone() == (
            0,
        )
    found(path, write=True)
    assert {(s.match.one, s.match.other): s.seen_first for s in kept(path)}.items() <= days.items()


def test_a_neighbour_that_becomes_protected_is_not_told_by_a_suggestion(path: Path) -> None:
    ties = [
        node("hub", name="Hidden Neighbour"),
        link("wen FAMILY_OF hub", key="one"),
        link("press:cheung FAMILY_OF hub", key="two"),
    ]
    load(path, "ties", ties, rebuild_share=1.0)
    found(path, write=True)
    with closing(sqlite3.connect(path)) as connection:
        told = "SELECT count(*) FROM suggestion WHERE evidence LIKE '%Hidden Neighbour%'"
        assert connection.execute(told).fetchone() == (1,)
        hidden = node("hub", name="Hidden Neighbour", provenance=PROTECTED)
        load(path, "ties", [hidden], delta=True, rebuild_share=1.0)
        assert connection.execute(told).fetchone() == (0,)


def test_a_large_load_empties_all(path: Path) -> None:
    found(path, write=True)
    load(path, "third", [node("ann", name="Ann Example")], namespace="third", rebuild_share=0.0)
    assert kept(path) == []


def test_erasing_a_source_forgets_suggestions(path: Path) -> None:
    from kg.ledger.erasure import purge

    found(path, write=True)
    withdraw(path, "press")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        purge(connection, "press")
        assert connection.execute("SELECT count(*) FROM suggestion").fetchone() == (0,)


def test_each_scope_has_its_own_suggestions(path: Path) -> None:
    twin = node("secret", name="Lam Chi Keung", birth_date="1960-01-05", provenance=PROTECTED)
    load(path, "secret", [twin], namespace="secret", rebuild_share=1.0)
    assert found(path, write=True).parties == 7
    hidden = frozenset(("林志强", "Lam Chi Keung"))
    candidates = found(path, write=True, protected=True)
    assert hidden in captions(candidates)
    assert hidden in [frozenset((s.match.one_caption, s.match.other_caption)) for s in kept(path, protected=True)]
    assert hidden not in [frozenset((s.match.one_caption, s.match.other_caption)) for s in kept(path)]
    assert all("Lam Chi Keung" not in str(s) for s in kept(path))
    found(path, write=True)
    assert len(kept(path, protected=True)) == candidates.written


def test_suggestions_are_in_no_digest(path: Path) -> None:
    before = verify(path, load_ontology())
    with store(path) as opened:
        state, contents = opened.state(), opened.contents()
    found(path, write=True)
    assert verify(path, load_ontology()) == before
    with store(path) as opened:
        assert (opened.state(), opened.contents()) == (state, contents)
        assert list_suggestions(opened.connection)


@store_fixture
def rivals(path: Path) -> None:
    load(path, "list", [node("wen", name="张伟文", birth_date="1970")])
    people = [
        node("march", name="Cheung Wai Man", birth_date="1970-03-02"),
        node("may", name="Zhang Weiwen", birth_date="1970-05-11"),
        node("copy", name="Zhang, Wei-wen", birth_date="1970-05-11"),
    ]
    load(path, "register", people, namespace="register")


def _of_wen(path: Path) -> dict[str, Suggestion]:
    return {s.match.other_caption if s.match.one == WEN_ID else s.match.one_caption: s for s in kept(path, "test:wen")}


WEN_ID, MARCH_ID = node_id("test", "wen"), node_id("register", "march")


def test_those_who_exclude_each_other_share_the_odds_and_say_so(rivals: Path) -> None:
    found(rivals, write=True)
    march, may, copy = (_of_wen(rivals)[name].match for name in ("Cheung Wai Man", "Zhang Weiwen", "Zhang, Wei-wen"))
    assert [r.id for r in march.rivals] in ([may.one], [may.other], [copy.one], [copy.other]), "two copies are one"
    assert [r.id for r in may.rivals] == [r.id for r in copy.rivals] == [MARCH_ID]
    assert march.probability + max(may.probability, copy.probability) <= 1
    assert {march.band, may.band} == {"review"}
    with store(rivals) as opened:
        compared = compare_nodes(opened, load_ontology(), march.one, march.other)
        assert replace(compared, other_sources=()) == march
    assert compared in found(rivals, node="test:wen").matches
    assert compared in found(rivals, sources=("list",)).matches


def test_a_rival_that_is_judged_distinct_takes_nothing_until_that_is_undone(rivals: Path) -> None:
    found(rivals, node="register:march", write=True)
    before = _of_wen(rivals)["Cheung Wai Man"]
    for name in ("register:may", "register:copy"):
        judge(rivals, "distinct", "test:wen", name)
    alone = _of_wen(rivals)["Cheung Wai Man"].match
    assert (alone.band, alone.rivals) == ("strong", ())
    with store(rivals) as opened:
        assert compare_nodes(opened, load_ontology(), "test:wen", "register:march").probability == alone.probability
    undo(rivals, 1)
    undo(rivals, 2)
    assert _of_wen(rivals)["Cheung Wai Man"] == before
    load(rivals, "more", [node("may", alias="Wei Wen Sample")], namespace="register")
    load(rivals, "again", [node("copy", alias="Wei Wen Sample")], namespace="register")
    assert "Cheung Wai Man" not in _of_wen(rivals), "a rival has changed"


def test_rows_of_a_list_share_an_entry_and_a_name_alone_says_that_it_is_capped(tmp_path: Path) -> None:
    listed, register = tmp_path / "list.csv", tmp_path / "register.csv"
    listed.write_text("key,name,birth date\na,Olga Invented,1970\nb,Olga Invented,1980\nc,Piotr Invented,\n")
    register.write_text("name,birth date\nOlga Invented,\nPiotr Invented,1950\n")
    screening = screen(Workspace(tmp_path / "none.sqlite"), ScreeningRequest((listed,), (register,)))
    assert sorted((m.capped, len(m.rivals)) for t in screening.targets for m in t.matches) == [
        *[("", 1)] * 2,
        ("name alone", 0),
    ]
    rows = list(csv.DictReader(io.StringIO(render_hits(screening, "hits.csv").decode("utf-8-sig"))))
    assert sum(row["rivals"].startswith("at most one of these can be right: this one (") for row in rows) == 2
    assert [row["capped"] for row in rows if not row["rivals"]] == ["name alone"]
