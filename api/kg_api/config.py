"""How does the service treat those who ask?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from limits import RateLimitItem, parse_many

from kg.api_keys import KeyFile, KeyRing, today
from kg.errors import InputError, Place, StoreError
from kg.operations import LOOPBACK
from kg.settings import Settings
from kg_api.middleware.audit import AuditLog

OFF = "off"


@dataclass(frozen=True, slots=True)
class Conduct:
    """Who may ask, how often, and what is noted. Without more: whoever reaches this machine, and nothing."""

    ring: KeyRing | None = None
    audit: AuditLog | None = None
    without_keys: bool = True
    """Whether the audit log is also kept as long as there are no keys."""
    rates: tuple[RateLimitItem, ...] = ()
    hosts: tuple[str, ...] = LOOPBACK
    origins: tuple[str, ...] = ()

    def noting(self) -> AuditLog | None:
        """The audit log that is kept now; None for none. Keys that cannot be read are keys."""
        try:
            return self.audit if self.without_keys or self.ring is None or self.ring.wanted() else None
        except StoreError:
            return self.audit


def conduct_of(settings: Settings, host: str) -> Conduct:
    """What the settings say, for a service at an address.

    Raises InputError for an address of others where nobody has a good key, and for settings that are none; StoreError
    for keys that cannot be read and an audit log that cannot be written.
    """
    file = KeyFile(settings.api_keys.expanduser())
    ring = KeyRing(file)
    if host not in LOOPBACK and not ring.good(today()):
        problem = f"there is no API key in {file.path}: make one with `kg keys add NAME --expires 90d`"
        raise InputError(f"--host {host!r}: {problem}, or answer on one of {', '.join(LOOPBACK)}")
    conduct = Conduct(
        ring,
        _audit(settings),
        bool(settings.api_audit),
        _rates(settings.api_rate),
        tuple(dict.fromkeys((*LOOPBACK, host.lower(), *_listed(settings.api_hosts)))),
        _origins(settings.api_origins),
    )
    log = conduct.noting()
    if log:
        log.check()
    return conduct


def _audit(settings: Settings) -> AuditLog | None:
    if settings.api_audit == OFF:
        return None
    path = Path(settings.api_audit) if settings.api_audit else settings.api_keys.with_name("api-audit.jsonl")
    return AuditLog(path.expanduser())


def _rates(text: str) -> tuple[RateLimitItem, ...]:
    try:
        return tuple(parse_many(text)) if text else ()
    except ValueError:
        expected = "expected so many a second, minute, hour or day, as in 1200/minute"
        raise InputError(expected, Place("environment", key="KG_API_RATE", value=text)) from None


def _origins(text: str) -> tuple[str, ...]:
    found = _listed(text)
    for origin in found:
        if not origin.startswith(("http://", "https://")) or origin.count("/") != 2 or "*" in origin:
            expected = "expected origins such as https://desk.example.org, with commas between them"
            raise InputError(expected, Place("environment", key="KG_API_ORIGINS", value=origin))
    return found


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.lower() for one in text.split(",") if (part := one.strip()))
