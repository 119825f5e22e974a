"""Finds the notices in saved documents, and the fullest copy of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from kg.records import Reject
from kg.sources.files.json_objects import ResultPages, read_objects
from kg.sources.rows import MAX_KEY, Progress, SourceRow, as_object, ignore_progress, key_problem

MAX_SHOWN = 160
"""The most notices of one search that the service shows."""

_ADDRESS = re.compile(r"/notices/v[0-9]+/([a-z]+)/([^/?#]+)")
"""Colour and id in the address of a notice; the id has a hyphen there in place of its slash."""


class SavedNotice(NamedTuple):
    """One copy of a notice."""

    row: SourceRow
    data: dict[str, Any]
    number: str
    is_detailed: bool
    """Whether it is a document of its own, and not a line of a page of search results."""
    listed: tuple[dict[str, Any], ...] = ()
    """The lines of pages of search results with the notice, beside its document."""


class NoticeFiles:
    """The notices of some files. Reading twice tells the copy of each that counts: the last detailed one."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._best: dict[str, tuple[bool, int]] = {}
        self._listed: dict[str, list[dict[str, Any]]] = {}
        for position, found in enumerate(self._read(ignore_progress)):
            if isinstance(found, SavedNotice):
                self._best[found.number] = max(self._best.get(found.number, (False, -1)), (found.is_detailed, position))
                if not found.is_detailed:
                    self._listed.setdefault(found.number, []).append(found.data)

    def notices(self, progress: Progress) -> Iterator[SavedNotice | Reject]:
        """The copy of each notice that counts, in the order of the files, and every reject.

        At the end, a remark for each search of which the files do not have all results.
        """
        pages = ResultPages(
            f"a page is missing, or the rest was not shown: the service shows at most {MAX_SHOWN} of a search"
        )
        for position, found in enumerate(self._read(progress, pages)):
            if isinstance(found, Reject):
                yield found
            elif self._best[found.number] == (found.is_detailed, position):
                listed = self._listed.get(found.number, ()) if found.is_detailed else ()
                yield found._replace(listed=tuple(listed))
        yield from pages.missing()

    def _read(self, progress: Progress, pages: ResultPages | None = None) -> Iterator[SavedNotice | Reject]:
        for row in (row for path in self._files for row in read_objects(path, progress)):
            data = row.parse_object()
            if isinstance(data, Reject):
                yield data
                continue
            listed = as_object(data.get("_embedded")).get("notices")
            if not isinstance(listed, list):
                yield _parse_notice(row, data, is_detailed=True)
                continue
            lines = [SourceRow(row.file, row.line, orjson.dumps(notice)) for notice in listed]
            found = [
                _parse_notice(line, notice, is_detailed=False)
                if isinstance(notice, dict)
                else line.reject("expected a notice, a JSON object")
                for line, notice in zip(lines, listed, strict=True)
            ]
            if pages:
                terms = {k: v for k, v in as_object(data.get("query")).items() if k not in ("page", "resultPerPage")}
                search = orjson.dumps(terms, option=orjson.OPT_SORT_KEYS).decode()
                numbers = [notice.number for notice in found if isinstance(notice, SavedNotice)]
                pages.add(row, data.get("total"), numbers, of=search)
            yield from found


def _parse_notice(row: SourceRow, data: dict[str, Any], *, is_detailed: bool) -> SavedNotice | Reject:
    address = as_object(as_object(data.get("_links")).get("self")).get("href")
    found = _ADDRESS.search(address) if isinstance(address, str) else None
    if found and found[1] != "red":
        return row.reject(f"key _links.self.href, value {address!r:.120}: is a {found[1]} notice; expected a red one")
    number = data.get("entity_id")
    if number is None and found:
        number = found[2].replace("-", "/", 1)
    if number is None:
        return row.reject("expected a notice with entity_id, or a page of notices with _embedded.notices")
    if key_problem(number) or len(number) > MAX_KEY // 2:
        return row.reject(f"key entity_id, value {number!r:.80}: expected an id such as 2026/12345")
    written = re.fullmatch(r"([0-9]{4})-([0-9]+)", number.strip())
    return SavedNotice(row, data, f"{written[1]}/{written[2]}" if written else number.strip(), is_detailed)
