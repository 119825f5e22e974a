"""The settings of `kg` and of its service, read from the environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.errors import InputError, InputLocation
from kg.files import DEFAULT_UMASK, parse_umask

DEFAULT_FILE = "graph.sqlite"

NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""How the address of a Neo4j begins, before `://`."""

PREFIX = "KG_"

_READER = "reader"


def default_file() -> Path:
    """The SQLite file where the platform keeps user data."""
    return _data_folder() / DEFAULT_FILE


def _data_folder() -> Path:
    import platformdirs  # a tenth of the time of a start, and often nothing of it is asked

    return Path(platformdirs.user_data_dir("kg"))


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("kg"))


def _number(kind: type[int] | type[float], least: int, most: int) -> Callable[[str], float]:
    """What reads a number in its range; the number that is none, and the infinite ones, are in no range."""

    def read_number(text: str) -> float:
        try:
            found = kind(text)
        except ValueError:
            found = least - 1
        if not least <= found <= most:
            raise ValueError(f"expected a {'whole ' if kind is int else ''}number from {least} to {most:,}")
        return found

    return read_number


def _one_of(*words: str) -> Callable[[str], str]:
    def read_word(text: str) -> str:
        if text not in words:
            raise ValueError(f"expected {' or '.join(word or 'nothing' for word in words)}")
        return text

    return read_word


