"""Text, tables and lists in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_SIGNS = str.maketrans({"\\": "\\\\", "|": "\\|", "*": "\\*", "<": "&lt;", "\n": " "})


def escape(text: str) -> str:
    """Escaped text, also for tables. Backticks keep their meaning: descriptions use them."""
    return text.translate(_SIGNS)


def code(text: str) -> str:
    """Text as code, for a table: in tables a `|` has to be escaped even in code."""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text or text != text.strip() else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def codes(texts: Iterable[str]) -> str:
    """Texts as code, separated by commas."""
    return ", ".join(map(code, texts))


def anchor(heading: str) -> str:
    """A link to a heading of the same page that is one name."""
    return f"[{heading}](#{heading.lower()})"


def anchors(headings: Iterable[str], between: str = ", ") -> str:
    """Links to several headings."""
    return between.join(map(anchor, headings))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows under headings; cells are Markdown already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def facts(named: Mapping[str, str]) -> str:
    """A list of named texts, without empty ones."""
    return "\n".join(f"- {name}: {text}" for name, text in named.items() if text)
