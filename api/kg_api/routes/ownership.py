"""Who owns something, and what does somebody own, through all chains?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from kg.analysis.ownership import OwnershipQuestion
from kg.operations import find_holdings, find_owners
from kg_api.deps import Ask
from kg_api.models import OwnershipAnswer
from kg_api.trail import Noted

router = APIRouter(prefix="/v1", tags=["ownership"], route_class=Noted)

Id = Annotated[str, Path(max_length=500, description="An id, also a former one, or namespace:key.")]
AsOf = Annotated[str, Query(max_length=10, description="A day, month or year; the day of the graph when empty.")]
Least = Annotated[float, Query(ge=0, le=100, description="Smallest percentage that is listed.")]
Chains = Annotated[int, Query(ge=0, le=20, description="Most chains for each holding.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Most holdings; `more` says whether there are others.")]


@router.get("/entities/{id}/owners", operation_id="listOwners", response_model=OwnershipAnswer)
def owners(  # noqa: PLR0913  # one parameter of the address each
    ask: Ask,
    id: Id,
    as_of: AsOf = "",
    least: Least = 0.0,
    between: Annotated[bool, Query(description="Owners whose own owners are known too.")] = False,
    chains: Chains = 3,
    limit: Limit = 100,
) -> OwnershipAnswer:
    """Who owns an asset or enterprise, benefit and title apart; shares are intervals of percentages."""
    with ask.store() as store:
        found = find_owners(store, OwnershipQuestion(id, as_of, least, between, chains, limit))
        return OwnershipAnswer.of(found)


@router.get("/entities/{id}/holdings", operation_id="listHoldings", response_model=OwnershipAnswer)
def holdings(  # one parameter of the address each
    ask: Ask, id: Id, as_of: AsOf = "", least: Least = 0.0, chains: Chains = 3, limit: Limit = 100
) -> OwnershipAnswer:
    """What a person or enterprise owns, through all chains."""
    with ask.store() as store:
        question = OwnershipQuestion(id, as_of, least, most_chains=chains, most=limit)
        return OwnershipAnswer.of(find_holdings(store, question))
