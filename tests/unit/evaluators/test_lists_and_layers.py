"""Lists, layers and collections at their edges: nothing divides by zero, nothing private is told, nothing is settled too early."""

import json

import pytest

import csflow

from .laboratory import SHOP

FACTS = """
facts:
  order: {paid_at: {type: datetime}, platform: {type: enum, of: [taobao, jd, own]}, promo: {type: bool}}
  x:
    whole: {type: money, min: 0 CNY}
    amount: {type: money, min: 0 CNY, max: 1000 CNY}
    f: {type: bool}
    g: {type: bool}
    buyer: {type: text, max_length: 40, pii: true}
    note: {type: text, max_length: 40}
    lines:
      each:
        sku: {type: text, max_length: 20, pii: true}
        quantity: {type: int, min: 0, max: 100}
        price: {type: money, min: 0 CNY, max: 100 CNY}
      max_items: 5
"""


def files(*documents):
    base = {
        name: SHOP[name]
        for name in ("pack.yaml", "codes.yaml", "reasons.yaml", "calendars/cn.yaml", "calendars/zone.yaml")
    }
    return base | {f"{number}.yaml": text.encode() for number, text in enumerate([FACTS, *documents])}


def pack(*documents):
    return csflow.load_pack(files(*documents))


def refused(*documents):
    with pytest.raises(csflow.PackError) as problem:
        pack(*documents)
    return [(finding.name, finding.mark.text) for finding in problem.value.diagnostics]


def table(rules, outputs="answer: {type: int}", name="ask", more=""):
    return f"decision: {name}\ntitle: {name}\n{more}outputs: {{{outputs}}}\nrules:\n{rules}\n"


def rule(when, then, id="r"):
    return f"  - {{id: {id}, when: {when}, then: {{{then}}}, because: law}}"


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("x.whole > 0 CNY and prorate(x.amount, 1 CNY, x.whole) > 1 CNY", False),
        ("not (x.whole <= 0 CNY or prorate(x.amount, 1 CNY, x.whole) > 1 CNY)", False),
        ("x.whole <= 0 CNY or prorate(x.amount, 1 CNY, x.whole) > 1 CNY", True),
        ("some line in x.lines satisfies line.quantity > 0 and prorate(x.amount, 1, line.quantity) > 1 CNY", False),
        ("every line in x.lines satisfies line.quantity = 0 or x.f or (line.quantity > 0 and prorate(x.amount, 1, line.quantity) > 1 CNY)", True),
    ],
)  # fmt: skip
def test_what_stands_behind_a_guard_is_not_computed_where_the_guard_settles_the_answer(test, holds):
    asked = pack(table(rule("{}", f'answer: {{expr: "{test}"}}'), "answer: {type: bool}"))
    facts = {"x": {"whole": "0 CNY", "amount": "10 CNY", "f": False, "lines": [{"quantity": 0}]}}
    assert asked.decide("ask", facts).outputs == {"answer": holds}


def test_the_number_of_hits_is_held_to_the_bounds_of_its_output():
    counted = "hit_policy: collect\naggregate: count\n"
    one = rule("x.f", "answer: 5")
    assert refused(table(one, "answer: {type: int, min: 1}", more=counted)) == [("output-out-of-bounds", "ask")]
    two = f"{one}\n{rule('x.g', 'answer: 5', 's')}"
    assert refused(table(two, "answer: {type: int, max: 1}", more=counted)) == [("output-out-of-bounds", "ask")]
    asked = pack(table(two, "answer: {type: int, min: 0, max: 2}", more=counted))
    assert asked.decide("ask", {"x": {"f": True, "g": True}}).outputs == {"answer": 2}
    assert asked.decide("ask", {"x": {"f": False, "g": False}}).outputs == {"answer": 0}


def test_what_a_decision_reads_of_a_number_of_hits_is_that_number():
    """The bounds of the cells say nothing of how many there are."""
    many = "\n".join(rule("x.f", "answer: 0", f"r{number}") for number in range(3))
    counting = table(many, more="hit_policy: collect\naggregate: count\n", name="many")
    reading = table(rule("{}", "answer: decision.many.answer * 2"), "answer: {type: int, max: 5}")
    assert refused(counting, reading) == [("output-out-of-bounds", "decision.many.answer * 2")]


