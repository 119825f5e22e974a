"""Builds the nodes and links that a row of a mapped table claims."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import product
from typing import NamedTuple

import orjson

from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED
from kg.ontology.memo import Memo
from kg.ontology.model import Property
from kg.ontology.values import VALUE_TYPES, BadValue, names_currency
from kg.ontology.words import (
    TypeWord,
    closest,
    fold_text,
    fold_word,
    type_label,
    words_meant,
    words_of_types,
    words_of_values,
)
from kg.records import JURISDICTION_NAMESPACE, USES_OF_ACCOUNTS, Record, Ref, Reject
from kg.sources.countries import UNKNOWN_PLACE, is_known_code
from kg.sources.files.spreadsheet_damage import spreadsheet_damage
from kg.sources.payments import Directions
from kg.sources.rows import PropertyChecks
from kg.sources.tabular.mapped_row import (
    KEY_FACTS,
    KeyReader,
    MappedRow,
    RowCondition,
    ValueReader,
    list_limited,
    meant,
)
from kg.sources.tabular.mapping import CellMapping, ClaimMapping, LinkMapping, NodeMapping, TypeMapping
from kg.sources.tabular.mapping_lint import is_jurisdiction_end, possible_types

ValueReaderFactory = Callable[[CellMapping], ValueReader]


class MappingContext(NamedTuple):
    """What all builders of a mapping share."""

    ontology: Ontology
    namespace: str
    checks: PropertyChecks
    value_reader: ValueReaderFactory
    key_reader: Callable[[CellMapping], KeyReader]


class _TypeReader:
    """Reads the type of a claim from a row, and whether the ends of a link are exchanged."""

    def __init__(self, declared: TypeMapping, names: Mapping[str, TypeWord]) -> None:
        """`names` maps the words of a column that names the ontology's types to types."""
        self._declared = declared
        self.column = declared.column
        self._always = TypeWord(declared.always) if declared.always else None
        self._otherwise = TypeWord(declared.otherwise) if declared.otherwise else None
        self._blank = TypeWord(declared.blank) if declared.blank else self._otherwise
        declared_words = {word: TypeWord(t.type, t.reverse) for word, t in declared.words.items()}
        self._fold = fold_text if declared_words else fold_word
        self._types_by_word: Mapping[str, TypeWord] = declared_words or names
        one_each = {(t.type, t.reverse): word for word, t in reversed(declared.values.items())}
        expected = list(one_each.values()) or sorted({word.type for word in names.values()})
        self._problem = lru_cache(maxsize=1_024)(partial(_type_problem, self._types_by_word, expected))

    def read(self, row: MappedRow) -> TypeWord | None:
        """What the word of the row means; None, with a reject, for an unknown type."""
        if self._always:
            return self._always
        column = self._declared.column
        text = row.cells.get(column, "")
        if not text and self._blank:
            return self._blank
        if found := self._types_by_word.get(self._fold(text)):
            row.used_columns.add(column)
            return found
        if self._otherwise is None:
            row.reject_value([column], text, self._problem(self._fold(text)))
        return self._otherwise

    def claimed_type(self, row: MappedRow) -> str:
        """The type alone; empty for an unknown one."""
        found = self._types_by_word.get(self._fold(row.cells.get(self._declared.column, "")))
        return (self._always or found or self._otherwise or TypeWord("")).type

    def kept_word(self, row: MappedRow, word: TypeWord) -> tuple[str, str]:
        """The property that keeps the row's word for its type, and the word; empty if it says no more than the type."""
        text = row.cells[self._declared.column] if word.keep else ""
        return word.keep, _AROUND_ROLE.sub("", text) if word.keep == "role" else text


_AROUND_ROLE = re.compile(
    r"^(?:(?:is|was|has|had|acts|acted) (?:as )?(?:an? |the )?)|(?: of| for| under| in)$", re.IGNORECASE
)
"""What stands around a role in the words of a link, such as `has as nominee` or `trustee of`."""


