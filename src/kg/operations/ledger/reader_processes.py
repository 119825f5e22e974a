"""Processes that read chunks of whole lines beside the one that writes."""

from __future__ import annotations

import fcntl
import gc
import marshal
import os
import pickle
import queue
import secrets
import struct
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from kg.errors import InputError, InputLocation, StoreError
from kg.ledger.stage.numbers import KnownMaps
from kg.ledger.stage.rows import StageBatch
from kg.operations.ledger.chunk_reader import ChunkReader, ReaderSetup
from kg.sources.files.chunks import FileChunks, LineChunk
from kg.sources.line_reader import Left, LineReader
from kg.sources.rows import ignore_progress

MIN_SIZE = 8 * 1024 * 1024
"""Files of fewer bytes in all are read in the process that writes: others take time to start."""

MAX_READERS = 8
"""More would wait for the one process that writes."""

_AHEAD = 3
"""Chunks that each process has been told to read and whose rows have not been taken."""

_COLLECT_AFTER = 100_000
"""As many objects are made in a load between two looks for garbage, of which rows and records are none."""

_thresholds: list[tuple[int, int, int]] = []
"""How often garbage was looked for before each block that is running: blocks in several threads may overlap."""

_ALONE = "KG_READERS=0 reads in one process"

_PIPE_SIZE = 1024 * 1024
_LENGTH = struct.Struct("<Q")

_START = (
    "import sys, marshal; sys.path[:] = marshal.load(sys.stdin.buffer);"
    " from kg.operations.ledger.reader_processes import run; run()"
)

SURVEY, LEARN, READ = "survey", "learn", "read"


def default_readers() -> int:
    """As many processes as there are processors for this one, at most MAX_READERS."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(found, MAX_READERS)


def read_in_processes(
    setup: ReaderSetup,
    reader: LineReader,
    count: int,
    known: KnownMaps,
    left: Left,
    chunks: Sequence[LineChunk] | None = None,
) -> Iterator[StageBatch]:
    """Batches of staged rows, in the order of the files; what has to be read after all lines is added to `left`.

    Only `chunks` are read, where they are given. What is `known` may become more while batches are taken.
    Raises InputError as reading in this process does, and StoreError if a process ends early.
    """
    context = replace(setup.context, progress=ignore_progress)
    with _start(replace(setup, context=context), count) as processes:
        if reader.surveys:
            surveys = _in_turn(processes, lambda process, chunk: process.send((SURVEY, *chunk)), _cut(setup, chunks))
            found = reader.combine(parts for parts, _ in surveys)
            for process in processes:
                process.send((LEARN, found))
            for process in processes:
                _, _, error = process.receive()
                if error:
                    raise _restored_error(error)
        tell = partial(_Process.read, known=known)
        for (batch, more), chunk in _in_turn(processes, tell, _cut(setup, chunks)):
            if more:
                left.add(more)
            yield StageBatch.from_parts(batch)
            setup.context.progress(0 if chunks else chunk.size_on_disk)


def read_here(
    setup: ReaderSetup,
    reader: LineReader,
    known: KnownMaps,
    left: Left,
    chunks: Sequence[LineChunk] | None = None,
) -> Iterator[StageBatch]:
    """The same in this process."""
    learn(setup, reader, chunks)
    chunk_reader = ChunkReader(setup, reader)
    for cut, add_blank in _cut(setup, chunks):
        blank = list[int]()
        batch, more, error = chunk_reader.read(cut, known, blank.append)
        if more:
            left.add(more)
        yield batch
        if error:
            raise error
        add_blank(sum(blank))
        setup.context.progress(0 if chunks else cut.size_on_disk)


def learn(setup: ReaderSetup, reader: LineReader, chunks: Sequence[LineChunk] | None = None) -> None:
    """Let a reader in this process know what it has to know of all lines before it reads any."""
    if reader.surveys:
        surveys = (reader.survey(cut.rows()) for cut, _ in _cut(setup, chunks))
        reader.learn(reader.combine(surveys))


_Cut = tuple[LineChunk, Callable[[int], None]]
"""A chunk, and what is told how many lines of it were blank."""


def _cut(setup: ReaderSetup, chunks: Sequence[LineChunk] | None) -> Iterator[_Cut]:
    """The chunks of files, or those that are given, of which nobody counts blank lines."""
    if chunks is not None:
        yield from ((chunk, lambda _: None) for chunk in chunks)
        return
    files = FileChunks()
    for path in setup.files:
        for chunk in files.cut(path):
            yield chunk, partial(files.add_blank, chunk)


def _in_turn(
    processes: Sequence[_Process], tell: Callable[[_Process, LineChunk], None], cuts: Iterable[_Cut]
) -> Iterator[tuple[Any, LineChunk]]:
    """What the processes answer on each chunk, in their order, with the chunk."""
    told = deque[tuple[_Process, _Cut]]()

    def take() -> Iterator[tuple[Any, LineChunk]]:
        process, (chunk, add_blank) = told.popleft()
        answer, blank, error = process.receive()
        if answer is not None:
            yield answer, chunk
        if error:
            raise _restored_error(error)
        add_blank(blank)

    for number, cut in enumerate(cuts):
        process = processes[number % len(processes)]
        tell(process, cut[0])
        told.append((process, cut))
        if len(told) == len(processes) * _AHEAD:
            yield from take()
    while told:
        yield from take()


class _Process:
    """A process that reads, as the one that started it sees it."""

    def __init__(self, setup: bytes, seed: str) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONHASHSEED": seed},
                process_group=0,  # Ctrl-C goes to the process that started this one, which ends it
            )
        except OSError as error:
            raise StoreError(f"no process that reads can be started: {error.strerror}; {_ALONE}") from error
        self._told = [0, 0, 0]
        assert self._process.stdin and self._process.stdout
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        for pipe in (self._stdin, self._stdout):
            _enlarge(pipe.fileno())
        self._write(marshal.dumps([str(path) for path in sys.path]))
        self._write(_LENGTH.pack(len(setup)) + setup)

    def read(self, chunk: LineChunk, known: KnownMaps) -> None:
        """Tell it to read a chunk, with the numbers that it has not been told yet."""
        new = [dict(islice(numbers.items(), told, None)) for numbers, told in zip(known, self._told, strict=True)]
        self._told = [len(numbers) for numbers in known]
        self.send((READ, *chunk, *new))

    def send(self, task: tuple[Any, ...]) -> None:
        """Tell it what to do."""
        data = marshal.dumps(task)
        self._write(_LENGTH.pack(len(data)) + data)

    def receive(self) -> Any:
        """Its next answer. Raises StoreError if it has ended."""
        data = _read_message(self._stdout)
        if data is None:
            raise StoreError(self._problem())
        return marshal.loads(data)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._stdin.close()
        self._stdout.close()

    def _write(self, data: bytes) -> None:
        with suppress(BrokenPipeError):  # that it has ended is said where its answer is read
            self._stdin.write(data)
            self._stdin.flush()

    def _problem(self) -> str:
        code = self._process.wait()
        how = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
        return f"a process that read the files {how}; is there enough memory? {_ALONE}; nothing was loaded"


def _enlarge(pipe: int) -> None:
    """Let a pipe hold more, where the system has it and lets this user."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)


