"""Reads the ontology's files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from kg.errors import InputLocation, OntologyError
from kg.ontology.lint import problems
from kg.ontology.model import LinkType, NodeType, Ontology
from kg.resources import data_dir
from kg.toml_files import read_toml, validate

_Type = TypeVar("_Type", NodeType, LinkType)


@lru_cache(maxsize=4)
def load_ontology(folder: Path | None = None) -> Ontology:
    """Read `nodes/*.toml`, `links/*.toml` and `traits.toml` below `folder` (the package's own by default).

    Raises OntologyError naming file, key, value and what was expected.
    """
    root = folder or data_dir("graph") / "ontology"
    traits = root / "traits.toml"
    nodes = [_read(p, NodeType) for p in sorted((root / "nodes").glob("*.toml"))]
    links = [_read(p, LinkType) for p in sorted((root / "links").glob("*.toml"))]
    ontology = Ontology(nodes, links, read_toml(traits, _shown_path(traits), OntologyError))
    for place, problem in problems(ontology):
        raise OntologyError(problem, place)
    return ontology


def _read(path: Path, model: type[_Type]) -> _Type:
    shown = _shown_path(path)
    data = read_toml(path, shown, OntologyError)
    if "name" in data:
        raise OntologyError("the file's name is the type's name; leave this key out", InputLocation(shown, key="name"))
    return validate(model, {"name": path.stem, **data}, InputLocation(shown), OntologyError)


def _shown_path(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
