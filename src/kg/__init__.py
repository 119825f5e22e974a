"""A knowledge graph for investigators who follow people and money across borders."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

os.environ.setdefault("OPENPYXL_LXML", "False")
"""openpyxl writes workbooks in one way, whether lxml is installed or not: with lxml, a full disk is no OSError."""


def lazy_names(package: str, modules: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """A `__getattr__` for a package: it imports the module of a name when the name is first asked for.

    `modules`: the names of each module. A command needs few of them; to import all would take most of its time.
    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def find(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(module_of[name]), name)
        setattr(sys.modules[package], name, found)
        return found

    return find
