"""Reads YAML as plain texts, lists and objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from kg.errors import InputError, InputLocation

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
MAX_NODES = 1_000_000
"""Texts, lists and objects of a file, with every use of an alias counted: aliases of aliases could fill the memory."""


class _TextLoader(yaml.SafeLoader):
    """Reads every scalar as its text: `no` stays a word, `007` keeps its zeros. A key that occurs twice is an error."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:  # before the rest is read: what is nested deep takes time without end
            raise yaml.composer.ComposerError(None, None, f"nested more than {MAX_DEPTH} deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        if twice := [key for key in keys if keys.count(key) > 1]:
            mark = node.start_mark
            raise yaml.constructor.ConstructorError(None, None, f"key {twice[0]!r} occurs more than once", mark)
        return super().construct_mapping(node, deep)


_TextLoader.yaml_implicit_resolvers = {"<": yaml.SafeLoader.yaml_implicit_resolvers["<"]}


def read_yaml(path: Path) -> Any:
    """The content of a file. Raises InputError where it is no YAML, or too large."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InputError(f"expected at most {MAX_BYTES} bytes", InputLocation(str(path)))
        found = yaml.load(content, Loader=_TextLoader)  # a SafeLoader
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"cannot be read: {problem}", InputLocation(str(path))) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        words = getattr(problem, "problem", None) or getattr(problem, "reason", problem)
        raise InputError(f"cannot be read as YAML: {words}", InputLocation(str(path), mark and mark.line + 1)) from None
    if _count_nodes(found) > MAX_NODES:
        raise InputError("has more aliases of aliases than a mapping needs", InputLocation(str(path)))
    return found


def _count_nodes(found: Any) -> int:
    """How many nodes there are, up to a few more than the limit."""
    waiting, count = [found], 0
    while waiting and count <= MAX_NODES:
        node = waiting.pop()
        count += 1
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return count