def _yes_or_no(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ValueError("expected 1 or 0")
    return word in ("1", "true", "yes", "on")


def _umask(text: str) -> str:
    parse_umask(text)
    return text


def _read_by(reader: Callable[[str], Any]) -> dict[str, Any]:
    """The metadata of a field whose text is read by `reader`, which raises ValueError; others are read as text."""
    return {_READER: reader}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings. They are read from the environment at the edge, each with the prefix KG_, and passed in."""

    store: str = field(default_factory=lambda: f"embedded:{default_file()}")
    """Where the graph is: embedded:PATH, or neo4j://HOST:PORT for a copy of it in a Neo4j. By default in the folder
    where the platform keeps user data."""
    ledger: str = ""
    """The SQLite file whose graph KG_STORE=neo4j://… is a copy of. By default where embedded: would be."""
    user: str = ""
    """Who works with `kg`: kept with loads, judgements, exports, reports and erasures. By default the user of the
    system."""
    two_eyes: bool = field(default=False, metadata=_read_by(_yes_or_no))
    """`1`: a judgement that somebody wanted is the same as another has no effect until a second person, with another
    KG_USER, confirms it."""
    requesting: str = ""
    """Code of the jurisdiction that requests, such as CN, where a question about legal routes has none."""
    readers: int | None = field(default=None, metadata=_read_by(_number(int, 0, 64)))
    """How many processes read files of 8 MiB and more beside the one that writes; `0`: none. By default one for each
    processor, at most 8."""
    neo4j_user: str = "neo4j"
    """User name in the Neo4j."""
    neo4j_password: str = field(default="", repr=False)
    """Password in the Neo4j. The one that `kg neo4j` runs is opened with its own, if this is empty."""
    neo4j_database: str = "neo4j"
    """Database of the Neo4j that has the graph."""
    scope: str = field(default="", metadata=_read_by(_one_of("", "protected")))
    """`protected` shows facts with that handling code. Leave it empty unless you may see them."""
    neo4j_home: Path = field(default_factory=lambda: _data_folder() / "neo4j", metadata=_read_by(Path))
    """Folder of the Neo4j that `kg neo4j` runs: its data, logs and password."""
    neo4j_cache: Path = field(default_factory=lambda: _cache_folder() / "neo4j", metadata=_read_by(Path))
    """Folder that keeps the jars of Neo4j."""
    view_cache: Path = field(default_factory=lambda: _cache_folder() / "views", metadata=_read_by(Path))
    """Folder of cached graphs, with which `kg-api` starts and `kg path` answers at once."""
    umask: str = field(default=DEFAULT_UMASK, metadata=_read_by(_umask))
    """Permissions that new files and folders do not have, as octal digits: 027 lets the group read stores, reports and
    exports. Keys, passwords, audit logs and cached graphs are their owner's alone always."""
    wait: float = field(default=30.0, metadata=_read_by(_number(float, 0, 86_400)))
    """Seconds to wait for another writer before giving up."""

    api_keys: Path = field(default_factory=lambda: _data_folder() / "api-keys.json", metadata=_read_by(Path))
    """File of the API keys that `kg keys` manages."""
    api_audit: str = ""
    """Audit log of the service: who asked what; `off` for none. If empty: api-audit.jsonl beside KG_API_KEYS once there
    is a key, else none."""
    api_rate: str = "1200/minute"
    """Rate limit of each key, or of each address where there are no keys; separate several with `;`. Empty for no
    limit."""
    api_screening_rate: str = "10/minute;100/day"
    """Rate limit of screenings, besides the other, of each key or address. Empty for no limit."""
    api_judges: str = ""
    """Names of API keys, separated by commas, whose holders may judge through the service who is the same. Nobody if
    empty."""
    api_hosts: str = ""
    """Host names and addresses of the service besides those of this machine, separated by commas."""
    api_origins: str = ""
    """Origins of web pages that may use the service from a browser (CORS), separated by commas. None if empty."""

    smtp_host: str = ""
    """Mail server through which `kg watch run` sends."""
    smtp_port: int = field(default=587, metadata=_read_by(_number(int, 1, 65_535)))
    """Port of the mail server."""
    smtp_security: str = field(default="starttls", metadata=_read_by(_one_of("starttls", "ssl", "none")))
    """`starttls`, or `ssl` for a server that begins encrypted; `none` only for one on this machine."""
    smtp_user: str = ""
    """User name on the mail server; empty to send without login."""
    smtp_password: str = field(default="", repr=False)
    """Password on the mail server."""
    smtp_from: str = ""
    """Address from which `kg watch run` sends."""
    webhook_secret: str = field(default="", repr=False)
    """Secret with which `kg watch run` signs calls of webhooks."""

    stated: frozenset[str] = frozenset()
    """The names of the settings that the environment states; no setting itself."""

    @property
    def store_path(self) -> Path:
        """The path of the SQLite file. Raises InputError where KG_STORE is none of what it can be."""
        kind, _, path = self.store.partition(":")
        if kind == "embedded" and path:
            return _expand_path("KG_STORE", self.store, path)
        if self.neo4j_uri:
            return _expand_path("KG_LEDGER", self.ledger, self.ledger) if self.ledger else default_file()
        raise InputError(f"KG_STORE is {self.store!r}; expected embedded:PATH, or an address such as neo4j://HOST:7687")

    def with_store(self, store: str) -> Settings:
        """The same with another store. If that is a Neo4j, it is a copy of the SQLite file that was named before."""
        same = replace(self, store=store)
        return replace(same, ledger=str(self.store_path)) if same.neo4j_uri else same

    @property
    def neo4j_uri(self) -> str:
        """The address of the Neo4j that the store is; empty where it is none."""
        scheme, found, rest = self.store.partition("://")
        if not found or not rest or scheme not in NEO4J_SCHEMES:
            return ""
        try:
            _ = urlsplit(self.store).port
        except ValueError as error:
            raise InputError(f"KG_STORE is {self.store!r}, which is no address: {error}") from None
        return self.store


def setting_names() -> dict[str, str]:
    """The environment variable of each field of the settings, by the field's name."""
    return {each.name: PREFIX + each.name.upper() for each in fields(Settings) if each.name != "stated"}


def read() -> Settings:
    """What the environment sets. Raises InputError where a setting is not what was expected."""
    texts = {name.upper(): value for name, value in os.environ.items()}
    stated = {name: texts[key] for name, key in setting_names().items() if key in texts}
    readers = {each.name: each.metadata[_READER] for each in fields(Settings) if each.name in stated and each.metadata}
    found: dict[str, Any] = {"stated": frozenset(stated), **stated}
    for name, reader in readers.items():
        try:
            found[name] = reader(stated[name])
        except ValueError as error:
            place = InputLocation("environment", key=PREFIX + name.upper(), value=stated[name])
            raise InputError(str(error), place) from None
    return Settings(**found)


def _expand_path(setting: str, value: str, path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InputError(f"{setting} is {value!r}: {error}") from None
