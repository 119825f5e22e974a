"""How does a drawing become part of a page?"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

FONTS = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"
"""The page's own font stack, which has Chinese on every platform."""

LONGEST = 34
"""Characters of a label; longer ones are cut, the text beside the drawing has them whole."""

NOTHING_SAID = ("Date", "Creator", "Format", "Type")
"""Metadata that would change with the day and with the library's version."""


class Labels:
    """The texts on a drawing's axes.

    The drawing library measures with the one font it brings, which has no Chinese. A character that font lacks is
    drawn as a wide Latin one, and the page gets the real text back in `restore`.
    """

    def __init__(self) -> None:
        self._real: dict[str, str] = {}

    def on(self, axis: Axis, texts: Sequence[str]) -> None:
        """Put a label at each of 0, 1, 2, …"""
        cut = [shortened(t) for t in texts]
        axis.set_ticks(range(len(cut)), labels=[_measurable(t) for t in cut])
        for text, real in zip(axis.get_ticklabels(), cut, strict=True):
            if text.get_text() != real:
                name = f"label-{len(self._real)}"
                text.set_gid(name)
                self._real[name] = real

    def restore(self, svg: str) -> str:
        """The drawing with the real texts."""
        for name, real in self._real.items():
            place = re.search(rf'<g id="{name}">.*?<text[^>]*>([^<]*)', svg, re.DOTALL)
            if place:
                svg = svg[: place.start(1)] + escape(real) + svg[place.end(1) :]
        return svg


def shortened(text: str) -> str:
    """At most `LONGEST` characters."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def inline(figure: Figure, labels: Labels, name: str, alt: str) -> str:
    """An `<svg>` element that says what it shows, shares no id with others on the page, and names no file."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=dict.fromkeys(NOTHING_SAID), transparent=True)
    svg = labels.restore(buffer.getvalue())
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)
    svg = _own_ids(svg, name)
    svg = svg.replace("font-family: 'DejaVu Sans'", f"font-family: {FONTS}")
    head = (
        f'<svg role="img" aria-labelledby="{name}-title" viewBox="{_view_box(svg)}" xmlns="http://www.w3.org/2000/svg"'
    )
    head += ' xmlns:xlink="http://www.w3.org/1999/xlink">'
    return head + f'<title id="{name}-title">{escape(alt)}</title>' + svg[svg.index(">") + 1 :].strip()


def _own_ids(svg: str, name: str) -> str:
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)


def _view_box(svg: str) -> str:
    found = re.search(r'viewBox="([^"]+)"', svg)
    return found[1] if found else ""


def _measurable(text: str) -> str:
    """The text, with a wide Latin letter for each character that the drawing library's font lacks."""
    from matplotlib.font_manager import findfont, get_font

    known = get_font(findfont("DejaVu Sans")).get_charmap()
    return "".join(c if ord(c) in known else "W" for c in text)
