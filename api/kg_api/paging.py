"""Where does a page go on?"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

ID_PATTERN = re.compile("[a-z2-7]{26}")
"""The id of a node or a link."""

CURSOR_QUERY = Query(max_length=60, description="`next` of the page before; empty for the first page.")


def _check_cursor(cursor: str) -> str:
    if cursor and not ID_PATTERN.fullmatch(cursor):
        raise ValueError("expected what an earlier page gave as next")
    return cursor


Cursor = Annotated[str, CURSOR_QUERY]
IdCursor = Annotated[str, AfterValidator(_check_cursor), CURSOR_QUERY]
"""The id that an earlier page ended with, or nothing."""
