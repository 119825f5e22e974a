"""Which jars make up a Neo4j server?

Resolves every release that `kg neo4j` runs with Maven. Writes src/kg/neo4j_server/locks/<version>.txt: checksum, size
and path of each jar below a Maven repository, no addresses. Needs `mvn`; where it looks is said in its settings.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "src" / "kg" / "server" / "locks"
RELEASES = ("5.26.30", "2026.08.1")
BROWSER = "5.24.0"
"""The last Neo4j Browser that was published as a jar."""

HEADER = """\
# Made by `make neo4j-locks`: the jars of Neo4j Community {version} and Neo4j Browser {browser}.
# SHA-256, bytes, path below a Maven repository.
"""
POM = """\
<project><modelVersion>4.0.0</modelVersion>
  <groupId>kg</groupId><artifactId>neo4j-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{version}</version></dependency>
    <dependency><groupId>org.neo4j.client</groupId><artifactId>neo4j-browser</artifactId><version>{browser}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
  </dependencies>
</project>
"""


def main() -> None:
    """Write the list of every release anew, or say that Maven is missing."""
    if shutil.which("mvn") is None:
        sys.exit("mvn is not on the PATH; install Maven to remake the lists of jars")
    LOCKS.mkdir(exist_ok=True)
    for version in RELEASES:
        print(f"Resolving Neo4j {version} …", flush=True)
        lines = resolve(version)
        text = HEADER.format(version=version, browser=BROWSER) + "\n".join(lines) + "\n"
        (LOCKS / f"{version}.txt").write_text(text, encoding="utf-8")
        print(f"{version}.txt: {len(lines)} jars")


def resolve(version: str) -> list[str]:
    """One line a jar, sorted by path."""
    with tempfile.TemporaryDirectory() as folder:
        project, jars = Path(folder, "pom.xml"), Path(folder, "jars")
        project.write_text(POM.format(version=version, browser=BROWSER), encoding="utf-8")
        copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", "-Dmdep.useRepositoryLayout=true"]
        done = subprocess.run(["mvn", "-q", "-B", "-f", project, *copy, f"-DoutputDirectory={jars}"], check=False)
        if done.returncode:
            sys.exit(done.returncode)
        return [line(jar, jars) for jar in sorted(jars.rglob("*.jar"))]


def line(jar: Path, jars: Path) -> str:
    data = jar.read_bytes()
    return f"{hashlib.sha256(data).hexdigest()}  {len(data):>9}  {jar.relative_to(jars).as_posix()}"


if __name__ == "__main__":
    main()
