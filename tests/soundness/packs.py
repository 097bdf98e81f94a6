"""Packs and facts by chance: small packs that use the whole language, and facts that decode for them.

A number makes a pack, the same on every machine: `made(7)`. Nearly all of them pass `check`; each says
which features of the language it uses.
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from csflow import Money
from csflow.pack.model import LinkedPack
from csflow.values.decoding import bounds_of
from csflow.values.kinds import Kind, Member

FEATURES = (
    "list", "some", "every", "sum", "count", "min", "max", "projection", "prorate", "prorate behind a guard", "limits",
    "let", "options", "checklist", "for_each a fact", "for_each a decision", "a list of a decision read", "unique", "any", "priority",
    "first", "rule_order", "output_order", "collect", "aggregate sum", "aggregate min", "aggregate max", "aggregate count",
    "exception", "otherwise", "role", "channel", "layer", "layer while", "layer parameter", "layer exception", "layer exception without a condition", "floor",
    "combine", "transition", "calendar_override", "window by fact", "extends", "derived", "optional list", "dated layer",
)  # fmt: skip

HEAD = """
pack: made
title: made
{extends}language: 1
currency: CNY
rounding: {rounding}
time_zone: Asia/Shanghai
in_force: "[2024-01-01..2027-01-01)"
reviewed_on: 2026-11-24
"""
FACTS = """
facts:
  order:
    paid_at: {type: datetime}
    country: {type: enum, of: [cn, de]}
    market: {type: enum, of: [taobao, jd, own]}
  x:
    yes: {type: bool}
    no: {type: bool}
    maybe: {type: bool, optional: true}
    few: {type: int, min: -5, max: 5}
    some_more: {type: int, min: 0, max: 20}
    pieces: {type: int, min: 1, max: 9}
    price: {type: money, min: 0 CNY, max: 100 CNY}
    dear: {type: money, min: 0.01 CNY, max: 1000 CNY}
    gift: {type: money, min: 0 CNY, max: 50 CNY, optional: true}
    rate: {type: percent, min: 0%, max: 100%}
    part: {type: decimal, places: 2, min: 0, max: 3}
    wait: {type: days, min: 0 days, max: 40 days}
    day: {type: date}
    signed_at: {type: datetime}
    colour: {type: enum, of: [red, green, blue]}
    shade: {type: enum, of: [red, green, blue], optional: true}
    reason: {type: reason}
    handler: {type: role}
    channel: {type: channel, optional: true}
    note: {type: text, max_length: 8, pii: true}
    lines:
      each:
        sku: {type: text, max_length: 8, pii: true}
        pieces: {type: quantity, max: 9}
        packs: {type: int, min: 1, max: 4}
        price: {type: money, min: 0 CNY, max: 100 CNY}
        colour: {type: enum, of: [red, green, blue]}
        opened: {type: bool, optional: true}
        gift: {type: money, min: 0 CNY, max: 5 CNY, optional: true}
      max_items: 12
    others:
      each: {colour: {type: enum, of: [red, green, blue]}, price: {type: money, min: 0 CNY, max: 9 CNY}}
      max_items: 3
      optional: true
"""
WORDS = """
codes: {c.one: one, c.two: {title: two, alternatives: [c.one]}, c.three: three}
"""
REASONS = """
reasons:
  mind: {title: mind, liability: customer}
  quality: {title: quality, liability: merchant, under: {torn: {title: torn}, stained: {title: stained, liability: carrier}}}
