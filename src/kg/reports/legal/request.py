"""What does the draft of a request to another state say, with exhibits numbered and holes marked?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.errors import InputError
from kg.findings import CompetentAuthority, LegalStatement, RouteAnswer, most_complete_first
from kg.reports.legal.person import AssetCard, PersonPage
from kg.reports.render.environment import render
from kg.reports.render.markdown import html_to_markdown

REQUEST_ROUTES: Mapping[str, tuple[str, ...]] = {
    "mutual_assistance": ("assistance_by_reciprocity", "mla_freeze", "letters_rogatory"),
    "freeze": ("mla_freeze",),
    "return": (
        *("asset_return_embezzled", "asset_return_prior_owner", "asset_return_priority", "asset_return_by_own_law"),
        "asset_return_by_case_agreement",
    ),
    "extradition": ("extradition", "extradition_by_uncac", "extradition_by_untoc", "extradition_by_reciprocity"),
}
"""The routes that each kind of request begins, by its name."""

SOUGHT: Mapping[str, str] = {
    "mutual_assistance": "evidence and documents on the facts above",
    "freeze": "the freezing or seizure of the property above, until its confiscation is decided",
    "return": "the return of the confiscated property above",
    "extradition": "the arrest and surrender of the person above",
}
"""What each kind of request asks for."""


IDENTITY_WORDS: Mapping[str, tuple[str, ...]] = {
    "identity documents": ("passport number ", "national number ", "id number ", " has the document "),
    "nationality": ("citizen of",),
    "whereabouts": ("is present in ", "address"),
}
"""What identifies a person and says where they are, by the words in which a fact tells it."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """A draft, for counsel to complete. Nothing is sent."""

    kind: str
    page: PersonPage
    host: str
    route: RouteAnswer
    basis: tuple[LegalStatement, ...]
    """The instruments that bind, by the tables."""
    addressee: tuple[CompetentAuthority, ...]
    sender: tuple[CompetentAuthority, ...]
    assets: tuple[AssetCard, ...]
    holes: tuple[str, ...]
    """What the graph does not have and the request needs."""

    @property
    def sought(self) -> str:
        """What is asked for."""
        return SOUGHT[self.kind]

    @property
    def unidentified(self) -> tuple[str, ...]:
        """What would identify the person or tell where they are, and no source says."""
        told = [fact.text for fact in (*self.page.dossier.facts, *self.page.dossier.documents)]
        return tuple(
            name for name, words in IDENTITY_WORDS.items() if not any(word in text for word in words for text in told)
        )

    def exhibit_numbers(self, statement: LegalStatement) -> tuple[int, ...]:
        """The numbers of the exhibits that show a link on which a statement rests."""
        return tuple(number for number, _ in self.page.exhibits_of(statement))

    def to_markdown(self) -> str:
        """The draft, in Markdown. No name in it can start markup."""
        return html_to_markdown(render("legal_request.html.j2", draft=self, page=self.page))


def draft_request(page: PersonPage, kind: str, host: str) -> DraftRequest:
    """A draft from what the graph has. Raises InputError where each route that it could begin is blocked there."""
    answers = [a for a in page.found.routes if a.route.id in REQUEST_ROUTES[kind] and a.host == host]
    possible = [a for a in answers if a.state != "blocked"]
    if not possible:
        reasons = "; ".join(dict.fromkeys(reason for answer in answers for reason in answer.because))
        raise InputError(f"a request of the kind {kind} to {host} is blocked: {reasons or 'no route begins with it'}")
    route = (most_complete_first(possible) or possible)[0]
    cards = tuple(card for card in page.assets.get(f"Assets in {host}", ()) if card.traced and kind != "extradition")
    lacking = [(name, a.subject) for a in possible if a.stage for name in a.stage.lacks]
    missing = [(fact.question, a.subject) for a in possible for fact in a.missing]
    addressee = _authorities(route, "host")
    unnamed = [] if any(a.names for a in addressee) else [f"the authority of {host} that receives it"]
    return DraftRequest(
        kind=kind,
        page=page,
        host=host,
        route=route,
        basis=_binding(possible),
        addressee=addressee,
        sender=_authorities(route, "requesting"),
        assets=cards,
        holes=(*unnamed, *_lacking(page, (*lacking, *missing))),
    )


def _lacking(page: PersonPage, lacking: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is lacking, each once, with the names of the assets that it is about, by what is lacking and the subject."""
    about: dict[str, dict[str, None]] = {}
    for text, subject in lacking:
        about.setdefault(text, {})[page.subjects[subject] if subject != page.found.person else ""] = None
    for text, subjects in about.items():
        names = ", ".join(filter(None, subjects))
        yield f"{text} ({names})" if names else text


def _authorities(route: RouteAnswer, side: str) -> tuple[CompetentAuthority, ...]:
    found = [a for a in route.agencies if a.side == side]
    return tuple([a for a in found if a.kind == "central_authority"] or found)


def _binding(answers: Sequence[RouteAnswer]) -> tuple[LegalStatement, ...]:
    facts = (fact for answer in answers for fact in answer.instrument if fact.answer == "yes")
    return tuple(dict.fromkeys(s for fact in facts for s in fact.says))
