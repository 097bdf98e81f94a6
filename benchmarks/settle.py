"""Entitlement and routing of one refund, beside the same arithmetic by hand in integers and in `decimal`, in one run.

`python benchmarks/settle.py [--json]` takes orders of three lines, two offers, freight, tax and four tenders, of which
something comes back, for fault or for none. Candidate and rival alternate in one process, garbage collection is off,
and a figure is the median of the pairwise ratios. Before anything is timed, all three must agree on every case, on
every axis: goods by line, freight, tax, and what each tender gets.

The goals are for orders of five to seven units. By hand one goes through the units, csflow through runs of equal ones:
the same orders with ten and a hundred times as many show what that makes.
"""

import argparse
import gc
import json
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import purchases
from benchmarks.settled_by_hand import Settled, settle, settle_in_decimal
from benchmarks.timing import Timed, ratio, seconds

import csflow
from csflow.settlement.entitlement import entitlement
from csflow.settlement.freezing import Ledger, freeze
from csflow.values.routing import Routing, next_refund, routed

SEEDS = (1, 2, 3, 4, 5)
TIMES = (1, 10, 100)
CASES = 400
PLANS = 60
AT = "2025-11-20T10:00:00+08:00"
FACTS = {
    "order": {"paid_at": "2025-11-11T20:00:00+08:00"},
    "freight": {"agreement": "none", "for_exchange": False, "free_shipping": True, "condition_broken": False},
}
BY_HAND, DECIMAL = "beside integers by hand", "beside decimal"
PLAN_TIME, FREEZING_TIME = "pack.quote, us", "pack.freeze, us"
# How much of whose time settling may take.
GOALS = {BY_HAND: 3, DECIMAL: 1 / 3}


def settled(ledger: Ledger, history: purchases.History) -> Settled:
    """As csflow's plan does it."""
    sums, before = history
    due = entitlement(ledger, sums)
    done = sum(before)
    amount = max(0, due.total - done)
    paid = [tender.paid for tender in ledger.order.tenders]
    cash = [False for _ in ledger.order.tenders]
    parts = next_refund(routed(Routing.PRO_RATA_ACTUAL, done + amount, paid, cash), before, amount)
    return Settled(list(due.goods), due.freight, due.tax, parts)


def measured(seed: int, times: int) -> dict[str, float]:
    """The ratios of one order, `times` as many of every line."""
    order = purchases.order(seed, times)
    ledger = freeze(order)
    histories = purchases.histories(ledger, CASES, seed)
    frozen = purchases.by_hand(ledger)
    in_yuan = purchases.in_yuan(frozen)
    by_hand = [(purchases.back_of(sums), before) for sums, before in histories]
    in_decimal = [(back, purchases.yuan_of(before)) for back, before in by_hand]
    for history, plain, exact in zip(histories, by_hand, in_decimal, strict=True):
        ours, yuan = settled(ledger, history), settle_in_decimal(in_yuan, *exact)
        assert ours == settle(frozen, *plain), (seed, history)
        assert yuan == Settled(
            purchases.yuan_of(ours.goods), *purchases.yuan_of([ours.freight, ours.tax]), purchases.yuan_of(ours.parts)
        ), (seed, history)
    candidate: Timed = lambda history: settled(ledger, history), histories
    rival: Timed = lambda given: settle(frozen, *given), by_hand
    slow: Timed = lambda given: settle_in_decimal(in_yuan, *given), in_decimal
    return {BY_HAND: 1 / ratio(candidate, rival), DECIMAL: 1 / ratio(candidate, slow)}


def whole(seed: int, pack: csflow.Pack) -> dict[str, float]:
    """What a backend calls, in microseconds: facts checked before, everything else read from what JSON gives."""
    freezing: Timed = pack.freeze, [purchases.document(purchases.order(seed))] * PLANS
    return {PLAN_TIME: microseconds(plans(pack, seed)), FREEZING_TIME: microseconds(freezing)}


def plans(pack: csflow.Pack, seed: int) -> Timed:
    """Claims as a backend sends them, of one return for no reason and one for a fault."""
    order = purchases.order(seed)
    ledger = pack.freeze(purchases.document(order))
    assert ledger.order == order
    facts = pack.facts(FACTS)
    claims = [
        {
            "returns": [
                {"line": f"l{number % 3}", "quantity": 1, "reason": "no_reason"},
                {"line": f"l{(number + 1) % 3}", "quantity": 1, "reason": "defect"},
            ]
        }
        for number in range(PLANS)
    ]
    for claim in claims:
        assert pack.quote(ledger, claim, facts, at=AT).status == "quoted"
    return lambda claim: pack.quote(ledger, claim, facts, at=AT), claims


def microseconds(timed: Timed) -> float:
    return 1e6 * statistics.median(seconds(timed) for _ in range(9))


def goals_of(figures: dict[str, dict[str, float]]) -> dict[str, dict[str, Any]]:
    """Each goal, with the middle of the orders of a few units and the worst of them."""
    goals = {}
    for name, goal in GOALS.items():
        found = [figures[title_of(seed, 1)][name] for seed in SEEDS]
        goals[name] = {
            "goal": f"<= {goal:.2f} x the time",
            "median": round(statistics.median(found), 3),
            "worst": round(max(found), 3),
            "met": max(found) <= goal,
        }
    return goals


def title_of(seed: int, times: int) -> str:
    return f"order {seed}" if times == 1 else f"order {seed}, {times} x the units"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    as_json = parser.parse_args().json
    gc.disable()
    pack = csflow.standard_pack("cn")
    figures = {
        title_of(seed, times): measured(seed, times) | (whole(seed, pack) if times == 1 else {})
        for times in TIMES
        for seed in SEEDS
    }
    for title, found in figures.items():
        for name, value in found.items():
            print(f"{title:28} {name:28} {value:8.2f}{'' if name.endswith('us') else ' x the time'}")
    goals = goals_of(figures)
    for name, found in goals.items():
        verdict = "met" if found["met"] else "NOT MET"
        print(f"goal {name:30} {found['goal']}: median {found['median']:.2f}, worst {found['worst']:.2f} {verdict}")
    if as_json:
        rounded = {title: {name: round(value, 3) for name, value in each.items()} for title, each in figures.items()}
        print(json.dumps({"figures": rounded, "goals": goals}))


if __name__ == "__main__":
    main()
