"""What a backend gets: outputs as Python values, the document of `decide --format json`, the explanation."""

import contextlib
import datetime as dt
import decimal
import itertools
import json
import re
from decimal import Decimal

import pytest

import csflow
from csflow import Money
from csflow.diagnostics import LANGUAGES
from evaluators.laboratory import FACTS, SHOP, ask, given, pack_of, table, value

KEYS = [
    "decision",
    "edition",
    "because",
    "exceptions",
    "format_version",
    "missing",
    "outputs",
    "pack",
    "rule",
    "status",
]
SHANGHAI = dt.timezone(dt.timedelta(hours=8))

SHOP_PACK = csflow.load_pack(SHOP)
CN = csflow.standard_pack("cn")


def shop_facts(**claim):
    """A claim of the corner shop, in time and intact unless something else is said; None is not given."""
    held = {
        "reason": "no_reason",
        "signed_at": "2025-11-10T20:00:00+08:00",
        "requested_at": "2025-11-12T09:00:00+08:00",
        "condition": "intact",
        "is_member": False,
    } | claim
    order = {"id": "A-1", "paid_at": "2025-11-08T10:00:00+08:00", "paid": "99.99 CNY", "weight": "1.25"}
    return {"order": order, "claim": held}


LATE = {"requested_at": "2025-11-30T09:00:00+08:00"}


# Python values


@pytest.mark.parametrize(
    ("kind", "expression", "facts", "expected"),
    [
        ("bool", "x.p", {"p": True}, True),
        ("int", "x.i", {"i": -7}, -7),
        ("money", "x.m", {"m": "12.30 CNY"}, Money("12.30 CNY")),
        ("percent", "x.r", {"r": "80%"}, Decimal("80.00")),
        ("days", "x.days", {"days": "2 weeks"}, 14),
        ("duration", "x.span", {"span": "90 minutes"}, dt.timedelta(minutes=90)),
        ("date", "x.day", {"day": dt.date(2024, 2, 29)}, dt.date(2024, 2, 29)),
        ("text", "x.word", {"word": "退款 “ok” {0}"}, "退款 “ok” {0}"),
        ("reason", "x.reason", {"reason": "defect"}, "defect"),
        ("code", "x.code", {"code": "window.expired"}, "window.expired"),
        ("party", "x.party", {"party": "merchant"}, "merchant"),
        ("liability", "x.blame", {"blame": "none"}, "none"),
        ("int", "x.maybe_int", {}, None),
    ],
)
def test_an_output_is_a_python_value_of_its_kind(kind, expression, facts, expected):
    found = value(expression, facts, kind)
    assert found == expected
    assert type(found) is type(expected)


def test_an_instant_is_aware_and_shows_the_time_of_the_zone_of_the_pack():
    found = value("x.at", {"at": "2025-11-10T12:00:00.000001Z"}, "datetime")
    assert found == dt.datetime(2025, 11, 10, 20, 0, 0, 1, tzinfo=SHANGHAI)
    assert found.utcoffset() == dt.timedelta(hours=8)


def test_an_enum_is_text_and_a_decimal_has_its_places():
    outputs = "answer: {type: enum, of: [red, green, blue]}\nshare: {type: decimal, places: 2}"
    pack = pack_of(table("  - {id: r, when: {}, then: {answer: red, share: x.d}, because: law}", outputs=outputs))
    found = pack.decide("ask", given({"d": "1.5"})).outputs
    assert found["answer"] == "red"
    assert str(found["share"]) == "1.50"


def test_the_decimal_context_of_the_caller_changes_no_answer():
    rule = "  - {id: r, when: {}, then: {answer: x.d, share: x.r}, because: law}"
    pack = pack_of(table(rule, outputs="answer: {type: decimal, places: 2}\nshare: {type: percent}"))
    facts = given({"d": "12345.67", "r": "12.34%"})
    plain = pack.decide("ask", facts).outputs
    with decimal.localcontext() as context:
        context.prec = 3
        context.rounding = decimal.ROUND_UP
        assert pack.decide("ask", facts).outputs == plain
        context.traps[decimal.Inexact] = True
        assert pack.decide("ask", facts).outputs == plain


def test_every_declared_output_is_there_in_order_and_one_left_out_is_none():
    outputs = SHOP_PACK.decide("no_reason_return", shop_facts()).outputs
    assert list(outputs.items()) == [("outcome", "allow"), ("code", "ok"), ("fee", None)]


