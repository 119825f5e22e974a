"""`kg compare-names`: what two written names weigh."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.terminal import Json, print_json, print_line, print_table
from kg.errors import InputError


def compare_names(
    names: Annotated[list[str] | None, typer.Argument(help="Two names.", show_default=False)] = None,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", help="A CSV file with columns left and right, and perhaps kind.")
    ] = None,
    company: Annotated[bool, typer.Option("--company", help="The two names are of companies.")] = False,
    json: Json = False,
) -> None:
    """Compare written names across scripts, spellings and orders: bits for or against one name behind both.

    From 4 bits on they are told as the same. A name alone makes nobody the same person.
    """
    from kg.operations.matching.comparison import compare_pairs, compare_two

    if pairs and (names or company):
        raise InputError("expected two names, or --pairs FILE, and not both; a column kind says what is a company")
    if pairs:
        found = list(compare_pairs(pairs))
    elif names and len(names) == 2:
        found = [compare_two(*names, is_company=company)]
    else:
        raise InputError("expected two names, or --pairs FILE")
    if json:
        print_json(found)
        return
    rows = [(c.left, c.right, f"{c.bits:+.1f}", "same" if c.same else "", "; ".join(c.reasons)) for c in found]
    print_table(("left", "right", "bits", "told as", "why"), rows)
    if pairs:
        print_line(f"{sum(c.same for c in found):,} of {len(found):,} pairs are told as the same name")
