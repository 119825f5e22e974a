"""Descriptions of the fields of answers: the docstring below each."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from kg.operations.answers import AnswerPart, FlatAnswer


def add_descriptions(schemas: dict[str, Any]) -> None:
    """Describe the properties of each schema as the class of its name describes its fields.

    The schema of a FlatAnswer shows the fields of its finding too. Pydantic can read docstrings too, but when the
    classes are made, which was half the work of each start of `kg`.
    """
    for described in _reachable(AnswerPart):
        parts: list[Any] = [described]
        if issubclass(described, FlatAnswer):
            parts.append(described.model_fields["finding"].annotation)
        properties = schemas.get(described.__name__, {}).get("properties", {})
        for part in parts:
            for name, text in _field_docstrings(part):
                if name in properties and "description" not in properties[name]:
                    properties[name]["description"] = text


def _reachable(model: type[BaseModel]) -> Iterator[type]:
    """A model, what derives from it, and all models and dataclasses of their fields, each once."""
    waiting, seen = list[Any]([model]), set[Any]()
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if not isinstance(kind, type) or kind in seen:
            continue
        seen.add(kind)
        if issubclass(kind, BaseModel):
            waiting += kind.__subclasses__()
            waiting += [field.annotation for field in kind.model_fields.values()]
        elif is_dataclass(kind):
            waiting += get_type_hints(kind).values()
        else:
            continue
        yield kind


def _field_docstrings(described: Any) -> Iterator[tuple[str, str]]:
    """Fields by the names that they have in JSON; a class that declares a field again describes it alone."""
    if not isinstance(described, type):  # the parameter of a generic class
        return
    aliases = {}
    if issubclass(described, BaseModel):
        aliases = {name: field.alias for name, field in described.model_fields.items() if field.alias}
    seen = set()
    for base in described.__mro__:
        for name, text in _docstrings_of_module(base.__module__).get(base.__qualname__, {}).items():
            if name not in seen and text:
                yield aliases.get(name, name), text
            seen.add(name)


@cache
def _docstrings_of_module(module: str) -> dict[str, dict[str, str]]:
    """For each class of a module, its fields with the docstrings below them; empty where there is none."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError):  # built in
        return {}
    return {node.name: dict(_docstrings_of_class(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _docstrings_of_class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, following in zip(node.body, [*node.body[1:], ast.Pass()], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            match following:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield statement.target.id, inspect.cleandoc(text)
                case _:
                    yield statement.target.id, ""
