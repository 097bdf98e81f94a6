"""What counts as covered: a case must notice the change, in what it tells; what is proved impossible does not count."""

import pytest
from evaluators.laboratory import given, pack_of, table

import csflow
from csflow.testing.coverage import Asked, Coverage, coverage_of
from csflow.testing.coverage_report import state_of
from csflow.testing.drafting import drafts_for
from csflow.testing.obligations import obligations_of


def rule(id: str, when: str, answer: int, more: str = "") -> str:
    return f'  - {{id: {id}, when: "{when}", then: {{answer: {answer}}}, because: law{more}}}\n'


def covered(pack: csflow.Pack, *facts: dict[str, object], told: frozenset[str] | None = None) -> Coverage:
    return coverage_of(pack.linked, [Asked("ask", pack.facts(given(each)), None, told) for each in facts])


def sides(coverage: Coverage, state: str = "missing") -> list[tuple[str, str]]:
    return [
        (each.text, each.needs("en").removeprefix("no case "))
        for each in coverage.obligations
        if each.measure == "boundaries" and state_of(coverage, each) == state
    ]


FEW_AND_MANY = table(rule("few", "x.i <= 7", 1) + rule("many", "x.i > 7", 2))


def test_both_sides_of_a_border_are_asked_for_by_their_values() -> None:
    pack = pack_of(FEW_AND_MANY)
    assert sides(covered(pack, {"i": 1}, {"i": 100})) == [
        ("x.i <= 7", "with the value 8"),
        ("x.i <= 7", "with the value 7"),
        ("x.i > 7", "with the value 8"),
        ("x.i > 7", "with the value 7"),
    ]
    assert sides(covered(pack, {"i": 7})) == [("x.i <= 7", "with the value 8"), ("x.i > 7", "with the value 8")]
    assert sides(covered(pack, {"i": 7}, {"i": 8})) == []


@pytest.mark.parametrize(
    ("kind", "cell", "values"),
    [
        ("money", "< 10.00 CNY", ["9.99 CNY", "10.00 CNY"]),
        ("days", ">= 7 days", [6, 7]),
        ("decimal", "> 0.25", ["0.25", "0.26"]),
        ("percent", "<= 80%", ["80%", "80.01%"]),
        ("duration", "< 48 hours", ["172799 seconds", "48 hours"]),
        ("date", "<= 2025-11-15", ["2025-11-15", "2025-11-16"]),
        ("datetime", "<= 2025-11-15", ["2025-11-15T23:59:59+08:00", "2025-11-16T00:00:00+08:00"]),
        ("int", "[3..5)", [2, 3, 4, 5]),
        ("int", "3", [2, 3, 4]),
        ("int", "not(3)", [2, 3, 4]),
        ("int", "[3, 9]", [2, 3, 4, 8, 9, 10]),
    ],
)
def test_the_unit_is_that_of_the_kind_and_each_value_beside_a_border_is_needed(
    kind: str, cell: str, values: list[object]
) -> None:
    name = {"money": "m", "days": "days", "decimal": "d", "percent": "r", "duration": "span", "date": "day"}
    fact = name.get(kind, {"datetime": "at", "int": "i"}.get(kind))
    rules = f'  - {{id: a, when: {{v: "{cell}"}}, then: {{answer: 1}}, because: law}}'
    pack = pack_of(table(rules, inputs=f"v: x.{fact}", otherwise="{answer: 0}"))
    cases = [{fact: value} for value in values]
    assert sides(covered(pack, *cases)) == []
    for left_out in range(len(cases)):
        assert sides(covered(pack, *cases[:left_out], *cases[left_out + 1 :])), values[left_out]


def test_a_border_counts_only_where_its_side_decides() -> None:
    """`x.q` settles the answer whatever x.i is."""
    pack = pack_of(table(rule("a", "x.q or x.i <= 7", 1), otherwise="{answer: 0}"))
    assert len(sides(covered(pack, {"i": 7, "q": True}, {"i": 8, "q": True}))) == 2
    assert sides(covered(pack, {"i": 7, "q": False}, {"i": 8, "q": False})) == []


