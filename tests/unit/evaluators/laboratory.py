"""A small pack with a fact of every kind, to ask one expression, one table or one decision at a time."""

from functools import cache
from pathlib import Path

import csflow

SHOP_FOLDER = Path(__file__).parents[2] / "spec" / "checks" / "pack"
SHOP = {path.relative_to(SHOP_FOLDER).as_posix(): path.read_bytes() for path in sorted(SHOP_FOLDER.rglob("*.yaml"))}

PAID_AT = "2025-11-08T10:00:00+08:00"
FACTS = """
facts:
  order:
    paid_at: {type: datetime, title: {zh-CN: 付款时间, zh-TW: 付款時間, en: Paid at}}
    placed_on: {type: date}
  x:
    p: {type: bool}
    q: {type: bool}
    s: {type: bool}
    i: {type: int, title: {zh-CN: 件数, zh-TW: 件數, en: Pieces}}
    j: {type: int}
    m: {type: money}
    n: {type: money}
    d: {type: decimal, places: 2}
    e: {type: decimal, places: 3}
    r: {type: percent, min: -1000%, max: 1000%}
    u: {type: percent, min: -1000%, max: 1000%}
    day: {type: date}
    other_day: {type: date}
    at: {type: datetime}
    other_at: {type: datetime}
    days: {type: days}
    other_days: {type: days}
    span: {type: duration, max: 1000 hours}
    other_span: {type: duration}
    word: {type: text, max_length: 40}
    other_word: {type: text, max_length: 40}
    colour: {type: enum, of: [red, green, blue]}
    other_colour: {type: enum, of: [red, green, blue]}
    reason: {type: reason}
    other_reason: {type: reason}
    code: {type: code}
    other_code: {type: code}
    party: {type: party}
    other_party: {type: party}
    blame: {type: liability}
    other_blame: {type: liability}
    maybe_days: {type: days, optional: true}
    maybe_int: {type: int, optional: true}
    maybe_flag: {type: bool, optional: true}
    maybe_colour: {type: enum, of: [red, green, blue], optional: true}
"""


def pack_of(*documents, derived="", facts=FACTS, rounding="half_up", in_force="[2024-01-01..2027-01-01)"):
    """The shop's codes, reasons and calendars, the facts above, and these documents."""
    base = {name: SHOP[name] for name in ("codes.yaml", "reasons.yaml", "calendars/cn.yaml", "calendars/zone.yaml")}
    head = SHOP["pack.yaml"].replace(b"rounding: half_up", f"rounding: {rounding}".encode())
    head = head.replace(b"[2024-01-01..2027-01-01)", in_force.encode())
    texts = [facts, *documents, *([f"derived:\n{derived}"] if derived else [])]
    return csflow.load_pack(base | {"pack.yaml": head} | {f"{n}.yaml": t.encode() for n, t in enumerate(texts)})


def table(rules, *, inputs="", outputs="answer: {type: int}", otherwise="", hit_policy="unique", name="ask", by=True):
    """A decision document; `rules` and `outputs` are lines of YAML, `inputs` the inside of a flow mapping."""
    governed = "governed_by: order.paid_at\n" if by is True else (f"governed_by: {by}\n" if by else "")
    indented = "\n".join("  " + line for line in outputs.strip().splitlines())
    return (
        f"decision: {name}\ntitle: {name}\n{governed}hit_policy: {hit_policy}\ninputs: {{{inputs}}}\n"
        f"outputs:\n{indented}\nrules:\n{rules.strip(chr(10))}\n" + (f"otherwise: {otherwise}\n" if otherwise else "")
    )


@cache
def asking(expression, kind="bool", rounding="half_up", derived="", inputs="", parameters=""):
    """A pack whose decision `ask` gives the value of one expression as `answer`."""
    rule = f"""  - {{id: only, when: {{}}, then: {{answer: {{expr: "{expression}"}}}}, because: law}}"""
    outputs = f"answer: {{type: {kind}, optional: true}}"
    documents = [table(rule, inputs=inputs, outputs=outputs), *([parameters] if parameters else [])]
    return pack_of(*documents, derived=derived, rounding=rounding)


def given(facts, **more):
    """Facts of the record `x` by their names, after the payment that governs; `**more` are other records."""
    return {"order": {"paid_at": PAID_AT}, "x": facts} | more


def ask(expression, facts=None, kind="bool", **how):
    """The decision that an expression comes to."""
    return asking(expression, kind, **how).decide("ask", given(facts or {}))


def value(expression, facts=None, kind="bool", **how):
    """The value of an expression that is known."""
    decision = ask(expression, facts, kind, **how)
    assert decision.status == "decided", decision
    return decision.outputs["answer"]


def missing(decision):
    """The causes of an undecided answer, in their order, as (kind, name) or (kind, name, status)."""
    return [(c.kind, c.name) if c.status is None else (c.kind, c.name, c.status) for c in decision.missing]
