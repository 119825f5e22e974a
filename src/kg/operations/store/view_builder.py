"""Build the view and the clusters of one state of the graph, step by step."""

from __future__ import annotations

import os
import queue
import threading
from contextlib import ExitStack
from importlib import import_module
from typing import Self, TextIO

from kg.database import log_path, translate_errors
from kg.operations.store.store_copy import at_copy, copy_store
from kg.operations.store.view_cache import build_clusters_of, build_view_of
from kg.operations.workspace import Workspace, open_uncached_store
from kg.ports import Store
from kg.stores.cache.file_cache import Lease

BEGIN, COPY, VIEW, CLUSTERS = "begin", "copy", "view", "clusters"
"""Begin to read what is newest now, which is answered with its state; copy what is newest and read the copy, which is
answered with its name; cache its view; cache its clusters."""

READY, DONE = "ready", "done"
"""The answers at the start and after a step."""


SMALL_BYTES = 4 * 1024 * 1024
"""The size of a store, with its log, whose view and clusters take less than a second of processor time."""


def is_read_at_once(workspace: Workspace) -> bool:
    """Whether a process would take about as long to start as the graph takes to read.

    Never of a Neo4j, whose size is not known.
    """
    files = (workspace.path, log_path(workspace.path))
    return workspace.neo4j is None and sum(f.stat().st_size for f in files if f.exists()) <= SMALL_BYTES


class ViewBuilder:
    """Builds what the cache has of one state of the graph, step by step.

    All is read in the transaction that the last `begin` or `copy` began. Several threads may use it, one at a time.
    Raises StoreError.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._opened = workspace, ExitStack()
        self._store: Store | None = None
        with open_uncached_store(workspace):  # brought to this version's ontology, and all modules imported
            for module in ("kg.analysis.clusters", "kg.stores.cache.cluster_files"):
                import_module(module)

    def begin(self) -> str:
        """Begin to read what is newest now, until the next `begin` or the end; returns its state."""
        return self._open(None).state()

    def copy(self) -> str:
        """Copy what is newest now and read the copy, like `begin`; returns the name of the copy."""
        self.close()
        name, copy = copy_store(self._workspace)
        self._open(copy)
        return name

    def build_view(self) -> None:
        """Cache the view of what is read."""
        assert self._store is not None
        with translate_errors(self._workspace.path):
            build_view_of(self._workspace, self._store)

    def build_clusters(self) -> None:
        """Cache the clusters of what is read; its view has to be cached."""
        assert self._store is not None
        with translate_errors(self._workspace.path):
            build_clusters_of(self._workspace, self._store)

    def close(self) -> None:
        """End what was begun."""
        self._store = None
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, copy: Lease | None) -> Store:
        self.close()
        self._opened.callback(lambda: copy)  # which keeps the copy for as long as it is read
        store = self._opened.enter_context(open_uncached_store(at_copy(self._workspace, copy), shared=True))
        self._store = store
        return store


def build_on_command(workspace: Workspace, commands: TextIO, answers: TextIO) -> None:
    """Do what each line of `commands` says, and answer each with a line, until they end.

    If the commands end while something is being built, whoever wanted it is gone: then the process ends at once.
    Raises StoreError.
    """
    told = _Commands(commands)
    with ViewBuilder(workspace) as builder:
        steps = {BEGIN: builder.begin, COPY: builder.copy, VIEW: builder.build_view, CLUSTERS: builder.build_clusters}
        _answer(answers, READY)
        while command := told.next():
            _answer(answers, steps[command]() or DONE)


class _Commands:
    """The lines that another process writes, read in a thread, so that their end is noticed at once."""

    def __init__(self, lines: TextIO) -> None:
        self._lines, self._commands, self._waiting = lines, queue.SimpleQueue[str](), threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> str:
        """The next command; empty at their end."""
        self._waiting.set()
        command = self._commands.get()
        self._waiting.clear()
        return command

    def _read(self) -> None:
        for line in self._lines:
            self._commands.put(line.strip())
        if not self._waiting.is_set():
            os._exit(1)
        self._commands.put("")


def _answer(answers: TextIO, text: str) -> None:
    answers.write(f"{text}\n")
    answers.flush()
