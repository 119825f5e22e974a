"""The API keys of the service: who holds one, and until when it is valid."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from kg.errors import InputError, InputLocation, NotFound, StoreError
from kg.files import PRIVATE, lock_file, write_atomically

PREFIX = "kg_"
"""Prefix of every key, so that a leaked one can be recognized."""

KEY_BYTES = 32
NAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
DAYS_PATTERN = re.compile(r"([1-9][0-9]{0,4})d")
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DIGEST_PATTERN = re.compile(r"[0-9a-f]{64}")
NEVER = "never"

MAX_FILE_BYTES = 4 * 1024 * 1024
"""Bytes of a file of keys; a larger one is none."""


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
        """`good`, `expired`, `revoked`, or `not yet valid` where the clock is before the day on which it was made."""
        if self.revoked:
            return "revoked"
        if day < self.made:
            return "not yet valid"
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
        """All keys ever created, by name; none if there is no file.

        Raises StoreError if the file cannot be read or others could have read or written it, and InputError for
        content that is not what `kg keys` writes.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return ()
        except OSError as error:
            problem = "it is a symbolic link" if self.path.is_symlink() else error.strerror
            raise StoreError(f"{self.path}: the API keys cannot be read ({problem})") from None
        try:
            self._check_status(os.fstat(descriptor))
            content = os.read(descriptor, MAX_FILE_BYTES + 1)
        except OSError as error:
            raise StoreError(f"{self.path}: the API keys cannot be read ({error.strerror})") from None
        finally:
            os.close(descriptor)
        return _parse_keys(str(self.path), content)

    def add(self, name: str, expires: str, day: str) -> tuple[ApiKey, str]:
        """Create a key; returns what is stored of it, and the key, which is stored nowhere.

        `expires` is a day, a number of days from `day` such as `90d`, or `never`. Raises InputError for a name that is
        not valid or was used before: the audit log identifies people by this name alone.
        """
        if not NAME_PATTERN.fullmatch(name):
            wanted = "1 to 40 of a-z, 0-9, dot, hyphen and underscore, the first a letter or digit"
            raise InputError(f"name {name[:80]!r}: expected {wanted}")
        secret = PREFIX + secrets.token_urlsafe(KEY_BYTES)
        made = ApiKey(name, key_digest(secret), day, _last_day(expires, day))
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
        """A value that changes with the file, its owner and its mode; None if there is none. Raises StoreError."""
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self.path}: the API keys cannot be read ({error.strerror})") from None
        return status.st_ino, status.st_ctime_ns, status.st_mtime_ns, status.st_size, status.st_mode, status.st_uid

    def _check_status(self, status: os.stat_result) -> None:
        """Raises StoreError unless it is a regular file of this user that nobody else can read or write."""
        mode = stat.S_IMODE(status.st_mode)
        if not stat.S_ISREG(status.st_mode):
            wrong = "it is no regular file"
        elif status.st_uid != os.geteuid():
            wrong = f"its owner is user {status.st_uid}; expected {os.geteuid()}, the user that runs this"
        elif mode & ~0o600:
            wrong = f"its mode is {mode:04o}; expected 0600"
        else:
            return
        raise StoreError(f"{self.path}: the API keys cannot be read ({wrong})")

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


