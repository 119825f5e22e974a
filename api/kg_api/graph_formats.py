"""How is an answer sent to a program that draws graphs?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response

from kg.operations import Subgraph, render_subgraph
from kg.operations.answers import AnswerSummary
from kg_api.answer_route import record_summary
from kg_api.dependencies import GraphRequest

GraphFormat = Annotated[
    Literal["json", "graphml", "cytoscape"],
    Query(description="The answer itself, or its graph for Gephi, yEd and NetworkX, or for Cytoscape."),
]

MEDIA_TYPES = {"graphml": "application/graphml+xml", "cytoscape": "application/vnd.kg.cytoscape+json"}
"""By format. An address with `?format=` can be pasted where no header can be set."""

SUFFIXES = {"graphml": "graphml", "cytoscape": "cyjs"}

GRAPH_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MEDIA_TYPES["graphml"]: {"schema": {"type": "string"}},
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
"""What such an answer is, beside the JSON."""


def graph_response(
    ask: GraphRequest, response: Response, graph: Subgraph, form: str, summary: AnswerSummary
) -> Response:
    """The graph as a file, with the headers that the answer would have had, and recorded in the audit log like it."""
    record_summary(summary)
    name = "-".join(("kg", *summary.about))
    headers = {**response.headers, "Content-Disposition": f'attachment; filename="{name}.{SUFFIXES[form]}"'}
    return Response(
        render_subgraph(ask.service.workspace.ontology, graph, form), headers=headers, media_type=MEDIA_TYPES[form]
    )
