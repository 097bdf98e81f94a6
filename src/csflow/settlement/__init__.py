"""Money back: an order's frozen ledger, what a return entitles to, and which tender it goes back to.

INVARIANT: amounts are whole minor units of the order's currency; no float comes in.
"""

from csflow.settlement.documents import ledger_of
from csflow.settlement.freezing import Ledger

__all__ = ["Ledger", "ledger_of"]
