"""What is the demo set, and in which order is it loaded?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from kg.operations.ledger.load import FileLoadRequest, reference_load_request
from kg.resources import data_dir
from kg.sources import SourceDeclaration

DEMO_DAY = "2014-12-05"
"""The day on which the story of the demo set stands."""


def demo_load_requests() -> list[FileLoadRequest]:
    """The reference facts and then the sources of the demo set, in the order in which they are loaded.

    They are loaded as of DEMO_DAY, so that the demo is the same whenever it is run.
    """
    folder = _demo_folder()
    declared_sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))["source"]
    orders = [reference_load_request(), *(_load_request(folder, source) for source in declared_sources)]
    return [replace(order, day=DEMO_DAY) for order in orders]


def demo_path_ends() -> tuple[str, str]:
    """A person and an asset of the demo set, each as `namespace:key`."""
    pair = orjson.loads((_demo_folder() / "answer-key.json").read_bytes())["paths"][0]
    return f"demo:{pair['person']}", f"demo:{pair['asset']}"


def _demo_folder() -> Path:
    return data_dir("graph") / "demo"


def _load_request(folder: Path, source: Mapping[str, Any]) -> FileLoadRequest:
    declaration = SourceDeclaration(source["name"], source["title"], source["namespace"], source["invented"])
    return FileLoadRequest((folder / source["file"],), connector=source["format"], declaration=declaration)
