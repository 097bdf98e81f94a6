"""csflow: after-sale policy as code.

`import csflow` loads this facade alone; everything else is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from csflow.api.packs import InstantRequired, Pack, PackError, load_pack, standard_pack
    from csflow.diagnostics import UnknownName
    from csflow.evaluators import Decision, NearestChange, WhyNot
    from csflow.facts import FactError, Facts
    from csflow.flows import Effect, Event, Purchase, Refusal, Snapshot, Step
    from csflow.settlement import Book, Budget, Ledger, Payment, Quote
    from csflow.values.money import CurrencyMismatch, Money

__version__ = "0.1.0.dev0"

_HOMES = {
    "Book": "csflow.settlement",
    "Budget": "csflow.settlement",
    "CurrencyMismatch": "csflow.values.money",
    "Decision": "csflow.evaluators",
    "Effect": "csflow.flows",
    "Event": "csflow.flows",
    "FactError": "csflow.facts",
    "Facts": "csflow.facts",
    "InstantRequired": "csflow.api.packs",
    "Ledger": "csflow.settlement",
    "Money": "csflow.values.money",
    "NearestChange": "csflow.evaluators",
    "Pack": "csflow.api.packs",
    "PackError": "csflow.api.packs",
    "Payment": "csflow.settlement",
    "Purchase": "csflow.flows",
    "Quote": "csflow.settlement",
    "Refusal": "csflow.flows",
    "Snapshot": "csflow.flows",
    "Step": "csflow.flows",
    "UnknownName": "csflow.diagnostics",
    "WhyNot": "csflow.evaluators",
    "load_pack": "csflow.api.packs",
    "standard_pack": "csflow.api.packs",
}

__all__ = [
    "Book",
    "Budget",
    "CurrencyMismatch",
    "Decision",
    "Effect",
    "Event",
    "FactError",
    "Facts",
    "InstantRequired",
    "Ledger",
    "Money",
    "NearestChange",
    "Pack",
    "PackError",
    "Payment",
    "Purchase",
    "Quote",
    "Refusal",
    "Snapshot",
    "Step",
    "UnknownName",
    "WhyNot",
    "load_pack",
    "standard_pack",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'csflow' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
