"""The configuration of the service: keys, audit log, rate limits, hosts and origins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from limits import RateLimitItem, parse_many

from kg.api_keys import NAME_PATTERN, ApiKeyFile, ApiKeyRing
from kg.errors import InputError, InputLocation, KgError
from kg.operations import LOOPBACK
from kg.settings import Settings
from kg_api.middleware.audit import AuditLog

OFF = "off"


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """Who may ask, how often, and what is logged. By default every user of this machine, and nothing."""

    key_ring: ApiKeyRing | None = None
    audit_log: AuditLog | None = None
    audit_without_keys: bool = True
    """Whether the audit log is kept even while there are no keys."""
    rate_limits: tuple[RateLimitItem, ...] = ()
    screening_limits: tuple[RateLimitItem, ...] = ()
    """Of screenings, besides the others."""
    allowed_hosts: tuple[str, ...] = LOOPBACK
    allowed_origins: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    """Names of API keys whose holders may judge identity."""

    def active_audit_log(self) -> AuditLog | None:
        """The audit log if it is kept now. Keys that cannot be read count as keys."""
        try:
            return (
                self.audit_log
                if self.audit_without_keys or self.key_ring is None or self.key_ring.is_key_required()
                else None
            )
        except KgError:
            return self.audit_log


def read_config(settings: Settings, host: str) -> ServiceConfig:
    """The configuration in the settings, for a service on a host address.

    Raises InputError for an address that others can reach while no key is valid, for a file of keys that is named and
    does not exist, or has something else than keys, and for settings that are not valid;
    StoreError if the keys cannot be read or the audit log cannot be written.
    """
    file = ApiKeyFile(settings.api_keys.expanduser())
    ring = ApiKeyRing(file)
    if "api_keys" in settings.stated and not ring.is_key_required():
        expected = "expected a file of API keys; create it with `kg keys add NAME --expires 90d`, or unset KG_API_KEYS"
        raise InputError(expected, InputLocation("environment", key="KG_API_KEYS", value=str(file.path)))
    if host not in LOOPBACK and not ring.count_valid():
        problem = f"there is no valid API key in {file.path}: create one with `kg keys add NAME --expires 90d`"
        raise InputError(f"--host {host!r}: {problem}, or serve on one of {', '.join(LOOPBACK)}")
    config = ServiceConfig(
        ring,
        _audit_log(settings),
        bool(settings.api_audit),
        _parse_rate_limits("KG_API_RATE", settings.api_rate),
        _parse_rate_limits("KG_API_SCREENING_RATE", settings.api_screening_rate),
        tuple(dict.fromkeys((*LOOPBACK, host.lower(), *_split_list(settings.api_hosts)))),
        _parse_origins(settings.api_origins),
        _parse_judges(settings.api_judges),
    )
    log = config.active_audit_log()
    if log:
        log.check()
    return config


def _audit_log(settings: Settings) -> AuditLog | None:
    if settings.api_audit == OFF:
        return None
    path = Path(settings.api_audit) if settings.api_audit else settings.api_keys.with_name("api-audit.jsonl")
    return AuditLog(path.expanduser())


def _parse_rate_limits(setting: str, text: str) -> tuple[RateLimitItem, ...]:
    try:
        return tuple(parse_many(text)) if text else ()
    except ValueError:
        expected = "expected a rate such as 1200/minute or 50/second"
        raise InputError(expected, InputLocation("environment", key=setting, value=text)) from None


def _parse_origins(text: str) -> tuple[str, ...]:
    found = _split_list(text)
    for origin in found:
        if not origin.startswith(("http://", "https://")) or origin.count("/") != 2 or "*" in origin:
            expected = "expected comma-separated origins such as https://desk.example.org"
            raise InputError(expected, InputLocation("environment", key="KG_API_ORIGINS", value=origin))
    return found


def _parse_judges(text: str) -> tuple[str, ...]:
    found = _split_list(text)
    for name in found:
        if not NAME_PATTERN.fullmatch(name):
            expected = "expected names of API keys, separated by commas, as `kg keys list` has them"
            raise InputError(expected, InputLocation("environment", key="KG_API_JUDGES", value=name))
    return found


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(part.lower() for one in text.split(",") if (part := one.strip()))
