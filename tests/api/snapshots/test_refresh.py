"""Does background work go on after failures, also unforeseen ones?"""

from __future__ import annotations

import threading

import pytest

from kg_api.snapshots import refresh
from kg_api.snapshots.refresh import Job


def test_an_unforeseen_error_is_told_without_its_words_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refresh, "FIRST_DELAY", 0.0)
    monkeypatch.setattr(refresh, "POLL_SECONDS", 0.001)
    told, stop, done = list[str](), threading.Event(), threading.Event()

    def work() -> None:
        if job.error is None and not told:
            raise ValueError("Ada Invented")
        if job.error:
            told.append(job.error.reason)
        done.set()

    job = Job("kg-test", work, stop)
    job._backoff.reset()
    job.start()
    assert done.wait(10)
    stop.set()
    job.join()
    assert told == ["an unexpected ValueError; the log of the service says where"]
    assert job.error is None
