"""What does a reader know besides its files?"""

from __future__ import annotations

from dataclasses import dataclass

from kg.ontology import Ontology
from kg.sources.files.lines import Progress, ignore_progress


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reader knows besides its files."""

    ontology: Ontology
    namespace: str
    """In which the source's keys have their meaning."""
    progress: Progress = ignore_progress
