"""The meaning of a pack, as sections 1, 2, 4, 5 and 6 of the semantics state it, on the reference engine."""

import contextlib
import datetime as dt
import itertools
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    localcontext,
)
from fractions import Fraction

import pytest
from hypothesis import assume
from hypothesis import given as for_all
from hypothesis import strategies as st

from csflow import Money, PackError
from evaluators.laboratory import ask, asking, given, missing, pack_of, table, value

ROUNDINGS = {
    "half_up": ROUND_HALF_UP,
    "half_down": ROUND_HALF_DOWN,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "ceiling": ROUND_CEILING,
    "floor": ROUND_FLOOR,
}
TRUTHS = (True, False, None)


def known(**facts):
    """The facts that have a value; None stands for one that was not given."""
    return {name: held for name, held in facts.items() if held is not None}


def answer_or_unknown(decision):
    return None if decision.status == "undecided" else decision.outputs["answer"]


def money(text):
    return Money(f"{text} CNY")


# Unknown: Kleene's tables


def kleene_and(*values):
    return False if False in values else None if None in values else True


def kleene_or(*values):
    return True if True in values else None if None in values else False


@pytest.mark.parametrize(("p", "q"), list(itertools.product(TRUTHS, repeat=2)))
def test_and_and_or_follow_kleene_in_either_order(p, q):
    facts = known(p=p, q=q)
    assert answer_or_unknown(ask("x.p and x.q", facts)) is kleene_and(p, q)
    assert answer_or_unknown(ask("x.q and x.p", facts)) is kleene_and(p, q)
    assert answer_or_unknown(ask("x.p or x.q", facts)) is kleene_or(p, q)
    assert answer_or_unknown(ask("x.q or x.p", facts)) is kleene_or(p, q)


@pytest.mark.parametrize(("p", "q", "s"), list(itertools.product(TRUTHS, repeat=3)))
def test_kleene_holds_for_three_operands_and_for_nested_ones(p, q, s):
    facts = known(p=p, q=q, s=s)
    negated_s = None if s is None else not s
    assert answer_or_unknown(ask("x.p and x.q and x.s", facts)) is kleene_and(p, q, s)
    assert answer_or_unknown(ask("x.p or x.q or x.s", facts)) is kleene_or(p, q, s)
    assert answer_or_unknown(ask("x.p and (x.q or not x.s)", facts)) is kleene_and(p, kleene_or(q, negated_s))
    assert answer_or_unknown(ask("x.p or x.q and x.s", facts)) is kleene_or(p, kleene_and(q, s))


@pytest.mark.parametrize("p", TRUTHS)
def test_not_turns_true_and_false_and_keeps_unknown(p):
    assert answer_or_unknown(ask("not x.p", known(p=p))) is (None if p is None else not p)
    assert answer_or_unknown(ask("not not x.p", known(p=p))) is p


def test_nothing_is_decided_where_kleene_does_not():
    for expression in ("x.p or not x.p", "x.p and not x.p", "x.i = x.i", "x.i != x.i", "x.i in [x.i, 1]"):
        assert ask(expression).status == "undecided", expression


def test_an_unknown_condition_carries_its_causes_once_each_in_reading_order():
    assert missing(ask("x.p and x.q")) == [("fact", "x.p"), ("fact", "x.q")]
    assert missing(ask("x.q and x.p")) == [("fact", "x.q"), ("fact", "x.p")]
    assert missing(ask("x.s or x.p and x.q or x.s")) == [("fact", "x.s"), ("fact", "x.p"), ("fact", "x.q")]
    assert missing(ask("not (x.q or x.q)")) == [("fact", "x.q")]
    assert missing(ask("x.p and x.q", {"p": True})) == [("fact", "x.q")]
    assert missing(ask("x.j + x.i > x.j * 2")) == [("fact", "x.j"), ("fact", "x.i")]


def test_an_unknown_that_does_not_matter_leaves_no_cause():
    for expression in ("x.p or x.q", "x.q or x.p"):
        decision = ask(expression, {"p": True})
        assert (decision.status, decision.missing) == ("decided", ())


def test_null_is_the_same_as_not_given():
    assert missing(ask("x.p", {"p": None})) == missing(ask("x.p", {})) == [("fact", "x.p")]
    assert value("x.maybe_int is given", {"maybe_int": None}) is value("x.maybe_int is given", {}) is False


@pytest.mark.parametrize(
    "expression",
    [
        "x.i = 1", "1 < x.i", "x.i in [1, 2]", "x.i not in [1, 2]", "x.i in [1..2]", "2 in [x.i..5]", "2 in [0..x.i]",
        "3 in [x.i, 3 + x.i]", "x.i + 1 = 2", "-x.i = 1", "2 * x.i > 0", "x.i / 2 > 0",
    ],
)  # fmt: skip
def test_every_other_operator_gives_unknown_for_an_unknown_operand(expression):
    assert missing(ask(expression)) == [("fact", "x.i")]


def test_one_of_is_true_for_a_known_match_among_unknown_choices():
    assert value("x.i in [x.j, 3]", {"i": 3}) is True
    assert missing(ask("x.i in [x.j, 3]", {"i": 4})) == [("fact", "x.j")]


@pytest.mark.parametrize("expression", ["days_between(x.at, x.day) > 1 days", "date_of(x.at) = 2025-11-10"])
def test_a_function_of_an_unknown_is_unknown(expression):
    assert missing(ask(expression, {"day": "2025-11-10"})) == [("fact", "x.at")]


# Comparison

ORDERED = {
    "int": ("i", "j", -3, 7),
    "money": ("m", "n", "-0.01 CNY", "12.34 CNY"),
    "decimal": ("d", "e", "-0.5", "0.25"),
    "percent": ("r", "u", "9.99%", "10%"),
    "date": ("day", "other_day", "2024-02-29", "2024-03-01"),
    "datetime": ("at", "other_at", "2025-11-10T20:00:00.000001+08:00", "2025-11-10T12:00:00.000002Z"),
    "days": ("days", "other_days", 7, "2 weeks"),
    "duration": ("span", "other_span", "90 minutes", "2 hours"),
}
UNORDERED = {
    "bool": ("p", "q", False, True),
    "text": ("word", "other_word", "退款", "refund"),
    "enum": ("colour", "other_colour", "green", "red"),
    "reason": ("reason", "other_reason", "quality", "defect"),
    "code": ("code", "other_code", "ok", "window.expired"),
    "party": ("party", "other_party", "merchant", "customer"),
    "liability": ("blame", "other_blame", "none", "both"),
}
ASKED = {
    "=": lambda low, high: low == high,
    "!=": lambda low, high: low != high,
    "<": lambda low, high: low < high,
    "<=": lambda low, high: low <= high,
    ">": lambda low, high: low > high,
    ">=": lambda low, high: low >= high,
}


