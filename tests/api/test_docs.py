"""Does the page about the service say what is there, and do its lines work word for word?"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kg.operations import Workspace
from tests.api.service_client import ServiceClient, run_service
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^curl .*$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(Path(shutil.copy(demo_store, tmp_path_factory.mktemp("demo"))))) as client:
        yield client


def test_every_operation_stands_in_the_table_of_the_page(client: ServiceClient) -> None:
    described = client.get("/openapi.json").data["paths"]
    operations = [
        (method.upper(), path, operation["operationId"])
        for path, methods in described.items()
        for method, operation in methods.items()
    ]
    assert sorted(re.findall(r"^\| `(\w+) (/\S+)` \| `(\w+)` \|", PAGE, re.MULTILINE)) == sorted(operations)


def test_there_are_lines_to_paste() -> None:
    assert len(LINES) >= 7


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_page_is_answered(client: ServiceClient, line: str, tmp_path: Path) -> None:
    said = run(line, client.port, tmp_path)
    if "-OJ" in line:
        assert [file.read_bytes()[:5] for file in tmp_path.glob("*.graphml")] == [b"<?xml"]
        return
    answer = json.loads(said)
    keys = ("entities", "entity", "links", "paths", "clusters", "nodes", "routes", "gaps")
    assert any(answer.get(key) for key in keys)


def test_a_stranger_comes_as_far_as_the_readme_says(tmp_path: Path, demo_store: Path) -> None:
    """Word for word, in a folder where `make demo` was; only the port is another, for this one may be taken."""
    [lines] = re.findall(r"## Over HTTP\n.*?```\n(.*?)```", README, re.DOTALL)
    (tmp_path / "kg-demo").mkdir()
    shutil.copy(demo_store, tmp_path / "kg-demo")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"KG_VIEW_CACHE": str(tmp_path / "views")}
    *answers, said = run(lines, port, tmp_path, environment).splitlines()
    alive, ready, found, paths, asked = map(json.loads, answers)
    assert said == "Key of ann revoked"
    assert (alive["status"], ready["status"]) == ("alive", "ready")
    assert found["entities"][0]["caption"] == "387 Quillwater Lane, Oxbow Heights"
    assert (paths["found"], paths["paths"][0]["kind"]) == (True, "holding")
    assert asked["ranking"] == "shortest"
    log = [
        json.loads(line) for line in (tmp_path / "kg-demo" / "api-audit.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    answered = [line for line in log if line["event"] == "answered"]
    assert [(line["key"], line["operation"], line["case"], line["status"]) for line in answered] == [
        ("ann", "searchEntities", "", 200),
        ("ann", "getPaths", "", 200),
        ("ann", "findPaths", "2026/17", 200),
    ]
    assert json.loads((tmp_path / "kg-demo" / "keys").read_text(encoding="utf-8"))["keys"][0]["revoked"]


def run(lines: str, port: int, folder: Path, settings: Mapping[str, str] | None = None) -> str:
    """What lines of shell print, one answer a line, on this port instead of 8100."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    script = re.sub(r"^(curl .*)$", r"\1; echo", lines.replace("8100", str(port)), flags=re.MULTILINE)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    environment.update(settings or {})
    with subprocess.Popen(
        ["bash", "-euc", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            printed, said = shell.communicate(timeout=300)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)  # whatever it left running
    assert shell.returncode == 0, said
    return "".join(f"{line}\n" for line in printed.splitlines() if line)
