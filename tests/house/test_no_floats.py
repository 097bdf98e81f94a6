"""No float is in the path of money: none is written there, none is made there, and none comes out.

Decided on the syntax of every module, and by settling an order in numbers that refuse to become floats.
"""

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from tests.laws.chance import Chance

from csflow.settlement.books import Book
from csflow.settlement.freezing import freeze
from csflow.settlement.planning import Plan, plan
from csflow.settlement.terms import Claim

SOURCE = Path(__file__).resolve().parents[2] / "src" / "csflow"
VALUES = ("apportioning", "routing", "sharing", "money", "rounding")
PATH = [
    *(SOURCE / "values" / f"{name}.py" for name in VALUES),
    *sorted((SOURCE / "ledger").rglob("*.py")),
    *sorted((SOURCE / "settlement").rglob("*.py")),
]
# What gives floats, or takes whole numbers through them.
MODULES = {"math", "cmath", "statistics", "numpy", "decimal", "random"}


def floats_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float() | complex()):
                yield f"line {node.lineno}: {node.value}"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield f"line {node.lineno}: a true division"
            case ast.Name(id="float" | "complex"):
                yield f"line {node.lineno}: {node.id}"
            case ast.Attribute(attr="truediv" | "fromhex" | "is_integer" | "as_integer_ratio"):
                yield f"line {node.lineno}: {node.attr}"
            case ast.alias(name=name) if _root(name) in MODULES or name == "truediv":
                yield f"line {node.lineno}: {name}"
            case ast.ImportFrom(module=str(module)) if _root(module) in MODULES:
                yield f"line {node.lineno}: {module}"


def _root(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("file", PATH, ids=lambda file: str(file.relative_to(SOURCE)))
def test_no_float_is_written_in_the_path_of_money(file):
    assert list(floats_in(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "planted",
    [
        "half = 0.5",
        "part = amount * weight / whole",
        "amount /= 2",
        "part = float(amount)",
        "import math",
        "from decimal import Decimal",
        "from operator import truediv",
        "part = amount * 1e2",
    ],
)
def test_a_float_that_is_planted_is_found(planted):
    assert list(floats_in(planted))


class Whole(int):
    """A whole number that arithmetic leaves whole: it raises where it would become a float."""

    def __truediv__(self, other):
        raise AssertionError(f"{int(self)} was divided to a float")

    __rtruediv__ = __truediv__

    def __float__(self):
        raise AssertionError(f"{int(self)} was made a float")


def _staying(name):
    def operate(self, other):
        if isinstance(other, float):
            raise AssertionError(f"{int(self)} met the float {other}")
        found = getattr(int, name)(self, other)
        if isinstance(found, tuple):
            return tuple(map(Whole, found))
        return found if found is NotImplemented else Whole(found)

    return operate


for _name in ("add", "sub", "mul", "floordiv", "mod", "divmod"):
    for _side in ("", "r"):
        setattr(Whole, f"__{_side}{_name}__", _staying(f"__{_side}{_name}__"))


def test_a_number_that_refuses_floats_does_refuse_them():
    assert type(Whole(7) * 3 - 1) is Whole and type(divmod(Whole(7), 2)[0]) is Whole
    for spoil in (lambda number: number / 2, lambda number: 2 / (number + 1), float, lambda number: number * 0.5):
        with pytest.raises(AssertionError):
            spoil(Whole(7))


@pytest.mark.parametrize("seed", range(40))
def test_an_order_is_settled_without_a_float_on_the_way(seed):
    draw = Chance(seed)
    ledger = freeze(whole(draw.ledger().order))
    terms, book = whole(draw.terms()), Book(ledger.digest)
    for piece in draw.pieces(ledger):
        found = plan(ledger, book, Claim((piece,)), terms)
        assert isinstance(found, Plan)
        assert not list(floats_among(found))
        book = found.book


def whole(value):
    """The same value with every whole number in it as a `Whole`."""
    if type(value) is int:
        return Whole(value)
    if is_dataclass(value):
        return replace(value, **{field.name: whole(getattr(value, field.name)) for field in fields(value)})
    return tuple(map(whole, value)) if isinstance(value, tuple) else value


def floats_among(value) -> Iterator[float]:
    if isinstance(value, float):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from floats_among(getattr(value, field.name))
    elif isinstance(value, dict):
        for each in value.items():
            yield from floats_among(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from floats_among(each)