@pytest.mark.parametrize("operator", ASKED)
@pytest.mark.parametrize("kind", ORDERED)
def test_every_ordered_kind_is_compared_by_size(kind, operator):
    left, right, low, high = ORDERED[kind]
    for (place, one), (other_place, other) in itertools.product(enumerate((low, high)), repeat=2):
        found = value(f"x.{left} {operator} x.{right}", {left: one, right: other})
        assert found is ASKED[operator](place, other_place), (one, operator, other)


@pytest.mark.parametrize("kind", UNORDERED)
def test_every_other_kind_is_equal_or_not(kind):
    left, right, one, other = UNORDERED[kind]
    for first, second in itertools.product((one, other), repeat=2):
        assert value(f"x.{left} = x.{right}", {left: first, right: second}) is (first == second)
        assert value(f"x.{left} != x.{right}", {left: first, right: second}) is (first != second)


@pytest.mark.parametrize(
    ("expression", "facts"),
    [
        ("x.i = 3", {"i": 3}),
        ("x.d = 2", {"d": "2.00"}),
        ("x.d < x.i", {"d": "2.99", "i": 3}),
        ("x.i >= 2.5", {"i": 3}),
        ("x.m = 12.3 CNY", {"m": "12.30 CNY"}),
        ("x.r = 80%", {"r": "80.00%"}),
        ("x.span = 2 hours", {"span": "120 minutes"}),
        ("x.days = 2 weeks", {"days": 14}),
        ("x.at = 2025-11-10T20:00:00+08:00", {"at": "2025-11-10T12:00:00Z"}),
        ("x.word = '退款'", {"word": "退款"}),
    ],
)
def test_a_literal_is_compared_by_its_value_and_not_by_its_spelling(expression, facts):
    assert value(expression, facts) is True


@pytest.mark.parametrize(
    ("instant", "before", "same", "after"),
    [
        ("2025-11-14T15:59:59.999999Z", True, False, False),
        ("2025-11-14T16:00:00Z", False, True, False),
        ("2025-11-15T15:59:59.999999Z", False, True, False),
        ("2025-11-15T16:00:00Z", False, False, True),
    ],
)
def test_an_instant_against_a_date_compares_local_dates(instant, before, same, after):
    facts = {"at": instant, "day": "2025-11-15"}
    for day in ("2025-11-15", "x.day"):
        assert value(f"x.at < {day}", facts) is before
        assert value(f"x.at = {day}", facts) is same
        assert value(f"x.at != {day}", facts) is not same
        assert value(f"x.at > {day}", facts) is after
        assert value(f"x.at <= {day}", facts) is (before or same)
        assert value(f"{day} >= x.at", facts) is (before or same)
        assert value(f"{day} < x.at", facts) is after
        assert value(f"x.at in [{day}]", facts) is same
        assert value(f"x.at in [{day}..2025-12-31]", facts) is (same or after)
        assert value(f"x.at in [2025-01-01..{day})", facts) is before


@pytest.mark.parametrize("instant", ["2025-11-10T12:00:00Z", "2025-11-10T12:00:01Z", "2025-11-15T12:00:00Z"])
def test_one_of_means_equal_to_one_of_them_also_when_instants_and_dates_are_mixed(instant):
    meant = value("x.at = 2025-11-10T12:00:00Z or x.at = 2025-11-15", {"at": instant})
    assert value("x.at in [2025-11-10T12:00:00Z, 2025-11-15]", {"at": instant}) is meant
    assert value("x.at in [2025-11-15, 2025-11-10T12:00:00Z]", {"at": instant}) is meant


def test_an_interval_from_an_instant_to_a_date_keeps_each_end_on_its_own_clock():
    for instant, inside in (("2025-11-10T11:59:59Z", False), ("2025-11-10T12:00:00Z", True),
                            ("2025-11-15T15:59:59Z", True), ("2025-11-15T16:00:00Z", False)):  # fmt: skip
        assert value("x.at in [2025-11-10T12:00:00Z..2025-11-15]", {"at": instant}) is inside


# Intervals, lists, subtrees


@pytest.mark.parametrize(
    ("interval", "inside"),
    [
        ("[7..15]", {7, 8, 14, 15}),
        ("[7..15)", {7, 8, 14}),
        ("(7..15]", {8, 14, 15}),
        ("(7..15)", {8, 14}),
        ("]7..15[", {8, 14}),
        ("]7..15]", {8, 14, 15}),
        ("[7..15[", {7, 8, 14}),
        ("[7..7]", {7}),
    ],
)
def test_an_interval_holds_its_closed_ends_and_not_its_open_ones(interval, inside):
    pack = pack_of(table(f"""
  - {{id: inside, when: {{n: "{interval}"}}, then: {{answer: 1}}, because: law}}
""", inputs="n: x.i", otherwise="{answer: 0}"))  # fmt: skip
    for number in (6, 7, 8, 14, 15, 16):
        assert value(f"x.i in {interval}", {"i": number}) is (number in inside)
        assert value(f"x.i not in {interval}", {"i": number}) is (number not in inside)
        assert pack.decide("ask", given({"i": number})).outputs == {"answer": int(number in inside)}


def test_the_ends_of_an_interval_may_be_computed():
    for i, inside in ((1, False), (2, True), (5, True), (6, False)):
        assert value("x.i in [x.j..x.j + 3]", {"i": i, "j": 2}) is inside


def test_one_of_and_none_of():
    for colour in ("red", "green", "blue"):
        assert value("x.colour in [red, blue]", {"colour": colour}) is (colour != "green")
        assert value("x.colour not in [red, blue]", {"colour": colour}) is (colour == "green")


@pytest.mark.parametrize(
    ("cell", "matched"),
    [
        ("quality", {"quality"}),
        ("quality/*", {"quality", "defect", "damaged_in_transit"}),
        ("defect/*", {"defect"}),
        ("not(quality/*)", {"no_reason"}),
        ('"[no_reason, quality/*]"', {"no_reason", "quality", "defect", "damaged_in_transit"}),
        ("[no_reason, defect/*]", {"no_reason", "defect"}),
    ],
)
def test_a_reason_matches_itself_and_with_a_star_all_below_it(cell, matched):
    pack = pack_of(table(f"""
  - {{id: hit, when: {{reason: {cell}}}, then: {{answer: 1}}, because: law}}
""", inputs="reason: x.reason", otherwise="{answer: 0}"))  # fmt: skip
    for reason in ("no_reason", "quality", "defect", "damaged_in_transit"):
        assert pack.decide("ask", given({"reason": reason})).outputs == {"answer": int(reason in matched)}, reason


# Absent

CELLS = {
    "-": (True, True, True),
    "absent": (True, False, False),
    "given": (False, True, True),
    '"= 7 days"': (False, True, False),
    "7 days": (False, True, False),
    '"!= 7 days"': (False, False, True),
    '"<= 8 days"': (False, True, False),
    '"> 7 days"': (False, False, True),
    "[7 days, 8 days]": (False, True, False),
    "not(7 days)": (False, False, True),
    '"not(8 days, 9 days)"': (False, True, False),
    '"[1 days..8 days)"': (False, True, False),
}


