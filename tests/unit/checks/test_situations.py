"""The situations in which a decision is analysed: stretches of the time line, active layers, decisions required."""

from evaluators.laboratory import table

from checks.asked import cells, names, only, rule

OTHERWISE = "{answer: 0}"
LIMIT = """
parameters:
  limit:
    type: int
    editions:
      - {from: 2024-01-01, value: 5, because: law, basis: law}
"""
BY_TIME = """
parameters:
  limit:
    type: int
    editions:
      - {from: 2024-01-01, until: 2025-01-01, value: 5, because: law, basis: law}
      - {from: 2025-01-01, value: 7, because: law, basis: law}
  transition:
    title: t
    type: enum
    of: {by_fact_time: f, by_decision_time: d}
    value: by_decision_time
    because: own
    basis: own
"""


def layer(name: str, when: str, value: int, rank: str = "promise") -> str:
    return (
        f"layer: {name}\ntitle: {name}\nrank: {rank}\nwhile: {when}\nbecause: law\n"
        f"parameters:\n  limit: {{value: {value}, because: law, basis: own}}\n"
    )


RULES = rule("low", "x.i <= param.limit") + rule("high", "x.i > 5", 2)


def test_a_layer_that_gives_a_parameter_is_looked_at_where_it_holds() -> None:
    assert names(LIMIT, table(RULES)) == []
    finding = only(LIMIT, layer("more", "x.p", 7), table(RULES))
    assert finding.name == "overlapping-rules"
    assert finding.witness is not None
    assert finding.witness["x.p"] is True and finding.witness["x.i"] in (6, 7)
    assert only(LIMIT, layer("less", "x.p", 3), table(RULES)).name == "gap"


def test_layers_that_never_hold_together_are_not_looked_at_together() -> None:
    both = rule("five", "x.i <= 5") + rule("more", "x.i > param.limit and x.i > 5", 2)
    more, less = layer("more", "x.p", 5), layer("less", "not x.p", 4, "campaign")
    assert names(LIMIT, more, less, table(both)) == []


def test_a_rule_that_only_a_layer_makes_reachable_is_reached() -> None:
    rules = cells("own", "limit: 5") + cells("other", "limit: 7", 2)
    assert names(LIMIT, table(rules, inputs="limit: param.limit")) == ["cell-never-true"]
    assert names(LIMIT, layer("more", "x.p", 7), table(rules, inputs="limit: param.limit")) == []


def test_by_the_time_of_the_decision_the_case_says_when_it_is_decided() -> None:
    finding = only(BY_TIME, table(RULES))
    assert finding.name == "overlapping-rules"
    assert finding.witness is not None
    assert finding.witness["at"] >= "2025-01-01" and "order.paid_at" not in finding.witness
    assert "处理时间" in finding.message("zh-CN")


def test_required_decisions_are_read_over_their_facts() -> None:
    grade = table(rule("high", "x.i > 5", 2), otherwise="{answer: 1}", name="grade")
    asking = cells("one", "grade: 1") + cells("two", "grade: 2", 2)
    inputs = "grade: decision.grade.answer"
    assert names(grade, table(asking, inputs=inputs)) == []
    overlap = asking + rule("six", "x.i = 6", 3)
    assert only(grade, table(overlap, inputs=inputs)).name == "overlapping-rules"
    assert names(grade, table(asking + rule("none", "x.i = 5 and grade = 2", 3), inputs=inputs)) == ["unreachable-rule"]


def test_where_a_required_decision_is_not_decided_nothing_is_a_gap() -> None:
    """The gap is one of the decision that has it."""
    grade = table(rule("low", "x.i < 5", 1) + rule("high", "x.i > 5", 2), name="grade")
    asking = cells("one", "grade: 1") + cells("two", "grade: 2", 2)
    finding = only(grade, table(asking, inputs="grade: decision.grade.answer"))
    assert (finding.name, finding.values["name"]) == ("gap", "grade")


def test_an_exception_of_a_required_decision_counts_for_those_who_require_it() -> None:
    zero = "{id: zero, when: x.p, then: {answer: 3}, because: law}"
    grade = table(rule("low", "x.i <= 5", 1, zero) + rule("high", "x.i > 5", 2), name="grade")
    asking = cells("one", "grade: 1") + cells("two", "grade: 2", 2)
    inputs = "grade: decision.grade.answer"
    finding = only(grade, table(asking, inputs=inputs))
    assert finding.name == "gap"
    assert finding.witness is not None and finding.witness["x.p"] is True
    assert names(grade, table(asking + cells("three", "grade: 3", 3), inputs=inputs)) == []


def test_a_required_decision_with_a_date_of_its_own_and_parameters_is_not_looked_through() -> None:
    grade = table(rule("low", "x.i <= param.limit", 1), otherwise="{answer: 2}", name="grade", by="order.placed_on")
    asking = cells("one", "grade: 1") + cells("other", "grade: 2", 2) + cells("third", "grade: 3", 3)
    found = names(LIMIT, grade, table(asking, inputs="grade: decision.grade.answer"))
    assert found == ["unconfirmed-gap", "unconfirmed-rule"]


def test_a_long_chain_of_decisions_costs_no_recursion() -> None:
    first = table(rule("low", "x.i < 5", 1), otherwise="{answer: 2}", name="d0")
    chain = [
        table(cells("same", "a: 1", 1), inputs=f"a: decision.d{n}.answer", otherwise="{answer: 2}", name=f"d{n + 1}")
        for n in range(150)
    ]
    assert names(first, *chain) == []


def test_a_long_chain_of_derived_values_costs_no_recursion() -> None:
    derived = "  v0: x.p\n" + "".join(f"  v{n + 1}: v{n} and x.q\n" for n in range(400))
    assert names(table(rule("all", "v400"), otherwise=OTHERWISE), derived=derived) == []
