"""Does the log say what happened without what was asked, and without filling the disk?"""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from kg_api.logs import REPEATS_PER_MINUTE, JsonLineFormatter, RepeatFilter

SECRET = "Quillwater"


def _record(message: str, level: int = logging.WARNING, **extra: Any) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "uvicorn.error", "levelno": level, "levelname": "X", "msg": message, **extra})


def _fail() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(f"{SECRET} is no number") from error


def test_an_exception_is_logged_with_its_place_and_without_its_values() -> None:
    with pytest.raises(ValueError, match=SECRET) as raised:
        _fail()
    error = raised.value
    record = _record("Exception in ASGI application\n", exc_info=(type(error), error, error.__traceback__))
    line = JsonLineFormatter().format(record)
    assert SECRET not in line
    found = json.loads(line)
    assert found["message"] == "Exception in ASGI application"
    assert [one for one in found["exception"] if not one.startswith(" ")] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert any("api/test_logs.py" in one and one.endswith("_fail") for one in found["exception"])


def test_of_a_message_only_the_first_line_is_logged_without_keys_and_controls() -> None:
    line = JsonLineFormatter().format(_record(f"odd \x9b31m kg_{'A' * 43}\nfuture: <Task exception={SECRET}>"))
    assert json.loads(line)["message"] == "odd \x9b31m kg_…"
    assert line.isprintable()


def test_repeated_trouble_is_counted_and_what_was_answered_is_not() -> None:
    now = [0.0]
    repeats = RepeatFilter(lambda: now[0])
    assert sum(repeats.filter(_record("Invalid HTTP request received.")) for _ in range(10_000)) == REPEATS_PER_MINUTE
    assert sum(repeats.filter(_record("answered", logging.INFO, status=401)) for _ in range(500)) == REPEATS_PER_MINUTE
    assert sum(repeats.filter(_record("answered", logging.INFO, status=200)) for _ in range(500)) == 500
    assert repeats.filter(_record("another"))
    now[0] = 61.0
    later = _record("Invalid HTTP request received.")
    assert repeats.filter(later)
    assert json.loads(JsonLineFormatter().format(later))["repeated"] == 10_000 - REPEATS_PER_MINUTE


def test_trouble_that_always_differs_is_bounded_too() -> None:
    repeats = RepeatFilter(lambda: 0.0)
    assert sum(repeats.filter(_record(f"trouble {turn}")) for turn in range(5000)) < 300
