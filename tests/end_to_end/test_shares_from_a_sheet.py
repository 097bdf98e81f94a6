"""Who bears a refund stands in a table of thirty rows, as a spreadsheet has it; every row sums to what was refunded."""

from tests.end_to_end.test_quote import ORDER, PACK

import csflow

CAUSES = [f"cause_{number}" for number in range(1, 31)]
PERCENTS = {cause: (3 * number, (100 - 3 * number) // 2) for number, cause in enumerate(CAUSES, 1)}


def _table() -> str:
    head = "id,cause,||,merchant,carrier,platform,because\n"
    return head + "".join(
        f"{cause},{cause},,{merchant}%,{carrier}%,{100 - merchant - carrier}%,合同 附表\n"
        for cause, (merchant, carrier) in PERCENTS.items()
    )


SHOP = PACK | {
    "facts.yaml": PACK["facts.yaml"] + f"  cost: {{cause: {{type: enum, of: [{', '.join(CAUSES)}], title: 起因}}}}\n",
    "decisions/bearing.yaml": """decision: bearing
title: 费用分摊
governed_by: order.paid_at
inputs: {cause: cost.cause}
outputs: {merchant: {type: percent}, carrier: {type: percent}, platform: {type: percent}}
rules: {csv: bearing.csv}
""",
    "decisions/bearing.csv": _table(),
    "settlement.yaml": PACK["settlement.yaml"]
    + "shares: {merchant: decision.bearing.merchant, carrier: decision.bearing.carrier, "
    "platform: decision.bearing.platform}\n",
}


def _loaded(files: dict[str, str]) -> csflow.Pack:
    return csflow.load_pack({name: text.encode() for name, text in files.items()})


def test_every_row_is_shared_as_it_says_to_the_last_fen():
    pack = _loaded(SHOP)
    ledger = pack.freeze(ORDER)
    claim = {"returns": [{"line": "B", "quantity": 1, "reason": "defect"}]}
    for cause in CAUSES:
        facts = {"order": {"paid_at": "2025-11-08T10:00:00+08:00"}, "cost": {"cause": cause}}
        quote = pack.quote(ledger, claim, facts)
        borne = quote.plan.borne
        merchant = PERCENTS[cause][0]
        assert sum(borne.values()) == quote.plan.amount == 10125
        assert abs(borne.get("merchant", 0) * 100 - 10125 * merchant) < 100
        assert all(part > 0 for part in borne.values())


def test_a_row_that_is_not_there_leaves_the_refund_undecided():
    pack = _loaded(SHOP | {"decisions/bearing.csv": _table().rpartition("cause_30,cause_30")[0]})
    facts = {"order": {"paid_at": "2025-11-08T10:00:00+08:00"}, "cost": {"cause": "cause_30"}}
    claim = {"returns": [{"line": "B", "quantity": 1, "reason": "defect"}]}
    assert pack.quote(pack.freeze(ORDER), claim, facts).status == "undecided"