def _type_problem(types_by_word: Mapping[str, TypeWord], expected: Sequence[str], word: str) -> str:
    """What is wrong with a word that names no type: the type that was probably meant, else those there are."""
    close = closest(word, types_by_word) or _one_letter_off(word, types_by_word)
    if not close:
        return f"expected {'' if word else 'a type, not an empty cell: '}one of {list_limited(expected)}"
    name = types_by_word[close].type
    return f"did you mean {name}{'' if close == fold_word(name) else f' (write: {close})'}?"


def _one_letter_off(word: str, types_by_word: Mapping[str, TypeWord]) -> str:
    """The word of which one letter was mistyped, where all such words mean one type; short words are less alike."""
    near = [
        known
        for known in types_by_word
        if len(known) == len(word) > 2 and sum(a != b for a, b in zip(known, word, strict=True)) == 1
    ]
    return min(near) if len({types_by_word[known].type for known in near}) == 1 else ""


class _ClaimBuilder:
    """What builders of nodes and of links have in common."""

    def __init__(self, claim: ClaimMapping, context: MappingContext, names: Mapping[str, TypeWord]) -> None:
        self.claim = claim
        self.condition = RowCondition(claim.when, claim.unless)
        self._context = context
        self._types = _TypeReader(claim.type, names)
        self._readers = {
            n: [(context.key_reader if n in USES_OF_ACCOUNTS else context.value_reader)(c) for c in cells]
            for n, cells in claim.property_cells.items()
        }
        self._property_of_cells = {
            ", ".join(source.columns): name for name, found in reversed(self._readers.items()) for source in found
        }
        """The first property that some columns are read for."""
        self._sources_of_type = lru_cache(maxsize=None)(self._select_sources)
        self._implied = lru_cache(maxsize=1_024)(self._find_implied)

    def claims_protected(self, row: MappedRow) -> bool:
        """Whether the claim is of a type that is protected, also if it cannot be read."""
        return self._types.claimed_type(row) in self._context.ontology.protected_links

    def _properties(self, word: TypeWord, row: MappedRow) -> dict[str, list[str]]:
        """The values that the ontology accepts; the others become rejects of the row."""
        cells, type_name = row.cells, word.type
        kept: dict[str, list[str]] = {}
        before = len(row.rejects)
        for name, value_type, is_sound, sources in self._sources_of_type(type_name):
            for source in sources:
                if source.column and source.column not in cells:
                    continue
                for text in source.read(row) if source.column else self._read_together(source, row, (name, value_type)):
                    value, problem = text, ""
                    if not is_sound[text] or (row.currencies and value_type in _AMOUNTS):
                        value, problem = self._value_read(source, row, (type_name, name, value_type), text)
                    if problem:
                        row.reject_value(source.columns, value, problem, name)
                    elif value not in (found := kept.setdefault(name, [])):
                        found.append(value)
                        if row.warnings and value_type == "identifier":
                            row.add_warning(source.columns, value)
        if len(row.rejects) > before:
            row.rejects[before:] = map(self._name_property, row.rejects[before:])
        if word.keep:
            self._keep_word(word, row, kept)
            self._add_implied(word, row, kept)
        return kept

    def _value_read(self, source: ValueReader, row: MappedRow, of: tuple[str, str, str], text: str) -> tuple[str, str]:
        """The value that a text stands for which cannot be taken as it is; else the text, and what is wrong with it.

        `of` is the type, the property and its value type.
        """
        type_name, name, value_type = of
        problem = self._context.checks.of_type(type_name)[name](text)
        problem = problem or _spreadsheet_problem(row, source.columns, (name, value_type), text)
        return self._value_meant(type_name, name, text, problem) if problem else (text, "")

    def _read_together(self, source: ValueReader, row: MappedRow, of: tuple[str, str]) -> Sequence[str]:
        """The values of cells that are only read together, also where not all are filled."""
        filled = source.half_filled(row) if len(source.columns) > 1 else ()
        return (self._read_half(source, filled, row, of) if filled else ()) or source.read(row)

    def _read_half(
        self, source: ValueReader, filled: Sequence[str], row: MappedRow, of: tuple[str, str]
    ) -> Sequence[str]:
        """The value of cells that are only read together and are not all filled; none where one that is empty counts.

        An amount may have its currency in its own cell. An amount that lacks something is not understood, and told;
        other cells are remarked on in a sheet that people fill in. `of` is the property and its value type.
        """
        (name, value_type), texts = of, [row.cells[column] for column in filled]
        if value_type not in _AMOUNTS or not any(map(_has_digit, texts)):
            if row.source_row.cells is not None:
                row.rejects += source.empty_cell_remarks(filled, row)
            return ()
        row.used_columns.update(filled)
        if whole := source.with_written_currency(filled, row):
            return (whole,)
        empty = [column for column in source.columns if column not in filled]
        try:
            VALUE_TYPES["money"].clean(" ".join(texts))
            problem = ""
        except BadValue as error:
            problem = str(error) if value_type == "money" else ""
        row.reject_value(filled, " ".join(texts), problem or f"expected a value in {', '.join(empty)} too", name)
        return ()

    def _select_sources(self, type_name: str) -> list[tuple[str, str, Memo[bool], list[ValueReader]]]:
        """The sources of each property of a type with its value type, and whether a text is a value as it is.

        The cells of properties that only other types of the claim have are kept under their own names.
        """
        known = self._context.ontology.properties(type_name)
        return [
            (name, known[name].type, _sound_values(name, known[name]), sources)
            for name, sources in self._readers.items()
            if name in known
        ]

    def _keep_word(self, word: TypeWord, row: MappedRow, kept: dict[str, list[str]]) -> None:
        """Keep the word that a row has for its type, such as spouse, unless the row says the same more exactly."""
        name, text = self._types.kept_word(row, word)
        if kept.get(name):
            return
        value, problem = text, self._context.checks.of_type(word.type)[name](text)
        if problem:
            value, problem = self._value_meant(word.type, name, text, problem)
        if not problem:
            kept[name] = [value]

    def _add_implied(self, word: TypeWord, row: MappedRow, kept: dict[str, list[str]]) -> None:
        """Add the value that the row's word for its type means as well: `beneficial owner` has a beneficial interest.

        A value that the row states itself counts more; one that contradicts the word is kept, and the word rejected.
        """
        column, text = self._types.column, row.cells[self._types.column]
        for name, value in self._implied(word.type, word.keep, fold_word(text)):
            stated = kept.setdefault(name, [value])
            if value not in stated:
                problem = f"means {name} {value}, but the row says {', '.join(stated)}; that is kept"
                row.reject_value([column], text, problem, name)

    def _find_implied(self, type_name: str, keep: str, word: str) -> list[tuple[str, str]]:
        """The properties of a type, but the one that keeps its words, of which a word for the type means a value."""
        known = self._context.ontology.properties(type_name)
        words = {n: words_of_values((type_name,), n, p.values) for n, p in known.items() if p.values and n != keep}
        return [(name, found[word]) for name, found in words.items() if word in found]

    def _value_meant(self, type_name: str, name: str, text: str, problem: str) -> tuple[str, str]:
        """The value that a word of the trade means and nothing; else the text, and what is wrong with it."""
        ontology = self._context.ontology
        values = ontology.properties(type_name)[name].values
        if not values:
            return text, problem
        lineage = ontology.lineage(type_name) if type_name in ontology.nodes else (type_name,)
        words = words_of_values(lineage, name, values)
        if found := words.get(fold_word(text)):
            return found, ""
        word = fold_word(text)
        if maybe := words_meant((type_name, name)).get(word):
            return text, f"{problem}; did you mean {maybe}?"
        hint = meant(text, words)
        if not hint and (other := words_of_types("nodes", ontology.node_names).get(word)) and other.type not in lineage:
            hint = f"; {text} is a word for the type {other.type}"
        return text, f"{problem}{hint}"

    def unread_cell(self, reject: Reject, row: MappedRow) -> Reject | None:
        """The reject of a cell of the row, with the property that reads it, and the words of the cells that are read
        together with it, such as a currency; None where no property does.
        """
        value = reject.value
        for name, source in ((name, source) for name, sources in self._readers.items() for source in sources):
            if value and value.name in source.columns:
                row.used_columns.update(source.columns)
                words = source.written({**row.cells, value.name: value.words}) or value.words
                return _with_property(replace(reject, value=value._replace(words=words)), name)
        return None

    def _name_property(self, reject: Reject) -> Reject:
        """The reject of a cell that could not be converted, with the property that it would be a value of."""
        return _with_property(reject, self._property_of_cells.get(reject.value.name, "") if reject.value else "")


