"""What the explorer page says in English while its reader reads Chinese."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from kg.ontology import load_ontology
from tests.chromium import Page
from tests.house.tree import ROOT

SHOWN = """(() => {
  const found = new Set()
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let at = walk.nextNode(); at; at = walk.nextNode())
    if (at.data.trim() && !at.parentElement.closest('script, noscript, [lang=en]')) found.add(at.data.trim())
  for (const name of ['title', 'aria-label', 'aria-valuetext', 'placeholder', 'alt'])
    for (const one of document.querySelectorAll(`[${name}]`)) found.add(one.getAttribute(name))
  return [...found]
})()"""
"""Every text of the page, what is folded away and what only a screen reader says among it."""

WORD = re.compile(r"[A-Za-z]*[a-z]{2,}[A-Za-z]*")
CODES = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f-]{27}@\d+|https?://\S+|[\w.-]+\.[a-z]{2,}(?:/\S*)?|\b[\w-]+:[\w-]+\b"
    r"|\bdemo(?:-\w+)?\b|\breference\b|`[^`]*`|\bkg \w+ .*"
)
"""Versions of graphs, addresses, keys, the names of sources, and commands."""

ALIKE_IN_BOTH = frozenset(("kg", "GraphML", "Shift", "Delete", "Enter", "English", "JavaScript", "Neo4j", "Cypher"))


def english_on(page: Page, typed: str = "") -> list[str]:
    """The texts with an English word that is no name, that no source wrote and that nobody typed."""
    return english_among(page.value(SHOWN), typed)


def english_among(texts: Iterable[str], typed: str = "") -> list[str]:
    """Those of some texts with an English word that is no name, that no source wrote and that nobody typed."""
    return [text for text in texts if _english_in(text, typed.split())]


def _english_in(text: str, typed: Collection[str]) -> bool:
    if not WORD.search(text):
        return False
    left = CODES.sub(" ", text)
    for said in _said_by_sources():
        if said in left:
            left = left.replace(said, " ")
    return any(
        word not in ALIKE_IN_BOTH and word not in _free_words() and word not in typed for word in WORD.findall(left)
    )


@cache
def _said_by_sources() -> tuple[str, ...]:
    """Names and whatever else the demo and reference sets say in words of their own, the longest first.

    A single word in small letters is none: most are values that the ontology lists, which the page translates.
    """
    texts = {text for text in _texts() if " " in text.strip() or text != text.lower() or "-" in text}
    return tuple(sorted((text for text in texts if len(text) > 2), key=lambda text: (-len(text), text)))


@cache
def _free_words() -> frozenset[str]:
    """Single words that a source of the demo set wrote where the ontology lists none."""
    known = load_ontology()
    properties = [kind for of in (*known.nodes, *known.links) for kind in known.properties(of).values()]
    listed = {value for kind in properties for value in kind.values}
    said = {text for record in _records() for text in _leaves(record.get("properties", {}))}
    return frozenset(text for text in said if text.isalpha()) - listed


def _records() -> Iterator[dict[str, Any]]:
    for path in sorted((ROOT / "graph" / "demo").glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _texts() -> Iterator[str]:
    for path in sorted((ROOT / "graph" / "reference").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield from (text for text in row.values() if text)
    for path in sorted((ROOT / "graph" / "reference" / "routes").glob("*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8"))["source"].values()
    yield from _leaves(_records())


def _leaves(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for one in data.values():
            yield from _leaves(one)
    elif isinstance(data, Iterable):
        for one in data:
            yield from _leaves(one)
