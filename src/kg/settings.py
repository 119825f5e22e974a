"""Which settings does a person have, and what do they mean?"""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import InputError

DEFAULT_FILE = "graph.sqlite"


class Settings(BaseSettings):
    """Settings from the environment, each with the prefix KG_. They are read at the edge and passed in."""

    model_config = SettingsConfigDict(env_prefix="KG_", extra="ignore")

    store: str = Field(
        default_factory=lambda: f"embedded:{Path(platformdirs.user_data_dir('kg')) / DEFAULT_FILE}",
        description="Where the graph is: embedded:PATH. By default in the folder where the platform keeps user data.",
    )
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
    wait: float = Field(
        default=30.0,
        ge=0,
        le=86_400,
        allow_inf_nan=False,
        description="Seconds to wait for another writer before giving up.",
    )

    @field_validator("scope")
    @classmethod
    def _known_scope(cls, value: str) -> str:
        if value not in ("", "protected"):
            raise ValueError("expected nothing, or protected")
        return value

    @property
    def store_path(self) -> Path:
        """The path of the embedded store. Raises InputError for any other kind."""
        kind, _, path = self.store.partition(":")
        if kind != "embedded" or not path:
            raise InputError(f"KG_STORE is {self.store!r}; expected embedded:PATH")
        try:
            return Path(path).expanduser()
        except RuntimeError as error:
            raise InputError(f"KG_STORE is {self.store!r}: {error}") from None