_AMOUNTS = ("money", "valuation")


def _sound_values(name: str, known: Property) -> Memo[bool]:
    """Whether a text is a value of a property, and nothing that a spreadsheet program made of one."""
    return Memo(lambda text: known.texts[text] is not None and spreadsheet_damage(name, known.type, text) is None)


def _spreadsheet_problem(row: MappedRow, columns: Sequence[str], of: tuple[str, str], value: str) -> str:
    """What a spreadsheet made of a value, so that it is not understood; empty for most. Less is remarked on.

    `of` is the property and its value type.
    """
    if of[1] in _AMOUNTS:
        shown = [sign for column in columns if (sign := row.currencies.get(column, ""))]
        other = next((sign for sign in shown if not names_currency(sign, value)), "")
        return f"the cell is shown in {other}; that and {value} are two currencies" if other else ""
    damage = spreadsheet_damage(*of, value)
    if damage is None:
        return ""
    row.add_remark(columns, value, damage.remark)
    return damage.problem


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _with_property(reject: Reject, name: str) -> Reject:
    if reject.value is None or reject.value.property:
        return reject
    return replace(reject, value=reject.value._replace(property=name))


class NodeBuilder(_ClaimBuilder):
    """Builds a node that a row describes."""

    def __init__(self, claim: NodeMapping, context: MappingContext) -> None:
        ontology, ancestor = context.ontology, claim.kind_of
        kinds = [n for n in ontology.node_names if not ancestor or ontology.is_a(n, ancestor)]
        super().__init__(claim, context, node_types_by_word(tuple(kinds)))
        self._key = context.key_reader(claim.key) if claim.key else None
        self.is_of_row = claim.key is None
        """Whether it is the node that the row is about."""
        self._referents = [context.key_reader(cell) for cell in claim.referents]

    def build(self, key: str, row: MappedRow) -> list[Record]:
        """One record, or none where the row does not claim the node."""
        own = self._key.read(row) if self._key else [key]
        found = self._types.read(row) if own else None
        if found is None:
            return []
        if problem := _key_problem(self._key, own[0], row):
            row.reject_value(self._key.columns if self._key else (), own[0], problem)
            return []
        others = {r for source in self._referents for r in source.read(row)} - {own[0]}
        properties = self._properties(found, row)
        return [Record(own[0], found.type, properties, referents=tuple(sorted(others)), line=row.source_row.line)]


