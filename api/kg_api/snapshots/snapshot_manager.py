"""How does the service stay at one graph while it is asked, and get to the next?"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import KgError, StoreBusy, StoreError
from kg.operations import (
    KeptFindings,
    KeptView,
    Moment,
    Present,
    Seen,
    Watch,
    Workplace,
    kept_clusters,
    kept_view,
    settle,
    tidy,
    touch,
)
from kg.records import GraphVersion
from kg_api.snapshots.refresh import Patience, Trouble, run_kg

LOOK = 0.5
"""Seconds between two looks at the store."""

ATTEMPTS = 3
"""How often a view is made anew at once where the graph has changed before the other process had opened it."""

GRACE = 3.0
"""Seconds that a start waits for the graph, so that who starts the service on a small one can ask at once."""


@dataclass
class Graph:
    """The files of one graph; clusters are added when they are found."""

    view: KeptView
    clusters: KeptFindings | None = None


class Kept:
    """A graph, and where it is asked for what its arrays do not say, until nobody uses it any longer.

    Of the SQLite file that is a moment of it. A Neo4j has none: `moment` is None.
    """

    def __init__(self, graph: Graph, moment: Moment | None) -> None:
        self.graph, self.moment = graph, moment
        self._users, self._lock = 1, threading.Lock()

    def use(self) -> Kept:
        """One more uses it."""
        with self._lock:
            self._users += 1
        return self

    def leave(self) -> None:
        """One fewer uses it; the last closes it."""
        with self._lock:
            self._users -= 1
            last = not self._users
        if last and self.moment:
            self.moment.close()

    @property
    def closed(self) -> bool:
        """Whether everybody has left."""
        return not self._users


@dataclass(frozen=True, slots=True)
class Condition:
    """How the service is."""

    view: GraphVersion | None
    """The graph that it answers from."""
    store: GraphVersion | None
    """The graph that the store had when it was last looked at."""
    clusters: GraphVersion | None
    """The graph whose clusters it answers with."""
    view_trouble: Trouble | None
    clusters_trouble: Trouble | None


class Keeper:
    """Keeps the graph of one version for all who ask, and follows the store in the background.

    One thread looks at the store and has the view made by another process when the graph has changed; a second has the
    clusters made. Only when the new files are whole and a moment of the very graph they were made from is open do
    requests get them, and those that are being answered stay where they are.
    """

    def __init__(self, place: Workplace) -> None:
        self._place, self._lock, self._stop = place, threading.Lock(), threading.Event()
        self._viewing, self._clustering = Patience(), Patience()
        self._tried, self._fresh = threading.Event(), threading.Event()
        self._current: Kept | None = None
        self._clustered: Kept | None = None
        self._seen: Seen | None = None
        self._commits, self._rests, self._untidy = -1, False, True
        self._own: Path | None = None
        self._threads: list[threading.Thread] = []
        self.present: Present | None = None
        """The Neo4j, where one answers."""

    def start(self) -> None:
        """Begin to follow the store; returns when there is a graph, or one could not be had, or after GRACE."""
        if self._place.views is None:
            self._own = Path(tempfile.mkdtemp(prefix="kg-views-"))
            self._place = replace(self._place, views=self._own)
        if self._place.copy:
            self.present = Present(self._place)
        for work in (self._follow, self._find):
            self._threads.append(threading.Thread(target=work, name=f"kg{work.__name__}", daemon=True))
        for thread in self._threads:
            thread.start()
        self._tried.wait(GRACE)

    def stop(self) -> None:
        """End what runs in the background, and let go of everything."""
        self._stop.set()
        self._fresh.set()
        for thread in self._threads:
            thread.join()
        self._swap(None)
        with self._lock:
            clustered, self._clustered = self._clustered, None
        if clustered:
            clustered.leave()
        if self.present:
            self.present.close()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    @contextmanager
    def using(self, *, clusters: bool = False) -> Iterator[Kept | None]:
        """The graph that is kept, which stays while the block uses it; None while there is none.

        With `clusters`, the graph whose clusters are known, as long as those of the newest are not.
        """
        with self._lock:
            kept = self._current
            if clusters and self._clustered and not (kept and kept.graph.clusters):
                kept = self._clustered
            if kept:
                kept.use()
        try:
            yield kept
        finally:
            if kept:
                kept.leave()

    def condition(self) -> Condition:
        """How the service is."""
        with self._lock:
            current, clustered, seen = self._current, self._clustered, self._seen
        with_clusters = current if current and current.graph.clusters else clustered
        return Condition(
            view=current.graph.view.view.version if current else None,
            store=seen.version if seen else None,
            clusters=with_clusters.graph.view.view.version if with_clusters else None,
            view_trouble=self._viewing.trouble,
            clusters_trouble=self._clustering.trouble,
        )

    def _follow(self) -> None:
        watch = self.present or Watch(self._place)
        while not self._stop.is_set():
            if self._viewing.due():
                try:
                    self._step(watch.look())
                    self._viewing.succeeded()
                except (KgError, OSError) as error:
                    self._viewing.failed(error)
                self._tried.set()
            self._stop.wait(LOOK)
        if isinstance(watch, Watch):
            watch.close()

    def _step(self, seen: Seen) -> None:
        """Get to the graph that was seen, if it is not the one that is kept."""
        with self._lock:
            self._seen, current = seen, self._current
        if current is None or seen.state != current.graph.view.state:
            self._swap(self._made())
            self._rests, self._untidy = False, True
        elif current.moment and not (self._rests and seen.commits == self._commits):
            settled = settle(self._place)
            self._rests = settled.whole
            if settled.whole or settled.others or seen.commits != self._commits:
                self._swap(Kept(current.graph, self._moment(current.graph.view.state)))
        self._commits = seen.commits
        if self._untidy:
            self._untidy = tidy(self._place, seen.version) > 0

    def _made(self) -> Kept:
        """The graph that the store has now, its view made by another process where there is none yet."""
        for _ in range(ATTEMPTS):
            moment = None if self.present else Moment(self._place)
            try:
                state = self._state(moment)
                view = kept_view(self._place, state)
                if view is None:
                    run_kg(self._place, ["view"], self._stop)
                    view = kept_view(self._place, state)
                if view:
                    touch(view)
                    kept, moment = Kept(Graph(view), moment), None
                    return kept
            finally:
                if moment:
                    moment.close()
        raise StoreBusy("the graph changes faster than its view can be made")

    def _state(self, moment: Moment | None) -> str:
        if moment:
            return moment.state
        assert self.present
        with self.present.store() as store:
            return store.state()

    def _moment(self, state: str) -> Moment:
        moment = Moment(self._place)
        if moment.state != state:
            moment.close()
            raise StoreBusy("the graph changed while it was opened anew")
        return moment

    def _swap(self, new: Kept | None) -> None:
        """Let requests have another graph; that whose clusters are known is kept until those of the new one are."""
        with self._lock:
            old, self._current = self._current, new
            if old and old.moment and old.graph.clusters and new and new.graph is not old.graph:
                old, self._clustered = self._clustered, old
        if old:
            old.leave()
        self._fresh.set()

    def _find(self) -> None:
        while not self._stop.is_set():
            self._fresh.clear()
            with self.using() as kept:
                if kept and not kept.graph.clusters and self._clustering.due():
                    try:
                        self._attach(kept, self._found(kept.graph.view.state))
                        self._clustering.succeeded()
                    except (KgError, OSError) as error:
                        self._clustering.failed(error)
            self._fresh.wait(LOOK if self._clustering.trouble else None)

    def _found(self, state: str) -> KeptFindings:
        found = kept_clusters(self._place, state)
        if found is None:
            run_kg(self._place, ["view", "--clusters", "--state", state], self._stop)
            found = kept_clusters(self._place, state)
        if found is None:
            raise StoreError("the clusters that were found cannot be read back")
        return found

    def _attach(self, kept: Kept, found: KeptFindings) -> None:
        with self._lock:
            kept.graph.clusters = found
            old, self._clustered = self._clustered, None
            if kept.moment and self._current and self._current.graph is not kept.graph:
                self._clustered = kept.use()
        if old:
            old.leave()
