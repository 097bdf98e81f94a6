"""A checked pack never raises, answers the same twice, and learns without changing its mind.

A seeded slice runs in CI, of cn a tenth: a case of it has some two hundred facts. CSFLOW_SOAK=1 looks at 20,000 random
cases of each pack, at 2,000 of cn.
"""

import datetime as dt
import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.values.decoding import bounds_of

ROOT = Path(__file__).resolve().parents[2]
SOAK = os.environ.get("CSFLOW_SOAK") == "1"


def seeded(name):
    return settings(
        max_examples=(20_000 if SOAK else 120) // (10 if name == "cn" else 1),
        derandomize=not SOAK,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


FOLDERS = {"cn": ROOT / "policies" / "cn", "corner_shop": ROOT / "tests" / "spec" / "checks" / "pack"}
# What neither pack uses: every function, window and operator, nested exceptions, decisions that inherit a date.
EVERYTHING = {
    "more_facts.yaml": """
facts:
  more:
    on: {type: date}
    days: {type: days}
    span: {type: duration}
    rate: {type: percent, optional: true}
    count: {type: int}
    part: {type: decimal, places: 3}
    price: {type: money}
    note: {type: text, optional: true, max_length: 20}
    who: {type: party, optional: true}
    flag: {type: bool, optional: true}
derived:
  later: claim.signed_at + more.span
  share: more.part / 3
  dear: more.price * 33.33% > order.paid or more.count in [1, 2, 3]
""",
    "more_parameters.yaml": """
parameters:
  hours:
    type: window
    editions:
      - {from: 2024-01-01, value: {length: 48 hours, counts_from: moment}, because: b, basis: own}
      - {from: 2025-11-11, value: {length: 90 minutes, counts_from: moment}, because: b, basis: own}
  months:
    type: window
    editions:
      - {from: 2024-01-01, value: {length: 3 months, counts_from: same_day, month_end: last_day}, because: b, basis: own}
  service:
    type: window
    editions:
      - {from: 2024-01-01, value: {length: 12 service_hours, counts_from: moment, calendar: cn}, because: b, basis: own}
  working:
    type: window
    editions:
      - {from: 2024-01-01, value: {length: 5 working_days, counts_from: moment, calendar: cn}, because: b, basis: own}
  divisor:
    type: int
    editions:
      - {from: 2024-01-01, until: 2025-06-01, value: 3, because: b, basis: own}
      - {from: 2025-06-01, value: 7, because: b, basis: own}
""",
    "ends.yaml": """
decision: ends
title: ends
governed_by: order.paid_at
hit_policy: first
outputs:
  at: {type: datetime}
  on: {type: date, optional: true}
rules:
  - {id: hours, when: claim.is_member, then: {at: "deadline(param.hours, claim.signed_at)", on: date_of(claim.signed_at)}, because: b}
  - {id: months, when: order.paid > 10 CNY, then: {at: "deadline(param.months, claim.signed_at)", on: more.on + more.days}, because: b}
  - {id: service, when: claim.condition = intact, then: {at: "deadline(param.service, claim.signed_at)"}, because: b}
  - {id: working, when: true, then: {at: "deadline(param.working, claim.signed_at)"}, because: b}
""",
    "amounts.yaml": """
decision: amounts
title: amounts
hit_policy: unique
inputs:
  later: later
  share: share
  who: more.who
  rate: more.rate
outputs:
  amount: {type: money, optional: true}
  rate: {type: percent, optional: true}
  part: {type: decimal, places: 1}
  span: {type: duration, optional: true}
  note: {type: text, optional: true, max_length: 20}
rules:
  - id: known
    when: {who: "not(customer, merchant)", share: ">= 0"}
    then: {amount: more.price / param.divisor * 2 - order.paid, rate: "if more.rate is given then more.rate / 3 else 0%", part: share * 2}
    because: b
    exceptions:
      - id: one
        when: dear
        then: {amount: -more.price, part: share, note: {expr: more.note}}
        because: b
        exceptions: [{id: two, when: "more.flag is given and more.flag", then: {part: "1", span: more.span * 2}, because: b}]
      - {id: three, when: "later > claim.requested_at and share in [0..10)", then: {part: more.part}, because: b}
  - {id: absent, when: {who: absent, rate: -}, then: {amount: order.paid, part: more.count / 3}, because: b}
otherwise: {then: {part: "if days_between(claim.signed_at, more.on) > 7 days then more.count / 7 else 0.5"}, because: b}
""",
    "uses.yaml": """
decision: uses
title: uses
governed_by: more.on
inputs:
  amount: decision.amounts.amount
  ends: decision.ends.at
  in_time: within(param.service, claim.signed_at, claim.requested_at) or within(param.working, claim.signed_at, claim.requested_at)
outputs:
  yes: {type: bool}
rules:
  - {id: cheap, when: {amount: "[0 CNY..100 CNY)", in_time: true}, then: {yes: ends > claim.requested_at}, because: b}
  - {id: dear, when: {amount: ">= 100 CNY"}, then: {yes: decision.no_reason_return.outcome = allow}, because: b}
  - {id: nothing, when: {amount: absent, ends: "< 2026-01-01"}, then: {yes: false}, because: b}
  - {id: less, when: "amount is given and amount < 0 CNY", then: {yes: true}, because: b}
""",
}


def read(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


@cache
def pack_of(name):
    if name in FOLDERS:
        return csflow.load_pack(read(FOLDERS[name]))
    more = {file: text.encode() for file, text in EVERYTHING.items()}
    return csflow.load_pack(read(FOLDERS["corner_shop"]) | more)


each_pack = pytest.mark.parametrize("name", [*FOLDERS, "everything"])

# Facts

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
ANCHORS = [
    dt.datetime.fromisoformat(text)
    for text in (
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59.999999+00:00",
        "1991-09-14T17:00:00+00:00",  # the zone begins
        "2099-12-31T16:00:00+00:00",  # and ends
        "2017-03-14T16:00:00+00:00",  # editions begin
        "2023-12-31T16:00:00+00:00",
        "2025-11-10T16:00:00+00:00",
        "2025-09-24T10:00:00+00:00",  # before a long holiday
        "2025-10-08T16:00:00+00:00",
        "2025-11-17T16:00:00+00:00",
        "2026-12-24T16:00:00+00:00",  # the calendars end
        "2026-12-31T16:00:00+00:00",
    )
]
FIRST, LAST = (dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC))


@st.composite
def instants(draw):
    """Near a boundary to the microsecond, some days from it, or anywhere in the years 1 to 9999."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.datetimes(timezones=st.just(dt.UTC)))
    away = dt.timedelta(days=draw(st.integers(-9, 9)), microseconds=draw(st.sampled_from([0, 0, -1, 1])))
    anchor = draw(st.sampled_from(ANCHORS))
    return anchor + min(max(away, FIRST - anchor), LAST - anchor)


def numbers(kind):
    low, high = bounds_of(kind)
    edges = [bound for bound in (low, high, 0, 1, -1, 7, 8, 100) if low <= bound <= high]
    return st.one_of(st.sampled_from(edges), st.integers(low, high))


def scaled(places, suffix=""):
    def text(number):
        digits = str(abs(number)).rjust(places + 1, "0")
        return f"{'-' if number < 0 else ''}{digits[: len(digits) - places]}.{digits[len(digits) - places :]}{suffix}"

    return text


def values(kind):
    """What a backend may give for a fact of this kind."""
    if kind.symbols:
        return st.sampled_from(kind.symbols)
    if kind.name == "text":
        # A text is shown, never looked into: signs that templates and terminals take for their own are in.
        return st.text(st.characters(codec="utf-8"), max_size=kind.max_length or 40)
    if kind.name == "list":
        return st.lists(records(kind.members), max_size=min(3, kind.max_items))
    return {
        "bool": lambda: st.booleans(),
        "int": lambda: numbers(kind),
        "quantity": lambda: numbers(kind),
        "days": lambda: numbers(kind),
        "decimal": lambda: numbers(kind).map(scaled(kind.places)) if kind.places else numbers(kind),
        "percent": lambda: numbers(kind).map(scaled(2, "%")),
        "money": lambda: numbers(kind).map(lambda minor: csflow.Money.from_minor(minor, kind.currency)),
        "duration": lambda: numbers(kind).map(lambda micro: dt.timedelta(microseconds=micro)),
        "date": lambda: st.one_of(st.dates(), instants().map(dt.datetime.date)),
        "datetime": instants,
    }[kind.name]()


def records(members):
    needed = {member.name: values(member.kind) for member in members if not member.optional}
    left_out = {member.name: values(member.kind) for member in members if member.optional}
    return st.fixed_dictionaries(needed, optional=left_out)


@st.composite
def cases(draw, name):
    """For every fact a value, None, or nothing."""
    pack = pack_of(name)
    unknown = draw(st.sampled_from([0, 1, 3]), label="how many in eight are not given")
    given_facts = {}
    for path, fact in pack.linked.facts.items():
        luck = draw(st.integers(0, 7))
        if luck >= unknown:
            given_facts[path] = draw(values(fact.kind), label=path)
        elif luck == 0:
            given_facts[path] = None
    return given_facts


def told(pack, decision, facts):
    """All that an answer says, computed afresh."""
    found = pack.decide(decision, facts)
    assert found.status in ("decided", "undecided", "no_rule", "conflict")
    assert (found.status == "decided") == (found.rule is not None)
    assert (found.status == "undecided") == bool(found.missing)
    document = json.dumps(found.to_json(), allow_nan=False)
    return (
        found.outputs, found.rule, found.exceptions, found.because, found.missing, found.alternatives, found.edition,
        repr(found), document, *(found.explain(language) for language in LANGUAGES),
    )  # fmt: skip


@each_pack
def test_no_facts_that_decode_make_a_decision_raise_and_the_same_facts_give_the_same_answer(name):
    pack = pack_of(name)

    @seeded(name)
    @given(facts=cases(name), decision=st.sampled_from(pack.decisions))
    def holds(facts, decision):
        assert told(pack, decision, facts) == told(pack, decision, dict(reversed(facts.items())))

    holds()


@each_pack
def test_every_decision_of_one_case_answers(name):
    pack = pack_of(name)

    @seeded(name)
    @given(facts=cases(name))
    def holds(facts):
        checked = pack.facts(facts)
        for decision in pack.decisions:
            found = pack.decide(decision, checked)
            assert set(found.outputs) in (set(), set(pack.linked.decisions[decision].outputs))

    holds()


@each_pack
def test_knowing_more_never_changes_an_answer(name):
    """What is unknown may be given any value; an optional fact that is absent is known to be so."""
    pack = pack_of(name)

    @seeded(name)
    @given(data=st.data())
    def holds(data):
        facts = data.draw(cases(name))
        decisions = {decision: pack.decide(decision, facts) for decision in pack.decisions}
        more = dict(facts)
        for path, fact in pack.linked.facts.items():
            if facts.get(path) is None and not fact.optional and data.draw(st.booleans()):
                more[path] = data.draw(values(fact.kind), label=path)
        for decision, before in decisions.items():
            if before.status == "undecided":
                continue
            after = pack.decide(decision, more)
            assert (before.status, before.outputs, before.rule, before.exceptions, before.because) == (
                after.status, after.outputs, after.rule, after.exceptions, after.because
            )  # fmt: skip

    holds()


@each_pack
def test_a_decided_answer_needs_none_of_the_facts_that_were_not_given(name):
    """The causes of an undecided answer are reasons: with every fact given, only time can be missing."""
    pack = pack_of(name)
    complete = st.fixed_dictionaries({path: values(fact.kind) for path, fact in pack.linked.facts.items()})

    @seeded(name)
    @given(facts=complete)
    def holds(facts):
        for decision in pack.decisions:
            kinds = {cause.kind for cause in pack.decide(decision, facts).missing}
            assert kinds <= {"decision", "edition", "calendar", "layers", "instant"}
            undecided = {c.status for c in pack.decide(decision, facts).missing if c.kind == "decision"}
            assert undecided <= {"undecided", "no_rule", "conflict"}

    holds()
