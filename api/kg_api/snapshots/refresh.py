"""What does the service do in the background, and what happens when that fails?"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kg.errors import KgError, StoreError

LOG = logging.getLogger("kg_api.snapshots")

POLL_SECONDS = 0.5
"""Seconds between two runs of a job."""

FIRST_DELAY, MAX_DELAY = 1.0, 60.0
"""Seconds between attempts that fail; each delay is twice the one before."""


@dataclass(frozen=True, slots=True)
class RefreshError:
    """Why something could not be renewed; the older version answers meanwhile. Both times are UTC."""

    reason: str
    since: datetime
    next_try: datetime


class Backoff:
    """Doubles the delay after each failure. One thread uses it; all may read `error`."""

    def __init__(self) -> None:
        self.error: RefreshError | None = None
        self.cause: KgError | OSError | None = None
        """What the reason is of."""
        self._delay, self._due = FIRST_DELAY, 0.0

    def is_due(self) -> bool:
        """Whether it is time for an attempt."""
        return time.monotonic() >= self._due

    def record_failure(self, error: KgError | OSError) -> None:
        """Wait longer before the next attempt."""
        now = datetime.now(UTC)
        since = self.error.since if self.error else now
        reason = " ".join(str(error).split())[:300]
        self.cause = error
        self.error = RefreshError(reason, since, now + timedelta(seconds=self._delay))
        self._due = time.monotonic() + self._delay
        self._delay = min(2 * self._delay, MAX_DELAY)

    def reset(self) -> None:
        """Record a success, or that there is nothing to wait for."""
        self.error = self.cause = None
        self._delay, self._due = FIRST_DELAY, 0.0


class Job:
    """Work that is repeated in a thread of its own until the service stops, with a back-off after failures."""

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        stop: threading.Event,
        identify: Callable[[], object] = lambda: None,
    ) -> None:
        """`identify` says what it is that the work reads: when that has been replaced, a back-off ends at once."""
        self._identify, self._tried = identify, identify()
        self._work, self._stop, self._wake = work, stop, threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._backoff = Backoff()
        self.attempted = threading.Event()
        """Set after the first attempt."""

    @property
    def error(self) -> RefreshError | None:
        """Why the last attempt failed; None if it did not."""
        return self._backoff.error

    @property
    def cause(self) -> KgError | OSError | None:
        """The error of the last attempt; None if it did not fail."""
        return self._backoff.cause

    @property
    def is_due(self) -> bool:
        """Whether no back-off is under way."""
        return self._backoff.is_due()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wake(self) -> None:
        """Run at once, unless a back-off is under way."""
        self._wake.set()

    def join(self) -> None:
        """Wait for the thread to end, once `stop` is set."""
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            found = self._identify()
            if self._backoff.is_due() or found != self._tried:
                self._tried = found
                try:
                    self._work()
                    self._backoff.reset()
                except (KgError, OSError) as error:
                    self._backoff.record_failure(error)
                except Exception as error:  # else the thread would end, and the last graph would pass for the newest
                    LOG.exception("a refresh failed")
                    self._backoff.record_failure(
                        StoreError(f"an unexpected {type(error).__name__}; the log of the service says where", "")
                    )
                self.attempted.set()
            if not self._stop.is_set():
                self._wake.wait(POLL_SECONDS)
