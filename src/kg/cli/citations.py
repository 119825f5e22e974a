"""Who says so, how it is graded, and which document is cited: in few words, with the documents at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from kg.cli.terminal import print_line

if TYPE_CHECKING:
    from kg.ontology import Property
    from kg.records import Claim, Link


class Cited(Protocol):
    """The part of a provenance that a person is shown."""

    @property
    def origin(self) -> str:
        """What the claim goes back to."""

    @property
    def reliability(self) -> str:
        """Grade of the source."""

    @property
    def credibility(self) -> str:
        """Grade of the information."""

    @property
    def stated(self) -> str:
        """When the source said it."""

    @property
    def url(self) -> str:
        """Address of the document."""

    @property
    def page(self) -> str:
        """Where in the document."""


def grade_text(cited: Cited) -> str:
    """Reliability of the source and credibility of the information, `-` where not graded."""
    return f"{cited.reliability or '-'}{cited.credibility or '-'}"


class Citations:
    """The documents that an answer cites, numbered as they are first named."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, source: str, cited: Cited) -> str:
        """`[1]`: the number of the document; empty where the source cites none."""
        page = f"page {cited.page}" if cited.page[:1].isdigit() else cited.page
        document = cited.origin or ("" if cited.url or not page else source)
        text = ", ".join(filter(None, (document, page, cited.url)))
        return f"[{self._numbers.setdefault(text, len(self._numbers) + 1)}]" if text else ""

    def statement(self, source: str, cited: Cited) -> str:
        """`register B2 2014-06 [1]`: who says it, the grade if there is one, when, and the document."""
        grade = grade_text(cited) if cited.reliability or cited.credibility else ""
        return " ".join(filter(None, (source, grade, cited.stated, self.mark(source, cited))))

    def link_sources(self, link: Link) -> str:
        """Everybody who states a link; the names alone where kg derived it, and that it is a suggestion where it is."""
        said = dict.fromkeys(self.statement(source, cited) for source, cited in link.provenances)
        return "; ".join(said) or ", ".join(link.sources) or "a suggestion: no source states it"

    def link_values(self, known: Mapping[str, Property], link: Link, claims: Sequence[Claim]) -> str:
        """The properties of a link by name; where sources differ, each value with those that state it."""
        between = " or " if link.provenances else "; "  # what no source states has reasons, and no two versions
        return "; ".join(
            f"{name.replace('_', ' ')} {between.join(self._values(known.get(name), name, values, claims))}"
            for name, values in link.properties.items()
        )

    def show(self) -> None:
        """Print the documents under their numbers."""
        if self._numbers:
            print_line("cited:")
        for text, number in self._numbers.items():
            print_line(f"  [{number}] {text}")

    def _values(
        self, kind: Property | None, name: str, values: Sequence[str], claims: Sequence[Claim]
    ) -> Iterable[str]:
        from kg.findings.statements import claims_by_value
        from kg.ontology.values import negative_note

        notes = [negative_note(value) if kind and kind.type == "money" else "" for value in values]
        stated = claims_by_value(kind, name, claims)
        if len(values) > 1 and all(value in stated for value in values):
            notes = [f"{n} ({self._speakers(stated[value])})" for n, value in zip(notes, values, strict=True)]
        return [f"{value}{n}" for value, n in zip(values, notes, strict=True)]

    def _speakers(self, claims: Sequence[Claim]) -> str:
        return ", ".join(dict.fromkeys(self.statement(claim.source, claim.provenance) for claim in claims))
