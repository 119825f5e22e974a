"""Which commands does `kg` have?"""

import os

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""No command uses any, and to look for them reads what every installed package says of itself."""

from kg.cli.app import app, main  # noqa: E402  # pydantic reads the variable when it is imported

__all__ = ["app", "main"]