"""
PEOPLE = """
roles: {front: {title: front, approves: 50 CNY}, above: {title: above, above: front, approves: 500 CNY}}
"""
CHANNELS = "channels: {chat: chat, phone: phone}\n"
ZONES = {
    "shanghai.yaml": 'zone: Asia/Shanghai\ncovers: "[1992-01-01..2100-01-01)"\noffsets: [{from: 1991-09-14T17:00:00Z, offset: "+08:00"}]\n',
    "berlin.yaml": 'zone: Europe/Berlin\ncovers: "[2024-01-01..2027-01-01)"\noffsets: [{from: 2023-10-29T01:00:00Z, offset: "+01:00"}, '
    '{from: 2025-03-30T01:00:00Z, offset: "+02:00"}, {from: 2025-10-26T01:00:00Z, offset: "+01:00"}]\n',
    "cn.yaml": 'calendar: cn\ncovers: "[2024-01-01..2026-12-01)"\nweekend: [saturday, sunday]\nstatutory_holiday: [2025-10-01..2025-10-08]\n'
    'working_day: [2025-10-11]\nopening: ["09:00-18:00"]\n',
    "de.yaml": 'calendar: de\ncovers: "[2024-01-01..2027-01-01)"\nweekend: [sunday]\nstatutory_holiday: [2025-10-03]\n',
}
OVERRIDE = 'calendar_override: cn\ncovers: "[{start}..2027-01-01)"\nstatutory_holiday: [2026-12-25]\nworking_day: [2026-12-27]\n'
COLOURS = ("red", "green", "blue")
REASON_CODES = ("mind", "quality", "torn", "stained")
RANKS = ("law", "local", "platform", "promise", "campaign")
# Numbers of an output are held between these, so that what is computed cannot be out of range.
BOUNDS = {"int": ("-20", "60"), "money": ("-30 CNY", "400 CNY"), "days": ("0 days", "30 days")}


@dataclass
class Made:
    """The files of a pack, and the features it uses."""

    files: dict[str, bytes]
    features: set[str]


@dataclass
class _Place:
    """What an expression sees: fields of records by variable, and names by kind."""

    fields: tuple[tuple[str, str], ...] = ()
    names: dict[str, list[str]] = field(default_factory=dict)
    decisions: bool = True
    parameters: bool = True
    iterates: bool = True


def made(seed: int) -> Made:
    return _Maker(random.Random(seed)).made()


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._features: set[str] = set()
        # Outputs that can be read, by kind; decisions that give lists, with their fields by kind.
        self._outputs: dict[str, list[str]] = {}
        self._lists: dict[str, dict[str, list[str]]] = {}
        self._rules: list[tuple[str, str, dict[str, str]]] = []

    def made(self) -> Made:
        files = {
            "facts.yaml": FACTS,
            "codes.yaml": WORDS,
            "people.yaml": PEOPLE,
            "channels.yaml": CHANNELS,
            "reasons.yaml": REASONS,
            **ZONES,
        }
        extends = ""
        if self._luck(0.1):
            self._features.add("extends")
            extends = "extends: cn\n"
            files = {
                name: text for name, text in files.items() if name not in ("shanghai.yaml", "reasons.yaml", "cn.yaml")
            }
            files["reasons.yaml"] = REASONS.replace("quality:", "quality_:").replace("quality,", "quality_,")
            files["reasons.yaml"] = REASONS
        files["pack.yaml"] = HEAD.format(extends=extends, rounding=self._one("half_up", "half_even", "down", "up"))
        if self._luck(0.25) and not extends:
            self._features.add("calendar_override")
            files["override.yaml"] = OVERRIDE.format(start=self._one("2026-12-01", "2026-10-01"))
        files["parameters.yaml"] = self._parameters()
        if self._luck(0.5):
            self._features.add("derived")
            kind = self._one("bool", "money", "int")
            place = _Place(decisions=False)
            files["derived.yaml"] = f"derived:\n  named: {self._quoted(self.of(kind, place, 2))}\n"
            self._derived = (kind, "named")
        else:
            self._derived = None
        for number in range(self._chance.randint(2, 4)):
            files[f"decisions/d{number}.yaml"] = self._decision(f"d{number}")
        for number in range(self._one(0, 1, 1, 2, 3)):
            files[f"layers/l{number}.yaml"] = self._layer(f"l{number}")
        return Made({name: text.encode() for name, text in files.items()}, self._features)

    # Chances

    def _luck(self, share: float) -> bool:
        return self._chance.random() < share

    def _one(self, *choices: Any) -> Any:
        return self._chance.choice(choices)

    def _quoted(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    # Parameters

    def _parameters(self) -> str:
        floor = combine = ""
        if self._luck(0.4):
            self._features.add("floor")
            floor = "floor: at_least, "
        if self._luck(0.4):
            self._features.add("combine")
            combine = "combine: more_favourable, favours: {}, "
        window = "{length: 7 days, counts_from: next_day, extend_over: [rest_day, statutory_holiday], calendar: cn}"
        self._by_fact = self._luck(0.4)
        if self._by_fact:
            self._features.add("window by fact")
            window = (
                "{length: 3 days, counts_from: next_day, extend_over: [statutory_holiday], "
                "calendar: {by: order.country, cn: cn, de: de}, zone: {by: order.country, cn: Asia/Shanghai, de: Europe/Berlin}}"
            )
        lines = [
            f"  amount: {{type: money, {floor}{combine.format('larger')}editions: ["
            "{from: 2024-01-01, until: 2025-06-01, value: 5 CNY, because: b, basis: own}, "
            "{from: 2025-06-01, value: 7.25 CNY, because: b, basis: law}]}",
            f"  most: {{type: int, {combine.format('smaller')}editions: [{{from: 2024-01-01, value: 3, because: b, basis: own}}]}}",
            f"  window: {{type: window, {combine.format('longer')}editions: [{{from: 2024-01-01, value: {window}, because: b, basis: law}}]}}",
            "  tint: {type: enum, of: [red, green, blue], editions: [{from: 2024-01-01, value: green, because: b, basis: own}]}",
        ]
        self._transition = self._luck(0.3)
        if self._transition:
            self._features.add("transition")
            value = self._one("by_fact_time", "by_decision_time")
            lines.append(
                f"  transition: {{type: enum, of: [by_fact_time, by_decision_time], value: {value}, because: b, basis: own}}"
            )
        return "parameters:\n" + "\n".join(lines) + "\n"

    # Decisions

    def _decision(self, name: str) -> str:
        if self._luck(0.15):
            return self._checklist(name)
        policy = self._one(
            "unique", "any", "priority", "first", "rule_order", "output_order", "collect", "collect", "collect"
        )
        place = _Place()
        head = [f"decision: {name}", f"title: {name}", "governed_by: order.paid_at"]
        aggregate = None
        is_list = policy in ("rule_order", "output_order", "collect")
        if policy == "collect" and self._luck(0.75):
            aggregate = self._one("sum", "min", "max", "count")
            is_list = False
            self._features.add(f"aggregate {aggregate}")
        if not is_list and self._luck(0.35):
            place, line = self._walk()
            head.append(line)
        self._features.add(policy)
        if policy != "unique" or self._luck(0.5):
            head.append(f"hit_policy: {policy}")
        if aggregate:
            head.append(f"aggregate: {aggregate}")
        if self._luck(0.4):
            self._features.add("let")
            kind, other = self._one("bool", "money", "int"), self._one("bool", "int")
            head.append(f"let: {{first_name: {self._quoted(self.of(kind, place, 2))}}}")
            place = _Place(place.fields, {kind: ["first_name"]}, iterates=place.iterates)
            if self._luck(0.5):
                second = self.of(other, place, 1)
                head[-1] = head[-1][:-1] + f", second_name: {self._quoted(second)}}}"
                place.names.setdefault(other, []).append("second_name")
        columns = self._columns(place) if self._luck(0.6) else {}
        if columns:
            head.append(
                "inputs: {"
                + ", ".join(f"{column}: {self._quoted(text)}" for column, (_, text) in columns.items())
                + "}"
            )
        outputs = self._declared(policy, aggregate)
        head.append("outputs:")
        head += [f"  {output}: {{{self._output_kind(output, kind)}}}" for output, kind in outputs.items()]
        head.append("rules:")
        for number in range(self._chance.randint(1, 4)):
            head += self._rule(name, f"r{number}", place, columns, outputs)
        if self._luck(0.4):
            self._features.add("otherwise")
            then = self._then(place, outputs)
            if self._luck(0.3):
                head.append(
                    f"otherwise: {{then: {then}, because: b, exceptions: [{self._exception('oe', place, outputs)}]}}"
                )
            else:
                head.append(f"otherwise: {then}")
            self._rules.append((name, "otherwise", outputs))
        self._publish(name, outputs, is_list or bool(place.fields))
        return "\n".join(head) + "\n"

    def _walk(self) -> tuple[_Place, str]:
        if self._lists and self._luck(0.4):
            name = self._one(*self._lists)
            fields = tuple((kind, f"row.{each}") for kind, names in self._lists[name].items() for each in names)
            self._features.add("for_each a decision")
            return _Place(fields), f"for_each: row in decision.{name}"
        self._features |= {"for_each a fact", "list"}
        return _Place(line_fields("row")), "for_each: row in x.lines"

    def _checklist(self, name: str) -> str:
        self._features.add("checklist")
        place = _Place()
        lines = [f"decision: {name}", f"title: {name}", "governed_by: order.paid_at"]
        is_list = False
        if self._luck(0.3):
            place, line = self._walk()
            lines.append(line)
            is_list = True
        lines.append("requires:")
        for number in range(self._chance.randint(1, 3)):
            that = self._quoted(self.of("bool", place, 2))
            lines.append(f"  - {{id: q{number}, that: {that}, else: {self._one('c.one', 'c.two')}, because: b}}")
        if is_list:
            self._lists[name] = {"bool": ["met"]}
        else:
            self._outputs.setdefault("bool", []).append(f"decision.{name}.met")
        return "\n".join(lines) + "\n"

    def _columns(self, place: _Place) -> dict[str, tuple[str, str]]:
        columns = {}
        for number in range(self._chance.randint(1, 3)):
            kind = self._one("bool", "int", "money", "colour", "gift", "shade")
            if kind == "gift":
                text = self._one("x.gift", "max(x.lines.price)", "min(line in x.lines, line.price * line.pieces)")
                if text != "x.gift":
                    self._features |= {"max" if text[:3] == "max" else "min", "list"}
                    self._features |= {"projection"} if text[:3] == "max" else set()
            elif kind == "shade":
                text = "x.shade"
            else:
                text = self.of(kind, place, 2)
            columns[f"k{number}"] = (kind, text)
        return columns

    def _declared(self, policy: str, aggregate: str | None) -> dict[str, str]:
        if aggregate == "count":
            return {"a": "int"}
        if aggregate:
            return {"a": "total" if aggregate == "sum" else self._one("int", "money", "days")}
        outputs = {"a": self._one("bool", "int", "money", "colour", "code", "text", "options", "when", "days")}
        if policy in ("priority", "output_order"):
            outputs = {"a": "colour"}
        if self._luck(0.5):
            outputs["b"] = self._one("bool", "int", "money", "colour?", "code?", "money?", "options")
        if self._luck(0.2):
            outputs["c"] = self._one("colour", "money?")
        return outputs

    def _output_kind(self, name: str, kind: str) -> str:
        plain = kind.rstrip("?")
        optional = ", optional: true" if kind.endswith("?") else ""
        written = {
            "colour": "type: enum, of: [red, green, blue]",
            "when": "type: datetime",
            "text": "type: text, max_length: 9",
            "total": "type: money, min: -300 CNY, max: 3000 CNY",
            "options": "type: money, options: true, min: -30 CNY, max: 400 CNY",
        }
        if plain in BOUNDS:
            low, high = BOUNDS[plain]
            return f"type: {plain}, min: {low}, max: {high}{optional}"
        return written.get(plain, f"type: {plain}") + optional

    def _rule(
        self, decision: str, id: str, place: _Place, columns: dict[str, tuple[str, str]], outputs: dict[str, str]
    ) -> list[str]:
        if columns and self._luck(0.7):
            when = (
                "{"
                + ", ".join(f"{name}: {self._cell(kind)}" for name, (kind, _) in columns.items() if self._luck(0.7))
                + "}"
            )
        else:
            when = self._quoted(self.of("bool", place, 3))
        below = ""
        if self._luck(0.3):
            below = f", exceptions: [{self._exception(id + 'e', place, outputs)}]"
            if self._luck(0.3):
                below = below[:-1] + f", {self._exception(id + 'f', place, outputs)}]"
        self._rules.append((decision, id, outputs))
        return [f"  - {{id: {id}, when: {when}, then: {self._then(place, outputs)}, because: b{below}}}"]

    def _exception(self, id: str, place: _Place, outputs: dict[str, str]) -> str:
        self._features.add("exception")
        below = ""
        if self._luck(0.2):
            below = f", exceptions: [{self._exception(id + 'x', place, outputs)}]"
        when = self._quoted(self.of("bool", place, 2))
        return f"{{id: {id}, when: {when}, then: {self._then(place, outputs)}, because: b{below}}}"

    def _cell(self, kind: str) -> str:
        return str({
            "bool": lambda: self._one("true", "false", '"-"'),
            "int": lambda: self._one('">= 2"', '"[0..4)"', "3", '"not(0, 1)"', "[1, 2]", '"< 100"'),
            "money": lambda: self._one('"> 5 CNY"', '"[0 CNY..50 CNY]"', '"<= 20.5 CNY"'),
            "colour": lambda: self._one("red", "[red, blue]", '"not(green)"', '"-"'),
            "gift": lambda: self._one("absent", "given", '"> 5 CNY"', '"-"', '"not(5 CNY)"'),
            "shade": lambda: self._one("absent", "given", "red", '"not(red)"'),
        }[kind]())  # fmt: skip

    def _then(self, place: _Place, outputs: dict[str, str]) -> str:
        cells = []
        for name, kind in outputs.items():
            if kind.endswith("?") and self._luck(0.4):
                continue
            cells.append(f"{name}: {self._output_cell(kind, place)}")
        return "{" + ", ".join(cells) + "}"

    def _output_cell(self, kind: str, place: _Place) -> str:
        plain = kind.rstrip("?")
        if kind == "money?" and self._luck(0.4):
            text = self._one("x.gift", "max(x.lines.price)", "min(x.lines.price)")
            self._features |= set() if text == "x.gift" else {text[:3], "projection", "list"}
            return f"{{expr: {self._quoted(text)}}}"
        if plain == "options":
            self._features.add("options")
            options = []
            for number in range(self._chance.randint(1, 3)):
                when = f", when: {self._quoted(self.of('bool', place, 1))}" if self._luck(0.6) else ""
                options.append(f"o{number}: {{value: {self._limited('money', place)}{when}, because: b}}")
            return f"{{options: {{{', '.join(options)}}}}}"
        if plain in BOUNDS or plain == "total":
            return self._limited("money" if plain == "total" else plain, place)
        if plain == "code":
            return str(self._one("c.one", "c.two", "c.three"))
        if plain == "colour":
            return (
                f"{{expr: {self._quoted(self.of('colour', place, 1))}}}"
                if self._luck(0.3)
                else str(self._one(*COLOURS))
            )
        if plain == "text":
            fields = [each for each_kind, each in place.fields if each_kind == "text"]
            return f"{{expr: {self._one('x.note', *fields)}}}" if self._luck(0.6) else "plain"
        if plain == "when":
            return f"{{expr: {self._quoted('deadline(param.window, x.signed_at)')}}}"
        return f"{{expr: {self._quoted(self.of(plain, place, 2))}}}"

    def _limited(self, kind: str, place: _Place) -> str:
        """A number held between the bounds of its output, or between narrower ones of its own."""
        self._features.add("limits")
        low, high = BOUNDS[kind]
        literal = {"int": "5", "money": "6.66 CNY", "days": "9 days"}[kind]
        if self._luck(0.3):
            return str(self._one(low, high, literal))
        return f"{{is: {self._quoted(self.of(kind, place, 2))}, at_least: {self._one(low, literal)}, at_most: {self._one(high, literal)}}}"

    def _publish(self, name: str, outputs: dict[str, str], is_list: bool) -> None:
        """What others may read of the decision."""
        required = {output: kind for output, kind in outputs.items() if not kind.endswith("?")}
        if is_list:
            fields: dict[str, list[str]] = {}
            for output, kind in required.items():
                if kind in ("bool", "int", "money", "colour"):
                    fields.setdefault(kind, []).append(output)
            if fields:
                self._lists[name] = fields
            return
        for output, kind in required.items():
            if kind in ("bool", "int", "money", "colour"):
                self._outputs.setdefault(kind, []).append(f"decision.{name}.{output}")
            elif kind == "options":
                self._lists[f"{name}.{output}"] = {"money": ["value"]}

    # Layers

    def _layer(self, name: str) -> str:
        self._features.add("layer")
        lines = [f"layer: {name}", f"title: {name}", f"rank: {self._one(*RANKS)}", "because: l"]
        if self._luck(0.85):
            self._features.add("layer while")
            place = _Place(decisions=False, parameters=False)
            self._hidden = True
            lines.append(f"while: {self._quoted(self.of('bool', place, 2))}")
        if self._luck(0.75):
            self._features.add("layer parameter")
            values = {
                "amount": f"{{value: {self._one('8 CNY', '9.99 CNY', '5 CNY', '7.25 CNY')}, because: l, basis: own}}",
                "most": f"{{value: {self._one('1', '2', '6')}, because: l, basis: own}}",
                "tint": f"{{value: {self._one(*COLOURS)}, because: l, basis: own}}",
                "window": "{value: {length: 15 days, counts_from: next_day, extend_over: [rest_day], calendar: cn}, because: l, basis: own}",
            }
            if self._transition:
                values["transition"] = (
                    f"{{value: {self._one('by_fact_time', 'by_decision_time')}, because: l, basis: own}}"
                )
            if self._luck(0.3):
                self._features.add("dated layer")
                values["amount"] = (
                    "{editions: [{from: 2025-01-01, until: 2026-01-01, value: 8.5 CNY, because: l, basis: own}]}"
                )
            chosen = self._chance.sample(sorted(values), self._chance.randint(1, len(values)))
            lines.append("parameters: {" + ", ".join(f"{key}: {values[key]}" for key in chosen) + "}")
        if self._rules and self._luck(0.6):
            self._features.add("layer exception")
            decision, rule, outputs = self._one(*self._rules)
            place = _Place(parameters=False, decisions=False)
            self._derived = None
            when = self._quoted(self.of("bool", place, 1))
            if self._luck(0.3):
                self._features.add("layer exception without a condition")
                when = "{}"
            then = self._then(place, outputs)
            lines.append(
                f"exceptions: [{{id: {name}-e, of: {decision}/{rule}, when: {when}, then: {then}, because: l}}]"
            )
        return "\n".join(lines) + "\n"

    # Expressions

    def of(self, kind: str, place: _Place, depth: int) -> str:
        """An expression of a kind."""
        named = [*place.names.get(kind, ()), *(each for each_kind, each in place.fields if each_kind == kind)]
        if place.decisions:
            named += self._outputs.get(kind, ())
        if place.parameters and getattr(self, "_derived", None) and place.decisions and self._derived[0] == kind:
            named.append(self._derived[1])
        if named and self._luck(0.35):
            return str(self._one(*named))
        return str(getattr(self, f"_{kind}")(place, depth))

    def _bool(self, place: _Place, depth: int) -> str:
        if depth <= 0:
            return str(
                self._one(
                    "x.yes",
                    "x.no",
                    "x.few > 1",
                    "order.market = jd",
                    "x.colour in [red, blue]",
                    "x.reason = quality/*".replace("= quality/*", "in [quality/*]"),
                )
            )
        forms = [
            lambda: f"({self.of('bool', place, depth - 1)} and {self.of('bool', place, depth - 1)})",
            lambda: f"({self.of('bool', place, depth - 1)} or {self.of('bool', place, depth - 1)})",
            lambda: f"not ({self.of('bool', place, depth - 1)})",
            lambda: (
                f"{self.of('int', place, depth - 1)} {self._one('<', '<=', '>', '>=', '=', '!=')} {self.of('int', place, 0)}"
            ),
            lambda: (
                f"{self.of('money', place, depth - 1)} {self._one('<', '<=', '>', '>=')} {self.of('money', place, 0)}"
            ),
            lambda: (
                f"{self.of('money', place, 0)} in {self._one('[', '(')}0 CNY..{self._one('5', '60')} CNY{self._one(']', ')')}"
            ),
            lambda: f"{self.of('colour', place, depth - 1)} {self._one('in [red, green]', '= blue', 'not in [red]')}",
            lambda: "(x.gift is given and x.gift > 5 CNY)",
            lambda: "(x.maybe is absent or x.maybe)",
            lambda: "(x.shade is given and x.shade = x.colour)",
            lambda: f"x.day {self._one('<', '>=', '=')} {self._one('2025-06-01', '2025-10-03')}",
            lambda: self._role(),
            lambda: self._channel(),
            lambda: self._guarded_share(place),
        ]
        if place.parameters:
            forms += [
                lambda: "within(param.window, x.signed_at, order.paid_at)",
                lambda: f"param.tint = {self._one(*COLOURS)}",
                lambda: "x.few > param.most",
            ]
        if place.iterates:
            forms += [lambda: self._quantified(place, depth)] * 4
        return str(self._one(*forms)())

    def _role(self) -> str:
        self._features.add("role")
        return "x.price <= authority_of(x.handler)"

    def _channel(self) -> str:
        self._features.add("channel")
        return "(x.channel is given and x.channel = chat)"

    def _guarded_share(self, place: _Place) -> str:
        self._features |= {"prorate", "prorate behind a guard"}
        whole, unit = self._one(("x.some_more", ""), ("x.price", " CNY"), ("x.few", ""))
        part = "x.pieces" if not unit else "x.dear"
        if self._luck(0.5):
            return f"({whole} > 0{unit} and prorate(x.dear, {part}, {whole}) > {self.of('money', place, 0)})"
        return f"({whole} <= 0{unit} or prorate(x.dear, {part}, {whole}) > 2 CNY)"

    def _quantified(self, place: _Place, depth: int) -> str:
        word = self._one("some", "every")
        self._features |= {word, "list"}
        source, inner, before = self._source(place, "each")
        return f"({before}({word} each in {source} satisfies {self.of('bool', inner, depth - 1)}))"

    def _source(self, place: _Place, variable: str) -> tuple[str, _Place, str]:
        """A list, what its records give, and what must be asked before it is read."""
        if place.decisions and self._lists and self._luck(0.35):
            self._features.add("a list of a decision read")
            name = self._one(*self._lists)
            fields = tuple((kind, f"{variable}.{each}") for kind, names in self._lists[name].items() for each in names)
            return (
                f"decision.{name}",
                _Place(place.fields + fields, place.names, place.decisions, place.parameters, False),
                "",
            )
        if self._luck(0.2) and variable == "each":
            self._features.add("optional list")
            fields = (("colour", "each.colour"), ("money", "each.price"))
            return (
                "x.others",
                _Place(place.fields + fields, place.names, place.decisions, place.parameters, False),
                "x.others is given and ",
            )
        inner = _Place(place.fields + line_fields(variable), place.names, place.decisions, place.parameters, False)
        return "x.lines", inner, ""

    def _int(self, place: _Place, depth: int) -> str:
        if depth <= 0:
            return str(self._one("x.few", "x.some_more", "x.pieces", "0", "1", "3", "-2"))
        forms = [
            lambda: f"{self.of('int', place, depth - 1)} {self._one('+', '-')} {self.of('int', place, 0)}",
            lambda: f"x.pieces * {self._one('2', '3')}",
            lambda: f"max({self.of('int', place, depth - 1)}, {self.of('int', place, 0)})",
            lambda: (
                f"(if {self.of('bool', place, depth - 1)} then {self.of('int', place, 0)} else {self.of('int', place, 0)})"
            ),
        ]
        if place.parameters:
            forms.append(lambda: "param.most")
        if place.iterates:
            forms += [lambda: self._counted(place, depth)] * 2 + [lambda: self._added(place, "pieces")]
        return str(self._one(*forms)())

    def _counted(self, place: _Place, depth: int) -> str:
        self._features |= {"count", "list"}
        if self._luck(0.3):
            return "count(x.lines)"
        source, inner, before = self._source(place, "one")
        if before:
            return f"(if x.others is given then count(one in {source}, {self.of('bool', inner, depth - 1)}) else 0)"
        return f"count(one in {source}, {self.of('bool', inner, depth - 1)})"

    def _added(self, place: _Place, kind: str) -> str:
        self._features |= {"sum", "list"}
        if kind == "pieces":
            if self._luck(0.5):
                self._features.add("projection")
                return "sum(x.lines.pieces)"
            return "sum(one in x.lines, one.pieces * one.packs)"
        self._features |= {"prorate"}
        return str(self._one(
            "sum(one in x.lines, one.price * one.pieces)",
            "sum(one in x.lines, prorate(one.price, one.pieces, one.packs))",
            "sum(one in x.lines, if one.gift is given then one.gift else 0 CNY)",
            "sum(one in x.lines, min(one.price, 20 CNY))",
        ))  # fmt: skip

    def _money(self, place: _Place, depth: int) -> str:
        if depth <= 0:
            return str(self._one("x.price", "x.dear", "5 CNY", "0 CNY", "20.55 CNY"))
        forms = [
            lambda: f"{self.of('money', place, depth - 1)} {self._one('+', '-')} {self.of('money', place, 0)}",
            lambda: f"x.rate * {self.of('money', place, 0)}",
            lambda: f"{self.of('money', place, 0)} / 3",
            lambda: f"x.part * {self.of('money', place, 0)}",
            lambda: f"{self._one('min', 'max')}({self.of('money', place, depth - 1)}, {self.of('money', place, 0)})",
            lambda: "(if x.gift is given then x.gift else 0 CNY)",
            lambda: self._share(place),
            lambda: "authority_of(x.handler)",
        ]
        if place.parameters:
            forms += [lambda: "param.amount", lambda: f"{self.of('money', place, 0)} / param.most"]
        if place.iterates:
            forms += [lambda: self._added(place, "money")] * 2
        text = str(self._one(*forms)())
        if "authority_of" in text:
            self._features.add("role")
        return text

    def _share(self, place: _Place) -> str:
        self._features.add("prorate")
        return str(self._one(
            "prorate(x.price, x.some_more, x.pieces)", "prorate(x.price, x.price, x.dear)", "prorate(x.dear, 1, 3)",
            "(if x.some_more > 0 then prorate(x.price, x.pieces, x.some_more) else 0 CNY)",
        ))  # fmt: skip

    def _days(self, place: _Place, depth: int) -> str:
        return str(self._one("x.wait", "3 days", "days_between(x.day, x.signed_at)", "max(x.wait, 5 days)"))

    def _colour(self, place: _Place, depth: int) -> str:
        return str(
            self._one(
                "x.colour", "(if x.yes then x.colour else x.colour)", "(if x.shade is given then x.shade else x.colour)"
            )
        )


def line_fields(variable: str) -> tuple[tuple[str, str], ...]:
    kinds = (("int", "pieces"), ("int", "packs"), ("money", "price"), ("colour", "colour"), ("text", "sku"))
    return tuple((kind, f"{variable}.{name}") for kind, name in kinds)


# Facts

MOMENTS = [
    dt.datetime.fromisoformat(text)
    for text in (
        "2023-12-31T15:59:59.999999+00:00", "2023-12-31T16:00:00+00:00", "2025-05-31T16:00:00+00:00", "2025-09-25T12:00:00+02:00",
        "2025-10-03T00:00:00+08:00", "2025-12-31T15:59:59+00:00", "2026-11-29T10:00:00+08:00", "2026-12-31T16:00:00+00:00",
        "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2099-12-31T16:00:00+00:00",
    )
]  # fmt: skip


def moment(chance: random.Random) -> dt.datetime:
    if chance.random() < 0.1:
        return chance.choice(MOMENTS)
    return chance.choice(MOMENTS[1:7]) + dt.timedelta(
        days=chance.randint(-5, 12), microseconds=chance.choice([0, 0, -1])
    )


def value(kind: Kind, chance: random.Random) -> Any:
    """What a backend may give for a kind: mostly at an edge."""
    if kind.symbols:
        return chance.choice(kind.symbols)
    match kind.name:
        case "bool":
            return chance.random() < 0.5
        case "text":
            return "".join(chance.choice("ab退{}<\u200b") for _ in range(chance.choice([0, 1, kind.max_length or 40])))
        case "date":
            return moment(chance).date()
        case "datetime":
            return moment(chance)
        case "list":
            most = kind.max_items or 0
            count = chance.choice([0, 1, 1, 2, 2, 3, most])
            return [record(kind.members, chance) for _ in range(min(count, most))]
    low, high = bounds_of(kind)
    edges = [edge for edge in (low, high, 0, 1, 100, 500, low + 1, high - 1) if low <= edge <= high]
    number = chance.choice([*edges, chance.randint(low, high)])
    match kind.name:
        case "money":
            return Money.from_minor(number, kind.currency)
        case "percent":
            return _decimal(number, 2) + "%"
        case "decimal":
            return _decimal(number, kind.places)
        case "duration":
            return dt.timedelta(microseconds=number)
    return number


def _decimal(number: int, places: int) -> str:
    sign, digits = ("-" if number < 0 else ""), str(abs(number)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def record(members: tuple[Member, ...], chance: random.Random) -> dict[str, Any]:
    """A record of which now and then a field is not given, or null."""
    found = {}
    for member in members:
        luck = chance.random()
        if luck > 0.12:
            found[member.name] = value(member.kind, chance)
        elif luck < 0.04:
            found[member.name] = None
    return found


def facts(pack: LinkedPack, chance: random.Random) -> dict[str, Any]:
    """For every fact a value, null, or nothing."""
    missing = chance.choice([0, 0.05, 0.2, 0.6])
    found: dict[str, Any] = {}
    for path, fact in pack.facts.items():
        if chance.random() >= missing:
            found[path] = value(fact.kind, chance)
        elif chance.random() < 0.3:
            found[path] = None
    return found


def more_facts(pack: LinkedPack, known: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same facts with some of what was unknown, in records too; what is absent is known to be so."""
    found = dict(known)
    for path, fact in pack.facts.items():
        given = known.get(path)
        if given is None:
            if not fact.optional and chance.random() < 0.6:
                found[path] = value(fact.kind, chance)
        elif fact.kind.name == "list":
            found[path] = [_fuller(fact.kind.members, each, chance) for each in given]
    return found


def _fuller(members: tuple[Member, ...], known: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    unknown = [member for member in members if not member.optional and known.get(member.name) is None]
    return known | {member.name: value(member.kind, chance) for member in unknown if chance.random() < 0.6}
