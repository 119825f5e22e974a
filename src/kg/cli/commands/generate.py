"""`kg generate`: rewrite the files that are derived from the ontology and from the tables of the law."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.terminal import print_line
from kg.errors import InputError


def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file is not up to date.")] = False,
) -> None:
    """Regenerate what is derived from the ontology and the tables of the law, in a checkout of the source."""
    from kg.files import write_atomically
    from kg.law.page import law_page
    from kg.ontology.derive import derived_files
    from kg.resources import checkout_dir, data_dir

    root = checkout_dir()
    if root is None:
        raise InputError("`kg generate` needs a checkout of the source; this kg is an installed package")
    data = data_dir("graph")
    texts = derived_files(data / "ontology") | {"docs/law.md": law_page(data / "reference")}
    files = {root / name: text for name, text in texts.items()}
    stale = [file for file, text in files.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    if check and stale:
        names = ", ".join(str(file.relative_to(root)) for file in stale)
        raise InputError(f"not up to date: {names}; run `kg generate`")
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, files[file].encode())
        print_line(f"wrote {file.relative_to(root)}")
    if not stale:
        print_line("all derived files are up to date")
