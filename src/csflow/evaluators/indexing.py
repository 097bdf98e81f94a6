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

# Between up to so many regions a number is compared in the text, and not searched for.
_COMPARED = 16


class Index:
    """The sum over the regions of some facts, from 0 to before `size`, and the `names` in its text."""

    def __init__(self, branchings: Sequence[Branching]) -> None:
        sizes = [len(branching.regions) for branching in branchings]
        # What is counted first counts most.
        steps = [1, *accumulate(reversed(sizes), mul)][-2::-1] if sizes else []
        self._counted = list(zip(branchings, steps, strict=True))
        self.size = prod(sizes)
        self.names: dict[str, Any] = {
            _table_of(branching): _counts(branching, step) for branching, step in self._counted
        }
        self.names["neither"] = _neither
        self.told_apart = frozenset(each.place for each in branchings if _is_told_apart(each))

    def text(self, fact: str) -> str:
        """The sum over facts, each written as `fact`; it raises KeyError where one is not given.

        And where one that is `told_apart`, by its place, is neither True nor False.
        """
        return " + ".join(_part(*counted, fact.format(counted[0].place)) for counted in self._counted) or "0"

    def holding(self, rules: int) -> Iterator[int]:
        """Of some rules those that hold, in the order of the sum."""
        for lefts in product(*([left for _, left in branching.regions] for branching, _ in self._counted)):
            found = rules
            for left in lefts:
                found &= left
            yield found


def _is_told_apart(branching: Branching) -> bool:
    """Whether a fact is True or False, and never absent."""
    return branching.size is None and set(branching.keys()) == {True, False}


def _neither(value: Any) -> int:
    raise KeyError(value)


def _table_of(branching: Branching) -> str:
    return f"i{branching.place}"


def _counts(branching: Branching, step: int) -> Any:
    """What each key of a branching counts; of a number that is searched for, where to search."""
    if branching.starts is not None:
        return branching.starts
    counts = {key: number * step for number, (keys, _) in enumerate(branching.regions) for key in keys}
    return counts if branching.size is None else [counts[key] for key in range(branching.size)]


def _part(branching: Branching, step: int, fact: str) -> str:
    table = _table_of(branching)
    if branching.starts is not None:
        if len(branching.starts) < _COMPARED:
            return _compared(branching.starts, 0, step, fact)
        return f"bisect_right({table}, {fact}) * {step}"
    counts = _counts(branching, step)
    if _is_told_apart(branching):
        return f"({counts[True]} if {fact} is True else {counts[False]} if {fact} is False else neither({fact}))"
    return f"{table}[{branching.key(fact)}]"


def _compared(starts: Sequence[int], passed: int, step: int, fact: str) -> str:
    """What a number counts that has passed so many starts, and perhaps some of these."""
    if not starts:
        return str(passed * step)
    middle = len(starts) // 2
    below = _compared(starts[:middle], passed, step, fact)
    above = _compared(starts[middle + 1 :], passed + middle + 1, step, fact)
    return f"({below} if {fact} < {starts[middle]} else {above})"
