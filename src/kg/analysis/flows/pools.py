"""Whose money a payment moves: that of a party or of an account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from kg.analysis.validity import ANY_DAY, Period, claim_validity, in_doubt, may_hold
from kg.findings.counts import plural
from kg.records import PAYEE_ACCOUNT, PAYER_ACCOUNT, USES_OF_ACCOUNTS, Claim
from kg.view import GraphView, IntArray

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

    @property
    def moved(self) -> str:
        """The account, or else the party."""
        return self.account or self.node


class Holdings:
    """Who holds which accounts, and when, as sources say: who owns it, else whoever is named with it in payments."""

    def __init__(self, view: GraphView) -> None:
        self._view = view
        self.is_account = view.nodes_of(*ACCOUNT_TYPES)
        self._owns = view.link_types_with("ownership")
        self._uses = view.link_types_with("association")
        self._users_of = dict[int, frozenset[int]]()
        self._owners_of = dict[int, tuple[frozenset[int], bool]]()
        """The owners of accounts, of any time, and whether sources date the ownership of any."""

    def holders(self, account: int, period: Period = ANY_DAY) -> frozenset[int]:
        """Those who may hold an account in a period: its owners then, where sources name any of any time."""
        if self.owners(account):
            return self.owners(account, period)
        if account not in self._users_of:
            self._users_of[account] = self._users(account)
        return self._users_of[account]

    def owners(self, account: int, period: Period = ANY_DAY) -> frozenset[int]:
        """Those who may own an account in a period, by the days that sources state."""
        if account not in self._owners_of:
            links = self._ownerships(account)
            owners = frozenset(self._view.tail[links].tolist())
            self._owners_of[account] = owners, bool(self._view.column("dates")[links].any())
        owners, are_dated = self._owners_of[account]
        if not are_dated or period == ANY_DAY:
            return owners
        links = self._ownerships(account)
        return frozenset(self._view.tail[links[may_hold(self._view, links, period)]].tolist())

    def is_dated(self, party: int, account: int) -> bool:
        """Whether sources say from when or until when a party owns an account."""
        return bool(self._view.column("dates")[self._ownerships(account, party)].any())

    def is_doubtful(self, party: int, account: int, period: Period) -> bool:
        """Whether a party that may own an account in a period, by its days, may also not."""
        links = self._ownerships(account, party)
        links = links[may_hold(self._view, links, period)]
        return bool(in_doubt(self._view, links, period).all()) and not self._is_certain(links, period)

    def _is_certain(self, links: IntArray, period: Period) -> bool:
        """Whether what sources state puts one of some links in force in a period, and the day after it too."""
        wider = Period(period.first, period.last + 1)
        said = self._view.records.claims([self._view.link_id(link) for link in links.tolist()]).values()
        return any({claim_validity(c, wider, is_event=False) for c in claims} <= {"yes", ""} for claims in said)

    def _ownerships(self, account: int, party: int = -1) -> IntArray:
        view = self._view
        links = np.asarray(view.incoming.of(account), np.int64)
        links = links[self._owns[view.link_type[links]]]
        return links if party < 0 else links[view.tail[links] == party]

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
    `apart`: those of whom is asked; each of them, account or party, is a pool of its own. An account that a party among
    them owned for a time is in its pool then, and no part of it on other days.
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
        self._asked = {party for party in self._apart if not holdings.is_account[party]}
        self._names = dict[int, frozenset[tuple[str, str]]]()
        self._accounts = dict[int, tuple[int, int]]()
        self._ends = dict[int, tuple[PaymentEnd, PaymentEnd]]()
        for link in links:
            said = claims.get(view.link_id(link), ())
            named = zip(self._parties(link), (PAYER_ACCOUNT, PAYEE_ACCOUNT), strict=True)
            payer, payee = (self._account(party, name, said) for party, name in named)
            self._accounts[link] = payer, payee
        self._without_account = frozenset(
            party
            for link, accounts in self._accounts.items()
            for party, account in zip(self._parties(link), accounts, strict=True)
            if account < 0 and not holdings.is_account[party]
        )

    def ends(self, link: int) -> tuple[PaymentEnd, PaymentEnd]:
        """The payer and the payee of a payment."""
        if link not in self._ends:
            (payer, payee), period = self._accounts[link], self._period(link)
            tail, head = self._parties(link)
            self._ends[link] = self._end(tail, payer, period), self._end(head, payee, period)
        return self._ends[link]

    def joined(self, pools: Collection[str]) -> dict[str, list[str]]:
        """The accounts that are counted as one with a party, by party, of some pools."""
        found = defaultdict[str, set[str]](set)
        asked = {self._view.id(party) for party in self._asked}
        for end in chain.from_iterable(map(self.ends, self._accounts)):
            if end.pool in pools and end.pool not in asked and end.moved != end.pool:
                found[end.pool].add(end.moved)
        return {pool: sorted(found[pool]) for pool in sorted(found)}

    def ownership_notes(self) -> Iterator[str]:
        """What the days leave open on which a party of whom is asked owned its accounts, and what the payments of the
        holders of an account of which is asked leave open.
        """
        accounts_asked = [node for node in self._apart if self._holdings.is_account[node]]
        holders = {party for account in accounts_asked for party in self._holdings.holders(account)} - self._asked
        unnamed = sum(
            any(end in holders and account < 0 for end, account in zip(self._parties(link), accounts, strict=True))
            for link, accounts in self._accounts.items()
        )
        if unnamed:
            count = plural(unnamed, "payments")
            yield (
                f"Not counted as of an account asked for: {count} of its holder without a named account, which may have"
                " been from or into it. Its figures may be wrong by as much."
            )
        undated, doubtful, outside = set[int](), set[int](), set[int]()
        for link, accounts in self._accounts.items() if self._asked else ():
            ends, period = self._parties(link), self._period(link)
            moved = {account if account >= 0 else node for node, account in zip(ends, accounts, strict=True)}
            for account in (one for one in moved if self._holdings.is_account[one]):
                for party in self._asked & self._holdings.owners(account):
                    if not self._holdings.is_dated(party, account):
                        undated.add(account)
                    elif party not in self._holdings.owners(account, period):
                        outside.add(link)
                    elif self._holdings.is_doubtful(party, account, period):
                        doubtful.add(link)
        if undated:
            yield f"No source dates the ownership of {plural(len(undated), 'accounts')}: payments of any day count."
        if doubtful:
            yield f"{plural(len(doubtful), 'payments')} may be of a day on which the account was not theirs."
        if outside:
            count = plural(len(outside), "payments")
            yield f"Counted as of others: {count} of days on which the account was not theirs."

    def _parties(self, link: int) -> tuple[int, int]:
        return int(self._view.tail[link]), int(self._view.head[link])

    def _period(self, link: int) -> Period:
        return Period(*map(int, self._view.column("dates")[link]))

    def _end(self, node: int, account: int, period: Period) -> PaymentEnd:
        view, pool = self._view, self._pool(node, account, period)
        return PaymentEnd(view.id(node), view.id(account) if account >= 0 else "", view.id(pool))

    def _pool(self, node: int, account: int, period: Period) -> int:
        moved = account if account >= 0 else node
        if moved in self._apart:
            return moved
        if node in self._apart:
            return node
        if not self._holdings.is_account[moved]:
            return moved
        if asked := self._asked & self._holdings.owners(moved, period):
            return min(asked)
        holders = self._holdings.holders(moved, period)
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
