"""Is a text what it was when somebody last looked at it?"""

from __future__ import annotations

import os
from pathlib import Path

UPDATE_VARIABLE = "KG_UPDATE_GOLDEN"


def check(path: Path, text: str) -> None:
    """Compare with the kept file; with KG_UPDATE_GOLDEN=1 keep the text instead, and read the difference yourself."""
    if os.environ.get(UPDATE_VARIABLE) == "1":
        path.write_text(text, encoding="utf-8")
        return
    assert path.is_file(), f"{path} is missing; run again with {UPDATE_VARIABLE}=1 and read what it wrote"
    assert text == path.read_text(encoding="utf-8"), (
        f"{path.name} differs; if that is right, run with {UPDATE_VARIABLE}=1"
    )
