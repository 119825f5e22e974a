"""Which files are the project's own?"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GIT_LS_FILES = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
NOT_OURS = re.compile(r"(^|/)(\.(?!ci/)[^/]*|__pycache__|build|dist|out)/")


def project_files() -> list[Path]:
    """Every file that is committed or could be; without git to ask, all outside caches and products."""
    paths = _files_by_git() if shutil.which("git") and (ROOT / ".git").exists() else None
    return sorted(path for path in (_files_on_disk() if paths is None else paths) if path.is_file())


def _files_by_git() -> set[Path] | None:
    """Tracked files, and others that are not ignored; None when git declines, as in the folder of another user."""
    listed = subprocess.run(GIT_LS_FILES, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        return None
    return {ROOT / name for name in listed.stdout.decode().split("\0") if name}


def _files_on_disk() -> set[Path]:
    return {path for path in ROOT.rglob("*") if not NOT_OURS.search(relative_path(path))}


def python_files(*folders: str) -> list[Path]:
    """Every module under these folders of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def relative_path(path: Path) -> str:
    """The path as a reader of the project writes it."""
    return path.relative_to(ROOT).as_posix()
