"""Every verdict on every rule says what the reference engine finds; nothing private is told; nothing raises.

Packs by chance that use the whole language. A seeded slice runs in CI; CSFLOW_SOAK=1 takes more.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from tests.agreement.cases import Cases
from tests.soundness import packs

from csflow.diagnostics import LANGUAGES
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.positions import range_of
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.unknowns import Unknown
from csflow.evaluators.verdicts import Verdict
from csflow.evaluators.why_not import WhyNot, why_not
from csflow.expressions import terms as t
from csflow.facts import Facts, facts_of
from csflow.loading.passes import load_files
from csflow.pack.model import LinkedPack

PACKS, CASES = (600, 12) if os.environ.get("CSFLOW_SOAK") == "1" else (40, 4)
CHUNK = 20
PRIVATE = "zqx-priv"


def with_private_texts(pack: LinkedPack, facts: Facts) -> Facts:
    """The same facts, with one text that is easily found for every private one that is given."""
    values: dict[str, Any] = dict(facts.values)
    for path, fact in pack.facts.items():
        held = values.get(path)
        if isinstance(held, tuple):
            private = {member.name for member in fact.kind.members if member.pii}
            values[path] = tuple(
                {name: PRIVATE if name in private and isinstance(each, str) else each for name, each in record.items()}
                for record in held
            )
        elif fact.pii and isinstance(held, str):
            values[path] = PRIVATE
        elif fact.kind.name == "datetime" and isinstance(held, int):
            # A case beside the end of a window may lie outside the years that decode.
            low, high = range_of(t.Reference(fact.mark, fact.kind, t.Space.FACT, path, fact.optional))
            values[path] = min(max(held, low), high)
    return facts_of(pack, values)


def asked(seeds: range) -> Iterator[tuple[str, Evaluation, Outcome, WhyNot]]:
    """Every rule of every decision of every case, of each record where it is made for several."""
    for seed in seeds:
        pack = load_files(packs.made(seed).files).pack
        if pack is None:
            continue
        some = Cases(pack)
        for number in range(CASES):
            facts, at = some.case(number)
            evaluation = Evaluation(pack, with_private_texts(pack, facts), at)
            for name, decision in pack.decisions.items():
                outcome = evaluation.decide(name)
                for each in outcome.items if decision.for_each else (outcome,):
                    for rule in decision.every_rule():
                        where = f"pack {seed}, case {number}, {name}/{rule.id}"
                        yield where, evaluation, each, why_not(pack, evaluation, each, rule.id)


def applied(outcome: Outcome) -> list[tuple[str, ...]]:
    """For each hit of a decided answer, the ids of its rule and of the exceptions that replaced its outputs."""
    return [(hit.rule.id, *(each.id for each in hit.exceptions)) for hit in outcome.hits]


def faults(evaluation: Evaluation, outcome: Outcome, found: WhyNot) -> Iterator[str]:
    rule = next(rule for rule in outcome.decision.every_rule() if rule.id == found.rule)
    holds = evaluation.value(rule.condition, outcome.day, outcome.inputs)
    decides = outcome.status == "decided" and any(chain[-1] == rule.id for chain in applied(outcome))
    if decides != (found.verdict is Verdict.DECIDED):
        yield f"{found.verdict}, but it decides: {decides}"
    replaced = outcome.status == "decided" and any(rule.id in chain[:-1] for chain in applied(outcome))
    if replaced and found.verdict is not Verdict.REPLACED:
        yield f"{found.verdict}, but it is replaced"
    if found.verdict in (Verdict.FALSE, Verdict.MET) and (holds is not False or not found.conditions):
        yield f"{found.verdict}, but its condition is {holds}"
    if found.verdict is Verdict.UNKNOWN and (not isinstance(holds, Unknown) or not found.missing):
        yield f"{found.verdict}, but its condition is {holds}"
    aside = (Verdict.FALSE, Verdict.MET, Verdict.UNKNOWN, Verdict.RULE_NOT_APPLIED, Verdict.EARLIER_RULE)
    if found.verdict not in aside and holds is not True and found.verdict is not Verdict.HIGHER_RANK:
        yield f"{found.verdict}, but its condition is {holds}"
    if found.verdict in (Verdict.EARLIER_RULE, Verdict.OUTRANKED) and found.others != applied(outcome)[0][:1]:
        yield f"{found.verdict} by {found.others}, but {applied(outcome)} decided"
    for part in found._finding.parts:
        value = evaluation.value(part, outcome.day, outcome.inputs)
        expected = found._label
        if (expected == "failed" and value is not False) or (expected == "unclear" and not isinstance(value, Unknown)):
            yield f"{found.verdict}: the part {part.mark.text} is {value}"


@pytest.mark.parametrize("seeds", [range(first, first + CHUNK) for first in range(0, PACKS, CHUNK)], ids=str)
def test_every_verdict_says_what_the_reference_engine_finds(seeds: range) -> None:
    wrong = [
        f"{where}: {fault}"
        for where, evaluation, outcome, found in asked(seeds)
        for fault in faults(evaluation, outcome, found)
    ]
    assert wrong == []


def test_every_verdict_is_among_them_and_is_told_without_what_is_private() -> None:
    tally: Counter[Verdict] = Counter()
    for where, _, _, found in asked(range(40)):
        tally[found.verdict] += 1
        told = [found.explain(language) for language in LANGUAGES]
        told += [json.dumps(found.to_json(), allow_nan=False), repr(found), repr(found.conditions)]
        assert not any(PRIVATE in text for text in told), where
    print(tally)
    assert set(Verdict) - set(tally) <= {Verdict.NO_VALUE, Verdict.HIGHER_RANK}, tally
