"""The audit log: who asked what about whom."""

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
from kg.operations.answers import AnswerSummary
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext, matched_operation
from kg_api.problems import problem_response

MAX_LOG_BYTES = 64 * 1024 * 1024
"""Bytes after which a log file is renamed with the time of its last line, and a new one begun."""

DENIALS_PER_MINUTE = 60
"""Lines a minute for the refusals of one key or address; the others are counted, so that nobody fills the disk."""

MAX_TEXT = 500
"""Characters of a text that the log keeps."""

DENIED_STATUSES = (401, 403, 429)
"""Logged for every address; other answers only below /v1."""

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

    def write(self, entry: dict[str, Any]) -> None:
        """Append a line, whole or not at all. Raises OSError."""
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
        """The file, locked; opened again if it was renamed meanwhile."""
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
    """Which refusals of a client are logged, and how many were skipped since the last one."""

    def __init__(self) -> None:
        self._minute = -1
        self._lines: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def count(self, who: str, minute: int) -> int | None:
        """How many refusals were skipped before this one; None if this one is skipped."""
        if minute != self._minute:
            self._minute = minute
            self._lines.clear()
        self._lines[who] += 1
        if self._lines[who] > DENIALS_PER_MINUTE:
            self._skipped[who] += 1
            return None
        return self._skipped.pop(who, 0)


class AuditLogMiddleware:
    """Logs each answer before any of it is sent; what cannot be logged is not answered."""

    def __init__(self, app: ASGIApp, log: Callable[[], AuditLog | None]) -> None:
        self._app, self._log, self._denials = app, log, DenialCounter()

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
                has_failed = not self._write_entry(scope, message["status"])
                if has_failed:
                    refusal = problem_response(503, "the audit log cannot be written, so nothing is answered")
                    await refusal(scope, receive, send)
            if not has_failed:
                await send(message)

        try:
            await self._app(scope, receive, send_logged)
        except Exception:
            if not has_begun:
                self._write_entry(scope, 500)
            raise

    def _write_entry(self, scope: Scope, status: int) -> bool:
        log = self._log()
        if log is None or not (scope["path"].startswith("/v1/") or status in DENIED_STATUSES):
            return True
        context, left_out = CURRENT_REQUEST.get(), 0
        if status in DENIED_STATUSES:
            skipped = self._denials.count(context.key_name or context.client, int(time.time() // 60))
            if skipped is None:
                return True
            left_out = skipped
        try:
            log.write(audit_entry(scope, context, status) | ({"left_out": left_out} if left_out else {}))
        except OSError as error:
            LOG.error("the audit log cannot be written: %s", error.strerror or error)
            CURRENT_REQUEST.get().refusal = "audit"
            return False
        return True


def audit_entry(scope: Scope, context: RequestContext, status: int) -> dict[str, Any]:
    """The log line for an answer."""
    summary = context.summary if context.summary is not None and status == 200 else AnswerSummary(results=0)
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "request": context.id,
        "key": context.key_name,
        "client": context.client,
        "method": scope["method"],
        "path": scope["path"][:MAX_TEXT],
        "operation": matched_operation(scope)[0],
        "asked": {} if context.refusal else _request_parameters(scope, context),
        "case": context.case[:MAX_TEXT],
        "purpose": context.purpose[:MAX_TEXT],
        "status": status,
        "refused": context.refusal,
        "results": summary.results,
        "about": list(summary.about),
    }


def _request_parameters(scope: Scope, context: RequestContext) -> dict[str, Any]:
    """Every parameter by name, and the body; a repeated parameter is a list."""
    asked: dict[str, Any] = dict(scope.get("path_params") or {})
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        known = asked.get(name)
        asked[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    if context.body:
        asked["body"] = _parse_body(context.body)
    return asked


def _parse_body(body: bytes) -> Any:
    """The body as data; as text if it is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return body[:MAX_TEXT].decode("utf-8", "replace")