class LinkBuilder(_ClaimBuilder):
    """Builds the links that a row describes: one for each pair of ends."""

    def __init__(
        self, claim: LinkMapping, context: MappingContext, part: str, *, is_row: bool, own_columns: Sequence[str] = ()
    ) -> None:
        """`part` names the link among the row's claims; `is_row` says that the row describes only links.

        `own_columns`: the columns that are read for this link alone, where they tell that the row states it.
        """
        super().__init__(claim, context, link_types_by_word(context.ontology))
        self._key = context.key_reader(claim.key) if claim.key else None
        self._ends = tuple(context.key_reader(end) if end else None for end in (claim.from_, claim.to))
        self._namespaces = (claim.from_namespace, claim.to_namespace)
        self._namespace = lru_cache(maxsize=None)(self._select_namespace)
        several = any(end is not None and end.split for end in (claim.from_, claim.to))
        self._part, self._names_ends = part, several or not is_row or bool(claim.key)
        amounts = (*_names_of_type("money", claim, context), *_names_of_type("percent", claim, context))
        self._amounts = [c for name in amounts for reader in self._readers[name] for c in reader.columns]
        self._own_columns = own_columns
        known = context.ontology.links
        self._directions = Directions(context.ontology, claim.reverse) if claim.reverse else None
        types = possible_types(claim, context.ontology)
        self._is_payment = context.ontology.with_trait("payment").issuperset(types)
        self._is_row = is_row
        self._is_event = is_row and claim.type.always in known and known[claim.type.always].event

    def build(self, key: str, row: MappedRow) -> list[Record]:
        """The links; none where the row lacks an end, which is an error only where it states the link all the same."""
        if self._key:
            key = next(iter(self._key.read(row)), key)
        before = len(row.rejects)
        tails, heads = self._read_end(0, key, row), self._read_end(1, key, row)
        if bool(tails) != bool(heads) and len(row.rejects) == before and self._states_payment(row):
            tails, heads = tails or [""], heads or [""]
        if len(row.rejects) > before and self.claim.type.always:
            row.rejects[before:] = (_with_property(r, self.claim.type.always) for r in row.rejects[before:])
        read_type = (tails and heads) or (self.claim.type.column and row.source_row.cells is not None)
        found = self._types.read(row) if read_type else None
        if found is None or not (tails and heads):
            amounts = (row.cells.get(column, "") for column in self._amounts)
            if any(map(_has_digit, amounts)) or any(map(row.cells.get, self._own_columns)):
                row.rejects += self.missing_ends(row)
                row.lost += row.rejects[before:] if self._is_row else []
            return []
        type_name, reverse = found.type, found.reverse
        froms = self._read_refs(self._namespace(type_name, reverse, 0), 0, type_name, tails, row)
        tos = self._read_refs(self._namespace(type_name, reverse, 1), 1, type_name, heads, row)
        if not (froms and tos) and self._is_event:
            row.lost += row.rejects[before:]
        properties = self._properties(found, row) if froms and tos else {}
        records = []
        for one, other in product(froms, tos):
            ends, part = (other, one) if reverse else (one, other), self._part_name(one, other)
            records.append(Record(key, type_name, properties, part, ends, line=row.source_row.line))
            if self._directions:
                self._directions.turn(records[-1])
        return records

    def _states_payment(self, row: MappedRow) -> bool:
        """Whether the row states an amount that was paid, also to or by nobody whom it names."""
        return self._is_payment and any(_has_digit(row.cells.get(column, "")) for column in self._amounts)

    def _read_end(self, side: int, key: str, row: MappedRow) -> list[str]:
        end = self._ends[side]
        return end.read(row) if end else [key]

    def missing_ends(self, row: MappedRow) -> list[Reject]:
        """A reject for each end whose cells are empty."""
        empty = [end for end in self._ends if end and not any(row.cells.get(column) for column in end.columns)]
        return [row.cell_reject(end.columns, ": expected the key of an end, not an empty cell") for end in empty]

    def _select_namespace(self, type_name: str, reverse: bool, side: int) -> str:
        """The namespace of the keys of one end."""
        is_place = is_jurisdiction_end(self._context.ontology, type_name, 1 - side if reverse else side)
        return self._namespaces[side] or (JURISDICTION_NAMESPACE if is_place else self._context.namespace)

    def _read_refs(self, namespace: str, side: int, type_name: str, texts: Sequence[str], row: MappedRow) -> list[Ref]:
        refs, end = list[Ref](), self._ends[side]
        if texts == [""]:
            return [Ref(namespace, "")]  # nobody is named; the reader of the row gives it the key of the payment
        for text in texts:
            key, problem = (
                _PLACES[text] if namespace == JURISDICTION_NAMESPACE else (text, _key_problem(end, text, row))
            )
            if problem:
                row.reject_value(end.columns if end else (), text, problem, type_name)
            else:
                refs.append(Ref(namespace, key))
        return refs

    def _part_name(self, one: Ref, other: Ref) -> str:
        """The part of the row: the name of the claim, and the ends that tell it from the claim's other links."""
        if not self._names_ends:
            return self._part
        named = [ref.key for ref, end in zip((one, other), self._ends, strict=True) if end]
        return ":".join([self._part, *named] if self._part else named)


