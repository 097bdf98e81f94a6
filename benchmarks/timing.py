"""Owns how two pieces of code are compared: in one run, by turns, by the time of this thread alone."""

import statistics
import time
from collections.abc import Callable
from typing import Any

ROUNDS = 31

# A function, and what it is called with.
Timed = tuple[Callable[[Any], Any], list[Any]]


def seconds(timed: Timed) -> float:
    """Those of one call, of this thread alone: what else the machine does meanwhile does not count."""
    function, given = timed
    start = time.thread_time()
    for each in given:
        function(each)
    return (time.thread_time() - start) / len(given)


def ratio(candidate: Timed, rival: Timed, rounds: int = ROUNDS) -> float:
    """How many calls of the candidate fit into the time of one of the rival: the median over pairs."""
    seconds(candidate)
    seconds(rival)
    pairs = []
    for number in range(rounds):
        if number % 2:
            own, other = seconds(candidate), seconds(rival)
        else:
            other, own = seconds(rival), seconds(candidate)
        pairs.append(other / own)
    return statistics.median(pairs)
