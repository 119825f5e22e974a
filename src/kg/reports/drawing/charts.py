"""How do the key figures look as bar charts? The template `chart.svg.j2` draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from kg.reports.cluster_report.model import KeyFigures, NamedCount
from kg.reports.drawing.text import fit_text, text_width
from kg.reports.entries import ValueTotal
from kg.reports.phrases import plural

MAX_BARS = 15
MIN_YEARS = 8
"""There is room for so many years, so that the bar of a single year is not as wide as the chart."""

MAX_YEAR_LABELS, MAX_TICKS = 9, 5

DARK, LIGHT = "#0072B2", "#9CCBE8"
"""Blue and light blue of Okabe and Ito, told apart by lightness: in print and by colour-blind readers too."""

WIDTH, ROW_HEIGHT, BAR_HEIGHT, COLUMN_HEIGHT = 460.0, 25.0, 17.0, 150.0
"""Drawn narrow, so that text stays readable when the chart is as wide as a phone."""

TEXT_SIZE, LABEL_WIDTH, GAP = 13.0, 200.0, 6.0
"""Size of letters, the most room for a label, and the room between a bar and a text."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    x: float
    y: float
    width: float
    height: float
    fill: str = DARK


@dataclass(frozen=True, slots=True)
class ChartText:
    """One text beside a bar or an axis; `anchor` is SVG's `text-anchor`."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One bar chart: where everything stands, and what it shows in words and as rows of a table."""

    name: str
    """Part of the ids inside the drawing: never a word of a source."""
    title: str
    rows: tuple[tuple[str, str], ...]
    height: float
    bars: tuple[Bar, ...]
    texts: tuple[ChartText, ...]
    gridlines: tuple[tuple[float, float], ...] = ()
    """Where each horizontal line of a scale begins; all end at the right edge."""
    width: float = WIDTH

    @property
    def alt(self) -> str:
        """What the chart shows, as a sentence."""
        return f"{self.title}: " + "; ".join(f"{label}: {number}" for label, number in self.rows)


def charts(figures: KeyFigures) -> tuple[Chart, ...]:
    """A chart for each key figure that has something to show; one for each currency, with a scale of its own."""
    described = f"in the {plural(figures.clusters_shown, 'clusters')} described"
    scope = "in all clusters" if figures.clusters_shown == figures.clusters else described
    found = []
    if figures.assets_by_kind:
        found.append(_count_chart("assets-by-kind", "Assets by kind, in all clusters", figures.assets_by_kind))
    if figures.assets_by_jurisdiction:
        title = f"Assets by jurisdiction, {scope}"
        found.append(_count_chart("assets-by-jurisdiction", title, figures.assets_by_jurisdiction))
    if figures.sought_by_year:
        found.append(_year_chart("People sought, by year of the earliest document in force", figures.sought_by_year))
    for number, (currency, totals) in enumerate(groupby(figures.totals, key=lambda t: t.currency), 1):
        found.append(_value_chart(f"value-{number}", f"Value in {currency}, {scope}", list(totals)))
    return tuple(found)


def compact_number(number: Decimal) -> str:
    """`1.2 M`: three significant digits and a letter."""
    for size, letter in ((9, "bn"), (6, "M"), (3, "k")):
        if abs(number) >= Decimal(10) ** size:
            return f"{_three_digits(number.scaleb(-size))} {letter}"
    return _three_digits(number)


def _count_chart(name: str, title: str, counts: Sequence[NamedCount]) -> Chart:
    """A bar for each count, one below the other, the largest on top."""
    rows = tuple((c.name, str(c.number)) for c in counts)
    bars = [(c.name, float(c.number), float(c.number), str(c.number)) for c in _largest(counts)]
    return _horizontal_chart(name, title, rows, bars)


def _value_chart(name: str, title: str, totals: Sequence[ValueTotal]) -> Chart:
    """A bar for each total: dark up to the lowest sum, light from there to the highest. Floats are for drawing only."""
    rows = tuple((_total_label(t), f"{_total_range(t)} ({plural(t.assets, t.of)})") for t in totals)
    bars = [(f"{_total_label(t)} ({t.assets})", float(t.low), float(t.high), _total_range(t)) for t in totals]
    return _horizontal_chart(name, title, rows, bars)


