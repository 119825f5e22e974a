"""What was judged about the records of a list and the entries that they are screened against?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.analysis.matching import Party
from kg.ledger.judgement_status import judged_nodes
from kg.operations.matching.own_sources import is_row
from kg.ports import PartyStore
from kg.records import Judgement
from kg.stores.sqlite.store import SqliteStore

JudgedRows = Mapping[tuple[str, str], Judgement]
"""By the id of a row and that of an entry."""


def judged_rows(store: PartyStore, listed: Sequence[Party], keys: Mapping[str, str]) -> JudgedRows:
    """The judgements `distinct` and `unsure` that hold between what a row is a record of and an entry.

    `keys` are those of the rows, by id. Only a SQLite file has judgements to ask.
    """
    if not keys or not isinstance(store, SqliteStore):
        return {}
    of_key: defaultdict[str, list[Party]] = defaultdict(list)
    for row in listed:
        of_key[keys.get(row.id, "")].append(row)
    found: dict[tuple[str, str], Judgement] = {}
    judged = list(judged_nodes(store.connection))
    claims = store.claims(sorted({node for _, nodes in judged for node in nodes}))
    for judgement, nodes in judged:
        for one, other in (nodes, nodes[::-1]):
            for claim in claims.get(one, ()):
                rows = (*of_key.get(claim.key, ()), *of_key.get(f"{claim.namespace}:{claim.key}", ()))
                found |= {(row.id, other): judgement for row in rows if is_row(claim, keys[row.id], row)}
    return found


def judged_sentence(judgement: Judgement) -> str:
    """`judged distinct on 2026-11-30 by ann: other passports`."""
    return f"judged {judgement.kind} on {judgement.day} by {judgement.by}: {judgement.why}"