@pytest.mark.parametrize("cell", CELLS)
def test_absent_matches_any_and_absent_alone(cell):
    pack = pack_of(table(f"""
  - {{id: hit, when: {{maybe: {cell}}}, then: {{answer: 1}}, because: law}}
""", inputs="maybe: x.maybe_days", otherwise="{answer: 0}"))  # fmt: skip
    for facts, hits in zip(({}, {"maybe_days": 7}, {"maybe_days": 9}), CELLS[cell], strict=True):
        assert pack.decide("ask", given(facts)).outputs == {"answer": int(hits)}, facts


@pytest.mark.parametrize("cell", ["-", *(cell for cell in CELLS if cell not in ("-", "absent", "given"))])
def test_a_cell_of_an_unknown_input_is_unknown_unless_it_is_any(cell):
    pack = pack_of(table(f"""
  - {{id: hit, when: {{length: {cell}}}, then: {{answer: 1}}, because: law}}
""", inputs="length: x.days"))  # fmt: skip
    decision = pack.decide("ask", given({}))
    assert (decision.status, missing(decision)) == (
        ("decided", []) if cell == "-" else ("undecided", [("fact", "x.days")])
    )


@pytest.mark.parametrize("word", ["absent", "given"])
def test_absence_of_a_required_fact_is_refused(word):
    with pytest.raises(PackError) as refused:
        asking(f"x.i is {word}")
    assert [finding.name for finding in refused.value.diagnostics] == ["presence-of-required"]


def test_an_optional_that_is_read_without_a_guard_is_refused_in_a_condition():
    rule = '  - {id: hit, when: "x.maybe_int > 1", then: {answer: 1}, because: law}'
    with pytest.raises(PackError) as refused:
        pack_of(table(rule))
    assert "unguarded-optional" in [finding.name for finding in refused.value.diagnostics]


@pytest.mark.parametrize(
    "expression", ["x.maybe_int is given and x.maybe_int > 1", "not (x.maybe_int is absent or x.maybe_int <= 1)"]
)
def test_a_guarded_optional_is_read_only_where_it_is_given(expression):
    pack = pack_of(table(f"""
  - {{id: hit, when: "{expression}", then: {{answer: 1}}, because: law}}
""", otherwise="{answer: 0}"))  # fmt: skip
    for held, hits in ((None, 0), (1, 0), (2, 1)):
        assert pack.decide("ask", given({"maybe_int": held})).outputs == {"answer": hits}


@pytest.mark.parametrize("pieces", [0, -1])
def test_a_share_of_a_whole_that_its_guard_rules_out_is_not_computed(pieces):
    facts = {"i": pieces, "m": "100 CNY"}
    assert value("x.i > 0 and prorate(x.m, 1, x.i) > 10 CNY", facts) is False
    assert value("x.i <= 0 or prorate(x.m, 1, x.i) > 10 CNY", facts) is True
    assert value("if x.i > 0 then prorate(x.m, 1, x.i) else x.m", facts, "money") == Money("100 CNY")


def test_a_guard_on_the_left_of_or_lets_the_absent_case_hold():
    for held, holds in ((None, True), (1, False), (2, True)):
        assert value("x.maybe_int is absent or x.maybe_int > 1", {"maybe_int": held}) is holds


@pytest.mark.parametrize(
    "read", ["x.maybe_int + 1", "2 * x.maybe_int", "-x.maybe_int", "if x.p then x.maybe_int else 1"]
)
def test_an_input_that_reads_an_optional_is_itself_optional(read):
    pack = pack_of(table("""
  - {id: none, when: {computed: absent}, then: {answer: 0}, because: law}
  - {id: some, when: {computed: given}, then: {answer: 1}, because: law}
""", inputs=f"computed: {read}"))  # fmt: skip
    assert pack.decide("ask", given({"p": True})).outputs == {"answer": 0}
    assert pack.decide("ask", given({"p": True, "maybe_int": 5})).outputs == {"answer": 1}


def test_an_input_that_guards_its_optional_is_not_optional():
    read = "if x.maybe_int is given then x.maybe_int else 100"
    rules = '  - {id: small, when: {computed: "< 10"}, then: {answer: 1}, because: law}'
    pack = pack_of(table(rules, inputs=f"computed: {read}", otherwise="{answer: 0}"))
    assert [pack.decide("ask", given({"maybe_int": held})).outputs["answer"] for held in (None, 5, 50)] == [0, 1, 0]
    with pytest.raises(PackError):
        pack_of(
            table("  - {id: r, when: {computed: absent}, then: {answer: 1}, because: law}", inputs=f"computed: {read}")
        )


def test_unknown_wins_over_absent_in_an_input():
    pack = pack_of(table("""
  - {id: none, when: {computed: absent}, then: {answer: 0}, because: law}
  - {id: some, when: {computed: given}, then: {answer: 1}, because: law}
""", inputs="computed: x.maybe_int + x.i"))  # fmt: skip
    assert missing(pack.decide("ask", given({}))) == [("fact", "x.i")]
    assert pack.decide("ask", given({"i": 1})).outputs == {"answer": 0}


def test_an_optional_output_left_out_is_absent_to_the_decision_that_reads_it():
    inner = table("""
  - {id: gives, when: x.p, then: {answer: 7}, because: law}
  - {id: leaves-out, when: not x.p, then: {}, because: law}
""", name="inner", outputs="answer: {type: int, optional: true}")  # fmt: skip
    outer = table("""
  - {id: none, when: {found: absent}, then: {answer: 0}, because: law}
  - {id: some, when: {found: "> 5"}, then: {answer: {expr: "if decision.inner.answer is given then decision.inner.answer else 1"}}, because: law}
""", inputs="found: decision.inner.answer")  # fmt: skip
    pack = pack_of(inner, outer)
    assert pack.decide("inner", given({"p": False})).outputs == {"answer": None}
    assert pack.decide("ask", given({"p": False})).outputs == {"answer": 0}
    assert pack.decide("ask", given({"p": True})).outputs == {"answer": 7}


# Hit policies

TRUTH_RULES = """
  - {id: first, when: x.p, then: {answer: 1}, because: law}
  - {id: second, when: x.q, then: {answer: 2}, because: law}
  - {id: third, when: x.s, then: {answer: 3}, because: law}
"""
NAMES = (("p", "first", 1), ("q", "second", 2), ("s", "third", 3))


