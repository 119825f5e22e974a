"""Node types, link types and properties, and the ontology that they form."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from kg.ontology.captions import choose_name, names_by
from kg.ontology.memo import Memo
from kg.ontology.values import CHECK_DIGITS, IDENTIFIER_FORMS, RULES_VERSION, VALUE_TYPES, BadValue
from kg.ontology.words import type_label
from kg.toml_files import TomlTable

Statement = tuple[str, Mapping[str, Any], Mapping[str, Sequence[str]]]
"""Source, provenance and properties of a record."""

CODE_PATTERN = "^[a-z][a-z0-9_]*$"
"""The pattern of a property whose values are names in a list of this software, such as `dual_criminality`."""


@dataclass(frozen=True, kw_only=True)
class Property(TomlTable):
    """One property of a node or link type. Every property may have several values: sources disagree."""

    lists: ClassVar = ("ftm",)

    type: str
    description: str
    pattern: str | None = None
    form: str = ""
    """What brings spellings into one form, those that the pattern does not match if there is one: one of
    IDENTIFIER_FORMS."""
    check: str = ""
    """How its check digits are computed: one of CHECK_DIGITS. A value whose digits do not fit is remarked, and kept."""
    example: str = ""
    """A value that people are shown where one is expected that has a pattern."""
    shape: str = ""
    """What the pattern demands, in words for people, such as `20 letters and digits`."""
    values: tuple[str, ...] = ()
    identifies: bool = False
    """Whether two nodes that share a value may be one thing (they become POSSIBLY_SAME_AS, never one node)."""
    ftm: tuple[str, ...] = ()
    """FollowTheMoney properties read into this one; the first is written on export."""

    def __post_init__(self) -> None:
        """Raises ValueError for a type, form or check that there is none of, and a pattern that is none."""
        if self.type not in VALUE_TYPES:
            raise ValueError(f"type {self.type!r} is none of {', '.join(VALUE_TYPES)}")
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"pattern {self.pattern!r} is no regular expression: {error}") from None
        if self.form and self.form not in IDENTIFIER_FORMS:
            raise ValueError(f"form {self.form!r} is none of {', '.join(IDENTIFIER_FORMS)}")
        if self.check and (self.check not in CHECK_DIGITS or self.pattern is None):
            raise ValueError(f"check {self.check!r} needs a pattern, and is one of {', '.join(CHECK_DIGITS)}")

    def clean(self, raw: str) -> str:
        """The canonical text of a value. Raises BadValue saying what was expected."""
        text = self.texts[raw]
        if text is None:
            raise BadValue(self.problems[raw])
        return text

    def caption(self, text: str) -> str:
        """A canonical text as a person reads it: words in place of a code."""
        shown = VALUE_TYPES[self.type].caption(text)
        return shown.replace("_", " ") if self.values or self.pattern == CODE_PATTERN else shown

    @cached_property
    def texts(self) -> Memo[str | None]:
        """The canonical text of a value; None for what is none."""
        return Memo(self._text)

    def texts_of(self, raws: Iterable[str]) -> list[str]:
        """The canonical texts of some values, without what is none."""
        return [text for raw in raws if (text := self.texts[raw]) is not None]

    @cached_property
    def problems(self) -> Memo[str]:
        """What is wrong with a value, saying what was expected; empty when nothing is."""
        return Memo(self._problem)

    def __getstate__(self) -> dict[Any, Any]:
        """What is pickled: without the texts that are remembered."""
        return {name: value for name, value in vars(self).items() if name not in ("texts", "problems")}

    def _text(self, raw: str) -> str | None:
        try:
            return self._canonical(raw)
        except BadValue:
            return None

    def _problem(self, raw: str) -> str:
        if self.texts[raw] is not None:
            return ""
        try:
            self._canonical(raw)
        except BadValue as error:
            return str(error)
        return ""

    def _canonical(self, raw: str) -> str:
        text = VALUE_TYPES[self.type].clean(raw)
        if self.values and text not in self.values:
            raise BadValue(f"expected {self.expected}")
        if self.pattern is None:
            return IDENTIFIER_FORMS[self.form](text) if self.form else text
        if re.fullmatch(self.pattern, text):
            return text
        formed = IDENTIFIER_FORMS[self.form](text) if self.form else ""
        if not re.fullmatch(self.pattern, formed):
            raise BadValue(f"expected {self.expected}")
        return formed

    @property
    def expected(self) -> str:
        """What a value has to be, for people; completes `expected …` in messages."""
        kind = VALUE_TYPES[self.type].expected
        if self.values:
            return f"one of {', '.join(self.values)}"
        if self.example:
            return f"{self.shape}, such as {self.example}" if self.shape else f"{kind} such as {self.example}"
        return f"{kind} that matches {self.pattern}" if self.pattern else kind


HANDLINGS = ("open", "restricted", "protected")
"""Handling codes of a claim; `protected` is never shown or exported without that scope."""

NAMING_TEXTS = ("full", "bank")
"""Properties that name something, though their type is not that of names."""

MENTIONING_PROPERTIES = ("shown_name",)
"""Properties that have the name of somebody else: what has it there mentions the name, and does not bear it."""


def is_searched(name: str, prop: Property) -> bool:
    """Whether the values of a property are found by their words."""
    return prop.type == "name" or name in NAMING_TEXTS


@dataclass(frozen=True, kw_only=True)
class FtmLink(TomlTable):
    """How FollowTheMoney says this link.

    Either an entity of `edge` schema whose properties `source` and `target` hold the ends, or a plain `property`, which
    links any entity of a fitting type to the property's value (`reverse`: from the value to the entity). Where the link
    goes to a Jurisdiction the value is its code.
    """

    lists: ClassVar = ("schema",)

    edge: str | None = None
    source: str | None = None
    target: str | None = None
    property: str | None = None
    reverse: bool = False
    schema: tuple[str, ...] = ()
    """The schemata whose property it is; those of every fitting type where empty."""
    words: str = ""
    """What the link says in its property `relation`, besides what the source says."""
    role: str = ""
    """The role that the edge states where it stands for a link type without a schema of its own: it is written so, and
    read back only from what kg wrote."""

    def __post_init__(self) -> None:
        """Raises ValueError where it is both forms, or none."""
        edge = bool(self.edge and self.source and self.target)
        if edge == bool(self.property):
            raise ValueError("give either edge, source and target, or property")


@dataclass(frozen=True, kw_only=True)
class NodeType(TomlTable):
    """One kind of node."""

    lists: ClassVar = ("ftm",)

    name: str
    extends: tuple[str, ...] = ()
    description: str
    abstract: bool = False
    ftm: tuple[str, ...] = ()
    """FollowTheMoney schemata read as this type; the first is written on export."""
    key: str | None = None
    """A property whose value is the same thing in every source (curated), such as a jurisdiction's code."""
    caption: tuple[str, ...] = ()
    """The properties that name it to a person; the first with a value is used. Inherited where empty.

    Several with spaces between them are put together, where the last has a value.
    """
    properties: dict[str, Property] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RoleWords(TomlTable):
    """How a link reads on which the role is stated that these words are for."""

    caption: str
    inverse: str


