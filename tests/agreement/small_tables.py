"""Tables over facts with few values, by chance: as YAML, and as what each condition is in every case.

A condition is a pair of sets of cases, as bits: where it is true, and where it is false. Nothing here is asked of the
library: an atom is tried on each case by itself, and the rest is Kleene's tables.
"""

import random
from dataclasses import dataclass, field
from functools import cache
from itertools import product

PACK = """
pack: small
title: small
language: 1
currency: CNY
rounding: half_up
time_zone: UTC
in_force: "[2024-01-01..2026-01-01)"
reviewed_on: 2025-01-01
"""
ZONE = """
zone: UTC
covers: "[2000-01-01..2100-01-01)"
offsets: [{from: 1999-01-01T00:00:00Z, offset: "+00:00"}]
"""
FACTS = """
facts:
  x:
    a: {type: enum, of: [p, q, r]}
    b: {type: enum, of: [p, q], optional: true}
    c: {type: bool}
    i: {type: int, min: 0, max: 3}
    j: {type: int, min: 0, max: 2, optional: true}
    m: {type: money, min: 0 CNY, max: 0.01 CNY}
    d: {type: date}
derived:
  big: x.i >= 2 or x.c
  kind: "if x.a = p then 1 else 2"
"""
PARAMETERS = """
parameters:
  limit:
    type: int
    editions:
      - {from: 2024-01-01, until: 2025-01-01, value: 1, because: x, basis: own}
      - {from: 2025-01-01, value: 2, because: x, basis: own}
"""
CODES = "codes:\n  c.high: {title: x}\n  c.middle: {title: x}\n  c.low: {title: x}\n"
# The first applies before the second, which is of a lower rank.
LAYERS = {
    "campaign": ("x.a = q", 0),
    "promise": ("x.c", 3),
}
LAST_OF_2024, FIRST_OF_2025 = 739_251, 739_252
DOMAINS = {
    "x.a": ("p", "q", "r"),
    "x.b": ("p", "q", None),
    "x.c": (False, True),
    "x.i": (0, 1, 2, 3),
    "x.j": (0, 1, 2, None),
    "x.m": (0, 1),
    "x.d": (LAST_OF_2024, FIRST_OF_2025),
}
CASES = [dict(zip(DOMAINS, values, strict=True)) for values in product(*DOMAINS.values())]
ALL = (1 << len(CASES)) - 1
# A table stands on so many others, one on the other.
_DEEPEST = 2
GRADES = ("high", "middle", "low")
POLICIES = ("unique", "first", "any", "priority", "collect", "checklist")

Sets = tuple[int, int]


@cache
def cases_where(test: str) -> int:
    """The cases, as bits, for which an expression of Python is true."""
    code = compile(test, "<atom>", "eval")
    return sum(1 << number for number, case in enumerate(CASES) if eval(code, {"f": case}))


def settled(test: str) -> Sets:
    found = cases_where(test)
    return found, ALL & ~found


@dataclass
class Condition:
    text: str
    sets: Sets


@dataclass
class Row:
    """A rule, an exception or otherwise. `cells` are by column; `condition` is all of them where there are any."""

    id: str
    condition: Condition
    gives: tuple[str, int | None]
    cells: dict[str, Condition] = field(default_factory=dict)
    exceptions: list["Row"] = field(default_factory=list)
    rank: int = 0


@dataclass
class Small:
    """One table; `columns` are what its inputs read."""

    name: str
    policy: str
    rows: list[Row]
    otherwise: Row | None
    columns: dict[str, str]


def conjunction(sets: list[Sets]) -> Sets:
    yes, no = ALL, 0
    for one, other in sets:
        yes, no = yes & one, no | other
    return yes, no


def disjunction(sets: list[Sets]) -> Sets:
    yes, no = conjunction([(no, yes) for yes, no in sets])
    return no, yes


