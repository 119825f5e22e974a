"""The guide to the saved queries in Neo4j Browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from operator import attrgetter

from kg.ontology.derive.looks import NODE_LOOKS
from kg.queries.pack import ARCHIVE_NAME as FAVORITES
from kg.queries.pack import query_pack
from kg.queries.saved_query import SavedQuery
from kg.queries.values import cypher_literal

FIRST_PAGE = "guide.html"
STYLE = "style.grass"

TOPIC_TITLES: Mapping[str, str] = {
    "people": "People",
    "assets": "Assets",
    "enterprises": "Enterprises",
    "money": "Money",
    "paths": "Paths",
    "legal": "Legal routes",
    "jurisdictions": "Jurisdictions and agencies",
    "deadlines": "Deadlines and assets at risk",
    "income": "Income",
    "offences": "Offences",
    "quality": "The data itself",
}
"""Titles of the topics, in the order of the guide. Other topics follow them."""

COLOUR_KEY: Mapping[str, str] = {
    "Person": "people",
    "Enterprise": "enterprises",
    "Arrangement": "trusts, loans, powers",
    "Asset": "other assets",
    "Jurisdiction": "jurisdictions",
    "Agency": "agencies",
    "Sought": "documents and proceedings",
}
"""Node types whose colour the first page explains."""

_FIND_QUERY = """// Find a node by name
CALL db.index.fulltext.queryNodes('names', $name) YIELD node, score
RETURN node.caption AS name, labels(node) AS labels, node.id AS id
ORDER BY score DESC, name LIMIT 25;"""

_USAGE = """<p>Click a box to put its text into the editor, where you can change it. Click the arrow in a box to run it.
Where there are two boxes, the first sets the parameters and the second runs the query. The values are those of the
invented demo set; replace them by yours.</p>"""

_CAUTION = """<p>A row is a lead to follow up, not a finding. An allegation remains an allegation: look at its stage
and its sources. A node with a thick ring and the word <i>sought</i> is a person wanted under a warrant, notice or list
entry in force.</p>"""


def guide_pages(address: str) -> dict[str, str]:
    """The pages by file name, in the HTML that Browser reads.

    `address` is where they are fetched from, without a slash at the end.
    """
    order = {topic: number for number, topic in enumerate(TOPIC_TITLES)}
    queries = sorted(query_pack().values(), key=lambda query: (order.get(query.topic, len(order)), query.name))
    topics = {topic: list(found) for topic, found in groupby(queries, attrgetter("topic"))}
    pages = {f"{topic}.html": _page(topic_title(topic), _topic_page(address, found)) for topic, found in topics.items()}
    return {FIRST_PAGE: _page("Saved queries", _first_page(address, topics)), **pages}


def topic_title(topic: str) -> str:
    """The title of a topic."""
    return TOPIC_TITLES.get(topic, topic.replace("_", " ").capitalize())


def _page(title: str, parts: Iterator[str]) -> str:
    body = "\n".join(parts)
    return f"""<article class="guide">
<title>{escape(title)}</title>
<carousel class="deck container-fluid">
<slide class="row-fluid">
<div style="padding:0 16px">
{body}
</div>
</slide>
</carousel>
</article>
"""


def _first_page(address: str, topics: Mapping[str, list[SavedQuery]]) -> Iterator[str]:
    yield "<p>Saved queries for the most frequent questions. Each topic is a page.</p>"
    for topic, found in topics.items():
        yield f"<p>{_link(f'{address}/{topic}.html', topic_title(topic))} ({len(found)})</p>"
    yield "<h4>Find an id</h4>"
    yield "<p>Queries refer to people and other nodes by their <code>id</code>.</p>"
    yield _box(":param name => 'Cedar';")
    yield _box(_FIND_QUERY)
    yield f"<h4>How to use this</h4>\n{_USAGE}\n{_CAUTION}"
    yield "<h4>Colours</h4>"
    yield f"<p>{' '.join(_swatch(kind, label) for kind, label in COLOUR_KEY.items())}</p>"
    style = f'<a data-exec="style {escape(f"{address}/{STYLE}")}">Set the colours</a>'
    yield f"<p>{style} again if you have changed them.</p>"
    yield "<h4>Favorites</h4>"
    archive = f'<a href="{escape(f"{address}/{FAVORITES}")}" download>{FAVORITES}</a>'
    yield f"<p>To keep all queries as favorites, save {archive} and drop it on this window.</p>"


def _topic_page(address: str, found: list[SavedQuery]) -> Iterator[str]:
    yield f"<p>{_link(f'{address}/{FIRST_PAGE}', 'All topics')}</p>"
    for query in found:
        yield f"<h4>{_text(query.title)}</h4>\n<p>{_text(query.answers)}</p>"
        if query.parameters:
            yield _box("\n".join(f":param {p.name} => {cypher_literal(p.example)};" for p in query.parameters))
            items = (f"<li><code>{p.name}</code>: {_text(p.meaning)}</li>" for p in query.parameters)
            yield f"<ul>{''.join(items)}</ul>"
        yield _box(f"// {query.title}\n{query.text};")
        if query.limit:
            yield f"<p><i>Limit: {_text(query.limit)}</i></p>"


def _link(address: str, label: str) -> str:
    return f'<a data-exec="guide {escape(address)}">{_text(label)}</a>'


def _box(code: str) -> str:
    return f'<pre class="pre-scrollable code runnable">{_text(code)}</pre>'


def _swatch(kind: str, label: str) -> str:
    look = NODE_LOOKS[kind]
    style = f"background:{look.color};color:{look.text};border:2px solid {look.border};border-radius:9px;padding:0 6px"
    return f'<span style="{style};display:inline-block;margin:2px">{label}</span>'


def _text(text: str) -> str:
    """Escaped text. Browser takes ` one = 'x'` in a text for an attribute that may run code, and removes it."""
    return escape(text, quote=False).replace("=", "&#61;")
