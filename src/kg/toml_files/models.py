"""How is what people wrote into a TOML file checked against a model?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from kg.errors import InputError, InputLocation
from kg.toml_files import UNKNOWN_KEY, read_toml, reject_unknown_keys

_EXPECTED = {
    **dict.fromkeys(("tuple_type", "list_type"), "expected a list"),
    **dict.fromkeys(("dict_type", "dataclass_type"), "expected a table"),
}
"""What TOML calls what pydantic expected, by the type of its error."""


class TomlModel(BaseModel):
    """A part of a TOML file; an unknown key is an error that names the known ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    internal_keys: ClassVar[tuple[str, ...]] = ()
    """Fields that the reader of the file sets, and the file may not."""

    @model_validator(mode="before")
    @classmethod
    def _reject_unknown_keys(cls, data: Any) -> Any:
        known = {f.alias or name: None for name, f in cls.model_fields.items() if name not in cls.internal_keys}
        reject_unknown_keys(data, known, cls.model_fields)
        return data


_Model = TypeVar("_Model")


def read_tables(path: Path, shown: str, model: type[_Model], key: str) -> Iterator[tuple[str, _Model]]:
    """Each table of a file with its name, which is the field `key` of the model. Raises InputError."""
    for name, data in read_toml(path, shown).items():
        place = InputLocation(shown, key=name)
        if not isinstance(data, dict):
            raise InputError("expected a table", replace(place, value=str(data)))
        yield name, validate(model, {key: name, **data}, place)


def validate(model: type[_Model], data: Any, location: InputLocation, error: type[InputError] = InputError) -> _Model:
    """The data as a model. Raises an error for the first mistake: below `location`, with key, value and expectation."""
    try:
        kind: Any = model
        found: _Model = _adapter(kind).validate_python(data)
    except ValidationError as problem:
        first = problem.errors()[0]
        path, value = [location.key or "", *map(str, first["loc"])], first["input"]
        if first["type"] == UNKNOWN_KEY:
            path, value = [*path, first["ctx"]["key"]], value[first["ctx"]["key"]]
        shown = None if isinstance(value, dict | list | tuple) else str(value)
        place = replace(location, key=".".join(filter(None, path)), value=shown)
        expected = _EXPECTED.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise error(expected, place) from None
    return found


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)
