"""The workload of the benchmarks: refund tables of one shape, cases for them, and the same table written by hand.

A rule is `{"id", "when": {column: ["eq", value] | ["in", [values]] | ["rng", low, high]}, "then": {output: value}}`;
ranges are closed, None is open, a column that is not named may be anything. `table24.json` is the table behind the
published figures; others are made from a seed, so that nothing is tuned to one.
"""

import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import csflow

Rule = dict[str, Any]
Case = dict[str, Any]

SYMBOLS = {
    "reason": (
        *("no_reason_7d", "quality_defect", "wrong_item", "damaged_in_transit"),
        *("not_as_described", "late_delivery", "missing_parts", "lost_parcel"),
    ),
    "order_state": ("paid", "shipped", "delivered", "signed", "completed", "closed"),
    "category": (
        *("apparel", "shoes", "digital", "appliance", "fresh_food", "cosmetics"),
        *("books", "virtual_goods", "jewellery", "furniture", "baby", "custom_made"),
    ),
}
BOOLS = ("opened", "customer_fault")
NUMBERS = {"days_since_delivery": (0, 120), "amount_fen": (1, 2_000_000)}
COLUMNS = ("reason", "order_state", "days_since_delivery", "category", "opened", "customer_fault", "amount_fen")
# How often the published table asks a column.
ASKED = {
    "reason": 15,
    "order_state": 15,
    "days_since_delivery": 9,
    "category": 15,
    "opened": 3,
    "customer_fault": 3,
    "amount_fen": 4,
}
# The published distribution of the cases.
WEIGHTS = {"reason": (30, 15, 8, 10, 12, 10, 8, 7), "order_state": (8, 12, 15, 40, 20, 5)}
VERDICTS = ("allow", "deny", "review")


def published() -> list[Rule]:
    """The 24-rule, first-hit table."""
    rules: list[Rule] = json.loads((Path(__file__).parent / "table24.json").read_text(encoding="utf-8"))
    return rules


def first_hit(count: int, seed: int) -> list[Rule]:
    """A table of the published one's shape: how often a column is asked, how, and where cases hit on average.

    Of the tables that a seed makes it is the first whose mean hit position is that of the published one, give or
    take two places.
    """
    chance = random.Random(seed)
    some = cases(500, seed)
    wanted = _mean_position(published(), some)
    while True:
        rules = _drawn(count, chance)
        if abs(_mean_position(rules, some) - wanted) < 2:
            return rules


def _drawn(count: int, chance: random.Random) -> list[Rule]:
    rules = []
    for number in range(1, count):
        columns = list(ASKED)
        asked: list[str] = []
        for _ in range(chance.choices((2, 3, 4), (7, 14, 2))[0]):
            asked.append(chance.choices(columns, [ASKED[column] for column in columns])[0])
            columns.remove(asked[-1])
        when = {column: _condition(column, chance) for column in COLUMNS if column in asked}
        rules.append(_rule(number, when, chance))
    return [*rules, _rule(count, {}, chance)]


def _mean_position(rules: list[Rule], some: list[Case]) -> float:
    """Where the rule stands that hits, counted from 1."""
    refund = by_hand(rules)
    places = {rule["id"]: place for place, rule in enumerate(rules, 1)}
    return sum(places[answer[1]] for case in some if (answer := refund(case))) / len(some)


def unique(count: int, seed: int) -> list[Rule]:
    """Rules that part all cases among them: each is reachable, and no two overlap.

    Made by cutting the largest box again and again in two.
    """
    chance = random.Random(seed)
    numbers = {name: range(low, high + 1) for name, (low, high) in NUMBERS.items()}
    boxes: list[dict[str, Any]] = [{**SYMBOLS, **dict.fromkeys(BOOLS, (False, True)), **numbers}]
    while len(boxes) < count:
        at = chance.randrange(len(boxes))
        column = chance.choice([name for name in COLUMNS if len(boxes[at][name]) > 1] or [""])
        if not column:
            continue
        whole = boxes[at][column]
        if column in NUMBERS:
            border = chance.randrange(1, len(whole))
            parts = whole[:border], whole[border:]
        else:
            mixed = chance.sample(whole, len(whole))
            border = chance.randrange(1, len(whole))
            parts = mixed[:border], mixed[border:]
        boxes[at] = {**boxes[at], column: parts[0]}
        boxes.append({**boxes[at], column: parts[1]})
    return [_rule(number, _when(box), chance) for number, box in enumerate(boxes, 1)]


