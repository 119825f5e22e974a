"""The API keys of the service: who holds one, and until when it is valid."""

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
from kg.files import PRIVATE, lock_file, write_atomically

PREFIX = "kg_"
"""Prefix of every key, so that a leaked one can be recognized."""

KEY_BYTES = 32
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
DAYS_PATTERN = re.compile(r"([1-9][0-9]{0,4})d")
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NEVER = "never"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key as the file stores it: everything but the key itself."""

    name: str
    digest: str
    """SHA-256 of the key, in hex. The key has 256 random bits, so it needs no salt."""
    made: str
    expires: str
    """The last day on which it is valid, UTC; `never` if it does not expire."""
    revoked: str = ""

    def state(self, day: str) -> str:
        """`good`, `expired` or `revoked`."""
        if self.revoked:
            return "revoked"
        return "good" if self.expires == NEVER or day <= self.expires else "expired"

    def to_json(self, day: str) -> dict[str, str]:
        """Plain data for `--json`, without the digest."""
        return {
            "name": self.name,
            "made": self.made,
            "expires": self.expires,
            "revoked": self.revoked,
            "state": self.state(day),
        }


@dataclass(frozen=True, slots=True)
class ApiKeyFile:
    """The file of the keys, readable by its owner only. Each change replaces it as a whole."""

    path: Path

    def read(self) -> tuple[ApiKey, ...]:
        """All keys ever created, by name; none if there is no file. Raises StoreError if it cannot be read as keys."""
        try:
            return tuple(ApiKey(**one) for one in json.loads(self.path.read_text(encoding="utf-8"))["keys"])
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(f"{self.path}: the API keys cannot be read ({error.strerror})") from None
        except (ValueError, KeyError, TypeError):
            raise StoreError(f"{self.path}: expected the API keys that `kg keys` wrote") from None

    def add(self, name: str, expires: str, day: str) -> tuple[ApiKey, str]:
        """Create a key; returns what is stored of it, and the key, which is stored nowhere.

        `expires` is a day, a number of days from `day` such as `90d`, or `never`. Raises InputError for a name that is
        not valid or was used before: the audit log identifies people by this name alone.
        """
        if not NAME_PATTERN.fullmatch(name):
            wanted = "1 to 40 of a-z, 0-9, dot, hyphen and underscore, the first a letter or digit"
            raise InputError(f"name {name[:80]!r}: expected {wanted}")
        secret = PREFIX + secrets.token_urlsafe(KEY_BYTES)
        made = ApiKey(name, _digest(secret), day, _last_day(expires, day))
        with self._locked():
            found = self.read()
            if any(key.name == name for key in found):
                raise InputError(f"name {name!r}: a key with this name exists; expected another name")
            self._write((*found, made))
        return made, secret

    def revoke(self, name: str, day: str) -> ApiKey:
        """Revoke a key at once; one that is revoked stays as it is. Raises NotFound."""
        with self._locked():
            found = {key.name: key for key in self.read()}
            if name not in found:
                raise NotFound(f"no API key is named {name[:80]!r}; `kg keys list` lists them")
            if not found[name].revoked:
                found[name] = replace(found[name], revoked=day)
                self._write(tuple(found.values()))
        return found[name]

    def file_version(self) -> tuple[int, ...] | None:
        """A value that changes with the file; None if there is none. Raises StoreError."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self.path}: the API keys cannot be read ({error.strerror})") from None
        return status.st_ino, status.st_mtime_ns, status.st_size

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock of the file. Raises StoreError if something cannot be written meanwhile."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with lock_file(self.path.with_name(self.path.name + ".lock")):
                yield
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}; nothing was changed") from None

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        """Write a new file with its permissions, and replace the old one when it is complete."""
        text = json.dumps({"keys": [asdict(key) for key in sorted(keys, key=lambda k: k.name)]}, indent=1) + "\n"
        write_atomically(self.path, text.encode(), PRIVATE)


class ApiKeyRing:
    """The keys of a running service: a change to the file takes effect with the next request."""

    def __init__(self, file: ApiKeyFile) -> None:
        self._file = file
        self._file_version = file.file_version()
        self._keys = file.read()
        self._is_key_required = bool(self._keys)

    def is_key_required(self) -> bool:
        """Whether requests need a key: once there was one, even if the file is removed. Raises StoreError."""
        self._reload_if_changed()
        return self._is_key_required

    def identify(self, secret: str, day: str) -> tuple[str, str]:
        """The name and state of a key; two empty texts if it is unknown. Raises StoreError.

        Every key is compared in full, so that the time it takes reveals nothing.
        """
        self._reload_if_changed()
        digest, found = _digest(secret), None
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return (found.name, found.state(day)) if found else ("", "")

    def count_valid(self, day: str) -> int:
        """How many keys are valid."""
        self._reload_if_changed()
        return sum(key.state(day) == "good" for key in self._keys)

    def _reload_if_changed(self) -> None:
        version = self._file.file_version()
        if version != self._file_version:
            self._keys = self._file.read()  # first: a file that cannot be read is read again next time
            self._file_version = version
            self._is_key_required = self._is_key_required or bool(self._keys)


def today() -> str:
    """The day by which keys expire, UTC."""
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
