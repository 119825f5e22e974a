"""Does any sequence of bytes make the service fail, escape the audit log, or put what was asked into its log?"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

from tests.api.raw_requests import ask_all, mutated_requests
from tests.api.service_client import is_up_to_date, run_process, wait_until
from tests.stores import link, load, node

REQUESTS = int(os.environ.get("KG_TEST_REQUESTS", "600"))
"""How many are sent; CONTRIBUTING.md names the command for 10,000."""

SEED = 20_260_101


def test_no_mutated_request_makes_the_service_fail_or_escapes_the_audit_log(tmp_path: Path) -> None:
    path, audit = tmp_path / "graph.sqlite", tmp_path / "audit.jsonl"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    settings = {
        "KG_STORE": f"embedded:{path}",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "KG_VIEW_CACHE": str(tmp_path / "views"),
        "KG_API_AUDIT": str(audit),
        "KG_API_RATE": "",
    }
    with run_process(settings) as process:
        wait_until(lambda: is_up_to_date(process.client))
        replies = asyncio.run(ask_all(process.client.port, list(mutated_requests(REQUESTS, SEED))))
        wait_until(lambda: "kg_requests_running 1.0" in process.client.get("/metrics").body.decode())
        metrics = process.client.get("/metrics").body.decode()
        assert process.client.get("/v1/entities", q="ann").status == 200
        process.ask_to_end()
        process.wait()
    statuses = Counter(reply.status for reply in replies)
    figures = f"{REQUESTS} requests with seed {SEED}: {dict(sorted(statuses.items()))}; log {len(process.log)} bytes"
    sys.stdout.write(figures)
    failed = [reply for reply in replies if reply.status >= 500]
    assert [(reply.sent[:300], reply.received[-300:]) for reply in failed] == []
    assert re.findall(r'^kg_requests_total\{.*route="(?!/readyz).*status="5.*$', metrics, re.MULTILINE) == []
    assert {200, 400, 404, 422} <= statuses.keys()
    lines = [json.loads(line) for line in audit.read_bytes().splitlines()]
    logged = {line["request"] for line in lines if line["event"] == "answered"}
    sent_to_graph = [reply for reply in replies if re.match(rb"[A-Z]+ /v1/[^ ]* HTTP/1.[01]\r\n", reply.sent)]
    left_out = sum(line["left_out"] for line in lines if line["event"] == "left out")
    missing = [one for one in map(_request_id, (r.received for r in sent_to_graph)) if one and one not in logged]
    assert len(missing) <= left_out
    assert len(logged) > len(replies) / 4
    assert "exception" not in process.log
    assert not re.search(r"\bann\b|yacht|example|kg_A", process.log)
    assert "kg_" + "A" * 16 not in audit.read_text(encoding="utf-8")


def _request_id(received: bytes) -> str:
    found = re.search(rb"\r\nx-request-id: ([^\r]+)", received, re.IGNORECASE)
    return found[1].decode() if found else ""
