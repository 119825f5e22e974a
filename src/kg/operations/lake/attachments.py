"""The attached files of a lake, beside its table, each under the SHA-256 of its bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.operations.store.attachments import DOCUMENT_TYPE, DOCUMENTS_NAMESPACE, AttachmentFolder, documents_of

if TYPE_CHECKING:
    from kg.lake.events import Lake


def lake_files(lake: Path) -> AttachmentFolder:
    """The folder of the attached files of a lake."""
    from kg.lake.events import ATTACHED_FOLDER

    return AttachmentFolder(lake / ATTACHED_FOLDER)


def cited_in_lake(lake: Lake) -> dict[str, bool]:
    """The digests of all attached files that events of a lake name, and whether only the protected scope knows them."""
    import pyarrow.parquet as pq

    from kg.lake.tables import RECORD

    wanted = [("namespace", "==", DOCUMENTS_NAMESPACE), ("type", "==", DOCUMENT_TYPE)]
    tables = (
        pq.read_table(path, columns=["key", "protected"], filters=wanted, partitioning=None)
        for path in lake.files(RECORD)
    )
    return documents_of((row["key"], row["protected"]) for table in tables for row in table.to_pylist())
