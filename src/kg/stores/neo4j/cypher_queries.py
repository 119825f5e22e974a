"""The Cypher queries of the folder `cypher`, filled in with names of the ontology."""

from __future__ import annotations

from collections.abc import Sequence
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
        chosen = frozenset(labels)
        return (
            _read_query(name)
            .replace("LABELS", self._joined(chosen))
            .replace("OTHERS", self._joined(self._labels - chosen))
        )

    def with_types(self, name: str, type_name: str, before: str = "") -> str:
        """A query with TYPE as a link type, and BEFORE as another."""
        key = (name, type_name, before)
        if key not in self._cache:
            self._cache[key] = self._fill_types(name, type_name, before)
        return self._cache[key]

    def _fill_types(self, name: str, type_name: str, before: str) -> str:
        for name_given in (type_name, before or type_name):
            if name_given not in self._types:
                raise KeyError(name_given)
        return _read_query(name).replace("BEFORE", f"`{before or type_name}`").replace("TYPE", f"`{type_name}`")

    def with_all_types(self, name: str) -> str:
        """A query with TYPES as every link type."""
        return _read_query(name).replace("TYPES", "|".join(f"`{t}`" for t in sorted(self._types)))

    def with_chosen_types(self, name: str, chosen: Sequence[str]) -> str:
        """A query with `:TYPES` as these link types; without any, for links of all types."""
        for name_given in chosen:
            if name_given not in self._types:
                raise KeyError(name_given)
        return _read_query(name).replace(":TYPES", f":{'|'.join(f'`{t}`' for t in sorted(chosen))}" if chosen else "")

    def _joined(self, labels: frozenset[str]) -> str:
        for label in labels:
            if label not in self._labels:
                raise KeyError(label)
        return ":".join(f"`{label}`" for label in sorted(labels))


@cache
def _read_query(name: str) -> str:
    return (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")
