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
# So many cases are compared in the text of a sum; whatever else is left adds a number of its own.
_MOST_COMPARED = 64


class Index:
    """The sum over the regions of some facts, from 0 to before `size`, and the `names` in its text.

    `told` are the places of facts of which the text finds out whether they are True or False, or within their bounds.
    """

    def __init__(self, branchings: Sequence[Branching]) -> None:
        sizes = [len(branching.regions) for branching in branchings]
        # What is counted first counts most.
        steps = [1, *accumulate(reversed(sizes), mul)][-2::-1] if sizes else []
        self._counted = list(zip(branchings, steps, strict=True))
        self._compared: list[Counted] = []
        self._added: list[Counted] = []
        for branching, step in sorted(self._counted, key=lambda counted: len(counted[0].regions)):
            cases = prod(len(each.regions) for each, _ in self._compared) * len(branching.regions)
            is_compared = _is_truth(branching) or (branching.is_searched and cases <= _MOST_COMPARED)
            (self._compared if is_compared else self._added).append((branching, step))
        self.size = prod(sizes)
        self.told = frozenset(
            [branching.place for branching, _ in self._compared if _is_truth(branching) or branching.bounds]
            + [branching.place for branching, _ in self._added if _is_looked_up(branching) and branching.bounds]
        )
        self.names = {_table_of(branching): _counts(branching, step) for branching, step in self._added}
        self.names["misfit"] = _misfit

    def text(self, fact: str, *, is_checked: bool) -> str:
        """The sum over facts, each written as `fact`; it raises KeyError where one is not given.

        And, unless they are checked, where one of those that are `told` is no value of its kind.
        """
        added = (_added(*counted, fact.format(counted[0].place)) for counted in self._added)
        return " + ".join((_compared(self._compared, 0, fact, is_checked), *added))

    def holding(self, rules: int) -> Iterator[int]:
        """Of some rules those that hold, in the order of the sum."""
        for lefts in product(*([left for _, left in branching.regions] for branching, _ in self._counted)):
            found = rules
            for left in lefts:
                found &= left
            yield found


def searched(x: str, borders: Sequence[str], regions: Sequence[str]) -> str:
    """The text of the region of a number; each but the first begins at one of the borders."""
    if not borders:
        return regions[0]
    middle = len(borders) // 2
    below = searched(x, borders[:middle], regions[: middle + 1])
    above = searched(x, borders[middle + 1 :], regions[middle + 1 :])
    return f"({below} if {x} < {borders[middle]} else {above})"


def _is_truth(branching: Branching) -> bool:
    """Whether a fact is True or False, and never absent."""
    return branching.size is None and set(branching.keys()) == {True, False}


def _is_looked_up(branching: Branching) -> bool:
    return not branching.is_searched


def _misfit(value: Any) -> int:
    raise KeyError(value)


def _compared(parts: Sequence[Counted], counted: int, fact: str, is_checked: bool) -> str:
    """What facts add to what is counted, found by comparing them."""
    if not parts:
        return str(counted)
    (branching, step), *others = parts
    x = fact.format(branching.place)
    regions = [
        _compared(others, counted + number * step, fact, is_checked) for number, _ in enumerate(branching.regions)
    ]
    if branching.is_searched:
        if branching.bounds is not None and not is_checked:
            low, high = branching.bounds
            regions[0] = f"({regions[0]} if {x} >= {low} else misfit({x}))"
            regions[-1] = f"({regions[-1]} if {x} <= {high} else misfit({x}))"
        return searched(x, list(map(str, branching.borders)), regions)
    region_of = {key: region for region, (keys, _) in zip(regions, branching.regions, strict=True) for key in keys}
    if is_checked:
        return f"({region_of[True]} if {x} else {region_of[False]})"
    return f"({region_of[True]} if {x} is True else {region_of[False]} if {x} is False else misfit({x}))"


def _added(branching: Branching, step: int, x: str) -> str:
    table = _table_of(branching)
    return f"{table}[{x}]" if _is_looked_up(branching) else f"bisect_right({table}, {x}) * {step}"


def _table_of(branching: Branching) -> str:
    return f"i{branching.place}"


def _counts(branching: Branching, step: int) -> Any:
    """What each value of a fact counts, as a row has it; of a number that is searched for, where to search."""
    if branching.is_searched:
        return branching.borders
    counts = {key: number * step for number, (keys, _) in enumerate(branching.regions) for key in keys}
    if branching.bounds is not None:
        # INVARIANT: a number is found to be within its bounds by being a key.
        low, high = branching.bounds
        return {value: counts[value - branching.low] for value in range(low, high + 1)}
    if branching.size is None:
        return counts
    return {branching.low + key: counts[key] for key in range(branching.size)}
