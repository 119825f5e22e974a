"""The log on stderr, as JSON lines: what clients sent is in none of them, and repeated lines are counted."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from traceback import walk_tb
from typing import Any

from kg_api.json_lines import json_line, mask_data
from kg_api.middleware.request_context import CURRENT_REQUEST

EXTRA_FIELDS = ("address", "method", "route", "status", "ms", "repeated")
"""Fields that some lines have."""

REPEATS_PER_MINUTE = 60
"""Lines a minute for one kind of trouble; the others are counted in `repeated` of a later line."""

MAX_KINDS = 200
"""Kinds of trouble that are told apart in a minute."""

MAX_MESSAGE = 300


class JsonLineFormatter(logging.Formatter):
    """Formats a record as a line of JSON: time, level, logger, message, and the id of the request.

    Of a message, only the first line is taken, and of an exception its kind and where it was raised: what follows
    may have what a client asked.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its line feed."""
        context = CURRENT_REQUEST.get(None)
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip().partition("\n")[0][:MAX_MESSAGE],
        }
        line |= {name: getattr(record, name) for name in EXTRA_FIELDS if hasattr(record, name)}
        if context is not None:
            line["request"] = context.id
        if record.exc_info and record.exc_info[1]:
            line["exception"] = list(_describe(record.exc_info[1]))
        return json_line(mask_data(line)).decode().rstrip("\n")


class RepeatFilter(logging.Filter):
    """Drops lines about trouble beyond so many of one kind a minute, and counts them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._minute = clock, -1
        self._lines: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written; one that is has the number of those dropped before it."""
        status = getattr(record, "status", None)
        if record.levelno < logging.WARNING and (status is None or 0 < status < 400):
            return True
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute = minute
            self._lines.clear()
        kind = f"{record.name} {status} {str(record.msg).partition(chr(10))[0][:MAX_MESSAGE]}"
        kind = kind if kind in self._lines or len(self._lines) < MAX_KINDS else "others"
        self._lines[kind] += 1
        if self._lines[kind] > REPEATS_PER_MINUTE:
            self._dropped[kind if len(self._dropped) < MAX_KINDS else "others"] += 1
            return False
        dropped = self._dropped.pop(kind, 0)
        if dropped:
            record.repeated = dropped
        return True


def log_as_json_lines() -> None:
    """Let all loggers of the process, also those of uvicorn, write JSON lines to stderr.

    None of them logs addresses, because these name people.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLineFormatter())
    handler.addFilter(RepeatFilter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for noisy in ("neo4j", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _describe(error: BaseException) -> Iterator[str]:
    """The kinds of an exception and of those that led to it, the newest first, each with the lines that it passed."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        error = following
        seen.add(id(error))
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame, line in walk_tb(error.__traceback__):
            code = frame.f_code
            yield f"  {'/'.join(PurePath(code.co_filename).parts[-3:])}:{line} {code.co_qualname}"
        following = error.__cause__ or error.__context__
