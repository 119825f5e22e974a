"""How does the service say what it does, to those who run it?"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson

from kg_api.middleware.request_context import CURRENT_REQUEST

EXTRA_FIELDS = ("address", "method", "route", "status", "ms")
"""What a line may have besides what every line has."""


class JsonLineFormatter(logging.Formatter):
    """Each record as a line of JSON: when, how grave, who says it, what, and for which request."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        trail = CURRENT_REQUEST.get(None)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in EXTRA_FIELDS if hasattr(record, name)}
        if trail is not None:
            line["request"] = trail.id
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def log_as_json_lines() -> None:
    """All loggers of the process, uvicorn's too, write JSON lines to stderr. Addresses name people: none logs them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLineFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for noisy in ("neo4j", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