def test_outputs_are_a_mapping_that_changes_nothing():
    decision = SHOP_PACK.decide("no_reason_return", shop_facts())
    assert decision.outputs == decision.outputs
    held = dict(decision.outputs)
    with contextlib.suppress(TypeError):
        decision.outputs["outcome"] = "deny"
    assert decision.outputs == held
    decision.to_json()["outputs"]["outcome"] = "deny"
    assert decision.to_json()["outputs"]["outcome"] == "allow"


def test_a_length_of_time_beyond_what_python_holds_is_refused_or_unknown_but_never_raises():
    try:
        decision = ask("x.span * x.i * x.j", {"span": "200000000 hours", "i": 10**12, "j": 10**12}, "duration")
    except csflow.PackError:
        return
    assert decision.outputs is not None
    assert json.dumps(decision.to_json())


def test_a_number_beyond_what_python_prints_is_refused_or_unknown_but_never_raises():
    derived = "  v0: x.i\n" + "".join(f"  v{n + 1}: v{n} * v{n}\n" for n in range(12))
    try:
        decision = ask("v12", {"i": 10**12}, "int", derived=derived)
    except csflow.PackError:
        return
    assert json.dumps(decision.to_json())
    assert decision.explain("en")


# What is told beside the outputs


@pytest.mark.parametrize(
    ("claim", "status", "rule", "exceptions", "because"),
    [
        ({}, "decided", "intact-in-time", (), "店铺规则 第一条"),
        ({"condition": "damaged"}, "decided", "damaged", (), "店铺规则 第二条"),
        (LATE, "decided", "too-late", (), "店铺规则 第一条"),
        (LATE | {"promised_days": 30}, "decided", "too-late", ("promise",), "店铺承诺"),
        (LATE | {"promised_days": 19}, "decided", "too-late", (), "店铺规则 第一条"),
        ({"condition": None}, "undecided", None, (), None),
    ],
)
def test_rule_exceptions_and_source_of_what_holds(claim, status, rule, exceptions, because):
    decision = SHOP_PACK.decide("no_reason_return", shop_facts(**claim))
    assert decision.decision == "no_reason_return"
    assert (decision.status, decision.rule, decision.exceptions, decision.because) == (
        status, rule, exceptions, because
    )  # fmt: skip


def test_otherwise_without_a_source_has_none():
    pack = pack_of(table("  - {id: r, when: x.p, then: {answer: 1}, because: law}", otherwise="{answer: 0}"))
    decision = pack.decide("ask", given({"p": False}))
    assert (decision.rule, decision.because) == ("otherwise", None)


def test_an_answer_that_is_not_decided_names_no_rule_no_exception_and_no_source():
    rules = """
  - id: rule
    when: x.p
    then: {answer: 1}
    because: law
    exceptions:
      - id: outer
        when: x.q
        then: {answer: x.i}
        because: clause
        exceptions:
          - {id: one, when: x.s, then: {answer: 2}, because: one}
          - {id: two, when: "x.s and x.q", then: {answer: 3}, because: two}
"""
    pack = pack_of(table(rules))
    for s, status in ((None, "undecided"), (False, "undecided"), (True, "conflict")):
        decision = pack.decide("ask", given({"p": True, "q": True, "s": s}))
        assert decision.status == status
        assert (decision.rule, decision.exceptions, decision.because, decision.alternatives) == (None, (), None, ())
        assert decision.outputs == {}


def test_missing_lists_every_cause_once():
    decision = SHOP_PACK.decide("no_reason_return", shop_facts(condition=None, signed_at=None))
    assert [(cause.kind, cause.name, cause.status) for cause in decision.missing] == [
        ("fact", "claim.condition", None),
        ("fact", "claim.signed_at", None),
    ]
    assert SHOP_PACK.decide("no_reason_return", shop_facts()).missing == ()


def test_alternatives_are_those_of_the_codes_among_the_outputs():
    assert SHOP_PACK.decide("no_reason_return", shop_facts(**LATE)).alternatives == ("ask.quality",)
    assert SHOP_PACK.decide("route", shop_facts(**LATE)).alternatives == ("ask.quality",)
    assert SHOP_PACK.decide("no_reason_return", shop_facts()).alternatives == ()


def dated(*starts, name):
    editions = [f"      - {{from: {start}, value: {n}, because: law, basis: own}}" for n, start in enumerate(starts, 1)]
    return "\n".join([f"  {name}:", "    type: int", "    editions:", *editions])


PARAMETERS = "\n".join(
    ["parameters:", dated("2024-01-01", "2025-01-01", name="direct"), dated("2020-01-01", "2025-06-01", name="through"),
     dated("2024-01-01", "2025-03-01", name="unread")]
)  # fmt: skip


