"""One step of a flow, beside a look-up in a dictionary, `transitions` and python-statemachine, in one run.

`python benchmarks/step.py [--json] [--cases N]`. The step has a guard over three facts, a whole snapshot of a case and
an effect; its receipt and the key of the effect are made when they are asked for. The look-up is a function that finds
the same transition in a dictionary. `transitions` triggers on a machine that all cases share, with the guard as a
Python function. python-statemachine loads the same chart as a document. Candidate and rival alternate in one process,
garbage collection is off, a figure is the median of the pairwise ratios; before anything is timed all have to arrive
in the same state.

Then so many cases (a million, unless said) are opened, agreed to, sent back and withdrawn, one after the other, each
with a clock that starts and stops.
"""

import argparse
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import statemachine.io
from benchmarks.step_pack import PACK, STATECHART
from benchmarks.timing import Timed, ratio, seconds
from transitions import Machine

import csflow
from csflow import Event

STEPS = 400
AT = 1_795_752_000_000_000
OPENED_AT = "2026-11-27T12:00:00+08:00"
FACTS = {
    "order": {"paid": "150 CNY", "shipped": False},
    "claim": {"condition": "intact", "days": "3 days"},
}
TABLE = {
    ("requested", "agree"): "agreed",
    ("requested", "withdraw"): "closed",
    ("agreed", "back"): "requested",
    ("agreed", "withdraw"): "closed",
}
LOOKUP, TRANSITIONS, STATEMACHINE = "beside a look-up", "beside transitions", "beside python-statemachine"
# How much of whose time a step may take.
GOALS = {LOOKUP: 20, TRANSITIONS: 1 / 4, STATEMACHINE: 1 / 30}


class Shared:
    """A case as `transitions` moves it, by a machine of which there is one for all."""

    state = "requested"


def looked_up(given: tuple[str, str]) -> str:
    state, event = given
    return TABLE[state, event]


def is_small(facts: dict[str, Any]) -> bool:
    return facts["paid"] <= 20_000 and facts["condition"] in ("intact", "opened") and facts["days"] < 7


def machine() -> Machine:
    states = ["requested", "agreed", "reviewing", "closed"]
    found = Machine(model=None, states=states, initial="requested", auto_transitions=False)
    found.add_transition("agree", "requested", "agreed", conditions=[is_small])
    found.add_transition("agree", "requested", "reviewing")
    found.add_transition("back", ["agreed", "reviewing"], "requested")
    found.add_transition("withdraw", ["requested", "agreed", "reviewing"], "closed")
    return found


def measured(pack: csflow.Pack) -> dict[str, float]:
    """How many times the time of the rival a step takes, and what the step costs in microseconds."""
    opened = pack.open("refund_only", FACTS, key="C1", at=OPENED_AT).snapshot
    assert opened is not None
    step = pack.stepping("refund_only")
    agree = Event("agree", "merchant")
    first = step(opened, agree, AT)
    assert first.snapshot is not None
    assert (first.status, first.snapshot.state, [each.name for each in first.effects]) == ("moved", "agreed", ["tell"])
    assert looked_up(("requested", "agree")) == "agreed"
    ours: Timed = lambda event: step(opened, event, AT), [agree] * STEPS
    figures = {LOOKUP: 1 / ratio(ours, (looked_up, [("requested", "agree")] * STEPS))}

    shared, case = machine(), Shared()
    facts = {"paid": 15_000, "condition": "intact", "days": 3}

    def trigger(event: str) -> None:
        case.state = "requested"
        shared.events[event].trigger(case, facts)

    trigger("agree")
    assert case.state == "agreed"
    figures[TRANSITIONS] = 1 / ratio(ours, (trigger, ["agree"] * STEPS))

    chart = statemachine.io.load(STATECHART, format="yaml")()

    def send(event: str) -> None:
        chart.send(event)

    send("agree")
    assert "agreed" in map(str, chart.configuration_values)
    send("back")
    # Both sides there and back, since a chart is its own case.
    back = Event("back", "merchant")
    both: Timed = lambda events: step(step(opened, events[0], AT).snapshot, events[1], AT), [(agree, back)] * STEPS
    charts: Timed = lambda events: [send(each) for each in events], [("agree", "back")] * 40
    figures[STATEMACHINE] = 1 / ratio(both, charts, rounds=11)
    figures["step, us"] = 1e6 * min(seconds(ours) for _ in range(9))
    public: Timed = lambda event: pack.step(opened, event, at=OPENED_AT), [agree] * STEPS
    figures["pack.step, us"] = 1e6 * min(seconds(public) for _ in range(9))
    return figures


def simulated(pack: csflow.Pack, cases: int) -> float:
    """Cases a second: opened, agreed to, sent back, withdrawn."""
    step = pack.stepping("refund_only")
    events = [Event("agree", "merchant"), Event("back", "merchant"), Event("withdraw", "customer")]
    facts = pack.facts(FACTS)
    start = time.thread_time()
    for number in range(cases):
        snapshot = pack.open("refund_only", facts, key=str(number), at=OPENED_AT).snapshot
        for event in events:
            assert snapshot is not None
            snapshot = step(snapshot, event, AT).snapshot
        assert snapshot is not None
        assert snapshot.state == "closed"
    return cases / (time.thread_time() - start)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--json", action="store_true", help="end with one line of JSON")
    reader.add_argument("--cases", type=int, default=1_000_000, help="how many cases are simulated")
    chosen = reader.parse_args()
    pack = csflow.load_pack({name: text.encode() for name, text in PACK.items()})
    gc.disable()
    figures = measured(pack)
    gc.enable()
    figures["cases a second"] = simulated(pack, chosen.cases)
    goals = {
        name: {"goal": f"<= {limit:.3g} x the time", "found": round(figures[name], 3), "met": figures[name] <= limit}
        for name, limit in GOALS.items()
    }
    for name, figure in figures.items():
        print(f"{name:34} {figure:12.3f}")
    for name, goal in goals.items():
        print(f"goal {name:29} {goal['goal']:24} {goal['found']:8} {'met' if goal['met'] else 'NOT MET'}")
    if chosen.json:
        shown = {name: round(figure, 4) for name, figure in figures.items()}
        print(json.dumps({"figures": shown | {"cases": chosen.cases}, "goals": goals}))


if __name__ == "__main__":
    main()