def _horizontal_chart(
    name: str, title: str, rows: tuple[tuple[str, str], ...], bars: Sequence[tuple[str, float, float, str]]
) -> Chart:
    """`bars`: label, low, high and the number in words of each; labels on the left, numbers where the bars end."""
    labels = [fit_text(label, LABEL_WIDTH, TEXT_SIZE) for label, *_ in bars]
    left = max(text_width(label, TEXT_SIZE) for label in labels) + GAP
    room = WIDTH - left - GAP - max(text_width(number, TEXT_SIZE) for *_, number in bars)
    scale = room / (max(0.0, *(high for _, _, high, _ in bars)) or 1)
    drawn, texts = list[Bar](), list[ChartText]()
    for row, (label, (_, low, high, number)) in enumerate(zip(labels, bars, strict=True)):
        y = row * ROW_HEIGHT
        if high > low:
            drawn.append(_row_bar(left, y, high * scale, LIGHT))
        drawn.append(_row_bar(left, y, low * scale, DARK))
        baseline = y + ROW_HEIGHT / 2 + TEXT_SIZE * 0.35
        texts.append(ChartText(left - GAP, baseline, "end", label))
        texts.append(ChartText(left + max(0.0, high * scale) + GAP, baseline, "start", number))
    return Chart(name, title, rows, ROW_HEIGHT * len(bars), tuple(drawn), tuple(texts))


def _row_bar(left: float, top: float, width: float, fill: str) -> Bar:
    return Bar(left, top + (ROW_HEIGHT - BAR_HEIGHT) / 2, max(0.0, width), BAR_HEIGHT, fill)


def _year_chart(title: str, counts: Sequence[NamedCount]) -> Chart:
    """Columns side by side, with a scale of whole numbers on the left."""
    years = _every_year(counts)
    ticks = _ticks(max(c.number for c in years))
    left = text_width(str(ticks[-1]), TEXT_SIZE) + GAP
    right = WIDTH - max(text_width(c.name, TEXT_SIZE) for c in years) / 2
    slot, scale = (right - left) / max(len(years), MIN_YEARS), COLUMN_HEIGHT / ticks[-1]
    bottom = TEXT_SIZE + COLUMN_HEIGHT
    step = -(-len(years) // MAX_YEAR_LABELS)
    drawn, texts = list[Bar](), list[ChartText]()
    for i, count in enumerate(years):
        height = count.number * scale
        drawn.append(Bar(left + slot * (i + 0.1), bottom - height, slot * 0.8, height))
        if i % step == 0 or not count.name.isdigit():
            texts.append(ChartText(left + slot * (i + 0.5), bottom + TEXT_SIZE + GAP, "middle", count.name))
    heights = [bottom - tick * scale for tick in ticks]
    for tick, y in zip(ticks, heights, strict=True):
        texts.append(ChartText(left - GAP, y + TEXT_SIZE * 0.35, "end", str(tick)))
    return Chart(
        name="sought-by-year",
        title=title,
        rows=tuple((c.name, str(c.number)) for c in counts),
        height=bottom + 2 * TEXT_SIZE,
        bars=tuple(drawn),
        texts=tuple(texts),
        gridlines=tuple((left, y) for y in heights),
    )


def _ticks(highest: int) -> list[int]:
    """At most MAX_TICKS steps of 1, 2 or 5 times a power of ten from 0, up to `highest` or beyond."""
    step = next(s * 10**power for power in range(20) for s in (1, 2, 5) if s * 10**power * MAX_TICKS >= highest)
    return list(range(0, max(highest, 1) + step, step))[: -(-max(highest, 1) // step) + 1]


def _largest(counts: Sequence[NamedCount]) -> Sequence[NamedCount]:
    if len(counts) <= MAX_BARS:
        return counts
    rest = counts[MAX_BARS - 1 :]
    return (*counts[: MAX_BARS - 1], NamedCount(f"{len(rest)} others", sum(c.number for c in rest)))


def _every_year(counts: Sequence[NamedCount]) -> list[NamedCount]:
    """Years without anybody stay as gaps, so that distances on the axis are true."""
    numbers = {c.name: c.number for c in counts}
    years = sorted(int(name) for name in numbers if name.isdigit())
    between: Iterable[int] = range(years[0], years[-1] + 1) if years else ()
    return [NamedCount(str(y), numbers.get(str(y), 0)) for y in between] + [c for c in counts if not c.name.isdigit()]


def _total_label(total: ValueTotal) -> str:
    group = "" if total.of == "assets" else f", {total.of}"
    return " ".join(part for part in (total.kind, total.basis) if part) + group


def _total_range(total: ValueTotal) -> str:
    low, high = compact_number(Decimal(total.low)), compact_number(Decimal(total.high))
    return low if low == high else f"{low} to {high}"


def _three_digits(number: Decimal) -> str:
    rounded = f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
