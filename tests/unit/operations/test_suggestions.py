"""Where do suggestions stand in answers, and what of these stays as it is without them? All names are invented."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kg import operations
from kg.analysis.clusters import ClusterParameters
from kg.analysis.paths import DEFAULT_EXCLUDED_TRAITS, PathQuestion, Ranking
from kg.errors import InputError
from kg.findings import RankedPaths
from kg.operations import Workspace
from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates
from kg.operations.question_result import QuestionResult
from kg.operations.questions.suggestions import candidates_of_sought
from kg.operations.subgraphs.neighbourhoods import NeighbourhoodQuery
from kg.ports import LinkQuery
from tests.stores import judge, link, load, node, store, withdraw

WALKED = tuple(trait for trait in DEFAULT_EXCLUDED_TRAITS if trait != "identity")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("suggested") / "graph.sqlite"
    records = [
        node("wen", name="张伟文", birth_date="1970-03-02"),
        node("cheung", name="Cheung Wai Man", birth_date="1970-03-02"),
        node("quince", "Enterprise", name="Golden Quince Trading Ltd"),
        link("cheung OWNS quince", share="100"),
    ]
    load(path, "register", records)
    find_graph_candidates(Workspace(path), CandidateRequest(write=True))
    return path


def paths(path: Path, *, walks_identity: bool) -> QuestionResult[RankedPaths]:
    with store(path) as opened:
        excluded = WALKED if walks_identity else DEFAULT_EXCLUDED_TRAITS
        asked = PathQuestion("test:wen", "test:quince", exclude_traits=excluded)
        return operations.find_paths(opened, asked, Ranking())


def test_a_path_follows_a_suggestion_only_where_it_is_asked_for(path: Path) -> None:
    assert paths(path, walks_identity=False).finding.paths == ()
    found = paths(path, walks_identity=True)
    (one,) = found.finding.paths
    step = found.links[one.hops[0].links[0].id]
    assert (step.type, step.sources, step.provenances) == ("POSSIBLY_SAME_AS", (), ())
    assert 0.1 <= float(step.first("probability")) <= 1
    assert any("birth date" in reason for reason in step.properties["reason"])
    (doubt,) = (term for term in one.terms if "a suggestion" in term.why)
    assert doubt.about == step.id
    assert doubt.cost > 0


def test_a_less_probable_suggestion_costs_more(path: Path) -> None:
    import numpy as np

    from kg.analysis.paths.costs import PathWeights, StepCosts
    from kg.analysis.paths.suggested import SuggestedLink, with_suggested_links

    with store(path) as opened:
        view = opened.view(("dates", "reliability", "credibility"))
        ends = opened.resolve("test:wen"), opened.resolve("test:cheung")
        costs = []
        for probability in (0.99, 0.5, 0.1):
            more = with_suggested_links(view, [SuggestedLink("a" * 26, *ends, probability)])
            assert len(more.link_ids) == len(view.link_ids) + 1
            assert more.degree.tolist() == view.degree.tolist()
            costs.append(int(StepCosts.as_of(more, PathWeights(), "").link_costs(np.array([0]))[0]))
        assert costs == sorted(costs)
        assert costs[0] < costs[-1]


def test_a_picture_says_how_many_suggestions_about_it_are_told_no_longer(path: Path, tmp_path: Path) -> None:
    changed, ends = tmp_path / "graph.sqlite", ["test:wen", "test:cheung"]
    shutil.copy(path, changed)

    def outdated(of: list[str]) -> int:
        with store(changed) as opened:
            return operations.select_subgraph(opened, of).outdated_suggestions

    assert outdated(ends) == 0
    load(changed, "press", [node("cheung", name="Cheung Wai Man Invented")])
    assert [outdated(ends), outdated(ends[:1]), outdated(["test:quince"])] == [1, 1, 0]
    with store(changed) as opened:  # cheung is drawn beside quince
        assert operations.find_neighbourhoods(opened, NeighbourhoodQuery(("test:quince",))).outdated_suggestions == 1
    withdraw(changed, "press")
    assert outdated(ends) == 1  # it is not found again by itself
    for birth_date, expected in (("2010-03-02", 0), ("1970-03-02", 1)):  # a child is withheld
        born = [node(key, name=key.title(), birth_date=birth_date) for key in ("wen", "cheung")]
        load(changed, "register", born)
        assert outdated(ends) == expected
    with sqlite3.connect(changed) as connection:
        connection.execute("UPDATE suggestion SET band = 'faint'")
    assert outdated(ends) == 0, "kept as a rival alone"
    with sqlite3.connect(changed) as connection:
        connection.execute("UPDATE suggestion SET band = 'review'")
    assert outdated(ends) == 1
    judge(changed, "distinct", *ends)
    assert outdated(ends) == 0


def test_a_suggestion_about_what_the_view_does_not_have_is_left_out(path: Path) -> None:
    from kg.analysis.paths.suggested import SuggestedLink, with_suggested_links

    with store(path) as opened:
        view = opened.view()
        more = with_suggested_links(view, [SuggestedLink("a" * 26, opened.resolve("test:wen"), "z" * 26, 0.5)])
        assert len(more.link_ids) == len(view.link_ids)


@pytest.mark.parametrize(("name", "other"), [("test:wen", "Cheung Wai Man"), ("test:cheung", "张伟文")])
def test_a_node_tells_who_may_be_one_with_it_apart_from_its_links(path: Path, name: str, other: str) -> None:
    with operations.open_store(Workspace(path)) as opened:
        answer = operations.describe_entity(Workspace(path), opened, opened.resolve(name))
        (suggestion,) = answer.suggestions
        assert suggestion.caption == other
        assert suggestion.other == opened.resolve(suggestion.other)
        assert suggestion.reasons
        assert "POSSIBLY_SAME_AS" not in opened.contents().links


def test_nothing_is_told_of_a_pair_that_was_judged(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "graph.sqlite"))
    judge(copy, "distinct", "test:wen", "test:cheung")
    with operations.open_store(Workspace(copy)) as opened:
        assert operations.describe_entity(Workspace(copy), opened, opened.resolve("test:wen")).suggestions == []
    assert paths(copy, walks_identity=True).finding.paths == ()


def test_a_path_that_exists_only_after_a_judgement(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "graph.sqlite"))
    assert paths(copy, walks_identity=False).finding.paths == ()
    judge(copy, "same", "test:wen", "test:cheung")
    assert len(paths(copy, walks_identity=False).finding.paths) == 1


def test_an_export_has_suggestions_where_they_are_asked_for(path: Path, tmp_path: Path) -> None:
    files = [tmp_path / "with.ftm.json", tmp_path / "without.ftm.json"]
    for file, asked in zip(files, (True, False), strict=True):
        operations.export(Workspace(path), operations.ExportRequest(str(file), suggestions=asked))
    more, rows = ([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] for file in files)
    assert more[: len(rows)] == rows
    (similar,) = more[len(rows) :]
    assert similar["schema"] == "Similar"
    assert 0 < float(similar["properties"]["confidenceScore"][0]) <= 1
    assert {*similar["properties"]["candidate"], *similar["properties"]["match"]} <= {row["id"] for row in rows}
    assert any("birth date" in reason for reason in similar["properties"]["criteria"])
    old = {**similar, "properties": {k: v for k, v in similar["properties"].items() if k != "matcher"}, "id": "old"}
    files[0].write_text("".join(json.dumps(row) + "\n" for row in [*more, old]), encoding="utf-8")
    again = Workspace(tmp_path / "again.sqlite")
    result = operations.load(again, operations.FileLoadRequest((files[0],), source="copy"))
    assert (result.rejected, [reason.partition(",")[0] for reason in result.reasons]) == (
        2,
        ["schema Similar: is a suggestion that kg exported"],
    )
    with store(again.path) as opened:
        assert "POSSIBLY_SAME_AS" not in opened.contents().links


@pytest.mark.parametrize(
    "options",
    [
        {"target": "case.graphml"},
        {"target": "folder", "format": "ftm"},
        {"target": "a.ftm.json", "sources": ("register",)},
        {"target": "a.ftm.json", "types": ("Person",)},
        {"target": "a.ftm.json", "handling": "open"},
    ],
)
def test_suggestions_are_exported_whole_or_not_at_all(path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="--suggestions"):
        operations.export(Workspace(path), operations.ExportRequest(**options, suggestions=True))


def test_what_another_matcher_found_is_read_as_its_claim(tmp_path: Path) -> None:
    file = tmp_path / "found.ftm.json"
    people = [{"id": key, "schema": "Person", "properties": {"name": [f"{key} Invented"]}} for key in ("a", "b")]
    ends = {"candidate": ["a"], "match": ["b"], "confidenceScore": ["0.87"], "criteria": ["same name"]}
    rows = [*people, {"id": "s", "schema": "Similar", "properties": ends}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    workspace = Workspace(tmp_path / "graph.sqlite")
    operations.load(workspace, operations.FileLoadRequest((file,), source="matcher"))
    with store(workspace.path) as opened:
        (found,) = opened.links(LinkQuery(opened.resolve("matcher:a")))
    assert (found.type, found.first("probability"), found.sources) == ("POSSIBLY_SAME_AS", "0.87", ("matcher",))


def test_a_report_lists_candidates_of_people_who_are_sought_as_work_to_do(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    records = [
        node("wen", name="张伟文", birth_date="1970-03-02"),
        node("cheung", name="Cheung Wai Man", birth_date="1970-03-02"),
        node("lin", name="林志强", birth_date="1960-01-05"),
        node("lam", name="Lam Chi Keung", birth_date="1960-01-05"),
        node("notice", "Notice", name="Notice 1"),
        link("wen SOUGHT_UNDER notice"),
    ]
    load(path, "register", records)
    find_graph_candidates(Workspace(path), CandidateRequest(write=True))
    with store(path) as opened:
        (entry,) = candidates_of_sought(opened)
    assert (entry.sought, entry.other) == ("张伟文", "Cheung Wai Man")
    with operations.open_store(Workspace(path)) as opened:
        files = operations.write_report(Workspace(path), opened, tmp_path, "2014-12-05", 5, ClusterParameters())
    page = files["md"].read_text(encoding="utf-8")
    assert "Candidates: who may be a person sought" in page
    assert "Cheung Wai Man" in page[page.index("Candidates: who") :]
    assert "Lam Chi Keung" not in page
