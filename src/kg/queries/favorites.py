"""An archive of all saved queries for the favorites of Neo4j Browser."""

from __future__ import annotations

import io
import zipfile

from kg.queries.pack import query_pack
from kg.resources import data_dir

ARCHIVE_NAME = "queries.zip"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""A fixed time, so that the same queries give the same bytes."""


def favorites_archive() -> bytes:
    """A zip archive of the saved queries: in Browser, each topic becomes a folder and each title a query's name."""
    folder, content = data_dir("cypher") / "queries", io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in query_pack():
            entry = zipfile.ZipInfo(f"{name}.cypher", FIXED_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, (folder / f"{name}.cypher").read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()
