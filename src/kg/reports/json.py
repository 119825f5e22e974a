"""How does a report look as data?"""

from __future__ import annotations

from dataclasses import asdict

from kg.reports.model import Report

FORMAT = "kg report 1"
"""The number is raised when a reader of the file would have to change."""


def to_json(report: Report) -> str:
    """Everything the report says, as indented JSON with keys in the order of the pages."""
    import orjson

    return orjson.dumps({"format": FORMAT, **asdict(report)}, option=orjson.OPT_INDENT_2).decode() + "\n"
