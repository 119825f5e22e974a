"""The saved queries of this package, and their archive for the favorites of Neo4j Browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache

from kg.errors import InputError, NotFound
from kg.queries.saved_query import SavedQuery, parse_query
from kg.resources import data_dir

ARCHIVE_NAME = "queries.zip"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""A fixed time, so that the same queries give the same bytes."""


@cache
def query_pack() -> Mapping[str, SavedQuery]:
    """Every query by its name, `topic/name`, in the order of names. Raises InputError for an invalid file."""
    folder = data_dir("cypher") / "queries"
    names = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.cypher"))
    return {name: parse_query(name, (folder / f"{name}.cypher").read_text(encoding="utf-8")) for name in names}


def find_query(name: str) -> SavedQuery:
    """The query of this name; the topic may be left out where only one has it. Raises NotFound and InputError."""
    found = [key for key in query_pack() if name in (key, key.split("/", 1)[1])]
    if not found:
        missing = NotFound(f"no saved query is called {name!r}", "`kg query --list` shows all")
        raise missing.with_field("name", name, "expected the name of a saved query, as their list has it")
    if len(found) > 1:
        raise InputError(f"{name!r} may be {' or '.join(found)}; say which")
    return query_pack()[found[0]]


def favorites_archive() -> bytes:
    """A zip archive of the saved queries: in Browser, each topic becomes a folder and each title a query's name."""
    folder, content = data_dir("cypher") / "queries", io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in query_pack():
            entry = zipfile.ZipInfo(f"{name}.cypher", FIXED_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (folder / f"{name}.cypher").read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()
