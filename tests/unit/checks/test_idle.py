"""Rules, cells and columns that never count: each proved, with one finding for one fault."""

from evaluators.laboratory import FACTS, table

from checks.asked import cells, names, only, rule

BOUNDED = FACTS.replace("i: {type: int,", "i: {type: int, min: 0, max: 100,")
OTHERWISE = "{answer: 0}"


def test_a_cell_that_is_never_true_is_marked() -> None:
    rules = cells("none", "i: '> 100'") + cells("some", "i: '<= 50'", 2)
    finding = only(table(rules, inputs="i: x.i", otherwise=OTHERWISE), facts=BOUNDED)
    assert (finding.name, str(finding.severity), finding.values) == ("cell-never-true", "error", {"id": "none"})
    assert finding.mark is not None and "> 100" in finding.mark.text


def test_a_part_of_a_written_condition_that_is_never_true_is_marked() -> None:
    finding = only(table(rule("none", "x.p and x.i < 0"), otherwise=OTHERWISE), facts=BOUNDED)
    assert finding.name == "cell-never-true"
    assert finding.mark is not None and finding.mark.text == "x.i < 0"


def test_an_output_that_a_required_decision_never_gives_is_never_asked_for() -> None:
    grade = table(rule("high", "x.i > 5", 2), otherwise="{answer: 1}", name="grade")
    asking = table(cells("third", "grade: 3"), inputs="grade: decision.grade.answer", otherwise=OTHERWISE)
    assert only(grade, asking).name == "cell-never-true"
    assert names(grade, asking.replace("grade: 3", "grade: 2")) == []


def test_parts_that_contradict_each_other_make_a_rule_unreachable() -> None:
    rules = cells("none", "i: '< 3', j: '> 5'")
    finding = only(table(rules, inputs="i: x.i, j: x.i", otherwise=OTHERWISE))
    assert finding.name == "unreachable-rule"
    assert finding.mark is not None and finding.mark.text == "none"


def test_a_rule_that_reads_no_case_of_its_required_decision_is_unreachable() -> None:
    grade = table(rule("high", "x.i > 5", 2), otherwise="{answer: 1}", name="grade")
    asking = table(
        cells("few", "grade: 2, i: '< 3'"), inputs="grade: decision.grade.answer, i: x.i", otherwise=OTHERWISE
    )
    assert only(grade, asking).name == "unreachable-rule"


def test_under_first_all_rules_that_take_the_cases_of_another_are_named() -> None:
    rules = (
        rule("low", "x.i < 5") + rule("high", "x.i > 5", 2) + rule("odd", "x.i != 5", 3) + rule("five", "x.i = 5", 4)
    )
    finding = only(table(rules, hit_policy="first"))
    assert (finding.name, finding.values) == ("shadowed-rule", {"id": "odd", "hiding": ["low", "high"]})


def test_under_priority_a_rule_that_is_always_outranked_is_shadowed() -> None:
    outputs = "answer: {type: enum, of: [best, good, poor]}"
    rules = rule("any", "x.i > 0", "best") + rule("some", "x.i > 5", "good")
    finding = only(table(rules, outputs=outputs, hit_policy="priority", otherwise="{answer: poor}"))
    assert (finding.name, finding.values) == ("shadowed-rule", {"id": "some", "hiding": ["any"]})
    assert (
        names(table(rules.replace("> 5", "> -5"), outputs=outputs, hit_policy="priority", otherwise="{answer: poor}"))
        == []
    )


def test_under_priority_an_exception_may_let_a_rule_decide() -> None:
    outputs = "answer: {type: enum, of: [best, good, poor]}"
    worse = "{id: worse, when: x.p, then: {answer: poor}, because: law}"
    rules = rule("any", "x.i > 0", "best", worse) + rule("some", "x.i > 5", "good")
    assert names(table(rules, outputs=outputs, hit_policy="priority", otherwise="{answer: poor}")) == []


def test_a_column_whose_cells_change_nothing_never_matters() -> None:
    rules = cells("few", "i: '< 10', j: '< 20'") + cells("many", "i: '>= 10'", 2)
    finding = only(table(rules, inputs="i: x.i, j: x.i"))
    assert (finding.name, str(finding.severity), finding.values) == ("input-never-matters", "warning", {"name": "j"})
    assert finding.mark is not None and finding.mark.text == "j"
    assert names(table(rules.replace("< 20", "< 9").replace("many", "many"), inputs="i: x.i, j: x.i")) == ["gap"]


def test_a_column_without_a_cell_never_matters_unless_something_else_reads_it() -> None:
    rules = cells("few", "i: '< 10'") + cells("many", "i: '>= 10'", 2)
    assert names(table(rules, inputs="i: x.i, idle: x.p")) == ["input-never-matters"]
    read = rules.replace("answer: 2", 'answer: {expr: "if idle then 1 else 2"}')
    assert names(table(read, inputs="i: x.i, idle: x.p")) == []


def test_a_column_that_tells_a_rule_from_otherwise_matters() -> None:
    assert names(table(cells("few", "i: '< 10'"), inputs="i: x.i", otherwise=OTHERWISE)) == []


def test_a_rule_that_may_hold_only_where_something_is_computed_and_no_case_is_found_is_a_note() -> None:
    squares = "x.i * x.i = 3 and x.i * x.i > x.j"
    finding = only(table(rule("none", squares), otherwise=OTHERWISE), facts=BOUNDED)
    assert (finding.name, str(finding.severity)) == ("unconfirmed-rule", "note")


def test_what_is_computed_and_has_no_last_place_lies_between_two_values() -> None:
    """Half a cent is more than none and less than one."""
    rules = rule("half", "x.m * 50% > 1 CNY and x.m * 50% < 1.01 CNY")
    assert names(table(rules, otherwise=OTHERWISE)) == []
