"""Build the view and the clusters of one state of the graph, step by step, as another process says."""

from __future__ import annotations

import os
import queue
import threading
from contextlib import ExitStack
from importlib import import_module
from typing import TextIO

from kg.operations.store.store_copy import at_copy, copy_store
from kg.operations.store.view_cache import build_clusters_of, build_view_of
from kg.operations.workspace import Workspace, open_uncached_store

BEGIN, COPY, VIEW, CLUSTERS = "begin", "copy", "view", "clusters"
"""Begin to read what is newest now, which is answered with its state; copy what is newest and read the copy, which is
answered with its name; cache its view; cache its clusters."""

READY, DONE = "ready", "done"
"""The answers at the start and after a step."""


def build_on_command(workspace: Workspace, commands: TextIO, answers: TextIO) -> None:
    """Do what each line of `commands` says, and answer each with a line, until they end.

    All is read in the transaction that the last BEGIN began. If the commands end while something is being built,
    whoever wanted it is gone: then the process ends at once. Raises StoreError.
    """
    told = _Commands(commands)
    with open_uncached_store(workspace):  # brought to this version's ontology, and all modules imported
        for module in ("kg.analysis.clusters", "kg.stores.cache.cluster_files"):
            import_module(module)
    _answer(answers, READY)
    with ExitStack() as opened:
        store = None
        while command := told.next():
            if command in (BEGIN, COPY):
                opened.close()
                name, copy = copy_store(workspace) if command == COPY else ("", None)
                store = opened.enter_context(open_uncached_store(at_copy(workspace, copy)))
                _answer(answers, name or store.state())
                continue
            assert store is not None
            if command == VIEW:
                build_view_of(workspace, store)
            elif command == CLUSTERS:
                build_clusters_of(workspace, store)
            _answer(answers, DONE)


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
