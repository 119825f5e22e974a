"""The command `kg freeze-set`: the restraint of which few things cuts a person off from their assets?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.routes import AsOf, Requesting
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings import FreezeSet


def freeze_set(
    person: Annotated[str, typer.Argument(help="A person: an id, namespace:key, or a name.")],
    requesting: Requesting = "",
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Find the fewest enterprises, accounts or other things whose restraint cuts a person off from their assets.

    Chains of holdings in force on the day count, as they do for routes. People are never in the set, and what a measure
    restrains already is left out. This is research, not legal advice: who may restrain what is for the host's courts.
    """
    from kg import operations
    from kg.findings import DISCLAIMERS
    from kg.operations.answers import FreezeSetAnswer

    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        query = operations.LegalQuery(operations.requesting_code(workspace, requesting), as_of)
        found = operations.find_freezes(store, query, person)
        frame = operations.legal_frame(store, query)
        if json:
            print_json(FreezeSetAnswer.of(frame, found))
            return
        named = {
            found.person,
            *found.assets,
            *found.restrained,
            *found.traced_only,
            *(one.node for one in found.restrain),
        }
        names = {node.id: node.caption for node in store.nodes(named).values()}
    for line in (DISCLAIMERS[0], *(f"! {note}" for note in frame.notes)):
        print_line(line)
    for line in _head_lines(found, names, frame.day):
        print_line(line)
    rows = [
        (
            names[one.node],
            one.kind,
            ", ".join(one.hosts) or "not known",
            str(len(one.assets)),
            "through a relative, which accuses nobody" if one.through_relatives else "",
            one.node,
        )
        for one in found.restrain
    ]
    if rows:
        print_table(("restrain", "type", "where", "assets behind", "note", "id"), rows)
    for node in found.restrained:
        if node not in found.traced_only:
            print_line(f"restrained already: {names[node]} ({node})")
    for node in found.traced_only:
        also = ", restrained already" if node in found.restrained else ""
        print_line(f"traced, but held by no chain{also}: {names[node]} ({node})")


def _head_lines(found: FreezeSet, names: Mapping[str, str], day: str) -> Iterator[str]:
    yield f"{names[found.person]} ({found.person}) on {day}: reaches {_assets(len(found.assets))}"
    if found.assets:
        yield f"the fewest things whose restraint cuts all of them off: {len(found.restrain)}; no smaller set does"
    if not found.complete:
        yield "! the chains go further than six links or 2,000 nodes: what lies beyond was not looked at"


def _assets(number: int) -> str:
    return f"{number} asset{'' if number == 1 else 's'} that nothing restrains"
