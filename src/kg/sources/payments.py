"""What payments name beside their two ends, and what stands for an end that they do not name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.ontology import Ontology
from kg.ontology.values import VALUE_TYPES, BadValue
from kg.records import COUNTERPARTY, USES_OF_ACCOUNTS, ReadResult, Record, Ref, Reverse
from kg.sources.rows import key_problem

ASSOCIATION = "ASSOCIATED_WITH"


def account_links(payment: Record) -> Iterator[Record]:
    """A link from each party of a payment to each account that the payment names with it, of the same row.

    It says no more than that the two are named together: the payment is one all the same.
    """
    assert payment.ends is not None
    for (name, relation), party in zip(USES_OF_ACCOUNTS.items(), payment.ends, strict=True):
        for key in payment.properties.get(name, ()):
            account = Ref(party.namespace, key)
            if account != party and not key_problem(key):
                part = f"{name}:{party.key}→{key}"
                said = {"relation": [relation]}
                yield replace(
                    *(payment,),
                    type=ASSOCIATION,
                    properties=said,
                    part=part,
                    ends=(party, account),
                    other={},
                    not_understood=(),
                    named=True,
                    again=False,
                )


def unnamed_counterparty(payment: Record, key: str, words: Sequence[str] = ()) -> Record:
    """The node, under a key, that stands for the end which a payment does not name; nothing else is known of it.

    `words`: what the source says in its place, such as `cash`; without any, the purpose.
    """
    words = words or payment.properties.get("purpose") or payment.properties.get("summary") or ["not named"]
    return replace(
        payment,
        key=key,
        type=COUNTERPARTY,
        properties={"stated_as": [*words]},
        part="",
        ends=None,
        other={},
        not_understood=(),
        named=True,
        again=False,
    )


class Directions:
    """Turns payments whose amounts say by their sign who paid whom; the amounts lose it."""

    def __init__(self, ontology: Ontology, reverse: Reverse) -> None:
        self._reverse = reverse
        self._amounts = {
            name: [p for p, known in ontology.properties(name).items() if known.type == "money"]
            for name in ontology.with_trait("payment")
        }

    def read(self, readings: Iterable[ReadResult]) -> Iterator[ReadResult]:
        """The same readings, of which payments go the way that their amounts say."""
        for reading in readings:
            if isinstance(reading, Record) and reading.type in self._amounts:
                self.turn(reading)
            yield reading

    def turn(self, payment: Record) -> None:
        """Exchange the ends of a payment where its amounts say so; one that sources give both signs stays."""
        if payment.ends is None:
            return
        stated = {name: [*found] for name in self._amounts[payment.type] if (found := payment.properties.get(name))}
        signs = {_is_below_zero(text) for texts in stated.values() for text in texts}
        if len(signs) != 1:
            return
        is_negative = signs.pop()
        if is_negative:
            plain = {name: [_without_sign(text) for text in texts] for name, texts in stated.items()}
            payment.properties = {**payment.properties, **plain}
            payment.other = {**stated, **payment.other}
            payment.read_columns |= stated.keys()
        if is_negative == (self._reverse == "below-zero"):
            tail, head = payment.ends
            payment.ends = head, tail
            accounts = dict(zip(USES_OF_ACCOUNTS, reversed([*USES_OF_ACCOUNTS]), strict=True))
            payment.properties = {accounts.get(name, name): found for name, found in payment.properties.items()}


def _is_below_zero(text: str) -> bool:
    return _cleaned(text).startswith("-")


def _without_sign(text: str) -> str:
    return _cleaned(text).removeprefix("-")


def _cleaned(text: str) -> str:
    try:
        return VALUE_TYPES["money"].clean(text)
    except BadValue:
        return text
