"""What an analysis found, with the nodes and links that it names, before it is written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from kg.records import Link, Node

Finding = TypeVar("Finding")


@dataclass(frozen=True, slots=True)
class QuestionResult(Generic[Finding]):
    """What was found, and all nodes and links that it mentions, by id."""

    finding: Finding
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]
