"""Packs by chance in which nearly every fact matters: few rules, each with a computed condition or answer.

A number makes a pack, the same on every machine. Windows of every unit, two zones and two calendars, editions, layers.
"""

import random

from tests.soundness.packs import CHANNELS, HEAD, PEOPLE, REASONS, WORDS, ZONES

FACTS = """
facts:
  order:
    paid_at: {type: datetime}
    country: {type: enum, of: [cn, de]}
  x:
    few: {type: int, min: -5, max: 9}
    many: {type: int, min: 1, max: 60}
    goods: {type: quantity, max: 30}
    price: {type: money, min: 0 CNY, max: 100 CNY}
    paid: {type: money, min: 0.01 CNY, max: 1000000 CNY}
    gift: {type: money, min: 0 CNY, max: 2 CNY, optional: true}
    rate: {type: percent, min: 0%, max: 100%}
    part: {type: decimal, places: 1, min: -2, max: 20}
    wait: {type: days, min: 0 days, max: 60 days}
    span: {type: duration, min: 0 hours, max: 200 hours}
    day: {type: date}
    asked_at: {type: datetime}
    signed_at: {type: datetime}
    maybe_at: {type: datetime, optional: true}
    flag: {type: bool}
    colour: {type: enum, of: [red, green, blue]}
    note: {type: text, max_length: 8}
    word: {type: text, max_length: 8, pii: true, optional: true}
    reason: {type: reason}
    lines: {each: {pieces: {type: quantity, max: 9}, price: {type: money, min: 0 CNY, max: 100 CNY}}, max_items: 12}
"""
OFTEN = ("<", "<=", ">", ">=", "=", "!=")


def made(seed: int) -> dict[str, bytes]:
    """The files of a pack."""
    chance = random.Random(f"sharp {seed}")
    files = {
        "pack.yaml": HEAD.format(extends="", rounding=chance.choice(("half_up", "half_even", "down", "up", "floor"))),
        "facts.yaml": FACTS,
        "codes.yaml": WORDS,
        "people.yaml": PEOPLE,
        "channels.yaml": CHANNELS,
        "reasons.yaml": REASONS,
        "parameters.yaml": _parameters(chance),
        "derived.yaml": f"derived:\n  named: '{_money(chance)}'\n",
        "layer.yaml": (
            f"layer: one\ntitle: one\nrank: campaign\nbecause: b\nwhile: '{_condition(chance, is_layer=True)}'\n"
            "parameters: {fee: {value: 9 CNY, because: b, basis: own}}\n"
        ),
        **ZONES,
    }
    for number in range(3):
        files[f"d{number}.yaml"] = _decision(chance, number)
    return {name: text.encode() for name, text in files.items()}


def _parameters(chance: random.Random) -> str:
    day = f"2025-{chance.randint(5, 12):02}-{chance.randint(1, 28):02}"
    lines = [
        f"  fee: {{type: money, editions: [{{from: 2024-01-01, until: {day}, value: 5 CNY, because: b, basis: own}}, "
        f"{{from: {day}, value: 6 CNY, because: b, basis: own}}]}}"
    ]
    for number in range(4):
        lines.append(
            f"  w{number}: {{type: window, editions: [{{from: 2024-01-01, value: {_window(chance)}, because: b, basis: own}}]}}"
        )
    return "parameters:\n" + "\n".join(lines) + "\n"


def _window(chance: random.Random) -> str:
    unit = chance.choice(("days", "days", "working_days", "months", "hours", "service_hours"))
    length = chance.choice((1, 2, 3, 7, 15)) if unit != "hours" else chance.choice((1, 48, 50))
    counts = "moment" if "hours" in unit else chance.choice(("same_day", "next_day", "moment"))
    parts = [f"length: {length} {unit if length > 1 else unit[:-1]}", f"counts_from: {counts}"]
    if unit == "months":
        parts.append(f"month_end: {chance.choice(('last_day', 'next_day'))}")
    extends = "hours" not in unit and chance.random() < 0.5
    if extends:
        parts.append(
            f"extend_over: [{chance.choice(('rest_day', 'statutory_holiday', 'rest_day, statutory_holiday'))}]"
        )
    if extends or unit in ("working_days", "service_hours"):
        parts.append(f"calendar: {chance.choice(('cn', 'cn', 'de', '{by: order.country, cn: cn, de: de}'))}")
    zone = chance.choice(("", "", "Europe/Berlin", "{by: order.country, cn: Asia/Shanghai, de: Europe/Berlin}"))
    return "{" + ", ".join([*parts, *([f"zone: {zone}"] if zone else [])]) + "}"


def _decision(chance: random.Random, number: int) -> str:
    policy = chance.choice(("unique", "first", "first", "collect"))
    aggregate = "aggregate: sum\n" if policy == "collect" else ""
    lines = [
        f"decision: d{number}\ntitle: d\ngoverned_by: {chance.choice(('order.paid_at', 'order.paid_at', 'x.day'))}",
        f"hit_policy: {policy}\n{aggregate}let: {{mine: '{_money(chance)}'}}",
        "outputs: {a: {type: money, min: -3000000 CNY, max: 3000000 CNY}}\nrules:",
    ]
    for place in range(chance.randint(1, 3)):
        when = _condition(chance)
        if number and chance.random() < 0.3:
            when = f"({when}) and decision.d{number - 1}.a > 10 CNY"
        below = ""
        if chance.random() < 0.3:
            below = f", exceptions: [{{id: e{place}, when: '{_condition(chance)}', then: {{a: 3 CNY}}, because: b}}]"
        lines.append(f"  - {{id: r{place}, when: '{when}', then: {{a: {_answer(chance, place)}}}, because: b{below}}}")
    lines.append(f"otherwise: {{a: {_answer(chance, 7)}}}")
    return "\n".join(lines) + "\n"


