"""The demo set, and the order of its loads."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from kg.operations.ledger.attach import AttachRequest
from kg.operations.ledger.load import FileLoadRequest, reference_load_request
from kg.records import Provenance, link_id
from kg.resources import data_dir
from kg.sources import SourceDeclaration

DEMO_DAY = "2014-12-05"
"""The day on which the story of the demo set stands."""


def demo_load_requests() -> list[FileLoadRequest]:
    """The loads of the reference facts and then of the demo set's sources, in their order.

    They are loaded as of DEMO_DAY, so that the demo is the same whenever it is run.
    """
    folder = _demo_folder()
    sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))["source"]
    requests = [reference_load_request(), *(_load_request(folder, source) for source in sources)]
    return [replace(request, day=DEMO_DAY, replace=True) for request in requests]


def demo_attach_requests() -> list[AttachRequest]:
    """The documents of the demo set, which are attached once its sources are loaded."""
    return [
        AttachRequest(
            _demo_folder() / "exhibits" / "title-extract-as-0001.txt",
            link_id("demo", "owns-0179", ""),
            "demo-exhibits",
            "Extract from the register of titles",
            provenance=Provenance(
                reliability="A", credibility="1", stated="2014-09-10", origin="File on as-0001", page="1"
            ),
            day=DEMO_DAY,
            invented=True,
        )
    ]


def demo_path_ends() -> tuple[str, str]:
    """A person and an asset of the demo set, each as `namespace:key`."""
    pair = orjson.loads((_demo_folder() / "answer-key.json").read_bytes())["paths"][0]
    return f"demo:{pair['person']}", f"demo:{pair['asset']}"


def _demo_folder() -> Path:
    return data_dir("graph") / "demo"


def _load_request(folder: Path, source: Mapping[str, Any]) -> FileLoadRequest:
    declaration = SourceDeclaration(**{k: source[k] for k in SourceDeclaration.model_fields})
    return FileLoadRequest((folder / source["file"],), connector=source["format"], declaration=declaration)