def test_a_sum_of_hits_is_at_least_what_one_of_them_gives():
    added = "hit_policy: collect\naggregate: sum\n"
    two = f"{rule('x.f', 'answer: 2')}\n{rule('x.g', 'answer: 3', 's')}"
    asked = pack(table(two, "answer: {type: int, min: 1, max: 6}", more=added))
    assert asked.decide("ask", {"x": {"f": True, "g": True}}).outputs == {"answer": 5}
    assert refused(table(two, "answer: {type: int, min: 1, max: 4}", more=added)) == [("output-out-of-bounds", "ask")]


@pytest.mark.parametrize("aggregate", ["sum", "min", "max", "count"])
def test_what_holds_otherwise_is_the_answer_itself_and_no_hit_to_be_counted(aggregate):
    more = f"hit_policy: collect\naggregate: {aggregate}\notherwise: {{answer: 7}}\n"
    asked = pack(table(rule("x.f", "answer: 5"), more=more))
    assert asked.decide("ask", {"x": {"f": False}}).outputs == {"answer": 7}


def test_a_computed_text_is_no_longer_than_its_output_may_be():
    long = table(rule("{}", "answer: {expr: x.note}"), "answer: {type: text, max_length: 39}")
    assert refused(long) == [("output-out-of-bounds", "x.note")]
    chosen = table(
        rule("{}", "answer: {expr: \"if x.f then 'short' else x.note\"}"), "answer: {type: text, max_length: 39}"
    )
    assert refused(chosen) == [("output-out-of-bounds", "if x.f then 'short' else x.note")]
    named = "let: {told: \"if x.f then 'short' else x.note\"}\n"
    assert refused(table(rule("{}", "answer: {expr: told}"), "answer: {type: text, max_length: 39}", more=named)) == [
        ("output-out-of-bounds", "told")
    ]
    fits = pack(table(rule("{}", "answer: {expr: x.note}"), "answer: {type: text, max_length: 40}"))
    assert fits.decide("ask", {"x": {"note": "n" * 40}}).outputs == {"answer": "n" * 40}


@pytest.mark.parametrize(
    "document",
    [
        table(rule("{sku: \"!= 'a'\"}", "answer: 1"), more="for_each: line in x.lines\ninputs: {sku: line.sku}\n"),
        table(rule("{sku: \"!= 'a'\"}", "answer: 1"), more="for_each: line in x.lines\nlet: {code: line.sku}\ninputs: {sku: code}\n"),
        table(rule("{who: \"!= 'a'\"}", "answer: 1"), more="let: {buyer: x.buyer}\ninputs: {who: buyer}\n"),
        table(rule("{who: \"!= 'a'\"}", "answer: 1"), more="let: {one: two, two: x.buyer}\ninputs: {who: one}\n"),
        table(rule("{who: true}", "answer: 1"), more="inputs: {who: some line in x.lines satisfies line.sku = 'secret'}\n"),
    ],
    ids=["a field", "a field under a local name", "a fact under a local name", "a chain of names", "a field in an iteration"],
)  # fmt: skip
def test_what_is_private_is_masked_by_whatever_name_it_is_read(document):
    answer = pack(document).decide("ask", {"x": {"buyer": "secret", "lines": [{"sku": "secret"}]}})
    assert answer.status == "decided"
    assert all("***" in answer.explain(language) for language in ("zh-CN", "zh-TW", "en"))
    assert all("secret" not in answer.explain(language) for language in ("zh-CN", "zh-TW", "en"))


def test_a_parameter_that_is_read_through_a_local_name_is_told_with_its_source():
    parameter = "parameters: {most: {type: money, editions: [{from: 2024-01-01, value: 5 CNY, because: Article 9, basis: own}]}}"
    asked = table(rule("small", "answer: 1"), more="governed_by: order.paid_at\nlet: {small: x.amount <= param.most}\n")
    answer = pack(parameter, asked).decide(
        "ask", {"order": {"paid_at": "2025-01-01T00:00:00Z"}, "x": {"amount": "1 CNY"}}
    )
    assert "Article 9" in answer.explain("en")


LIMIT = """
parameters:
  limit: {type: int, editions: [{from: 2024-01-01, value: 1, because: law, basis: law}]}
"""


def layer(name, condition="", rank="platform", limit=2):
    says = f"while: {condition}\n" if condition else ""
    return f"layer: {name}\ntitle: {name}\nrank: {rank}\n{says}parameters: {{limit: {{value: {limit}, because: {name}, basis: own}}}}\n"


