"""How is a TOML file read, and what is a table of one that needs no pydantic?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar

from kg.errors import InputError, InputLocation

UNKNOWN_KEY = "unknown_key"
"""The type of pydantic's error for a key that a table does not have."""


def read_toml(path: Path, shown: str, error: type[InputError] = InputError) -> dict[str, Any]:
    """The content of a file. Raises an error of the given class that names the file as `shown`."""
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise error(f"cannot be read: {problem}", InputLocation(shown)) from None


def reject_unknown_keys(data: Any, known: Collection[str], also: Collection[str] = ()) -> None:
    """Raises PydanticCustomError for the first key of a table that is none of `known` or `also`; it names the known."""
    for key in data if isinstance(data, dict) else ():
        if key not in known and key not in also:
            from pydantic_core import PydanticCustomError

            details = {"key": str(key), "known": ", ".join(known)}
            raise PydanticCustomError(UNKNOWN_KEY, "unknown key; expected one of {known}", details)


def key_of_field(name: str) -> str:
    """The key that a field is written under: that of `from_` is `from`."""
    return name.rstrip("_")


class TomlTable:
    """A table of a TOML file, as a dataclass: `kg.toml_files.models.validate` checks one that people wrote.

    Data that kg itself wrote goes to the constructor, without pydantic, whose import is a fifth of the time of a start.
    """

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"extra": "forbid", "alias_generator": key_of_field}

    lists: ClassVar[tuple[str, ...]] = ()
    """Keys whose value may be written alone where there is one."""

    def to_json(self, *, defaults: bool = True) -> dict[str, Any]:
        """The table as plain data, with the keys that have their default value or without them."""
        own: Any = self
        known = ((each, getattr(self, each.name)) for each in fields(own))
        return {
            key_of_field(each.name): _plain(value, defaults)
            for each, value in known
            if defaults or value not in (each.default, {})
        }

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(cls._prepare, handler(source))

    @classmethod
    def _prepare(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        own: Any = cls
        reject_unknown_keys(data, [key_of_field(each.name) for each in fields(own)])
        return {k: (v,) if k in cls.lists and isinstance(v, str | dict) else v for k, v in data.items()}


def _plain(value: Any, defaults: bool) -> Any:
    if isinstance(value, TomlTable):
        return value.to_json(defaults=defaults)
    if isinstance(value, dict):
        return {key: _plain(each, defaults) for key, each in value.items()}
    return [_plain(each, defaults) for each in value] if isinstance(value, tuple) else value
