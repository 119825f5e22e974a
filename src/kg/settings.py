"""The settings of `kg` and of its service, read from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator

from kg.errors import InputError, InputLocation
from kg.files import DEFAULT_UMASK, parse_umask

DEFAULT_FILE = "graph.sqlite"

NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""How the address of a Neo4j begins, before `://`."""


def default_file() -> Path:
    """The SQLite file where the platform keeps user data."""
    return Path(platformdirs.user_data_dir("kg")) / DEFAULT_FILE


PREFIX = "KG_"


class Settings(BaseModel):
    """The settings. They are read from the environment at the edge, each with the prefix KG_, and passed in."""

    store: str = Field(
        default_factory=lambda: f"embedded:{default_file()}",
        description="Where the graph is: embedded:PATH, or neo4j://HOST:PORT for a copy of it in a Neo4j."
        " By default in the folder where the platform keeps user data.",
    )
    ledger: str = Field(
        default="",
        description="The SQLite file whose graph KG_STORE=neo4j://… is a copy of. By default where embedded: would be.",
    )
    user: str = Field(
        default="",
        description="Who works with `kg`: kept with loads, judgements, exports, reports and erasures. By default the"
        " user of the system.",
    )
    two_eyes: bool = Field(
        default=False,
        description="`1`: a judgement that somebody wanted is the same as another has no effect until a second person,"
        " with another KG_USER, confirms it.",
    )
    requesting: str = Field(
        default="",
        description="Code of the jurisdiction that requests, such as CN, where a question about legal routes has none.",
    )
    readers: int | None = Field(
        default=None,
        ge=0,
        le=64,
        description="How many processes read files of 8 MiB and more beside the one that writes; `0`: none."
        " By default one for each processor, at most 8.",
    )
    neo4j_user: str = Field(default="neo4j", description="User name in the Neo4j.")
    neo4j_password: SecretStr = Field(
        default=SecretStr(""),
        description="Password in the Neo4j. The one that `kg neo4j` runs is opened with its own, if this is empty.",
    )
    neo4j_database: str = Field(default="neo4j", description="Database of the Neo4j that has the graph.")
    scope: str = Field(
        default="",
        description="`protected` shows facts with that handling code. Leave it empty unless you may see them.",
    )
    neo4j_home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("kg")) / "neo4j",
        description="Folder of the Neo4j that `kg neo4j` runs: its data, logs and password.",
    )
    neo4j_cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("kg")) / "neo4j",
        description="Folder that keeps the jars of Neo4j.",
    )
    view_cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("kg")) / "views",
        description="Folder of cached graphs, with which `kg-api` starts and `kg path` answers at once.",
    )
    umask: str = Field(
        default=DEFAULT_UMASK,
        description="Permissions that new files and folders do not have, as octal digits: 027 lets the group read"
        " stores, reports and exports. Keys, passwords, audit logs and cached graphs are their owner's alone always.",
    )
    wait: float = Field(
        default=30.0,
        ge=0,
        le=86_400,
        allow_inf_nan=False,
        description="Seconds to wait for another writer before giving up.",
    )

    api_keys: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("kg")) / "api-keys.json",
        description="File of the API keys that `kg keys` manages.",
    )
    api_audit: str = Field(
        default="",
        description="Audit log of the service: who asked what; `off` for none. If empty: api-audit.jsonl beside"
        " KG_API_KEYS once there is a key, else none.",
    )
    api_rate: str = Field(
        default="1200/minute",
        description="Rate limit of each key, or of each address where there are no keys; separate several with `;`."
        " Empty for no limit.",
    )
    api_screening_rate: str = Field(
        default="10/minute;100/day",
        description="Rate limit of screenings, besides the other, of each key or address. Empty for no limit.",
    )
    api_judges: str = Field(
        default="",
        description="Names of API keys, separated by commas, whose holders may judge through the service who is the"
        " same. Nobody if empty.",
    )
    api_hosts: str = Field(
        default="",
        description="Host names and addresses of the service besides those of this machine, separated by commas.",
    )
    api_origins: str = Field(
        default="",
        description="Origins of web pages that may use the service from a browser (CORS), separated by commas."
        " None if empty.",
    )

    smtp_host: str = Field(default="", description="Mail server through which `kg watch run` sends.")
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_security: str = Field(
        default="starttls",
        description="`starttls`, or `ssl` for a server that begins encrypted; `none` only for one on this machine.",
    )
    smtp_user: str = Field(default="", description="User name on the mail server; empty to send without login.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password on the mail server.")
    smtp_from: str = Field(default="", description="Address from which `kg watch run` sends.")
    webhook_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret with which `kg watch run` signs calls of webhooks."
    )

    @field_validator("smtp_security")
    @classmethod
    def _validate_smtp_security(cls, value: str) -> str:
        if value not in ("starttls", "ssl", "none"):
            raise ValueError("expected starttls, ssl or none")
        return value

    @field_validator("scope")
    @classmethod
    def _validate_scope(cls, value: str) -> str:
        if value not in ("", "protected"):
            raise ValueError("expected nothing, or protected")
        return value

    @field_validator("umask")
    @classmethod
    def _validate_umask(cls, value: str) -> str:
        parse_umask(value)
        return value

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
        same = self.model_copy(update={"store": store})
        return same.model_copy(update={"ledger": str(self.store_path)}) if same.neo4j_uri else same

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


def read() -> Settings:
    """What the environment sets. Raises InputError where a setting is not what was expected."""
    stated = {name.upper(): value for name, value in os.environ.items()}
    names = {name: PREFIX + name.upper() for name in Settings.model_fields}
    try:
        return Settings.model_validate({name: stated[key] for name, key in names.items() if key in stated})
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise InputError(first["msg"], InputLocation("environment", key=name, value=str(first["input"]))) from None


def _expand_path(setting: str, value: str, path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InputError(f"{setting} is {value!r}: {error}") from None
