"""How do the headline figures look drawn?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from kg.reports.cluster_report.model import KeyFigures, NamedCount
from kg.reports.drawing.svg import Labels, inline, shortened
from kg.reports.entries import ValueTotal
from kg.reports.phrases import counted, plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_BARS = 15
MIN_YEARS = 8
"""Room for so many, so that a single year is no wall."""

BLUE, SKY, INK, RULE = "#0072B2", "#9CCBE8", "#1b1f24", "#c9ced6"
"""Blue and light blue of Okabe and Ito, told apart by lightness: in print and by colour-blind readers too."""

STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kg",
    "font.family": ["DejaVu Sans"],
    "font.size": 10.0,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
}
WIDTH = 4.8
"""Inches. Drawn narrow, so that text stays readable when the chart is as wide as a phone."""

ROW = 0.26
"""Height of a bar with the space around it."""

LETTER = 6.2 / 72
"""Width of a letter, about, on the generous side."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing, with what it shows in words and as rows of a table."""

    name: str
    """Part of the ids inside the drawing: never a word of a source."""
    title: str
    alt: str
    rows: tuple[tuple[str, str], ...]
    svg: str


def charts(figures: KeyFigures) -> tuple[Chart, ...]:
    """A chart for each headline figure that has something to show."""
    shown = _shown(figures)
    bars = (
        ("assets-by-kind", "Assets by kind, in all clusters", figures.assets_by_kind),
        ("assets-by-jurisdiction", f"Assets by jurisdiction, {shown}", figures.assets_by_jurisdiction),
        ("sought-by-year", "People sought, by year of the earliest paper in force", figures.sought_by_year),
    )
    drawn = [_bars(name, title, counts) for name, title, counts in bars if counts]
    currencies = groupby(figures.totals, key=lambda t: t.currency)
    values = [_values(number, shown, list(totals)) for number, (_, totals) in enumerate(currencies, 1)]
    return (*drawn, *values)


def compact_number(number: Decimal) -> str:
    """`1.2 M`: three digits that count, and a letter."""
    for size, letter in ((9, "bn"), (6, "M"), (3, "k")):
        if abs(number) >= Decimal(10) ** size:
            return f"{_three(number.scaleb(-size))} {letter}"
    return _three(number)


def _bars(name: str, title: str, counts: Sequence[NamedCount]) -> Chart:
    """Years stand upright side by side, everything else lies below each other, the largest on top."""
    years = name == "sought-by-year"
    kept = counts if years else _largest(counts)
    height = 2.2 if years else 0.1 + ROW * len(kept)
    rows = tuple((c.name, str(c.number)) for c in counts)

    def draw(figure: Figure, labels: Labels) -> None:
        axes = figure.subplots()
        (_upright if years else _lying)(axes, kept, labels)

    return _chart((name, title), rows, height, draw)


def _values(number: int, shown: str, totals: Sequence[ValueTotal]) -> Chart:
    """One drawing a currency, each with its own scale: sums of different currencies are not to be compared."""
    rows = tuple((_kind(t), f"{_range(t)} ({counted(t)})") for t in totals)

    def draw(figure: Figure, labels: Labels) -> None:
        _ranges(figure.subplots(), totals, labels)

    named = (f"value-{number}", f"Value in {totals[0].currency}, {shown}")
    return _chart(named, rows, 0.1 + ROW * len(totals), draw)


def _chart(
    named: tuple[str, str], rows: tuple[tuple[str, str], ...], height: float, draw: Callable[[Figure, Labels], None]
) -> Chart:
    from matplotlib import style
    from matplotlib.figure import Figure

    name, title = named
    alt = f"{title}: " + "; ".join(f"{label}: {number}" for label, number in rows)
    with style.context(["default", STYLE]):
        figure, labels = Figure(figsize=(WIDTH, height), layout="constrained"), Labels()
        draw(figure, labels)
        return Chart(name, title, alt, rows, inline(figure, labels, name, alt))


def _lying(axes: Axes, counts: Sequence[NamedCount], labels: Labels) -> None:
    numbers = [c.number for c in counts]
    axes.barh(range(len(counts)), numbers, color=BLUE, height=0.7)
    _rows(axes, [c.name for c in counts], list(zip(numbers, map(str, numbers), strict=True)), labels)


def _upright(axes: Axes, counts: Sequence[NamedCount], labels: Labels) -> None:
    from matplotlib.ticker import MaxNLocator

    years = _every_year(counts)
    axes.bar(range(len(years)), [c.number for c in years], color=BLUE, width=0.8)
    axes.set_xlim(-0.6, max(len(years), MIN_YEARS) - 0.4)
    step = max(1, -(-len(years) // 9))
    labels.on(axes.xaxis, [c.name if i % step == 0 or not c.name.isdigit() else "" for i, c in enumerate(years)])
    axes.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.tick_params(length=0)


def _ranges(axes: Axes, totals: Sequence[ValueTotal], labels: Labels) -> None:
    """Dark up to the lowest sum, light from there to the highest. Floats are for drawing only."""
    low, high = [float(t.low) for t in totals], [float(t.high) for t in totals]
    axes.barh(range(len(totals)), high, color=SKY, height=0.66)
    axes.barh(range(len(totals)), low, color=BLUE, height=0.66)
    names = [f"{_kind(t)} ({t.assets})" for t in totals]
    _rows(axes, names, list(zip(high, map(_range, totals), strict=True)), labels)


def _rows(axes: Axes, names: Sequence[str], ends: Sequence[tuple[float, str]], labels: Labels) -> None:
    """Names on the left, numbers where the bars end; an axis would say them twice."""
    labels.on(axes.yaxis, names)
    room = WIDTH - LETTER * max(len(shortened(n)) for n in names)
    spoken = LETTER * max(len(text) for _, text in ends) + 0.1
    axes.set_xlim(0, (max(0.0, *(end for end, _ in ends)) or 1) * room / max(room - spoken, room / 4))
    axes.set_ylim(len(names) - 0.5, -0.5)
    for row, (end, text) in enumerate(ends):
        axes.annotate(text, (end, row), (3, 0), textcoords="offset points", va="center_baseline", in_layout=False)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)


def _largest(counts: Sequence[NamedCount]) -> Sequence[NamedCount]:
    if len(counts) <= MAX_BARS:
        return counts
    rest = counts[MAX_BARS - 1 :]
    return (*counts[: MAX_BARS - 1], NamedCount(f"{len(rest)} others", sum(c.number for c in rest)))


def _every_year(counts: Sequence[NamedCount]) -> list[NamedCount]:
    """Years without anybody stay as gaps, so that distances on the axis are true."""
    numbers = {c.name: c.number for c in counts}
    years = sorted(int(n) for n in numbers if n.isdigit())
    between: Iterable[int] = range(years[0], years[-1] + 1) if years else ()
    spread = [NamedCount(str(y), numbers.get(str(y), 0)) for y in between]
    return spread + [c for c in counts if not c.name.isdigit()]


def _kind(total: ValueTotal) -> str:
    of = "" if total.of == "assets" else f", {total.of}"
    return " ".join(p for p in (total.kind, total.basis) if p) + of


def _range(total: ValueTotal) -> str:
    low, high = compact_number(Decimal(total.low)), compact_number(Decimal(total.high))
    return low if low == high else f"{low} to {high}"


def _shown(figures: KeyFigures) -> str:
    if figures.clusters_shown == figures.clusters:
        return "in all clusters"
    return f"in the {plural(figures.clusters_shown, 'clusters')} described"


def _three(number: Decimal) -> str:
    rounded = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
