"""What a claim concerns is asked for its own reason, and what it comes to is never guessed: budgets, options, approvals."""

from typing import Any

import pytest
from tests.unit.settlement.shop import AT, FACTS, FILES, back, concerning, line, pack, pack_of, quoted, tender

import csflow
from csflow.settlement import Budget, Quote
from csflow.settlement.approvals import Held
from csflow.settlement.refusals import Refusal

ORDER = {
    "id": "Q",
    "lines": [line("A", 2, "50.00"), line("B", 1, "20.00")],
    "tenders": [tender("t1", "wechat", "120.00")],
}
EMPTY = {"goodwill": Budget()}


def asked(*names: str, returns: Any = (), **more: Any) -> Quote:
    return quoted(ORDER, {"returns": list(returns), **concerning(*names)}, **more)


def found(quote: Quote) -> Any:
    assert quote.plan is not None, (quote.status, quote.refusal, quote.missing)
    return quote.plan


@pytest.mark.parametrize(
    ("returns", "own", "done"),
    [
        ([], None, False),
        ([back("A", 1, "defect")], None, True),
        ([back("A", 1, "defect"), back("B", 1, "defect")], None, True),
        # Two reasons: none is that of all, and the facts of the claim say which it is.
        ([back("A", 1, "defect"), back("B", 1, "no_reason")], None, False),
        ([back("A", 1, "defect"), back("B", 1, None)], None, False),
        ([back("A", 1, "no_reason")], "defect", True),
        ([back("A", 1, "defect")], "no_reason", False),
        ([], "defect", True),
    ],
)
def test_a_question_is_asked_for_its_own_reason_or_that_of_all_returns(returns: Any, own: Any, done: bool) -> None:
    def plan(name: str, **facts: Any) -> Any:
        concern = {"name": name} | ({"reason": own} if own else {})
        return quoted(ORDER, {"returns": returns, "concerns": [concern]}, **facts)

    assert [each.name for each in found(plan("inspect")).effects] == ["inspect"] * done
    assert [each.amount for each in found(plan("sorry")).additions] == [600 if done else 500]
    assert (plan("no_return", late=True).refusal is None) == done
    taken = found(plan("bonus", earned=120, balance=120, worth="0 CNY")).taken
    assert bool(taken) == (bool(returns) and not done)
    # The approval of all is asked for no reason but that of all.
    assert own or [each.confirmed for each in found(plan("call", late=True)).held_for] == [not done]


def test_what_a_claim_does_not_concern_is_not_asked() -> None:
    names = [answer.to_json()["decision"] for answer in asked(returns=[back("A")]).terms]
    assert names == ["settlement.refund", "settlement.refund.note", "settlement.refund.approval"]
    names = [
        answer.to_json()["decision"] for answer in asked("leg", "call", "leg", returns=[back("A")], leg="1 CNY").terms
    ]
    assert names == [
        "settlement.refund",
        "settlement.refund.leg",
        "settlement.refund.note",
        "settlement.refund.call",
        "settlement.refund.approval",
    ]


def test_each_event_is_due_of_its_own() -> None:
    concerns = [{"name": "sorry"}, {"name": "sorry", "event": "two"}, {"name": "call", "event": "again"}]
    plan = found(quoted(ORDER, {"concerns": concerns}))
    assert [(each.name, each.amount, each.form) for each in plan.additions] == [
        ("sorry", 500, "coupon"),
        ("sorry/two", 500, "coupon"),
    ]
    assert [(each.name, each.of, each.amount) for each in plan.effects] == [("call/again", "none", None)]


def test_a_budget_that_is_not_known_is_no_empty_one() -> None:
    for budgets, at, place in (
        (None, True, "budgets.goodwill"),
        ({"other": Budget()}, True, "budgets.goodwill"),
        (EMPTY, False, "at"),
    ):
        more: dict[str, Any] = {} if at else {"at": None}
        with pytest.raises(csflow.FactError) as refused:
            asked("goodwill", goodwill="0.01 CNY", budgets=budgets, **more)
        (fault,) = refused.value.diagnostics
        assert (fault.name, fault.subject, fault.values) == ("missing-budget", place, {"name": "goodwill"})


def test_of_nothing_neither_a_budget_nor_an_approval_is_asked() -> None:
    quote = asked("goodwill", goodwill="0 CNY")
    assert "settlement.refund.goodwill.approval" not in [answer.to_json()["decision"] for answer in quote.terms]
    plan = found(quote)
    assert (plan.additions, plan.held_for) == ((), ())


