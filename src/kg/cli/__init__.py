"""Which commands does `kg` have?"""

from kg.cli.app import app, main

__all__ = ["app", "main"]
