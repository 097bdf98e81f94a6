"""Owns writing syntax back as text, with the fewest parentheses: parsing it gives the same tree."""

from csflow.expressions.syntax import (
    AnyCell,
    Arithmetic,
    Call,
    ChoiceCell,
    Compare,
    CompareCell,
    Conditional,
    Inside,
    Interval,
    IntervalCell,
    Iteration,
    Junction,
    Literal,
    Minus,
    Name,
    Negate,
    OneOf,
    Presence,
    PresenceCell,
    Quantified,
    Subtree,
    Syntax,
    TypedCell,
)

# How tightly each form binds; a part that binds no tighter than its place allows gets parentheses.
_CONDITIONAL, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _UNARY, _ATOM = range(9)


def print_expression(syntax: Syntax) -> str:
    """The expression or cell as an author would write it on one line."""
    return _print(syntax, _CONDITIONAL)


def _print(node: Syntax, place: int) -> str:
    text, binding = _written(node)
    return f"({text})" if binding < place else text


def _written(node: Syntax) -> tuple[str, int]:
    match node:
        case Name(path=path):
            return path, _ATOM
        case Literal(form="text", text=text):
            return (f'"{text}"' if "'" in text else f"'{text}'"), _ATOM
        case Literal(form="quantity", text=text) if text.endswith(" ¥"):
            return f"¥{text[:-2]}", _ATOM
        case Literal(text=text):
            return text, _ATOM
        case Subtree(root=root):
            return f"{root}/*", _ATOM
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(_print(part, _CONDITIONAL) for part in arguments)})", _ATOM
        case Minus(operand=operand):
            return f"-{_print(operand, _UNARY)}", _UNARY
        case Arithmetic(operator=operator, left=left, right=right):
            binding = _SUM if operator in "+-" else _PRODUCT
            return f"{_print(left, binding)} {operator} {_print(right, binding + 1)}", binding
        case Compare(operator=operator, left=left, right=right):
            return f"{_print(left, _SUM)} {operator} {_print(right, _SUM)}", _COMPARISON
        case OneOf(operand=operand, choices=choices, negated=negated):
            return f"{_print(operand, _SUM)} {_in(negated)} {_list(choices)}", _COMPARISON
        case Inside(operand=operand, interval=interval, negated=negated):
            return f"{_print(operand, _SUM)} {_in(negated)} {_interval(interval)}", _COMPARISON
        case Presence(operand=operand, given=given):
            return f"{_print(operand, _SUM)} is {_presence(given)}", _COMPARISON
        case Negate(operand=operand):
            return f"not {_print(operand, _NOT)}", _NOT
        case Junction(word=word, operands=operands):
            binding = _AND if word == "and" else _OR
            return f" {word} ".join(_print(part, binding + 1) for part in operands), binding
        case Conditional(test=test, then=then, otherwise=otherwise):
            parts = (_print(part, _CONDITIONAL) for part in (test, then, otherwise))
            return "if {} then {} else {}".format(*parts), _CONDITIONAL
        case Quantified(word=word, variable=variable, source=source, test=test):
            return f"{word} {variable} in {source.path} satisfies {_print(test, _CONDITIONAL)}", _CONDITIONAL
        case Iteration(variable=variable, source=source, body=body):
            return f"{_print(variable, _SUM)} in {source.path}, {_print(body, _CONDITIONAL)}", _CONDITIONAL
        case _:
            return _cell(node), _CONDITIONAL


def _cell(node: Syntax) -> str:
    match node:
        case AnyCell():
            return "-"
        case CompareCell(operator=operator, right=right):
            return f"{operator} {_print(right, _SUM)}"
        case PresenceCell(given=given):
            return _presence(given)
        case ChoiceCell(choices=choices, negated=True):
            return f"not({', '.join(_print(choice, _SUM) for choice in choices)})"
        case ChoiceCell(choices=(choice,)):
            return _print(choice, _SUM)
        case ChoiceCell(choices=choices):
            return _list(choices)
        case IntervalCell(interval=interval):
            return _interval(interval)
        case TypedCell(text=text):
            return text
    raise TypeError(f"not syntax: {node!r}")


def _interval(interval: Interval) -> str:
    low, high = _print(interval.low, _SUM), _print(interval.high, _SUM)
    return f"{'[' if interval.low_closed else '('}{low}..{high}{']' if interval.high_closed else ')'}"


def _list(choices: tuple[Syntax, ...]) -> str:
    return f"[{', '.join(_print(choice, _SUM) for choice in choices)}]"


def _in(negated: bool) -> str:
    return "not in" if negated else "in"


def _presence(given: bool) -> str:
    return "given" if given else "absent"
