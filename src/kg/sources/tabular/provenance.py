"""How does the source stand behind what a row of a declared table says?"""

from __future__ import annotations

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import OPEN, Said
from kg.sources.tabular.claims import ValuesOf
from kg.sources.tabular.mapped_row import Line, Values, folded
from kg.sources.tabular.mapping import GRADES, Saying

_MANY = 10_000


class Provenance:
    """One object for all rows that are said alike. What the table says of itself goes before what all tables say."""

    def __init__(self, general: Saying, own: Saying, values: ValuesOf) -> None:
        cells = {**general.cells(), **own.cells()}
        self._sources: dict[str, list[Values]] = {name: [values(c) for c in found] for name, found in cells.items()}
        self._columns = tuple(dict.fromkeys(c for found in cells.values() for cell in found for c in cell.columns))
        self._known: dict[tuple[str | None, ...], tuple[Said, frozenset[str]]] = {}

    def of(self, line: Line) -> Said:
        """The source's stand on one row; what is no date, address or grade becomes a reject."""
        if not self._sources:
            return OPEN
        cells = tuple(map(line.cells.get, self._columns))
        if cells in self._known:
            said, used = self._known[cells]
            line.used |= used
            return said
        found = {name: tuple(self._texts(name, sources, line)) for name, sources in self._sources.items()}
        datasets = found.pop("datasets", ())
        said = Said(datasets=datasets, **{name: texts[0] for name, texts in found.items() if texts})
        if not line.rejects and not line.kept:
            self._remember(cells, said, frozenset(line.used.intersection(self._columns)))
        return said

    def _remember(self, cells: tuple[str | None, ...], said: Said, used: frozenset[str]) -> None:
        if len(self._known) > _MANY:
            self._known.clear()
        self._known[cells] = (said, used)

    def _texts(self, name: str, sources: list[Values], line: Line) -> list[str]:
        found: list[str] = []
        for source, text in ((s, t) for s in sources for t in s.of(line)):
            if found and name != "datasets":
                line.keep(source.columns[0], text)  # there is one place for it, which is taken
                continue
            try:
                found.append(cleaned_saying(name, text))
            except BadValue as error:
                line.set_aside(source.columns, text, str(error))
        return found


def cleaned_saying(name: str, text: str) -> str:
    """The canonical text of a part of what is said. Raises BadValue."""
    if name in GRADES:
        word = text.strip().upper() if name != "handling" else folded(text)
        if word not in GRADES[name]:
            raise BadValue(f"expected one of {', '.join(GRADES[name])}")
        return word
    return VALUE_TYPES[{"stated": "date", "url": "url"}.get(name, "text")].clean(text)
