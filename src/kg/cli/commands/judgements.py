"""`kg same`, `distinct`, `judgements` and `undo`: judgements about identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.ledger.judgement_status import JudgementStatus
    from kg.records import Judgement

DecidedBy = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--why", help="The grounds.")]
FirstNode = Annotated[str, typer.Argument(help="An id, a former id, namespace:key, or a name that only one node has.")]
SecondNode = Annotated[str, typer.Argument(help="The other one, named in the same way.")]


def same(
    one: FirstNode,
    other: SecondNode,
    by: DecidedBy,
    why: Reason,
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Also join types that exclude each other, such as Person and Enterprise.")
    ] = False,
    json: Json = False,
) -> None:
    """Record that two entities are the same. They become one node, to which both ids lead.

    A judgement that contradicts the records or another judgement is refused, with the chain that contradicts it; so is
    one that joins two types that exclude each other.
    """
    from kg import operations

    with open_workspace() as workspace:
        made = operations.judge(
            workspace, "same", (one, other), operations.Attribution(by, why), allow_mixed_types=mixed
        )
    _show_judgement(made, json=json)


def distinct(one: FirstNode, other: SecondNode, by: DecidedBy, why: Reason, json: Json = False) -> None:
    """Record that two entities are different; stops suggesting them as a match.

    A judgement that contradicts the records or another judgement is refused, with the chain that contradicts it.
    """
    from kg import operations

    with open_workspace() as workspace:
        made = operations.judge(workspace, "distinct", (one, other), operations.Attribution(by, why))
    _show_judgement(made, json=json)


def _show_judgement(judgement: Judgement, *, json: bool) -> None:
    if json:
        print_json(judgement)
    else:
        sign = "=" if judgement.kind == "same" else "≠"
        one, other = ":".join(judgement.one), ":".join(judgement.other)
        print_line(f"judgement {judgement.number}: {one} {sign} {other}, by {judgement.by}")


def judgements(
    node: Annotated[str, typer.Argument(help="Only those about this node, named as for `kg show`.")] = "",
    json: Json = False,
) -> None:
    """List the judgements about identity: who made them, why, and their status.

    A judgement rests while no record uses one of its names, and is contradicted when records join what it keeps apart.
    """
    from kg import operations

    with open_workspace() as workspace:
        found = operations.list_judgements(workspace, node)
    if json:
        print_json([judged.to_json() for judged in found])
    elif not found:
        print_line("no judgements")
    else:
        show_judgements(found)


def show_judgements(found: list[JudgementStatus] | tuple[JudgementStatus, ...]) -> None:
    """Print judgements as a table."""
    rows = []
    for judged in found:
        made = judged.judgement
        sign = "=" if made.kind == "same" else "≠"
        state = judged.state
        if made.undone:
            state = f"undone on {made.undone} by {made.undone_by}: {made.undone_why}"
        pair = f"{':'.join(made.one)} {sign} {':'.join(made.other)}"
        recorded = ", ".join(dict.fromkeys(filter(None, (made.user, made.undone_user))))
        rows.append((str(made.number), pair, made.by, recorded, made.day, made.why, state))
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
