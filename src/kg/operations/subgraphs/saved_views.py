"""Which views has somebody saved by name? They lie in a folder beside the store, a file each, for their owner alone."""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
from pydantic import ValidationError

from kg.errors import NotFound, QuestionError, StoreError
from kg.files import PRIVATE, lock_file, write_atomically
from kg.operations.answers.views import SavedViewAnswer, SavedViewOut, SavedViewsAnswer, ViewContent
from kg.operations.workspace import Workspace
from kg.records import ID_LENGTH

MAX_VIEWS, MAX_NAME = 200, 100
"""Views of one owner, and characters of a name."""

NOBODY = "_"
"""The folder of views where nobody has a key: no key is named so."""


class SavedViews:
    """The saved views of one owner in one scope: `owner` is the name of an API key, or nothing where there are none.

    Every method raises StoreError for files that cannot be read or written.
    """

    def __init__(self, workspace: Workspace, owner: str) -> None:
        scope = "protected" if workspace.protected else "open"
        self._folder = workspace.views_folder / scope / (owner or NOBODY)

    def list_all(self) -> SavedViewsAnswer:
        """All of them, by name."""
        with self._telling(self._folder):
            paths = sorted(self._folder.glob("*.json"))
        found = sorted((self._read(path).in_short for path in paths), key=lambda one: one.name)
        return SavedViewsAnswer(views=found)

    def get(self, view_id: str) -> SavedViewAnswer:
        """One of them. Raises NotFound."""
        return self._read(self._path(view_id))

    def save(self, name: str, view: ViewContent) -> SavedViewAnswer:
        """Save a view under a name, in place of the one that had it. Raises QuestionError for too many, or a name."""
        clean = unicodedata.normalize("NFC", name).strip()
        if not clean or len(clean) > MAX_NAME or not clean.isprintable():
            raise QuestionError("name", name, f"expected 1 to {MAX_NAME} characters that can be printed")
        path = self._folder / f"{_view_id(clean)}.json"
        saved = datetime.now(UTC).isoformat(timespec="seconds")
        with self._telling(path):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with lock_file(self._folder / ".lock"):
                if not path.exists() and len(list(self._folder.glob("*.json"))) >= MAX_VIEWS:
                    raise QuestionError("name", name, f"expected at most {MAX_VIEWS} saved views: delete one")
                content = {"name": clean, "saved": saved, "view": view.model_dump(by_alias=True)}
                write_atomically(path, orjson.dumps(content), PRIVATE)
        return _answer(clean, saved, view)

    def delete(self, view_id: str) -> None:
        """Delete one of them. Raises NotFound."""
        path = self._path(view_id)
        with self._telling(path):
            path.unlink(missing_ok=True)

    def _path(self, view_id: str) -> Path:
        path = self._folder / f"{view_id}.json"
        is_id = len(view_id) == ID_LENGTH and view_id.isascii() and view_id.isalnum()
        with self._telling(path):
            if is_id and path.is_file():
                return path
        raise NotFound("you have saved no such view").with_field("id", view_id, "expected the id of a view you saved")

    def _read(self, path: Path) -> SavedViewAnswer:
        with self._telling(path):
            content = path.read_bytes()
        try:
            found = orjson.loads(content)
            view = ViewContent.model_validate({"links": 0} | found["view"])
            return _answer(str(found["name"]), str(found["saved"]), view)
        except (ValueError, TypeError, KeyError, ValidationError):
            raise StoreError(f"{path}: expected a view as the service saves it; remove the file") from None

    @contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"{path}: {error.strerror}; saved views cannot be read or written") from None


def _answer(name: str, saved: str, view: ViewContent) -> SavedViewAnswer:
    short = SavedViewOut(id=_view_id(name), name=name, saved=saved, nodes=len(view.nodes))
    return SavedViewAnswer(in_short=short, view=view)


def _view_id(name: str) -> str:
    """An id in the form of all ids: no name stands in an address."""
    return b32encode(hashlib.sha256(name.encode()).digest()).decode().lower()[:ID_LENGTH]
