"""Export the graph for a bulk import into a Neo4j that does not run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kg.database import translate_errors
from kg.errors import InputError
from kg.exports.target import MANIFEST, atomic_folder
from kg.files import is_stream, write_atomically
from kg.operations.ledger.erase import remember_activity
from kg.operations.workspace import Workspace, bring_up_to_date

if TYPE_CHECKING:
    from kg.stores.neo4j.bulk_files import BulkFiles

NEO4J_ADMIN = "neo4j-admin"
"""The format of an export that `neo4j-admin database import` reads."""


@dataclass(frozen=True, slots=True)
class BulkExportResult:
    """What an export for neo4j-admin wrote."""

    target: str
    version: str
    protected: bool
    nodes: int
    links: int
    files: tuple[str, ...]

    @property
    def command(self) -> str:
        """What imports it into a Neo4j that does not run, 5.x or 2026.x, called in the folder."""
        from kg.stores.neo4j.bulk_files import ARGUMENTS

        return f"neo4j-admin database import full neo4j @{ARGUMENTS}"

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {"format": NEO4J_ADMIN, **asdict(self), "command": self.command}


def export_bulk(workspace: Workspace, folder: str, *, protected: bool = False) -> BulkExportResult:
    """Write the whole graph as files for `neo4j-admin database import`, as `kg sync` would write it into a Neo4j.

    Raises InputError for a folder that cannot be, or protected facts without their scope; StoreBusy where somebody
    wrote to the graph just as the export began.
    """
    from kg.stores.neo4j import CopyScope
    from kg.stores.neo4j.bulk_files import BulkFilesRequest, write_bulk_files

    if protected and not workspace.protected:
        raise InputError("protected facts are exported only in the protected scope; set KG_SCOPE=protected")
    if is_stream(folder):
        raise InputError("files for neo4j-admin are many; expected the name of a folder")
    bring_up_to_date(workspace)
    with translate_errors(workspace.path), atomic_folder(folder) as inside:
        request = BulkFilesRequest(workspace.path, CopyScope(workspace.ontology, protected), inside, workspace.progress)
        written = write_bulk_files(request)
        result = finish_bulk_export(folder, inside, written, protected=protected)
    remember_activity(workspace, "export", f"{NEO4J_ADMIN} to {folder}", protected=protected)
    return result


def finish_bulk_export(folder: str, inside: Path, written: BulkFiles, *, protected: bool) -> BulkExportResult:
    """Write the manifest beside the files, which are `inside` a folder that becomes `folder`."""
    result = BulkExportResult(folder, written.version, protected, written.nodes, written.links, written.files)
    content = {name: value for name, value in result.to_json().items() if name != "target"}
    content["files"] = [{"name": name, "bytes": (inside / name).stat().st_size} for name in result.files]
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    write_atomically(inside / MANIFEST, orjson.dumps(content, option=options))
    return result
