"""How is an answer sent to a program that draws graphs?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response

from kg.operations import Drawing, draw
from kg_api.dependencies import Asked
from kg_api.middleware.request_context import Notes, note

Format = Annotated[
    Literal["json", "graphml", "cytoscape"],
    Query(description="The answer itself, or its graph for Gephi, yEd and NetworkX, or for Cytoscape."),
]

MEDIA = {"graphml": "application/graphml+xml", "cytoscape": "application/vnd.kg.cytoscape+json"}
"""By format. An address with `?format=` can be pasted where no header can be set."""

SUFFIXES = {"graphml": "graphml", "cytoscape": "cyjs"}

DRAWN: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MEDIA["graphml"]: {"schema": {"type": "string"}},
            MEDIA["cytoscape"]: {
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


def sent(ask: Asked, response: Response, drawing: Drawing, form: str, notes: Notes) -> Response:
    """The drawing as a file, with the headers that the answer would have had; it leaves the notes of that answer."""
    note(notes)
    name = "-".join(("kg", *notes.about))
    headers = {**response.headers, "Content-Disposition": f'attachment; filename="{name}.{SUFFIXES[form]}"'}
    return Response(draw(ask.service.place.ontology, drawing, form), headers=headers, media_type=MEDIA[form])
