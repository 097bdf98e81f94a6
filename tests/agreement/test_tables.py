"""The reference engine and tables by brute force agree: every hit policy, aggregation, exceptions of ranks, unknown facts.

A seeded slice of 2,000 tables runs in CI, each on 6 of its 27 cases; CSFLOW_SOAK=1 looks at 20,000 tables.
"""

import os
import random
from collections import Counter
from functools import cache

import pytest

import csflow

from . import brute
from .brute import GRADES, Row, Table

SOAK = os.environ.get("CSFLOW_SOAK") == "1"
PACKS, TABLES, CASES = (2_000 if SOAK else 50), (10 if SOAK else 40), 6
NAMES = ("a", "b", "c")
RANKS = ("law", "local", "platform", "promise", "campaign")
POLICIES = ("unique", "any", "priority", "first", "rule_order", "output_order", "collect")
HEAD = {
    "pack.yaml": b'pack: small\ntitle: t\nlanguage: 1\ncurrency: CNY\nrounding: half_up\ntime_zone: Asia/Shanghai\n'
    b'in_force: "[2024-01-01..2027-01-01)"\nreviewed_on: 2026-11-24\n',
    "zone.yaml": b'zone: Asia/Shanghai\ncovers: "[1992-01-01..2100-01-01)"\noffsets: [{from: 1991-09-14T17:00:00Z, offset: "+08:00"}]\n',
    "facts.yaml": b"facts: {x: {a: {type: bool}, b: {type: bool}, c: {type: bool}}}\n",
}  # fmt: skip


def formula(chance, depth=2):
    if depth == 0 or chance.random() < 0.3:
        return ("fact", chance.choice(NAMES)) if chance.random() < 0.93 else ("const", chance.random() < 0.5)
    if chance.random() < 0.25:
        return ("not", formula(chance, depth - 1))
    return (chance.choice(["and", "or"]), formula(chance, depth - 1), formula(chance, depth - 1))


def gives(chance, is_optional):
    return chance.choice(GRADES), None if is_optional and chance.random() < 0.25 else chance.randint(-2, 3)


def row(chance, id, layers, is_optional, depth=0):
    below = []
    while depth < 2 and len(below) < 3 and chance.random() < 0.35:
        inner = row(chance, f"{id}-{len(below)}", layers, is_optional, depth + 1)
        if chance.random() < 0.4:
            # What a layer adds has no exceptions of the pack's own.
            number = chance.randrange(len(layers))
            rank, condition = layers[number]
            inner = Row(f"{inner.id}-l{number}", inner.when, inner.gives, (), rank, condition)
        below.append(inner)
    return Row(id, formula(chance), gives(chance, is_optional), tuple(below))


def table(chance, layers):
    policy = chance.choice(POLICIES)
    aggregate = chance.choice([None, "sum", "min", "max", "count"]) if policy == "collect" else None
    is_optional = chance.random() < 0.5
    rows = tuple(row(chance, f"r{number}", layers, is_optional) for number in range(chance.randint(1, 4)))
    otherwise = row(chance, "otherwise", layers, is_optional=False) if chance.random() < 0.4 else None
    return Table(policy, aggregate, rows, otherwise), is_optional


def written(parts):
    match parts:
        case ("const", value):
            return "true" if value else "false"
        case ("fact", name):
            return f"x.{name}"
        case ("not", part):
            return f"not ({written(part)})"
        case (word, *operands):
            return f" {word} ".join(f"({written(each)})" for each in operands)


def cells(given, aggregate):
    grade, points = given
    shown = [] if aggregate else [f"grade: {grade}"]
    return "{" + ", ".join([*shown, *([] if points is None else [f"points: {points}"])]) + "}"


def fields(each, aggregate):
    below = ", ".join("{" + fields(inner, aggregate) + "}" for inner in each.exceptions if inner.rank == 0)
    more = f", exceptions: [{below}]" if below else ""
    return f"id: {each.id}, when: {written(each.when)}, then: {cells(each.gives, aggregate)}, because: b{more}"