@pytest.mark.parametrize(
    ("paid_at", "edition"),
    [
        ("2024-01-01T00:00:00+08:00", "2024-01-01"),
        ("2024-12-31T23:59:59.999999+08:00", "2024-01-01"),
        ("2024-12-31T16:00:00Z", "2025-01-01"),
        ("2025-05-31T23:59:59.999999+08:00", "2025-01-01"),
        ("2025-06-01T00:00:00+08:00", "2025-06-01"),
        ("2026-12-31T00:00:00+08:00", "2025-06-01"),
    ],
)
def test_edition_is_the_first_day_of_the_interval_in_which_nothing_that_is_read_changes(paid_at, edition):
    inner = table("  - {id: r, when: {}, then: {answer: doubled}, because: law}", name="inner", by=None)
    outer = table("  - {id: r, when: {}, then: {answer: param.direct + decision.inner.answer}, because: law}")
    pack = pack_of(PARAMETERS, inner, outer, derived="  doubled: param.through * 2\n")
    decision = pack.decide("ask", {"order": {"paid_at": paid_at}})
    assert decision.edition == dt.date.fromisoformat(edition)
    assert decision.to_json()["edition"] == edition


def test_there_is_no_edition_without_a_governing_date():
    pack = pack_of(table("  - {id: r, when: {}, then: {answer: 1}, because: law}", by=None))
    assert pack.decide("ask", {}).edition is None
    assert SHOP_PACK.decide("no_reason_return", {}).edition is None


# JSON


def every_outcome():
    """Decisions of both packs in every status that they have."""
    yield SHOP_PACK.decide("no_reason_return", shop_facts())
    yield SHOP_PACK.decide("no_reason_return", shop_facts(condition="damaged"))
    yield SHOP_PACK.decide("no_reason_return", shop_facts(**LATE, promised_days=30))
    yield SHOP_PACK.decide("no_reason_return", {})
    yield SHOP_PACK.decide("route", shop_facts())
    yield SHOP_PACK.decide("route", shop_facts(signed_at="2026-12-30T10:00:00+08:00"))
    for name in CN.decisions:
        yield CN.decide(name, {})
    overlapping = pack_of(
        table("""
  - {id: one, when: x.p, then: {answer: 1}, because: law}
  - {id: two, when: x.q, then: {answer: 2}, because: law}
""", name="inner"), table("  - {id: r, when: {}, then: {answer: decision.inner.answer}, because: law}"))  # fmt: skip
    for p, q in itertools.product((True, False), repeat=2):
        for name in ("inner", "ask"):
            yield overlapping.decide(name, given({"p": p, "q": q}))


EVERY_OUTCOME = list(every_outcome())


def test_every_status_is_among_these_decisions():
    assert {decision.status for decision in EVERY_OUTCOME} == {"decided", "undecided", "no_rule", "conflict"}


@pytest.mark.parametrize("decision", EVERY_OUTCOME, ids=repr)
def test_the_document_has_the_keys_that_ci_reads(decision):
    found = decision.to_json()
    assert set(KEYS) | {"alternatives", "hits", "items", "layers", "unverified"} == set(found)
    assert found["format_version"] == 1
    assert set(found["pack"]) == {"name", "digest"}
    assert found["pack"]["digest"].startswith("sha256:")
    assert found["status"] == decision.status
    assert found["decision"] == decision.decision
    assert found["rule"] == decision.rule
    assert found["because"] == decision.because
    assert found["exceptions"] == list(decision.exceptions)
    assert [set(cause) for cause in found["missing"]] == [{"kind", "name", "status"}] * len(decision.missing)
    assert list(found["outputs"]) == sorted(decision.outputs)


@pytest.mark.parametrize("decision", EVERY_OUTCOME, ids=repr)
def test_the_document_is_plain_json_without_a_float(decision):
    def refuse(text):
        raise AssertionError(f"a float in JSON: {text}")

    text = json.dumps(decision.to_json(), allow_nan=False)
    assert json.loads(text, parse_float=refuse) == decision.to_json()


