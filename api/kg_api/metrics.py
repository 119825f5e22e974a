"""Metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kg_api.snapshots.snapshot_manager import SnapshotStatus

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds; the longest budget is 30."""

UNKNOWN = "unknown"


def known_method(method: str) -> str:
    """The method, if it is one that clients use; the others are input, which is in no log."""
    return method if method in ("GET", "POST", "OPTIONS", "HEAD") else UNKNOWN


class RefreshCollector(Collector):
    """The graph versions of the service, their age, and whether their renewal fails, read when they are collected."""

    def __init__(self, status: Callable[[], SnapshotStatus]) -> None:
        self._status = status

    def describe(self) -> Iterator[Metric]:
        """The metrics without values."""
        return self._families()

    def collect(self) -> Iterator[Metric]:
        """The metrics. A graph that is not known has no value."""
        graphs, failing, ages, builds = self._families()
        status = self._status()
        for what, version in (("store", status.store), ("view", status.view), ("clusters", status.clusters)):
            if version is not None:
                graphs.add_metric([what], version.number)
        for what, error in (("view", status.view_error), ("clusters", status.clusters_error)):
            failing.add_metric([what], bool(error))
        for what, age, build in (
            ("view", status.view_age, status.view_seconds),
            ("clusters", status.clusters_age, status.clusters_seconds),
        ):
            if age is not None and build is not None:
                ages.add_metric([what], age)
                builds.add_metric([what], build)
        yield from (graphs, failing, ages, builds)

    def _families(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "kg_graph_version", "Number of the graph version of each; equal if up to date.", labels=["what"]
        )
        yield GaugeMetricFamily("kg_refresh_failing", "1 while its renewal fails and is retried.", labels=["what"])
        yield GaugeMetricFamily(
            "kg_graph_age_seconds",
            "For how long there may have been a newer graph; 0 if there is none.",
            labels=["what"],
        )
        yield GaugeMetricFamily("kg_graph_build_seconds", "How long it took to build.", labels=["what"])


class Metrics:
    """All counters. Labels are address templates, statuses and reasons, never the name or id of anybody."""

    def __init__(self, status: Callable[[], SnapshotStatus]) -> None:
        self.registry = own = CollectorRegistry()
        own.register(RefreshCollector(status))
        ProcessCollector(registry=own)
        self._requests = Counter("kg_requests", "Requests answered.", ("method", "route", "status"), registry=own)
        self._seconds = Histogram(
            "kg_request_seconds",
            "From a request's arrival to the end of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=own,
        )
        self.running = Gauge("kg_requests_running", "Requests being answered.", registry=own)
        self._refused = Counter("kg_refused", "Requests refused before they were answered.", ("reason",), registry=own)
        self._cut = Counter("kg_questions_cut", "Requests that a budget ended early.", ("budget",), registry=own)

    def count_answer(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request; `route` is empty for an address that does not exist."""
        known = known_method(method)
        self._requests.labels(known, route or UNKNOWN, str(status)).inc()
        self._seconds.labels(route or UNKNOWN).observe(seconds)

    def count_refusal(self, reason: str) -> None:
        """Count a request that was refused before it was answered."""
        self._refused.labels(reason).inc()

    def count_budget_end(self, budget: str) -> None:
        """Count a request that a budget ended early."""
        self._cut.labels(budget).inc()

    def render(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self.registry)
