"""What was tried, and what became of it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.soak.processes import KgCommand, Loader, ServiceRunner

COLUMNS = ("tried", "survived", "refused", "failed", "lost", "torn", "leaked")
"""Refused: the service said that it could not answer yet, or a command that the store was in use. Failed: another 5xx,
or a 4xx for a right question."""

KINDS = ("loads", "questions", "attacks", "verify", "backups")
"""What every run does."""

SECRET = "secret-of-the-protected-scope"
"""The value of the protected fact."""
HOSTILE = "asked-by-a-hostile-client"
"""A word in whatever hostile clients send."""


@dataclass
class Tally:
    """Counts by kind of work, for many threads."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    """Seconds of each answered question."""
    notes: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, *columns: str, note: str = "") -> None:
        """Count one more of a kind in these columns."""
        with self._lock:
            self.counts.setdefault(kind, Counter()).update(columns)
            if note and len(self.notes) < 20:
                self.notes.append(f"{kind}: {note}")

    def add_wait(self, seconds: float) -> None:
        """Note how long an answer took."""
        with self._lock:
            self.waits.append(seconds)

    def check_end(self, kg: KgCommand, loader: Loader, service: ServiceRunner) -> None:
        """What the store, the logs and the audit say once all is quiet."""
        done = kg.run("verify", KG_SCOPE="protected")
        self.add("the store at the end", "tried", "survived" if not done.returncode else "torn", note=done.stderr)
        self.add("the last load at the end", "tried")
        loader.check("the last load at the end")
        for name, log in (("the service's log", service.log), ("the audit log", service.audit_log)):
            text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            leaks = [word for word in (SECRET, *([HOSTILE] if log == service.log else [])) if word in text]
            self.add(name, "tried", "leaked" if leaks else "survived", note=", ".join(leaks))

    def has_survived(self, times: int) -> bool:
        """Whether each kind of `KINDS` was survived so often."""
        with self._lock:
            return all(self.counts.get(kind, Counter())["survived"] >= times for kind in KINDS)

    @property
    def is_broken(self) -> bool:
        """Whether anything failed, or was lost, torn or leaked."""
        bad = ("failed", "lost", "torn", "leaked")
        return any(counts[column] for counts in self.counts.values() for column in bad)

    def percentile(self, part: float) -> float:
        """Milliseconds in which so many percent of the questions were answered; 0 without any."""
        waits = sorted(self.waits)
        return 1000 * waits[min(len(waits) - 1, int(len(waits) * part / 100))] if waits else 0.0

    def to_json(self) -> dict[str, Any]:
        """The figures as plain data."""
        kinds = {kind: {column: counts[column] for column in COLUMNS} for kind, counts in sorted(self.counts.items())}
        return {"kinds": kinds, "p50_ms": self.percentile(50), "p99_ms": self.percentile(99), "notes": self.notes}

    def table(self) -> str:
        """The figures as a Markdown table."""
        lines = [f"| | {' | '.join(COLUMNS)} |", f"|---|{'---|' * len(COLUMNS)}"]
        for kind, counts in sorted(self.counts.items()):
            lines.append(f"| {kind} | {' | '.join(str(counts[column]) for column in COLUMNS)} |")
        lines.append(f"\nanswers: median {self.percentile(50):.0f} ms, 99 % within {self.percentile(99):.0f} ms")
        return "\n".join([*lines, *self.notes])
