"""How fast are clusters found and how good are they, beside NetworkX on the same graph?

Run: python -m bench.clusters s                 100,000 nodes and 300,000 links, planted clusters with hubs and noise
     python -m bench.clusters m --no-peer       ten times that
     python -m bench.clusters 20000             any number of nodes
The answer key of the generated set scores each partition. NetworkX's Louvain is run twice: on the weighted network that
`kg` cuts, and on the raw graph, which takes about five minutes at s; --no-raw and --no-peer leave them out.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import networkx as nx
import numpy as np

from bench.figures.files import make_files
from bench.figures.phases import SOURCE, load
from bench.score import Partition, connected_components, louvain, read_answer_key, score
from kg import operations
from kg.analysis.clusters import COLUMNS, ClusterParameters, asset_clusters, cluster_context, explain
from kg.analysis.clusters.network.holding_network import HoldingNetwork, holding_network
from kg.analysis.clusters.network.partition import leiden, modularity, partition
from kg.view import GraphView, IntArray

SIZES = {"s": 100_000, "m": 1_000_000}
SHOWN = 20
"""Clusters that are explained, as `kg clusters --stability` shows."""

T = TypeVar("T")


class MeasuredPartition(NamedTuple):
    """One partition: how long it took, and the community of each node of the view."""

    name: str
    seconds: float
    group: IntArray


def main(words: list[str] | None = None) -> int:
    """Make the set and its store, unless they are there, and print what was measured."""
    chosen = _parser().parse_args(words)
    nodes = SIZES.get(chosen.size) or int(chosen.size)
    with _folder(chosen.folder) as folder:
        store, key = _loaded_store(folder, nodes)
        _measure(store, key, chosen)
    return 0


def _measure(store: Path, key: Path, chosen: argparse.Namespace) -> None:
    parameters = ClusterParameters()
    with operations.open_store(operations.Workspace(store)) as opened:
        view, seconds = _timed(lambda: opened.view(COLUMNS))
        _report("view with the columns of clusters", seconds)
        network, weighing = _timed(lambda: holding_network(view, parameters))
        group, cutting = _timed(lambda: partition(view, network, parameters))
        _report(f"weighting of {len(network.links):,} links", weighing)
        _report("partition", cutting)
        native = _native(network, parameters)
        for name, cut in (("native Leiden alone, constant Potts", native[0]), ("the same, modularity", native[1])):
            _report(
                name, cut.seconds, f"; weighting and partition take {(weighing + cutting) / cut.seconds:.1f} times that"
            )
        found, seconds = _timed(lambda: asset_clusters(view, parameters))
        _report(f"everything `kg clusters` finds, {len(found.clusters):,} clusters", seconds)
        wanted = found.clusters[:SHOWN]
        _, seconds = _timed(lambda: explain(view, found, wanted, cluster_context(view, found, parameters)))
        _report(f"explanations of {len(wanted)} clusters", seconds)
        print(f"highest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB", flush=True)
        cuts = [MeasuredPartition("kg clusters", weighing + cutting, group), *native]
        if not chosen.no_peer:
            cuts.append(_louvain(network))
        truth = _truth(opened, key)
        for cut in cuts:
            _score_partition(view, network, truth, cut)
        if not chosen.no_raw and not chosen.no_peer:
            _raw(view, network, truth)


def _native(network: HoldingNetwork, parameters: ClusterParameters) -> tuple[MeasuredPartition, MeasuredPartition]:
    """The native call on the whole weighted network, by our objective and by modularity."""
    plain, seconds = _timed(lambda: leiden(network.low, network.high, network.pair_weight, parameters))
    best, longer = _timed(
        lambda: leiden(network.low, network.high, network.pair_weight, parameters, use_modularity=True)
    )
    return MeasuredPartition("native Leiden, Potts", seconds, _whole(network, plain)), MeasuredPartition(
        "native Leiden, modularity", longer, _whole(network, best)
    )


def _whole(network: HoldingNetwork, group: IntArray) -> IntArray:
    """With the nodes that come after the last one that has links, each alone."""
    return np.concatenate((group, np.arange(len(group), network.nodes)))


def _louvain(network: HoldingNetwork) -> MeasuredPartition:
    graph: nx.Graph[int] = nx.Graph()
    pairs = zip(network.low.tolist(), network.high.tolist(), network.pair_weight.tolist(), strict=True)
    graph.add_weighted_edges_from(pairs)
    parts, seconds = _timed(lambda: nx.community.louvain_communities(graph, seed=1))
    return MeasuredPartition("NetworkX Louvain, weighted", seconds, _labelled(network.nodes, parts))


def _raw(view: GraphView, network: HoldingNetwork, truth: Partition) -> None:
    """Louvain and connected components on the raw graph, jurisdictions included."""
    ids = view.ids.astype(str).tolist()
    links = [(ids[a], ids[b]) for a, b in zip(view.tail.tolist(), view.head.tolist(), strict=True)]
    ways: dict[str, Callable[[Sequence[tuple[str, str]]], Partition]] = {
        "components, raw": connected_components,
        "NetworkX Louvain, raw": louvain,
    }
    for name, way in ways.items():
        found, seconds = _timed(lambda way=way: way(links))  # type: ignore[misc]  # bound now, called now
        group = np.array([_number(found, at, node) for at, node in enumerate(ids)], np.int64)
        _score_partition(view, network, truth, MeasuredPartition(name, seconds, group))


def _number(found: Partition, at: int, node: str) -> int:
    number = found.get(node)
    return -1 - at if number is None else int(str(number))


def _score_partition(view: GraphView, network: HoldingNetwork, truth: Partition, cut: MeasuredPartition) -> None:
    _, group = np.unique(cut.group, return_inverse=True)
    found = dict(zip(view.ids.astype(str).tolist(), group.tolist(), strict=True))
    scored = score(truth, found)
    print(
        f"{cut.name:<28}{cut.seconds:8.2f} s  modularity {modularity(network, group):.4f}  "
        f"AMI {scored.adjusted_mutual_information:.3f}  B-cubed F1 {scored.f1:.3f}",
        flush=True,
    )


def _truth(store: Any, key: Path) -> Partition:
    planted, _ = read_answer_key(key)
    return {store.resolve(f"{SOURCE}:{name}"): cluster for name, cluster in planted.items()}


def _labelled(nodes: int, parts: Sequence[set[int]]) -> IntArray:
    group = np.arange(nodes)
    for part in parts:
        group[list(part)] = min(part)
    return group


def _loaded_store(folder: Path, nodes: int) -> tuple[Path, Path]:
    """The loaded set, and its answer key; made unless an earlier run left them."""
    file, store = make_files(folder, nodes, 3 * nodes).first, folder / f"store-{nodes}.sqlite"
    if not store.exists():
        load(store, file, {})
    key = next(folder.glob(f"first-{nodes}.*clusters.json"))
    return store, key


def _timed(ask: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    answer = ask()
    return answer, time.perf_counter() - start


def _report(what: str, seconds: float, more: str = "") -> None:
    print(f"{what}: {seconds:.2f} s{more}", flush=True)


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    if chosen:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="kg-clusters-") as name:
        yield Path(name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.clusters", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, or a number of nodes")
    parser.add_argument("--no-peer", action="store_true", help="leave NetworkX out")
    parser.add_argument("--no-raw", action="store_true", help="leave the raw graph out, on which Louvain is slow")
    parser.add_argument("--folder", type=Path, help="where the files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
