"""Are generated FollowTheMoney sets repeatable, of the size asked for, and planted as their answer key says?"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.generate import ftm
from bench.generate.__main__ import main
from bench.generate.ftm.counts import EDGES, FtmCounts
from bench.generate.ftm.plan import ImpossibleSize
from bench.generate.ftm.write import answer_key_file
from kg.ontology import load_ontology
from kg.ontology.derive.ftm import ftm_mapping
from tests.demo.demo_claims import DemoClaim, ftm_claims

SIZE = ftm.SetSize(nodes=2_000, links=6_000, seed=3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FtmCounts]:
    out = tmp_path_factory.mktemp("set") / "set.ftm.jsonl"
    return out, ftm.write(ftm.plan(SIZE), out)


def _entities(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _claims(path: Path) -> list[DemoClaim]:
    mapping = ftm_mapping(load_ontology())
    return [claim for entity in _entities(path) for claim in ftm_claims(entity, "set", mapping)]


def _planted(path: Path) -> dict[str, list[str]]:
    planted: dict[str, list[str]] = json.loads(answer_key_file(path).read_text(encoding="utf-8"))
    return planted


def test_the_same_seed_makes_the_same_bytes(made: tuple[Path, FtmCounts], tmp_path: Path) -> None:
    again = tmp_path / "again.ftm.jsonl"
    ftm.write(ftm.plan(SIZE), again)
    assert again.read_bytes() == made[0].read_bytes()
    assert answer_key_file(again).read_bytes() == answer_key_file(made[0]).read_bytes()


def test_another_seed_makes_another_set(made: tuple[Path, FtmCounts], tmp_path: Path) -> None:
    other = tmp_path / "other.ftm.jsonl"
    ftm.write(ftm.plan(ftm.SetSize(nodes=2_000, links=6_000, seed=4)), other)
    assert other.read_bytes() != made[0].read_bytes()


def test_a_compressed_set_has_the_same_lines(made: tuple[Path, FtmCounts], tmp_path: Path) -> None:
    packed = tmp_path / "set.ftm.jsonl.gz"
    ftm.write(ftm.plan(SIZE), packed)
    assert gzip.decompress(packed.read_bytes()) == made[0].read_bytes()


def test_nodes_and_links_are_as_many_as_asked_for_and_as_the_ontology_makes_of_them(
    made: tuple[Path, FtmCounts],
) -> None:
    path, tally = made
    claims = _claims(path)
    assert Counter(c.type for c in claims if c.ends) == tally.links
    assert sum(not c.ends for c in claims) == tally.nodes.total() == 2_000
    assert sum(bool(c.ends) for c in claims) == tally.total_links == 6_000


def test_the_ontology_makes_links_of_the_schemata_that_are_counted_as_links() -> None:
    rules = ftm_mapping(load_ontology()).edges
    assert {edge: rules[edge].type for edge in EDGES} == EDGES


def test_every_link_ends_at_something_that_is_in_the_set(made: tuple[Path, FtmCounts]) -> None:
    claims = _claims(made[0])
    known = {claim.key for claim in claims if not claim.ends}
    ends = {key for claim in claims for space, key in claim.ends if space == "demo"}
    assert ends <= known


def test_every_value_can_be_read_by_the_ontology(made: tuple[Path, FtmCounts]) -> None:
    ontology = load_ontology()
    for claim in _claims(made[0]):
        for name, values in claim.properties.items():
            prop = ontology.properties(claim.type)[name]
            assert [prop.clean(value) for value in values], (claim.key, name)


def test_planted_clusters_cover_every_person_company_and_asset_but_the_professionals(
    made: tuple[Path, FtmCounts],
) -> None:
    members = [key for keys in _planted(made[0]).values() for key in keys]
    others = [e for e in _entities(made[0]) if e["schema"] not in {*EDGES, "Address"} and e["id"] not in set(members)]
    assert len(members) == len(set(members))
    assert {e["schema"] for e in others} == {"Person"}
    assert len(others) == ftm.plan(SIZE).professionals


def test_as_many_links_as_asked_for_run_between_clusters(made: tuple[Path, FtmCounts]) -> None:
    cluster = {key: name for name, keys in _planted(made[0]).items() for key in keys}
    ends = [[cluster.get(key) for _, key in c.ends] for c in _claims(made[0]) if c.ends]
    between = sum(None not in pair and pair[0] != pair[1] for pair in ends)
    assert between == ftm.plan(SIZE).noise_links == 300


def test_a_planted_cluster_hangs_together(made: tuple[Path, FtmCounts]) -> None:
    import networkx as nx

    graph = nx.Graph([(c.ends[0][1], c.ends[1][1]) for c in _claims(made[0]) if c.ends])
    apart = [name for name, keys in _planted(made[0]).items() if not nx.is_connected(graph.subgraph(keys))]
    assert len(apart) <= len(_planted(made[0])) // 5


def test_agents_and_professionals_have_far_more_links_than_anybody_else(made: tuple[Path, FtmCounts]) -> None:
    degrees = Counter(key for c in _claims(made[0]) for space, key in c.ends if space == "demo")
    members = {key for keys in _planted(made[0]).values() for key in keys}
    (_, first), (_, second) = degrees.most_common(2)
    assert not {key for key, _ in degrees.most_common(2)} & members
    assert second > 3 * max(degrees[key] for key in members)
    assert first > 100


def test_people_and_companies_can_be_asked_for_instead(tmp_path: Path) -> None:
    tally = ftm.write(ftm.plan(ftm.SetSize(people=200, companies=600, clusters=9)), tmp_path / "set.ftm.jsonl")
    assert tally.nodes["Company"] == 600
    assert tally.nodes["Person"] == 200 + ftm.plan(ftm.SetSize(people=200, companies=600)).professionals
    assert len(_planted(tmp_path / "set.ftm.jsonl")) == 9


def test_too_few_links_are_refused_with_the_number_that_would_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["ftm", "--nodes", "1000", "--links", "1500", "--out", str(tmp_path / "set.ftm.jsonl")]) == 2
    message = capsys.readouterr().err
    least = int(message.split("at least ")[1].split(" ")[0])
    ftm.plan(ftm.SetSize(nodes=1000, links=least))
    with pytest.raises(ImpossibleSize):
        ftm.plan(ftm.SetSize(nodes=1000, links=least * 99 // 100))


def test_a_size_is_needed() -> None:
    with pytest.raises(ImpossibleSize, match="either nodes, or people and companies"):
        ftm.plan(ftm.SetSize(people=10))
