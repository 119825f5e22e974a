"""The Neo4j releases that kg can run, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError

LOCKS = Path(__file__).resolve().parent / "locks"


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of a server, as a list in `locks` pins it."""

    sha256: str
    size: int
    path: str
    """Below a Maven repository."""

    @property
    def name(self) -> str:
        """The file's own name, which no two jars of one server share."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Release:
    """A version of Neo4j Community, with the Java it runs on."""

    version: str
    java_versions: tuple[int, ...]
    """Supported feature versions, best first."""
    minimum_java: int | None
    entry_point: str
    """The class whose `main` runs the server without starting another JVM."""
    locks: Path = LOCKS
    """Folder of the list of its jars."""

    @property
    def java_requirement(self) -> str:
        """For messages: `Java 17 or 21`, `Java 21 or later`."""
        if self.minimum_java:
            return f"Java {self.minimum_java} or later"
        return f"Java {' or '.join(map(str, self.java_versions))}"

    def runs_on(self, java: int) -> bool:
        """Whether Neo4j supports this Java."""
        return java in self.java_versions or (self.minimum_java is not None and java >= self.minimum_java)

    def jars(self) -> tuple[Jar, ...]:
        """Every file of the server, in the order of its class path."""
        lines = (self.locks / f"{self.version}.txt").read_text(encoding="utf-8").splitlines()
        fields = (line.split() for line in lines if not line.startswith("#"))
        return tuple(Jar(sha256, int(size), path) for sha256, size, path in fields)


RELEASES = {
    release.version: release
    for release in (
        Release(
            "5.26.30", java_versions=(17, 21), minimum_java=None, entry_point="org.neo4j.server.CommunityEntryPoint"
        ),
        Release("2026.08.1", java_versions=(), minimum_java=21, entry_point="org.neo4j.server.Neo4jCommunity"),
    )
}
DEFAULT_VERSION = "5.26.30"
"""The release with long-term support."""


def release(version: str) -> Release:
    """The release of that version; raises InputError when kg has no list of its jars."""
    try:
        return RELEASES[version]
    except KeyError:
        raise InputError(f"no Neo4j {version!r} here; expected {' or '.join(RELEASES)}") from None


def can_open_data_of(version: str, written_by: str) -> bool:
    """Whether a server of this version can open what another one wrote: it is not older, and of the same line.

    Neo4j migrates a database forward when it opens it, and no release opens one that a newer release has opened.
    """
    new, old = (tuple(map(int, numbers.split("."))) for numbers in (version, written_by))
    return new >= old and new[0] == old[0]
