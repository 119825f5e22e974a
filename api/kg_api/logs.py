"""The log on stderr, as JSON lines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from kg.errors import printable_json
from kg_api.middleware.request_context import CURRENT_REQUEST

EXTRA_FIELDS = ("address", "method", "route", "status", "ms")
"""Fields that some lines have."""


class JsonLineFormatter(logging.Formatter):
    """Formats a record as a line of JSON: time, level, logger, message, and the id of the request."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its line feed."""
        context = CURRENT_REQUEST.get(None)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in EXTRA_FIELDS if hasattr(record, name)}
        if context is not None:
            line["request"] = context.id
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return printable_json(json.dumps(line, default=str))


def log_as_json_lines() -> None:
    """Let all loggers of the process, also those of uvicorn, write JSON lines to stderr.

    None of them logs addresses, because these name people.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for noisy in ("neo4j", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
