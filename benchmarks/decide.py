"""One decision, beside the same table written by hand and beside ZEN, in one run.

`python benchmarks/decide.py [--json]` prints how many decisions each makes in the time in which hand-written
Python makes one: candidate and rival alternate in one process, garbage collection is off, and a figure is the median
of the pairwise ratios. Before anything is timed, every engine must give the hand-written answer on every case.
"""

import argparse
import gc
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import workload
from benchmarks.timing import Timed, ratio
from benchmarks.workload import Case, Rule

import csflow
from csflow.checks.situations import situations
from csflow.evaluators.regions import Budget

CASES = 2_000
SEEDS = (1, 2, 3, 4, 5)
MANY = 10_000
PUBLISHED = "the published table"

GOALS = {
    "outputs, checked facts": 1.2,
    "outputs, checked facts, beside ZEN": 20,
    "outputs, raw facts": 0.65,
    "Decision, checked facts": 0.5,
    "Decision, raw facts": 0.4,
}


def measured(rules: list[Rule], cases: list[Case]) -> dict[str, float]:
    """The ratios of one first-hit table."""
    by_hand = workload.by_hand(rules)
    pack = workload.pack_of(rules, "first")
    outputs = pack.function("refund")
    raw = [{"case": case} for case in cases]
    facts = [pack.facts(each) for each in raw]
    for case, given, checked in zip(cases, raw, facts, strict=True):
        expected = by_hand(case)
        decided = pack.decide("refund", checked).outputs, pack.decide("refund", given).outputs
        for found in (outputs(checked), outputs(given), *decided):
            assert tuple(found.values()) == expected, (case, found, expected)
    hand: Timed = by_hand, cases
    return {
        "outputs, checked facts": ratio((outputs, facts), hand),
        "outputs, raw facts": ratio((outputs, raw), hand),
        "Decision, checked facts": ratio((lambda each: pack.decide("refund", each), facts), hand),
        "Decision, raw facts": ratio((lambda each: pack.decide("refund", each), raw), hand),
    }


def beside_zen(rules: list[Rule], cases: list[Case]) -> dict[str, float]:
    """A table in ZEN, through its engine with a static loader; nothing where ZEN is not installed."""
    try:
        import zen
    except ImportError:
        print("ZEN is not installed (pip install -r benchmarks/requirements.txt): its figures are left out")
        return {}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"refund": workload.jdm(rules)}}})
    by_hand = workload.by_hand(rules)
    for case in cases:
        result = engine.evaluate("refund", case)["result"]
        assert (result["verdict"], result["rule_id"], result["restocking_fee_pct"]) == by_hand(case), case
    pack = workload.pack_of(rules, "first")
    outputs = pack.function("refund")
    facts = [pack.facts({"case": case}) for case in cases]
    timed: Timed = lambda case: engine.evaluate("refund", case), cases[:300]
    return {
        "ZEN": ratio(timed, (by_hand, cases), rounds=9),
        "outputs, checked facts, beside ZEN": ratio((outputs, facts), timed, rounds=9),
    }


def growth(cases: list[Case]) -> float:
    """The time of a decision in a `unique` table of 10,000 rules, as a multiple of that in one of 24."""
    timed = []
    for count in (24, MANY):
        rules = workload.unique(count, seed=count)
        by_hand = workload.by_hand(rules)
        pack = workload.pack_of(rules, "unique")
        every_rule_is_reached(pack, rules)
        outputs = pack.function("refund")
        facts = [pack.facts({"case": case}) for case in cases]
        for case, checked in zip(cases, facts, strict=True):
            assert tuple(outputs(checked).values()) == by_hand(case), case
        timed.append((outputs, facts))
    few, many = timed
    return ratio(few, many)


def every_rule_is_reached(pack: csflow.Pack, rules: list[Rule]) -> None:
    """The check's own question finds the condition of each possible, and a case of its own is decided by it.

    The whole analysis of so many rules is beyond its budget; whether one rule can be reached is not. Of a `unique`
    table, the case shows that the rule is alone there.
    """
    for situation in situations(pack.linked, pack.linked.decisions["refund"], Budget()):
        assert all(situation.is_possible(verdict.yes) for verdict in situation.hitting.verdicts)
    for rule in rules:
        decision = pack.decide("refund", {"case": workload.case_in(rule)})
        assert (decision.status, decision.rule) == ("decided", rule["id"].lower()), (rule, decision)


def goals_of(figures: dict[str, dict[str, float]], multiple: float) -> dict[str, dict[str, Any]]:
    """Each goal, with the figure of the published table and that of the worst of the tables of its shape."""
    of_shape = [title for title in figures if title == PUBLISHED or "seed" in title]
    goals: dict[str, dict[str, Any]] = {}
    for name, goal in GOALS.items():
        found = {title: figures[title][name] for title in of_shape if name in figures[title]}
        if found:
            worst = min(found.values())
            goals[name] = {
                "goal": f">= {goal} x {'ZEN' if 'ZEN' in name else 'hand-written'}",
                "published": round(found[PUBLISHED], 3),
                "worst": round(worst, 3),
                "met": found[PUBLISHED] >= goal,
                "met on every table": worst >= goal,
            }
    goals["10,000 rules"] = {
        "goal": "<= 2 x the time of 24 rules",
        "worst": round(multiple, 3),
        "met": multiple <= 2,
        "met on every table": multiple <= 2,
    }
    return goals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    as_json = parser.parse_args().json
    gc.disable()
    cases = workload.cases(CASES, seed=0)
    tables = {PUBLISHED: workload.published()}
    tables |= {f"24 rules, seed {seed}": workload.first_hit(24, seed) for seed in SEEDS}
    tables |= {"200 rules": workload.first_hit(200, seed=1)}
    figures: dict[str, dict[str, float]] = {}
    for title, rules in tables.items():
        figures[title] = measured(rules, cases)
        if title != "200 rules":
            figures[title] |= beside_zen(rules, cases)
        for name, value in figures[title].items():
            print(f"{title:24} {name:36} {value:6.2f} x")
    multiple = growth(cases)
    print(f"{'10,000 rules, unique':24} {'time, as a multiple of 24 rules':36} {multiple:6.2f} x")
    goals = goals_of(figures, multiple)
    for name, found in goals.items():
        shown = (
            f"published {found['published']:.2f}, worst of seeds {found['worst']:.2f}" if "published" in found else ""
        )
        verdict = "met" if found["met on every table"] else "met on the published table" if found["met"] else "NOT MET"
        print(f"goal {name:36} {found['goal']:28} {shown or found['worst']} {verdict}")
    if as_json:
        rounded = {title: {name: round(value, 3) for name, value in each.items()} for title, each in figures.items()}
        print(json.dumps({"figures": rounded | {"10,000 rules": round(multiple, 3)}, "goals": goals}))


if __name__ == "__main__":
    main()
