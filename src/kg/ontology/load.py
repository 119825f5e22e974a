"""How are the ontology's files read?"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kg.errors import InputLocation, OntologyError
from kg.ontology.lint import problems
from kg.ontology.model import LinkType, NodeType, Ontology
from kg.resources import data_dir

_Type = TypeVar("_Type", bound=BaseModel)


@lru_cache(maxsize=4)
def load_ontology(folder: Path | None = None) -> Ontology:
    """Read `nodes/*.toml`, `links/*.toml` and `traits.toml` below `folder` (the package's own by default).

    Raises OntologyError naming file, key, value and what was expected.
    """
    root = folder or data_dir("graph") / "ontology"
    nodes = [_read(p, NodeType) for p in sorted((root / "nodes").glob("*.toml"))]
    links = [_read(p, LinkType) for p in sorted((root / "links").glob("*.toml"))]
    ontology = Ontology(nodes, links, _read_toml(root / "traits.toml"))
    for place, problem in problems(ontology):
        raise OntologyError(problem, InputLocation(file=place.file, key=place.key, value=place.value))
    return ontology


def _read(path: Path, model: type[_Type]) -> _Type:
    data = _read_toml(path)
    if "name" in data:
        raise OntologyError(
            "the file's name is the type's name; leave this key out", InputLocation(_shown_path(path), key="name")
        )
    try:
        return model.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        raise _ontology_error(error, path) from None


def _ontology_error(error: ValidationError, path: Path) -> OntologyError:
    first = error.errors()[0]
    problem = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        problem = "is no key that stands here; `kg ref --json` and the other files show those that do"
    value = None if isinstance(first["input"], dict) else str(first["input"])
    return OntologyError(problem, InputLocation(_shown_path(path), key=".".join(map(str, first["loc"])), value=value))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OntologyError(f"cannot be read: {error}", InputLocation(_shown_path(path))) from None


def _shown_path(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
