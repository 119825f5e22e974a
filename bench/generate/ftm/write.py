"""How is a set written to its file?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.generate.ftm.cluster import Cluster, ClusterFactory
from bench.generate.ftm.counts import FtmCounts
from bench.generate.ftm.entities import Entity, EntityFactory
from bench.generate.ftm.plan import Plan
from bench.generate.json_lines import open_json_lines


def write(plan: Plan, out: Path) -> FtmCounts:
    """Write the set to `out` and its answer key, {cluster: [ids]}, to `out` + `.clusters.json`; count what was written.

    Only the sizes of the clusters are kept in memory.
    """
    maker, tally = EntityFactory(plan.seed), FtmCounts()
    planter = ClusterFactory(plan, maker)
    with open_json_lines(out) as put, answer_key_file(out).open("w", encoding="utf-8", newline="\n") as key:
        for entity in _all_entities(plan, planter, maker):
            tally.add(entity)
            put(entity)
        key.writelines(_answer_key_lines(planter, _clusters(plan)))
    return tally


def answer_key_file(out: Path) -> Path:
    """Where the answer key of a set stands."""
    return out.with_name(out.name + ".clusters.json")


def _all_entities(plan: Plan, planter: ClusterFactory, maker: EntityFactory) -> Iterator[Entity]:
    yield from (maker.address("agent", number) for number in range(plan.agents))
    yield from (maker.person("professional", number) for number in range(plan.professionals))
    done = noise = extra = 0
    for cluster in _clusters(plan):
        yield from planter.structure(cluster)
        done += sum(len(numbers) for numbers in vars(cluster).values())
        # What is due once so many members are written, so that the last cluster brings both to their full number.
        noise_due = plan.noise_links * done // plan.members
        extra_due = plan.extra_links * done // plan.members
        yield from (planter.noise(cluster) for _ in range(noise_due - noise))
        yield from (planter.extra(cluster) for _ in range(extra_due - extra))
        noise, extra = noise_due, extra_due


def _clusters(plan: Plan) -> Iterator[Cluster]:
    return (Cluster(*numbers) for numbers in plan.shares())


def _answer_key_lines(planter: ClusterFactory, clusters: Iterable[Cluster]) -> Iterator[str]:
    """The answer key as JSON, one cluster a line."""
    yield "{\n"
    for number, cluster in enumerate(clusters):
        comma = ",\n" if number else ""
        yield f"{comma}{json.dumps(f'cluster-{number:06d}')}: {json.dumps(list(planter.members(cluster)))}"
    yield "\n}\n"
