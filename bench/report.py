"""How long does a report on many clusters take, and how much memory?

    python -m bench.report                                # an invented set of 100,000 nodes and 300,000 links
    python -m bench.report --store graph.sqlite --clusters 1000

The processor's time to find the clusters is stated separately from that for holdings, for collecting the sections, and
for writing the files. Two weekly runs follow, the second on an unchanged graph.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import tempfile
import time
from pathlib import Path

from kg import operations
from kg.cli import COLLECT_AFTER


def main() -> None:
    """Measure on one store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store to report on; else one is made")
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=300_000)
    parser.add_argument("--clusters", type=int, default=1_000, help="clusters described in full")
    wanted = parser.parse_args()
    gc.set_threshold(COLLECT_AFTER)  # as in the commands of kg
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = wanted.store or make_store(folder, wanted.nodes, wanted.links)
        measure(store, folder / "reports", wanted.clusters)
        measure_weekly(store, folder / "weekly", wanted.clusters)


def measure(store: Path, folder: Path, most: int) -> None:
    """Print what each step takes."""
    from kg.analysis.clusters import ClusterParameters
    from kg.operations.questions.clusters import compute_cluster_details
    from kg.reports.cluster_report.model import ReportParameters
    from kg.reports.cluster_report.report import build_report
    from kg.reports.context import report_graph
    from kg.reports.render.files import write_files

    with operations.open_store(operations.Workspace(store)) as opened:
        start = time.process_time()
        clusters = operations.find_clusters(opened, ClusterParameters())
        found = time.process_time()
        known = compute_cluster_details(opened, clusters, most, ClusterParameters(), trials=0)
        studied = time.process_time()
        report = build_report(report_graph(opened), clusters, ReportParameters("2026-01-05", limit=most), known)
        collected = time.process_time()
    print(
        f"{len(clusters.clusters):,} clusters found in {found - start:.1f} s CPU; {len(report.clusters):,} described:"
    )
    print(f"worked out in {studied - found:.1f} s CPU, collected in {collected - studied:.1f} s CPU")
    for ending, file in write_files(report, folder).items():
        print(f"{ending:4} {file.stat().st_size / 2**20:6.1f} MiB")
    print(f"rendered and written in {time.process_time() - collected:.1f} s CPU")
    print(f"the report without finding the clusters: {time.process_time() - found:.1f} s CPU; {machine()}")


def measure_weekly(store: Path, folder: Path, most: int) -> None:
    """Print how long the weekly run that describes so many clusters takes, first and on an unchanged graph."""
    from kg.analysis.clusters import ClusterParameters

    for day in ("2026-01-05", "2026-01-12"):
        start, before = time.perf_counter(), time.process_time()
        request = operations.PeriodicReportRequest(folder, day, limit=most)
        operations.write_periodic_report(operations.Workspace(store), request, ClusterParameters())
        spent = time.process_time() - before
        print(f"weekly run of {day}: {time.perf_counter() - start:.1f} s, {spent:.1f} s CPU; {machine()}")


def machine() -> str:
    """The most memory that the process had so far, and the load of the machine."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"peak {peak:,.0f} MiB, load {os.getloadavg()[0]:.1f}"


def make_store(folder: Path, nodes: int, links: int) -> Path:
    """An invented set, loaded into a store of its own."""
    from bench.generate import ftm

    file, store = folder / "set.ftm.jsonl", folder / "graph.sqlite"
    ftm.write(ftm.plan(ftm.SetSize(nodes=nodes, links=links)), file)
    operations.load(operations.Workspace(store), operations.FileLoadRequest((file,), source="set", namespace="demo"))
    return store


if __name__ == "__main__":
    main()
