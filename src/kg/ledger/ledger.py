"""Load, withdraw and judge, and keep the projection up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.database import (
    OPEN_VERSION,
    discarded_transaction,
    get_meta,
    raise_version,
    unlogged,
    write_transaction,
)
from kg.database.scopes import scope, whole_file
from kg.errors import StrictReject
from kg.ledger.judgement_pairs import SAME, UNSURE
from kg.ledger.judgement_status import JudgementStatus, ends_digest, find_node, judgement_state, list_judgements
from kg.ledger.judgements import (
    Decision,
    check_judgement,
    check_second_person,
    check_undo,
    choose_name,
    confirm_judgement,
    find_waiting,
    insert_judgement,
    judgements_of_node,
    seen_number,
    stored_number,
    undo_judgement,
)
from kg.ledger.projection.freshness import is_of_other_day, is_of_other_ontology
from kg.ontology import Ontology
from kg.records import Judgement, ReadResult, Ref, Reject

if TYPE_CHECKING:
    from kg.ledger.loads import LoadRequest, LoadResult
    from kg.ledger.projection.joined_nodes import JoinCounter
    from kg.ledger.projection.rebuild import Progress
    from kg.ledger.projection.staged_graph import StagedRecords
    from kg.ledger.stage.table import BatchedReadings

EXAMPLES_KEPT = 3
"""Rows that a load names for each reason of rejection."""

REBUILD_SHARE = 0.2
"""If a larger part of the records changed, a new projection is faster than an incremental update."""


class Ledger:
    """The ledger in one SQLite file. Each method is one transaction.

    What a method returns, and what it finds by name, is what one scope sees: without the protected one, protected
    records do not exist.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        ontology: Ontology,
        rebuild_share: float = REBUILD_SHARE,
        *,
        protected: bool = False,
    ) -> None:
        self._db = connection
        self._ontology = ontology
        self._rebuild_share = rebuild_share
        self._protected = protected

    def load(
        self,
        request: LoadRequest,
        readings: Iterable[ReadResult] | BatchedReadings,
        on_reject: Callable[[Reject], None] = lambda reject: None,
        progress: Progress = lambda phase, done: None,
        before_commit: Callable[[int], None] = lambda load: None,
    ) -> LoadResult:
        """Load a source's snapshot or delta. An error in `on_reject`, `readings` or `before_commit` rolls it back.

        `before_commit` is told the number of the load. `readings` are read again where rows contradict each other.
        """
        from kg.ledger.loads import (
            LoadResult,
            apply_load,
            earlier_loads,
            find_replaced,
            payment_turnover,
        )
        from kg.ledger.projection.joined_nodes import JoinCounter
        from kg.ledger.remarks import StagedRemarks
        from kg.ledger.stage import repeated_rows
        from kg.ledger.stage.line_cache import LineCache
        from kg.ledger.stage.table import stage_records

        result, open_result = (LoadResult(request.source, day=request.day) for _ in range(2))

        def count(reject: Reject) -> None:
            kind = reject.kind
            _count_reject(result, reject, kind)
            _count_reject(open_result, reject, kind, is_counted=not reject.protected)
            remarks.add(reject)
            on_reject(reject)

        with unlogged(self._db) if _has_no_case(self._db) else nullcontext(), write_transaction(self._db):
            remarks = StagedRemarks(self._db)
            names = request.source, request.namespace
            lines = LineCache(self._db, request.source, request.day)
            staged = stage_records(self._db, self._ontology, readings, count, lines, names)
            result.count_staged(staged.counts)
            open_result.count_staged(staged.open_counts)
            if request.delta:
                repeated_rows.keep_known_keys(self._db, request.source)
                repeats = repeated_rows.keep_last_rows(self._db)
            else:
                refused = repeated_rows.refuse_conflicting_rows(self._db, may_repeat=staged.may_repeat)
                for reject in repeated_rows.reject_rows(refused, readings, ", ".join(request.files)):
                    count(reject)
                repeats = repeated_rows.remove_equal_records(self._db)
            for counted, found in zip((result, open_result), repeats, strict=True):
                counted.equal_rows, counted.repeated, counted.repeats = found
            applied = apply_load(self._db, request, (result, open_result), lines)
            remarks.replace(request.source, delta=request.delta)
            seen = result if self._protected else open_result
            if seen.withdrawn and not request.delta:
                with scope(self._db, protected=self._protected):
                    _, *earlier = earlier_loads(self._db, request.source)
                payments = self._ontology.with_trait("payment")
                paid = payment_turnover(self._db, request.source, payments, protected=self._protected)
                seen.replaced = find_replaced(seen, request.files, earlier, paid, may_replace=request.may_replace)
            open_touched = open_result.total_changed if applied.is_seen else None
            joins = JoinCounter(self._db, self._ontology)
            self._update_projection(result.total_changed, progress, open_touched, applied.staged, joins)
            result.joined = open_result.joined = joins.found()
            self._count_waiting_links(result, open_result)
            before_commit(self._db.execute("SELECT max(num) FROM load").fetchone()[0])
        return seen

    def withdraw(
        self, source: str, day: str, progress: Progress = lambda phase, done: None, user: str = ""
    ) -> LoadResult:
        """Withdraw all records of a source; the graph is then as if it had never been loaded. Raises NotFound."""
        from kg.ledger.loads import apply_withdrawal

        with write_transaction(self._db):
            result, open_result, is_seen = apply_withdrawal(self._db, source, day, user, protected=self._protected)
            self._update_projection(result.total_changed, progress, open_result.total_changed if is_seen else None)
            self._count_waiting_links(result, open_result)
        return result if self._protected else open_result

    def judge(self, decision: Decision) -> Judgement:
        """Record a decision about who is who, or confirm the one that waits for it, and update the projection.

        Raises InputError, with the chain, for one that contradicts the records or what stands, and NotFound for a node
        that is none.
        """
        with write_transaction(self._db):
            return self._judge(decision)

    @contextmanager
    def trial(self) -> Iterator[Callable[[Decision], Judgement]]:
        """For a block, a function that does what `judge` does; after the block, everything is as it was before it.

        The connection sees one scope, before and after the function is called.
        """

        def judge(decision: Decision) -> Judgement:
            with whole_file(self._db):
                return self._judge(decision)

        with discarded_transaction(self._db):
            yield judge

    def _judge(self, decision: Decision) -> Judgement:
        with scope(self._db, protected=self._protected):
            if decision.kind == SAME and (waiting := find_waiting(self._db, decision.nodes)):
                check_second_person(waiting, decision.by, decision.user)
                judgement = waiting
            else:
                ends = zip(decision.nodes, decision.given, strict=True)
                one, other = (choose_name(self._db, node, given) for node, given in ends)
                judgement = Judgement(0, decision.kind, one, other, decision.by, decision.why, decision.day)
                judgement = replace(judgement, user=decision.user, waits=decision.needs_second)
            check_judgement(self._db, self._ontology, judgement)
        if judgement.number:
            return self._confirm(judgement, decision)
        one, other = judgement.one, judgement.other
        is_hidden = any(node[1] for name in (one, other) if (node := find_node(self._db, name)))
        digests = self._ends_digests((one, other)) if decision.kind == UNSURE else ("", "")
        number = insert_judgement(self._db, judgement, protected=is_hidden, digests=digests)
        number = number if self._protected else seen_number(self._db, number)
        self._update_names((one, other), is_seen=not is_hidden)
        return replace(judgement, number=number)

    def _confirm(self, waiting: Judgement, decision: Decision) -> Judgement:
        stored = waiting.number if self._protected else stored_number(self._db, waiting.number)
        confirm_judgement(self._db, stored, decision)
        self._update_names((waiting.one, waiting.other), is_seen=seen_number(self._db, stored) > 0)
        return replace(
            waiting,
            waits=False,
            confirmed=decision.day,
            confirmed_by=decision.by,
            confirmed_why=decision.why,
            confirmed_user=decision.user,
        )

    def _ends_digests(self, names: tuple[Ref, Ref]) -> tuple[str, str]:
        """Of the nodes of two names, as the protected scope and as everybody sees them."""
        found = []
        for protected in (True, False):
            with scope(self._db, protected=protected):
                found.append(ends_digest(self._db, names))
        return found[0], found[1]

    def judgements(self, node: str = "") -> list[JudgementStatus]:
        """The judgements in force about a node; without a node, all, with undone ones; each with its effect."""
        with scope(self._db, protected=self._protected):
            found = judgements_of_node(self._db, node) if node else list_judgements(self._db, active_only=False)
            return [JudgementStatus(j, judgement_state(self._db, j)) for j in found]

    def undo(self, number: int, by: str, why: str, day: str, user: str = "") -> Judgement:
        """Undo a judgement; the graph is then as if it had never been made. Raises NotFound and InputError."""
        with write_transaction(self._db):
            with scope(self._db, protected=self._protected):
                check_undo(self._db, number)
            stored = number if self._protected else stored_number(self._db, number)
            undone = undo_judgement(self._db, stored, by, why, day, user)
            self._update_names((undone.one, undone.other), is_seen=seen_number(self._db, stored) > 0)
        return replace(undone, number=number)

    def rebuild_if_outdated(self, progress: Progress = lambda phase, done: None) -> bool:
        """Build the projection anew if it was made under another ontology; says whether it was."""
        if not is_of_other_ontology(self._db, self._ontology):
            return False
        from kg.ledger.loads import count_open_records

        with write_transaction(self._db):
            count_open_records(self._db, self._ontology)
            self._rebuild(progress)
            raise_version(self._db, OPEN_VERSION)
        return True

    def follow_day(self, today: str) -> bool:
        """Bring the graph to today if a paper has begun or ended since its day; says whether one has."""
        if not is_of_other_day(self._db, today):
            return False
        from kg.ledger.projection.sought_status import follow_day

        with write_transaction(self._db):
            is_open, is_protected = follow_day(self._db, self._ontology, today)
            if is_open:
                raise_version(self._db, OPEN_VERSION)
            if is_open or is_protected:
                raise_version(self._db)
        return True

    def _update_projection(
        self,
        touched: int,
        progress: Progress,
        open_touched: int | None,
        staged: StagedRecords | None = None,
        joins: JoinCounter | None = None,
    ) -> None:
        """Follow a load that touched so many records; `open_touched` is None for one that not everybody sees."""
        from kg.ledger.loads import count_records_in_force
        from kg.ledger.projection.outdated_suggestions import outdate_suggestions
        from kg.ledger.projection.sought_status import follow_graph_day

        is_outdated = get_meta(self._db, "ontology") != self._ontology.digest
        if open_touched or (open_touched == 0 and (is_outdated or get_meta(self._db, OPEN_VERSION) == "0")):
            raise_version(self._db, OPEN_VERSION)
        if not touched and not is_outdated:
            return
        total = count_records_in_force(self._db)
        if touched > self._rebuild_share * total or is_outdated:
            self._rebuild(progress, staged, joins)
            outdate_suggestions(self._db)
        else:
            self._update_incrementally(outdates=True, joins=joins)
            follow_graph_day(self._db, self._ontology)
            raise_version(self._db)

    def _count_waiting_links(self, *results: LoadResult) -> None:
        for protected, result in zip((True, False), results, strict=True):
            with scope(self._db, protected=protected):
                result.waiting = count_waiting_links(self._db)
                result.waiting_for_reference = count_links_waiting_for_reference(self._db)

    def _update_names(self, names: Iterable[Ref], *, is_seen: bool) -> None:
        from kg.ledger.loads import reset_touched_records

        reset_touched_records(self._db)
        self._update_incrementally(names)
        raise_version(self._db)
        if is_seen:
            raise_version(self._db, OPEN_VERSION)

    def _update_incrementally(
        self, names: Iterable[Ref] = (), *, outdates: bool = False, joins: JoinCounter | None = None
    ) -> None:
        from kg.ledger.projection.incremental import IncrementalUpdate

        IncrementalUpdate(self._db, self._ontology, names, joins).run(outdates=outdates)

    def _rebuild(
        self, progress: Progress, staged: StagedRecords | None = None, joins: JoinCounter | None = None
    ) -> None:
        from kg.ledger.projection.rebuild import rebuild_projection

        rebuild_projection(self._db, self._ontology, progress, staged, joins)
        raise_version(self._db)