HOLDING_TRAITS = ("ownership", "control", "benefit", "encumbrance")
"""Traits of links by which something is held. A report tells them where both ends are members of a cluster."""


@dataclass(frozen=True, kw_only=True)
class LinkType(TomlTable):
    """One kind of link, with its direction in words: from, caption, to; to, inverse, from."""

    lists: ClassVar = ("from", "to", "ftm")

    name: str
    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    abstract: bool = False
    traits: tuple[str, ...] = ()
    description: str
    caption: str = ""
    inverse: str = ""
    directed: bool = True
    event: bool = False
    """Whether it happens on a day and stays true, as a payment does, instead of lasting from a day to a day."""
    handling: str = "open"
    ftm: tuple[FtmLink, ...] = ()
    roles: dict[str, RoleWords] = field(default_factory=dict)
    """The words for a link whose `role` has one of these words: a nominee holds for others too, and is no trustee."""
    properties: dict[str, Property] = field(default_factory=dict)

    @property
    def is_holding(self) -> bool:
        """Whether something is held by it for a time: its `date` says when that was stated, and is no event."""
        return not self.event and any(trait in self.traits for trait in HOLDING_TRAITS)

    def words(self, properties: Mapping[str, Sequence[str]]) -> LinkType | RoleWords:
        """What has the caption and inverse of a link with these properties: its role, where every source states it."""
        stated = [text.casefold() for text in properties.get("role", ())] if self.roles else []
        for role, words in self.roles.items():
            if stated and all(re.search(rf"\b{role}", text) for text in stated):
                return words
        return self


