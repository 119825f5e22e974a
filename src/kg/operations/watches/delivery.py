"""Sends news by mail and to webhooks."""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import orjson

from kg.errors import DeliveryError
from kg.findings.counts import plural
from kg.operations.watches.watch_list import WatchReceiver, is_loopback
from kg.reports.cluster_report.changes import ChangeItem

RETRY_SECONDS = (1.0, 4.0)
"""How long to wait before each further attempt to reach a webhook."""

TIMEOUT_SECONDS = 20.0
SIGNATURE_HEADER = "Kg-Signature"
DELIVERY_HEADER = "Kg-Delivery"


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """How mail is sent, and how calls of webhooks are signed."""

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    """As KG_SMTP_SECURITY: starttls, ssl or none."""
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    webhook_secret: str = ""

    def __repr__(self) -> str:
        return f"DeliverySettings(smtp_host={self.smtp_host!r}, …)"


@dataclass(frozen=True, slots=True)
class WatchNews:
    """What changed about one watched thing, for one receiver."""

    id: str
    """The same for the same news, so that a receiver can tell a repeated delivery."""
    watch: int
    title: str
    since: str
    """The day up to which the receiver had been told."""
    day: str
    version: str
    items: tuple[ChangeItem, ...]

    def to_json(self) -> bytes:
        """The body that a webhook gets."""
        head = {name: getattr(self, name) for name in ("id", "watch", "title", "since", "day", "version")}
        return orjson.dumps({"kind": "kg-watch", **head, "changes": self.items})

    def lines(self) -> list[str]:
        """The news for a person, a line each."""
        found = []
        for item in self.items:
            days = ", ".join(filter(None, (f"on {item.on}" if item.on else "", f"recorded {item.recorded}")))
            sources = ", ".join(source.title or source.name for source in item.sources)
            found.append(f"- {item.what}: {item.text}" + (f" ({days})" if item.recorded else ""))
            found += [f"    {line}" for line in (*item.effects, *item.notes)]
            found += [f"    source: {sources}"] if sources else []
        return found


def deliver(
    news: WatchNews,
    receiver: WatchReceiver,
    settings: DeliverySettings,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Send news to one receiver. Raises DeliveryError, without any secret, where they do not take it."""
    if receiver.is_webhook:
        _post(news, receiver.address, settings.webhook_secret, pause)
    else:
        _mail(news, receiver.address, settings)


def sign(secret: str, moment: int, body: bytes) -> str:
    """The value of the signature header: the moment, and the HMAC-SHA256 of moment, full stop and body."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _post(news: WatchNews, address: str, secret: str, pause: Callable[[float], None]) -> None:
    if not secret:
        raise DeliveryError("KG_WEBHOOK_SECRET is not set, with which calls of webhooks are signed")
    problem = ""
    for wait in (*RETRY_SECONDS, None):
        status, problem = _post_once(news, address, secret)
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise DeliveryError(f"it answered {status}; redirects are not followed")
        if 400 <= status < 500 and status not in (408, 425, 429):
            break
        if wait is not None:
            pause(wait)
    raise DeliveryError(problem)


def _post_once(news: WatchNews, address: str, secret: str) -> tuple[int, str]:
    """One attempt; the status, 0 if there was no answer, and what it means."""
    parts, body = urlsplit(address), news.to_json()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "kg",
        DELIVERY_HEADER: news.id,
        SIGNATURE_HEADER: sign(secret, int(time.time()), body),
    }
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        return status, f"it answered {status}"
    except (OSError, HTTPException) as error:
        return 0, f"it cannot be reached: {_describe(error)}"
    finally:
        connection.close()


def _mail(news: WatchNews, address: str, settings: DeliverySettings) -> None:
    message = _message(news, address, settings)
    try:
        with _smtp(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(f"{settings.smtp_host} refused KG_SMTP_USER or its password ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused:
        raise DeliveryError(f"{settings.smtp_host} refused the address") from None
    except smtplib.SMTPNotSupportedError:
        raise DeliveryError(f"{settings.smtp_host} offers no STARTTLS, or no login; nothing was sent") from None
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(f"{settings.smtp_host}: {_describe(error)}") from None


def _smtp(settings: DeliverySettings) -> smtplib.SMTP:
    """A connection to the mail server, encrypted unless it is this machine and the settings say so."""
    if not settings.smtp_host or not settings.smtp_from:
        raise DeliveryError("KG_SMTP_HOST and KG_SMTP_FROM are not set, with which mail is sent")
    host, port, context = settings.smtp_host, settings.smtp_port, ssl.create_default_context()
    if settings.smtp_security == "none" and not is_loopback(host):
        raise DeliveryError("KG_SMTP_SECURITY is none, which is only for a mail server on this machine")
    if settings.smtp_security == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _message(news: WatchNews, address: str, settings: DeliverySettings) -> EmailMessage:
    message = EmailMessage()
    count = plural(len(news.items), "changes")
    message["Subject"] = " ".join(f"kg: {count}: {news.title}".split())[:200]
    message["From"], message["To"], message["Date"] = settings.smtp_from, address, formatdate(usegmt=True)
    message["Message-ID"] = f"<{news.id}@kg.invalid>"
    message[DELIVERY_HEADER] = news.id
    about = f"{news.title}: {count} since {news.since}"
    foot = f"Watch {news.watch}, graph {news.version}. Each line is what its sources say; an allegation is no finding."
    message.set_content("\n".join((about, "", *news.lines(), "", foot, "")))
    return message


def _describe(error: Exception) -> str:
    """What went wrong in a few words, on one line."""
    return " ".join(str(getattr(error, "strerror", "") or str(error) or type(error).__name__).split())[:200]