@pytest.mark.parametrize(
    ("amount", "late", "held"),
    [
        ("0.01 CNY", False, [Held("goodwill", "agent", False)]),
        ("20 CNY", False, [Held("goodwill", "agent", False)]),
        ("20.01 CNY", False, [Held("goodwill", "supervisor", False)]),
        ("100 CNY", True, [Held("goodwill", "supervisor", True), Held(None, "supervisor", True)]),
    ],
)
def test_an_approval_names_who_and_of_what(amount: str, late: bool, held: list[Held]) -> None:
    plan = found(asked("goodwill", goodwill=amount, late=late, budgets=EMPTY))
    assert list(plan.held_for) == held


def test_an_approval_is_asked_for_the_reason_of_its_amount() -> None:
    concern = {"name": "goodwill", "reason": "defect"}
    plan = found(quoted(ORDER, {"concerns": [concern]}, goodwill="1 CNY", late=True, budgets=EMPTY))
    assert list(plan.held_for) == [Held("goodwill", "agent", False), Held(None, "supervisor", True)]


def test_what_is_asked_of_every_claim_is_asked_once_under_its_name() -> None:
    assert [each.name for each in found(asked(late=True)).effects] == ["note"]
    assert found(asked(late=False)).effects == ()


def test_a_share_of_one_part_has_its_limit() -> None:
    concern = {"name": "damages", "option": "loss"}
    (damages,) = found(quoted(ORDER, {"concerns": [concern]}, open=True)).additions
    assert damages.borne == {"carrier": 200, "merchant": 700}


def test_units_without_a_worth_are_not_charged() -> None:
    plan = found(asked("coins", returns=[back("A", 2), back("B")], balance=0))
    assert [(each.name, each.units, each.short, each.charged) for each in plan.taken] == [("coins", 0, 1, 0)]
    assert plan.amount == 12_000


def test_beyond_every_role_there_is_no_plan() -> None:
    quote = asked("goodwill", goodwill="100.01 CNY", budgets=EMPTY)
    assert quote.refusal == Refusal("approval.beyond", name="goodwill")
    event = quoted(ORDER, {"concerns": [{"name": "goodwill", "event": "two"}]}, goodwill="101 CNY", budgets=EMPTY)
    assert event.refusal == Refusal("approval.beyond", name="goodwill/two")


@pytest.mark.parametrize(
    ("name", "option", "open_", "refusal"),
    [
        ("sorry", "one", True, Refusal("choice.unknown", name="sorry")),
        ("damages", None, True, Refusal("choice.missing", name="damages", choices=("price", "loss"))),
        ("damages", "lost", True, Refusal("choice.unknown", name="damages", choices=("price", "loss"))),
        ("damages", "price", True, None),
        ("damages", "price", False, None),
        ("damages", None, False, None),
    ],
)
def test_an_option_is_chosen_where_there_are_options(name: str, option: Any, open_: bool, refusal: Any) -> None:
    concern = {"name": name} | ({"option": option} if option else {})
    quote = quoted(ORDER, {"concerns": [concern]}, open=open_)
    assert quote.refusal == refusal
    if refusal is None:
        assert [each.amount for each in found(quote).additions] == ([700] if open_ else [])


def test_the_first_refusal_is_the_one_that_is_told() -> None:
    quote = quoted(
        ORDER, {"concerns": [{"name": "damages"}, {"name": "sorry", "option": "x"}, {"name": "no_return"}]},
        late=True, open=True,
    )  # fmt: skip
    assert quote.refusal == Refusal("denied", name="no_return", reason="window.expired")
    quote = quoted(ORDER, {"concerns": [{"name": "damages"}, {"name": "sorry", "option": "x"}]}, open=True)
    assert quote.refusal == Refusal("choice.unknown", name="sorry")


def test_a_denial_that_does_not_hold_refuses_nothing() -> None:
    assert asked("no_return", late=False).refusal is None


@pytest.mark.parametrize(
    ("part", "borne"),
    [(0, {"merchant": 10_000}), (1, {"carrier": 1000, "merchant": 9000}), (9, {"carrier": 1000, "merchant": 9000})],
)
def test_who_bears_a_refund_by_a_part_that_is_asked_and_its_limit(part: int, borne: dict[str, int]) -> None:
    assert found(asked(returns=[back("A", 2)], part=part)).borne == borne
    assert found(asked(returns=[back("A", 2, "defect")], part=part)).borne == borne


def test_units_that_were_earned_are_asked_with_their_balance_and_worth() -> None:
    concerns = {"returns": [back("A")], "concerns": [{"name": "bonus", "event": "x"}]}
    (taken,) = found(quoted(ORDER, concerns, earned=120, balance=20, worth="12 CNY")).taken
    assert (taken.name, taken.units, taken.short, taken.charged) == ("bonus/x", 20, 30, 300)