class Maker:
    """Makes the tables of one pack, from a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.layers = [name for name in LAYERS if self._chance.random() < 0.5]
        # By output: where each value is given, and where it is left out; only of tables that have one answer.
        self._outputs: dict[str, dict[object, int]] = {}
        self._depths: dict[str, int] = {}
        self._depth = 0
        self.tables: list[Small] = []

    def knows(self, name: str, answers: dict[str, dict[object, int]]) -> None:
        """Later tables may read the outputs of this one, unless it stands on too many others itself."""
        if self._depths[name] > _DEEPEST:
            return
        self._outputs |= {f"decision.{name}.{output}": values for output, values in answers.items()}

    def another(self) -> Small:
        """One more table."""
        self._depth = 0
        table = self._table(f"d{len(self.tables)}")
        self._depths[table.name] = self._depth
        self.tables.append(table)
        return table

    def _table(self, name: str) -> Small:
        chance = self._chance
        policy = chance.choice(POLICIES)
        if policy == "checklist":
            rows = [self._rule(f"r{n}", self._condition(), False) for n in range(chance.randrange(1, 4))]
            return Small(name, policy, rows, Row("all-met", Condition("", (ALL, 0)), ("met", None)), {})
        columns = self._columns()
        rows = [self._row(f"r{number}", columns) for number in range(chance.randrange(1, 5))]
        otherwise = None
        if chance.random() < 0.5:
            otherwise = self._rule("otherwise", Condition("", (ALL, 0)))
        return Small(name, policy, rows, otherwise, columns)

    def _columns(self) -> dict[str, str]:
        sources = ["x.a", "x.b", "x.i", "x.j", "big", "kind", *self._outputs]
        return {f"k{n}": self._chance.choice(sources) for n in range(self._chance.randrange(0, 4))}

    def _row(self, id: str, columns: dict[str, str]) -> Row:
        if not columns or self._chance.random() < 0.3:
            return self._rule(id, self._condition())
        cells = {name: self._cell(source) for name, source in columns.items() if self._chance.random() < 0.75}
        whole = Condition("", conjunction([cell.sets for cell in cells.values()]))
        row = self._rule(id, whole)
        row.cells = cells or {"": whole}
        return row

    def _rule(self, id: str, condition: Condition, may_have: bool = True, depth: int = 0) -> Row:
        gives = self._chance.choice(GRADES), self._chance.choice((None, 1, 2))
        row = Row(id, condition, gives)
        if may_have and depth < 2 and self._chance.random() < 0.25:
            for number in range(self._chance.choice((1, 2, 2, 3))):
                row.exceptions.append(self._rule(f"{id}-e{number}", self._condition(1), True, depth + 1))
        if may_have and depth == 0 and self._chance.random() < 0.25:
            for layer in self.layers:
                when = self._condition(1)
                held = Condition(when.text, conjunction([self._layer(layer), when.sets]))
                added = self._rule(f"{id}-{layer}", held, False)
                added.rank = 5 if layer == "campaign" else 4
                row.exceptions.append(added)
        return row

    def _condition(self, depth: int = 0) -> Condition:
        chance = self._chance
        if depth < 2 and chance.random() < 0.45:
            parts = [self._condition(depth + 1) for _ in range(chance.randrange(2, 4))]
            word, join = chance.choice(((" and ", conjunction), (" or ", disjunction)))
            return Condition(word.join(f"({part.text})" for part in parts), join([part.sets for part in parts]))
        found = self._atom()
        if chance.random() < 0.25:
            return Condition(f"not ({found.text})", (found.sets[1], found.sets[0]))
        return found

    def _atom(self) -> Condition:
        chance = self._chance
        symbol, number, sign = (
            chance.choice("pqr"),
            chance.randrange(5),
            chance.choice(("=", "!=", "<", "<=", ">", ">=")),
        )
        python = {"=": "=="}.get(sign, sign)
        sides = chance.choice("pq")
        atoms = [
            lambda: (f"x.a = {symbol}", settled(f"f['x.a'] == {symbol!r}")),
            lambda: (f"x.a in [{symbol}, r]", settled(f"f['x.a'] in ({symbol!r}, 'r')")),
            lambda: ("x.c", settled("f['x.c']")),
            lambda: (f"x.i {sign} {number}", settled(f"f['x.i'] {python} {number}")),
            lambda: (f"{number} {sign} x.i", settled(f"{number} {python} f['x.i']")),
            lambda: (
                (f"x.i in [{number}..4)", settled(f"{number} <= f['x.i'] < 4"))
                if number < 4
                else ("x.c", settled("f['x.c']"))
            ),
            lambda: (f"x.m {sign} 0.01 CNY", settled(f"f['x.m'] {python} 1")),
            lambda: ("x.b is given", settled("f['x.b'] is not None")),
            lambda: (f"x.b is given and x.b = {sides}", settled(f"f['x.b'] == {sides!r}")),
            lambda: ("x.j is absent", settled("f['x.j'] is None")),
            lambda: (
                f"x.j is given and x.j {sign} {number}",
                settled(f"f['x.j'] is not None and f['x.j'] {python} {number}"),
            ),
            lambda: ("big", settled("f['x.i'] >= 2 or f['x.c']")),
            lambda: (f"kind = {1 + number % 2}", settled(f"(1 if f['x.a'] == 'p' else 2) == {1 + number % 2}")),
            lambda: self._against_limit(sign),
        ]
        if self._outputs:
            atoms += [self._of_output] * 5
        text, sets = chance.choice(atoms)()
        return Condition(text, sets)

    def _against_limit(self, sign: str) -> tuple[str, Sets]:
        python = {"=": "=="}.get(sign, sign)
        value = f"(1 if f['x.d'] <= {LAST_OF_2024} else 2)"
        for layer in reversed(self.layers):
            python_of = {"x.c": "f['x.c']", "x.a = q": "f['x.a'] == 'q'"}[LAYERS[layer][0]]
            value = f"({LAYERS[layer][1]} if {python_of} else {value})"
        return f"x.i {sign} param.limit", settled(f"f['x.i'] {python} {value}")

    def _layer(self, name: str) -> Sets:
        return settled({"campaign": "f['x.a'] == 'q'", "promise": "f['x.c']"}[name])

    def _of_output(self) -> tuple[str, Sets]:
        name = self._chance.choice(sorted(self._outputs))
        wanted = self._chance.choice(_values(name))
        known, yes = self._known(name), self._outputs[name].get(wanted, 0)
        if name.endswith(".points"):
            return f"{name} is given and {name} = {wanted}", (yes, known & ~yes)
        return f"{name} = {wanted}", (yes, known & ~yes)

    def _known(self, name: str) -> int:
        """Where an output is known; who asks stands on the table that gives it."""
        self._depth = max(self._depth, self._depths[name.split(".")[1]] + 1)
        found = 0
        for cases in self._outputs[name].values():
            found |= cases
        return found

    def _cell(self, source: str) -> Condition:
        chance = self._chance
        if source in ("x.a", "x.b"):
            symbols = "pqr" if source == "x.a" else "pq"
            one, text = chance.choice(symbols), chance.choice(("is", "not", "either"))
            if text == "is":
                return Condition(one, settled(f"f[{source!r}] == {one!r}"))
            if text == "not":
                return Condition(f"not({one})", settled(f"f[{source!r}] not in ({one!r}, None)"))
            return Condition(f"[{one}, q]", settled(f"f[{source!r}] in ({one!r}, 'q')"))
        if source in ("x.i", "x.j"):
            number, sign = chance.randrange(4), chance.choice(("<", "<=", ">", ">="))
            if source == "x.j" and chance.random() < 0.3:
                return Condition("absent", settled("f['x.j'] is None"))
            return Condition(
                f"'{sign} {number}'", settled(f"f[{source!r}] is not None and f[{source!r}] {sign} {number}")
            )
        if source == "big":
            truth = chance.choice((True, False))
            return Condition(str(truth).lower(), settled(f"(f['x.i'] >= 2 or f['x.c']) is {truth}"))
        if source == "kind":
            number = chance.choice((1, 2))
            return Condition(str(number), settled(f"(1 if f['x.a'] == 'p' else 2) == {number}"))
        return self._cell_of_output(source)

    def _cell_of_output(self, source: str) -> Condition:
        wanted = self._chance.choice(_values(source))
        known, yes = self._known(source), self._outputs[source].get(wanted, 0)
        if source.endswith(".points") and self._chance.random() < 0.3:
            absent = self._outputs[source].get(None, 0)
            return Condition("absent", (absent, known & ~absent))
        return Condition(str(wanted), (yes, known & ~yes))


def _values(output: str) -> list[object]:
    if output.endswith(".grade"):
        return list(GRADES)
    return [1, 2] if output.endswith(".points") else ["true", "false"]


# As YAML


def files(maker: Maker) -> dict[str, bytes]:
    """The pack of all tables."""
    found = {
        "pack.yaml": PACK,
        "zone.yaml": ZONE,
        "facts.yaml": FACTS,
        "parameters.yaml": PARAMETERS,
        "codes.yaml": CODES,
    }
    for table in maker.tables:
        found[f"{table.name}.yaml"] = document(table)
    for layer in maker.layers:
        found[f"{layer}.yaml"] = layer_document(layer, maker.tables)
    return {name: text.encode() for name, text in found.items()}


def document(table: Small) -> str:
    head = f"decision: {table.name}\ntitle: {table.name}\ngoverned_by: x.d\n"
    if table.policy == "checklist":
        lines = [
            f'  - {{id: {row.id}, that: "not ({row.condition.text})", else: c.{row.gives[0]}, because: x}}'
            for row in table.rows
        ]
        return head + "requires:\n" + "\n".join(lines) + "\n"
    head += f"hit_policy: {table.policy}\n"
    if table.columns:
        head += "inputs:\n" + "".join(f"  {name}: {source}\n" for name, source in table.columns.items())
    head += f"outputs:\n  grade: {{type: enum, of: [{', '.join(GRADES)}]}}\n  points: {{type: int, min: 0, max: 9, optional: true}}\n"
    text = head + "rules:\n" + "".join(f"  - {_written(row)}\n" for row in table.rows)
    if table.otherwise is not None:
        text += f"otherwise: {{then: {_then(table.otherwise)}, because: x{_below(table.otherwise)}}}\n"
    return text


def layer_document(layer: str, tables: list[Small]) -> str:
    condition, value = LAYERS[layer]
    text = f"layer: {layer}\ntitle: x\nrank: {layer}\nwhile: {condition}\nbecause: x\n"
    text += f"parameters:\n  limit: {{value: {value}, because: x, basis: own}}\n"
    added = [
        f"  - {{of: {table.name}/{row.id}, {_written(exception)[1:]}\n"
        for table in tables
        for row in [*table.rows, *([table.otherwise] if table.otherwise else [])]
        for exception in row.exceptions
        if exception.rank and exception.id.endswith(layer)
    ]
    return text + ("exceptions:\n" + "".join(added) if added else "")


def _written(row: Row) -> str:
    if row.cells:
        when = "{" + ", ".join(f"{name}: {cell.text}" for name, cell in row.cells.items() if name) + "}"
    else:
        when = f'"{row.condition.text}"'
    return f"{{id: {row.id}, when: {when}, then: {_then(row)}, because: x{_below(row)}}}"


def _below(row: Row) -> str:
    own = [_written(exception) for exception in row.exceptions if not exception.rank]
    return f", exceptions: [{', '.join(own)}]" if own else ""


def _then(row: Row) -> str:
    grade, points = row.gives
    return f"{{grade: {grade}{f', points: {points}' if points is not None else ''}}}"