def _count_reject(result: LoadResult, reject: Reject, reason: str, *, is_counted: bool = True) -> None:
    if not is_counted:
        result.left_out_rejects += 1
    elif reject.whole:
        result.rejected += 1
    elif reject.is_remark:
        result.remarks += 1
    else:
        result.set_aside += 1
    if is_counted and reject.cells is not None:
        result.mendable += 1
    result.reasons[reason] = result.reasons.get(reason, 0) + 1
    examples = result.examples.setdefault(reason, [])
    if result.reasons[reason] <= EXAMPLES_KEPT:
        from kg.ledger.loads import RejectExample

        shown = (reject.cell, reject.reason) if is_counted else ("", reason)  # no value of a protected row
        examples.append(RejectExample(reject.file, reject.line, *shown, reject.is_advice))


def raise_on_reject(reject: Reject) -> None:
    """For strict loads: raise StrictReject for any reject but advice on what was read."""
    if reject.is_advice:
        return
    raise StrictReject(f"{reject.place}: {reject.reason}")


def _has_no_case(connection: sqlite3.Connection) -> bool:
    """Whether a store has nothing but the reference facts, so that nobody misses answers while it is filled."""
    found = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM source WHERE name <> 'reference')")
    return bool(found.fetchone()[0])


def count_waiting_links(connection: sqlite3.Connection) -> int:
    """How many links are unresolved."""
    query = "SELECT count(*) FROM (SELECT DISTINCT link_ns, link_key, link_part FROM waiting)"
    return int(connection.execute(query).fetchone()[0])


def count_links_waiting_for_reference(connection: sqlite3.Connection) -> int:
    """How many unresolved links lead to a jurisdiction; 0 where the reference facts are loaded."""
    query = """SELECT count(*) FROM (
        SELECT DISTINCT link_ns, link_key, link_part FROM waiting
        WHERE ns = (SELECT num FROM namespace WHERE name = 'jurisdiction')
            AND NOT EXISTS (SELECT 1 FROM source WHERE name = 'reference'))"""
    return int(connection.execute(query).fetchone()[0])
