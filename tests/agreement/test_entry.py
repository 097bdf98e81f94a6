"""What is given to a decision as a dictionary is taken or refused as the reader does, and decided as the law says.

The tables are first-hit ones whose cases are counted (`evaluators.indexing`), where the text that decides also finds
out whether a fact is a value of its kind.
"""

import random
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import pytest

from csflow import FactError, Pack, load_pack
from csflow.evaluators import indexing
from csflow.evaluators.answering import answer_of
from csflow.evaluators.indexing import Index
from csflow.evaluators.reference import Evaluation
from csflow.facts import read_facts
from csflow.facts.records import in_dictionaries

PACKS, CASES = range(60), 80


class Level(IntEnum):
    ONE = 1


SYMBOLS = ["a", "b", "c", "d"]
# How a fact is declared, the cells that may ask it, and values of its kind. A record holds one of each.
FACTS: dict[str, tuple[str, list[str], list[Any]]] = {
    "r.symbol": (f"enum, of: [{', '.join(SYMBOLS)}]", ["a", "[a, c]", "not(b)"], SYMBOLS),
    "r.other": (f"enum, of: [{', '.join(SYMBOLS)}], optional: true", ["a", "absent", "[b, c]"], [*SYMBOLS, None]),
    "r.truth": ("bool", ["true", "false"], [True, False]),
    "s.other_truth": ("bool", ["true", "false"], [True, False]),
    "s.perhaps": ("bool, optional: true", ["true", "false", "absent"], [True, False, None]),
    "s.few": ("int, min: -2, max: 30", ['"<= 3"', '"[-1..7]"', '">= 12"', "0"], [-2, -1, 0, 3, 4, 7, 8, 12, 30]),
    "r.many": (
        "int, min: 1, max: 100000",
        ['"<= 9"', '"[10..500]"', '">= 90000"', '"[7..8]"', '">= 30"'],
        [1, 7, 9, 10, 500, 501, 29, 30, 90_000, 100_000],
    ),
    "s.pieces": ("quantity", ['"<= 9"', '"[10..500]"', '">= 20"', '"<= 700"'], [0, 9, 10, 20, 500, 501, 700, 10**12]),
    "s.days": ("days, min: 0 days, max: 20 days", ['"<= 7 days"', '">= 14 days"'], [0, 7, 8, 14, 20]),
    "s.cost": ("money, min: 0 CNY, max: 2 CNY", ['"<= 1 CNY"', '">= 1.50 CNY"'], ["0 CNY", "1.00 CNY", "1.51 CNY"]),
    "r.day": ("date", ['"<= 2026-03-01"', '">= 2026-01-01"'], ["2026-01-01", "2026-03-01", "2026-03-02"]),
}
ODD: list[Any] = [
    *(None, True, False, 0, 1, 1.0, -1, -3, 21, 31, 100_001, 10**13, -(10**13), 2**70, "1", "a", "z", "", Level.ONE),
    *("true", "7 days", "3 CNY", "2026-01-01", [], {}, ["a"], object(), 0.5),
]


def made(chance: random.Random) -> tuple[Pack, list[str]]:
    """A table of constant answers over some of the facts, and the facts of its pack."""
    paths = sorted(chance.sample(sorted(FACTS), chance.randrange(3, 7)) + ["r.symbol"] * 1)
    paths = list(dict.fromkeys(paths))
    records: dict[str, list[str]] = {}
    for path in paths:
        record, _, field = path.partition(".")
        records.setdefault(record, []).append(f"    {field}: {{type: {FACTS[path][0]}}}")
    rules = []
    for number in range(chance.randrange(6, 24)):
        asked = {"r.symbol", *chance.sample(paths, min(len(paths), chance.randrange(1, 4)))}
        cells = ", ".join(f"{path.replace('.', '_')}: {chance.choice(FACTS[path][1])}" for path in sorted(asked))
        rules.append(f"  - {{id: r{number}, when: {{{cells}}}, then: {{answer: {number}}}, because: law}}")
    inputs = ", ".join(f"{path.replace('.', '_')}: {path}" for path in paths)
    otherwise = "otherwise: {answer: 99}\n" if chance.random() < 0.5 else ""
    files = {
        "pack.yaml": "pack: p\ntitle: P\nlanguage: 1\ncurrency: CNY\nrounding: half_up\ntime_zone: UTC\n"
        'in_force: "[2024-01-01..2027-01-01)"\nreviewed_on: 2026-11-24\n',
        "zone.yaml": 'zone: UTC\ncovers: "[1992-01-01..2100-01-01)"\n'
        'offsets: [{from: 1991-12-31T00:00:00Z, offset: "+00:00"}]\n',
        "facts.yaml": "facts:\n" + "".join(f"  {record}:\n" + "\n".join(f) + "\n" for record, f in records.items()),
        "d.yaml": f"decision: d\ntitle: D\nhit_policy: first\ninputs: {{{inputs}}}\n"
        f"outputs:\n  answer: {{type: int}}\nrules:\n" + "\n".join(rules) + f"\n{otherwise}",
    }
    return load_pack({name: text.encode() for name, text in files.items()}), paths