@pytest.mark.parametrize("otherwise", ["", "{answer: 0}"])
@pytest.mark.parametrize("verdicts", list(itertools.product(TRUTHS, repeat=3)))
def test_unique_is_undecided_while_any_rule_is_unknown_and_a_conflict_for_two_hits(verdicts, otherwise):
    pack = pack_of(table(TRUTH_RULES, otherwise=otherwise))
    decision = pack.decide("ask", given(known(**dict(zip("pqs", verdicts, strict=True)))))
    hits = [(rule, answer) for (_, rule, answer), verdict in zip(NAMES, verdicts, strict=True) if verdict]
    if None in verdicts:
        unknown = [f"x.{name}" for (name, _, _), verdict in zip(NAMES, verdicts, strict=True) if verdict is None]
        assert decision.status == "undecided"
        assert missing(decision) == [("fact", name) for name in unknown]
    elif len(hits) > 1:
        assert decision.status == "conflict"
    elif hits:
        assert (decision.status, decision.rule, decision.outputs) == ("decided", hits[0][0], {"answer": hits[0][1]})
    elif otherwise:
        assert (decision.status, decision.rule, decision.outputs) == ("decided", "otherwise", {"answer": 0})
    else:
        assert decision.status == "no_rule"
    if decision.status != "decided":
        assert (decision.outputs, decision.rule) == ({}, None)
    if decision.status != "undecided":
        assert decision.missing == ()


@pytest.mark.parametrize("otherwise", ["", "{answer: 0}"])
@pytest.mark.parametrize("verdicts", list(itertools.product(TRUTHS, repeat=3)))
def test_first_takes_the_first_rule_that_is_not_false(verdicts, otherwise):
    pack = pack_of(table(TRUTH_RULES, otherwise=otherwise, hit_policy="first"))
    decision = pack.decide("ask", given(known(**dict(zip("pqs", verdicts, strict=True)))))
    for (name, rule, answer), verdict in zip(NAMES, verdicts, strict=True):
        if verdict is None:
            assert (decision.status, missing(decision)) == ("undecided", [("fact", f"x.{name}")])
            return
        if verdict:
            assert (decision.status, decision.rule, decision.outputs) == ("decided", rule, {"answer": answer})
            return
    expected = ("decided", "otherwise", {"answer": 0}) if otherwise else ("no_rule", None, {})
    assert (decision.status, decision.rule, decision.outputs) == expected


def test_two_hits_with_equal_outputs_are_still_a_conflict_under_unique():
    pack = pack_of(table("""
  - {id: one, when: x.p, then: {answer: 1}, because: law}
  - {id: two, when: x.q, then: {answer: 1}, because: law}
"""))  # fmt: skip
    assert pack.decide("ask", given({"p": True, "q": True})).status == "conflict"


def test_an_unknown_output_of_the_rule_that_hit_is_undecided():
    pack = pack_of(table("""
  - {id: hit, when: x.p, then: {answer: x.i, more: x.j}, because: law}
  - {id: other, when: not x.p, then: {answer: 0, more: 0}, because: law}
""", outputs="answer: {type: int}\nmore: {type: int}"))  # fmt: skip
    assert missing(pack.decide("ask", given({"p": True}))) == [("fact", "x.i"), ("fact", "x.j")]
    assert missing(pack.decide("ask", given({"p": True, "i": 1}))) == [("fact", "x.j")]
    decision = pack.decide("ask", given({"p": True, "i": 1}))
    assert (decision.rule, decision.outputs) == (None, {})
    assert pack.decide("ask", given({"p": False})).outputs == {"answer": 0, "more": 0}


def test_an_unknown_output_of_otherwise_is_undecided():
    pack = pack_of(table(TRUTH_RULES, otherwise="{answer: x.i}"))
    assert missing(pack.decide("ask", given({"p": False, "q": False, "s": False}))) == [("fact", "x.i")]


def test_cells_of_a_rule_are_joined_by_and():
    pack = pack_of(table("""
  - {id: hit, when: {p: true, q: false}, then: {answer: 1}, because: law}
""", inputs="p: x.p, q: x.q", otherwise="{answer: 0}"))  # fmt: skip
    for p, q in itertools.product(TRUTHS, repeat=2):
        holds = kleene_and(p, None if q is None else not q)
        decision = pack.decide("ask", given(known(p=p, q=q)))
        assert answer_or_unknown(decision) == (None if holds is None else int(holds)), (p, q)


def test_a_rule_that_asks_nothing_always_holds():
    for when in ("{}", "true", "{p: -}"):
        pack = pack_of(table(f"  - {{id: r, when: {when}, then: {{answer: 1}}, because: law}}", inputs="p: x.p"))
        assert pack.decide("ask", given({})).outputs == {"answer": 1}


# Exceptions

EXCEPTIONS = """
  - id: rule
    when: x.p
    then: {answer: 1, note: "the rule"}
    because: law
    exceptions:
      - {id: with-q, when: x.q, then: {answer: 2}, because: clause q}
      - {id: with-s, when: x.s, then: {answer: 2}, because: clause s}
"""
EXCEPTION_OUTPUTS = "answer: {type: int}\nnote: {type: text, optional: true, max_length: 20}"


def excepted(p, q, s):
    pack = pack_of(table(EXCEPTIONS, outputs=EXCEPTION_OUTPUTS, otherwise="{answer: 0}"))
    return pack.decide("ask", given(known(p=p, q=q, s=s)))


def test_an_exception_replaces_all_outputs_and_the_source_of_its_rule():
    plain, replaced = excepted(True, False, False), excepted(True, True, False)
    assert (plain.outputs, plain.exceptions, plain.because) == ({"answer": 1, "note": "the rule"}, (), "law")
    assert (replaced.outputs, replaced.exceptions, replaced.because) == (
        {"answer": 2, "note": None},
        ("with-q",),
        "clause q",
    )
    assert plain.rule == replaced.rule == "rule"


@pytest.mark.parametrize(("q", "s"), list(itertools.product(TRUTHS, repeat=2)))
def test_an_exception_never_makes_a_rule_match(q, s):
    decision = excepted(False, q, s)
    assert (decision.status, decision.rule, decision.outputs["answer"]) == ("decided", "otherwise", 0)


def test_two_true_exceptions_of_one_rule_are_a_conflict_even_with_equal_outputs():
    decision = excepted(True, True, True)
    assert (decision.status, decision.outputs, decision.rule) == ("conflict", {}, None)


@pytest.mark.parametrize(("q", "s"), [(None, False), (False, None), (None, True), (True, None), (None, None)])
def test_an_unknown_exception_of_the_rule_that_hit_is_undecided(q, s):
    decision = excepted(True, q, s)
    assert decision.status == "undecided"
    assert missing(decision) == [("fact", f"x.{name}") for name, held in (("q", q), ("s", s)) if held is None]


def test_an_exception_does_not_hide_an_overlap_of_rules():
    pack = pack_of(table("""
  - id: one
    when: x.p
    then: {answer: 1}
    because: law
    exceptions: [{id: same-as-two, when: x.q, then: {answer: 2}, because: law}]
  - {id: two, when: x.q, then: {answer: 2}, because: law}
"""))  # fmt: skip
    assert pack.decide("ask", given({"p": True, "q": True})).status == "conflict"


