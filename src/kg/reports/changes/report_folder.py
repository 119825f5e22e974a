"""How are periodic reports stored in a folder?"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kg.errors import InputError, InputLocation, StoreBusy
from kg.files import lock_file, publish, rename, write_atomically
from kg.reports.changes.previous_report import PreviousReport
from kg.reports.cluster_report.model import ClusterSection
from kg.reports.render.environment import render
from kg.reports.render.files import FORMATS, OFFICE_FORMATS

FORMAT = "kg reports 1"

INDEX, RUNS, PREVIOUS_REPORT, CLUSTERS, LOCK_FILE = "index.html", "runs.json", "run.json", "clusters.json", ".lock"

MADE, FAILED, BEGUN = "made", "failed", "begun"


@dataclass(frozen=True, slots=True)
class ReportRun:
    """One run: the day of its report, its state, and what the index says about it."""

    day: str
    state: str
    """MADE, FAILED, or BEGUN while it runs."""
    version: str = ""
    says: str = ""
    """What the report says in a few words, or why there is none."""
    missed: tuple[str, ...] = ()
    """Earlier days on which a report was due and none was written."""


@dataclass(frozen=True, slots=True)
class StoredSections:
    """What is read again of the JSON file of a report."""

    clusters: tuple[ClusterSection, ...]


def content_digest(content: bytes) -> str:
    """What tells whether a file is still as it was written."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class ReportFolder:
    """A folder of reports. Each is a folder named by its day; `runs.json` and `index.html` list them."""

    folder: Path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one process writes reports here; the lock ends with the process. Raises StoreBusy at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with lock_file(self.folder / LOCK_FILE, wait=False) as is_locked:
            if not is_locked:
                raise StoreBusy(f"another run is making a report in {self.folder}; this one ends")
            self._recover()
            yield

    def runs(self) -> tuple[ReportRun, ...]:
        """Every run, the oldest first. Raises InputError where the list cannot be read."""
        import orjson

        path = self.folder / RUNS
        if not path.exists():
            return ()
        try:
            data = orjson.loads(path.read_bytes())
            if data["format"] != FORMAT:
                raise InputError(f"expected format {FORMAT!r}", InputLocation(file=str(path), key="format"))
            return tuple(ReportRun(**{**one, "missed": tuple(one["missed"])}) for one in data["runs"])
        except (ValueError, KeyError, TypeError):
            raise InputError("expected the list of runs that kg writes", InputLocation(file=str(path))) from None

    def last_before(self, day: str) -> tuple[PreviousReport, Path] | None:
        """What is stored of the last report before a day, and the file of its clusters; None if there is none."""
        for run in reversed(self.runs()):
            path, clusters = (self.folder / run.day / name for name in (PREVIOUS_REPORT, CLUSTERS))
            if run.state == MADE and run.day < day and path.exists() and clusters.exists():
                return PreviousReport.from_bytes(path.read_bytes(), str(path)), clusters
        return None

    def sections(self, previous: PreviousReport) -> dict[str, ClusterSection]:
        """The sections of an earlier report, by cluster; none if its JSON file is not as it was written."""
        from pydantic import TypeAdapter, ValidationError

        path = self.folder / previous.day / f"report-{previous.day}.json"
        try:
            content = path.read_bytes()
            if not previous.content or content_digest(content) != previous.content:
                return {}
            stored = TypeAdapter(StoredSections).validate_json(content)
        except (OSError, ValidationError):
            return {}
        return {section.id: section for section in stored.clusters}

    def record_run(self, run: ReportRun) -> None:
        """Add a run to the list, or replace that of the same day, and write the index."""
        import orjson

        others = (r for r in self.runs() if r.day != run.day)
        runs = sorted((*others, run), key=lambda r: r.day)
        data = {"format": FORMAT, "runs": [asdict(r) for r in runs]}
        write_atomically(self.folder / RUNS, orjson.dumps(data, option=orjson.OPT_INDENT_2) + b"\n")
        write_atomically(self.folder / INDEX, render_index(runs, self._endings).encode())

    def _endings(self, day: str) -> tuple[str, ...]:
        """Those of the files of a report."""
        there = {path.suffix.removeprefix(".") for path in (self.folder / day).glob(f"report-{day}.*")}
        return tuple(ending for ending in (*FORMATS, *OFFICE_FORMATS) if ending in there)

    def _recover(self) -> None:
        """Put back the report that a killed run had moved aside, and remove what it had not finished."""
        for aside in sorted(self.folder.glob(".*.before")):
            there = self.folder / aside.name.removeprefix(".").removesuffix(".before")
            if there.exists():
                shutil.rmtree(aside)
            else:
                rename(aside, there)
        for part in sorted(self.folder.glob(".*.part")):
            if part.is_dir():
                shutil.rmtree(part)
            else:
                part.unlink()

    def publish(self, day: str, made: Path, memory: PreviousReport, clusters: bytes) -> None:
        """Move the complete folder of a report to its place, replacing one of the same day."""
        with suppress(FileNotFoundError):
            memory = replace(memory, content=content_digest((made / f"report-{day}.json").read_bytes()))
        write_atomically(made / PREVIOUS_REPORT, memory.to_bytes())
        write_atomically(made / CLUSTERS, clusters)
        there, before = self.folder / day, self.folder / f".{day}.before"
        if there.exists():
            rename(there, before)
        publish(made, there)
        shutil.rmtree(before, ignore_errors=True)

    def create_staging_folder(self, day: str) -> Path:
        """An empty folder to write a report into."""
        path = self.folder / f".{day}.part"
        path.mkdir(parents=True)
        return path


def render_index(runs: Sequence[ReportRun], endings: Callable[[str], tuple[str, ...]]) -> str:
    """The page that lists the runs, the newest first. It reads no clock. `endings`: those of the files of a day."""
    newest = tuple(reversed(runs))
    good = next((run for run in newest if run.state == MADE), None)
    files = {run.day: endings(run.day) for run in newest if run.state == MADE}
    return render("index.html.j2", runs=newest, good=good, files=files)
