"""Checks that saved queries only read, and use only names that the graph has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.ontology import Ontology
from kg.ontology.derive.cypher import GRAPH, WITHDRAWN, owned_keys, owned_labels
from kg.queries.saved_query import SavedQuery

WRITES = (
    *("ALTER", "CREATE", "DELETE", "DENY", "DETACH", "DROP", "FOREACH", "GRANT", "INSERT", "LOAD", "MERGE", "REMOVE"),
    *("REVOKE", "SET", "TERMINATE", "TRANSACTIONS", "USE"),
)
"""Keywords that a reading query does not need."""

PROCEDURES = ("db.index.fulltext.queryNodes",)
"""Procedures that a saved query may call."""

TIME_COMPONENTS = ("year", "month", "day", "days")
"""Components of dates and durations, which are not keys of nodes."""

_COMMENTS_AND_TEXTS = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_NAMES = re.compile(r":([A-Za-z_`!(][\w`|&!()]*(?:\s*\|\s*\w+)*)")
_FUNCTION = re.compile(r"\b\w+(?:\.\w+)+(?=\s*\()")
_KEY = re.compile(r"(?<=[\w\])])\.([A-Za-z_]\w*)|[{,]\s*(\w+):\s")
_BOUNDED = re.compile(r"\bLIMIT\b|\*\d*\.\.\d+|\{\d+,\s*\d+\}|\bSHORTEST\b|\.\.\d+\]")
_UNBOUNDED = re.compile(r"\*\s*[\]{]|\*\d+\.\.\s*\]|\)[+*]|\{\d*,\}|\]-?>?[+*]")


def query_problems(query: SavedQuery, ontology: Ontology) -> Iterator[str]:
    """The problems of a query, one line each; none for a valid one."""
    text = _COMMENTS_AND_TEXTS.sub("''", query.text)
    yield from _comment_problems(query, text)
    yield from _parameter_problems(query, text)
    yield from _clause_problems(text)
    yield from _name_problems(text, ontology)


def _comment_problems(query: SavedQuery, text: str) -> Iterator[str]:
    if not query.title or query.title.endswith("."):
        yield "the first line has to be a title, without a full stop"
    if not query.answers.endswith("?"):
        yield "`// Answers:` has to be a question"
    if _BOUNDED.search(text) and not query.limit:
        yield "something is left out or bounded; `// Limit:` has to say what"
    if ";" in text:
        yield "a file has one query"


def _parameter_problems(query: SavedQuery, text: str) -> Iterator[str]:
    used, declared = set(re.findall(r"\$(\w+)", text)), {p.name for p in query.parameters}
    yield from (f"${name} is used and not declared" for name in sorted(used - declared))
    yield from (f"${name} is declared and not used" for name in sorted(declared - used))


def _clause_problems(text: str) -> Iterator[str]:
    words = {word.upper() for word in re.findall(r"(?<![.\w])[A-Za-z]+(?![\w(])", text)}
    yield from (f"{word} is not a keyword of a reading query" for word in WRITES if word in words)
    for called in re.findall(r"\bCALL\s+([\w.]+)", text, re.IGNORECASE):
        if called not in PROCEDURES:
            yield f"the procedure {called} is not among {', '.join(PROCEDURES)}"
    if "ORDER BY" not in text:
        yield "ORDER BY is missing: the order of the rows is undefined"
    if _UNBOUNDED.search(text):
        yield "a path needs a maximum length"


def _name_problems(text: str, ontology: Ontology) -> Iterator[str]:
    names = {*owned_labels(ontology), *ontology.link_names, WITHDRAWN, GRAPH}
    found = {name for part in _NAMES.findall(text) for name in re.findall(r"\w+", part)}
    yield from (f"{name} is neither a label nor a link type" for name in sorted(found - names))
    keys = {*owned_keys(ontology), *owned_keys(ontology, links=True), *TIME_COMPONENTS}
    used = {one or other for one, other in _KEY.findall(_FUNCTION.sub("", text))}
    yield from (f"{key} is not a key of a node or link" for key in sorted(used - keys))
