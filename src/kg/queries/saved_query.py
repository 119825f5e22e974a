"""Saved queries, and the parser of their files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from kg.errors import InputError, InputLocation
from kg.queries.values import PARAMETER_TYPES, ParameterValue, read_literal

_PARAMETER = re.compile(r"\$(\w+) \((\w+)(, default)?\): (.+)")
_PARAM_COMMAND = re.compile(r":param (\w+) => (.+);")


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter of a query."""

    name: str
    kind: str
    """One of `kg.queries.values.PARAMETER_TYPES`."""
    meaning: str
    example: ParameterValue
    """A value for which the demo set has an answer."""
    optional: bool
    """Whether the example is also the default."""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query in Cypher with its title, question and parameters."""

    name: str
    """`topic/name`, the path of the file."""
    title: str
    answers: str
    limit: str
    parameters: tuple[QueryParameter, ...]
    text: str
    """The Cypher, without the values of parameters and the last semicolon."""

    @property
    def topic(self) -> str:
        """The folder it is in."""
        return self.name.split("/", 1)[0]

    def examples(self) -> dict[str, ParameterValue]:
        """Values for which the demo set has an answer."""
        return {parameter.name: parameter.example for parameter in self.parameters}


def parse_query(name: str, content: str) -> SavedQuery:
    """Parse the file of a query. Raises InputError that names file, key and what was expected.

        // Title
        // Answers: which question?
        // $person (node): What the parameter means.
        // $most (integer, default): One whose value below is taken when nobody gives another.
        // Limit: what is left out, and when.
        :param person => 'id of a node of the demo set';
        :param most => 100;
        MATCH …;

    A comment continues in lines beginning with `//   `. The `:param` lines let the file run unchanged in Neo4j Browser.
    """
    lines = content.splitlines()
    head = list(takewhile(lambda line: line.startswith("//"), lines))
    settings = list(takewhile(lambda line: line.startswith(":param "), lines[len(head) :]))
    joined = "\n".join(head).replace("\n//   ", " ").split("\n")
    title, *comments = (line.removeprefix("//").strip() for line in joined)
    facts = {key: text for key, _, text in (s.partition(": ") for s in comments if not s.startswith("$"))}
    declared = [s for s in comments if s.startswith("$")]
    for key in sorted(facts.keys() - {"Answers", "Limit"}):
        raise InputError("expected Answers, Limit or a parameter", InputLocation(query_path(name), key=key))
    values = dict(_parse_param_command(name, line) for line in settings)
    parameters = tuple(_parse_parameter(name, line, values) for line in declared)
    for left in sorted(values.keys() - {p.name for p in parameters}):
        raise InputError(f"expected a comment `// ${left} (type): meaning`", InputLocation(query_path(name), key=left))
    text = "\n".join(lines[len(head) + len(settings) :]).strip().removesuffix(";")
    return SavedQuery(name, title, facts.get("Answers", ""), facts.get("Limit", ""), parameters, text)


def query_path(name: str) -> str:
    """The path of a query's file, as people write it."""
    return f"cypher/queries/{name}.cypher"


def _parse_param_command(name: str, line: str) -> tuple[str, str]:
    found = _PARAM_COMMAND.fullmatch(line)
    if not found:
        raise InputError("expected `:param name => value;`", InputLocation(query_path(name), value=line))
    return found[1], found[2]


def _parse_parameter(name: str, line: str, values: Mapping[str, str]) -> QueryParameter:
    found = _PARAMETER.fullmatch(line)
    if not found or found[2] not in PARAMETER_TYPES:
        expected = "expected `$name (type): meaning` or `$name (type, default): meaning`; types are "
        raise InputError(expected + ", ".join(PARAMETER_TYPES), InputLocation(query_path(name), value=line))
    key, kind, default, meaning = found.groups()
    place = InputLocation(query_path(name), key=key, value=values.get(key))
    if key not in values:
        raise InputError(f"expected `:param {key} => value;` before the query", place)
    return QueryParameter(key, kind, meaning, read_literal(kind, values[key], place), bool(default))
