"""The audit log: who asked what about whom."""

from __future__ import annotations

import errno
import logging
import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import StoreError
from kg.files import PRIVATE, lock_within
from kg.operations.answers import AnswerSummary
from kg_api.json_lines import json_line, mask_data, mask_keys
from kg_api.middleware.auth import SESSION_ADDRESS
from kg_api.middleware.body import parse_body
from kg_api.middleware.limits import MAX_QUERY_BYTES
from kg_api.middleware.request_context import (
    CURRENT_REQUEST,
    RequestContext,
    coming_operation,
    matched_operation,
    routed_path,
)
from kg_api.problems import problem_response
from kg_api.requests import MAX_NODE_NAME

MAX_LOG_BYTES = 64 * 1024 * 1024
"""Bytes after which a log file is renamed with the time of its last line, and a new one begun."""

LOCK_SECONDS = 1.0
"""How long a line waits for another process that writes; a stopped one must not stop the service."""

DENIALS_PER_MINUTE = 60
"""Lines a minute for the refusals of one key or address; the others are counted, so that nobody fills the disk."""

MAX_TEXT = 500
"""Characters of a text that the log keeps."""

MAX_PATH = 3 * MAX_NODE_NAME + 100
"""Characters of a path that the log keeps: the name of a node, all of it encoded, and what stands around it."""

DENIED_STATUSES = (400, 401, 403, 421, 429)
"""Refusals before anybody is known to be allowed to ask. Logged for every address; other answers only below /v1, and of
sessions that begin or end."""

REFUSED_UNREAD = ("host", "head", "forwarded", "keys", "key", "rate", "site")
"""Reasons for which a request is refused before it is known who asks; what they ask is not logged."""

CLIENT_LEFT = 0
"""The status of a request that got no answer: the client left, or the service was stopped."""

LOG = logging.getLogger("kg_api.middleware.audit")


class AuditLog:
    """A file of JSON lines, readable by its owner only. Several services may write to it.

    Nothing is ever removed: a large file is renamed, and an operator may rename it too.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_LOG_BYTES) -> None:
        self.path, self._max_bytes = path, max_bytes

    def check(self) -> None:
        """Raises StoreError if the log cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._locked():
                pass
        except OSError as error:
            raise StoreError(f"{self.path}: the audit log cannot be written ({error.strerror})") from None

    def write(self, *entries: dict[str, Any]) -> None:
        """Append a line for each entry, all of them or none. Raises OSError."""
        line = b"".join(map(json_line, entries))
        with self._locked() as handle:
            before = os.fstat(handle).st_size
            written = os.write(handle, line)
            if written != len(line):
                os.ftruncate(handle, before)
                raise OSError(f"only {written} of {len(line)} bytes were written")
            if before + written >= self._max_bytes:
                stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
                self.path.rename(self.path.with_name(f"{self.path.stem}.{stamp}{self.path.suffix}"))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, locked; opened again if it was renamed meanwhile."""
        while True:
            handle = os.open(
                self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600
            )
            try:
                _claim(handle)
                lock_within(handle, LOCK_SECONDS)
                if os.fstat(handle).st_nlink and self._is_current(handle):
                    yield handle
                    return
            finally:
                os.close(handle)

    def _is_current(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self.path.stat())
        except FileNotFoundError:
            return False


def _claim(handle: int) -> None:
    """Take a file for the log, which only its owner may read, whoever made it. Raises OSError if it cannot be."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    if status.st_uid != os.geteuid():
        raise OSError(errno.EPERM, f"its owner is user {status.st_uid}; expected {os.geteuid()}")
    if stat.S_IMODE(status.st_mode) & ~PRIVATE:
        os.fchmod(handle, PRIVATE)


class DenialCounter:
    """Which refusals of a client are logged, and how many were not."""

    def __init__(self) -> None:
        self._minute = -1
        self._lines: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def is_logged(self, who: str, minute: int) -> bool:
        """Whether this refusal is logged; otherwise it is counted."""
        if minute != self._minute:
            self._minute = minute
            self._lines.clear()
        self._lines[who] += 1
        if self._lines[who] <= DENIALS_PER_MINUTE:
            return True
        self._skipped[who] += 1
        return False

    def take_skipped(self, minute: int) -> list[tuple[str, int]]:
        """Once a minute is over: who was refused without a line in it, and how often. They are told only once."""
        if minute == self._minute or not self._skipped:
            return []
        skipped = sorted(self._skipped.items())
        self._skipped.clear()
        return skipped


