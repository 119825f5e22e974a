"""What payments name beside their two ends, and what stands for an end that they do not name."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace

from kg.ontology import Ontology
from kg.records import COUNTERPARTY, USES_OF_ACCOUNTS, ReadResult, Record, Ref, Reverse
from kg.sources.rows import key_problem

ASSOCIATION = "ASSOCIATED_WITH"

_OTHER_ACCOUNT = dict(zip(USES_OF_ACCOUNTS, reversed([*USES_OF_ACCOUNTS]), strict=True))
"""Each property of a payment that names accounts, to that of the other party."""


def account_links(payment: Record, names: Container[str] = USES_OF_ACCOUNTS) -> Iterator[Record]:
    """A link from each party of a payment to each account that the payment names with it, of the same row.

    `names` are the properties that are looked at. The link says no more than that the two are named together: the
    payment is one all the same.
    """
    assert payment.ends is not None
    for (name, relation), party in zip(USES_OF_ACCOUNTS.items(), payment.ends, strict=True):
        for key in payment.properties.get(name, ()) if name in names else ():
            account = Ref(party.namespace, key)
            if account != party and not key_problem(key):
                part = f"{name}:{party.key}→{key}"
                said = {"relation": [relation]}
                yield replace(
                    payment,
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
        self._amounts = {name: ontology.properties_of_type(name, "money") for name in ontology.with_trait("payment")}

    def read(self, readings: Iterable[ReadResult]) -> Iterator[ReadResult]:
        """The same readings, of which payments go the way that their amounts say."""
        turned: Record | None = None
        for reading in readings:
            if isinstance(reading, Record) and reading.type in self._amounts:
                turned = reading if self.turn(reading) else None
            elif turned and isinstance(reading, Record) and reading.named and reading.key == turned.key:
                name, _, rest = reading.part.partition(":")
                if name in _OTHER_ACCOUNT:  # a link of `account_links`, which follow their payments
                    name = _OTHER_ACCOUNT[name]
                    reading.part, reading.properties = f"{name}:{rest}", {"relation": [USES_OF_ACCOUNTS[name]]}
            yield reading

    def turn(self, payment: Record) -> bool:
        """Exchange the ends of a payment where its amounts say so; one that sources give both signs stays.

        Returns whether they are exchanged.
        """
        if payment.ends is None:
            return False
        amounts = self._amounts[payment.type]
        stated = {name: [*found] for name in amounts if (found := payment.properties.get(name))}
        cleaned = {name: [amounts[name].texts[raw] or raw for raw in raws] for name, raws in stated.items()}
        signs = {text.startswith("-") for texts in cleaned.values() for text in texts}
        if len(signs) != 1:
            return False
        is_negative = signs.pop()
        if is_negative:
            plain = {name: [text.removeprefix("-") for text in texts] for name, texts in cleaned.items()}
            payment.properties = {**payment.properties, **plain}
            payment.other = {**stated, **payment.other}
            payment.read_columns |= stated.keys()
        if is_negative != (self._reverse == "below-zero"):
            return False
        tail, head = payment.ends
        payment.ends = head, tail
        payment.properties = {_OTHER_ACCOUNT.get(name, name): found for name, found in payment.properties.items()}
        return True
