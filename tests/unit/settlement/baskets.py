"""Small orders for the tests of settlement, in the notation of the worked cases: yuan as text."""

from csflow.settlement.orders import Bundle, Freight, Line, Offer, Order, Tender, Threshold, Tier


def fen(yuan: str) -> int:
    whole, _, part = yuan.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def order(lines, *, off=(), bundle=None, freight=None, tax="0", tenders=None) -> Order:
    """`lines`: (quantity, amount) each; `off`: tiers (from, off) of one offer over all lines."""
    every = tuple(range(len(lines)))
    offers = []
    if off:
        offers.append(Offer("off", "merchant", every, Threshold(tuple(Tier(fen(a), fen(b)) for a, b in off))))
    if bundle:
        offers.append(Offer("set", "merchant", every, Bundle(tuple((place, 1) for place in every), fen(bundle))))
    made = tuple(Line(f"l{place}", quantity, fen(amount)) for place, (quantity, amount) in enumerate(lines))
    paid = tuple(tenders or ())
    return Order("o", "CNY", made, paid, tuple(offers), freight or Freight(), fen(tax))


def tender(id: str, paid: str, funded_by: str = "customer", **more) -> Tender:
    return Tender(id, id, fen(paid), funded_by, **more)