def test_two_facts_that_are_compared_have_a_border_as_well() -> None:
    pack = pack_of(table(rule("a", "x.i <= x.j", 1), otherwise="{answer: 0}"))
    assert sides(covered(pack, {"i": 1, "j": 5})) == [
        ("x.i <= x.j", "just one unit above the border"),
        ("x.i <= x.j", "in which both sides are equal"),
    ]
    assert sides(covered(pack, {"i": 5, "j": 5}, {"i": 6, "j": 5})) == []


def test_every_edition_has_its_value_and_its_first_day() -> None:
    parameters = """
parameters:
  most:
    type: int
    editions:
      - {from: 2024-01-01, value: 3, because: law, basis: law}
      - {from: 2025-07-01, value: 5, because: law, basis: law}
"""
    pack = pack_of(table(rule("a", "x.i <= param.most", 1), otherwise="{answer: 0}"), parameters)
    needed = [needs.rpartition(" ")[2] for text, needs in sides(covered(pack)) if text == "most"]
    assert needed == ["4", "2", "6", "4", "2025-07-02", "2025-06-30"]
    days = {"old": "2025-06-30T10:00:00+08:00", "new": "2025-07-01T10:00:00+08:00"}
    cases = [
        Asked("ask", pack.facts({"order": {"paid_at": days[day]}, "x": {"i": i}}))
        for day, i in (("old", 3), ("old", 4), ("new", 5), ("new", 6), ("new", 4), ("old", 5))
    ]
    assert sides(coverage_of(pack.linked, cases)) == []


def test_a_case_notices_only_what_it_tells() -> None:
    pack = pack_of(table(rule("a", "x.i <= 7", 1) + rule("b", "x.i > 7", 1)))
    cases = {"i": 7}, {"i": 8}
    whole = covered(pack, *cases)
    assert whole.score("rules").percent == whole.score("boundaries").percent == 100
    by_answer = covered(pack, *cases, told=frozenset({"answer"}))
    # A rule that is lost leaves no answer; which of the two gave it, nobody says.
    assert by_answer.score("rules").percent == 100
    by_status = covered(
        pack_of(table(rule("a", "x.i <= 7", 1), otherwise="{answer: 0}")), *cases, told=frozenset({"status"})
    )
    assert [state_of(by_status, each) for each in by_status.obligations if each.text == "a"] == ["unnoticed"]
    assert by_status.score("boundaries").met == 0


def test_rules_of_required_decisions_count_where_the_answer_rests_on_them() -> None:
    inner = table(rule("small", "x.j < 5", 1) + rule("large", "x.j >= 5", 2), name="size")
    outer = table(
        rule("a", "x.p and decision.size.answer = 1", 1) + rule("b", "not (x.p and decision.size.answer = 1)", 2)
    )
    pack = pack_of(inner, outer)
    with_small = covered(pack, {"p": True, "j": 4})
    met = {each.text for each in with_small.met if each.measure == "rules"}
    assert met == {"small", "a"}
    # Decided on the way, but nothing rests on it: `not (false and ...)`.
    unused = covered(pack, {"p": False, "j": 4})
    assert {each.text for each in unused.met if each.measure == "rules"} == {"b"}


def test_exceptions_and_otherwise_are_rules_and_so_are_those_of_layers() -> None:
    exception = ", exceptions: [{id: but, when: x.q, then: {answer: 9}, because: law}]"
    layer = "layer: fair\ntitle: fair\nrank: campaign\nwhile: x.s\nbecause: fair\nexceptions:\n  - {id: fairly, of: ask/a, when: x.i > 3, then: {answer: 8}}\n"
    pack = pack_of(table(rule("a", "x.p", 1, exception), otherwise="{answer: 0}"), layer)
    rules = [each.text for each in obligations_of(pack.linked) if each.measure == "rules"]
    assert rules == ["a", "but", "fairly", "otherwise"]
    facts = {"p": True, "q": False, "s": True, "i": 4}
    assert {each.text for each in covered(pack, facts).met if each.measure == "rules"} == {"a", "fairly"}
    found = drafts_for(covered(pack))
    assert found.unreached == ()
    assert coverage_of(pack.linked, [draft.case for draft in found.drafts]).missing == ()


