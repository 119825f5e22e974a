"""`kg generate`: rewrite the files that are derived from the ontology."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.terminal import print_line
from kg.errors import InputError


def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is not up to date.")] = False,
) -> None:
    """Regenerate the files that are derived from the ontology, in a checkout of the source."""
    from kg.ontology import load_ontology
    from kg.ontology.derive import derived_files
    from kg.resources import checkout_dir

    root = checkout_dir()
    if root is None:
        raise InputError("`kg generate` needs a checkout of the source; this kg is an installed package")
    stale = [name for name, text in derived_files(load_ontology()).items() if _is_stale(root / name, text)]
    if check and stale:
        raise InputError(f"not up to date: {', '.join(stale)}; run `kg generate`")
    for name, text in derived_files(load_ontology()).items():
        if name in stale:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
            print_line(f"wrote {name}")
    if not stale:
        print_line("all derived files are up to date")


def _is_stale(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text