def _answer(chance: random.Random, number: int) -> str:
    if chance.random() < 0.6:
        return f"{number} CNY"
    return f"{{is: '{_money(chance)}', at_least: -20 CNY, at_most: {chance.choice((30, 300))} CNY}}"


def _money(chance: random.Random) -> str:
    return chance.choice((
        "x.price", "x.rate * x.price", "x.price - x.rate * x.price", "x.rate * x.paid", "x.paid / 7", "x.part * x.price",
        "x.price / 3 * x.few", "prorate(x.paid, x.many, 60)", "prorate(x.price, x.goods, x.many)", "min(x.price, x.paid)",
        "max(x.price - x.paid, 0 CNY)", "x.paid - x.price", "sum(each in x.lines, min(each.price, x.price))",
        "prorate(x.price, x.price, x.paid)", "(if x.gift is given then x.gift else 1 CNY)", "param.fee * x.few",
        "sum(each in x.lines, x.rate * each.price)", "min(x.rate * x.paid, param.fee)", "x.paid",
    ))  # fmt: skip


def _condition(chance: random.Random, is_layer: bool = False) -> str:
    compared, word = chance.choice(OFTEN), chance.randint(0, 3)
    hour = chance.choice((1, 24, 48, 100))
    facts = [
        f"x.few {compared} {chance.randint(-6, 10)}", f"x.many * 2 {compared} {chance.randint(0, 120)}",
        f"x.goods in [{chance.randint(0, 9)}..{chance.randint(10, 20)})", f"x.few in ({chance.randint(-5, 0)}..{chance.randint(1, 9)}]",
        f"x.part {compared} {chance.randint(-2, 20)}.5", f"x.rate {compared} {chance.randint(0, 100)}.25%",
        f"x.wait {compared} {chance.randint(0, 60)} days", f"x.span {compared} {hour} hours",
        f"x.day {compared} 2025-10-0{chance.randint(1, 9)}", f"x.asked_at {compared} 2025-10-0{chance.randint(1, 9)}",
        f"x.day in [2025-09-2{chance.randint(0, 9)}..2025-10-0{chance.randint(1, 9)})", f"x.flag and x.few {compared} x.many",
        f"x.asked_at - x.span {compared} x.signed_at", f"x.signed_at + x.span {compared} x.asked_at",
        f"days_between(x.signed_at, x.asked_at) {compared} {chance.randint(-3, 20)} days",
        f"days_between(x.day, x.signed_at) {compared} x.wait", f"date_of(x.asked_at) {compared} x.day",
        f"x.maybe_at is given and x.maybe_at {compared} x.asked_at", f"x.gift is absent or x.gift {compared} 1.5 CNY",
        f"x.rate * x.price {compared} {chance.randint(0, 90)} CNY", f"x.price - x.rate * x.paid {compared} 0 CNY",
        f"sum(each in x.lines, each.price) {compared} x.price", f"count(each in x.lines, each.pieces > x.goods) {compared} 1",
        f"some each in x.lines satisfies each.price {compared} x.price", f"x.price * 2 {compared} x.price + 30 CNY",
        f"x.many > 0 and prorate(x.paid, x.few, x.many) {compared} 10 CNY", "x.note = '退' or x.word is given and x.word = x.note",
        f"x.reason in [quality/*] and x.price {compared} 50 CNY", f"min(x.price, 40 CNY) {compared} x.price",
        f"x.wait * 2 {compared} {chance.randint(0, 120)} days", f"x.wait + 3 days {compared} {chance.randint(3, 60)} days",
        f"x.wait in [{chance.randint(0, 20)} days..{chance.randint(21, 60)} days)", f"x.span * 2 {compared} {hour} hours",
        f"x.day + x.wait {compared} 2025-10-0{chance.randint(1, 9)}",
    ]  # fmt: skip
    if is_layer:
        return chance.choice(facts).replace("'退'", '"退"')
    others = [
        f"within(param.w{word}, x.signed_at, x.asked_at)", f"deadline(param.w{word}, x.signed_at) {compared} x.asked_at",
        f"deadline(param.w{word}, x.signed_at) > deadline(param.w{(word + 1) % 4}, x.asked_at)",
        f"date_of(deadline(param.w{word}, x.asked_at)) {compared} x.day", "within(param.w0, x.asked_at, x.signed_at)",
        f"named {compared} {chance.randint(0, 90)} CNY", f"mine {compared} named", f"mine {compared} param.fee * 3",
        f"x.price {compared} param.fee", f"x.maybe_at is given and within(param.w{word}, x.maybe_at, x.asked_at)",
    ]  # fmt: skip
    one = chance.choice(facts + others * 2).replace("'退'", '"退"')
    if chance.random() < 0.25:
        two = chance.choice(facts + others).replace("'退'", '"退"')
        return f"({one}) {chance.choice(('and', 'or'))} ({two})"
    return one
