"""Which exact versions do we develop with?

Resolves the project with its extras for every supported Python, without installing anything, and writes
constraints.txt: one pin a line, an environment marker where the Pythons differ, no addresses.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
PROJECT = "kg-investigations"
HEADER = """\
# Made by `make constraints`: what is installed for development, on Python {pythons}.
# Names and versions only; where packages come from is the business of your pip.
"""

Pins = dict[str, str]


def main() -> None:
    """Write constraints.txt anew, or say which Python is missing."""
    resolved = {python: resolve(python) for python in PYTHONS}
    names = sorted({name for pins in resolved.values() for name in pins})
    lines = [line for name in names for line in pin_lines(name, resolved)]
    text = HEADER.format(pythons=", ".join(PYTHONS)) + "\n".join(lines) + "\n"
    (ROOT / "constraints.txt").write_text(text, encoding="utf-8")
    print(f"constraints.txt: {len(names)} packages pinned")


def resolve(python: str) -> Pins:
    """What pip would install on this Python, project excluded."""
    found = find_python(python)
    print(f"Resolving for Python {python} …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        run([found, "-m", "venv", folder])
        pip = [str(Path(folder, "bin", "python")), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        report = str(Path(folder, "report.json"))
        wanted = f"{ROOT}[dev,bench,neo4j-local,page,parquet,lake,spark,sail]"
        run([*pip, "install", "--dry-run", "--ignore-installed", "--report", report, wanted])
        return read_report(Path(report))


def find_python(python: str) -> str:
    """The path of `pythonX.Y`, tried out: a version manager's shim may stand in for a Python that is not there."""
    found = shutil.which(f"python{python}")
    if found is None or subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode:
        sys.exit(f"python{python} is not on the PATH; install it to remake constraints.txt")
    return found


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def read_report(path: Path) -> Pins:
    report = json.loads(path.read_text(encoding="utf-8"))
    found = (item["metadata"] for item in report["install"])
    pins = {normal_name(meta["name"]): str(meta["version"]) for meta in found}
    pins.pop(PROJECT)
    return pins


def normal_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pin_lines(name: str, resolved: dict[str, Pins]) -> list[str]:
    """One line, or one for each run of Pythons that agree; the last run is open, for Pythons newer than these."""
    runs: list[tuple[str, str]] = []  # (first Python, version), in the order of PYTHONS
    for python in PYTHONS:
        version = resolved[python].get(name)
        if version is not None and (not runs or runs[-1][1] != version):
            runs.append((python, version))
    starts = [first for first, _ in runs]
    return [f"{name}=={version}{marker(starts, i)}" for i, (_, version) in enumerate(runs)]


def marker(starts: list[str], i: int) -> str:
    bounds = [f'python_version >= "{starts[i]}"'] if i > 0 else []
    if i + 1 < len(starts):
        bounds.append(f'python_version < "{starts[i + 1]}"')
    return f" ; {' and '.join(bounds)}" if bounds else ""


if __name__ == "__main__":
    main()
