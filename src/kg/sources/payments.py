"""What payments name beside their two ends, and what stands for an end that they do not name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.records import COUNTERPARTY, USES_OF_ACCOUNTS, Record, Ref
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
        again=False,
    )
