"""Which nodes are now what the last report called by other ids, since nodes were merged or split?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.ports import Store
from kg.reports.changes.enforcement import STATUS_LABELS, AssetStatus
from kg.reports.changes.previous_report import PreviousReport

STATUS_ORDER = tuple(STATUS_LABELS)


def record_keys(store: Store, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The `namespace:key` of each open record about some nodes, by id: they follow a node that is merged or split."""
    return {
        node: tuple(sorted({f"{c.namespace}:{c.key}" for c in claims if c.provenance.handling != "protected"}))
        for node, claims in store.claims(sorted({*ids})).items()
    }


def with_present_ids(previous: PreviousReport, store: Store) -> PreviousReport:
    """The last report by the ids of now: what was said of a node was said of all that its records have become."""
    successors = _Successors(previous.keys, store)
    assets: dict[str, AssetStatus] = {}
    for asset, status in previous.assets.items():
        for now in successors.of(asset):
            furthest = (s for s in (assets.get(now), status) if s)
            assets[now] = max(furthest, key=lambda s: STATUS_ORDER.index(s.status))
    return replace(
        previous,
        assets=assets,
        cleared=tuple(
            dict.fromkeys(
                (now, of_now, day)
                for person, of, day in previous.cleared
                for now in successors.of(person)
                for of_now in successors.of(of)
            )
        ),
        contradictions=tuple(
            one._replace(about_ids=tuple(min(successors.of(i)) for i in one.about_ids))
            for one in previous.contradictions
        ),
        successors={person: successors.of(person) for person in previous.sought},
    )


class _Successors:
    """The nodes that each of some nodes has become."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]], store: Store) -> None:
        named = {name for node, own in keys.items() for name in (node, *own)}
        found = store.resolve_each(sorted(named))
        self._now = {name: node for name, node in found.items() if isinstance(node, str)}
        self._keys = keys

    def of(self, node: str) -> tuple[str, ...]:
        """By id; the node itself if none of its records is there any more."""
        found = {self._now[name] for name in (*self._keys.get(node, ()), node) if name in self._now}
        return tuple(sorted(found)) or (node,)