def test_a_layer_that_says_what_holds_anyway_asks_for_no_case() -> None:
    """Leaving its value out would show nowhere; over a lower layer that says something else it does."""
    mode = "parameters:\n  mode: {type: enum, of: [new, old], editions: [{from: 2020-01-01, value: new, because: law, basis: law}]}\n"
    asked = table(rule("a", "param.mode = new", 1), otherwise="{answer: 0}")
    named = "layer: {0}\ntitle: {0}\nrank: {1}\nwhile: x.{2}\nbecause: fair\nparameters: {{mode: {{value: {3}, because: fair, basis: own}}}}\n"
    same, other = named.format("same", "campaign", "s", "new"), named.format("other", "local", "p", "old")

    def asking(*layers: str) -> list[str | None]:
        found = obligations_of(pack_of(mode, asked, *layers).linked)
        return [
            each.layer
            for each in found
            if each.measure == "conditions" and each.word == "needed" and each.text == "mode"
        ]

    assert asking(same) == [None]
    assert asking(other) == [None, "other"]
    assert asking(same, other) == [None, "other", "same"]


def test_each_symbol_of_a_list_and_each_part_of_a_condition_must_count_once() -> None:
    pack = pack_of(table(rule("a", "x.colour in [red, green] and (x.p or x.q)", 1), otherwise="{answer: 0}"))
    conditions = [each.text for each in obligations_of(pack.linked) if each.measure == "conditions"]
    assert conditions == ["x.colour in [red, green]", "x.p or x.q", "red", "green", "x.p", "x.q"]
    red = {"colour": "red", "p": True, "q": False}
    met = {each.text for each in covered(pack, red).met if each.measure == "conditions"}
    assert met == {"red", "x.p"}


def test_a_guard_is_no_condition_of_its_own() -> None:
    pack = pack_of(table(rule("a", "x.maybe_int is given and x.maybe_int > 3", 1), otherwise="{answer: 0}"))
    assert [each.text for each in obligations_of(pack.linked) if each.measure == "conditions"] == ["x.maybe_int > 3"]


def test_what_analysis_proves_impossible_is_not_counted() -> None:
    """The second rule never comes first, and no case between its border and the first one's is told apart."""
    pack = pack_of(
        table(rule("a", "x.i <= 10", 1) + rule("b", "x.i <= 7", 2), otherwise="{answer: 0}", hit_policy="first")
    )
    coverage = covered(pack)
    assert {(each.measure, each.text) for each in coverage.impossible} == {
        ("rules", "b"),
        ("boundaries", "x.i <= 7"),
    }
    found = drafts_for(coverage)
    assert found.unreached == ()
    assert coverage_of(pack.linked, [draft.case for draft in found.drafts]).score("rules").percent == 100


def test_what_is_neither_reached_nor_proved_impossible_is_listed() -> None:
    """No text can be cut: that x.word is not itself is beyond the analysis, and beyond any case."""
    pack = pack_of(table(rule("a", "x.word != x.word", 1), otherwise="{answer: 0}"))
    found = drafts_for(covered(pack))
    assert [each.text for each in found.unreached if each.measure == "rules"] == ["a"]


def test_drafts_of_conditions_make_pairs_that_differ_in_one_condition() -> None:
    pack = pack_of(table(rule("a", "x.p and x.q", 1) + rule("b", "not (x.p and x.q)", 2)))
    cases = [draft.case.facts.values for draft in drafts_for(covered(pack)).drafts]
    points = {(case["x.p"], case["x.q"]) for case in cases}
    assert points == {(True, True), (True, False), (False, True)}


def test_a_rule_that_contradicts_another_is_not_covered_by_that() -> None:
    """Without one of them there would be an answer; but neither gave one."""
    pack = pack_of(table(rule("a", "x.i <= 7", 1) + rule("b", "x.i >= 7", 2)))
    contradicting = covered(pack, {"i": 7})
    assert contradicting.score("rules").met == 0
