"""What every reader is given besides its files."""

from __future__ import annotations

from dataclasses import dataclass

from kg.ontology import Ontology
from kg.sources.files.lines import Progress, ignore_progress


@dataclass(frozen=True, slots=True)
class ReadContext:
    """The ontology, the namespace of the keys, and where to report progress."""

    ontology: Ontology
    namespace: str
    """The namespace of the source's keys."""
    progress: Progress = ignore_progress
