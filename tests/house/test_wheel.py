"""Does kg work where it is installed, away from the checkout?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from kg_api.page import page_files
from tests.house.tree import ROOT, project_files, relative_path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(*_pip(), "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a clean environment with the wheel in it.

    Its dependencies are those of the running environment, reached by a path. `.pth` files behind such a path are not
    read, so the editable install, which is one, stays out of sight.
    """
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=False, symlinks=True)
    interpreter = folder / "bin" / "python"
    _run(*_pip(), "--python", interpreter, "install", "--no-deps", "--no-index", wheel)
    [site_packages] = folder.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return interpreter


def test_the_wheel_holds_the_package_and_its_files_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"kg", "kg_api"}
    own = [relative_path(path) for path in project_files()]
    assert _below("kg/_data/graph/", names) == _below("graph/", own)
    assert _below("kg/_data/cypher/", names) == _below("cypher/", own)
    assert {name for name in _below("kg/", names) if not name.startswith("_data/")} == _below("src/kg/", own)
    assert {name for name in _below("kg_api/", names) if not name.startswith("_page/")} == _below("api/kg_api/", own)
    assert {name.removeprefix("_page/") for name in _below("kg_api/_page/", names)} == set(page_files())


def test_it_runs_from_its_own_files(python: Path, tmp_path: Path) -> None:
    code = "import kg, kg.resources as r; print(kg.__file__, r.data_dir('graph'), r.checkout_dir(), sep='\\n')"
    module, data, checkout = _run(python, "-c", code, cwd=tmp_path).splitlines()
    environment = python.parent.parent
    assert Path(module).is_relative_to(environment)
    assert Path(data).is_relative_to(environment)
    assert checkout == "None"


def test_its_command_says_its_version(python: Path, tmp_path: Path) -> None:
    assert "0.1.0" in _run(python.parent / "kg", "--version", cwd=tmp_path)


def test_the_service_is_in_it(python: Path, tmp_path: Path) -> None:
    assert "0.1.0" in _run(python.parent / "kg-api", "--version", cwd=tmp_path)


def test_its_command_shows_the_whole_ontology(python: Path, tmp_path: Path) -> None:
    installed = _run(python.parent / "kg", "ref", "--json", cwd=tmp_path)
    checkout = _run(sys.executable, "-m", "kg", "ref", "--json", cwd=tmp_path)
    assert json.loads(installed) == json.loads(checkout)


def _pip() -> list[str]:
    return [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def _run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What the command prints; its errors in the test's failure when it fails."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KG_", "PYTHON"))}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _below(prefix: str, names: list[str]) -> set[str]:
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix) and not name.endswith("/")}
