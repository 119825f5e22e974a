"""The command `kg law`: what binds two jurisdictions, and what do the tables of the law not have?"""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.commands.routes import Law
from kg.cli.terminal import Json, print_json, print_line, print_table
from kg.errors import InputError


def law(  # noqa: PLR0913  # one flag a parameter
    one: Annotated[str, typer.Argument(help="Code of a jurisdiction, such as CN.")] = "",
    other: Annotated[str, typer.Argument(help="Code of another.")] = "",
    as_of: Annotated[str, typer.Option(help="Day of the law; today by default.")] = "",
    holes: Annotated[bool, typer.Option("--holes", help="Show which rules of hosts no row answers.")] = False,
    host: Annotated[list[str] | None, typer.Option(help="With --holes: only this host; repeatable.")] = None,
    law: Law = None,
    json: Json = False,
) -> None:
    """Show what binds two jurisdictions on a day and why, or which cells of the tables of hosts' law are empty.

    This is research, not legal advice.
    """
    from kg import operations
    from kg.findings import DISCLAIMERS

    if holes == bool(one or other) or (host and not holes) or bool(one) != bool(other):
        raise InputError("give two codes, such as `kg law CN US`, or --holes")
    if holes:
        matrix = operations.find_law_holes(tuple(host or ()), as_of, law)
        if json:
            print_json(matrix)
            return
        print_line(DISCLAIMERS[0])
        print_line(f"{matrix.filled} of {len(matrix.hosts) * len(matrix.rules)} cells are filled on {matrix.day}")
        marks = [(code, *(matrix.answers[code][rule] or "-" for rule in matrix.rules)) for code in matrix.hosts]
        print_table(("host", *(rule.replace("_", " ") for rule in matrix.rules)), marks)
        waiting = {hole.rule: ", ".join(hole.routes) or "none: it is shown beside routes" for hole in matrix.holes}
        print_table(("rule with empty cells", "routes that wait"), list(waiting.items()))
        return
    found = operations.find_binding_law(one, other, as_of, law)
    if json:
        print_json(found)
        return
    print_line(DISCLAIMERS[0])
    for finding in found:
        print_line(finding.text)
        if finding.warning:
            print_line(f"    warning: {finding.warning}")
        for cited in finding.sources:
            print_line(f"    {cited.row}: {' '.join(filter(None, (cited.title, cited.date, cited.url)))}")
