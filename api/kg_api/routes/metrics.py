"""How is the service doing, in numbers?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from kg_api.metrics import MEDIA_TYPE, Metrics

router = APIRouter(tags=["health"])


@router.get("/metrics", operation_id="getMetrics", response_class=PlainTextResponse)
async def get_metrics(request: Request) -> Response:
    """Counts for Prometheus: requests by address and status, how long they took, refusals, budgets that ran out."""
    found = request.app.state.metrics
    assert isinstance(found, Metrics)
    return Response(found.render(), media_type=MEDIA_TYPE)
