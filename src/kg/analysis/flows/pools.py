"""Whose money a payment moves: that of a party or of an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.records import PAYEE_ACCOUNT, PAYER_ACCOUNT, USES_OF_ACCOUNTS, Claim
from kg.view import GraphView

ACCOUNT_TYPES = ("BankAccount", "CryptoWallet")
"""What a party owns and pays from."""


class PaymentEnd(NamedTuple):
    """One end of a payment, by ids."""

    node: str
    """The party or account that the link names."""
    account: str
    """The account of that party that the payment names too; empty where it names none that is loaded."""
    pool: str
    """The party or account whose money it is counted as."""


class Holdings:
    """Who holds which accounts, as sources say: who owns it, else whoever is named with it in payments."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self.is_account = view.nodes_of(*ACCOUNT_TYPES)
        self._owns = view.link_types_with("ownership")
        self._uses = view.link_types_with("association")
        self._holders = dict[int, frozenset[int]]()

    def holders(self, account: int) -> frozenset[int]:
        """Those who hold an account."""
        if account not in self._holders:
            owners = self._view.incoming.ends(account, self._owns)
            self._holders[account] = frozenset(map(int, owners)) if len(owners) else self._users(account)
        return self._holders[account]

    def named_with(self, party: int) -> list[int]:
        """The accounts that a party owns or is associated with."""
        view = self._view
        ends = (
            view.outgoing.ends(party, self._owns),
            view.outgoing.ends(party, self._uses),
            view.incoming.ends(party, self._uses),
        )
        return sorted({int(node) for side in ends for node in side if self.is_account[node]})

    def of(self, party: int) -> list[int]:
        """The accounts that a party owns, and those without an owner that payments name with no other party."""
        owned = self._view.outgoing.ends(party, self._owns)
        alone = (node for node in self.named_with(party) if self.holders(node) == {party})
        return sorted({*(int(node) for node in owned if self.is_account[node]), *alone})

    def _users(self, account: int) -> frozenset[int]:
        view, found = self._view, dict[str, int]()
        for side, far in ((view.incoming, view.tail), (view.outgoing, view.head)):
            links = (link for link in side.of(account).tolist() if self._uses[view.link_type[link]])
            found |= {view.link_id(link): int(far[link]) for link in links}
        claims = view.records.claims([*found])
        said = (link for link in found if any(_is_use(claim) for claim in claims.get(link, ())))
        return frozenset(found[link] for link in said)


def _is_use(claim: Claim) -> bool:
    return not {*USES_OF_ACCOUNTS.values()}.isdisjoint(claim.properties.get("relation", ()))


class Pools:
    """The ends of some payments, and whose money each moves.

    That of the account, where a payment names one. A party that is named in some payment without an account may have
    used any: what it pays and receives, and what its accounts do, is one pool then, as no source tells them apart.
    `apart`: those of whom is asked; each of them, account or party, is a pool of its own.
    """

    def __init__(
        self,
        view: GraphView,
        holdings: Holdings,
        links: Iterable[int],
        claims: Mapping[str, Sequence[Claim]],
        apart: Collection[int],
    ) -> None:
        self._view, self._holdings, self._apart = view, holdings, frozenset(apart)
        self._names = dict[int, frozenset[tuple[str, str]]]()
        self._accounts = dict[int, tuple[int, int]]()
        for link in links:
            said, ends = claims.get(view.link_id(link), ()), (int(view.tail[link]), int(view.head[link]))
            named = zip(ends, (PAYER_ACCOUNT, PAYEE_ACCOUNT), strict=True)
            payer, payee = (self._account(party, name, said) for party, name in named)
            self._accounts[link] = payer, payee
        self._without_account = frozenset(
            party
            for link, accounts in self._accounts.items()
            for party, account in zip((int(view.tail[link]), int(view.head[link])), accounts, strict=True)
            if account < 0 and not holdings.is_account[party]
        )

    def ends(self, link: int) -> tuple[PaymentEnd, PaymentEnd]:
        """The payer and the payee of a payment."""
        payer, payee = self._accounts[link]
        return self._end(int(self._view.tail[link]), payer), self._end(int(self._view.head[link]), payee)

    def joined(self, pools: Collection[str]) -> dict[str, list[str]]:
        """The accounts that are counted as one with a party, by party, of some pools."""
        found = dict[str, list[str]]()
        for party in sorted(self._without_account):
            if (name := self._view.id(party)) in pools:
                accounts = [a for a in self._holdings.of(party) if self._pool(party, a) == party]
                found |= {name: [self._view.id(account) for account in accounts]} if accounts else {}
        return found

    def _end(self, node: int, account: int) -> PaymentEnd:
        view = self._view
        return PaymentEnd(view.id(node), view.id(account) if account >= 0 else "", view.id(self._pool(node, account)))

    def _pool(self, node: int, account: int) -> int:
        moved = account if account >= 0 else node
        if moved in self._apart:
            return moved
        if node in self._apart:
            return node
        if not self._holdings.is_account[moved]:
            return moved
        holders = self._holdings.holders(moved)
        holder = next(iter(holders)) if len(holders) == 1 else -1
        return holder if holder in self._without_account - self._apart else moved

    def _account(self, party: int, name: str, claims: Sequence[Claim]) -> int:
        """The account that a payment names besides a party; -1 where it names none, or sources name several."""
        said = {(claim.namespace, key) for claim in claims for key in claim.properties.get(name, ())}
        found = [node for node in self._holdings.named_with(party) if said & self._names_of(node)] if said else []
        return found[0] if len(found) == 1 else -1

    def _names_of(self, node: int) -> frozenset[tuple[str, str]]:
        if node not in self._names:
            id_ = self._view.id(node)
            claims = self._view.records.claims([id_]).get(id_, ())
            self._names[node] = frozenset((c.namespace, key) for c in claims for key in (c.key, *c.referents))
        return self._names[node]
