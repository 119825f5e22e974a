"""The folder of a local server: data, settings, logs and password."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.errors import ServerError
from kg.files import PRIVATE, lock_file, write_atomically
from kg.neo4j_server.process import ServerProcess
from kg.neo4j_server.releases import DEFAULT_VERSION

USER = "neo4j"
SERVER, GUIDE = "process", "guide"
"""The processes that a folder may have, by the names of their files."""

HASH_ROUNDS = 1024
"""The number of rounds that Neo4j uses for an initial password."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """The options of a server. They are saved in its folder, so that the next start uses the same."""

    version: str = DEFAULT_VERSION
    bolt_port: int = 7687
    http_port: int = 7474
    guide_port: int = 7475
    """Where Browser fetches the guide, the style and the saved queries; 0 for no guide."""
    heap: str = "1g"
    page_cache: str = "512m"
    settings: Mapping[str, str] = field(default_factory=dict)
    """More lines of neo4j.conf. They override those of kg."""
    jvm: tuple[str, ...] = ()
    """More flags of the Java virtual machine."""


@dataclass(frozen=True, slots=True)
class ServerHome:
    """One server's folder: its data, settings, logs and password."""

    folder: Path

    @property
    def password_file(self) -> Path:
        """Readable by its owner only."""
        return self.folder / "password"

    @property
    def logs(self) -> Path:
        """The folder of the server's logs."""
        return self.folder / "logs"

    @property
    def output(self) -> Path:
        """The output of the process since its last start."""
        return self.logs / "console.log"

    @property
    def guide_output(self) -> Path:
        """The output of the guide's process since its last start."""
        return self.logs / "guide.log"

    @property
    def conf(self) -> Path:
        """The folder of neo4j.conf."""
        return self.folder / "conf"

    @property
    def has_data(self) -> bool:
        """Whether a server ran here before."""
        return (self.folder / "data" / "databases").exists()

    def prepare(self, options: ServerOptions) -> None:
        """Write what the server reads: settings, and at the first start a password."""
        for name in ("conf", "data/dbms", "import", "logs", "plugins", "run"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        lines = (f"{key}={value}\n" for key, value in (server_settings(options) | dict(options.settings)).items())
        write_atomically(self.conf / "neo4j.conf", "".join(lines).encode())
        write_atomically(self._options_file, json.dumps(asdict(options), indent=2).encode() + b"\n")
        if not self.has_data:
            self._make_password()

    def options(self) -> ServerOptions | None:
        """How the server was last started; None when it never was."""
        found = _read_json(self._options_file)
        return None if found is None else ServerOptions(**found | {"jvm": tuple(found["jvm"])})

    def process(self, name: str = SERVER) -> ServerProcess | None:
        """The process of the SERVER, or of the GUIDE; None if it does not run, whatever its file says."""
        found = _read_json(self._process_file(name))
        process = None if found is None else ServerProcess(**found)
        return process if process is not None and process.is_alive() else None

    def save_process(self, process: ServerProcess, name: str = SERVER) -> None:
        """Save which process serves this folder, or its guide."""
        write_atomically(self._process_file(name), json.dumps(asdict(process)).encode() + b"\n")

    def forget_process(self, name: str = SERVER) -> None:
        """Remove what was saved of a process."""
        self._process_file(name).unlink(missing_ok=True)

    def password(self) -> str:
        """The password of the user neo4j. Raises ServerError when its file is gone."""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            problem = "has no password; write the server's into it, or remove the folder's data to begin anew"
            raise ServerError(f"{self.password_file}: {problem}") from None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock for starting and stopping this server; waits for other processes."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with lock_file(self.folder / "lock"):
            yield

    def _make_password(self) -> None:
        """Make a random password and give the server its hash in a file: others can read command lines."""
        if not self.password_file.exists():
            write_atomically(self.password_file, secrets.token_urlsafe(24).encode() + b"\n", PRIVATE)
        credential = hash_password(self.password(), secrets.token_bytes(32))
        write_atomically(self.folder / "data" / "dbms" / "auth.ini", f"{USER}:{credential}:\n".encode(), PRIVATE)

    @property
    def _options_file(self) -> Path:
        return self.folder / "plan.json"

    def _process_file(self, name: str) -> Path:
        return self.folder / "run" / f"{name}.json"


def hash_password(password: str, salt: bytes) -> str:
    """A password hash as `neo4j-admin dbms set-initial-password` writes it."""
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(HASH_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    return f"SHA-256,{digest.hex()},{salt.hex()},{HASH_ROUNDS}"


def server_settings(plan: ServerOptions) -> dict[str, str]:
    """The settings of neo4j.conf: the server is reached from this machine only, and reaches nothing outside it."""
    bolt, http = f"127.0.0.1:{plan.bolt_port}", f"127.0.0.1:{plan.http_port}"
    return {
        "server.default_listen_address": "127.0.0.1",
        "server.default_advertised_address": "127.0.0.1",
        "server.bolt.listen_address": bolt,
        "server.bolt.advertised_address": bolt,
        "server.bolt.tls_level": "DISABLED",
        "server.http.listen_address": http,
        "server.http.advertised_address": http,
        "server.https.enabled": "false",
        "server.memory.pagecache.size": plan.page_cache,
        "dbms.security.auth_enabled": "true",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        # Else LOAD CSV asks any address a query names, also in a read-only transaction.
        "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
        "db.tx_log.rotation.retention_policy": "1 files",
        # The network library waits this many seconds, twice, for stragglers: a stop takes 2 s and not 12.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
    } | browser_settings(f"http://127.0.0.1:{plan.guide_port}" if plan.guide_port else "")


def browser_settings(address: str) -> dict[str, str]:
    """Settings that let Browser fetch guides and styles from one address alone, and open those of kg; "" for none.

    The key of the list of hosts is that of all versions; none knows it by a newer name.
    """
    host = urlsplit(address).hostname or "127.0.0.1"
    opened = {"browser.post_connect_cmd": f"style {address}/style.grass; guide {address}/guide.html"}
    return {"browser.remote_content_hostname_whitelist": host} | (opened if address else {})


def _read_json(path: Path) -> dict[str, Any] | None:
    """A JSON object; None if the file is absent or damaged."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found
