"""Load, withdraw and judge, and keep the projection up to date."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace

from kg.database import get_meta, set_meta, write_transaction
from kg.errors import StrictReject
from kg.ledger.judgement_status import JudgementStatus, judgement_state, visible_judgements
from kg.ledger.judgements import (
    Decision,
    check_judgement,
    choose_name,
    insert_judgement,
    judgements_of_node,
    list_judgements,
    undo_judgement,
)
from kg.ledger.loads import (
    LOCATIONS_KEPT,
    LoadRequest,
    LoadResult,
    apply_load,
    apply_withdrawal,
    count_records_in_force,
    keep_last_duplicates,
    reset_touched_records,
    stage_records,
    take_out_duplicates,
)
from kg.ledger.projection.incremental import IncrementalUpdate
from kg.ledger.projection.rebuild import Progress, rebuild_projection
from kg.ontology import Ontology
from kg.records import Judgement, ReadResult, Ref, Reject

_VALUE_IN_REASON = re.compile(r", value '.*?'(?=:)")
"""The part of a reason that differs from row to row; reasons are counted without it."""

REBUILD_SHARE = 0.2
"""If a larger part of the records changed, a new projection is faster than an incremental update."""


class Ledger:
    """The ledger in one SQLite file. Each method is one transaction."""

    def __init__(
        self, connection: sqlite3.Connection, ontology: Ontology, rebuild_share: float = REBUILD_SHARE
    ) -> None:
        self._db = connection
        self._ontology = ontology
        self._rebuild_share = rebuild_share

    def load(
        self,
        request: LoadRequest,
        readings: Iterable[ReadResult],
        on_reject: Callable[[Reject], None] = lambda reject: None,
        progress: Progress = lambda phase, done: None,
        before_commit: Callable[[int], None] = lambda load: None,
    ) -> LoadResult:
        """Load a source's snapshot or delta. An error in `on_reject`, `readings` or `before_commit` rolls it back.

        `before_commit` is told the number of the load.
        """
        result = LoadResult(request.source, day=request.day)

        def count(reject: Reject) -> None:
            if reject.whole:
                result.rejected += 1
            else:
                result.set_aside += 1
            reason = _VALUE_IN_REASON.sub("", reject.reason)
            result.reasons[reason] = result.reasons.get(reason, 0) + 1
            locations = result.locations.setdefault(reason, [])
            if len(locations) < LOCATIONS_KEPT:
                locations.append((reject.file, reject.line))
            on_reject(reject)

        with write_transaction(self._db):
            stage_records(self._db, self._ontology, readings, count, result.unmapped)
            if request.delta:
                result.repeated = keep_last_duplicates(self._db)
            for line, key, part, body in take_out_duplicates(self._db):
                result.repeated += 1
                if body:
                    what = f"key {key!r}{f' ({part})' if part else ''}"
                    reason = f"{what} occurs again with other content; the first is kept"
                    count(Reject(", ".join(request.files), line, reason, body))
            apply_load(self._db, request, result)
            self._update_projection(result.total_changed, progress)
            result.waiting = count_waiting_links(self._db)
            before_commit(self._db.execute("SELECT max(num) FROM load").fetchone()[0])
        return result

    def withdraw(self, source: str, day: str, progress: Progress = lambda phase, done: None) -> LoadResult:
        """Withdraw all records of a source; the graph is then as if it had never been loaded. Raises NotFound."""
        with write_transaction(self._db):
            result = apply_withdrawal(self._db, source, day)
            self._update_projection(result.total_changed, progress)
            result.waiting = count_waiting_links(self._db)
        return result

    def judge(self, decision: Decision) -> Judgement:
        """Record a decision about who is who and update the projection.

        Raises InputError, with the chain, for one that contradicts the records or what stands, and NotFound for a node
        that is none.
        """
        with write_transaction(self._db):
            ends = zip(decision.nodes, decision.given, strict=True)
            one, other = (choose_name(self._db, node, given) for node, given in ends)
            judgement = Judgement(0, decision.kind, one, other, decision.by, decision.why, decision.day)
            check_judgement(self._db, self._ontology, judgement)
            number = insert_judgement(self._db, judgement)
            self._update_names((one, other))
        return replace(judgement, number=number)

    def judgements(self, node: str = "", *, protected: bool = False) -> list[JudgementStatus]:
        """The judgements in force about a node; without a node, all, with undone ones; each with its effect.

        Those that name what only protected records know are left out unless `protected`.
        """
        found = judgements_of_node(self._db, node) if node else list_judgements(self._db, active_only=False)
        return [
            JudgementStatus(j, judgement_state(self._db, j))
            for j in visible_judgements(self._db, self._ontology, found, protected=protected)
        ]

    def undo(self, number: int, by: str, why: str, day: str) -> Judgement:
        """Undo a judgement; the graph is then as if it had never been made. Raises NotFound and InputError."""
        with write_transaction(self._db):
            undone = undo_judgement(self._db, number, by, why, day)
            self._update_names((undone.one, undone.other))
        return undone

    def rebuild_if_outdated(self, progress: Progress = lambda phase, done: None) -> bool:
        """Build the projection anew if it was made under another ontology; says whether it was."""
        if get_meta(self._db, "ontology") in ("", self._ontology.digest):
            return False
        with write_transaction(self._db):
            self._rebuild(progress)
        return True

    def _update_projection(self, touched: int, progress: Progress) -> None:
        if not touched and get_meta(self._db, "ontology") == self._ontology.digest:
            return
        total = count_records_in_force(self._db)
        if touched > self._rebuild_share * total or get_meta(self._db, "ontology") != self._ontology.digest:
            self._rebuild(progress)
        else:
            IncrementalUpdate(self._db, self._ontology).run()
            self._raise_version()

    def _update_names(self, names: Iterable[Ref]) -> None:
        reset_touched_records(self._db)
        IncrementalUpdate(self._db, self._ontology, names).run()
        self._raise_version()

    def _rebuild(self, progress: Progress) -> None:
        rebuild_projection(self._db, self._ontology, progress)
        self._raise_version()

    def _raise_version(self) -> None:
        set_meta(self._db, "version", str(int(get_meta(self._db, "version")) + 1))


def raise_on_reject(reject: Reject) -> None:
    """For strict loads: raise StrictReject for any reject."""
    raise StrictReject(f"{reject.place}: {reject.reason}")


def count_waiting_links(connection: sqlite3.Connection) -> int:
    """How many links are unresolved."""
    query = "SELECT count(*) FROM (SELECT DISTINCT link_ns, link_key, link_part FROM waiting)"
    return int(connection.execute(query).fetchone()[0])
