"""The matches of a screening as a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import orjson

from kg.errors import InputError, InputLocation
from kg.findings.matches import Screening, reasons_of, rival_words
from kg.operations.workspace import today
from kg.reports.render.workbook import ReportSheet, render_sheets

COLUMNS = (
    *("target", "target_key", "entry", "entry_key", "probability", "band", "capped", "bits", "evidence", "rivals"),
    *("namesakes_expected", "missing", "warnings", "sources", "entries_compared", "crowded", "rules_version"),
)
_FORMATS = (".csv", ".xlsx", ".json")


def check_output(name: str) -> None:
    """Raise InputError for a file whose ending is of no format."""
    if name and Path(name).suffix.lower() not in _FORMATS:
        raise InputError(f"expected a file ending in {', '.join(_FORMATS)}", InputLocation(key="--out", value=name))


def render_hits(screening: Screening, name: str) -> bytes:
    """The content of a file of this name; a target without a match has a row of its own."""
    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return orjson.dumps(screening, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if suffix == ".xlsx":
        return render_sheets([ReportSheet("matches", COLUMNS, _rows(screening))], today())
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_without_formula(cell) for cell in row] for row in _rows(screening))
    return out.getvalue().encode("utf-8-sig")


def _rows(screening: Screening) -> list[tuple[str | float, ...]]:
    rows: list[tuple[str | float, ...]] = []
    for target in screening.targets:
        end, key = (target.compared, target.crowded), screening.references.get(target.id, target.id)
        if not target.matches:
            rows.append((target.caption, key, "", "", "", "none", *[""] * 8, *end, ""))
        for m in target.matches:
            evidence = "; ".join(reasons_of(m))
            rows.append(
                (
                    *(target.caption, key, m.other_caption, screening.references.get(m.other, m.other)),
                    *(m.probability, m.band, m.capped, m.bits, evidence, rival_words(m, screening.references)),
                    *(
                        "" if m.namesakes_expected is None else m.namesakes_expected,
                        ", ".join(m.missing),
                        "; ".join(m.warnings),
                        ", ".join(m.other_sources),
                    ),
                    *(*end, m.rules_version),
                )
            )
    return rows


def _without_formula(cell: str | float) -> str | float:
    """A text that a spreadsheet program does not take for a formula."""
    return "'" + cell if isinstance(cell, str) and cell[1:] and cell[0] in "=+-@\t\r" else cell
