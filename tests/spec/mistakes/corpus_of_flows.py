"""The corpus, continued: what authors get wrong in a flow, and in what flows ask of a host."""

from corpus import Section

PAYOUT = "flows/payout.yaml"
EFFECTS = "effects/goods_and_money.yaml"

flow = Section("flow", PAYOUT)
flow("a typo in the kind of document", "flow: payout", "flows: payout", "unknown-document", "flow")
flow("a flow with a Chinese name", "flow: payout", "flow: 退款执行", "malformed-name")
flow("a typo in the first state", "start: paying", "start: payng", "unknown-state", "paying")
flow("a typo in a key", "start: paying", "strat: paying", "unknown-key", "start")
flow("a typo in a state", "to: refund_failed}", "to: ⟦refund_faild⟧}", "unknown-state", "refund_failed")
flow("the title of a state for its name", "to: refund_failed}", "to: ⟦退款失败⟧}", "malformed-name")
flow("a state with a hyphen", "  refund_failed:\n", "  ⟦refund-failed⟧:\n", "malformed-name", "refund_failed")
flow(
    "a typo in an effect",
    "to: refunding, do: [pay]}\n  #",
    "to: refunding, do: [⟦payy⟧]}\n  #",
    "unknown-effect",
    "pay",
)
flow("a typo in an event", "      pay_failed: counting", "      ⟦pay_faild⟧: counting", "unknown-event", "pay_failed")
flow("a typo in who sends", "by: [system]}\n  pay_failed", "by: [⟦sistem⟧]}\n  pay_failed", "unknown-sender", "system")
flow("the title of a role for its name", "by: [supervisor]", "by: [⟦主管⟧]", "malformed-name")
flow("a typo in what an event carries", "[override.reason]", "[⟦overide.reason⟧]", "unknown-fact", "override.reason")
flow("a typo in what comes with the event", "event.left > 0", "⟦event.lefts⟧ > 0", "unknown-fact", "event.left")
flow("a full-width sign in a guard", "event.left > 0", "event.left ⟦＞⟧ 0", "full-width-sign", ">")
flow("a typo in what the case keeps", "when: retries <", "when: ⟦retires⟧ <", "unknown-name", "retries")
flow(
    "a typo in a parameter of a clock",
    "param.refund_arrival",
    "⟦param.refund_arival⟧",
    "unknown-parameter",
    "param.refund_arrival",
)
flow("a typo in where a clock starts", "start: [paying], stop", "start: [⟦payin⟧], stop", "unknown-moment", "paying")
flow("a typo in what a clock raises", "on_breach: late", "on_breach: ⟦lat⟧", "unknown-event", "late")
flow("a typo in a key of a clock", "on_breach: late", "⟦on_breech⟧: late", "unknown-key", "on_breach")
flow("a typo in what a timer raises", "raise: retry", "raise: ⟦retri⟧", "unknown-event", "retry")
flow("a Chinese length", "after: param.payout_retry_after", "after: ⟦30分钟⟧", "unknown-unit", "30 minutes")
flow("a typo in the hit policy", "hit_policy: first", "hit_policy: ⟦frist⟧", "unknown-choice", "first")
flow("a typo in the governing fact", "order.paid_at", "⟦order.payd_at⟧", "unknown-fact", "order.paid_at")
flow("yes for a final state", "final: true, do", "final: ⟦yes⟧, do", "wrong-kind", "true")
flow("a final state in Chinese", "final: true, do", "final: ⟦是⟧, do", "wrong-kind", "true")
flow("a final state that is capital", "final: true, do", "final: ⟦True⟧, do", "wrong-kind", "true")
flow("the title of an outcome for its name", "final: true, do", "final: ⟦已到账⟧, do", "malformed-name")
flow(
    "the rows that lead on are gone",
    "        - {otherwise: true, to: held}\n",
    "",
    "unreachable-state",
    at=(PAYOUT, "held:\n"),
)

child = Section("flow", "flows/balance_return.yaml")
child("a typo in the flow of a child", "flow: payout", "flow: ⟦payuot⟧", "unknown-flow", "payout")
child("a typo in how a child ends", "cash.done:", "⟦cash.dnoe⟧:", "unknown-event", "cash.done")

effects = Section("effects", EFFECTS)
effects("a typo in the kind of document", "effects:", "effect:", "unknown-document", "effects")
effects("a typo in a key", "pays: true", "⟦pay⟧: true", "unknown-key", "pays")
effects("yes for a flag", "pays: true", "pays: ⟦yes⟧", "wrong-kind", "true")
effects(
    "a typo in what it needs",
    "[return.tracking_number], done",
    "[⟦return.tracking_nr⟧], done",
    "unknown-fact",
    "return.tracking_number",
)
effects(
    "no event for its failure",
    "done: paid, failed: pay_failed",
    "done: paid",
    "effect-without-events",
    at=(EFFECTS, "pay: {title"),
)
effects(
    "an outcome that no flow hears",
    "done: paid,",
    "done: payed,",
    "unheard-effect",
    at=(PAYOUT, "{to: refunding, do: [pay]}"),
)
