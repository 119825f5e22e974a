"""How well do clusters that were found agree with an answer key?

Run: python -m bench.score STORE graph/demo/answer-key.json
 or: python -m bench.score STORE SET.jsonl.clusters.json --namespace NAME
A partition is {id: cluster}. Only the ids of the answer key are scored; one that was not found anywhere counts as a
cluster of its own.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx

from kg import operations
from kg.analysis.clusters import ClusterParameters
from kg.errors import NotFound
from kg.ports import Store

Partition = Mapping[str, Hashable]
"""The cluster of each id."""

MEMBERS = ("sought", "people", "enterprises", "arrangements", "assets")


@dataclass(frozen=True)
class Score:
    """Agreement with an answer key; each number is 1 when nothing differs."""

    ids: int
    adjusted_mutual_information: float
    """Vinh, Epps and Bailey 2010; 0 is what chance gives."""
    precision: float
    """B-cubed: of those found together with a member, the part that belongs with it, over all members."""
    recall: float
    """B-cubed: of those that belong with a member, the part found together with it, over all members."""
    intruders: int
    """Unrelated ids that were put into a cluster with somebody of the answer key."""

    @property
    def f1(self) -> float:
        """Harmonic mean of B-cubed precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def score(truth: Partition, found: Partition, unrelated: Iterable[str] = ()) -> Score:
    """Score what was found. Raises ModuleNotFoundError, with what to install, when scikit-learn is missing."""
    seen = align(truth, found)
    precision, recall = b_cubed(truth, seen)
    occupied = {found[key] for key in truth if key in found}
    intruders = sum(found[key] in occupied for key in set(unrelated) if key in found)
    return Score(len(truth), adjusted_mutual_information(truth, seen), precision, recall, intruders)


def align(truth: Partition, found: Partition) -> Partition:
    """What was found about exactly the ids of `truth`."""
    return {key: ("found", found[key]) if key in found else ("alone", key) for key in truth}


def b_cubed(truth: Partition, found: Partition) -> tuple[float, float]:
    """Precision and recall of Bagga and Baldwin 1998, over partitions of the same ids (at least one).

    All members of one class that are in one cluster have the same precision and recall, so they are counted at once.
    """
    both = Counter((truth[key], found[key]) for key in truth)
    classes, clusters = Counter(truth.values()), Counter(found[key] for key in truth)
    precision = sum(n * n / clusters[cluster] for (_, cluster), n in both.items())
    recall = sum(n * n / classes[kind] for (kind, _), n in both.items())
    return precision / len(truth), recall / len(truth)


def adjusted_mutual_information(truth: Partition, found: Partition) -> float:
    """Of partitions of the same ids, with the arithmetic mean of the entropies as norm."""
    try:
        from sklearn.metrics import adjusted_mutual_info_score
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError("scoring needs scikit-learn: python -m pip install '.[bench]'") from missing
    keys = sorted(truth)
    return float(adjusted_mutual_info_score(_numbers(truth, keys), _numbers(found, keys)))


def kg_clusters(store: Store) -> Partition:
    """What `kg clusters` finds, nothing left out."""
    found = operations.find_clusters(store, ClusterParameters())
    return {member.id: cluster.id for cluster in found.clusters for member in cluster.members}


def raw_links(store: Store) -> list[tuple[str, str]]:
    """The ends of every link of the graph, jurisdictions and papers included."""
    view = store.view()
    ids = [node.decode() for node in view.ids.tolist()]
    return [(ids[tail], ids[head]) for tail, head in zip(view.tail.tolist(), view.head.tolist(), strict=True)]


def read_answer_key(key_file: Path) -> tuple[Partition, list[str]]:
    """An answer key, of the demo set or a generated one: the cluster of each key, and the keys that belong to none."""
    data = json.loads(key_file.read_text(encoding="utf-8"))
    return demo_truth(data) if "networks" in data else (planted_truth(data), [])


def demo_truth(key: Mapping[str, Any]) -> tuple[Partition, list[str]]:
    """The networks of the demo set as a partition, and the keys that belong to none."""
    networks = {k: network["name"] for network in key["networks"] for kind in MEMBERS for k in network[kind]}
    return networks, key["unrelated"]


def planted_truth(planted: Mapping[str, list[str]]) -> Partition:
    """The clusters that `python -m bench.generate ftm` planted, as a partition."""
    return {key: name for name, keys in planted.items() for key in keys}


def connected_components(links: Iterable[tuple[str, str]]) -> Partition:
    """Baseline: whatever is connected at all is one cluster."""
    graph = nx.Graph(links)
    return {key: number for number, part in enumerate(nx.connected_components(graph)) for key in part}


def louvain(links: Iterable[tuple[str, str]], seed: int = 1) -> Partition:
    """Baseline: NetworkX's Louvain method on the raw graph; the answer depends on the order of the links."""
    graph = nx.Graph(links)
    return {
        key: number for number, part in enumerate(nx.community.louvain_communities(graph, seed=seed)) for key in part
    }


def _numbers(partition: Partition, keys: list[str]) -> list[int]:
    """The clusters of `keys` as numbers, in the order in which they first occur."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(partition[key], len(numbers)) for key in keys]


def main(arguments: list[str] | None = None) -> None:
    """Print the scores of `kg clusters` and of two baselines against an answer key."""
    parser = argparse.ArgumentParser(prog="python -m bench.score", description=main.__doc__)
    parser.add_argument("store", type=Path, help="SQLite file of the embedded store")
    parser.add_argument("key", type=Path, help="answer key")
    parser.add_argument("--namespace", default="demo", help="of the key's ids (default: demo)")
    parser.add_argument("--no-louvain", action="store_true", help="leave the slow baseline out")
    chosen = parser.parse_args(arguments)
    with operations.open_store(operations.Workspace(chosen.store)) as store:
        truth, unrelated = _with_canonical_ids(store, chosen.namespace, *read_answer_key(chosen.key))
        links = raw_links(store)
        _print_score("kg clusters", score(truth, kg_clusters(store), unrelated))
        _print_score("connected components", score(truth, connected_components(links), unrelated))
        if not chosen.no_louvain:
            _print_score("NetworkX Louvain", score(truth, louvain(links), unrelated))


def _with_canonical_ids(
    store: Store, namespace: str, truth: Partition, unrelated: list[str]
) -> tuple[Partition, list[str]]:
    """The same with canonical ids; a key that the store does not know stays as it is."""
    ids: dict[str, str] = {}
    for key in (*truth, *unrelated):
        with suppress(NotFound):
            ids[key] = store.resolve(f"{namespace}:{key}")
    return {ids.get(key, key): truth[key] for key in truth}, [ids.get(key, key) for key in unrelated]


def _print_score(name: str, found: Score) -> None:
    parts = f"AMI {found.adjusted_mutual_information:.3f}  B-cubed F1 {found.f1:.3f}"
    print(
        f"{name:<22}{parts}  (precision {found.precision:.3f}, recall {found.recall:.3f}), {found.intruders} intruders"
    )


if __name__ == "__main__":
    main()