NESTED = """
  - id: rule
    when: x.p
    then: {answer: 1}
    because: law
    exceptions:
      - id: outer
        when: x.q
        then: {answer: 2}
        because: outer clause
        exceptions: [{id: inner, when: x.s, then: {answer: 3}, because: inner clause}]
"""


@pytest.mark.parametrize(
    ("q", "s", "answer", "chain", "because"),
    [
        (False, False, 1, (), "law"),
        (False, True, 1, (), "law"),
        (False, None, 1, (), "law"),
        (True, False, 2, ("outer",), "outer clause"),
        (True, True, 3, ("outer", "inner"), "inner clause"),
    ],
)
def test_an_exception_of_an_exception_is_looked_at_only_when_that_one_applies(q, s, answer, chain, because):
    decision = pack_of(table(NESTED)).decide("ask", given(known(p=True, q=q, s=s)))
    assert (decision.outputs, decision.exceptions, decision.because) == ({"answer": answer}, chain, because)
    assert decision.rule == "rule"


def test_an_unknown_exception_of_an_exception_that_applies_is_undecided():
    decision = pack_of(table(NESTED)).decide("ask", given({"p": True, "q": True}))
    assert (decision.status, missing(decision)) == ("undecided", [("fact", "x.s")])


def test_otherwise_has_exceptions_too():
    otherwise = "{then: {answer: 0}, because: rest, exceptions: [{id: but, when: x.q, then: {answer: 9}, because: b}]}"
    pack = pack_of(table("  - {id: r, when: x.p, then: {answer: 1}, because: law}", otherwise=otherwise))
    assert pack.decide("ask", given({"p": False, "q": False})).because == "rest"
    decision = pack.decide("ask", given({"p": False, "q": True}))
    assert (decision.rule, decision.exceptions, decision.outputs) == ("otherwise", ("but",), {"answer": 9})
    assert pack.decide("ask", given({"p": True})).outputs == {"answer": 1}


# Decisions that use decisions

INNER = """
  - {id: yes, when: x.p, then: {answer: 1}, because: law}
  - {id: also, when: x.q, then: {answer: 2}, because: law}
"""
OUTER = "  - {id: only, when: {}, then: {answer: decision.inner.answer + 10}, because: law}"


@pytest.mark.parametrize(
    ("facts", "causes"),
    [
        ({"p": True, "q": True}, [("decision", "inner", "conflict")]),
        ({"p": False, "q": False}, [("decision", "inner", "no_rule")]),
        ({"q": False}, [("decision", "inner", "undecided"), ("fact", "x.p")]),
        ({}, [("decision", "inner", "undecided"), ("fact", "x.p"), ("fact", "x.q")]),
    ],
)
def test_a_decision_that_is_not_decided_is_unknown_and_says_how(facts, causes):
    decision = pack_of(table(INNER, name="inner"), table(OUTER)).decide("ask", given(facts))
    assert (decision.status, missing(decision)) == ("undecided", causes)


def test_a_decided_decision_gives_its_outputs():
    pack = pack_of(table(INNER, name="inner"), table(OUTER))
    assert pack.decide("ask", given({"p": False, "q": True})).outputs == {"answer": 12}


def test_a_rule_that_is_false_anyway_needs_no_decision():
    rules = """
  - {id: one, when: "x.s and decision.inner.answer = 1", then: {answer: 1}, because: law}
  - {id: two, when: not x.s, then: {answer: 2}, because: law}
"""
    pack = pack_of(table(INNER, name="inner"), table(rules))
    assert pack.decide("ask", given({"s": False})).outputs == {"answer": 2}
    assert pack.decide("ask", given({"s": True, "p": True, "q": False})).outputs == {"answer": 1}


def edition(start, value, until=""):
    until = f", until: {until}" if until else ""
    return f"      - {{from: {start}{until}, value: {value}, because: law, basis: own}}"


def parameter(*editions, name="rate", kind="int"):
    return "\n".join([f"  {name}:", f"    type: {kind}", "    editions:", *editions])


RATE = "parameters:\n" + parameter(edition("2024-01-01", 1), edition("2025-01-01", 2))
READS_RATE = "  - {id: only, when: {}, then: {answer: param.rate}, because: law}"


def test_a_decision_without_a_date_of_its_own_inherits_that_of_the_one_that_needs_it():
    inner = table(READS_RATE, name="inner", by=None)
    by_order = table("  - {id: r, when: {}, then: {answer: decision.inner.answer}, because: law}", name="by_order")
    by_fact = table(
        "  - {id: r, when: {}, then: {answer: decision.inner.answer}, because: law}", name="by_fact", by="x.day"
    )
    both = table(
        "  - {id: r, when: {}, then: {answer: decision.by_order.answer * 10 + decision.by_fact.answer}, because: law}",
        name="both",
        by=None,
    )
    pack = pack_of(RATE, inner, by_order, by_fact, both)
    facts = given({"day": "2024-06-01"})
    assert pack.decide("by_order", facts).outputs == {"answer": 2}
    assert pack.decide("by_fact", facts).outputs == {"answer": 1}
    assert pack.decide("both", facts).outputs == {"answer": 21}
    alone = pack.decide("inner", facts)
    assert (alone.status, missing(alone)) == ("undecided", [("edition", "inner")])


def test_a_decision_with_a_date_of_its_own_keeps_it():
    inner = table(READS_RATE, name="inner", by="x.day")
    outer = table("  - {id: r, when: {}, then: {answer: decision.inner.answer * 10 + param.rate}, because: law}")
    assert pack_of(RATE, inner, outer).decide("ask", given({"day": "2024-06-01"})).outputs == {"answer": 12}


def test_a_derived_value_is_read_at_the_date_of_the_decision_that_reads_it():
    rules = "  - {id: r, when: {}, then: {answer: doubled}, because: law}"
    pack = pack_of(RATE, table(rules), table(rules, name="by_fact", by="x.day"), derived="  doubled: param.rate * 2\n")
    facts = given({"day": "2024-06-01"})
    assert pack.decide("ask", facts).outputs == {"answer": 4}
    assert pack.decide("by_fact", facts).outputs == {"answer": 2}


def test_an_unknown_governing_fact_makes_what_is_dated_unknown_and_nothing_else():
    rules = "  - {id: r, when: {}, then: {answer: x.i}, because: law}"
    pack = pack_of(RATE, table(READS_RATE), table(rules, name="undated"))
    facts = {"x": {"i": 5}}
    assert missing(pack.decide("ask", facts)) == [("fact", "order.paid_at")]
    assert pack.decide("undated", facts).outputs == {"answer": 5}


# Derived values


def test_a_derived_value_reads_facts_parameters_and_derived_values():
    derived = "  total: x.i + x.j\n  doubled: total * 2\n  with_rate: doubled + param.rate\n"
    assert value("with_rate", {"i": 1, "j": 2}, "int", derived=derived, parameters=RATE) == 8