class ExpiryClock:
    """The day by which keys expire, UTC: it does not go back while the process runs.

    It is the later of the day of the wall clock and of the day that has come by the time that has passed since the
    start. If the clock is set back, an expired key stays expired; if it jumps ahead and returns, keys are valid again.
    """

    def __init__(self, wall: Callable[[], float] = time.time, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._elapsed = wall, elapsed
        self._offset = wall() - elapsed()

    def day(self) -> str:
        """The day, such as 2027-06-30."""
        return datetime.fromtimestamp(max(self._wall(), self._offset + self._elapsed()), UTC).date().isoformat()


class ApiKeyRing:
    """The keys of a running service: a change to the file takes effect with the next request."""

    def __init__(self, file: ApiKeyFile, clock: ExpiryClock | None = None) -> None:
        self._file, self._clock = file, clock or ExpiryClock()
        self._file_version = file.file_version()
        self._keys = file.read()
        self._is_key_required = bool(self._keys)

    def is_key_required(self) -> bool:
        """Whether requests need a key: once there was one, even if the file is removed.

        Raises StoreError or InputError if the keys cannot be read, also because the file is no longer there.
        """
        self._reload_if_changed()
        return self._is_key_required

    def identify(self, secret: str) -> tuple[str, str]:
        """The name and state of a key; two empty texts if it is unknown. Raises StoreError or InputError."""
        return self.identify_digest(key_digest(secret))

    def identify_digest(self, digest: str) -> tuple[str, str]:
        """The same for the digest of a key.

        Every key is compared in full, so that the time it takes reveals nothing.
        """
        self._reload_if_changed()
        found = None
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return (found.name, found.state(self._clock.day())) if found else ("", "")

    def count_valid(self) -> int:
        """How many keys are valid."""
        self._reload_if_changed()
        return sum(key.state(self._clock.day()) == "good" for key in self._keys)

    def _reload_if_changed(self) -> None:
        version = self._file.file_version()
        if version is None and self._is_key_required:
            self._file_version = None
            raise StoreError(f"{self._file.path}: the API keys cannot be read (the file is no longer there)")
        if version != self._file_version:
            self._keys = self._file.read()  # first: a file that cannot be read is read again next time
            self._file_version = version
            self._is_key_required = self._is_key_required or bool(self._keys)


def today() -> str:
    """The day by which keys expire, UTC."""
    return datetime.now(UTC).date().isoformat()


def key_digest(secret: str) -> str:
    """What the file stores of a key."""
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


def _parse_keys(path: str, content: bytes) -> tuple[ApiKey, ...]:
    """The keys in the content of a file. Raises InputError, which names the key and the value that are wrong."""

    def wrong(key: str, value: object, expected: str) -> InputError:
        return InputError(
            f"expected {expected}, as `kg keys` writes it",
            InputLocation(path, None, key, value if isinstance(value, str) else ascii(value)),
        )

    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"expected API keys in at most {MAX_FILE_BYTES} bytes", InputLocation(path))
    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=_unique_fields)
    except (ValueError, RecursionError):
        raise InputError(
            "expected the API keys as JSON in UTF-8, as `kg keys` writes them", InputLocation(path)
        ) from None
    if not isinstance(data, dict) or list(data) != ["keys"]:
        raise InputError('expected {"keys": […]}, as `kg keys` writes it', InputLocation(path))
    found = data["keys"]
    if not isinstance(found, list) or not found:
        raise wrong("keys", found, "a list of one or more keys")
    keys: dict[str, ApiKey] = {}
    known = {field.name for field in fields(ApiKey)}
    for place, one in enumerate(found):
        at = f"keys.{place}"
        if not isinstance(one, dict) or set(one) != known:
            raise wrong(at, one, f"an object with {', '.join(sorted(known))} and nothing else")
        for field, (is_valid, expected) in _FIELDS.items():
            if not isinstance(one[field], str) or not is_valid(one[field]):
                raise wrong(f"{at}.{field}", one[field], expected)
        key = ApiKey(**one)
        if key.name in keys or key.digest in {other.digest for other in keys.values()}:
            raise wrong(f"{at}.name", key.name, "each name and digest once")
        keys[key.name] = key
    return tuple(keys.values())


def _unique_fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is given twice")
    return found


def _is_day(text: str) -> bool:
    try:
        return bool(DAY_PATTERN.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


_FIELDS: dict[str, tuple[Callable[[str], object], str]] = {
    "name": (NAME_PATTERN.fullmatch, "1 to 40 of a-z, 0-9, dot, hyphen and underscore"),
    "digest": (DIGEST_PATTERN.fullmatch, "a SHA-256 in 64 hexadecimal digits"),
    "made": (_is_day, "a day such as 2027-06-30"),
    "expires": (lambda text: text == NEVER or _is_day(text), "a day such as 2027-06-30, or never"),
    "revoked": (lambda text: not text or _is_day(text), "a day such as 2027-06-30, or nothing"),
}
"""What each field of a key has to be."""
