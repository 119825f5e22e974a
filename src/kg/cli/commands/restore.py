"""`kg restore`: put a backup in the place of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.commands.backup import backup_json, print_missing
from kg.cli.terminal import Json, confirm, open_workspace, print_json, print_line


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `kg backup` made, with its FILE.sha256 beside it.")],
    discard: Annotated[
        bool,
        typer.Option("--discard", help="Do not keep the store of before as STORE.before-restore, or with a number."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Put a backup in the place of the store. It is checked first; nothing is done while the store is in use.

    The graph is made anew from the records and judgements of the backup.
    Loads, judgements and erasures since the backup are undone by it: sources that were erased since then are back.
    """
    from kg import operations

    with open_workspace(syncs=False) as workspace:
        if workspace.path.exists() and not yes:
            confirm(f"Put {file} in the place of {workspace.path}?", "restoring replaces the store")
        done = operations.restore(workspace, file, discard=discard)
    if json:
        kept = str(done.kept) if done.kept else None
        backup = backup_json(done.backup)
        made = {"store": str(done.store), "version": done.version, "digest": done.digest}
        print_json({**made, "kept": kept, "backup": backup, "missing": [*done.missing]})
        return
    print_line(f"{done.store}: restored from {done.backup.file}, now graph {done.version}")
    if done.digest:
        print_line(f"digest {done.digest}")
    print_missing(done.missing)
    if done.kept:
        print_line(f"the store of before is kept as {done.kept}; remove it when you no longer need it")
