"""The Cypher queries of the folder `cypher`, filled in with names of the ontology."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from kg.ontology import Ontology
from kg.ontology.derive.cypher import WITHDRAWN, owned_labels

_FOLDER = Path(__file__).resolve().parent / "cypher"


class CypherQueries:
    """The queries of the folder `cypher`. Words in capitals in them are replaced by names of the ontology only.

    Values are parameters, always. A name that the ontology does not have raises KeyError.
    """

    def __init__(self, ontology: Ontology) -> None:
        self._labels = frozenset((*owned_labels(ontology), WITHDRAWN))
        self._types = frozenset(ontology.link_names)
        self._cache: dict[tuple[str, ...], str] = {}

    def get(self, name: str) -> str:
        """A query without names to fill in."""
        return _read_query(name)

    def with_labels(self, name: str, labels: tuple[str, ...]) -> str:
        """A query with LABELS as these labels, and OTHERS as all other labels that kg owns."""
        text = _read_query(name).replace("LABELS", _quoted(labels, self._labels, ":"))
        return text.replace("OTHERS", _quoted(self._labels - {*labels}, self._labels, ":"))

    def with_types(self, name: str, type_name: str, before: str = "") -> str:
        """A query with TYPE as a link type, and BEFORE as another."""
        key = (name, type_name, before)
        if key not in self._cache:
            text = _read_query(name).replace("BEFORE", self._types_text([before or type_name]))
            self._cache[key] = text.replace("TYPE", self._types_text([type_name]))
        return self._cache[key]

    def with_all_types(self, name: str) -> str:
        """A query with TYPES as every link type."""
        return _read_query(name).replace("TYPES", self._types_text(self._types))

    def with_chosen_types(self, name: str, chosen: Sequence[str]) -> str:
        """A query with `:TYPES` as these link types; without any, for links of all types."""
        return _read_query(name).replace(":TYPES", f":{self._types_text(chosen)}" if chosen else "")

    def _types_text(self, types: Collection[str]) -> str:
        return _quoted(types, self._types, "|")


def _quoted(names: Collection[str], known: frozenset[str], separator: str) -> str:
    for name in names:
        if name not in known:
            raise KeyError(name)
    return separator.join(f"`{name}`" for name in sorted(names))


@cache
def _read_query(name: str) -> str:
    return (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")
