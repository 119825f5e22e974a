"""Which commands does `kg` have?"""

import gc
import os

COLLECT_AFTER = 100_000
"""How many objects are made between two looks for garbage: Python's 700 keep looking through what is imported."""

gc.set_threshold(COLLECT_AFTER)
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""No command uses any, and to look for them reads what every installed package says of itself."""

from kg.cli.app import app, main  # noqa: E402  # both count from the first import

__all__ = ["COLLECT_AFTER", "app", "main"]
