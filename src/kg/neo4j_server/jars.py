"""Fetch and check the server's jars."""

from __future__ import annotations

import hashlib
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib import import_module
from pathlib import Path

from kg.errors import ServerError
from kg.files import atomic_file
from kg.neo4j_server.java import INSTALL_HINT
from kg.neo4j_server.releases import Jar, Release

Progress = Callable[[str, int, int | None], None]
"""Called with a phase, the bytes that are done, and how many there are in total."""

PARALLEL_DOWNLOADS = 8
MAX_ATTEMPTS = 4
FIRST_PAUSE = 0.5
"""Seconds before the second try, doubled before each one after it."""
TIMEOUT = 60.0
"""Seconds without a byte."""


def fetch_jars(release: Release, cache: Path, progress: Progress) -> list[Path]:
    """The jars of a release in the cache, in class path order; what is missing or damaged is fetched.

    Every file is checked each time, and gets its name only when all of it is there: an interrupted fetch goes on where
    it was. Raises ServerError.
    """
    folder = cache / f"neo4j-{release.version}"
    jars = release.jars()
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        whole = pool.map(lambda jar: _is_whole(folder, jar), jars)
        wanted = [jar for jar, is_whole in zip(jars, whole, strict=True) if not is_whole]
    if wanted:
        folder.mkdir(parents=True, exist_ok=True)
        _fetch_missing(wanted, folder, f"Fetching Neo4j {release.version}", progress)
    return [folder / jar.name for jar in jars]


def _fetch_missing(jars: list[Jar], folder: Path, phase: str, progress: Progress) -> None:
    address, context = maven_repository(), ssl.create_default_context()
    done, total = 0, sum(jar.size for jar in jars)
    progress(phase, done, total)
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        running = {pool.submit(_fetch_one, address, jar, folder, context): jar for jar in jars}
        try:
            for future in as_completed(running):
                future.result()
                done += running[future].size
                progress(phase, done, total)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def maven_repository() -> str:
    """The address of a Maven repository: MAVEN_REPO_URL, else the default of the package jgo.

    The variable belongs to the machine, not to kg: it names the mirror that the machine's Maven clients use.
    """
    if named := os.environ.get("MAVEN_REPO_URL"):
        return named.rstrip("/")
    try:
        return str(import_module("jgo.constants").MAVEN_CENTRAL_URL).rstrip("/")
    except ImportError:
        problem = "the server's jars are not here yet, and no Maven repository is known"
        raise ServerError(f"{problem}: {INSTALL_HINT}, or set MAVEN_REPO_URL to the address of one") from None


def _fetch_one(address: str, jar: Jar, folder: Path, context: ssl.SSLContext) -> None:
    for attempt in range(MAX_ATTEMPTS):
        try:
            return _download(f"{address}/{jar.path}", jar, folder, context)
        except OSError as error:
            final = isinstance(error, urllib.error.HTTPError) and error.code < 500
            if final or attempt == MAX_ATTEMPTS - 1:
                reason = getattr(error, "reason", "") or error
                raise ServerError(f"{jar.path} cannot be fetched from {address}: {reason}") from None
        time.sleep(FIRST_PAUSE * 2**attempt)
    return None


def _download(url: str, jar: Jar, folder: Path, context: ssl.SSLContext) -> None:
    """Download a jar; it gets its name only if its checksum is right."""
    digest = hashlib.sha256()
    with (
        atomic_file(folder / jar.name) as file,
        urllib.request.urlopen(url, timeout=TIMEOUT, context=context) as answer,
    ):
        while data := answer.read(1 << 16):
            digest.update(data)
            file.write(data)
        if digest.hexdigest() != jar.sha256:
            raise OSError(f"its checksum is {digest.hexdigest()}; expected {jar.sha256}")


def _is_whole(folder: Path, jar: Jar) -> bool:
    try:
        with (folder / jar.name).open("rb") as file:
            if os.fstat(file.fileno()).st_size != jar.size:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False