def document(name, held, is_optional):
    points = "points: {type: int, optional: true}" if is_optional else "points: {type: int}"
    grade = "" if held.aggregate else f"grade: {{type: enum, of: [{', '.join(GRADES)}]}}, "
    lines = [f"decision: {name}", "title: t", f"hit_policy: {held.policy}", f"outputs: {{{grade}{points}}}", "rules:"]
    if held.aggregate:
        lines.insert(3, f"aggregate: {held.aggregate}")
    lines += [f"  - {{{fields(each, held.aggregate)}}}" for each in held.rows]
    if held.otherwise:
        below = ", ".join(
            "{" + fields(each, held.aggregate) + "}" for each in held.otherwise.exceptions if each.rank == 0
        )
        lines.append(
            f"otherwise: {{then: {cells(held.otherwise.gives, held.aggregate)}, because: b, exceptions: [{below}]}}"
        )
    return "\n".join(lines) + "\n"


def added(name, held, parents):
    """What layers add below some rows: (layer, text), by walking them."""
    for parent in parents:
        for each in parent.exceptions:
            if each.rank:
                number = int(each.id.rpartition("l")[2])
                yield number, f"{{of: {name}/{parent.id}, {fields(each, held.aggregate)}}}"
        yield from added(name, held, parent.exceptions)


@cache
def made(seed):
    """A pack of tables, and the tables."""
    chance = random.Random(seed)
    layers = [(rank, formula(chance, 1)) for rank in chance.choices(range(1, 6), k=3)]
    files, tables, exceptions = dict(HEAD), {}, {number: [] for number in range(3)}
    for number in range(TABLES):
        held, is_optional = table(chance, layers)
        name = f"d{number}"
        tables[name] = held
        files[f"{name}.yaml"] = document(name, held, is_optional).encode()
        for layer, text in added(name, held, (*held.rows, *([held.otherwise] if held.otherwise else []))):
            exceptions[layer].append(text)
    for number, (rank, condition) in enumerate(layers):
        files[f"l{number}.yaml"] = (
            f"layer: l{number}\ntitle: t\nrank: {RANKS[rank - 1]}\nwhile: {written(condition)}\n"
            f"exceptions: [{', '.join(exceptions[number])}]\n"
        ).encode()
    return csflow.load_pack(files), tables


def shown(found, aggregate):
    """What the engine answered, as the brute force says it."""
    if found.status != "decided":
        return found.status, None
    points = found.outputs["points"]
    if aggregate:
        return "decided", points
    grades = found.outputs["grade"]
    return "decided", list(zip(grades, points, strict=True)) if isinstance(grades, tuple) else (grades, points)


def cases(seed):
    pack, tables = made(seed)
    chance = random.Random(f"facts of {seed}")
    for name, held in tables.items():
        for _ in range(CASES):
            yield pack, name, held, {each: chance.choice([True, True, False, False, None]) for each in NAMES}


@pytest.mark.parametrize("seed", range(PACKS))
def test_the_reference_engine_answers_as_the_brute_force_does(seed):
    for pack, name, held, facts in cases(seed):
        found = pack.decide(name, {"x": facts})
        assert shown(found, held.aggregate) == brute.answer(held, facts), (seed, name, facts, held)


def test_every_policy_status_and_feature_is_among_the_tables():
    policies, statuses, layered, total = Counter(), Counter(), 0, 0
    for seed in range(min(PACKS, 10)):
        for _, _, held, facts in cases(seed):
            policies[held.policy, held.aggregate] += 1
            statuses[held.policy, brute.answer(held, facts)[0]] += 1
        for name, held in made(seed)[1].items():
            total += 1
            layered += any(True for _ in added(name, held, held.rows))
    assert {policy for policy, _ in policies} == set(POLICIES)
    assert {aggregate for _, aggregate in policies} == {None, "sum", "min", "max", "count"}
    assert all(
        sum(count for (_, found), count in statuses.items() if found == status) > 20
        for status in ("decided", "undecided", "no_rule", "conflict")
    )
    assert layered > 0.05 * total
    assert PACKS * TABLES >= 2_000


def test_the_brute_force_is_no_copy_of_the_engine():
    """It reads no module of csflow."""
    assert not [name for name in vars(brute) if getattr(vars(brute)[name], "__module__", "").startswith("csflow")]
