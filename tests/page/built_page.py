"""The explorer page as `.ci/environment page` builds it."""

from __future__ import annotations

import pytest

from kg_api.page import FOLDER, INDEX


def require_page() -> None:
    """Skip the test where nobody built the page, which takes a registry of npm: all else works without it.

    Such a skip fails a run under KG_FAIL_ON_SKIP, as in `.ci/run`.
    """
    if not (FOLDER / INDEX).is_file():
        pytest.skip("the page is not built: `sh .ci/environment page` builds it")
