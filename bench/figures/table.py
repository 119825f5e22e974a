"""How are the figures of a phase shown, and which were aimed at?"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Figures = dict[str, float]

PHASES = ("load", "reload", "delta", "view", "search", "path")


class Row(NamedTuple):
    """One line of the table."""

    what: str
    figure: str
    range: str
    peak: str
    target: str


def rows(phase: str, found: Sequence[Figures], first: float) -> Iterator[Row]:
    """The lines of one phase; `first` is how many seconds the first load took."""
    yield from _ROWS[phase](found, first)


def _load(found: Sequence[Figures], _: float) -> Iterator[Row]:
    records = found[0]["records"]
    rates = [f["records"] / f["seconds"] for f in found]
    shown = f"{_seconds(found)}; {statistics.median(rates):,.0f} records/s"
    yield Row(f"first load, {records:,.0f} records", shown, _range(found), _peak(found), "20,000 records/s; 600 MiB")
    size = found[0]["bytes"]
    yield Row("store on disk", f"{size / 2**20:,.0f} MiB", f"{size / records:,.0f} bytes a record", "", "stated")


def _reload(found: Sequence[Figures], first: float) -> Iterator[Row]:
    times = first / statistics.median(f["seconds"] for f in found)
    what = f"reload, {found[0]['touched']:,.0f} records came or went"
    yield Row(what, f"{_seconds(found)}; {times:.1f} × as fast", _range(found), _peak(found), "6 ×")


def _delta(found: Sequence[Figures], _: float) -> Iterator[Row]:
    what = f"delta of 1,000 changes, {found[0]['records']:,.0f} records"
    yield Row(what, _seconds(found), _range(found), _peak(found), "3 s at m")


def _view(found: Sequence[Figures], _: float) -> Iterator[Row]:
    yield Row("view with shares and dates", _seconds(found), _range(found), _peak(found), "15 s, 1,024 MiB at m")


def _search(found: Sequence[Figures], _: float) -> Iterator[Row]:
    yield _quantiles("search by name", found, "", "20 ms (95 %) at m")


def _path(found: Sequence[Figures], _: float) -> Iterator[Row]:
    yield _quantiles("shortest path", found, "", "5 ms (95 %) at m")
    if "peer_p95" in found[0]:
        yield _quantiles("the same in NetworkX", found, "peer_", "")


def _quantiles(what: str, found: Sequence[Figures], prefix: str, target: str) -> Row:
    median, p95, slowest = (
        1000 * statistics.median(f[prefix + name] for f in found) for name in ("median", "p95", "slowest")
    )
    shown = f"{p95:.2f} ms (95 %)"
    return Row(what, shown, f"median {median:.2f} ms, slowest {slowest:.2f} ms", _peak(found), target)


def _seconds(found: Sequence[Figures]) -> str:
    return f"{statistics.median(f['seconds'] for f in found):.2f} s"


def _range(found: Sequence[Figures]) -> str:
    times = [f["seconds"] for f in found]
    return f"{min(times):.2f} to {max(times):.2f} s, {len(times)} run{'s' * (len(times) > 1)}"


def _peak(found: Sequence[Figures]) -> str:
    return f"{max(f['peak'] for f in found) / 1024:,.0f} MiB"


_ROWS: dict[str, Callable[[Sequence[Figures], float], Iterator[Row]]] = {
    "load": _load,
    "reload": _reload,
    "delta": _delta,
    "view": _view,
    "search": _search,
    "path": _path,
}