def cases(count: int, seed: int) -> list[Case]:
    """Cases with the published distribution of each column."""
    chance = random.Random(seed)
    return [
        {
            "reason": chance.choices(SYMBOLS["reason"], WEIGHTS["reason"])[0],
            "order_state": chance.choices(SYMBOLS["order_state"], WEIGHTS["order_state"])[0],
            "days_since_delivery": min(120, int(chance.expovariate(1 / 14))),
            "category": chance.choice(SYMBOLS["category"]),
            "opened": chance.random() < 0.45,
            "customer_fault": chance.random() < 0.3,
            "amount_fen": min(2_000_000, max(1, int(chance.lognormvariate(9.3, 1.3)))),
        }
        for _ in range(count)
    ]


def pack_of(rules: list[Rule], hit_policy: str) -> csflow.Pack:
    """The table as a policy pack: facts of one record `case`, one decision `refund`."""
    return csflow.load_pack({name: text.encode() for name, text in files(rules, hit_policy).items()})


def by_hand(rules: list[Rule]) -> Callable[[Case], tuple[str, str, int] | None]:
    """The chain of `if` that a person would write: each key read once, the cheapest test first."""
    lines = ["def refund(case):", *(f"    {column} = case[{column!r}]" for column in COLUMNS)]
    for rule in rules:
        tests = sorted(_tests(rule["when"]))
        lines.append(f"    if {' and '.join(test for _, test in tests) or 'True'}:")
        lines.append(f"        return {tuple(rule['then'].values())!r}")
    lines.append("    return None")
    scope: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<by hand>", "exec"), scope)
    return scope["refund"]  # type: ignore[no-any-return]


def jdm(rules: list[Rule]) -> dict[str, Any]:
    """The table as ZEN reads it: a graph of an input, one decision table and an output."""
    inputs = [{"id": f"i_{name}", "name": name, "field": name} for name in COLUMNS]
    outputs = [
        {"id": f"o_{name}", "name": name, "field": name} for name in ("verdict", "rule_id", "restocking_fee_pct")
    ]
    rows = []
    for rule in rules:
        row = {"_id": rule["id"]}
        row |= {f"i_{name}": _unary(*rule["when"][name]) if name in rule["when"] else "" for name in COLUMNS}
        row |= {f"o_{name}": json.dumps(value) for name, value in rule["then"].items()}
        rows.append(row)
    table = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rows}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return {"nodes": nodes, "edges": edges}


def _unary(form: str, *values: Any) -> str:
    match form, values:
        case "eq", [value]:
            return json.dumps(value)
        case "in", [some]:
            return ", ".join(map(json.dumps, some))
        case "rng", [None, high]:
            return f"<= {high}" if high is not None else ""
        case "rng", [low, None]:
            return f">= {low}"
    low, high = values
    return f"[{low}..{high}]"


def case_in(rule: Rule) -> Case:
    """A case for which a rule holds."""
    lowest: Case = {name: symbols[0] for name, symbols in SYMBOLS.items()}
    lowest |= dict.fromkeys(BOOLS, False) | {name: low for name, (low, _) in NUMBERS.items()}
    for column, (form, *values) in rule["when"].items():
        if form == "rng":
            lowest[column] = lowest[column] if values[0] is None else values[0]
        else:
            lowest[column] = values[0][0] if form == "in" else values[0]
    return lowest


def _condition(column: str, chance: random.Random) -> list[Any]:
    if column in BOOLS:
        return ["eq", chance.random() < 0.5]
    if column in SYMBOLS:
        count = chance.choice((1, 1, 1, 2, 3, 4)) if column == "category" else chance.choice((1, 1, 2, 3, 4, 4))
        some = sorted(chance.sample(SYMBOLS[column], count), key=SYMBOLS[column].index)
        return ["eq", some[0]] if count == 1 else ["in", some]
    if column == "days_since_delivery":
        return [
            "rng",
            *chance.choice(((11, None), (0, 60), (1, None), (31, None), (None, 30), (46, 60), (11, 45), (3, None))),
        ]
    return ["rng", *chance.choice(((10_001, 50_000), (5_001, 100_000), (None, 20_000), (None, 100_000)))]


