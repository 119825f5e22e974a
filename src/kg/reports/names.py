"""Which name does a report use for a node?"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from kg.records import Node

NAME_PROPERTIES = ("name", "alias", "former_name", "weak_alias")
"""Properties that are shown as names, not as details."""


def caption(node: Node) -> str:
    """The one name that stands for the node."""
    return node.caption or node.id


def display_name(node: Node) -> str:
    """The name in a sentence, in both scripts: `沈垣甫 (Shen Yuanfu)`."""
    shown, latin = caption(node), latin_name(node)
    return shown if latin == shown else f"{shown} ({latin})"


def told_apart(name: str, note: str) -> str:
    """A name, with what tells it from others of that name where there are some: `Ann Example (born 1959)`."""
    return f"{name} ({note})" if note else name


def latin_name(node: Node) -> str:
    """A name in Latin letters if there is one."""
    names = (caption(node), *node.properties.get("name", ()), *node.properties.get("alias", ()))
    return next((n for n in names if is_latin(n)), caption(node))


def other_names(node: Node) -> tuple[str, ...]:
    """The other names of a node, each once."""
    names = (v for n in NAME_PROPERTIES for v in node.properties.get(n, ()))
    return tuple(v for v in dict.fromkeys(names) if v != node.caption)


@lru_cache(maxsize=65_536)
def is_latin(text: str) -> bool:
    """Whether no letter is of another script; digits and signs alone are as good as Latin."""
    return text.isascii() or all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())
