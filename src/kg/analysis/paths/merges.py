"""On which judgements of identity does a path rest?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from kg.identity import DisjointSets
from kg.records import Claim, Judgement, Ref


def needed_judgements(
    judgements: Iterable[Judgement], claims: Sequence[Claim], uses: Sequence[Collection[str]]
) -> set[int]:
    """The numbers of the judgements on one node without which it would not be there for all `uses` of it.

    `claims` are all of the node. Each use is the namespaces of what it is reached by: the records of a hop, or the name
    in the question. Where records of one namespace fall on both sides of a judgement, what a link meant is not known
    here, and the judgement is left out.
    """
    known = list(judgements)
    if len(uses) < 2:
        return set()
    return {judged.number for judged in known if not _is_one_part(known, judged, claims, uses)}


def _is_one_part(
    judgements: Sequence[Judgement], without: Judgement, claims: Sequence[Claim], uses: Sequence[Collection[str]]
) -> bool:
    """Whether one of the parts that are left without a judgement may serve all uses."""
    parts = DisjointSets[Ref]()
    names = {ref for judged in judgements for ref in (judged.one, judged.other)}
    for claim in claims:
        own = [Ref(claim.namespace, key) for key in (claim.key, *claim.referents)]
        names.update(own)
        parts.union(own)
    for judged in judgements:
        if judged.number != without.number:
            parts.union((judged.one, judged.other))
    namespaces: dict[Ref, set[str]] = {}
    for ref in names:
        namespaces.setdefault(parts.find(ref), set()).add(ref.namespace)
    known = {name for of_part in namespaces.values() for name in of_part}
    return any(all(of_part & set(use) or not known & set(use) for use in uses) for of_part in namespaces.values())
