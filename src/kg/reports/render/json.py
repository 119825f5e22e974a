"""How does a report look as JSON?"""

from __future__ import annotations

from dataclasses import fields

from kg.reports.cluster_report.model import Report

FORMAT = "kg report 1"
"""The number is raised when a reader of the file would have to change."""


def render_json(report: Report) -> str:
    """Everything the report says, as indented JSON with keys in the order of the pages."""
    import orjson

    content = {"format": FORMAT, **{f.name: getattr(report, f.name) for f in fields(report)}}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"