def test_money_is_text_and_instants_are_rfc_3339_in_json():
    outputs = """
cash: {type: money}
at: {type: datetime}
day: {type: date}
share: {type: percent}
part: {type: decimal, places: 2}
span: {type: duration}
wait: {type: days}
count: {type: int}
sure: {type: bool}
word: {type: text, optional: true}
"""
    rule = (
        "  - {id: r, when: {}, then: {cash: x.m, at: x.at, day: x.day, share: x.r, part: x.d, span: x.span, "
        "wait: x.days, count: x.i, sure: x.p}, because: law}"
    )
    facts = {"m": "-0.30 CNY", "at": "2025-11-10T12:00:00Z", "day": "2025-11-10", "r": "12.5%", "d": "1.50",
             "span": "90 minutes", "days": 14, "i": 3, "p": True}  # fmt: skip
    assert pack_of(table(rule, outputs=outputs)).decide("ask", given(facts)).to_json()["outputs"] == {
        "cash": {"amount": "-0.30", "currency": "CNY"},
        "at": "2025-11-10T20:00:00+08:00",
        "day": "2025-11-10",
        "share": "12.5%",
        "part": "1.5",
        "span": "90 minutes",
        "wait": 14,
        "count": 3,
        "sure": True,
        "word": None,
    }


def test_what_is_missing_is_told_with_its_kind_in_json():
    found = SHOP_PACK.decide("route", shop_facts(signed_at=None)).to_json()
    assert found["missing"] == [
        {"kind": "decision", "name": "no_reason_return", "status": "undecided"},
        {"kind": "fact", "name": "claim.signed_at", "status": None},
    ]


def test_the_same_answer_is_given_for_facts_of_either_shape():
    nested = shop_facts()
    flat = {f"{record}.{name}": held for record, fields in nested.items() for name, held in fields.items()}
    checked = SHOP_PACK.facts(nested)
    documents = [SHOP_PACK.decide("route", facts).to_json() for facts in (nested, flat, checked)]
    assert documents[0] == documents[1] == documents[2]


def test_an_unknown_decision_is_told_with_the_one_that_was_meant():
    with pytest.raises(csflow.UnknownName, match="no_reason_return"):
        SHOP_PACK.decide("no_reason_retrun", {})


# Explanations

