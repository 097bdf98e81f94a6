"""Exceptions that never apply, and exceptions that hold together."""

from evaluators.laboratory import FACTS, table

from checks.asked import exception, names, only, rule

OTHERWISE = "{answer: 0}"
BOUNDED = FACTS.replace("i: {type: int,", "i: {type: int, min: 0, max: 100,")


def layer(name: str, rank: str, when: str, of: str = "ask/few", condition: str = "") -> str:
    holding = f"while: {condition}\n" if condition else ""
    return (
        f"layer: {name}\ntitle: {name}\nrank: {rank}\n{holding}because: law\n"
        f'exceptions:\n  - {{id: by-{name}, of: {of}, when: "{when}", then: {{answer: 7}}, because: law}}\n'
    )


def test_an_exception_outside_its_rule_never_applies() -> None:
    finding = only(table(rule("few", "x.i < 10", 1, exception("late", "x.i > 20", 2)), otherwise=OTHERWISE))
    assert (finding.name, str(finding.severity)) == ("exception-never-applies", "error")
    assert finding.values == {"id": "late", "rule": "few"}
    assert finding.mark is not None and finding.mark.text == "late"


def test_an_exception_of_an_exception_is_looked_at_under_both() -> None:
    inner = exception("inner", "x.i > 5", 3)
    assert names(table(rule("few", "x.i < 10", 1, exception("outer", "x.i < 8", 2, inner)), otherwise=OTHERWISE)) == []
    inner = exception("inner", "x.i > 8", 3)
    finding = only(table(rule("few", "x.i < 10", 1, exception("outer", "x.i < 8", 2, inner)), otherwise=OTHERWISE))
    assert finding.values == {"id": "inner", "rule": "outer"}


def test_an_exception_of_otherwise_is_looked_at_where_no_rule_holds() -> None:
    otherwise = "{then: {answer: 0}, exceptions: [" + exception("late", "x.i < 5", 2) + "]}"
    assert only(table(rule("few", "x.i < 10"), otherwise=otherwise)).name == "exception-never-applies"
    assert names(table(rule("few", "x.i < 10"), otherwise=otherwise.replace("< 5", "> 15"))) == []


def test_what_a_rule_that_never_decides_has_below_it_is_not_said_again() -> None:
    never = rule("never", "x.p and not x.p", 1, exception("late", "x.i > 20", 2))
    assert names(table(never, otherwise=OTHERWISE)) == ["unreachable-rule"]


def test_a_layer_of_a_higher_rank_may_take_every_case_of_an_exception() -> None:
    document = table(rule("few", "x.i < 10", 1, exception("own", "x.i < 5", 2)), otherwise=OTHERWISE)
    assert names(document, layer("shop", "promise", "x.i < 4")) == []
    finding = only(document, layer("shop", "promise", "x.i < 6"))
    assert (finding.name, finding.values["id"]) == ("exception-never-applies", "own")
    assert names(document, layer("shop", "promise", "x.i < 6", condition="x.p")) == []


def test_two_exceptions_of_one_rule_that_hold_together_are_in_conflict_with_a_case() -> None:
    both = exception("low", "x.i <= 5", 2) + ", " + exception("high", "x.i >= 5", 2)
    finding = only(table(rule("few", "x.i < 10", 1, both), otherwise=OTHERWISE))
    assert finding.name == "conflicting-exceptions"
    assert (finding.values["one"], finding.values["other"]) == ("low", "high")
    assert finding.mark is not None and finding.mark.text == "high"
    assert finding.witness is not None and finding.witness["x.i"] == 5


def test_exceptions_of_layers_of_one_rank_are_in_conflict_where_both_layers_hold() -> None:
    document = table(rule("few", "x.i < 10"), otherwise=OTHERWISE)
    one, other = layer("one", "promise", "x.i < 5", condition="x.p"), layer("other", "promise", "x.i > 3")
    assert only(document, one, other).name == "conflicting-exceptions"
    assert names(document, one, other.replace("rank: promise", "rank: campaign")) == []
    assert names(document, one, layer("other", "promise", "x.i > 3", condition="not x.p")) == []


def test_exceptions_that_ask_for_something_computed_may_be_in_conflict() -> None:
    first = exception("first", "x.i * x.i = 3", 2)
    second = exception("second", "x.i * x.i > x.j", 3)
    found = names(table(rule("few", "x.i < 10", 1, f"{first}, {second}"), otherwise=OTHERWISE), facts=BOUNDED)
    assert found == ["unconfirmed-exceptions", "unconfirmed-rule"]
