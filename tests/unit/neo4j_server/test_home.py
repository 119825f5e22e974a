"""What does the folder of a server hold, and for whose eyes?"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kg.errors import ServerError
from kg.neo4j_server.home import ServerHome, ServerOptions, hash_password
from kg.neo4j_server.process import ServerProcess, start_time

PLAN = ServerOptions(
    settings={"server.memory.pagecache.size": "64m", "browser.post_connect_cmd": "help"}, jvm=("-Xss1m",)
)


@pytest.fixture
def home(tmp_path: Path) -> ServerHome:
    folder = ServerHome(tmp_path / "server")
    folder.prepare(PLAN)
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_password_is_long_random_and_its_owners_alone(home: ServerHome, tmp_path: Path) -> None:
    other = ServerHome(tmp_path / "other")
    other.prepare(PLAN)
    assert len(home.password()) >= 32
    assert home.password() != other.password()
    assert mode(home.password_file) == mode(home.folder / "data" / "dbms" / "auth.ini") == 0o600


def test_the_password_stands_in_one_file_only(home: ServerHome) -> None:
    files = [path for path in home.folder.rglob("*") if path.is_file()]
    assert [path for path in files if home.password() in path.read_text(encoding="utf-8")] == [home.password_file]


def test_a_password_is_hashed_as_neo4j_admin_does() -> None:
    # Written by `neo4j-admin dbms set-initial-password secret-123`.
    salt = "a676b11fa3fe10145932948db4539578d4b97f347a603f2fd02501c0f2305952"
    digest = "2f1858ce3c5bfb2b24fe7c0e45e4cc4961fa25a29468ecdaa35dc36819d4af59"
    assert hash_password("secret-123", bytes.fromhex(salt)) == f"SHA-256,{digest},{salt},1024"


def test_a_password_without_its_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="has no password; write the server's into it"):
        ServerHome(tmp_path).password()


def test_a_plan_is_kept_as_it_was(home: ServerHome) -> None:
    assert home.options() == PLAN


def test_nothing_leaves_this_machine_and_settings_of_ones_own_come_last(home: ServerHome) -> None:
    lines = (home.conf / "neo4j.conf").read_text(encoding="utf-8").splitlines()
    found = dict(line.split("=", 1) for line in lines)
    addresses = [value for key, value in found.items() if key.endswith("_address")]
    assert {address.partition(":")[0] for address in addresses} == {"127.0.0.1"}
    assert found["internal.dbms.cypher_ip_blocklist"] == "0.0.0.0/0,::/0"
    assert found["server.memory.pagecache.size"] == "64m"
    assert found["browser.post_connect_cmd"] == "help"
    assert len(found) == len(lines)


def test_a_number_left_behind_is_nobody(home: ServerHome) -> None:
    assert home.process() is None
    home.save_process(ServerProcess(os.getpid(), "an earlier time"))
    assert home.process() is None
    this = ServerProcess(os.getpid(), str(start_time(os.getpid())))
    home.save_process(this)
    assert home.process() == this
    home.forget_process()
    assert home.process() is None
