"""Finds mistakes in declarations of properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.errors import InputLocation
from kg.ontology.model import Property
from kg.ontology.values import VALUE_TYPES, BadValue

Problems = Iterator[tuple[InputLocation, str]]
"""The location of each mistake, and what was expected."""


def property_problems(file: str, properties: Mapping[str, Property]) -> Problems:
    """Mistakes in the properties that one file declares."""
    for name, prop in properties.items():
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield InputLocation(file, key=f"properties.{name}"), "expected a name such as birth_date"
        if prop.identifies and prop.type != "identifier":
            yield (
                InputLocation(file, key=f"properties.{name}.identifies"),
                "expected only on properties of type identifier",
            )
        for value in prop.values:
            if not _is_canonical(VALUE_TYPES[prop.type].clean, value):
                yield (
                    InputLocation(file, key=f"properties.{name}.values", value=value),
                    f"expected the canonical text of a {prop.type}",
                )
        if prop.example and not _is_canonical(prop.clean, prop.example):
            yield (
                InputLocation(file, key=f"properties.{name}.example", value=prop.example),
                "expected a value of this property",
            )
        yield from line_problems(file, f"properties.{name}.description", prop.description)


def _is_canonical(clean: Callable[[str], str], value: str) -> bool:
    """Whether a claim could ever have this value: claims are compared after cleaning."""
    try:
        return clean(value) == value
    except BadValue:
        return False


def line_problems(file: str, key: str, words: object) -> Problems:
    """A mistake for a description that is not one line of text."""
    if not isinstance(words, str) or not words.strip() or "\n" in words:
        yield (
            InputLocation(file, key=key, value=None if isinstance(words, str) else str(words)),
            "expected words on one line",
        )


def type_change_problems(file: str, layers: Iterable[tuple[str, Mapping[str, Property]]]) -> Problems:
    """Properties whose value type differs from the inherited one; each layer is a type and its own properties."""
    first: dict[str, tuple[str, str]] = {}
    for owner, properties in layers:
        for name, prop in properties.items():
            above, kind = first.setdefault(name, (owner, prop.type))
            if prop.type != kind:
                yield (
                    InputLocation(file, key=f"properties.{name}.type", value=prop.type),
                    f"expected {kind}, as in {above}",
                )