def given(chance: random.Random, paths: list[str]) -> Any:
    """Facts for them; of every two cases one has something odd."""
    facts: dict[Any, Any] = {}
    for path in paths:
        record, _, field = path.partition(".")
        facts.setdefault(record, {})[field] = chance.choice(FACTS[path][2])
    record, _, field = chance.choice(paths).partition(".")
    match chance.randrange(12):
        case 0:
            del facts[record][field]
        case 1:
            facts[record]["typo"] = 1
        case 2:
            facts[chance.choice(["typo", record])] = chance.choice([None, 1, {}])
        case 3 | 4 | 5:
            facts[record][field] = chance.choice(ODD)
    return facts


def told(decide: Any) -> Any:
    """What comes of it: status, rule and outputs, or the findings."""
    try:
        return decide()
    except FactError as refused:
        return [(each.name, each.subject, each.values) for each in refused.diagnostics]


def law(pack: Pack, facts: Any) -> Any:
    plain, missing = in_dictionaries(pack.linked, facts)
    read = read_facts(pack.linked, plain, found=missing)
    answer = answer_of(pack.linked, Evaluation(pack.linked, read, None).decide("d"))
    return answer.conclusion.status, answer.conclusion.rule, dict(answer.shown())


def decided(pack: Pack, facts: Any) -> Any:
    decision = pack.decide("d", facts)
    return decision.status, decision.rule, dict(decision.outputs)


def compared(seeds: range) -> Iterator[tuple[str, Any, Any, Any]]:
    """For each case: where, what the law says, what the decision is, and what the outputs alone are."""
    for seed in seeds:
        chance = random.Random(seed)
        pack, paths = made(chance)
        outputs = pack.function("d")
        for number in range(CASES):
            facts = given(chance, paths)
            wanted = told(lambda pack=pack, facts=facts: law(pack, facts))
            alone = told(lambda outputs=outputs, facts=facts: dict(outputs(facts)))
            where = f"pack {seed}, case {number}: {facts}"
            yield where, wanted, told(lambda pack=pack, facts=facts: decided(pack, facts)), alone


def differ(wanted: Any, found: Any, alone: Any) -> bool:
    return found != wanted or alone != (wanted[2] if isinstance(wanted, tuple) else wanted)


def test_a_dictionary_is_taken_or_refused_as_the_reader_does_and_decided_as_the_law_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Most tables are counted, each form of counting is among them, and cases of every outcome."""
    forms: Counter[str] = Counter()
    text = Index.text

    def noted(index: Index, fact: str, *, is_checked: bool) -> str:
        for branching, _ in index._compared:
            forms["compared" if branching.is_searched else "true or false"] += 1
        for branching, _ in index._added:
            form = "searched" if branching.is_searched else "bounded" if branching.bounds else "looked up"
            forms[form] += 1
        forms["tables"] += not is_checked
        return text(index, fact, is_checked=is_checked)

    monkeypatch.setattr(Index, "text", noted)
    outcomes: Counter[str] = Counter()
    for where, wanted, found, alone in compared(PACKS):
        assert not differ(wanted, found, alone), f"{where}: {wanted}, the decision {found}, its outputs {alone}"
        outcomes[wanted[0] if isinstance(wanted, tuple) else "refused"] += 1
    assert forms["tables"] > len(PACKS) / 2, forms
    assert min(forms[form] for form in ("compared", "true or false", "searched", "bounded", "looked up")) > 3, forms
    assert min(outcomes[each] for each in ("decided", "undecided", "no_rule", "refused")) > 50, outcomes


def bounds_passed_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(indexing, "_misfit", lambda value: 0)


def a_region_counted_twice(patch: pytest.MonkeyPatch) -> None:
    searched = indexing.searched
    patch.setattr(indexing, "searched", lambda x, starts, regions: searched(x, starts, [*regions[:1], *regions[:-1]]))


def a_number_beyond_its_bounds_looked_up(patch: pytest.MonkeyPatch) -> None:
    counts = indexing._counts

    def lenient(branching: Any, step: int) -> Any:
        found = counts(branching, step)
        return found if branching.bounds is None or branching.is_searched else found | dict.fromkeys([-3, 31], 0)

    patch.setattr(indexing, "_counts", lenient)


@pytest.mark.parametrize("mistake", [bounds_passed_over, a_region_counted_twice, a_number_beyond_its_bounds_looked_up])
def test_a_mistake_in_counting_is_noticed(mistake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake(monkeypatch)
    assert any(differ(wanted, found, alone) for _, wanted, found, alone in compared(PACKS))