# What the conditions compute keeps the checker from ruling out that both hold: the engines look.
BETWEEN = '"x.amount * 2 > 100 CNY and x.amount * 2 < {} CNY"'
CLASH = (layer("a", BETWEEN.format(102)), layer("b", BETWEEN.format(104), limit=3))


@pytest.mark.parametrize(
    ("f", "status"), [(None, "undecided"), (True, "conflict"), (False, "decided")], ids=["not known", "true", "false"]
)
def test_two_layers_that_contradict_each_other_are_a_conflict_only_where_nothing_else_settles_the_answer(f, status):
    asked = table(
        rule("param.limit > 1 and x.f", "answer: 1"), more="governed_by: order.paid_at\notherwise: {answer: 0}\n"
    )
    facts = {"order": {"paid_at": "2025-01-01T00:00:00Z"}, "x": {"amount": "50.50 CNY", "f": f}}
    assert pack(LIMIT, asked, *CLASH).decide("ask", facts).status == status


def test_a_decision_that_reads_one_in_conflict_is_undecided_and_says_so():
    asked = table(rule("{}", "answer: param.limit"), more="governed_by: order.paid_at\n", name="inner")
    outer = table(rule("{}", "answer: decision.inner.answer"))
    facts = {"order": {"paid_at": "2025-01-01T00:00:00Z"}, "x": {"amount": "50.50 CNY"}}
    inheriting = pack(LIMIT, asked, outer, *CLASH)
    governed = pack(LIMIT, asked, outer.replace("outputs:", "governed_by: order.paid_at\noutputs:", 1), *CLASH)
    for each in (inheriting, governed):
        answer = each.decide("ask", facts)
        assert answer.status == "undecided"
        assert ("decision", "inner", "conflict") in [(cause.kind, cause.name, cause.status) for cause in answer.missing]


def test_the_order_of_files_with_layers_changes_no_byte_of_an_answer():
    layers = [layer("a", "order.promo", "platform"), layer("b", "order.platform = jd and x.f", "platform", 3)]
    favoured = LIMIT.replace("type: int,", "type: int, combine: more_favourable, favours: larger,")
    asked = table(rule("param.limit > 0", "answer: param.limit"), more="governed_by: order.paid_at\n")
    facts = {"order": {"paid_at": "2025-01-01T00:00:00Z"}}
    one, other = pack(favoured, asked, *layers), pack(favoured, asked, *reversed(layers))
    assert one.digest == other.digest
    told = [json.dumps(each.decide("ask", facts).to_json()) for each in (one, other)]
    assert told[0] == told[1]


def test_the_order_of_outputs_changes_no_byte_of_an_answer():
    outputs = ["one: {type: code}", "two: {type: code}"]
    codes = "codes: {ask.more: {title: more}, left: {title: l, alternatives: [ask.more]}, right: {title: r, alternatives: [left]}}"
    then = "one: right, two: left"
    packs = [pack(codes, table(rule("{}", then), ", ".join(written))) for written in (outputs, outputs[::-1])]
    assert packs[0].digest == packs[1].digest
    told = [json.dumps(each.decide("ask", {}).to_json()) for each in packs]
    assert told[0] == told[1]


BY_DECISION = """
parameters:
  rate: {type: percent, editions: [{from: 2024-01-01, value: 10%, because: law, basis: law}]}
  transition: {type: enum, of: [by_fact_time, by_decision_time], value: by_fact_time, because: law, basis: law}
"""
TAOBAO = """
layer: taobao
title: taobao
rank: platform
while: order.platform = taobao
because: rules
parameters: {transition: {value: by_decision_time, because: rules, basis: platform}}
"""


def test_a_case_that_a_layer_dates_by_the_decision_is_undecided_without_its_instant_and_no_other_is():
    rate = table(rule("{}", "rate: param.rate"), "rate: {type: percent}", more="governed_by: order.paid_at\n")
    asked = pack(BY_DECISION, TAOBAO, rate)
    facts = {"order": {"paid_at": "2025-11-08T10:00:00+08:00", "platform": "taobao"}}
    told = asked.decide("ask", facts)
    assert told.to_json()["missing"] == [{"kind": "instant", "name": "at", "status": None}]
    assert "the time of the decision" in told.explain("en")
    assert asked.decide("ask", facts, at="2025-11-09T10:00:00+08:00").status == "decided"
    assert asked.function("ask")(facts) == {}
    facts["order"]["platform"] = "jd"
    assert asked.decide("ask", facts).status == "decided"
