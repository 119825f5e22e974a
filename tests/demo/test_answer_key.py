"""Is the answer key right about the files it answers for?"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import pytest

from kg.ontology import load_ontology
from tests.demo.demo_claims import answer_key, links, node_types

NETWORKS = answer_key()["networks"]
PATHS = answer_key()["paths"]
KINDS = {"sought": "Person", "people": "Person", "enterprises": "Enterprise", "arrangements": "Arrangement"}


def _graph(*traits: str) -> nx.Graph[str]:
    """All links of the traits (of any when none is given) that do not lead to a jurisdiction."""
    ontology = load_ontology()
    wanted = ontology.with_trait(*traits) if traits else set(ontology.link_names)
    found = [c.ends for c in links().values() if c.type in wanted]
    return nx.Graph((tail[1], head[1]) for tail, head in found if head[0] == "demo")


def test_there_are_about_thirty_networks_and_some_have_two_sought_people() -> None:
    assert 25 <= len(NETWORKS) <= 35
    assert sum(len(network["sought"]) == 2 for network in NETWORKS) >= 4
    assert 30 <= sum(len(network["sought"]) for network in NETWORKS) <= 45


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network["name"])
def test_every_member_of_a_network_exists_and_is_what_the_key_says(network: dict[str, list[str]]) -> None:
    ontology, types = load_ontology(), node_types()
    for kind, wanted in KINDS.items():
        assert all(types[key] == wanted for key in network[kind])
    assert all(ontology.is_a(types[key], "Asset") and types[key] != "Enterprise" for key in network["assets"])
    assert network["assets"]
    assert 5 <= sum(len(network[kind]) for kind in (*KINDS, "assets")) <= 25


def test_no_key_is_in_two_networks_or_in_one_and_unrelated() -> None:
    members = [key for network in NETWORKS for kind in (*KINDS, "assets") for key in network[kind]]
    members += answer_key()["unrelated"]
    assert len(members) == len(set(members))


def test_whatever_is_unrelated_exists() -> None:
    assert set(answer_key()["unrelated"]) <= set(node_types())


def test_every_person_enterprise_arrangement_and_asset_that_is_not_merely_listed_is_in_the_key() -> None:
    ontology = load_ontology()
    members = {key for network in NETWORKS for kind in (*KINDS, "assets") for key in network[kind]}
    rest = {
        key
        for key, kind in node_types().items()
        if (ontology.is_a(kind, "Party") or ontology.is_a(kind, "Asset")) and kind != "Agency"
    }
    rest -= members | set(answer_key()["unrelated"])
    assert all(key.startswith("p-") for key in rest)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network["name"])
def test_a_network_hangs_together_by_what_holds_assets_by_kin_and_by_money(network: dict[str, list[str]]) -> None:
    members = {key for kind in (*KINDS, "assets") for key in network[kind]}
    held = _graph("ownership", "control", "benefit", "kinship", "association", "payment").subgraph(members)
    assert set(held) == members
    assert nx.is_connected(held)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path["network"])
def test_the_true_chain_is_how_the_asset_is_held(path: dict[str, Any]) -> None:
    held = _graph("ownership", "control", "benefit")
    assert all(held.has_edge(*ends) for ends in pairwise(path["chain"]))
    assert (path["chain"][0], path["chain"][-1]) == (path["person"], path["asset"])
    network = next(network for network in NETWORKS if network["name"] == path["network"])
    assert path["person"] in network["sought"]
    assert set(path["chain"][1:]) <= {
        key for kind in ("enterprises", "arrangements", "assets") for key in network[kind]
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path["network"])
def test_the_shortest_connection_runs_through_the_hub_and_the_true_chain_is_the_next(path: dict[str, Any]) -> None:
    graph = _graph()
    shortest = list(nx.all_shortest_paths(graph, path["person"], path["asset"]))
    assert shortest == [path["shortcut"]]
    assert path["through"] in path["shortcut"]
    assert len(path["shortcut"]) < len(path["chain"])
    graph.remove_node(path["through"])
    assert path["chain"] in list(nx.all_shortest_paths(graph, path["person"], path["asset"]))


def test_there_are_pairs_through_an_address_and_through_a_director() -> None:
    through = [node_types()[path["through"]] for path in PATHS]
    assert len(PATHS) >= 5
    assert set(through) == {"Address", "Person"}
