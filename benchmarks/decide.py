"""One decision, beside the same table written by hand and beside ZEN, in one run.

`python benchmarks/decide.py [--json]` prints how many decisions each makes in the time in which hand-written
Python makes one: candidate and rival alternate in one process, garbage collection is off, and the figure is the
median of the pairwise ratios. Before anything is timed, every engine must give the hand-written answer on every case.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


ROUNDS = 25
CASES = 3_000
Timed = Callable[[Iterable[Any]], None]


def seconds(function: Callable[[Any], Any], given: list[Any]) -> float:
    start = time.perf_counter()
    for each in given:
        function(each)
    return time.perf_counter() - start


def ratio(candidate: tuple[Callable[[Any], Any], list[Any]], rival: tuple[Callable[[Any], Any], list[Any]]) -> float:
    """How many calls of the candidate fit into the time of one of the rival: the median over pairs."""
    for function, given in (candidate, rival):
        seconds(function, given)
    pairs = []
    for number in range(ROUNDS):
        first, second = (candidate, rival) if number % 2 else (rival, candidate)
        taken = {id(each): seconds(*each) / len(each[1]) for each in (first, second)}
        pairs.append(taken[id(rival)] / taken[id(candidate)])
    return statistics.median(pairs)


def outputs(answer: Any) -> tuple[Any, ...] | None:
    """An answer of csflow as the hand-written function gives it."""
    return tuple(answer.values()) if answer else None
