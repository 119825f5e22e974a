"""`kg review`: look at pairs that may be one, one after the other, and judge them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import open_workspace, print_line, print_table
from kg.errors import InputError, InputLocation, KgError
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.findings.matches import Match
    from kg.operations import Workspace
    from kg.stores.sqlite.store import SqliteStore

JUDGED = {"s": "same", "d": "distinct", "u": "unsure"}
KEYS = {**JUDGED, "k": "skip", "z": "undo last", "q": "quit"}
QUESTION = ", ".join(f"{key} {word}" for key, word in KEYS.items())


def review(
    node: Annotated[
        str, typer.Argument(help="Only pairs with this node; without it, of everybody wanted, then all kept.")
    ] = "",
    least: Annotated[float, typer.Option("--from", min=0, max=1, help="Least probability of a pair.")] = 0.1,
    by: Annotated[str, typer.Option("--by", help="Who decides; asked once where it is not given.")] = "",
) -> None:
    """Review pairs that may be one person or company: see what speaks for it and what a judgement would do, and judge.

    Each pair is answered with one letter: s same, d distinct, u unsure, k skip, z undo the last judgement, q quit. The
    grounds follow on the line, or are asked for: an empty line there cancels the answer, and a letter is no reason.
    Where the input ends without a reason, nothing is recorded. Answers may come from a pipe, a line each. What is
    judged is recorded at once, and stays where the review is interrupted. What `kg candidates --write` keeps comes
    after everybody wanted.
    """
    from kg.operations.workspace import open_live_store

    interrupted: KeyboardInterrupt | None = None
    with open_workspace() as workspace, open_live_store(workspace) as store:
        session = _Session(workspace, store, by)
        try:
            session.run(node, least)
        except KeyboardInterrupt as error:  # what was judged goes to the Neo4j too
            interrupted = error
        print_line(session.summary())
    if interrupted:
        raise interrupted


class _EndOfAnswersError(Exception):
    """Nobody answers any longer."""


@dataclass
class _Session:
    """One review: who decides, and what they have decided."""

    workspace: Workspace
    store: SqliteStore
    by: str
    judged: list[tuple[int, Match]] = field(default_factory=list)
    """The number of each judgement of this review that stands, and its pair."""
    skipped: int = 0
    waiting: int = 0
    """Pairs that only a second person can confirm."""
    clusters: dict[str, frozenset[frozenset[str]]] = field(default_factory=dict)
    again: list[Match] = field(default_factory=list)
    """Pairs that come next, the last one first."""

    def run(self, node: str, least: float) -> None:
        """Show pairs until there are none, or until somebody quits."""
        from kg.operations.ledger.judgements import check_text
        from kg.operations.matching.review import review_queue

        if not sys.stdin.isatty():
            print_line(f"Answers are read from the input, a line each: {QUESTION}; the reason after the letter.")
        try:
            while not self.by.strip():
                self.by = _ask("Who decides (--by)?")
            check_text("--by", self.by)
            queue = review_queue(self.store, self.workspace.ontology, least, node)
            for number, match in enumerate(self._pairs(queue), 1):
                print_line(f"\npair {number}")
                self._show(match)
                while not self._answered(match):
                    pass
            print_line("no more pairs to review")
        except _EndOfAnswersError:
            pass

    def summary(self) -> str:
        """What was decided."""
        said = [f"{plural(len(self.judged), 'pairs')} judged", f"{self.skipped:,} skipped"]
        if self.waiting:
            said.append(f"{self.waiting:,} proposed by you before and waiting for a second person")
        return "; ".join(said)

    def _pairs(self, queue: Iterator[Match]) -> Iterator[Match]:
        """The pairs of the queue, and those that were undone before the next one."""
        from kg.ledger.judgements import check_second_person, find_waiting

        for match in queue:
            waiting = find_waiting(self.store.connection, (match.one, match.other))
            try:
                if waiting:
                    check_second_person(waiting, self.by, self.workspace.user)
            except InputError:
                self.waiting += 1
                continue
            self.again.append(match)
            while self.again:
                pair = self.again.pop()
                if len(self.store.nodes((pair.one, pair.other))) == 2:  # a pair; one may have gone meanwhile
                    yield pair

    def _show(self, match: Match) -> None:
        from kg.cli.commands.judgements import judgement_text
        from kg.cli.commands.why import show_match
        from kg.ledger.judgements import find_waiting
        from kg.operations.matching.review import compared_values

        rows = [(row.property, row.one, row.other) for row in compared_values(self.store, match)]
        sides = (f"{match.one_caption} ({match.one})", f"{match.other_caption} ({match.other})")
        print_table(("", *sides), rows)
        show_match(match)
        if waiting := find_waiting(self.store.connection, (match.one, match.other)):
            print_line(f"{judgement_text(waiting)}: s confirms it")
        self._show_effect(match)

    def _show_effect(self, match: Match) -> None:
        from kg import operations
        from kg.cli.commands.judgements import show_effect

        attribution = operations.Attribution(self.by, "review")
        names = match.one, match.other
        try:
            effect = operations.preview_judgement(self.workspace, "same", names, attribution, known=self.clusters)
        except KgError as error:
            print_line(f"cannot be judged the same: {error}")
        else:
            show_effect(effect)

    def _answered(self, match: Match) -> bool:
        """Whether an answer ends with this pair."""
        word, _, reason = _ask(f"{QUESTION}?").partition(" ")
        key = word.casefold()[:1] if word.casefold() in {*KEYS, *KEYS.values()} else ""
        if key == "q":
            raise _EndOfAnswersError
        if key == "k":
            self.skipped += 1
            return True
        try:
            if key in JUDGED:
                return self._judge(match, JUDGED[key], reason)
            if key == "z":
                return self._undo(match, reason)
        except KgError as error:
            print_line(f"not recorded: {error}", err=True)
            return False
        print_line(f"not understood: {word!r}; expected {QUESTION}" if word else f"expected {QUESTION}", err=True)
        return False

    def _judge(self, match: Match, kind: str, reason: str) -> bool:
        from kg import operations
        from kg.cli.commands.judgements import judgement_text

        given = _reason(reason)
        if not given:
            return False
        attribution = operations.Attribution(self.by, given)
        made = operations.judge(self.workspace, kind, (match.one, match.other), attribution)
        self.judged.append((made.number, match))
        print_line(judgement_text(made))
        return True

    def _undo(self, match: Match, reason: str) -> bool:
        from kg import operations

        if not self.judged:
            print_line("nothing was judged in this review", err=True)
            return False
        given = _reason(reason)
        if not given:
            return False
        number, earlier = self.judged[-1]
        operations.undo_judgement(self.workspace, number, operations.Attribution(self.by, given))
        self.judged.pop()
        print_line(f"judgement {number} undone")
        self.again += [match, earlier]  # the earlier pair comes first
        return True


def _reason(given: str) -> str:
    """The reason that stands behind the letter, or the answer to the question for it; none where that is empty."""
    if given.strip():
        return given.strip()
    while given := _ask("reason? (an empty line cancels)"):
        first, *rest = given.casefold().split()
        if first not in KEYS and (rest or first not in KEYS.values()):
            return given
        print_line(
            f"not a reason: {given!r} is an answer about a pair; give the reason, or an empty line to cancel", err=True
        )
    print_line("cancelled; nothing is recorded")
    return ""


def _ask(question: str) -> str:
    """One line of an answer. Raises _EndOfAnswersError where there is none, InputError for what is no UTF-8."""
    typer.echo(f"{question} ", nl=False)
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        raise InputError("expected UTF-8", InputLocation("the input")) from None
    if not sys.stdin.isatty():
        typer.echo()
    if not line:
        raise _EndOfAnswersError
    return line.strip()
