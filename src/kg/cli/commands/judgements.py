"""`kg same`, `distinct`, `unsure`, `judgements` and `undo`: judgements about identity."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings.matches import JudgementEffect
    from kg.ledger.judgement_status import JudgementStatus
    from kg.records import Judgement

DecidedBy = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--why", help="The grounds.")]
DecidedByUnlessDry = Annotated[str, typer.Option("--by", help="Who decides. Not needed with --dry-run.")]
ReasonUnlessDry = Annotated[str, typer.Option("--why", help="The grounds. Not needed with --dry-run.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what the judgement would do, and record nothing.")]
FirstNode = Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")]
SecondNode = Annotated[str, typer.Argument(help="The other one, named in the same way.")]


def same(  # noqa: PLR0913  # one flag a parameter
    one: FirstNode,
    other: SecondNode,
    by: DecidedByUnlessDry = "",
    why: ReasonUnlessDry = "",
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Also join types that exclude each other, such as Person and Enterprise.")
    ] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Record that two entities are the same. They become one node, to which both ids lead.

    A judgement that contradicts the records or another judgement is refused, with the chain that contradicts it; so is
    one that joins two types that exclude each other. With KG_TWO_EYES=1, one about somebody wanted has no effect until
    a second person gives the same command.
    """
    _judge("same", (one, other), (by, why), mixed=mixed, dry_run=dry_run, json=json)


def distinct(
    one: FirstNode,
    other: SecondNode,
    by: DecidedByUnlessDry = "",
    why: ReasonUnlessDry = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Record that two entities are different; stops suggesting them as a match.

    A judgement that contradicts the records or another judgement is refused, with the chain that contradicts it.
    """
    _judge("distinct", (one, other), (by, why), dry_run=dry_run, json=json)


def unsure(
    one: FirstNode,
    other: SecondNode,
    by: DecidedByUnlessDry = "",
    why: ReasonUnlessDry = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Record that nobody can say whether two entities are the same. Nothing is merged and nothing kept apart.

    `kg review` does not ask about the pair again until a load changes a record of either.
    """
    _judge("unsure", (one, other), (by, why), dry_run=dry_run, json=json)


def _judge(
    kind: str, names: tuple[str, str], said: tuple[str, str], *, dry_run: bool, json: bool, mixed: bool = False
) -> None:
    from kg import operations
    from kg.operations.matching.comparison import evidence_against

    with open_workspace(syncs=not dry_run) as workspace:
        against = evidence_against(workspace, *names) if kind == "same" else ()
        if dry_run:
            attribution = operations.Attribution(*(text or "nobody yet" for text in said))
            effect = operations.preview_judgement(workspace, kind, names, attribution, allow_mixed_types=mixed)
            if json:
                print_json({**asdict(effect), "sentence": effect.sentence, "evidence_against": against})
            else:
                show_effect(effect)
                _show_against(against)
            return
        made = operations.judge(workspace, kind, names, operations.Attribution(*said), allow_mixed_types=mixed)
    if json:
        print_json({**asdict(made), "evidence_against": against})
    else:
        print_line(judgement_text(made))
        _show_against(against)


def _show_against(against: tuple[str, ...]) -> None:
    if against:
        print_line(f"  ! evidence against: {'; '.join(against)}")


def show_effect(effect: JudgementEffect) -> None:
    """Print what a judgement would do."""
    print_line(f"judged {effect.kind}: {effect.sentence}")
    for sentence in effect.contradictions:
        print_line(f"  ! contradiction: {sentence}")
    if effect.missing:
        print_line(f"  it takes effect only after {effect.missing}")


def judgement_text(judgement: Judgement) -> str:
    """What was recorded, and what is missing until it takes effect."""
    if judgement.confirmed:
        return f"judgement {judgement.number} confirmed by {judgement.confirmed_by}: {_pair(judgement)}"
    text = f"judgement {judgement.number}: {_pair(judgement)}, by {judgement.by}"
    if judgement.waits:
        from kg.operations.matching.judgement_effects import SECOND_PERSON

        text += f"; it has no effect yet and waits for {SECOND_PERSON}"
    return text


def _pair(judgement: Judgement) -> str:
    sign = {"same": "=", "distinct": "≠"}.get(judgement.kind, "?")
    return f"{':'.join(judgement.one)} {sign} {':'.join(judgement.other)}"


def judgements(
    node: Annotated[str, typer.Argument(help="Only those about this node, named as for `kg show`.")] = "",
    resolver: Annotated[
        Path | None, typer.Option("--resolver", help="Record the judgements of a resolver file of nomenklatura.")
    ] = None,
    namespace: Annotated[
        str, typer.Option(help="With --resolver: the namespace, or source, whose keys are the ids of the file.")
    ] = "",
    json: Json = False,
) -> None:
    """List the judgements about identity: who made them, why, and their status.

    A judgement rests while no record uses one of its names, and is contradicted when records join what it keeps apart.
    One that waits for confirmation has no effect until a second person gives `kg same` on the same two. An unsure one
    is reopened when records of either have changed since.
    """
    from kg import operations

    if resolver or namespace:
        _record(resolver, namespace, node, json=json)
        return
    with open_workspace() as workspace:
        found = operations.list_judgements(workspace, node)
    if json:
        print_json([judged.to_json() for judged in found])
    elif not found:
        print_line("no judgements")
    else:
        show_judgements(found)


def _record(resolver: Path | None, namespace: str, node: str, *, json: bool) -> None:
    from kg.errors import InputError, InputLocation
    from kg.operations.ledger.resolver_files import record_resolver_file

    if not resolver or not namespace or node:
        problem = "expected --resolver FILE and --namespace NAME together, without a node"
        raise InputError(problem, InputLocation(key="--resolver" if resolver else "--namespace", value=namespace))
    with open_workspace() as workspace:
        done = record_resolver_file(workspace, resolver, namespace)
    if json:
        print_json(done)
        return
    for made in done.recorded:
        print_line(judgement_text(made))
    for problem in done.refused:
        print_line(f"not recorded: {problem}")
    counts = (
        (len(done.recorded), "recorded"),
        (done.known, "known before"),
        (done.absent, "about nobody in the graph"),
        (done.open, "without a judgement"),
        (len(done.refused), "refused"),
    )
    print_line("; ".join(f"{count:,} {what}" for count, what in counts if count or what == "recorded"))


def show_judgements(found: list[JudgementStatus] | tuple[JudgementStatus, ...]) -> None:
    """Print judgements as a table."""
    rows = []
    for judged in found:
        made = judged.judgement
        state = judged.state
        if made.confirmed:
            state = f"{state}, confirmed on {made.confirmed} by {made.confirmed_by}: {made.confirmed_why}"
        if made.undone:
            state = f"undone on {made.undone} by {made.undone_by}: {made.undone_why}"
        recorded = ", ".join(dict.fromkeys(filter(None, (made.user, made.confirmed_user, made.undone_user))))
        rows.append((str(made.number), _pair(made), made.by, recorded, made.day, made.why, state))
    print_table(("number", "judgement", "by", "recorded by", "day", "reason", "status"), rows)


def undo(
    number: Annotated[int, typer.Argument(help="Number of the judgement; `kg judgements` lists them.")],
    by: DecidedBy,
    why: Reason,
    json: Json = False,
) -> None:
    """Undo a judgement. The graph is then as if it had never been made; the ledger keeps both."""
    from kg import operations

    with open_workspace() as workspace:
        undone = operations.undo_judgement(workspace, number, operations.Attribution(by, why))
    if json:
        print_json(undone)
    else:
        print_line(f"judgement {number} undone by {undone.undone_by}")
