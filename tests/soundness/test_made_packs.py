"""Packs by chance that use the whole language: what `check` accepts never raises, keeps its word and learns without changing its mind.

A seeded slice runs in CI; CSFLOW_SOAK=1 makes 5,000 packs. A failure names the seed: `packs.made(seed)`.
"""

import datetime as dt
import json
import os
import random
import re
import traceback
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.loading.passes import load_files
from csflow.values.decoding import from_value
from csflow.values.kinds import Kind

from . import packs

SEEDS = range(5_000 if os.environ.get("CSFLOW_SOAK") == "1" else 160)
CASES = 8
INSTANTS = (
    "2023-06-01T00:00:00+08:00",
    "2025-06-01T00:00:00+08:00",
    "2025-05-31T15:59:59Z",
    "2026-12-31T23:59:59+08:00",
    "2027-06-01T00:00:00Z",
)


@cache
def accepted() -> dict[int, tuple[csflow.Pack, set[str]]]:
    """The packs without an error, by seed, with the features that each uses."""
    found = {}
    for seed in SEEDS:
        made = packs.made(seed)
        if load_files(made.files).pack is not None:
            found[seed] = (csflow.load_pack(made.files), made.features)
    return found


def own(pack: csflow.Pack) -> list[str]:
    """The decisions that were made by chance: those of a pack that it extends are looked at in test_never_raises."""
    return [name for name in pack.decisions if re.fullmatch(r"d\d", name)]


def told(answer: csflow.Decision) -> tuple[Any, ...]:
    """All that an answer says."""
    document = json.dumps(answer.to_json(), allow_nan=False)
    return repr(answer), document, *(answer.explain(language) for language in LANGUAGES)


def require_shape(pack: csflow.Pack, answer: csflow.Decision) -> None:
    """What an answer holds is what the decision declares."""
    decision = pack.linked.decisions[answer.decision]
    assert answer.status in ("decided", "undecided", "no_rule", "conflict")
    assert set(answer.outputs) == (set(decision.outputs) if answer.status == "decided" else set())
    assert answer.status != "undecided" or answer.missing
    assert answer.status != "decided" or not answer.missing
    for name, value in answer.outputs.items():
        output = decision.outputs[name]
        values = value if decision.gives_list else (value,)
        assert isinstance(values, tuple)
        for each in values:
            assert each is not None or output.optional, f"{name} is left out"
            if each is not None:
                require_kind(output.kind, each)
    for item in answer.items:
        told(item)
    for hit in answer.hits:
        assert set(hit.outputs) == set(decision.outputs)


def require_kind(kind: Kind, value: Any) -> None:
    if kind.name == "list":
        assert len({record["id"] for record in value}) == len(value)
        for record in value:
            require_kind(kind.member("value").kind, record["value"])
        return
    wanted = {
        "bool": bool, "int": int, "quantity": int, "days": int, "money": csflow.Money, "decimal": Decimal,
        "percent": Decimal, "date": dt.date, "datetime": dt.datetime, "duration": dt.timedelta,
    }.get(kind.name, str)  # fmt: skip
    assert type(value) is wanted, (kind.name, value)
    assert not kind.symbols or value in kind.symbols
    # A value within its bounds is one that could have been given.
    assert from_value(kind, value) is not None


def cases(seed: int, pack: csflow.Pack) -> list[tuple[dict[str, Any], str, random.Random]]:
    chance = random.Random(f"facts of {seed}")
    return [(packs.facts(pack.linked, chance), chance.choice(INSTANTS), chance) for _ in range(CASES)]


def failures(look: Any) -> str:
    """What `look(pack, facts, at, chance)` has against the accepted packs, by seed."""
    found = []
    for seed, (pack, _) in accepted().items():
        for number, (facts, at, chance) in enumerate(cases(seed, pack)):
            try:
                look(pack, facts, at, chance)
            except Exception as problem:
                place = traceback.extract_tb(problem.__traceback__)[-1]
                found.append(f"seed {seed} case {number}: {problem!r:.600} at {place.filename}:{place.lineno}")
                break
    return "\n".join(found)


def test_no_facts_that_decode_make_an_answer_raise_or_break_its_word():
    def look(pack, facts, at, chance):
        checked = pack.facts(facts)
        for decision in own(pack):
            answer = pack.decide(decision, checked, at=at)
            require_shape(pack, answer)
            assert told(answer) == told(pack.decide(decision, dict(reversed(facts.items())), at=at))

    assert failures(look) == ""


def test_knowing_more_changes_no_answer():
    def look(pack, facts, at, chance):
        more = packs.more_facts(pack.linked, facts, chance)
        for decision in own(pack):
            before, after = (pack.decide(decision, given, at=at) for given in (facts, more))
            if before.status == "undecided":
                continue
            for one, other in [(before, after), *zip(before.items, after.items, strict=True)]:
                if one.status != "undecided":
                    assert (one.status, one.outputs, one.rule, one.exceptions, one.because) == (
                        other.status, other.outputs, other.rule, other.exceptions, other.because
                    ), decision  # fmt: skip

    assert failures(look) == ""


def test_with_every_fact_known_only_time_and_contradictions_are_missing():
    def look(pack, facts, at, chance):
        complete = {path: packs.value(fact.kind, chance) for path, fact in pack.linked.facts.items()}
        for path, fact in pack.linked.facts.items():
            for record in complete[path] if fact.kind.name == "list" else ():
                for member in fact.kind.members:
                    if record.get(member.name) is None and not member.optional:
                        record[member.name] = packs.value(member.kind, chance)
        for decision in own(pack):
            answer = pack.decide(decision, complete, at=at)
            assert {cause.kind for cause in answer.missing} <= {"decision", "edition", "calendar", "layers"}, decision

    assert failures(look) == ""


def test_nearly_all_packs_that_are_made_are_accepted():
    assert len(accepted()) >= 0.8 * len(SEEDS)


@pytest.mark.parametrize("feature", packs.FEATURES)
def test_every_feature_of_the_language_is_in_one_of_twenty_packs(feature):
    shares = Counter(each for _, features in accepted().values() for each in features)
    assert shares[feature] >= 0.05 * len(accepted()), {
        each: round(count / len(accepted()), 2) for each, count in shares.items()
    }


def test_answers_of_every_status_are_seen():
    seen = Counter()
    for seed, (pack, _) in accepted().items():
        for facts, at, _ in cases(seed, pack)[:2]:
            seen.update(pack.decide(decision, facts, at=at).status for decision in own(pack))
    assert all(seen[status] >= 5 for status in ("decided", "undecided", "no_rule", "conflict")), seen
    assert seen["decided"] >= 0.2 * seen.total(), seen
