"""The saved queries of this package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kg.errors import InputError, NotFound
from kg.queries.saved_query import SavedQuery, parse_query
from kg.resources import data_dir


@cache
def query_pack() -> Mapping[str, SavedQuery]:
    """Every query by its name, `topic/name`, in the order of names. Raises InputError for an invalid file."""
    folder = data_dir("cypher") / "queries"
    names = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.cypher"))
    return {name: parse_query(name, (folder / f"{name}.cypher").read_text(encoding="utf-8")) for name in names}


def find_query(name: str) -> SavedQuery:
    """The query of this name; the topic may be left out where only one has it. Raises NotFound and InputError."""
    found = [key for key in query_pack() if name in (key, key.split("/", 1)[1])]
    if not found:
        missing = NotFound(f"no saved query is called {name!r}", "`kg query --list` shows all")
        raise missing.with_field("name", name, "expected the name of a saved query, as their list has it")
    if len(found) > 1:
        raise InputError(f"{name!r} may be {' or '.join(found)}; say which")
    return query_pack()[found[0]]
