"""How does a test write down a law of its own?"""

from __future__ import annotations

import shutil
from pathlib import Path

from kg.resources import data_dir


def law_folder(path: Path) -> Path:
    """A copy of the reference facts that a test may change."""
    folder = path / "law"
    shutil.copytree(data_dir("graph") / "reference", folder)
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Replace a text that the file has."""
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new), encoding="utf-8")
