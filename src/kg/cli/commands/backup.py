"""`kg backup`: copy the store into one file, and check such a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.operations import BackupInfo


def backup(
    file: Annotated[Path, typer.Argument(help="The backup's file; its SHA-256 goes into FILE.sha256 beside it.")],
    check: Annotated[bool, typer.Option("--check", help="Make none: check the backup that is there.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there already.")] = False,
    json: Json = False,
) -> None:
    """Copy the store into one file, with history, judgements and protected facts, while it goes on being used.

    Only you may read the file. It is checked before it takes its name; attached files are copied into FILE.files beside
    it. The files of rejects and the cached views are not in it. What you erase from the store later stays in its
    backups until you remove them.
    """
    from kg import operations

    with open_workspace(syncs=False) as workspace:
        if check:
            made = operations.check_backup(file, workspace.progress, protected=workspace.protected)
        else:
            made = operations.back_up(workspace, file, overwrite=overwrite)
    if json:
        print_json(backup_json(made))
        return
    print_line(f"{made.file}: {'whole' if check else 'written'}, {made.bytes:,} bytes, graph {made.version}")
    if made.digest:
        print_line(f"digest {made.digest}")
    print_line(f"sha256 {made.sha256}")
    if made.attachments:
        print_line(f"{plural(made.attachments, 'attached files')} in {made.file}.files")
    print_missing(made.missing)


def backup_json(made: BackupInfo) -> dict[str, object]:
    """A backup as data."""
    return {
        "file": str(made.file),
        "sha256": made.sha256,
        "bytes": made.bytes,
        "version": made.version,
        "digest": made.digest,
        "format": made.format,
        "attachments": made.attachments,
        "missing": list(made.missing),
    }


def print_missing(missing: Iterable[str], target: str = "copy") -> None:
    """Print on stderr which attached files a copy, or another target, lacks."""
    for problem in missing:
        print_line(f"not in the {target}: {problem}", err=True)
