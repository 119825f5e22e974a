"""Do mail and webhooks reach a server whose certificate is trusted, encrypted, and no other server?"""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from kg.errors import DeliveryError
from kg.findings import LedgerPosition
from kg.operations.watches.delivery import DeliverySettings, WatchNews, deliver
from kg.operations.watches.watch_list import WatchReceiver
from kg.reports.cluster_report.changes import ChangeItem
from tests.receivers import Received, mail_server, webhook

NEWS = WatchNews("id", 1, "Ann Example", "2024-06-01", "2024-06-10", "v@1", (ChangeItem("came", "Bob Example"),))
PASSWORD = "invented password"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def tell(address: str, mail: Received | None = None, security: str = "") -> None:
    settings = DeliverySettings(
        smtp_host="127.0.0.1",
        smtp_port=mail.port if mail else 0,
        smtp_security=security,
        smtp_user="kg",
        smtp_password=PASSWORD,
        smtp_from="kg@desk.example",
        webhook_secret="invented secret",
    )
    deliver(NEWS, WatchReceiver(address, LedgerPosition(0, 0, ()), "2024-06-01"), settings, lambda seconds: None)


@pytest.mark.usefixtures("trusted")
def test_a_webhook_over_https_gets_the_news(tls: ssl.SSLContext) -> None:
    with webhook(tls) as hook:
        tell(f"https://127.0.0.1:{hook.port}/news")
    ((path, headers, body),) = hook.calls
    assert (path, headers["kg-delivery"]) == ("/news", "id") and b"Bob Example" in body


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_mail_and_password_go_over_an_encrypted_connection(tls: ssl.SSLContext, security: str) -> None:
    with mail_server(tls, starttls=security == "starttls") as post:
        tell("desk@desk.example", post, security)
    ((to, content),) = post.mails
    assert to == "desk@desk.example" and b"Bob Example" in content
    words = [command.split()[0].upper() for command in post.commands]
    assert words.index("AUTH") < words.index("MAIL")
    assert security == "ssl" or words.index("STARTTLS") < words.index("AUTH")


def test_a_webhook_whose_certificate_is_not_trusted_gets_nothing(tls: ssl.SSLContext) -> None:
    with webhook(tls) as hook, pytest.raises(DeliveryError, match=r"it cannot be reached: .*certificate verify failed"):
        tell(f"https://127.0.0.1:{hook.port}/news")
    assert not hook.calls


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_mail_server_whose_certificate_is_not_trusted_gets_nothing(tls: ssl.SSLContext, security: str) -> None:
    with (
        mail_server(tls, starttls=security == "starttls") as post,
        pytest.raises(DeliveryError, match=r"127\.0\.0\.1: .*certificate verify failed"),
    ):
        tell("desk@desk.example", post, security)
    assert not post.mails and not {"AUTH", "MAIL"} & {command.split()[0].upper() for command in post.commands}
