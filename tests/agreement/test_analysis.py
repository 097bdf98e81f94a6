"""What the analysis says of a table is what trying every case says: no false finding, none missed."""

import os
import random
from itertools import combinations, product

import pytest

from csflow.checks.analysis import analyse
from csflow.diagnostics import Diagnostics
from csflow.evaluators.reference import Evaluation
from csflow.facts import ABSENT, Facts
from csflow.loading.passes import load_files

TABLES = 10_000 if os.environ.get("CSFLOW_SOAK") else 400
PACK = """
pack: small
title: small
language: 1
currency: CNY
rounding: half_up
time_zone: UTC
in_force: "[2024-01-01..2026-01-01)"
reviewed_on: 2025-01-01
"""
ZONE = """
zone: UTC
covers: "[2000-01-01..2100-01-01)"
offsets: [{from: 1999-01-01T00:00:00Z, offset: "+00:00"}]
"""
FACTS = """
facts:
  x:
    a: {type: enum, of: [p, q, r]}
    b: {type: enum, of: [p, q], optional: true}
    c: {type: bool}
    i: {type: int, min: 0, max: 4}
    j: {type: int, min: 0, max: 2, optional: true}
    m: {type: money, min: 0 CNY, max: 0.03 CNY}
    d: {type: date}
derived:
  big: x.i >= 3 or x.c
  kind: "if x.a = p then 1 else 2"
parameters:
  limit: {type: int, editions: [{from: 2024-01-01, value: 1, because: x, basis: own}]}
"""
DAYS = [738_886, 738_887, 738_888, 738_889]  # 2024-01-01 and the days after
DOMAINS = {
    "x.a": ["p", "q", "r"],
    "x.b": ["p", "q", ABSENT],
    "x.c": [False, True],
    "x.i": [0, 1, 2, 3, 4],
    "x.j": [0, 1, 2, ABSENT],
    "x.m": [0, 1, 2, 3],
    "x.d": DAYS,
}


def condition(randomness, depth=0):
    """A random condition over the small facts."""
    plain = [
        lambda: f"x.a = {randomness.choice('pqr')}",
        lambda: f"x.a != {randomness.choice('pqr')}",
        lambda: f"x.a in [{randomness.choice('pqr')}, {randomness.choice('pqr')}]",
        lambda: "x.c",
        lambda: f"x.i {randomness.choice(['=', '!=', '<', '<=', '>', '>='])} {randomness.randrange(6)}",
        lambda: f"x.i {randomness.choice(['<=', '>', '='])} param.limit",
        lambda: f"{randomness.randrange(4)} {randomness.choice(['<', '>='])} x.i",
        lambda: (
            f"x.i in {randomness.choice('[(')}{randomness.randrange(3)}..{randomness.randrange(3, 6)}{randomness.choice('])')}"
        ),
        lambda: f"x.m {randomness.choice(['<', '>=', '='])} 0.0{randomness.randrange(5)} CNY",
        lambda: f"x.d {randomness.choice(['=', '<=', '>', '!='])} 2024-01-0{randomness.randrange(1, 4)}",
        lambda: "x.b is given",
        lambda: f"x.b is given and x.b = {randomness.choice('pq')}",
        lambda: f"x.j is given and x.j {randomness.choice(['<', '>='])} {randomness.randrange(4)}",
        lambda: "x.j is absent",
        lambda: "big",
    ]
    if depth < 2 and randomness.random() < 0.5:
        word = randomness.choice([" and ", " or "])
        return word.join(f"({condition(randomness, depth + 1)})" for _ in range(randomness.randrange(2, 4)))
    text = randomness.choice(plain)()
    return f"not ({text})" if randomness.random() < 0.25 else text


def table(seed):
    """A random table of one to five rules, without `otherwise`."""
    randomness = random.Random(seed)
    policy = randomness.choice(["unique", "first", "any"])
    rules = "".join(
        f'  - {{id: r{number}, when: "{condition(randomness)}", then: {{out: {number}}}, because: x}}\n'
        for number in range(randomness.randrange(1, 6))
    )
    return f"decision: d\ntitle: d\ngoverned_by: x.d\nhit_policy: {policy}\noutputs: {{out: {{type: int}}}}\nrules:\n{rules}"


def load(document):
    files = {"pack.yaml": PACK, "zone.yaml": ZONE, "facts.yaml": FACTS.split("parameters:")[0], "d.yaml": document}
    files["parameters.yaml"] = "parameters:" + FACTS.split("parameters:")[1]
    loaded = load_files({name: text.encode() for name, text in files.items()})
    assert loaded.pack is not None, [(finding.name, finding.values) for finding in loaded.diagnostics]
    return loaded.pack


def by_trying(pack):
    """Whether a case has no rule, which rules contradict each other, and which are ever hit: by every case."""
    decision = pack.decisions["d"]
    has_gap, pairs, hit = False, set(), set()
    for values in product(*DOMAINS.values()):
        facts = Facts(dict(zip(DOMAINS, values, strict=True)))
        evaluation = Evaluation(pack, facts)
        holding = [rule.id for rule in decision.rules if evaluation.value(rule.condition, values[-1], {}) is True]
        has_gap |= not holding
        hit.update(holding[:1] if decision.hit_policy == "first" else holding)
        if decision.hit_policy == "unique":
            pairs.update(combinations(holding, 2))
    return has_gap, pairs, {rule.id for rule in decision.rules} - hit


def by_analysis(pack):
    diagnostics = Diagnostics()
    assert analyse(pack, diagnostics).not_analysed == []
    names = [finding.name for finding in diagnostics]
    assert not [name for name in names if name.startswith("unconfirmed")], "every source is a fact of its own"
    pairs = {(f.values["one"], f.values["other"]) for f in diagnostics if f.name == "overlapping-rules"}
    idle = ("unreachable-rule", "shadowed-rule", "cell-never-true")
    return "gap" in names, pairs, {f.values["id"] for f in diagnostics if f.name in idle}


@pytest.mark.parametrize("block", range(8))
def test_the_analysis_agrees_with_trying_every_case(block):
    found = [0, 0, 0]
    for seed in range(block * TABLES // 8, (block + 1) * TABLES // 8):
        document = table(seed)
        pack = load(document)
        tried = by_trying(pack)
        assert by_analysis(pack) == tried, f"seed {seed}\n{document}"
        found = [count + bool(each) for count, each in zip(found, tried, strict=True)]
    assert all(found), "tables of every sort were tried"
