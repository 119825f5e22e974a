"""The command `kg portfolio`: whom should one work on when only so many people can be?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.routes import DEFAULT_PORTFOLIO, AsOf, Hosts, Law, Requesting
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings import FirstFreeze, LapseDate, Portfolio, StatusValue


def portfolio(  # noqa: PLR0913  # one flag a parameter
    requesting: Requesting = "",
    as_of: AsOf = "",
    host: Hosts = None,
    limit: Annotated[
        int, typer.Option(min=0, help="Most people, and most assets to freeze first.")
    ] = DEFAULT_PORTFOLIO,
    days: Annotated[int, typer.Option(min=0, help="Working days that there are; 0 for no budget.")] = 0,
    days_per_person: Annotated[int, typer.Option(min=1, help="Working days that a person is assumed to take.")] = 10,
    days_per_asset: Annotated[int, typer.Option(min=0, help="Working days that an asset is assumed to take.")] = 3,
    currency: Annotated[str, typer.Option(help="Code of the currency in which values are told.")] = "USD",
    law: Law = None,
    json: Json = False,
) -> None:
    """Choose whom to work on when only so many people can be: by harm and recoverable value covered, never by ease.

    Prints the objective, its weights, how good the choice is, values by the status that enforcement reached, which
    assets to freeze first, and who was left out and why.
    """
    from kg import operations
    from kg.findings import DISCLAIMERS
    from kg.operations.answers import PortfolioAnswer

    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        code = operations.requesting_code(workspace, requesting)
        query = operations.LegalQuery(code, as_of, tuple(host or ()), (), law, workspace.protected)
        asked = operations.PortfolioQuery(limit, days, days_per_person, days_per_asset, currency)
        found = operations.find_portfolio(store, query, asked)
        frame = operations.legal_frame(store, query)
        if json:
            print_json(PortfolioAnswer.of(frame, found))
            return
        everybody = {one.person for one in found.chosen} | {one.person for one in found.left_out}
        everybody |= {one.asset for one in found.first_freezes}
        names = {node.id: node.caption for node in store.nodes(everybody).values()}
    for line in (DISCLAIMERS[0], *(f"! {note}" for note in frame.notes)):
        print_line(line)
    for line in _head_lines(found):
        print_line(line)
    _show_chosen(found, names)
    _show_freezes(found, names)
    print_line(f"left out: {len(found.left_out)}")
    for one in found.left_out:
        print_line(f"  {names[one.person]} ({one.person}): {one.why}")


def _head_lines(found: Portfolio) -> Iterator[str]:
    yield f"objective: {found.objective}"
    yield f"weights: {', '.join(f'{kind} {weight:g}' for kind, weight in found.weights.items())}"
    budget = found.budget
    if budget.days:
        assumed = f"{budget.per_person} a person and {budget.per_asset} an asset, as assumed"
        yield f"budget: {budget.days} working days, {sum(one.days for one in found.chosen)} of them taken; {assumed}"
    yield from (f"rate: {rate}" for rate in found.rates)


def _show_chosen(found: Portfolio, names: Mapping[str, str]) -> None:
    rows = [
        (
            str(i),
            names[one.person],
            f"{one.gain:g}",
            ", ".join(f"{number} {kind}" for kind, number in one.adds.items()),
            "; of it through relatives: ".join(filter(None, map(_values, (one.values, one.through_relatives)))),
            _next_lapse(one.lapses),
            str(one.days),
            one.person,
        )
        for i, one in enumerate(found.chosen, 1)
    ]
    if not found.limit:
        print_line("nobody is chosen, because the limit is 0; --limit sets how many people can be worked on")
        print_line()
        return
    headings = ("", "person", "gain", "adds", f"recoverable, {found.currency}", "ends soon", "days", "id")
    print_table(headings, rows)
    print_line(f"value {found.value:g}; no choice of {found.limit} has more than {found.bound:g}")
    print_line(found.guarantee)
    for value in found.values:
        print_line(f"all chosen, {found.currency}, {value.text}")
    print_line()


def _show_freezes(found: Portfolio, names: Mapping[str, str]) -> None:
    if found.first_freezes:
        print_line("assets to freeze first: linked by a chain or a tracing, restrained by no measure")
        print_table(
            ("asset", "host", f"recoverable, {found.currency}", "risk", "route", "next", "id"),
            [_freeze_row(one, names) for one in found.first_freezes],
        )


def _freeze_row(one: FirstFreeze, names: Mapping[str, str]) -> tuple[str, ...]:
    from kg.findings import STATE_LABELS, interval_text

    worth = interval_text(one.low, one.high) if one.valued else "no value stated"
    risk = "; ".join((*one.risks, *((f"a person linked to it {one.note}",) if one.note else ())))
    route = f"{one.route} ({STATE_LABELS[one.state]}, {len(one.missing)} missing)"
    return names[one.asset], one.host, worth, risk, route, one.next_action, one.asset


def _values(values: Iterable[StatusValue]) -> str:
    return "; ".join(value.text for value in values)


def _next_lapse(lapses: tuple[LapseDate, ...]) -> str:
    more = f" and {len(lapses) - 1} more" if len(lapses) > 1 else ""
    return f"{lapses[0].day}: {lapses[0].what}{more}" if lapses else ""
