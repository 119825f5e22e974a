"""The registry of facts and the files of routes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kg.errors import InputError, InputLocation
from kg.law.facts import FactDefinition
from kg.law.routes import Route

_Model = TypeVar("_Model", bound=BaseModel)


def read_facts(folder: Path) -> Mapping[str, FactDefinition]:
    """The registry of facts, by name. Raises InputError that names file, key, value and what was expected."""
    data = _read_toml(folder / "facts.toml", "facts.toml")
    return {
        name: _validate(FactDefinition, {"name": name, **_expect_table(said, name)}, "facts.toml", name)
        for name, said in data.items()
    }


def read_routes(folder: Path, facts: Mapping[str, FactDefinition]) -> Mapping[str, Route]:
    """Every route, by id. Raises InputError as `read_facts` does, also for a fact that the registry lacks."""
    found = {}
    for path in sorted((folder / "routes").glob("*.toml")):
        shown = f"routes/{path.name}"
        data = _read_toml(path, shown)
        if "id" in data:
            raise InputError("the file's name is the route's id; leave this key out", InputLocation(shown, key="id"))
        route = _validate(Route, {"id": path.stem, **data}, shown)
        _check_route(route, facts)
        found[route.id] = route
    if not found:
        raise InputError("expected a file for each route", InputLocation(str(folder / "routes")))
    return found


def _check_route(route: Route, facts: Mapping[str, FactDefinition]) -> None:
    for name, key in route.named_facts:
        if name not in facts:
            raise InputError("expected a fact that facts.toml has", InputLocation(route.file, key=key, value=name))
        if route.subject == "person" and facts[name].about == "asset":
            raise InputError(
                "expected a fact about a person or the law", InputLocation(route.file, key=key, value=name)
            )
    for i, name in enumerate(route.instruments):
        if facts[name].about != "law":
            raise InputError(
                "expected a fact about the law", InputLocation(route.file, key=f"instruments[{i}]", value=name)
            )
    if route.valid_from and route.valid_to and route.valid_to < route.valid_from:
        raise InputError(
            "expected a day on or after valid_from",
            InputLocation(route.file, key="valid_to", value=str(route.valid_to)),
        )


def _validate(model: type[_Model], data: Mapping[str, Any], file: str, under: str = "") -> _Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in (under, *first["loc"]) if part != "")
        problem = "is no key that stands here" if first["type"] == "extra_forbidden" else first["msg"]
        shown = None if isinstance(first["input"], dict) else str(first["input"])
        raise InputError(problem.removeprefix("Value error, "), InputLocation(file, key=key, value=shown)) from None


def _expect_table(said: object, name: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise InputError("expected a table", InputLocation("facts.toml", key=name, value=str(said)))
    return said


def _read_toml(path: Path, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read: {error}", InputLocation(shown)) from None