def test_what_the_merchant_bears_is_claimed_from_who_owes_it() -> None:
    plan = found(asked("loss", returns=[back("A", 2, "defect")], leg="30 CNY"))
    assert [(each.name, each.payer, each.amount) for each in plan.recourse] == [("loss", "carrier", 3000)]


def test_a_grant_is_for_its_line_and_counts_as_granted() -> None:
    concerns = [{"name": "fallen", "line": "B"}, {"name": "fallen", "line": "A"}]
    first = found(quoted(ORDER, {"concerns": concerns}, fallen="3 CNY"))
    assert (first.amount, first.grants) == (600, {"fallen/B": 300, "fallen/A": 300})
    again = found(quoted(ORDER, {"concerns": concerns}, fallen="5 CNY", book=first.book))
    assert (again.amount, again.grants) == (400, {"fallen/B": 200, "fallen/A": 200})
    assert again.book.sums.granted == {0: 500, 1: 500}


def test_what_was_granted_is_not_granted_again_and_one_line_may_have_several() -> None:
    one, other = {"name": "fallen", "line": "B"}, {"name": "fallen", "line": "B", "event": "x"}
    first = found(quoted(ORDER, {"concerns": [one]}, fallen="3 CNY"))
    same = found(quoted(ORDER, {"concerns": [one]}, fallen="3 CNY", book=first.book))
    assert (same.amount, same.grants) == (0, {})
    fen = found(quoted(ORDER, {"concerns": [one]}, fallen="3.01 CNY", book=first.book))
    assert (fen.amount, fen.grants) == (1, {"fallen/B": 1})
    both = found(quoted(ORDER, {"concerns": [one, other]}, fallen="3 CNY"))
    assert (both.amount, both.book.sums.granted) == (600, {1: 600})


def test_without_what_is_needed_there_is_no_plan_and_it_is_named() -> None:
    quote = asked("leg", "bonus", "gift", "loss", returns=[back("A")], earned=5)
    assert (quote.status, quote.plan, quote.refusal) == ("undecided", None, None)
    assert [cause.name for cause in quote.missing] == ["x.leg", "x.gift", "x.balance", "x.worth"]
    assert pack().linked.settlements["refund"].name == quote.settlement.name


EDITIONS = """parameters:
  transition: {type: enum, of: {by_fact_time: 从旧, by_decision_time: 从新}, value: by_decision_time, because: 店规, basis: own}
  gift: {type: money, editions: [{from: 2024-01-01, value: 1 CNY, because: 店规, basis: own}, {from: 2025-11-15, value: 2 CNY, because: 店规, basis: own}]}
  life: {type: days, editions: [{from: 2024-01-01, value: 7 days, because: 店规, basis: own}, {from: 2025-11-15, value: 9 days, because: 店规, basis: own}]}
  keeps: {type: bool, editions: [{from: 2024-01-01, value: true, because: 店规, basis: own}, {from: 2025-11-15, value: false, because: 店规, basis: own}]}
"""  # fmt: skip


def test_everything_is_asked_as_of_the_instant_of_the_quote() -> None:
    text = FILES["settlement.yaml"].replace("validity: 30 days", "validity: param.life")
    text = text.replace("amount: x.gift", "amount: param.gift")
    text = text.replace(
        'mode: "if liability_of(claim.reason) = none then resettle', 'mode: "if not param.keeps then resettle'
    )
    shop = pack_of(FILES | {"parameters.yaml": EDITIONS, "settlement.yaml": text})
    offer = {"id": "o", "tiers": [{"at_least": "120.00 CNY", "amount": "12.00 CNY"}]}
    paid = tender("t1", "red_packet", "108.00", expires_at="2025-11-09T10:00:00+08:00")
    ledger = shop.freeze(ORDER | {"offers": [offer], "tenders": [paid]})
    claim = {"returns": [back("B")], **concerning("gift")}
    for at, gift, life, amount in (("2025-11-14T10:00:00+08:00", 100, 7, 1700), (AT, 200, 9, 600)):
        plan = found(shop.quote(ledger, claim, FACTS | {"x.lapses": False}, at=at))
        assert (plan.withheld, plan.amount) == ({"gift": gift}, amount)
        assert [each.validity for each in plan.refunds] == [life]
    assert shop.quote(ledger, concerning("gift"), FACTS | {"x.lapses": False}, at=AT).status == "quoted"
