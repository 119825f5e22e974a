"""Answers as graph files: GraphML, GEXF, Cytoscape and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response

from kg.operations import Subgraph, render_subgraph
from kg.operations.answers import AnswerSummary
from kg_api.answer_route import record_summary
from kg_api.dependencies import GraphRequest

GraphFormat = Annotated[
    Literal["json", "graphml", "gexf", "cytoscape", "svg"],
    Query(description="The answer itself, or its graph for yEd and NetworkX, for Gephi, for Cytoscape, or drawn."),
]

MEDIA_TYPES = {
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "cytoscape": "application/vnd.kg.cytoscape+json",
    "svg": "image/svg+xml",
}
"""By format. An address with `?format=` can be pasted where no header can be set."""

SUFFIXES = {"graphml": "graphml", "gexf": "gexf", "cytoscape": "cyjs", "svg": "svg"}

MAX_NAMED = 3
"""Most ids in the name of a file."""

GRAPH_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MEDIA_TYPES["graphml"]: {"schema": {"type": "string"}},
            MEDIA_TYPES["gexf"]: {"schema": {"type": "string"}},
            MEDIA_TYPES["svg"]: {"schema": {"type": "string"}},
            MEDIA_TYPES["cytoscape"]: {
                "schema": {
                    "type": "object",
                    "required": ["format_version", "data", "elements"],
                    "properties": {
                        "format_version": {"type": "string"},
                        "data": {"type": "object"},
                        "elements": {"type": "object", "required": ["nodes", "edges"]},
                    },
                }
            },
        }
    }
}
"""The media types of such an answer besides JSON."""


def graph_response(  # what is answered, to whom, and how
    request: GraphRequest,
    response: Response,
    graph: Subgraph,
    form: str,
    summary: AnswerSummary,
    places: Mapping[str, tuple[float, float]] | None = None,
) -> Response:
    """The graph as a file, with the headers that the answer would have had, and recorded in the audit log like it."""
    record_summary(summary)
    name = "-".join(("kg", *summary.about[:MAX_NAMED]))
    headers = {**response.headers, "Content-Disposition": f'attachment; filename="{name}.{SUFFIXES[form]}"'}
    content = render_subgraph(request.service.workspace.ontology, graph, form, places)
    return Response(content, headers=headers, media_type=MEDIA_TYPES[form])
