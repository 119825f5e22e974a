"""What does the file of a saved query say?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import InputError, Place
from kg.queries.values import TYPES, Value, plain, read_literal

_PARAMETER = re.compile(r"\$(\w+) \((\w+)(, default)?\): (.+)")
_SETTING = re.compile(r":param (\w+) => (.+);")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a query has to be told."""

    name: str
    kind: str
    """One of `kg.queries.values.TYPES`."""
    meaning: str
    example: Value
    """A value that has an answer in the demo set."""
    optional: bool
    """Whether the example is also what is taken when nobody says otherwise."""

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "name": self.name,
            "type": self.kind,
            "meaning": self.meaning,
            "example": plain(self.example),
            "optional": self.optional,
        }


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question that somebody wrote down in Cypher."""

    name: str
    """`topic/name`, as the file is called."""
    title: str
    answers: str
    limit: str
    parameters: tuple[Parameter, ...]
    text: str
    """The Cypher, without parameters' values and the last semicolon."""

    @property
    def topic(self) -> str:
        """The folder it is in."""
        return self.name.split("/", 1)[0]

    def examples(self) -> dict[str, Value]:
        """The values with which the demo set has an answer."""
        return {parameter.name: parameter.example for parameter in self.parameters}

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {
            "name": self.name,
            "title": self.title,
            "answers": self.answers,
            "limit": self.limit,
            "parameters": [parameter.to_json() for parameter in self.parameters],
        }


def parse(name: str, content: str) -> SavedQuery:
    """The query in a file of this name. Raises InputError that names file, key and what was expected.

        // Title
        // Answers: which question?
        // $person (node): What the parameter means.
        // $most (integer, default): One whose value below is taken when nobody gives another.
        // Limit: what is left out, and when.
        :param person => 'id of a node of the demo set';
        :param most => 100;
        MATCH …;

    A comment goes on in lines that begin with `//   `. The `:param` lines make the file run as it is in Neo4j Browser.
    """
    lines = content.splitlines()
    head = _leading(lines, "//")
    settings = _leading(lines[len(head) :], ":param ")
    title, *said = _joined(head)
    facts = {key: text for key, _, text in (s.partition(": ") for s in said if not s.startswith("$"))}
    declared = [s for s in said if s.startswith("$")]
    for key in sorted(facts.keys() - {"Answers", "Limit"}):
        raise InputError("expected Answers, Limit or a parameter", Place(file(name), key=key))
    values = dict(_setting(name, line) for line in settings)
    parameters = tuple(_parameter(name, line, values) for line in declared)
    for left in sorted(values.keys() - {p.name for p in parameters}):
        raise InputError(f"expected a comment `// ${left} (type): meaning`", Place(file(name), key=left))
    text = "\n".join(lines[len(head) + len(settings) :]).strip().removesuffix(";")
    return SavedQuery(name, title, facts.get("Answers", ""), facts.get("Limit", ""), parameters, text)


def file(name: str) -> str:
    """The file of the query of this name, for people."""
    return f"cypher/queries/{name}.cypher"


def _leading(lines: list[str], begin: str) -> list[str]:
    count = next((i for i, line in enumerate(lines) if not line.startswith(begin)), len(lines))
    return lines[:count]


def _joined(head: list[str]) -> list[str]:
    """The comments, each on one line; at least one, which is the title."""
    text = "\n".join(head).replace("\n//   ", " ")
    return [line.removeprefix("//").strip() for line in text.split("\n")]


def _setting(name: str, line: str) -> tuple[str, str]:
    found = _SETTING.fullmatch(line)
    if not found:
        raise InputError("expected `:param name => value;`", Place(file(name), value=line))
    return found[1], found[2]


def _parameter(name: str, line: str, values: Mapping[str, str]) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if not found or found[2] not in TYPES:
        expected = f"`$name (type): meaning` or `$name (type, default): meaning`; types are {', '.join(TYPES)}"
        raise InputError(f"expected {expected}", Place(file(name), value=line))
    key, kind, default, meaning = found.groups()
    if key not in values:
        raise InputError(f"expected `:param {key} => value;` before the query", Place(file(name), key=key))
    example = read_literal(kind, values[key], Place(file(name), key=key, value=values[key]))
    return Parameter(key, kind, meaning, example, bool(default))