class Ontology:
    """Every node type, link type and trait, with inheritance resolved."""

    def __init__(self, nodes: Iterable[NodeType], links: Iterable[LinkType], traits: Mapping[str, str]) -> None:
        self.nodes = {n.name: n for n in sorted(nodes, key=lambda n: n.name)}
        self.links = {t.name: t for t in sorted(links, key=lambda t: t.name)}
        self.traits = dict(sorted(traits.items()))
        self._merged_properties: dict[tuple[str, ...], Mapping[str, Property]] = {}
        self._with_trait: dict[tuple[str, ...], frozenset[str]] = {}
        self._kinds_of: dict[str, frozenset[str]] = {}
        self._base_link = next((t for t in self.links.values() if t.abstract), None)

    def lineage(self, name: str) -> tuple[str, ...]:
        """A node type and all it extends, most special first, each once."""
        return self._lineages[name]

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether every node of type `name` is also an `ancestor`."""
        return ancestor in self._lineages[name]

    def kinds_of(self, ancestor: str) -> frozenset[str]:
        """`ancestor` and every type that extends it."""
        if ancestor not in self._kinds_of:
            self._kinds_of[ancestor] = frozenset(n for n, line in self._lineages.items() if ancestor in line)
        return self._kinds_of[ancestor]

    def most_specific(self, types: Iterable[str]) -> tuple[str, ...]:
        """The most specific of the node types claimed of one node, sorted; one unless claims contradict each other."""
        claimed = set(types)
        if len(claimed) == 1:
            return tuple(claimed)
        return tuple(sorted(t for t in claimed if not any(o != t and self.is_a(o, t) for o in claimed)))

    def properties(self, name: str) -> Mapping[str, Property]:
        """All properties of a node or link type, its own and inherited, sorted by name."""
        return self._properties[name]

    def properties_of_type(self, name: str, value_type: str) -> dict[str, Property]:
        """Those of a node or link type whose values are of a value type, such as `money`, sorted by name."""
        return {own: known for own, known in self.properties(name).items() if known.type == value_type}

    def canonical_properties(self, name: str, stated: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        """What a record states of a node or link type: canonical texts of known properties, without what is none."""
        known = self.properties(name)
        read = ((own, tuple(known[own].texts_of(raws))) for own, raws in stated.items() if own in known)
        return {own: texts for own, texts in read if texts}

    def merged_properties(self, types: tuple[str, ...]) -> Mapping[str, Property]:
        """The properties of a thing of several types; of two with one name, that of the first type."""
        if types not in self._merged_properties:
            found = (self.properties(name) for name in reversed(types))
            self._merged_properties[types] = {name: prop for known in found for name, prop in known.items()}
        return self._merged_properties[types]

    def with_trait(self, *traits: str) -> frozenset[str]:
        """The link types that have any of `traits`. Raises KeyError for a trait that nobody declared."""
        if traits not in self._with_trait:
            unknown = set(traits) - set(self.traits)
            if unknown:
                raise KeyError(f"no trait {sorted(unknown)[0]!r}; there are {', '.join(self.traits)}")
            found = (link.name for link in self.links.values() if set(traits) & set(link.traits))
            self._with_trait[traits] = frozenset(found)
        return self._with_trait[traits]

    def leading_to(self, ancestor: str) -> tuple[str, ...]:
        """The link types that records may use and that may lead to an `ancestor`, sorted."""
        kinds = {*self.lineage(ancestor), *self.kinds_of(ancestor)}
        return tuple(name for name in self.link_names if kinds & set(self.links[name].to))

    def caption_properties(self, name: str) -> tuple[str, ...]:
        """The properties that name a node of this type to a person, best first; several with spaces are one name."""
        return self._captions[name]

    def is_called_in_full(self, name: str) -> bool:
        """Whether the most complete name of a node of this type is the best: states and treaties have shorter ones."""
        return self.is_a(name, "Party") or self.is_a(name, "Asset")

    def stated_caption(self, name: str, properties: Mapping[str, Sequence[str]]) -> str:
        """What the properties of one record call a node of this type; empty where none of them names it."""
        return self.claimed_caption((name,), [("", {}, properties)])

    def claimed_caption(self, types: tuple[str, ...], claims: Sequence[Statement]) -> str:
        """What claims (source, provenance and properties of each) call a node of some types; empty without a name."""
        known, in_full = self.merged_properties(types), self.is_called_in_full(types[0])
        for caption in self.caption_properties(types[0]):
            stated: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
            for source, provenance, properties in claims:
                canonical = {
                    name: texts
                    for name in caption.split(" ")
                    if (texts := known[name].texts_of(properties.get(name, ())))
                }
                for text in names_by(caption, canonical, in_full=in_full):
                    stated.setdefault(text, []).append((source, provenance))
            if stated:
                chosen = choose_name(stated, in_full=in_full) if len(stated) > 1 else next(iter(stated))
                return known[caption].caption(chosen) if caption in known else chosen
        return ""

    def allows(self, link: str, from_type: str, to_type: str) -> bool:
        """Whether a link of type `link` may go from one node type to the other."""
        t = self.links[link]
        return any(self.is_a(from_type, f) for f in t.from_) and any(self.is_a(to_type, g) for g in t.to)

    def contradicts_end(self, link: str, node_type: str, *, head: bool) -> bool:
        """Whether a node of a type can be no end of a link: nothing that is of the type is of one that may be there."""
        allowed = self.links[link].to if head else self.links[link].from_
        return all(self.kinds_of(node_type).isdisjoint(self.kinds_of(one)) for one in allowed)

    def end_types_text(self, link: str, from_type: str, to_type: str) -> str:
        """`owns goes from party to asset, not from person to person`."""
        tails, heads = (" or ".join(types) for types in (self.links[link].from_, self.links[link].to))
        return type_label(f"{link} goes from {tails} to {heads}, not from {from_type} to {to_type}")

    @cached_property
    def link_names(self) -> tuple[str, ...]:
        """The names of the link types that records may use, sorted."""
        return tuple(n for n, t in self.links.items() if not t.abstract)

    @cached_property
    def node_names(self) -> tuple[str, ...]:
        """The names of the node types that records may use, sorted."""
        return tuple(n for n, t in self.nodes.items() if not t.abstract)

    @cached_property
    def protected_links(self) -> frozenset[str]:
        """The link types whose every claim is for the protected scope alone."""
        return frozenset(t.name for t in self.links.values() if t.handling == "protected")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the ontology and the version of the rules for values; a graph made under another is rebuilt.

        Descriptions, examples and the words of roles are for people and change no graph, so they are left out.
        """
        types: list[dict[str, Any]] = []
        for kind in (*self.nodes.values(), *self.links.values()):
            data = kind.to_json()
            for name in {"description", "roles"} & data.keys():
                del data[name]
            for prop in data["properties"].values():
                del prop["description"], prop["example"]
            types.append(data)
        return hashlib.sha256(repr((RULES_VERSION, types, list(self.traits))).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The whole ontology as plain data."""
        return {
            "nodes": [n.to_json() for n in self.nodes.values()],
            "links": [t.to_json() for t in self.links.values()],
            "traits": self.traits,
        }

    @cached_property
    def _lineages(self) -> dict[str, tuple[str, ...]]:
        def walk(name: str) -> Iterable[str]:
            yield name
            for parent in self.nodes[name].extends:
                yield from walk(parent)

        return {name: tuple(sorted(set(walk(name)), key=lambda n: (self._depth(n), n))) for name in self.nodes}

    def _depth(self, name: str) -> int:
        """Minus the longest way up to a root, so that special types come first."""
        parents = self.nodes[name].extends
        return -1 + min((self._depth(p) for p in parents), default=1)

    @cached_property
    def _captions(self) -> dict[str, tuple[str, ...]]:
        lines = ((name, (self.nodes[n].caption for n in line)) for name, line in self._lineages.items())
        return {name: next(filter(None, captions), ()) for name, captions in lines}

    @cached_property
    def _properties(self) -> dict[str, Mapping[str, Property]]:
        found: dict[str, Mapping[str, Property]] = {}
        for name in self.nodes:
            merged: dict[str, Property] = {}
            for ancestor in reversed(self.lineage(name)):
                merged.update(self.nodes[ancestor].properties)
            found[name] = dict(sorted(merged.items()))
        shared = self._base_link.properties if self._base_link else {}
        for name, link in self.links.items():
            found[name] = dict(sorted({**shared, **link.properties}.items()))
        return found
