"""What would change an answer: the nearest value of each changeable fact, in words and as data."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from tests.unit.evaluators.laboratory import FACTS, PAID_AT, given, pack_of, table

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.evaluators.nearest import NearestChanges

CHANGING = FACTS.replace("}\n", ", changeable: true}\n")
assert CHANGING.count("changeable") > 30


def near(decision, fact):
    """The changes of one fact, as (direction, value, outputs or status)."""
    return [
        (change.direction.value, change.value, change.decision.outputs.get("answer", change.decision.status))
        for change in decision.nearest_change()
        if change.fact == fact
    ]


def decided(when, facts, **more):
    rule = f"  - {{id: r, when: '{when}', then: {{answer: 1}}, because: law}}"
    return pack_of(table(rule, otherwise="{answer: 0}"), facts=more.pop("sheet", CHANGING), **more).decide(
        "ask", given(facts)
    )


@pytest.mark.parametrize(
    ("when", "facts", "fact", "expected"),
    [
        ("x.i > 3", {"i": 3}, "x.i", [("above", 4, 1)]),
        ("x.i >= 3", {"i": 3}, "x.i", [("below", 2, 0)]),
        ("x.i in (3..7]", {"i": 5}, "x.i", [("below", 3, 0), ("above", 8, 0)]),
        ("x.i = 7", {"i": 5}, "x.i", [("above", 7, 1)]),
        ("x.i != 7", {"i": 7}, "x.i", [("below", 6, 1), ("above", 8, 1)]),
        ("x.m > x.n", {"m": "5.00 CNY", "n": "5.00 CNY"}, "x.n", [("below", csflow.Money("4.99 CNY"), 1)]),
        ("x.r * x.m >= 10 CNY", {"m": "99.00 CNY", "r": "10%"}, "x.r", [("above", Decimal("10.11"), 1)]),
        ("x.d > 1", {"d": "1.00"}, "x.d", [("above", Decimal("1.01"), 1)]),
        ("x.days <= 7 days", {"days": 7}, "x.days", [("above", 8, 0)]),
        ("x.span < 48 hours", {"span": "47 hours"}, "x.span", [("above", dt.timedelta(hours=48), 0)]),
        ("x.day <= 2025-11-15", {"day": "2025-11-10"}, "x.day", [("above", dt.date(2025, 11, 16), 0)]),
        ("days_between(x.day, x.other_day) <= 7", {"day": "2025-11-10", "other_day": "2025-11-12"}, "x.day", [("below", dt.date(2025, 11, 4), 0)]),
        ("x.p", {"p": True}, "x.p", [("other", False, 0)]),
        ("x.colour in [red, green]", {"colour": "blue"}, "x.colour", [("other", "red", 1), ("other", "green", 1)]),
        ('x.word = "vip"', {"word": "plain"}, "x.word", [("other", "vip", 1)]),
        ('x.word = "vip"', {"word": "vip"}, "x.word", [("other", "", 0)]),
        ("x.word = x.other_word", {"word": "a", "other_word": "b"}, "x.word", [("other", "b", 1)]),
        # An optional fact: that it be absent is one more value, and what is absent has no side.
        ("x.maybe_int is given and x.maybe_int > 3", {"maybe_int": 5}, "x.maybe_int", [("below", 3, 0), ("other", None, 0)]),
        ("x.maybe_int is given and x.maybe_int > 3", {}, "x.maybe_int", [("other", 4, 1)]),
        ("x.maybe_colour is absent", {}, "x.maybe_colour", [("other", "red", 0), ("other", "green", 0), ("other", "blue", 0)]),
        # What is missing is no change; what is known may be one.
        ("x.i > 3 and x.p", {"i": 5}, "x.p", []),
        ("x.i > 3 and x.p", {"i": 5}, "x.i", [("below", 3, 0)]),
        ("x.i > 3 or x.p", {"i": 2}, "x.i", [("above", 4, 1)]),
        # Nothing that it is read for changes.
        ("x.i > 3 or x.i <= 3", {"i": 2}, "x.i", []),
    ],
)  # fmt: skip
def test_the_nearest_value_on_either_side_that_changes_the_answer(when, facts, fact, expected):
    sheet = CHANGING
    when = when.replace("<= 7'", "<= 7 days'").replace("other_day) <= 7", "other_day) <= 7 days")
    assert near(decided(when, facts, sheet=sheet), fact) == expected


def test_a_computed_answer_changes_at_the_next_step_of_rounding():
    rule = '  - {id: r, when: {}, then: {answer: {expr: "x.r * x.m"}}, because: law}'
    pack = pack_of(table(rule, outputs="answer: {type: money}"), facts=CHANGING)
    decision = pack.decide("ask", given({"r": "10%", "m": "1.00 CNY"}))
    assert near(decision, "x.m") == [
        ("below", csflow.Money("0.94 CNY"), csflow.Money("0.09 CNY")),
        ("above", csflow.Money("1.05 CNY"), csflow.Money("0.11 CNY")),
    ]


def test_the_governing_date_changes_the_answer_where_an_edition_begins():
    parameters = (
        "parameters: {n: {type: int, editions: [{from: 2024-01-01, value: 1, because: a, basis: own}, "
        "{from: 2025-07-01, value: 2, because: a, basis: own}, {from: 2026-01-01, value: 1, because: a, basis: own}]}}"
    )
    rule = "  - {id: r, when: {}, then: {answer: param.n}, because: law}"
    decision = pack_of(parameters, table(rule), facts=CHANGING).decide("ask", {"order": {"paid_at": PAID_AT}})
    below, above = decision.nearest_change()
    assert [str(each.value) for each in (below, above)] == [
        "2025-06-30 23:59:59.999999+08:00",
        "2026-01-01 00:00:00+08:00",
    ]
    assert (below.decision.outputs["answer"], above.decision.outputs["answer"]) == (1, 1)
    assert decision.outputs["answer"] == 2


def test_only_facts_that_the_pack_calls_changeable_are_looked_at_in_the_order_of_the_sheet():
    sheet = FACTS.replace("j: {type: int}", "j: {type: int, changeable: true}").replace(
        "q: {type: bool}", "q: {type: bool, changeable: true}"
    )
    decision = decided("x.i > 3 and x.j > 3 and x.q", {"i": 5, "j": 5, "q": True}, sheet=sheet)
    assert [(change.fact, change.value) for change in decision.nearest_change()] == [("x.q", False), ("x.j", 3)]


def test_the_answer_of_one_record_changes_by_itself():
    sheet = CHANGING + "    lines: {each: {pieces: {type: int}}, max_items: 3, changeable: true}\n"
    rule = '  - {id: few, when: "line.pieces < x.i", then: {answer: 1}, because: law}'
    document = table(rule, otherwise="{answer: 0}").replace("hit_policy", "for_each: line in x.lines\nhit_policy")
    decision = pack_of(document, facts=sheet).decide("ask", given({"i": 5, "lines": [{"pieces": 1}, {"pieces": 4}]}))
    assert near(decision, "x.i") == [("below", 4, (1, 0))]
    assert near(decision.items[0], "x.i") == [("below", 1, 0)]
    assert near(decision.items[1], "x.i") == [("below", 4, 0)]


def test_a_search_that_is_given_up_says_so():
    sheet = CHANGING.replace("i: {type: int,", "i: {type: int, min: -1000000, max: 1000000,")
    rule = "  - {id: r, when: 'x.i * x.i = x.j', then: {answer: 1}, because: law}"
    pack = pack_of(table(rule, otherwise="{answer: 0}"), facts=sheet)
    facts = pack.facts(given({"i": 2, "j": 999_983}))
    search = NearestChanges(pack.linked, facts, None, "ask", most_values=200)
    (change,) = search.of(pack.linked.facts["x.j"])
    assert (change.direction, change.value) == ("below", 4)
    found = list(NearestChanges(pack.linked, facts, None, "ask", most_values=5).of(pack.linked.facts["x.i"]))
    assert [(change.direction.value, change.outcome) for change in found] == [("below", None), ("above", None)]
    from csflow.evaluators.nearest_change import NearestChange

    given_up = NearestChange(pack.linked, found[0], None)
    assert given_up.is_given_up
    assert given_up.to_json() == {
        "fact": "x.i",
        "direction": "below",
        "value": None,
        "given_up": True,
        "decision": None,
    }
    assert "took too long" in given_up.explain("en")
    assert "没有查明" in given_up.explain("zh-CN")


def test_a_private_value_is_not_told():
    sheet = CHANGING.replace(
        "other_word: {type: text, max_length: 40", "other_word: {type: text, max_length: 40, pii: true"
    )
    decision = decided("x.word = x.other_word", {"word": "open", "other_word": "hidden-name"}, sheet=sheet)
    changes = decision.nearest_change()
    assert [change.fact for change in changes] == ["x.word", "x.other_word"]
    assert changes[0].value == "hidden-name"
    for change in changes:
        for text in (repr(change).partition("Decision")[0], change.explain("en"), json.dumps(change.to_json())):
            assert "hidden-name" not in text
            assert "***" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_changes_are_told_in_every_language(language):
    decision = decided("x.i > 3 and x.day <= 2025-11-15 and x.p", {"i": 5, "p": True, "day": "2025-11-10"})
    for change in decision.nearest_change():
        text = change.explain(language)
        assert "(ask)" in text
        assert "{" not in text
        if language == "en":
            assert text.isascii()
        document = change.to_json()
        assert json.loads(json.dumps(document, allow_nan=False)) == document
        assert document["decision"]["decision"] == "ask"


CN = csflow.standard_pack("cn")
CASE = {
    "order": {"paid_at": "2025-11-08T10:00:00+08:00"},
    "item": {"category": "apparel", "nature": "ordinary", "made_after_order": False, "no_return_confirmed": False,
             "confirmation_preticked": False},
    "claim": {"reason": "no_reason", "condition": "tried", "signed_at": "2025-11-10T20:00:00+08:00"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("signed_at", "requested_at", "direction", "border"),
    [
        # Day 7, 24:00: the first instant that is too late, and the last that is in time.
        ("2025-11-10T20:00:00+08:00", "2025-11-12T09:00:00+08:00", "above", "2025-11-18 00:00:00+08:00"),
        ("2025-11-10T20:00:00+08:00", "2025-11-17T23:59:59.999999+08:00", "above", "2025-11-18 00:00:00+08:00"),
        ("2025-11-10T20:00:00+08:00", "2025-11-18T00:00:00+08:00", "below", "2025-11-17 23:59:59.999999+08:00"),
        ("2025-11-10T20:00:00+08:00", "2026-03-01T00:00:00+08:00", "below", "2025-11-17 23:59:59.999999+08:00"),
        # The seventh day is one of the National Day holidays: the window runs to the end of the next working day.
        ("2025-09-24T20:00:00+08:00", "2025-09-30T09:00:00+08:00", "above", "2025-10-10 00:00:00+08:00"),
    ],
)
def test_the_no_reason_return_turns_at_the_end_of_its_last_day(signed_at, requested_at, direction, border):
    facts = CASE | {"claim": CASE["claim"] | {"signed_at": signed_at, "requested_at": requested_at}}
    (change,) = CN.decide("no_reason_return", facts).nearest_change()
    assert (change.fact, change.direction, str(change.value)) == ("claim.requested_at", direction, border)
    assert change.decision.rule == {"above": "expired", "below": "in-window-intact"}[direction]
    again = CN.decide("no_reason_return", facts | {"claim": facts["claim"] | {"requested_at": change.value}})
    assert again.to_json() == change.decision.to_json()
