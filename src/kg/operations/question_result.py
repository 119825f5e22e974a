"""What an analysis found, with the nodes and links that it names, before it is written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kg.records import Claim, Link, Node

Finding = TypeVar("Finding")


@dataclass(frozen=True, slots=True)
class QuestionResult(Generic[Finding]):
    """What was found, and all nodes and links that it mentions, by id."""

    finding: Finding
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]
    claims: Mapping[str, Sequence[Claim]] = field(default_factory=dict)
    """The claims of each link that several claims state, by its id, where the analysis tells them."""
