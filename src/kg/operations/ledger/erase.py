"""Erase a source and everything that kg keeps of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg.database import to_store_error, write_transaction
from kg.errors import NotFound, StoreError
from kg.files import follow_links
from kg.ledger.erasure import (
    ActivityEntry,
    ReportEntry,
    list_activities,
    pending_scrubs,
    purge,
    record_activity,
    record_report,
    reports_naming,
    scrub,
)
from kg.ledger.integrity import expect_integrity
from kg.ledger.judgement_status import list_judgements
from kg.ledger.ledger import Ledger
from kg.ledger.loads import list_loads
from kg.operations.ledger.rejects import erase_rejects
from kg.operations.store.attachments import AttachmentFolder
from kg.operations.store.restore import kept_stores
from kg.operations.store.store_copy import remove_copies
from kg.operations.store.view_cache import clear_view_cache
from kg.operations.workspace import Workspace, open_database, open_ledger, phase_progress, today


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """What was erased, and what kg cannot erase."""

    source: str
    withdrawn: int
    """Records that were in force."""
    records: int
    """Records of the ledger, with those withdrawn before."""
    judgements: int
    """Judgements about names that no other source uses."""
    rejects: tuple[str, ...]
    """Files of rows that could not be read."""
    reports: tuple[ReportEntry, ...]
    """Reports that named the source, with the places they were written to; they are where people left them."""
    attachments: tuple[str, ...] = ()
    """SHA-256 of the attached files that no other source cites."""
    copies: tuple[str, ...] = ()
    """Where stores of before a restore are kept, which may hold the source too."""


def erase(workspace: Workspace, source: str) -> ErasureResult:
    """Withdraw a source and remove every trace of it from the store's files and the rejects folder.

    Raises NotFound, and StoreBusy while another process reads what is to be overwritten, or a copy of it: the source is
    gone then, and calling again overwrites what is left of it.
    """
    folder = AttachmentFolder(workspace.attachments_folder)
    with open_database(workspace) as connection:
        workspace.progress("checking the file", 0, None)
        expect_integrity(connection, str(workspace.path), protected=workspace.protected)
        resumed = pending_scrubs(connection)
        if resumed:
            scrub(connection, partial(remove_copies, workspace))
            clear_view_cache(workspace)
        try:
            result = Ledger(connection, workspace.ontology, protected=workspace.protected).withdraw(
                source, today(), phase_progress(workspace)
            )
        except NotFound:
            if source not in resumed:
                raise
            files, reports = folder.remove_uncited(connection), tuple(reports_naming(connection, source))
            return ErasureResult(source, 0, 0, 0, (), reports, files, _copies(workspace))
        with _say_what_was_done(source):
            rejects = erase_rejects(workspace, source)
            workspace.progress("erasing", 0, None)
            entry = ActivityEntry(today(), "erasure", workspace.user, "a source, with all that it said")
            records, judgements = purge(connection, source, entry, protected=workspace.protected)
            files = folder.remove_uncited(connection)
            scrub(connection, partial(remove_copies, workspace))
            clear_view_cache(workspace)
            reports = tuple(reports_naming(connection, source))
    return ErasureResult(source, result.withdrawn, records, judgements, rejects, reports, files, _copies(workspace))


def _copies(workspace: Workspace) -> tuple[str, ...]:
    return tuple(map(str, kept_stores(follow_links(workspace.path))))


@contextmanager
def _say_what_was_done(source: str) -> Iterator[None]:
    """Say of an error in the block that the source is withdrawn by now, and how to go on."""
    done = f"{source} is withdrawn, but not all of it is erased; `kg withdraw --erase` of it goes on where it stopped"
    try:
        yield
    except sqlite3.Error as error:
        raise to_store_error(error, consequence=done) from error
    except StoreError as error:
        raise type(error)(error.problem, done) from error
    except OSError as error:
        raise StoreError(f"{error.filename or 'a file'}: {error.strerror}", done) from error


def remember_report(
    workspace: Workspace, files: tuple[Path, ...], day: str, sources: tuple[str, ...], kind: str = "report"
) -> None:
    """Note in the ledger that a report, or what `kind` calls it, is written to `files` and names `sources`."""
    with open_database(workspace) as connection:
        record_report(connection, ReportEntry(tuple(str(f.resolve()) for f in files), day, sources))
    remember_activity(workspace, kind, f"of {day}, in {files[0].parent.resolve()}")


def remember_activity(workspace: Workspace, kind: str, what: str, *, protected: bool | None = None) -> None:
    """Note in the ledger that somebody does something; only the protected scope sees what was done in it."""
    is_hidden = workspace.protected if protected is None else protected
    with open_database(workspace) as connection, write_transaction(connection):
        record_activity(connection, ActivityEntry(today(), kind, workspace.user, what, is_hidden))


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something that was done, by whom and for which case."""

    day: str
    kind: str
    user: str
    """Who did it; empty where an older kg kept nobody."""
    what: str
    case_reference: str = ""


def list_history(workspace: Workspace) -> list[HistoryEntry]:
    """Every load, withdrawal, judgement, export, report and erasure, by day."""
    with open_ledger(workspace) as connection:
        loads = [
            HistoryEntry(e.day, e.kind, e.user, f"{e.source}, load {e.number}", e.case_reference)
            for e in list_loads(connection)
        ]
        judged = list_judgements(connection, active_only=False)
        made = [HistoryEntry(j.day, "judgement", j.user, f"{j.number}: {j.kind}, decided by {j.by}") for j in judged]
        undone = [
            HistoryEntry(j.undone, "undoing", j.undone_user, f"judgement {j.number}, decided by {j.undone_by}")
            for j in judged
            if j.undone
        ]
        confirmed = [
            HistoryEntry(j.confirmed, "confirmation", j.confirmed_user, f"judgement {j.number}, by {j.confirmed_by}")
            for j in judged
            if j.confirmed
        ]
        others = [HistoryEntry(a.day, a.kind, a.user, a.what) for a in list_activities(connection)]
    return sorted([*loads, *made, *confirmed, *undone, *others], key=lambda entry: entry.day)
