"""The version of the software."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("kg-investigations")
