"""Does docker-compose.yml say what the documentation says of it?

No engine runs it here: the file is read, and where an engine answers, `docker compose config` reads it too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from kg.cli import app
from kg.neo4j_server.home import ServerOptions, server_settings
from kg.neo4j_server.releases import DEFAULT_VERSION
from kg.settings import setting_names
from kg_api.__main__ import SHUTDOWN_SECONDS
from tests.house.tree import ROOT
from tests.neo4j_server import docker_answers

FILE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
DOCKERIGNORE = (ROOT / ".dockerignore").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
NEO4J = SERVICES["neo4j"]
API = SERVICES["api"]


def as_variable(setting: str) -> str:
    """A setting of neo4j.conf as the image reads it from its environment."""
    return "NEO4J_" + setting.replace("_", "__").replace(".", "_")


@pytest.mark.parametrize("name", SERVICES)
def test_every_port_is_bound_to_this_machine(name: str) -> None:
    assert [port for port in SERVICES[name].get("ports", ()) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_a_limit_of_memory_and_a_check_of_its_health(name: str) -> None:
    assert SERVICES[name]["mem_limit"]
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_named_volume_is_declared(name: str) -> None:
    named = {volume.partition(":")[0] for volume in SERVICES[name].get("volumes", ()) if not volume.startswith(".")}
    assert named <= COMPOSE["volumes"].keys()


def test_it_is_the_version_that_kg_runs_by_itself() -> None:
    assert NEO4J["image"] == f"neo4j:{DEFAULT_VERSION}-community"


def test_the_password_has_to_be_given_and_no_other_is_there() -> None:
    assert NEO4J["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")
    assert ":-" not in FILE.read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert "NEO4J_PASSWORD=" in example


def test_it_reaches_and_reports_as_little_as_the_local_server() -> None:
    own = {as_variable(key): value for key, value in server_settings(ServerOptions()).items()}
    wanted = ("internal.dbms.cypher_ip_blocklist", "dbms.usage_report.enabled", "client.allow_telemetry")
    for name in map(as_variable, wanted):
        assert NEO4J["environment"][name] == own[name]


def test_memory_for_heap_and_pages_fits_into_the_limit() -> None:
    memory = {name: value for name, value in NEO4J["environment"].items() if name.startswith("NEO4J_server_memory")}
    assert memory == {
        "NEO4J_server_memory_heap_initial__size": "1g",
        "NEO4J_server_memory_heap_max__size": "1g",
        "NEO4J_server_memory_pagecache_size": "512m",
    }
    assert NEO4J["mem_limit"] == "3g"


def test_healthy_means_that_a_query_was_answered() -> None:
    kind, command = NEO4J["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    assert command.endswith('cypher-shell --non-interactive --format plain "RETURN 1"')


def test_the_service_is_kg_serve_on_the_port_that_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    program: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, words: program.append(words))
    for command in (API["command"], _instruction("CMD")):
        assert CliRunner().invoke(app, command).exit_code == 0
    asked = program[0][program[0].index("kg_api") + 1 :]
    assert asked == ["--host", "0.0.0.0", "--port", "8100"]
    assert program[0] == program[1]
    assert _instruction("ENTRYPOINT") == ["kg"]
    assert API["ports"] == ["127.0.0.1:8100:8100"]
    assert ":8100/healthz" in " ".join(API["healthcheck"]["test"])
    assert set(API["environment"]) <= set(setting_names().values())


def test_a_stop_leaves_the_service_the_time_that_it_takes() -> None:
    assert int(API["stop_grace_period"].removesuffix("s")) > SHUTDOWN_SECONDS > 30


def test_the_image_has_what_the_wheel_is_made_of_and_no_data() -> None:
    ignored, *kept = (line for line in DOCKERIGNORE.splitlines() if line and not line.startswith("#"))
    assert ignored == "*"
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    folders = {path.partition("/")[0] for path in wheel["only-include"]}
    wanted = folders | {"pyproject.toml", "constraints.txt", "README.md", "LICENSE"}
    assert {f"!{name}" for name in wanted} == {line for line in kept if line.startswith("!")}
    assert "USER kg" in DOCKERFILE.splitlines()


def _instruction(name: str) -> list[str]:
    """The words of an instruction that is written as a list."""
    [line] = re.findall(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)
    words: list[str] = json.loads(line)
    return words


def test_docker_reads_it_where_an_engine_answers(tmp_path: Path) -> None:
    if docker_answers():
        asked = ["docker", "compose", "--file", str(FILE), "--env-file", os.devnull, "config", "--quiet"]
        without = {name: value for name, value in os.environ.items() if name != "NEO4J_PASSWORD"}
        assert subprocess.run(asked, env=without, check=False, capture_output=True).returncode != 0
        subprocess.run(asked, env=without | {"NEO4J_PASSWORD": "x" * 12}, check=True, capture_output=True)
        asked[2:2] = ["--profile", "api"]
        subprocess.run(asked, env=without | {"NEO4J_PASSWORD": "x" * 12}, check=True, capture_output=True)


def test_the_periodic_report_is_a_command_that_kg_knows_and_says_when_it_failed() -> None:
    service = SERVICES["report"]
    command = get_command(app)
    assert isinstance(command, TyperGroup)
    name, *words = service["command"]
    asked = command.commands[name].make_context(name, words).params
    assert (asked["periodic"], asked["stay"], asked["every"]) == (True, True, "week")
    assert str(asked["out"]) == "/data/reports"
    assert "/data/reports/runs.json" in " ".join(service["healthcheck"]["test"])
    assert service["volumes"] == ["kg-data:/data"]
