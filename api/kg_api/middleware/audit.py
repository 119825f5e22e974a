"""Who asked what about whom, and where is that written down?"""

from __future__ import annotations

import json
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import StoreError
from kg.files import lock_descriptor
from kg_api.middleware.request_context import CURRENT_REQUEST, AuditNotes, RequestContext, matched_operation
from kg_api.problems import problem_response

MAX_LOG_BYTES = 64 * 1024 * 1024
"""Bytes after which a log is put aside under the instant of its last line, and a new one begun."""

DENIALS_PER_MINUTE = 60
"""Lines a minute for one key or address that is turned away; the rest is counted, and no stranger fills the disk."""

MAX_TEXT = 500
"""Characters of an address that are kept where nobody looked at the question."""

DENIED_STATUSES = (401, 403, 429)
"""Noted wherever they happen; other answers only under /v1."""

LOG = logging.getLogger("kg_api.middleware.audit")


class AuditLog:
    """A file of JSON lines, readable by its owner only. Several services may write one.

    Nothing that was written is ever removed: a log that has grown large is renamed, and so may somebody else rename it.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_LOG_BYTES) -> None:
        self.path, self._max_bytes = path, max_bytes

    def check(self) -> None:
        """Raises StoreError where the log cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._locked():
                pass
        except OSError as error:
            raise StoreError(f"{self.path}: the audit log cannot be written ({error.strerror})") from None

    def write(self, entry: dict[str, Any]) -> None:
        """Add a line, whole or not at all. Raises OSError."""
        line = orjson.dumps(entry) + b"\n"
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
        """The file by that name, locked, and not one that was renamed meanwhile."""
        while True:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                lock_descriptor(handle)
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


class DenialCounter:
    """Which of those who are turned away again and again get a line, and how many did not since the last one."""

    def __init__(self) -> None:
        self._minute = -1
        self._lines: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def count(self, who: str, minute: int) -> int | None:
        """How many went without a line before this one; None for one that goes without."""
        if minute != self._minute:
            self._minute = minute
            self._lines.clear()
        self._lines[who] += 1
        if self._lines[who] > DENIALS_PER_MINUTE:
            self._skipped[who] += 1
            return None
        return self._skipped.pop(who, 0)


class AuditLogMiddleware:
    """Notes each answer before any of it leaves; what cannot be noted is not answered."""

    def __init__(self, app: ASGIApp, log: Callable[[], AuditLog | None]) -> None:
        self._app, self._log, self._denials = app, log, DenialCounter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and hold the answer back until it is noted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = failed = False

        async def noted(message: Message) -> None:
            nonlocal begun, failed
            if message["type"] == "http.response.start" and not begun:
                begun = True
                failed = not self._write_entry(scope, message["status"])
                if failed:
                    refusal = problem_response(503, "the audit log cannot be written, so nothing is answered")
                    await refusal(scope, receive, send)
            if not failed:
                await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception:
            if not begun:
                self._write_entry(scope, 500)
            raise

    def _write_entry(self, scope: Scope, status: int) -> bool:
        log = self._log()
        if log is None or not (scope["path"].startswith("/v1/") or status in DENIED_STATUSES):
            return True
        trail, left_out = CURRENT_REQUEST.get(), 0
        if status in DENIED_STATUSES:
            found = self._denials.count(trail.key_name or trail.client, int(time.time() // 60))
            if found is None:
                return True
            left_out = found
        try:
            log.write(audit_entry(scope, trail, status) | ({"left_out": left_out} if left_out else {}))
        except OSError as error:
            LOG.error("the audit log cannot be written: %s", error.strerror or error)
            CURRENT_REQUEST.get().refusal = "audit"
            return False
        return True


def audit_entry(scope: Scope, trail: RequestContext, status: int) -> dict[str, Any]:
    """The line for an answer."""
    notes = trail.notes if trail.notes is not None and status == 200 else AuditNotes(results=0)
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "request": trail.id,
        "key": trail.key_name,
        "client": trail.client,
        "method": scope["method"],
        "path": scope["path"][:MAX_TEXT],
        "operation": matched_operation(scope)[0],
        "asked": {} if trail.refusal else _request_parameters(scope, trail),
        "case": trail.case[:MAX_TEXT],
        "purpose": trail.purpose[:MAX_TEXT],
        "status": status,
        "refused": trail.refusal,
        "results": notes.results,
        "about": list(notes.about),
    }


def _request_parameters(scope: Scope, trail: RequestContext) -> dict[str, Any]:
    """Every parameter by its name, and what the body says; a parameter that is repeated is a list."""
    asked: dict[str, Any] = dict(scope.get("path_params") or {})
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        known = asked.get(name)
        asked[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    if trail.body:
        asked["body"] = _parse_body(trail.body)
    return asked


def _parse_body(body: bytes) -> Any:
    """The body as plain data; text where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return body[:MAX_TEXT].decode("utf-8", "replace")