def test_an_unknown_derived_value_carries_the_causes_of_what_it_reads():
    derived = "  total: x.i + x.j\n  doubled: total * 2\n"
    assert missing(ask("doubled", {"j": 1}, "int", derived=derived)) == [("fact", "x.i")]
    assert missing(ask("doubled", {}, "int", derived=derived)) == [("fact", "x.i"), ("fact", "x.j")]


def test_a_derived_value_that_reads_an_optional_is_optional():
    derived = "  more: x.maybe_int + 1\n"
    assert value("more is given", {}, derived=derived) is False
    assert value("more is given and more > 5", {"maybe_int": 5}, derived=derived) is True


def test_a_long_chain_of_derived_values_is_refused_or_decided():
    derived = "".join(f"  v{n}: v{n + 1}\n" for n in range(1000)) + "  v1000: x.i\n"
    with contextlib.suppress(PackError):
        assert value("v0", {"i": 3}, "int", derived=derived) == 3


def test_a_long_chain_of_decisions_is_refused_or_decided():
    last = 300
    links = [
        table(f"  - {{id: r, when: {{}}, then: {{answer: decision.d{n + 1}.answer}}, because: law}}", name=f"d{n}")
        for n in range(last)
    ]
    links.append(table("  - {id: r, when: {}, then: {answer: x.i}, because: law}", name=f"d{last}"))
    try:
        pack = pack_of(*links)
    except PackError:
        return
    decision = pack.decide("d0", given({"i": 3}))
    assert decision.outputs == {"answer": 3}
    assert decision.explain("en")


# Editions

EDITIONS = "parameters:\n" + parameter(
    edition("2024-01-01", 1), edition("2025-01-01", 2, until="2025-07-01"), edition("2026-01-01", 3)
)


@pytest.mark.parametrize(
    ("paid_at", "rate"),
    [
        ("2023-12-31T23:59:59.999999+08:00", None),
        ("2024-01-01T00:00:00+08:00", 1),
        ("2024-12-31T23:59:59.999999+08:00", 1),
        ("2024-12-31T15:59:59.999999Z", 1),
        ("2024-12-31T16:00:00Z", 2),
        ("2025-01-01T00:00:00+08:00", 2),
        ("2025-06-30T23:59:59.999999+08:00", 2),
        ("2025-07-01T00:00:00+08:00", None),
        ("2025-12-31T23:59:59.999999+08:00", None),
        ("2026-01-01T00:00:00+08:00", 3),
        ("2099-12-31T23:59:59.999999+08:00", 3),
    ],
)
def test_an_edition_holds_from_local_midnight_to_the_next_or_to_its_until(paid_at, rate):
    pack = with_holes(EDITIONS, table(READS_RATE))
    decision = pack.decide("ask", {"order": {"paid_at": paid_at}})
    if rate is None:
        assert (decision.status, missing(decision)) == ("undecided", [("edition", "rate")])
    else:
        assert decision.outputs == {"answer": rate}


def with_holes(*documents):
    """A pack in force for a single day on which its parameter has an edition: the hole check is silent."""
    return pack_of(*documents, in_force="[2024-06-01..2024-06-02)")


@pytest.mark.parametrize(
    ("day", "rate"),
    [("2023-12-31", None), ("2024-01-01", 1), ("2024-12-31", 1), ("2025-01-01", 2), ("2025-07-01", None)],
)
def test_a_decision_may_be_governed_by_a_date(day, rate):
    pack = with_holes(EDITIONS, table(READS_RATE, by="order.placed_on"))
    decision = pack.decide("ask", {"order": {"placed_on": day}})
    assert answer_or_unknown(decision) == rate


def test_a_missing_edition_matters_only_where_it_is_read():
    pack = with_holes(EDITIONS, table("  - {id: r, when: 'x.p or param.rate = 9', then: {answer: 1}, because: law}"))
    paid = {"paid_at": "2023-01-01T00:00:00Z"}
    assert pack.decide("ask", {"order": paid, "x": {"p": True}}).outputs == {"answer": 1}
    assert missing(pack.decide("ask", {"order": paid, "x": {"p": False}})) == [("edition", "rate")]


# Time

WINDOWS = "parameters:\n" + "\n".join(
    parameter(edition("2024-01-01", value), name=name, kind="window")
    for name, value in (
        ("plain", "{length: 7 days, counts_from: next_day}"),
        (
            "extended",
            "{length: 7 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day], calendar: cn}",
        ),
        ("two_days", "{length: 48 hours, counts_from: moment}"),
    )
)


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        ("plain", "2025-11-10T20:00:00+08:00", "2025-11-18T00:00:00+08:00"),
        ("plain", "2025-11-09T15:59:59.999999Z", "2025-11-17T00:00:00+08:00"),
        ("plain", "2025-11-09T16:00:00Z", "2025-11-18T00:00:00+08:00"),
        ("extended", "2025-11-08T10:00:00+08:00", "2025-11-18T00:00:00+08:00"),  # Saturday the 15th goes on to Monday
        ("extended", "2025-09-24T10:00:00+08:00", "2025-10-10T00:00:00+08:00"),  # 1 to 8 October are holidays
        ("two_days", "2025-11-10T20:00:00.000001+08:00", "2025-11-12T20:00:00.000001+08:00"),
    ],
)
def test_deadline_is_the_first_instant_after_a_window_and_within_comes_before_it(window, start, end):
    ends = dt.datetime.fromisoformat(end)
    facts = {"at": start}
    assert value(f"deadline(param.{window}, x.at)", facts, "datetime", parameters=WINDOWS) == ends
    inside = f"within(param.{window}, x.at, x.other_at)"
    for event, in_time in ((ends, False), (ends - dt.timedelta(microseconds=1), True)):
        assert value(inside, facts | {"other_at": event}, parameters=WINDOWS) is in_time


@pytest.mark.parametrize(
    "expression", ["within(param.extended, x.at, x.other_at)", "deadline(param.extended, x.at) > x.at"]
)
def test_beyond_the_horizon_of_a_calendar_is_unknown(expression):
    facts = {"at": "2026-12-28T10:00:00+08:00", "other_at": "2026-12-28T11:00:00+08:00"}
    decision = ask(expression, facts, parameters=WINDOWS)
    assert (decision.status, missing(decision)) == ("undecided", [("calendar", "cn")])
    # Kleene does not ask the calendar for what is settled without it.
    assert value(f"x.p or {expression}", facts | {"p": True}, parameters=WINDOWS) is True


def test_the_last_day_that_a_calendar_covers_is_known():
    facts = {"at": "2026-12-24T10:00:00+08:00"}
    assert value("deadline(param.extended, x.at)", facts, "datetime", parameters=WINDOWS).isoformat() == (
        "2027-01-01T00:00:00+08:00"
    )


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00Z", "1990-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_beyond_the_horizon_of_the_zone_is_unknown(at):
    for expression in ("date_of(x.at) = 2025-01-01", "x.at < 2025-01-01", "days_between(x.at, x.at) = 0 days"):
        assert missing(ask(expression, {"at": at})) == [("calendar", "Asia/Shanghai")], expression
    assert value("x.at < x.other_at or x.at >= x.other_at", {"at": at, "other_at": at}) is True


