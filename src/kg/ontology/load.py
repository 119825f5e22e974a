"""Reads the ontology's files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import InputLocation, OntologyError
from kg.ontology.model import FtmLink, LinkType, NodeType, Ontology, Property, RoleWords
from kg.ontology.values import RULES_VERSION
from kg.resources import data_dir
from kg.toml_files import read_toml

_Type = TypeVar("_Type", NodeType, LinkType)

COMPILED = "compiled.json"
"""The file that has the whole ontology as it was read and found sound, one type a line."""


@lru_cache(maxsize=4)
def load_ontology(folder: Path | None = None) -> Ontology:
    """The ontology of `folder` (the package's own by default): as it was compiled from the same files, else read anew.

    Raises OntologyError naming file, key, value and what was expected.
    """
    root = folder or data_dir("graph") / "ontology"
    return _read_compiled(root) or read_ontology(root)


def read_ontology(root: Path) -> Ontology:
    """Read `nodes/*.toml`, `links/*.toml` and `traits.toml` below a folder, and check them.

    Raises OntologyError naming file, key, value and what was expected.
    """
    from kg.ontology.lint import problems

    traits = root / "traits.toml"
    nodes = [_read(p, NodeType) for p in sorted((root / "nodes").glob("*.toml"))]
    links = [_read(p, LinkType) for p in sorted((root / "links").glob("*.toml"))]
    ontology = Ontology(nodes, links, read_toml(traits, _shown_path(traits), OntologyError))
    for place, problem in problems(ontology):
        raise OntologyError(problem, place)
    return ontology


def compiled_page(ontology: Ontology, root: Path) -> str:
    """The text of the compiled file of an ontology that was read from a folder."""
    lines = [
        f"{json.dumps(part)}: {{\n"
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(types[name], ensure_ascii=False)}" for name in types)
        + "\n}"
        for part, types in _compiled_types(ontology)
    ]
    head = {"sources": _sources_digest(root), "digest": ontology.digest, "traits": ontology.traits}
    return "{\n" + ",\n".join([*(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in head.items()), *lines]) + "\n}\n"


def _compiled_types(ontology: Ontology) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    yield "nodes", {name: node.to_json(defaults=False) for name, node in ontology.nodes.items()}
    yield "links", {name: link.to_json(defaults=False) for name, link in ontology.links.items()}


def _read_compiled(root: Path) -> Ontology | None:
    """The compiled ontology; None where there is none of the files as they are now that this kg
    can read."""
    try:
        compiled = json.loads((root / COMPILED).read_bytes())
        if compiled["sources"] != _sources_digest(root):
            return None
        nodes = [NodeType(**_fields(data)) for data in compiled["nodes"].values()]
        links = [LinkType(**_fields(data)) for data in compiled["links"].values()]
        ontology = Ontology(nodes, links, compiled["traits"])
        ontology.digest = compiled["digest"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # damaged, or of another kg
        return None
    return ontology


def _fields(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of a table, whose keys are in the form of JSON."""
    found: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    if "from" in found:
        found["from_"] = found.pop("from")
    if "ftm" in found:
        found["ftm"] = tuple(form if isinstance(form, str) else FtmLink(**_fields(form)) for form in found["ftm"])
    if "roles" in found:
        found["roles"] = {role: RoleWords(**words) for role, words in found["roles"].items()}
    if "properties" in found:
        found["properties"] = {name: Property(**_fields(prop)) for name, prop in found["properties"].items()}
    return found


def _sources_digest(root: Path) -> str:
    """SHA-256 of the files of an ontology, their names, and the version of the rules for values."""
    found = hashlib.sha256(str(RULES_VERSION).encode())
    files = [f"{part}/{path.name}" for part in ("nodes", "links") for path in (root / part).glob("*.toml")]
    for name in (*sorted(files), "traits.toml"):
        content = (root / name).read_bytes()
        found.update(f"\n{name} {len(content)}\n".encode() + content)
    return found.hexdigest()


def _read(path: Path, model: type[_Type]) -> _Type:
    from kg.toml_files.models import validate

    shown = _shown_path(path)
    data = read_toml(path, shown, OntologyError)
    if "name" in data:
        raise OntologyError("the file's name is the type's name; leave this key out", InputLocation(shown, key="name"))
    return validate(model, {"name": path.stem, **data}, InputLocation(shown), OntologyError)


def _shown_path(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