def _key_problem(reader: KeyReader | None, text: str, row: MappedRow) -> str:
    return reader.problem(text, row) if reader else KEY_FACTS[text].problem


def _find_place(text: str) -> tuple[str, str]:
    """The code of a jurisdiction, and what is wrong with it; the latter is empty when nothing is."""
    try:
        code = VALUE_TYPES["jurisdiction"].clean(text)
    except BadValue as error:
        return "", str(error)
    return code, "" if is_known_code(code) else UNKNOWN_PLACE


_PLACES = Memo(_find_place)

IDENTIFYING_PROPERTIES = ("start_date", "role")
"""Properties that tell a link from others of its type between the same ends, whatever else is said of it."""


class RowKeys:
    """Keys of the rows of a load that have none of their own.

    A key is a digest of the cells, so that it does not depend on the order of the rows or on other rows. Of equal rows
    that carry money, the second and each further one has its number too: they are events of their own. A row that
    describes only links that last, without money, has an identity besides: a digest of their types, ends and
    `IDENTIFYING_PROPERTIES`. Its record is then the same one when an end date is filled in.
    """

    def __init__(self, ontology: Ontology) -> None:
        self._payments = ontology.with_trait("payment")
        lasting = {name for name in ontology.link_names if not ontology.links[name].event}
        self._identified = lasting - ontology.protected_links
        self._money = {name: ontology.properties_of_type(name, "money") for name in ontology.link_names}
        self._seen = dict[int, str]()
        """The first half of the digest of each row with money, to the file of the first of them."""
        self._times: dict[str, int] = {}

    def assign(self, key: str, records: Sequence[Record], file: str) -> str:
        """Give the records of a row, which share its key: links with money their number, other links their identity.

        The name of another file that has an equal row with money before; empty for none.
        """
        events = [record for record in records if record.ends is not None and self._carries_money(record)]
        if not events:
            self._identify(records)
            return ""
        short = int(key[:16], 16)  # half of the digest: a chance hit would only add a number to a key
        first = self._seen.get(short)
        if first is None:
            self._seen[short] = file
            return ""
        self._times[key] = self._times.get(key, 1) + 1
        for record in events:
            record.key, record.again = f"{key}.{self._times[key]}", True
        return first if first != file else ""

    def _identify(self, records: Sequence[Record]) -> None:
        """Give the records of a row their identity, if all are links that last; an open one depends on no protected."""
        text = ""
        for record in records:
            if record.ends is None or record.type not in self._identified or record.provenance.handling == PROTECTED:
                return
            start, role = (record.properties.get(name, ()) for name in IDENTIFYING_PROPERTIES)
            tail, head = record.ends
            text += "\x1f".join((record.type, record.part, *tail, *head, "", *start, "", *role, "\x1e"))
        identity = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        for record in records:
            record.identity = identity

    def _carries_money(self, record: Record) -> bool:
        if amounts := self._money[record.type]:
            return record.type in self._payments or any(record.properties.get(name) for name in amounts)
        return record.type in self._payments