@contextmanager
def _start(setup: ReaderSetup, count: int) -> Iterator[list[_Process]]:
    """Processes that read, ended with the block."""
    pickled, seed, processes = pickle.dumps(setup), str(secrets.randbelow(2**32)), list[_Process]()
    try:
        processes += (_Process(pickled, seed) for _ in range(count))
        yield processes
    finally:
        for process in processes:
            process.close()


def _read_message(file: BinaryIO | Any) -> bytes | None:
    """The bytes of a message; None where there is no whole one."""
    head = file.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    data = file.read(size)
    return bytes(data) if len(data) == size else None


@contextmanager
def rare_collections() -> Iterator[None]:
    """For a block, look for garbage that refers to itself seldom: rows and records do not."""
    usual = gc.get_threshold()
    _thresholds.append(usual)
    gc.set_threshold(max(usual[0], _COLLECT_AFTER), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_thresholds.pop())


def run() -> None:
    """Read what the process says that started this one, until it says no more."""
    answers = _Answers(os.dup(1))
    os.dup2(2, 1)  # what somebody prints must not be taken for an answer
    data = _read_message(sys.stdin.buffer)
    if data is None:
        return
    with rare_collections():
        worker = _Worker(pickle.loads(data))
        while (data := _read_message(sys.stdin.buffer)) is not None:
            task, *parts = marshal.loads(data)
            answers.send(worker.do(task, parts))
    answers.finish()


class _Answers:
    """Writes answers in a thread, so that the next chunk is read while nobody takes them."""

    def __init__(self, descriptor: int) -> None:
        self._waiting = queue.Queue[bytes](maxsize=_AHEAD)
        self._file = os.fdopen(descriptor, "wb")
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def send(self, answer: tuple[Any, ...]) -> None:
        """Write an answer when those before have been taken."""
        data = marshal.dumps(answer)
        self._waiting.put(_LENGTH.pack(len(data)) + data)

    def finish(self) -> None:
        """Write what waits."""
        self._waiting.put(b"")
        self._thread.join()

    def _write(self) -> None:
        try:
            while data := self._waiting.get():
                self._file.write(data)
                self._file.flush()
        except OSError:
            os._exit(1)  # nobody waits for the answers any more


class _Worker:
    """What a process that reads does."""

    def __init__(self, setup: ReaderSetup) -> None:
        reader = setup.connector.line_reader(setup.files, setup.context)
        assert reader is not None
        self._reader, self._chunks = reader, ChunkReader(setup, reader)
        self._known = dict[str, int](), dict[str, int](), dict[str, int]()

    def do(self, task: str, parts: list[Any]) -> tuple[Any, int, Any]:
        """The answer to a task, the number of blank lines, and the error that ended it."""
        blank = list[int]()
        answer: Any = None
        try:
            if task == LEARN:
                self._reader.learn(*parts)
            elif task == SURVEY:
                answer = self._reader.survey(LineChunk(*parts).rows(blank.append))
            else:
                place, new = parts[: -len(self._known)], parts[-len(self._known) :]
                for known, more in zip(self._known, new, strict=True):
                    known.update(more)
                found = self._chunks.read(LineChunk(*place), KnownMaps(*self._known), blank.append)
                error = found.error and _error_parts(found.error)
                return (found.batch.to_parts(), found.left), sum(blank), error
        except InputError as error:
            return answer, 0, _error_parts(error)
        except Exception:  # noqa: BLE001  # it is raised by the process that started this one
            return None, 0, traceback.format_exc()
        return answer, sum(blank), None


def _error_parts(error: InputError) -> tuple[Any, ...]:
    place = error.location
    return error.problem, place.file, place.line, place.key, place.value


def _restored_error(parts: Any) -> Exception:
    """The error that ended a chunk."""
    if isinstance(parts, str):
        return RuntimeError(f"a process that read the files failed:\n{parts}")
    problem, *place = parts
    return InputError(problem, InputLocation(*place))
