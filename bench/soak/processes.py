"""The commands and the service that run beside each other, and who kills them."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

from bench.soak.tally import SECRET, Tally
from tests.neo4j_server import free_ports

SOURCE = "pulse"
TIMEOUT = 300.0


class KgCommand:
    """Runs kg on one store in a folder, with nothing of the caller's settings."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, folder / "store" / "graph.sqlite"
        self.store.parent.mkdir(mode=0o700)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
        self.environment = {
            **kept,
            "KG_STORE": f"embedded:{self.store}",
            "KG_API_KEYS": str(folder / "keys.json"),
            "KG_VIEW_CACHE": str(folder / "views"),
            "KG_NEO4J_HOME": str(folder / "neo4j"),
            "KG_API_RATE": "",
            "KG_WAIT": "120",
        }

    def start(self, *words: object, **environment: str) -> subprocess.Popen[str]:
        """Start `kg WORDS`."""
        return subprocess.Popen(
            [sys.executable, "-m", "kg", *map(str, words)],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `kg WORDS` to its end."""
        process = self.start(*words, **environment)
        out, err = process.communicate(timeout=TIMEOUT)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def output(self, *words: object) -> str:
        """What `kg WORDS` prints. Raises RuntimeError if it fails."""
        done = self.run(*words)
        if done.returncode:
            raise RuntimeError(f"kg {' '.join(map(str, words))}: {done.stderr}")
        return done.stdout


class Loader:
    """Loads one snapshot after the other; some loads are killed."""

    def __init__(self, kg: KgCommand, tally: Tally, draw: random.Random) -> None:
        self._kg, self._tally, self._draw = kg, tally, draw
        self._number = self.acknowledged = 0
        self._lock = threading.Lock()

    def load(self) -> None:
        """One load, killed once in four times."""
        self._number += 1
        file = self._kg.folder / "pulse.records.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in _rows(self._number)), encoding="utf-8")
        process = self._kg.start("load", file)
        is_killed = self.acknowledged > 0 and self._draw.random() < 0.25
        if is_killed:
            _kill_after(process, self._draw.uniform(0, 2.5))
        _, err = process.communicate(timeout=TIMEOUT)
        if process.returncode == 0:
            self.acknowledged = self._number
            self._tally.add("loads", "tried", "survived")
        elif process.returncode == -signal.SIGKILL:
            self._tally.add("loads killed", "tried")
            self.check("loads killed")
        else:
            self._tally.add("loads", "tried", "refused", note=err)

    def check(self, kind: str) -> None:
        """Count whether the store has what was last told as loaded, or something newer."""
        with self._lock, closing(sqlite3.connect(f"{self._kg.store.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT body FROM record WHERE until IS NULL").fetchall()
        found = {int(number) for (body,) in rows for number in re.findall(r"(?:Pulse \w+|round) (\d+)", body)}
        if len(found) != 1:
            self._tally.add(kind, "torn", note=f"records of loads {found}")
        else:
            self._tally.add(kind, "survived" if max(found) >= self.acknowledged else "lost")


class Verifier:
    """Verifies the store again and again."""

    def __init__(self, kg: KgCommand, tally: Tally, pause: float) -> None:
        self._kg, self._tally, self._pause = kg, tally, pause

    def turn(self) -> None:
        """One `kg verify`."""
        done = self._kg.run("verify", "--json")
        time.sleep(self._pause)
        self._tally.add("verify", "tried", "survived" if not done.returncode else "torn", note=done.stderr)


class Backups:
    """Backs the store up while it is written, and checks each backup."""

    def __init__(self, kg: KgCommand, tally: Tally, pause: float) -> None:
        self._kg, self._tally, self._pause, self._number = kg, tally, pause, 0

    def turn(self) -> None:
        """One backup and its check."""
        self._number += 1
        file = self._kg.folder / f"backup-{self._number}.sqlite"
        made = self._kg.run("backup", file)
        checked = self._kg.run("backup", "--check", file)
        for left in self._kg.folder.glob(f"{file.name}*"):
            left.unlink()
        sound = not made.returncode and not checked.returncode
        self._tally.add("backups", "tried", "survived" if sound else "torn", note=made.stderr + checked.stderr)
        time.sleep(self._pause)


class Neo4jSync:
    """Syncs to a Neo4j; some syncs are killed."""

    def __init__(self, kg: KgCommand, tally: Tally, address: str, draw: random.Random) -> None:
        self._kg, self._tally, self._address, self._draw = kg, tally, address, draw

    def sync(self) -> None:
        """One sync, killed once in four times; every fifth one is compared with the store."""
        process = self._kg.start("sync", self._address)
        if self._draw.random() < 0.25:
            _kill_after(process, self._draw.uniform(0.5, 4))
        _, err = process.communicate(timeout=TIMEOUT)
        if process.returncode == -signal.SIGKILL:
            self._tally.add("syncs killed", "tried", "survived")
        else:
            self._tally.add("syncs", "tried", "survived" if not process.returncode else "refused", note=err)


def start_neo4j(kg: KgCommand) -> str:
    """Start a Neo4j in the folder; returns its address."""
    bolt, http = free_ports(2)
    sizes = ("--heap", "384m", "--page-cache", "64m")
    kg.output("neo4j", "start", "--bolt-port", bolt, "--http-port", http, "--guide-port", 0, *sizes)
    return f"neo4j://127.0.0.1:{bolt}"


def stop_neo4j(kg: KgCommand) -> None:
    """Stop it."""
    kg.run("neo4j", "stop")


class ServiceRunner:
    """The service, which is killed now and then and started again."""

    def __init__(self, kg: KgCommand, key: str, tally: Tally, draw: random.Random, pause: float) -> None:
        self._kg, self._tally, self._draw, self._pause = kg, tally, draw, pause
        self.headers = {"Authorization": f"Bearer {key}"}
        self.log = kg.folder / "service.log"
        self.audit_log = kg.folder / "api-audit.jsonl"
        self.port = free_ports(1)[0]
        self.is_up = threading.Event()
        """Whether it was ready and was not killed since."""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kg_api", "--port", str(self.port)],
                env=self._kg.environment,
                stdin=subprocess.DEVNULL,
                stderr=log,
                stdout=log,
            )
        end = time.monotonic() + TIMEOUT
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > end:
                self._tally.add("service starts", "tried", "lost", note=f"ended with {self._process.poll()}")
                raise RuntimeError("the service does not start; see the notes")
            time.sleep(0.1)
        self._tally.add("service starts", "tried", "survived")
        self.is_up.set()

    def turn(self) -> None:
        """Let it run for a while, kill it, and start it again."""
        assert self._process
        try:
            self._process.wait(self._pause * self._draw.uniform(1, 4))
            self._tally.add("service starts", "lost", note=f"it ended by itself with {self._process.returncode}")
        except subprocess.TimeoutExpired:
            self.is_up.clear()
            self._process.kill()
            self._process.wait()
        self.is_up.clear()
        self.start()

    def stop(self) -> None:
        """End it."""
        self.is_up.clear()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(60)

    def _is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", "/readyz", headers=self.headers)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _kill_after(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


def _rows(number: int) -> list[dict[str, object]]:
    """A person who owns a company, and a protected fact; each says which load it is of."""
    declared = {"name": SOURCE, "title": "Pulse (invented)", "namespace": SOURCE, "invented": True}
    return [
        {"source": declared},
        {"key": "p", "type": "Person", "properties": {"name": [f"Pulse Person {number}"]}},
        {"key": "c", "type": "Enterprise", "properties": {"name": [f"Pulse Company {number}"]}},
        {"key": "o", "type": "OWNS", "from": "p", "to": "c", "properties": {"role": [f"round {number}"]}},
        {
            "key": "f",
            "type": "OWNS",
            "from": "p",
            "to": "c",
            "handling": "protected",
            "properties": {"role": [f"round {number}, {SECRET}"]},
        },
    ]
