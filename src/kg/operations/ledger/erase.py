"""Erase a source and everything that kg keeps of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.database import to_store_error
from kg.errors import NotFound, StoreError
from kg.ledger.erasure import ReportEntry, pending_scrubs, purge, record_report, reports_naming, scrub
from kg.ledger.integrity import expect_integrity
from kg.ledger.ledger import Ledger
from kg.operations.ledger.rejects import erase_rejects
from kg.operations.store.attachments import AttachmentFolder
from kg.operations.store.restore import kept_path
from kg.operations.store.view_cache import clear_view_cache
from kg.operations.workspace import Workspace, open_database, phase_progress, today


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
    """Where the store of before a restore is kept, which may hold the source too."""


def erase(workspace: Workspace, source: str) -> ErasureResult:
    """Withdraw a source and remove every trace of it from the store's files and the rejects folder.

    Raises NotFound, and StoreBusy while another process reads what is to be overwritten: the source is gone then, and
    calling again overwrites what is left of it.
    """
    folder = AttachmentFolder(workspace.attachments_folder)
    with open_database(workspace) as connection:
        workspace.progress("checking the file", 0, None)
        expect_integrity(connection, str(workspace.path))
        resumed = pending_scrubs(connection)
        if resumed:
            scrub(connection)
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
            records, judgements = purge(connection, source, protected=workspace.protected)
            files = folder.remove_uncited(connection)
            clear_view_cache(workspace)
            scrub(connection)
            reports = tuple(reports_naming(connection, source))
    return ErasureResult(source, result.withdrawn, records, judgements, rejects, reports, files, _copies(workspace))


def _copies(workspace: Workspace) -> tuple[str, ...]:
    kept = kept_path(workspace.path)
    return (str(kept),) if kept.exists() else ()


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


def remember_report(workspace: Workspace, files: tuple[Path, ...], day: str, sources: tuple[str, ...]) -> None:
    """Note in the ledger that a report is written to `files` and names `sources`."""
    with open_database(workspace) as connection:
        record_report(connection, ReportEntry(tuple(str(f.resolve()) for f in files), day, sources))
