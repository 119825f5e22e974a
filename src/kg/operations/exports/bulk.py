"""How does the graph get into a Neo4j in one go, without a server?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from kg.database import connect
from kg.errors import InputError
from kg.exports.target import MANIFEST, STDOUT, whole_folder
from kg.ledger.ledger import Ledger
from kg.operations.workspace import Workplace, phases

NEO4J_ADMIN = "neo4j-admin"
"""The format of an export that `neo4j-admin database import` reads."""


@dataclass(frozen=True, slots=True)
class BulkExported:
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


def export_bulk(place: Workplace, folder: str, *, protected: bool = False) -> BulkExported:
    """Write the whole graph as files for `neo4j-admin database import`, as `kg sync` would write it into a Neo4j.

    Raises InputError for a folder that cannot be, or protected facts without their scope; StoreBusy where somebody
    wrote to the graph just as the export began.
    """
    from kg.stores.neo4j import Scope
    from kg.stores.neo4j.bulk_files import FilesOrder, write_files

    if protected and not place.protected:
        raise InputError("protected facts are exported in the protected scope alone; set KG_SCOPE=protected")
    if folder == STDOUT:
        raise InputError("files for neo4j-admin are many; expected the name of a folder")
    with closing(connect(place.path, wait=place.wait)) as connection:
        Ledger(connection, place.ontology).bring_current(phases(place))
    with whole_folder(folder) as inside:
        order = FilesOrder(place.path, Scope(place.ontology, protected), inside, place.progress)
        done = write_files(order)
        result = BulkExported(folder, done.version, protected, done.nodes, done.links, done.files)
        (inside / MANIFEST).write_bytes(_manifest(result, inside))
    return result


def _manifest(result: BulkExported, folder: Path) -> bytes:
    """Which graph it is, and how large each file has to be; without where it was written."""
    said = {name: value for name, value in result.to_json().items() if name not in ("target", "files")}
    said["files"] = [{"name": name, "bytes": (folder / name).stat().st_size} for name in result.files]
    return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
