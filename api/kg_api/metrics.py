"""How many requests, how fast, and how often a budget ended one?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from kg_api.snapshots.snapshot_manager import SnapshotStatus

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds; a path has 30 at most."""

UNKNOWN = "unknown"


class RefreshCollector(Collector):
    """How well the service follows its store, as it is when somebody asks."""

    def __init__(self, condition: Callable[[], SnapshotStatus]) -> None:
        self._condition = condition

    def describe(self) -> Iterator[Metric]:
        """What there will be."""
        return self._families()

    def collect(self) -> Iterator[Metric]:
        """What there is. A graph that is not known has no number."""
        graphs, failing = self._families()
        found = self._condition()
        for what, version in (("store", found.store), ("view", found.view), ("clusters", found.clusters)):
            if version is not None:
                graphs.add_metric([what], version.number)
        for what, trouble in (("view", found.view_error), ("clusters", found.clusters_error)):
            failing.add_metric([what], bool(trouble))
        yield from (graphs, failing)

    def _families(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "kg_graph_version", "Number of the graph of each; equal if up to date.", labels=["what"]
        )
        yield GaugeMetricFamily(
            "kg_refresh_failing", "1 while it cannot be made anew, and is tried again.", labels=["what"]
        )


class Metrics:
    """What is counted. Labels are described addresses, statuses and reasons: no name and no id of anybody."""

    def __init__(self, condition: Callable[[], SnapshotStatus]) -> None:
        self.registry = own = CollectorRegistry()
        own.register(RefreshCollector(condition))
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
        self._refused = Counter("kg_refused", "Requests that nobody looked at.", ("reason",), registry=own)
        self._cut = Counter("kg_questions_cut", "Questions that a budget ended early.", ("budget",), registry=own)

    def count_answer(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is empty for an address that does not exist."""
        known = method if method in ("GET", "POST", "OPTIONS", "HEAD") else UNKNOWN
        self._requests.labels(known, route or UNKNOWN, str(status)).inc()
        self._seconds.labels(route or UNKNOWN).observe(seconds)

    def count_refusal(self, reason: str) -> None:
        """A request was refused before anybody looked at the question."""
        self._refused.labels(reason).inc()

    def count_budget_end(self, budget: str) -> None:
        """A budget ended a question early."""
        self._cut.labels(budget).inc()

    def render(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
