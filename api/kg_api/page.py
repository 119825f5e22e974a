"""The explorer page: files that were built from api/page, and the policy that a browser holds them to."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from kg.errors import NotFound

FOLDER = Path(__file__).resolve().parent / "_page"
INDEX = "index.html"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "font-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types kg",
    )
)
"""What the page may load and do: its own files and this service, nothing else, and no text becomes markup."""

PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}
NAMED_BY_CONTENT = re.compile(r"\w+\.[0-9a-f]{12}\.\w+")
"""Files whose names change with what is in them may be kept; the page, its icon and the licences keep their names."""

router = APIRouter(include_in_schema=False)


@cache
def page_files(folder: Path = FOLDER) -> Mapping[str, bytes]:
    """Every file of the page by its name; none where it was not built."""
    names = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    return {name: (folder / name).read_bytes() for name in names if not name.startswith(".")}


def is_page_address(path: str) -> bool:
    """Whether a file of the page is asked for: the same for everybody, it says nothing about anybody."""
    return path == "/" or path.startswith("/page/")


@router.get("/")
async def show_page() -> Response:
    """The page itself."""
    return _file(INDEX, {})


@router.get("/page/{name}")
async def get_page_file(name: str) -> Response:
    """A script, a style or the licences of the page."""
    return _file(name, LASTING if NAMED_BY_CONTENT.fullmatch(name) else {})


def _file(name: str, headers: Mapping[str, str]) -> Response:
    files = page_files()
    if not files:
        raise NotFound("the page was not made with this service: run `make demo` where its source is")
    if name not in files:
        raise NotFound("the page has no such file")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(files[name], headers={**PAGE_HEADERS, **headers}, media_type=kind)
