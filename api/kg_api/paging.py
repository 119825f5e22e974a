"""Where does a page go on?"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

ID = re.compile("[a-z2-7]{26}")
"""The id of a node or a link."""

NEXT = Query(max_length=60, description="`next` of the page before; empty for the first page.")


def _from_a_page(cursor: str) -> str:
    if cursor and not ID.fullmatch(cursor):
        raise ValueError("expected what an earlier page gave as next")
    return cursor


Cursor = Annotated[str, NEXT]
IdCursor = Annotated[str, AfterValidator(_from_a_page), NEXT]
"""The id that an earlier page ended with, or nothing."""
