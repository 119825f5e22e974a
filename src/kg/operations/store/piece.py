"""What a store that is a piece of a lake says of its edge."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import orjson

from kg.database import PIECE, find_meta

if TYPE_CHECKING:
    from kg.operations.workspace import Workspace


def edge_note(workspace: Workspace) -> str:
    """What was left out of a store that `kg lake pull` made; empty for any other, and for one that cannot be read."""
    if not workspace.path.is_file():
        return ""
    try:
        address = f"{workspace.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, timeout=0, uri=True)) as connection:
            text = find_meta(connection, PIECE)
        told = orjson.loads(text) if text else None
    except (sqlite3.Error, ValueError):  # the command itself says what is wrong
        return ""
    if not told or not told["cut"]["links"]:
        return ""
    cut, where = told["cut"], f"this store is a piece of {told['lake']} as of load {told['load']}"
    if cut["protected"] and not workspace.protected:
        return f"{where}; links that lead out of it were left out"
    return f"{where}; {cut['links']:,} links that lead out of it, of {cut['nodes']:,} nodes, were left out"
