"""Which API keys may ask the service, and until when?"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from kg.errors import InputError, NotFound, StoreError
from kg.files import lock_file, write_atomically

PREFIX = "kg_"
"""What every key begins with, so that one that lies about is known for what it is."""

KEY_BYTES = 32
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
DAYS_PATTERN = re.compile(r"([1-9][0-9]{0,4})d")
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NEVER = "never"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key as the file keeps it: everything but the key itself."""

    name: str
    digest: str
    """SHA-256 of the key, in hex. The key has 256 random bits, so there is nothing to guess and no salt to add."""
    made: str
    expires: str
    """The last day on which it is good, UTC; `never` for one without an end."""
    revoked: str = ""

    def state(self, day: str) -> str:
        """`good`, `expired` or `revoked`."""
        if self.revoked:
            return "revoked"
        return "good" if self.expires == NEVER or day <= self.expires else "expired"

    def to_json(self, day: str) -> dict[str, str]:
        """As plain data; what the key is made of is not in it."""
        return {
            "name": self.name,
            "made": self.made,
            "expires": self.expires,
            "revoked": self.revoked,
            "state": self.state(day),
        }


@dataclass(frozen=True, slots=True)
class ApiKeyFile:
    """The file that keeps the keys, readable by its owner only. Each change replaces it whole."""

    path: Path

    def read(self) -> tuple[ApiKey, ...]:
        """All keys ever made, by name; none where there is no file. Raises StoreError for a file of anything else."""
        try:
            return tuple(ApiKey(**one) for one in json.loads(self.path.read_text(encoding="utf-8"))["keys"])
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(f"{self.path}: the API keys cannot be read ({error.strerror})") from None
        except (ValueError, KeyError, TypeError):
            raise StoreError(f"{self.path}: expected the API keys that `kg keys` wrote") from None

    def add(self, name: str, expires: str, day: str) -> tuple[ApiKey, str]:
        """Make a key; returns what is kept of it, and the key, which is nowhere else.

        `expires` is a day, a number of days from `day` such as `90d`, or `never`. Raises InputError for a name that is
        none or was taken once: the audit log says who asked by this name alone.
        """
        if not NAME_PATTERN.fullmatch(name):
            wanted = "1 to 40 of a-z, 0-9, dot, hyphen and underscore, the first a letter or digit"
            raise InputError(f"name {name[:80]!r}: expected {wanted}")
        secret = PREFIX + secrets.token_urlsafe(KEY_BYTES)
        made = ApiKey(name, _digest(secret), day, _last_day(expires, day))
        with self._locked():
            found = self.read()
            if any(key.name == name for key in found):
                raise InputError(f"name {name!r}: a key was made under it already; expected another name")
            self._write((*found, made))
        return made, secret

    def revoke(self, name: str, day: str) -> ApiKey:
        """Take a key's right away, at once; one that was revoked stays as it is. Raises NotFound."""
        with self._locked():
            found = {key.name: key for key in self.read()}
            if name not in found:
                raise NotFound(f"no API key is called {name[:80]!r}; `kg keys list` lists them")
            if not found[name].revoked:
                found[name] = replace(found[name], revoked=day)
                self._write(tuple(found.values()))
        return found[name]

    def file_version(self) -> tuple[int, ...] | None:
        """What changes whenever the file does; None where there is none. Raises StoreError."""
        try:
            seen = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self.path}: the API keys cannot be read ({error.strerror})") from None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile. What cannot be written is raised as a StoreError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with lock_file(self.path.with_name(self.path.name + ".lock")):
                yield
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}; nothing was changed") from None

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        text = json.dumps({"keys": [asdict(key) for key in sorted(keys, key=lambda k: k.name)]}, indent=1) + "\n"
        write_atomically(self.path, text.encode(), 0o600)


class ApiKeyRing:
    """The keys as a running service sees them: a change to the file counts from the next request on."""

    def __init__(self, file: ApiKeyFile) -> None:
        self._file = file
        self._file_version = file.file_version()
        self._keys = file.read()
        self._is_key_required = bool(self._keys)

    def is_key_required(self) -> bool:
        """Whether a key has to be given: once there was one, also after its file is gone. Raises StoreError."""
        self._reload_if_changed()
        return self._is_key_required

    def identify(self, secret: str, day: str) -> tuple[str, str]:
        """Whose key it is and its state; two empty texts where it is nobody's. Raises StoreError.

        Every key is compared in full: how long it takes says nothing about any of them.
        """
        self._reload_if_changed()
        digest, found = _digest(secret), None
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return (found.name, found.state(day)) if found else ("", "")

    def count_valid(self, day: str) -> int:
        """How many keys are good."""
        self._reload_if_changed()
        return sum(key.state(day) == "good" for key in self._keys)

    def _reload_if_changed(self) -> None:
        mark = self._file.file_version()
        if mark != self._file_version:
            self._keys = self._file.read()  # before its mark is kept: a file that cannot be read is looked at again
            self._file_version = mark
            self._is_key_required = self._is_key_required or bool(self._keys)


def today() -> str:
    """The day by which keys end, UTC."""
    return datetime.now(UTC).date().isoformat()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _last_day(expires: str, day: str) -> str:
    if expires == NEVER:
        return NEVER
    first, days = date.fromisoformat(day), DAYS_PATTERN.fullmatch(expires)
    try:
        if not days and not DAY_PATTERN.fullmatch(expires):
            raise ValueError
        last = first + timedelta(days=int(days[1])) if days else date.fromisoformat(expires)
    except (ValueError, OverflowError):
        raise InputError(f"--expires {expires[:40]!r}: expected a day such as 2027-06-30, 90d, or never") from None
    if last < first:
        raise InputError(f"--expires {expires}: expected a day that is not over")
    return last.isoformat()
