"""Owns orders, returns and divisions by chance from a seed alone: what the laws of money are tried on at volume."""

import random
from collections.abc import Sequence

from csflow.settlement.books import Book, Payment
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.orders import Bundle, Freight, Line, Offer, Order, Tender, Threshold, Tier
from csflow.settlement.terms import Terms
from csflow.values.routing import Routing
from csflow.values.sharing import Share

CASH = frozenset({"card", "wechat"})
_TENDERS = ("wechat", "balance", "red_packet", "coupon")


class Chance(random.Random):
    """A stream of cases: the same seed gives the same ones on every machine."""

    def is_so(self, percent: int = 50) -> bool:
        return self.randrange(100) < percent

    def amount(self, most: int = 40_000) -> int:
        """Often small, round or zero: that is where shares tie and units cost nothing."""
        sort = self.randrange(6)
        if sort == 0:
            return 0
        if sort == 1:
            return self.randint(0, 12)
        if sort == 2:
            return 100 * self.randint(0, most // 100)
        return self.randint(0, most)

    def weights(self) -> list[int]:
        return [self.amount() for _ in range(self.randint(1, 8))]

    def shares(self) -> list[Share]:
        """Parties by limit, ratio and rest; somebody always bears the rest."""
        found = [Share("merchant", rest=True)]
        for party in ("carrier", "platform", "supplier", "insurer")[: self.randint(0, 4)]:
            limit = self.randint(-50, 20_000) if self.is_so() else None
            weight = self.randint(1, 9) if limit is None or self.is_so() else 0
            found.append(Share(party, weight, limit))
        self.shuffle(found)
        return found

    def ledger(self) -> Ledger:
        """One to four lines of up to four units, up to three offers, freight, tax, and one to four tenders."""
        lines = tuple(Line(f"l{place}", self.randint(1, 4), self.amount()) for place in range(self.randint(1, 4)))
        offers = tuple(self._offer(f"o{number}", len(lines)) for number in range(self.randint(0, 3)))
        threshold = self.amount(60_000) if self.is_so() else None
        freight = Freight(self.choice((0, 0, 1, 800, 1_234)), threshold, self.randint(0, 1_500))
        bought = Order("o", "CNY", lines, (), offers, freight, self.choice((0, 0, 1, 333, 9_100)))
        left, tenders = freeze(bought).paid, []
        for name in self.sample(_TENDERS, self.randint(0, 3)):
            part = self.randint(0, left)
            tenders.append(Tender(name, name, part, self.choice(("customer", "platform"))))
            left -= part
        tenders.insert(self.randint(0, len(tenders)), Tender("card", "card", left))
        return freeze(Order("o", "CNY", lines, tuple(tenders), offers, freight, bought.tax))

    def _offer(self, id: str, lines: int) -> Offer:
        scope = tuple(sorted(self.sample(range(lines), self.randint(1, lines))))
        sort = self.randrange(4)
        if sort == 0:
            return Offer(id, "merchant", scope, Bundle(tuple((place, 1) for place in scope), self.amount()))
        if sort == 1:
            every = Threshold((Tier(self.randint(1, 9_000), self.randint(0, 9_000)),), repeats=True)
            return Offer(id, "merchant", scope, every)
        starts = sorted({self.amount(60_000) for _ in range(self.randint(1, 3))})
        by_percent = sort == 2
        tiers = (Tier(at, 0, self.randint(1, 10_000)) if by_percent else Tier(at, self.amount()) for at in starts)
        return Offer(id, "platform", scope, Threshold(tuple(tiers)))

    def terms(self) -> Terms:
        shares = tuple(self.shares())
        return Terms(self.choice(list(Routing)), self.is_so(), CASH, shares)

    def pieces(self, ledger: Ledger) -> list[Returned]:
        """Every unit of the order, in some order, in pieces of one unit or more, each for some cause."""
        found = []
        for place, line in enumerate(ledger.order.lines):
            left = line.quantity
            while left:
                quantity = self.randint(1, left)
                keeps = self.is_so()
                found.append(Returned(place, quantity, keeps, keeps and self.is_so(70)))
                left -= quantity
        self.shuffle(found)
        return found

    def outcomes(self, book: Book) -> Book:
        """The book in which some payments of its last plan stand otherwise; some stay pending."""
        plan = len(book.plans) - 1
        for payment in range(len(book.plans[plan].payments)):
            if self.is_so(60):
                book = book.with_state(plan, payment, self.choice(list(Payment)))
        return book


def merged(pieces: Sequence[Returned]) -> tuple[Returned, ...]:
    """The same returns with one entry for each line and cause, in another order."""
    sums: dict[tuple[int, bool, bool], int] = {}
    for each in pieces:
        cause = (each.line, each.keeps_offers, each.with_freight)
        sums[cause] = sums.get(cause, 0) + each.quantity
    return tuple(Returned(line, count, keeps, freight) for (line, keeps, freight), count in sorted(sums.items()))
