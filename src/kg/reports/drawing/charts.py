"""How do figures look as bar charts? The template `chart.svg.j2` draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.findings import STATUS_LABELS
from kg.reports.cluster_report.model import NamedCount, NamedTimeline, Report
from kg.reports.cluster_report.summary import JurisdictionTotal, StatusTotal
from kg.reports.drawing.text import fit_text, text_width
from kg.reports.phrases import compact_range

MAX_BARS = 15
MAX_CURRENCIES = 3
"""Currencies with charts of their own; the table beneath has all."""

MIN_YEARS = 8
"""There is room for so many years, so that the column of a single year is not as wide as the chart."""

MAX_YEAR_LABELS = 10

DARK, LIGHT = "#0072B2", "#9CCBE8"
"""Blue and light blue of Okabe and Ito, told apart by lightness: in print and by colour-blind readers too."""

WIDTH, ROW_HEIGHT, BAR_HEIGHT = 460.0, 25.0, 17.0
"""Drawn narrow, so that text stays readable when the chart is as wide as a phone."""

TEXT_SIZE, LABEL_WIDTH, GAP = 13.0, 240.0, 6.0
"""Size of letters, the most room for a label, and the room between a bar and a text."""


EVENTS_WIDTH, LANE_HEIGHT = 900.0, 34.0
"""The picture of events is as wide as the page."""


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


def charts(report: Report) -> tuple[Chart, ...]:
    """Assets and values by enforcement status and by jurisdiction, and events by year; none that would be empty.

    Values of each of the commonest currencies have a scale of their own: nothing is added up across currencies.
    """
    figures, front = report.figures, report.front
    found = []
    if figures.assets_by_status:
        found.append(_count_chart("assets-by-status", "Assets by enforcement status", figures.assets_by_status))
    if figures.assets_by_jurisdiction:
        found.append(_count_chart("assets-by-jurisdiction", "Assets by jurisdiction", figures.assets_by_jurisdiction))
    commonest: Counter[str] = Counter()
    for total in front.apart:
        if total.state != "alleged":
            commonest[total.currency] += total.assets
    for number, currency in enumerate(sorted(commonest, key=lambda c: (-commonest[c], c))[:MAX_CURRENCIES], 1):
        by_status = [(t, STATUS_LABELS.get(t.state, t.state)) for t in front.apart if t.currency == currency]
        title = f"Value in {currency} by enforcement status"
        found.append(_value_chart(f"status-{number}", title, by_status))
        by_place = [(t, t.jurisdiction) for t in front.by_jurisdiction if t.currency == currency]
        by_place.sort(key=lambda pair: -Decimal(pair[0].high))
        if by_place:
            title = f"Value in {currency} by jurisdiction"
            found.append(_value_chart(f"jurisdiction-{number}", title, by_place[:MAX_BARS]))
    if figures.events:
        found.append(_events_chart(figures.events))
    return tuple(found)


def _count_chart(name: str, title: str, counts: Sequence[NamedCount]) -> Chart:
    """A bar for each count, one below the other."""
    rows = tuple((c.name, str(c.number)) for c in counts)
    bars = [(c.name, float(c.number), float(c.number), str(c.number)) for c in _largest(counts)]
    return _horizontal_chart(name, title, rows, bars)


def _value_chart(name: str, title: str, totals: Sequence[tuple[StatusTotal | JurisdictionTotal, str]]) -> Chart:
    """A bar for each total: dark up to the lowest sum, light from there to the highest. Floats are for drawing only."""
    texts = [compact_range(t.low, t.high) for t, _ in totals]
    rows = tuple((label, f"{text} ({t.assets})") for (t, label), text in zip(totals, texts, strict=True))
    bars = [
        (f"{label} ({t.assets})", float(t.low), float(t.high), text)
        for (t, label), text in zip(totals, texts, strict=True)
    ]
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


def _events_chart(lanes: Sequence[NamedTimeline]) -> Chart:
    """A row of columns for each kind of event, a column for each year, all on one scale; years at the bottom."""
    counts = [dict(lane.years) for lane in lanes]
    first, last = min(map(min, counts)), max(map(max, counts))
    left = max(text_width(lane.name, TEXT_SIZE) for lane in lanes) + GAP
    slot = (EVENTS_WIDTH - left - GAP) / max(last - first + 1, MIN_YEARS)
    scale = LANE_HEIGHT / max(max(lane.values()) for lane in counts)
    drawn, texts, gridlines = list[Bar](), list[ChartText](), list[tuple[float, float]]()
    for number, (lane, by_year) in enumerate(zip(lanes, counts, strict=True)):
        bottom = (number + 1) * (LANE_HEIGHT + GAP)
        gridlines.append((left, bottom))
        texts.append(ChartText(left - GAP, bottom, "end", lane.name))
        for year, count in by_year.items():
            height = count * scale
            drawn.append(Bar(left + slot * (year - first + 0.1), bottom - height, slot * 0.8, height))
    bottom = len(lanes) * (LANE_HEIGHT + GAP) + TEXT_SIZE + GAP
    step = -(-(last - first + 1) // MAX_YEAR_LABELS)
    for year in range(first, last + 1, step):
        texts.append(ChartText(left + slot * (year - first + 0.5), bottom, "middle", str(year)))
    rows = tuple((lane.name, "; ".join(f"{year}: {number}" for year, number in lane.years)) for lane in lanes)
    height = bottom + GAP
    title = "Events around the clusters, by year"
    return Chart("events", title, rows, height, tuple(drawn), tuple(texts), tuple(gridlines), EVENTS_WIDTH)


def _largest(counts: Sequence[NamedCount]) -> Sequence[NamedCount]:
    if len(counts) <= MAX_BARS:
        return counts
    rest = counts[MAX_BARS - 1 :]
    return (*counts[: MAX_BARS - 1], NamedCount(f"{len(rest)} others", sum(c.number for c in rest)))