def _when(box: dict[str, Any]) -> dict[str, list[Any]]:
    when = {}
    for column in COLUMNS:
        part = box[column]
        if column in NUMBERS:
            low, high = NUMBERS[column]
            if len(part) < high - low + 1:
                ends = part[0] if part[0] > low else None, part[-1] if part[-1] < high else None
                when[column] = ["rng", *ends]
        elif column in BOOLS:
            if len(part) == 1:
                when[column] = ["eq", part[0]]
        elif len(part) < len(SYMBOLS[column]):
            when[column] = ["in", sorted(part, key=SYMBOLS[column].index)]
    return when


def _rule(number: int, when: dict[str, list[Any]], chance: random.Random) -> Rule:
    id = f"R{number:02d}"
    fee = chance.choice((0, 0, 0, 10, 15))
    return {
        "id": id,
        "when": when,
        "then": {"verdict": chance.choice(VERDICTS), "rule_id": id, "restocking_fee_pct": fee},
    }


def _tests(when: dict[str, list[Any]]) -> Iterator[tuple[int, str]]:
    """Each condition in Python, with its cost."""
    for column, (form, *values) in when.items():
        match form, values:
            case "eq", [bool(value)]:
                yield 0, column if value else f"not {column}"
            case "eq", [value]:
                yield 1, f"{column} == {value!r}"
            case "in", [some]:
                yield 3, f"{column} in {{{', '.join(map(repr, some))}}}"
            case "rng", [low, high]:
                if low is not None and high is not None:
                    yield 2, f"{low} <= {column} <= {high}"
                elif low is not None or high is not None:
                    yield 1, f"{column} >= {low}" if high is None else f"{column} <= {high}"


def files(rules: list[Rule], hit_policy: str) -> dict[str, str]:
    facts = [f"    {name}: {{type: enum, of: [{', '.join(symbols)}]}}" for name, symbols in SYMBOLS.items()]
    facts += [f"    {name}: {{type: bool}}" for name in BOOLS]
    facts += [f"    {name}: {{type: int, min: {low}, max: {high}}}" for name, (low, high) in NUMBERS.items()]
    inputs = ", ".join(f"{column}: case.{column}" for column in COLUMNS)
    decision = f"""decision: refund
title: Refund
hit_policy: {hit_policy}
inputs: {{{inputs}}}
outputs:
  verdict: {{type: enum, of: [{", ".join(VERDICTS)}]}}
  rule_id: {{type: text}}
  restocking_fee_pct: {{type: int, min: 0, max: 100}}
rules: {{csv: refund.csv}}
"""
    return {
        "pack.yaml": _HEAD,
        "zone.yaml": _ZONE,
        "facts.yaml": "\n".join(["facts:", "  case:", *facts, ""]),
        "decisions/refund.yaml": decision,
        "decisions/refund.csv": _grid(rules),
    }


def _grid(rules: list[Rule]) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["id", *COLUMNS, "||", "verdict", "rule_id", "restocking_fee_pct"])
    for rule in rules:
        cells = [_cell(column, *rule["when"][column]) if column in rule["when"] else "-" for column in COLUMNS]
        rows.writerow([rule["id"].lower(), *cells, "", *rule["then"].values()])
    return text.getvalue()


def _cell(column: str, form: str, *values: Any) -> str:
    match form, values:
        case "eq", [bool(value)]:
            return str(value).lower()
        case "eq", [value]:
            return str(value)
        case "in", [[value]]:
            return str(value)
        case "in", [some]:
            others = [symbol for symbol in SYMBOLS[column] if symbol not in some]
            return f"[{','.join(some)}]" if len(some) <= len(others) else f"not({','.join(others)})"
        case "rng", [None, None]:
            return "-"
        case "rng", [low, None]:
            return f">={low}"
        case "rng", [None, high]:
            return f"<={high}"
    low, high = values
    return f"[{low}..{high}]"


_HEAD = """pack: benchmark
title: Benchmark
language: 1
currency: CNY
rounding: half_up
time_zone: UTC
in_force: "[2024-01-01..2027-01-01)"
reviewed_on: 2026-11-24
"""
_ZONE = 'zone: UTC\ncovers: "[1992-01-01..2100-01-01)"\noffsets: [{from: 1991-12-31T00:00:00Z, offset: "+00:00"}]\n'