class AuditTrail:
    """Writes the lines of requests; the log is asked for anew each time, because it begins with the first key."""

    def __init__(self, log: Callable[[], AuditLog | None]) -> None:
        self._log, self._denials = log, DenialCounter()

    def write_question(self, scope: Scope) -> bool:
        """Log what is asked, before anything runs; returns whether that was possible or need not be."""
        log = self._log()
        if log is None or not is_audited(scope):
            return True
        return self._write(log, audit_entry(scope, CURRENT_REQUEST.get(), None))

    def write_answer(self, scope: Scope, status: int) -> bool:
        """Log what became of a request; returns whether that was possible or need not be."""
        log = self._log()
        if log is None:
            return True
        context, minute = CURRENT_REQUEST.get(), int(time.monotonic() // 60)
        if not self.write_skipped(minute):
            return False
        if status in DENIED_STATUSES:
            if not self._denials.is_logged(context.key_name or context.peer, minute):
                return True
        elif not is_audited(scope) and not _changes_session(scope, status):
            return True
        answered = audit_entry(scope, context, status)
        return self._write(log, *screened_entries(context, answered), answered)

    def write_skipped(self, minute: int = -1) -> bool:
        """Log how many refusals got no line of their own in the minutes before; at the end of the service, all."""
        log = self._log()
        skipped = self._denials.take_skipped(minute) if log else []
        at = _now()
        return all(
            self._write(log, {"at": at, "event": "left out", "client": who, "left_out": count})
            for who, count in skipped
            if log
        )

    def _write(self, log: AuditLog, *entries: dict[str, Any]) -> bool:
        try:
            log.write(*entries)
        except OSError as error:
            LOG.error("the audit log cannot be written: %s", error.strerror or "a line was cut short")
            context = CURRENT_REQUEST.get(None)
            if context is not None:
                context.refusal = "audit"
            return False
        return True


class AuditLogMiddleware:
    """Logs each answer before any of it is sent; what cannot be logged is not answered."""

    def __init__(self, app: ASGIApp, trail: AuditTrail) -> None:
        self._app, self._trail = app, trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and hold the answer back until it is logged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = has_failed = False

        async def send_logged(message: Message) -> None:
            nonlocal has_begun, has_failed
            if message["type"] == "http.response.start" and not has_begun:
                has_begun = True
                has_failed = not self._trail.write_answer(scope, message["status"])
                if has_failed:
                    await unlogged_response()(scope, receive, send)
            if not has_failed:
                await send(message)

        status = CLIENT_LEFT
        try:
            await self._app(scope, receive, send_logged)
        except Exception:
            status = 500
            raise
        finally:
            if not has_begun:
                self._trail.write_answer(scope, status)


class AuditQuestionMiddleware:
    """Logs each question once its body is there and before anything runs; what cannot be logged is not run."""

    def __init__(self, app: ASGIApp, trail: AuditTrail) -> None:
        self._app, self._trail = app, trail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log the question and pass it on, or refuse it."""
        is_logged = scope["type"] != "http" or self._trail.write_question(scope)
        await (self._app if is_logged else unlogged_response())(scope, receive, send)


def unlogged_response() -> Response:
    """The refusal of a request that cannot be logged."""
    return problem_response(
        503, "the audit log cannot be written, so nothing is answered", headers={"Retry-After": "1"}
    )


def is_audited(scope: Scope) -> bool:
    """Whether every request for this address has its line."""
    path: str = scope["path"]
    return path == "/v1" or path.startswith("/v1/")


def _changes_session(scope: Scope, status: int) -> bool:
    """Whether a session has begun or ended; nothing runs for that, so it has the line of its answer alone."""
    return scope["path"] == SESSION_ADDRESS and scope["method"] in ("POST", "DELETE") and status in (200, 204)


def audit_entry(scope: Scope, context: RequestContext, status: int | None) -> dict[str, Any]:
    """The line of a question, or with a status that of its answer."""
    entry = {
        "at": _now(),
        "event": "asked" if status is None else "answered",
        "request": context.id,
        "key": context.key_name,
        "client": context.client,
        "method": mask_keys(scope["method"])[:MAX_TEXT],
        "path": mask_keys(routed_path(scope))[:MAX_PATH],
        "operation": coming_operation(scope) if status is None else matched_operation(scope)[0],
        "asked": {} if context.refusal in REFUSED_UNREAD else mask_data(_request_parameters(scope, context)),
        "case": context.case[:MAX_TEXT],
        "purpose": context.purpose[:MAX_TEXT],
    }
    if status is None:
        return entry
    summary = context.summary if context.summary is not None and status == 200 else AnswerSummary(results=0)
    return entry | {
        "status": status,
        "refused": context.refusal,
        "results": summary.results,
        "about": list(summary.about),
    }


def screened_entries(context: RequestContext, answered: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Of a list that was screened, a line for each row: what was asked, and which entries were given for it."""
    screened = context.summary.screened if context.summary is not None and answered["status"] == 200 else {}
    same = {name: answered[name] for name in ("at", "request", "key", "client", "operation", "case", "purpose")}
    rows = answered["asked"]["body"]["rows"] if screened else ()
    for number, row in enumerate(rows):
        given = [entry._asdict() for entry in screened[f"rows.{number}"]]
        yield {**same, "event": "screened", "row": number, "asked": row, "given": given}


def _request_parameters(scope: Scope, context: RequestContext) -> dict[str, Any]:
    """Every parameter by name, and the body; a repeated parameter is a list."""
    if scope["path"] == SESSION_ADDRESS:  # its body has a key
        return {}
    asked: dict[str, Any] = dict(scope.get("path_params") or {})
    query = scope["query_string"][:MAX_QUERY_BYTES].decode("latin-1")
    for name, value in parse_qsl(query, keep_blank_values=True):
        known = asked.get(name)
        asked[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    if context.body:
        asked["body"] = _body_data(context.body) if context.data is None else context.data
    return asked


def _body_data(body: bytes) -> Any:
    """The body as data; as the beginning of its text if it is not what a body may be."""
    try:
        data, invalid = parse_body(body)
        if not invalid:
            return data
    except ValueError:
        pass  # it is no JSON
    return mask_keys(body.decode("utf-8", "replace"))[:MAX_TEXT]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