# What Python would show of its own: reprs of instances, enums, exact numbers, held dates.
RAW = re.compile(
    r"<[a-z_.]+ |object at 0x|\b(Fraction|Decimal|Unknown|Cause|Kind|Money)\(|\b(ABSENT|datetime|None|True|False)\b|[{}]|\\x"
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("decision", EVERY_OUTCOME, ids=repr)
def test_an_explanation_never_shows_what_python_calls_a_thing(decision, language):
    found = RAW.search(decision.explain(language))
    assert found is None, found


@pytest.mark.parametrize(
    ("language", "status", "title"),
    [("zh-CN", "已有结论", "无理由退货"), ("zh-TW", "已有結論", "無理由退貨"), ("en", "decided", "No-reason return")],
)
def test_an_explanation_speaks_the_language_asked_for(language, status, title):
    told = SHOP_PACK.decide("no_reason_return", shop_facts()).explain(language)
    assert title in told
    assert status in told
    if language == "en":
        assert "：" not in told
        assert "；" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_names_the_rule_its_source_and_the_values_it_looked_at(language):
    told = SHOP_PACK.decide("no_reason_return", shop_facts(condition="damaged")).explain(language)
    for part in (
        "damaged",
        "店铺规则 第二条",
        "商品状况",
        "损坏",
        "10.00 CNY",
        "人工复核",
        "商品不完好",
        "折旧比例",
        "2024-01-01",
    ):
        assert part in told, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_names_the_exception_that_applies_and_its_source(language):
    told = SHOP_PACK.decide("no_reason_return", shop_facts(**LATE, promised_days=30)).explain(language)
    for part in ("too-late", "promise", "店铺承诺"):
        assert part in told, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_names_the_titles_of_the_facts_that_are_missing(language):
    told = SHOP_PACK.decide("no_reason_return", shop_facts(condition=None, signed_at=None)).explain(language)
    for part in ("商品状况", "claim.condition", "签收时间", "claim.signed_at"):
        assert part in told, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_tells_what_may_be_offered_instead(language):
    assert "如有质量问题可另行申请" in SHOP_PACK.decide("no_reason_return", shop_facts(**LATE)).explain(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_tells_the_decisions_it_rests_on(language):
    told = SHOP_PACK.decide("route", shop_facts(condition="damaged")).explain(language)
    for part in ("no-reason", "(no_reason_return)", "damaged", "店铺规则 第二条"):
        assert part in told, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_says_which_edition_or_calendar_is_missing(language):
    facts = shop_facts(signed_at="2026-12-30T10:00:00+08:00", requested_at="2026-12-31T10:00:00+08:00")
    decision = SHOP_PACK.decide("no_reason_return", facts)
    assert [cause.kind for cause in decision.missing] == ["calendar"]
    assert "cn" in decision.explain(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_of_a_conflict_names_the_rules_that_contradict_each_other(language):
    pack = pack_of(table("""
  - {id: left-hand, when: x.p, then: {answer: 1}, because: law}
  - {id: right-hand, when: x.q, then: {answer: 2}, because: law}
"""))  # fmt: skip
    told = pack.decide("ask", given({"p": True, "q": True})).explain(language)
    assert "left-hand" in told
    assert "right-hand" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_explanation_ends_with_the_notice_of_the_pack(language):
    notices = {"zh-CN": "不是法律意见", "zh-TW": "並非法律意見", "en": "not legal advice"}
    for name in CN.decisions:
        assert notices[language] in CN.decide(name, {}).explain(language).splitlines()[-1]


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        ("x.i / 3", '"> 0"', "1/3"),
        ("x.r / 3", '"> 0%"', "3.33%"),
        ("x.m / 3", '"> 0 CNY"', "0.03 CNY"),
        ("x.d * x.e", '"> 0"', "0.03125"),
    ],
)
def test_a_computed_column_is_told_as_a_person_writes_numbers(column, cell, shown):
    rule = f"  - {{id: hit, when: {{part: {cell}}}, then: {{answer: 1}}, because: law}}"
    pack = pack_of(table(rule, inputs=f"part: {column}"))
    told = pack.decide("ask", given({"i": 1, "r": "10%", "m": "0.10 CNY", "d": "0.25", "e": "0.125"})).explain("en")
    assert RAW.search(told) is None
    assert f"part: {shown}" in told


def test_a_title_without_a_text_is_refused_or_told_by_the_name():
    facts = FACTS.replace("i: {type: int, title: {zh-CN: 件数, zh-TW: 件數, en: Pieces}}", "i: {type: int, title: {}}")
    rule = '  - {id: r, when: {n: "> 0"}, then: {answer: 1}, because: law}'
    try:
        pack = pack_of(table(rule, inputs="n: x.i"), facts=facts)
    except csflow.PackError:
        return
    assert pack.decide("ask", given({"i": 1})).explain("en")


def test_an_explanation_stays_small_where_decisions_share_what_they_rest_on():
    depth = 14
    links = []
    for n in range(depth):
        below = f"decision.a{n + 1}.answer + decision.b{n + 1}.answer" if n + 1 < depth else "x.i"
        rule = f"  - {{id: r, when: {{}}, then: {{answer: {below}}}, because: law}}"
        links += [table(rule, name=f"{side}{n}") for side in "ab"]
    told = pack_of(*links).decide("a0", given({"i": 1})).explain("en")
    assert len(told.splitlines()) < 50 * depth


def test_the_causes_of_an_answer_do_not_follow_the_order_in_which_outputs_are_declared():
    rule = "  - {id: only, when: {}, then: {a: x.i, b: x.j}, because: law}"
    packs = [pack_of(table(rule, outputs=f"{one}: {{type: int}}\n{two}: {{type: int}}")) for one, two in ("ab", "ba")]
    assert packs[0].digest == packs[1].digest
    told = [pack.decide("ask", given({})).to_json()["missing"] for pack in packs]
    assert told[0] == told[1] == [{"kind": "fact", "name": name, "status": None} for name in ("x.i", "x.j")]


def test_what_is_read_at_another_governing_date_does_not_count_for_the_edition():
    editions = (
        "{from: 2024-01-01, value: 1, because: a, basis: own}, {from: 2025-07-01, value: 2, because: a, basis: own}"
    )
    parameters = f"parameters: {{n: {{type: int, editions: [{editions}]}}}}"
    rule = "  - {id: only, when: {}, then: {answer: %s}, because: law}"
    documents = [
        table(rule % "param.n", name="dated", by="order.placed_on"),
        table(rule % "param.n", name="same"),
        table(rule % "decision.dated.answer", name="elsewhere"),
        table(rule % "decision.same.answer", name="here"),
    ]
    facts = {"order": {"paid_at": "2025-11-08T10:00:00+08:00", "placed_on": "2024-02-01"}}
    pack = pack_of(parameters, *documents)
    told = {
        name: (pack.decide(name, facts).outputs["answer"], str(pack.decide(name, facts).edition))
        for name in pack.decisions
    }
    assert told == {
        "dated": (1, "2024-01-01"),
        "elsewhere": (1, "2024-01-01"),
        "here": (2, "2025-07-01"),
        "same": (2, "2025-07-01"),
    }