def test_a_governing_instant_beyond_the_zone_makes_what_is_dated_unknown():
    pack = pack_of(RATE, table(READS_RATE))
    decision = pack.decide("ask", {"order": {"paid_at": "2150-01-01T00:00:00Z"}})
    assert (decision.status, missing(decision), decision.edition) == (
        "undecided",
        [("calendar", "Asia/Shanghai")],
        None,
    )


def test_a_window_in_hours_that_ends_after_the_year_9999_is_unknown():
    facts = {"at": "9999-12-31T23:00:00Z"}
    decision = ask("deadline(param.two_days, x.at)", facts, "datetime", parameters=WINDOWS)
    assert decision.status == "undecided"
    assert decision.to_json()["outputs"] == {}


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2025-11-10T00:00:00+08:00", "2025-11-10T23:59:59.999999+08:00", 0),
        ("2025-11-10T23:59:59.999999+08:00", "2025-11-11T00:00:00+08:00", 1),
        ("2025-11-10T15:59:59Z", "2025-11-10T16:00:00Z", 1),
        ("2025-11-17T00:00:00+08:00", "2025-11-10T12:00:00+08:00", -7),
        ("2024-02-28T12:00:00+08:00", "2024-03-01T12:00:00+08:00", 2),
    ],
)
def test_days_between_counts_local_dates(first, last, days):
    facts = {"at": first, "other_at": last}
    assert value("days_between(x.at, x.other_at)", facts, "days") == days
    facts |= {"day": dt.datetime.fromisoformat(first).astimezone(dt.timezone(dt.timedelta(hours=8))).date()}
    assert value("days_between(x.day, x.other_at)", facts, "days") == days
    assert value("days_between(x.other_at, x.day)", facts, "days") == -days


def test_date_of_is_the_local_date():
    assert value("date_of(x.at)", {"at": "2025-11-10T15:59:59.999999Z"}, "date") == dt.date(2025, 11, 10)
    assert value("date_of(x.at)", {"at": "2025-11-10T16:00:00Z"}, "date") == dt.date(2025, 11, 11)


def test_days_and_durations_are_added_to_dates_and_instants():
    assert value("x.day + 2 days", {"day": "2024-02-28"}, "date") == dt.date(2024, 3, 1)
    assert value("x.day - x.days", {"day": "2024-03-01", "days": 1}, "date") == dt.date(2024, 2, 29)
    later = value("x.at + 90 minutes", {"at": "2025-11-10T23:00:00+08:00"}, "datetime")
    assert later.isoformat() == "2025-11-11T00:30:00+08:00"
    assert value("x.at - x.span < x.at", {"at": "2025-11-10T23:00:00+08:00", "span": "1 second"}) is True


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_years_1_to_9999_are_days(day):
    assert value("x.day + 0 days", {"day": day}, "date") == dt.date.fromisoformat(day)


@pytest.mark.parametrize(("expression", "facts"), [
    ("x.day + 1 days", {"day": "9999-12-31"}), ("x.day - 1 days", {"day": "0001-01-01"}),
    ("x.day + x.days", {"day": "9999-01-01", "days": 10**6}),
])  # fmt: skip
def test_a_day_beyond_the_years_1_to_9999_is_unknown(expression, facts):
    decision = ask(expression, facts, "date")
    assert (decision.status, [cause.kind for cause in decision.missing]) == ("undecided", ["calendar"])


@pytest.mark.parametrize(
    ("reason", "liability"),
    [("no_reason", "none"), ("quality", "merchant"), ("defect", "merchant"), ("damaged_in_transit", "carrier")],
)
def test_liability_of_a_reason_is_its_own_or_that_of_the_reason_above(reason, liability):
    assert value("liability_of(x.reason)", {"reason": reason}, "liability") == liability


# Numbers

HALF = Fraction(1, 2)


def rounded(exact, mode, places=0):
    """The exact number at so many places, by the decimal module."""
    exact = Fraction(exact)
    with localcontext() as context:
        context.prec = 80
        ratio = Decimal(exact.numerator) / Decimal(exact.denominator)
        return ratio.quantize(Decimal(1).scaleb(-places), rounding=ROUNDINGS[mode])


CENTS = ("0.05", "-0.05", "0.15", "-0.15", "0.01", "-0.01", "0.02", "0.00", "-0.03")


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_every_name_rounds_in_the_mode_of_the_pack(mode):
    derived = "  half: x.m * 50%\n"
    for cents in CENTS:
        amount = {"m": f"{cents} CNY"}
        expected = rounded(Fraction(cents) * HALF, mode, 2)
        assert value("x.m * 50%", amount, "money", rounding=mode).minor == expected * 100, "an output"
        twice = {"kind": "money", "rounding": mode}
        assert value("half * 2", amount, derived=derived, **twice).minor == expected * 200, "a derived value"
        assert value("half * 2", amount, inputs="half: x.m * 50%", **twice).minor == expected * 200, "an input"
        assert value("x.m * 50% * 2", amount, **twice).minor == Fraction(cents) * 100, "inside one expression"


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_a_decision_output_is_rounded_before_another_decision_reads_it(mode):
    inner = table(
        "  - {id: r, when: {}, then: {answer: x.m * 50%}, because: law}", name="inner", outputs="answer: {type: money}"
    )
    outer = table(
        "  - {id: r, when: {}, then: {answer: decision.inner.answer * 2}, because: law}",
        outputs="answer: {type: money}",
    )
    pack = pack_of(inner, outer, rounding=mode)
    for cents in CENTS:
        expected = rounded(Fraction(cents) * HALF, mode, 2) * 200
        assert pack.decide("ask", given({"m": f"{cents} CNY"})).outputs["answer"].minor == expected


@pytest.mark.parametrize("mode", ROUNDINGS)
@pytest.mark.parametrize(
    ("kind", "expression", "facts", "exact", "places"),
    [
        ("percent", "x.r / 3", {"r": "0.01%"}, Fraction(1, 300), 2),
        ("percent", "x.r / 8", {"r": "-0.04%"}, Fraction(-5, 1000), 2),
        ("int", "x.i / 2", {"i": 5}, Fraction(5, 2), 0),
        ("int", "x.i / 2", {"i": -5}, Fraction(-5, 2), 0),
        ("int", "x.d * 1", {"d": "1.50"}, Fraction(3, 2), 0),
    ],
)
def test_every_kind_of_number_is_rounded_to_its_places(mode, kind, expression, facts, exact, places):
    assert Decimal(value(expression, facts, kind, rounding=mode)) == rounded(exact, mode, places)


