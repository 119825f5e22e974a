"""How does a page become a PDF? By a browser that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from kg.errors import InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""What the program is called, on the PATH."""

NO_BROWSER = "a PDF is printed by Chromium or Chrome, and none is installed; leave out pdf and print the HTML file"
SECONDS = 180
_FLAGS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-first-run",
    "--no-pdf-header-footer",
)


def find_browser() -> str:
    """The program that prints. Raises InputError where there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise InputError(NO_BROWSER)
    return found


def print_pdf(page: Path) -> bytes:
    """A page of ours, on paper. Raises InputError where the browser fails, or there is none."""
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="kg-pdf-") as folder:
        target = Path(folder, "page.pdf")
        # Its sandbox refuses the superuser; the page is ours and runs no script.
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
        flags = (*_FLAGS, *sandbox, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}")
        try:
            subprocess.run(
                [browser, *flags, page.absolute().as_uri()],
                check=True,
                capture_output=True,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
            )
            return target.read_bytes()
        except subprocess.TimeoutExpired:
            raise InputError(f"{browser} did not print {page} within {SECONDS} seconds") from None
        except (OSError, subprocess.CalledProcessError) as error:
            raise InputError(f"{browser} cannot print {page}: {error}") from None
