"""Money back: an order's frozen ledger, what a return entitles to, and which tender it goes back to.

INVARIANT: amounts are whole minor units of the order's currency; no float comes in.
"""
