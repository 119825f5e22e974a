"""Is anything else that a report says of a cluster different from what the last one said?"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from kg.reports.changes.record_changes import DescribedChange
from kg.reports.cluster_report.changes import ChangeItem, ClusterReference
from kg.reports.cluster_report.model import ClusterSection, Report

TOPICS = {
    "people": "people",
    "enterprises": "enterprises",
    "arrangements": "arrangements",
    "assets": "assets",
    "procedures": "measures, requests and cases",
    "contradictions": "contradictions",
    "not_understood": "what was not understood",
}
"""Parts of the section about a cluster, and what they are called."""

Descriptions = Mapping[str, Mapping[str, str]]
"""Digests by cluster and topic."""

WEIGHED = ("because", "because_left_out", "role")
"""What depends on the weights of links, which change with time and method; changes of clusters tell of it."""


def description_digests(report: Report, known: Descriptions = MappingProxyType({})) -> dict[str, Mapping[str, str]]:
    """A digest of what the report says of each topic, by cluster; `known`: those of an earlier report."""
    return {
        section.id: known.get(section.id) or {topic: _digest(section, topic) for topic in TOPICS}
        for section in report.clusters
    }


def description_differences(
    report: Report, now: Descriptions, previous: Descriptions, told: Collection[str]
) -> Iterator[DescribedChange]:
    """Clusters of which both reports speak, and not in the same words, though nothing else tells of it.

    `now` and `previous`: what `description_digests` gives for this report, and gave for the last one.
    """
    for section in report.clusters:
        before: Mapping[str, str] = previous.get(section.id, {})
        differs = [name for topic, name in TOPICS.items() if before and before.get(topic) != now[section.id][topic]]
        if differs and section.id not in told:
            text = f"{section.name}: the last report describes its {', '.join(differs)} otherwise"
            item = ChangeItem("described otherwise", text, (), (ClusterReference(section.id, section.name),))
            yield DescribedChange("parties", item, ())


def _digest(section: ClusterSection, topic: str) -> str:
    import orjson

    entries = [_without_weights(entry) for entry in getattr(section, topic)]
    return hashlib.blake2b(orjson.dumps(entries), digest_size=8).hexdigest()


def _without_weights(entry: Any) -> dict[str, Any]:
    return {field.name: getattr(entry, field.name) for field in fields(entry) if field.name not in WEIGHED}
