"""What cannot be is refused with its figures, never put right: in packs of two, no and three places."""

import copy

import pytest
from tests.domain.test_platform_bugs import FACTS, SETTLEMENT, pack

import csflow

CURRENCIES = ("CNY", "JPY", "KWD")
LANGUAGES = ("zh-CN", "zh-TW", "en")
OTHER = {"CNY": "USD", "JPY": "CNY", "KWD": "JPY"}
TOO_FINE = {"CNY": "1.001", "JPY": "1.5", "KWD": "1.0001"}


class Shop:
    """An order of 3 at 1000 and 1 at 500 less 100, in the smallest units of a currency, and what is done with it."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.pack = pack(currency)
        self.order = {
            "id": "o",
            "lines": [
                {"id": "A", "quantity": 3, "unit_price": self.of(1000)},
                {"id": "B", "quantity": 1, "unit_price": self.of(500)},
            ],
            "offers": [{"id": "off", "amount": self.of(100)}],
            "freight": {"paid": self.of(70)},
            "tax": self.of(30),
            "tenders": [
                {"id": "t1", "tender": "card", "paid": self.of(3000)},
                {"id": "t2", "tender": "points", "paid": self.of(500)},
            ],
        }

    def of(self, minor: int) -> str:
        return str(csflow.Money.from_minor(minor, self.currency))

    def changed(self, *path, to):
        order = copy.deepcopy(self.order)
        part = order
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = to
        return order

    def quote(self, claim, book=None, order=None):
        ledger = self.pack.freeze(order or self.order)
        return self.pack.quote(ledger, claim, FACTS, settlement=SETTLEMENT, book=book)


@pytest.fixture(params=CURRENCIES)
def shop(request) -> Shop:
    return Shop(request.param)


def back(line, quantity):
    return {"returns": [{"line": line, "quantity": quantity}]}


def findings(ask):
    with pytest.raises(csflow.FactError) as refused:
        ask()
    return list(refused.value.diagnostics)


def one(ask, name, subject, *figures):
    """The one finding of a refused order, claim or book, which names its place and shows its figures."""
    (finding,) = findings(ask)
    assert (finding.name, finding.subject) == (name, subject)
    for language in LANGUAGES:
        message = finding.message(language)
        assert all(figure in message for figure in figures), message


def test_the_order_that_nothing_is_wrong_with_goes_back_to_the_last_unit(shop):
    quotes = [shop.quote(back("A", 2))]
    quotes.append(shop.quote(back("B", 1), quotes[-1].plan.book))
    quotes.append(shop.quote(back("A", 1), quotes[-1].plan.book.to_json()))
    assert sum(quote.plan.amount for quote in quotes) == 3500
    assert shop.pack.freeze(shop.order).paid == 3500


@pytest.mark.parametrize("paid", [2999, 3001, 0])
def test_tenders_that_do_not_add_up(shop, paid):
    order = shop.changed("tenders", 0, "paid", to=shop.of(paid))
    one(lambda: shop.pack.freeze(order), "unbalanced-tenders", "tenders", shop.of(paid + 500), shop.of(3500))


NEGATIVE = [
    ("lines[1].unit_price", ("lines", 0, "unit_price")),
    ("offers[1].amount", ("offers", 0, "amount")),
    ("freight.paid", ("freight", "paid")),
    ("tax", ("tax",)),
    ("tenders[2].paid", ("tenders", 1, "paid")),
]


@pytest.mark.parametrize(("subject", "path"), NEGATIVE, ids=[subject for subject, _ in NEGATIVE])
def test_a_negative_amount(shop, subject, path):
    order = shop.changed(*path, to=shop.of(-1))
    one(lambda: shop.pack.freeze(order), "out-of-bounds", subject, shop.of(-1), shop.of(0))


@pytest.mark.parametrize("amount", [-1, 0])
def test_nothing_and_less_cannot_be_granted(shop, amount):
    claim = {"granted": [{"line": "A", "amount": shop.of(amount)}]}
    one(lambda: shop.quote(claim), "out-of-bounds", "granted[1].amount", shop.of(amount), shop.of(1))


def test_an_offer_over_a_base_of_zero(shop):
    order = shop.changed("lines", 1, "unit_price", to=shop.of(0))
    order["offers"][0]["lines"] = ["B"]
    order["tenders"][0]["paid"] = shop.of(2600)
    one(lambda: shop.pack.freeze(order), "offer-beyond-its-base", "offers[1]", "off", shop.of(100), shop.of(0))


def test_an_offer_over_what_the_one_before_left(shop):
    """The second offer is looked at on what is still to be paid, not on the list price."""
    order = shop.changed("offers", 0, to={"id": "off", "lines": ["B"], "amount": shop.of(450)})
    order["offers"].append({"id": "more", "lines": ["B"], "amount": shop.of(51)})
    order["tenders"][0]["paid"] = shop.of(2600)
    one(lambda: shop.pack.freeze(order), "offer-beyond-its-base", "offers[2]", "more", shop.of(51), shop.of(50))


def test_an_unknown_tender(shop):
    order = shop.changed("tenders", 0, "tender", to="crad")
    (finding,) = findings(lambda: shop.quote(back("A", 1), order=order))
    assert (finding.name, finding.subject, finding.suggestion) == ("unknown-tender", "tenders[1].tender", "card")
    assert all("crad" in finding.message(language) for language in LANGUAGES)


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
def test_a_quantity_that_nobody_bought(shop, quantity):
    order = shop.changed("lines", 0, "quantity", to=quantity)
    one(lambda: shop.pack.freeze(order), "out-of-bounds", "lines[1].quantity", str(quantity))
    one(lambda: shop.quote(back("A", quantity)), "out-of-bounds", "returns[1].quantity", str(quantity))


def refused(quote, code, line, asked, limit):
    refusal = {key: part for key, part in quote.to_json()["refusal"].items() if part not in (None, [])}
    assert refusal == {"code": code, "line": line, "asked": asked, "limit": limit}
    shown = [part if isinstance(part, int) else part["amount"] for part in (asked, limit)]
    assert all(str(each) in quote.explain(language) for each in shown for language in LANGUAGES)
    assert quote.plan is None


def test_more_than_was_sold(shop):
    refused(shop.quote(back("A", 4)), "cap.quantity", "A", 4, 3)
    first = shop.quote(back("A", 2))
    refused(shop.quote(back("A", 2), first.plan.book), "cap.quantity", "A", 2, 1)
    twice = {"returns": [{"line": "B", "quantity": 1}, {"line": "B", "quantity": 1}]}
    refused(shop.quote(twice), "cap.quantity", "B", 2, 1)


def test_more_than_a_line_was_paid_with(shop):
    """B cost 500 less its part of the offer, which is 14."""
    limit, above = (csflow.Money.from_minor(each, shop.currency).to_json() for each in (486, 487))
    claim = {"granted": [{"line": "B", "amount": shop.of(487)}]}
    refused(shop.quote(claim), "cap.line", "B", above, limit)
    assert shop.quote({"granted": [{"line": "B", "amount": shop.of(486)}]}).plan.amount == 486


def test_a_book_that_exceeds_its_order(shop):
    document = shop.quote(back("A", 2)).plan.book.to_json()
    document["plans"][0]["returned"][0]["quantity"] = 4
    one(lambda: shop.quote(back("B", 1), document), "book-beyond-its-order", "book", "A", "4", "3")
    document = shop.quote(back("A", 2)).plan.book.to_json()
    document["plans"][0]["payments"][0]["amount"] = 3001
    one(lambda: shop.quote(back("B", 1), document), "book-beyond-its-order", "book", "t1", shop.of(3001), shop.of(3000))


def test_a_book_of_another_ledger(shop):
    """Even of the same order, if a fen of it is another's."""
    order = shop.changed("offers", 0, "amount", to=shop.of(99))
    order["tenders"][0]["paid"] = shop.of(3001)
    book = shop.quote(back("A", 1), order=order).plan.book
    quote = shop.quote(back("A", 1), book)
    assert quote.to_json()["refusal"]["code"] == "ledger_changed" and quote.plan is None


@pytest.mark.parametrize(("subject", "path"), NEGATIVE, ids=[subject for subject, _ in NEGATIVE])
def test_another_currency(shop, subject, path):
    other = f"1 {OTHER[shop.currency]}"
    order = shop.changed(*path, to=other)
    one(lambda: shop.pack.freeze(order), "other-currency", subject, OTHER[shop.currency], shop.currency)
    claim = {"granted": [{"line": "A", "amount": other}]}
    one(lambda: shop.quote(claim), "other-currency", "granted[1].amount", OTHER[shop.currency], shop.currency)


@pytest.mark.parametrize(("subject", "path"), NEGATIVE, ids=[subject for subject, _ in NEGATIVE])
def test_parts_of_the_smallest_unit(shop, subject, path):
    amount = TOO_FINE[shop.currency]
    order = shop.changed(*path, to=f"{amount} {shop.currency}")
    one(lambda: shop.pack.freeze(order), "too-many-places", subject, amount)