def _names_of_type(value_type: str, claim: ClaimMapping, context: MappingContext) -> list[str]:
    """The mapped properties of a claim that are of a value type, in any type that the claim may have."""
    known = [context.ontology.properties(name) for name in possible_types(claim, context.ontology)]
    return [n for n in claim.property_cells if any(n in props and props[n].type == value_type for props in known)]


def content_digest(content: object) -> str:
    """A digest of some content, as a key that is the same in every load."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def type_spellings(name: str) -> tuple[str, str]:
    """Ways of writing the name of a type, to be folded: `FAMILY_OF`, `RealEstate` and `real estate`."""
    return name, type_label(name)


@lru_cache(maxsize=64)
def node_types_by_word(names: tuple[str, ...]) -> Mapping[str, TypeWord]:
    """Names of node types and words for them to the type."""
    known = words_of_types("nodes", names)
    return {**known, **{fold_word(s): TypeWord(n) for n in names for s in type_spellings(n)}}


@lru_cache(maxsize=4)
def link_types_by_word(ontology: Ontology) -> Mapping[str, TypeWord]:
    """Names and captions of link types, and words for them, to the type and the end that they are read from."""
    found = dict[str, TypeWord]()
    for name in ontology.link_names:
        link = ontology.links[name]
        if link.directed:
            found.setdefault(fold_word(link.inverse), TypeWord(name, reverse=True))
        found[fold_word(link.caption)] = TypeWord(name)
        for words in link.roles.values():
            found[fold_word(words.caption)] = TypeWord(name, keep="role")
            found[fold_word(words.inverse)] = TypeWord(name, reverse=True, keep="role")
    own = {fold_word(s): TypeWord(n) for n in ontology.link_names for s in type_spellings(n)}
    return {**words_of_types("links", ontology.link_names), **found, **own}