@pytest.mark.parametrize("mode", ROUNDINGS)
@pytest.mark.parametrize("places", [0, 1, 4])
def test_a_decimal_output_has_the_places_it_declares(mode, places):
    rule = "  - {id: r, when: {}, then: {answer: x.e / 2}, because: law}"
    pack = pack_of(table(rule, outputs=f"answer: {{type: decimal, places: {places}}}"), rounding=mode)
    for number in ("0.125", "-0.125", "1", "-3", "0.3", "0.001"):
        found = pack.decide("ask", given({"e": number})).outputs["answer"]
        assert str(found) == str(rounded(Fraction(number) / 2, mode, places)) or found == 0


@for_all(
    minor=st.integers(-(10**11), 10**11),
    hundredths=st.integers(-20_000, 20_000),
    mode=st.sampled_from(sorted(ROUNDINGS)),
)
def test_a_share_of_an_amount_is_exact_until_it_is_named(minor, hundredths, mode):
    sign = "-" if hundredths < 0 else ""
    facts = {"m": Money.from_minor(minor, "CNY"), "r": f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}%"}
    exact = Fraction(minor, 100) * Fraction(hundredths, 10_000)
    assert value("x.m * x.r", facts, "money", rounding=mode).minor == rounded(exact, mode, 2) * 100
    assert value("x.r * x.m / 7 + x.m", facts, "money", rounding=mode).minor == (
        rounded(exact / 7 + Fraction(minor, 100), mode, 2) * 100
    )


@pytest.mark.parametrize(
    ("expression", "facts", "kind", "expected"),
    [
        ("1 / 3 * 3", {}, "int", 1),
        ("x.i / 7 / 11 * 77", {"i": 5}, "int", 5),
        ("x.m / 3 * 3", {"m": "0.05 CNY"}, "money", money("0.05")),
        ("x.m / 3 + x.m / 3 + x.m / 3", {"m": "0.01 CNY"}, "money", money("0.01")),
        ("x.m * 33.33%", {"m": "0.05 CNY"}, "money", money("0.02")),
        ("x.m * 33.33% * 3", {"m": "0.05 CNY"}, "money", money("0.05")),
        ("x.m * 33.33% + x.m * 66.67%", {"m": "0.05 CNY"}, "money", money("0.05")),
        ("x.m * 0.33333", {"m": "0.05 CNY"}, "money", money("0.02")),
        ("x.r * x.u * x.m", {"r": "10%", "u": "10%", "m": "1.00 CNY"}, "money", money("0.01")),
        ("x.m * x.d", {"m": "0.10 CNY", "d": "0.05"}, "money", money("0.01")),
        ("-x.m - 0.01 CNY", {"m": "0.10 CNY"}, "money", money("-0.11")),
        ("3 * x.span", {"span": "0.5 seconds"}, "duration", dt.timedelta(seconds=1.5)),
        ("x.days * 2 - 1 days", {"days": 7}, "days", 13),
        ("2 + 3 * 4 - 1", {}, "int", 13),
        ("10 - 4 - 3", {}, "int", 3),
        ("24 / 4 / 3", {}, "int", 2),
        ("-2 * -3", {}, "int", 6),
        ("100% - x.r", {"r": "12.34%"}, "percent", Decimal("87.66")),
        ("x.d = 0.1 + 0.2", {"d": "0.3"}, "bool", True),
        ("x.i / 3 = 1 / 3", {"i": 1}, "bool", True),
        ("x.m * 10% = 0.005 * 1 CNY", {"m": "0.05 CNY"}, "bool", True),
        ("x.m * 10% < 0.01 CNY", {"m": "0.05 CNY"}, "bool", True),
    ],
)
def test_arithmetic_inside_one_expression_is_exact(expression, facts, kind, expected):
    assert value(expression, facts, kind) == expected


def test_a_number_may_be_divided_by_a_parameter_that_is_not_zero_in_any_edition():
    assert value("x.m / param.rate", {"m": "0.05 CNY"}, "money", parameters=RATE) == money("0.03")
    with pytest.raises(PackError) as refused:
        asking("x.m / param.rate", "money", parameters="parameters:\n" + parameter(edition("2024-01-01", 0)))
    assert "zero-divisor" in [finding.name for finding in refused.value.diagnostics]


@pytest.mark.parametrize("divisor", ["0", "0.00", "x.i", "(x.i + 1)", "-0"])
def test_nothing_is_divided_by_zero_or_by_what_may_be(divisor):
    with pytest.raises(PackError):
        asking(f"x.m / {divisor}", "money")


# `if`


def test_a_conditional_reads_only_the_branch_it_takes():
    facts = {"p": True, "i": 1}
    assert value("if x.p then x.i else x.j", facts, "int") == 1
    assert missing(ask("if x.p then x.i else x.j", {"p": False, "i": 1}, "int")) == [("fact", "x.j")]


def test_a_conditional_with_an_unknown_test_is_unknown_even_where_both_branches_agree():
    assert missing(ask("if x.p then 1 else 1", {}, "int")) == [("fact", "x.p")]
    assert missing(ask("if x.p then x.i else x.j", {}, "int")) == [("fact", "x.p")]


def test_conditionals_nest():
    expression = "if x.i < 0 then 1 else if x.i = 0 then 2 else 3"
    assert [value(expression, {"i": i}, "int") for i in (-1, 0, 1)] == [1, 2, 3]


@pytest.mark.parametrize(("test", "expected"), [(True, "0.5"), (False, "0.125")])
def test_a_conditional_of_decimals_keeps_the_places_of_both_branches(test, expected):
    rules = f'  - {{id: hit, when: {{part: "{expected}"}}, then: {{answer: 1}}, because: law}}'
    pack = pack_of(table(rules, inputs="part: if x.p then 0.5 else 0.125", otherwise="{answer: 0}"))
    assert pack.decide("ask", given({"p": test})).outputs == {"answer": 1}


@for_all(st.data())
def test_and_or_not_agree_with_kleene_on_random_conditions(data):
    names = st.sampled_from(["x.p", "x.q", "x.s"])
    conditions = st.recursive(
        names,
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.sampled_from(["and", "or"]), inner, inner),
        ),
        max_leaves=6,
    )
    tree = data.draw(conditions)
    assume(not isinstance(tree, str))
    held = {name: data.draw(st.sampled_from(TRUTHS), label=name) for name in ("p", "q", "s")}

    def text(node):
        if isinstance(node, str):
            return node
        return f"not ({text(node[1])})" if node[0] == "not" else f"({text(node[1])}) {node[0]} ({text(node[2])})"

    def worth(node):
        if isinstance(node, str):
            return held[node[2:]]
        values = [worth(part) for part in node[1:]]
        if node[0] == "not":
            return None if values[0] is None else not values[0]
        return kleene_and(*values) if node[0] == "and" else kleene_or(*values)

    assert answer_or_unknown(ask(text(tree), known(**held))) is worth(tree)
