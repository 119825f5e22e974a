"""Which version of the software is this?"""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("kg-investigations")
