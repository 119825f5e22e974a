"""Where do suggestions stand in answers, and what of these stays as it is without them? All names are invented."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg import operations
from kg.analysis.paths import DEFAULT_EXCLUDED_TRAITS, PathQuestion, Ranking
from kg.findings import RankedPaths
from kg.operations import Workspace
from kg.operations.matching.candidates import CandidateRequest, find_graph_candidates
from kg.operations.question_result import QuestionResult
from tests.stores import judge, link, load, node, store

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
