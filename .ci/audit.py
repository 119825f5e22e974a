"""Have the packages of constraints.txt known holes?

Compares them, and the lower bounds of pyproject.toml, with advisories.toml, which needs no network; then asks the
advisory service with pip-audit, and says so if it does not answer or does not know a package.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
"""How long pip-audit may take; each of its requests has 5 seconds."""


def main() -> int:
    """Print what was found; 1 if anything was."""
    pins = [Requirement(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if is_pin(line)]
    found = [*known_holes(pins), *known_holes(lower_bounds())]
    print(f"advisories.toml: {len(pins)} pins compared, {len(found)} with a known hole")
    reported, said = ask_service()
    print(f"advisory service: {said}")
    for line in (*found, *reported):
        print(line)
    return int(bool(found or reported))


def is_pin(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def lower_bounds() -> list[Requirement]:
    """The requirements of the project, extras included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = (project["dependencies"], *project["optional-dependencies"].values())
    return [Requirement(text) for group in groups for text in group]


def known_holes(requirements: list[Requirement]) -> Iterator[str]:
    """The requirements that allow a version with a hole."""
    for hole in tomllib.loads((ROOT / ".ci" / "advisories.toml").read_text())["hole"]:
        for requirement in requirements:
            lowest = [Version(s.version) for s in requirement.specifier if s.operator in {"==", ">="}]
            if normal(requirement.name) == hole["package"] and lowest and max(lowest) < Version(hole["fixed"]):
                yield f"{requirement}: {hole['advisory']}, fixed in {hole['fixed']}"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def ask_service() -> tuple[list[str], str]:
    """What pip-audit reports, and how many packages it could ask about."""
    options = ("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "5")
    command = [sys.executable, "-m", "pip_audit", "--requirement", "constraints.txt", *options]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return [], "COULD NOT BE ASKED; only advisories.toml was compared"
    asked = [package for package in packages if "vulns" in package]
    reported = [f"{p['name']} {p['version']}: {hole['id']}" for p in asked for hole in p["vulns"]]
    missing = len(packages) - len(asked)
    said = f"{len(asked)} of {len(packages)} packages asked about, {len(reported)} known holes"
    return reported, f"{said}; {missing} COULD NOT BE ASKED ABOUT" if missing else said


if __name__ == "__main__":
    sys.exit(main())
