"""Owns the last step of a dispatch where all that is left can be counted: a list of answers, at a sum over the facts.

Each fact adds what its region counts. So nothing is called, and a number of many values takes no more room than its
regions do.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from math import prod
from operator import mul
from typing import Any

from csflow.evaluators.dispatching import Branching

# A fact, and what each of its regions counts.
Counted = tuple[Branching, int]
# As many cases are told apart in the text of a sum; what remains adds a number of its own.
_MOST_TOLD = 64


class Index:
    """The sum over the regions of some facts, from 0 to before `size`, and the `names` in its text.

    `told_apart` are the places of facts that are True or False, and never absent.
    """

    def __init__(self, branchings: Sequence[Branching]) -> None:
        sizes = [len(branching.regions) for branching in branchings]
        # What is counted first counts most.
        steps = [1, *accumulate(reversed(sizes), mul)][-2::-1] if sizes else []
        self._counted = list(zip(branchings, steps, strict=True))
        self.size = prod(sizes)
        self.told_apart = frozenset(each.place for each in branchings if _is_told_apart(each))
        self._told: list[Counted] = []
        self._added: list[Counted] = []
        for counted in sorted(self._counted, key=lambda counted: len(counted[0].regions)):
            told = prod(len(branching.regions) for branching, _ in (*self._told, counted))
            is_told = _is_in_text(counted[0]) and (told <= _MOST_TOLD or _is_told_apart(counted[0]))
            (self._told if is_told else self._added).append(counted)
        self.names: dict[str, Any] = {_table_of(branching): _counts(branching, step) for branching, step in self._added}
        self.names["neither"] = _neither

    def text(self, fact: str, *, is_checked: bool) -> str:
        """The sum over facts, each written as `fact`; it raises KeyError where one is not given.

        And, unless they are checked, where one that is `told_apart` is neither True nor False.
        """
        told = _told(self._told, 0, fact, is_checked)
        return " + ".join((told, *(_added(*counted, fact.format(counted[0].place)) for counted in self._added)))

    def holding(self, rules: int) -> Iterator[int]:
        """Of some rules those that hold, in the order of the sum."""
        for lefts in product(*([left for _, left in branching.regions] for branching, _ in self._counted)):
            found = rules
            for left in lefts:
                found &= left
            yield found


def _is_told_apart(branching: Branching) -> bool:
    return branching.size is None and set(branching.keys()) == {True, False}


def _is_in_text(branching: Branching) -> bool:
    """Whether a few comparisons say which region it is."""
    return branching.starts is not None or _is_told_apart(branching)


def _neither(value: Any) -> int:
    raise KeyError(value)


def _told(parts: Sequence[Counted], counted: int, fact: str, is_checked: bool) -> str:
    """What facts add to what is counted, told by comparing them."""
    if not parts:
        return str(counted)
    (branching, step), *others = parts
    x = fact.format(branching.place)
    regions = [_told(others, counted + number * step, fact, is_checked) for number, _ in enumerate(branching.regions)]
    if branching.starts is not None:
        return _compared(x, branching.starts, regions)
    yes, no = (
        next(text for text, (keys, _) in zip(regions, branching.regions, strict=True) if key in keys)
        for key in (True, False)
    )
    if is_checked:
        return f"({yes} if {x} else {no})"
    return f"({yes} if {x} is True else {no} if {x} is False else neither({x}))"


def _compared(x: str, starts: Sequence[int], regions: Sequence[str]) -> str:
    """The text of the region of a number; each but the first begins at one of the starts."""
    if not starts:
        return regions[0]
    middle = len(starts) // 2
    below = _compared(x, starts[:middle], regions[: middle + 1])
    above = _compared(x, starts[middle + 1 :], regions[middle + 1 :])
    return f"({below} if {x} < {starts[middle]} else {above})"


def _added(branching: Branching, step: int, x: str) -> str:
    table = _table_of(branching)
    return f"bisect_right({table}, {x}) * {step}" if branching.starts is not None else f"{table}[{branching.key(x)}]"


def _table_of(branching: Branching) -> str:
    return f"i{branching.place}"


def _counts(branching: Branching, step: int) -> Any:
    """What each key of a branching counts; of a number that is searched for, where to search."""
    if branching.starts is not None:
        return branching.starts
    counts = {key: number * step for number, (keys, _) in enumerate(branching.regions) for key in keys}
    return counts if branching.size is None else [counts[key] for key in range(branching.size)]
