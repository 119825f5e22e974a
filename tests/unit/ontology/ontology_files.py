"""How is an ontology written for a test?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

VALID_FILES: Mapping[str, str] = {
    "traits.toml": 'ownership = "Holding."\n',
    "nodes/Thing.toml": """
description = "Anything."
abstract = true
caption = ["name"]
[properties.name]
type = "name"
description = "What it is called."
""",
    "nodes/Party.toml": 'extends = ["Thing"]\ndescription = "Whoever can hold."\n',
    "nodes/Asset.toml": """
extends = ["Thing"]
description = "What can be held."
[properties.serial]
type = "identifier"
identifies = true
description = "Serial number."
""",
    "links/LINK.toml": """
description = "What every link may say."
abstract = true
[properties.date]
type = "date"
description = "Day."
""",
    "links/OWNS.toml": """
from = "Party"
to = "Asset"
traits = ["ownership"]
description = "A party holds an asset."
caption = "owns"
inverse = "is owned by"
""",
}
"""A small ontology in which nothing is wrong, by file."""


def write_ontology(root: Path, files: Mapping[str, str]) -> Path:
    """The folder of an ontology: the sound one with some files replaced or added."""
    for name, text in {**VALID_FILES, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
