"""Owns dividing whole minor units so that the parts sum to the whole: by largest remainder, and by Sainte-Laguë.

Nothing here rounds: every unit of the whole goes to exactly one part. Ties go to the earlier part.
"""

from collections.abc import Iterable, Sequence

# So many parts, one after the other, of the same value each.
Run = tuple[int, int]
Runs = tuple[Run, ...]


def apportion(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` divided in proportion to the weights, by largest remainder; equally where all weights are zero.

    Amount and weights are whole and not negative. No part of an amount that is at most the sum of the weights is
    larger than its weight.
    """
    return [share for count, share in apportion_runs(amount, [(1, weight) for weight in weights]) for _ in range(count)]


def apportion_runs(amount: int, weights: Sequence[Run]) -> Runs:
    """The same over runs of equal weights: the parts as runs, in the order of the weights.

    Time and space depend on the number of runs, not on how many parts they stand for.
    """
    total = sum(count * weight for count, weight in weights)
    if not total:
        weights = [(count, 1) for count, _ in weights]
        total = sum(count for count, _ in weights)
        if not total:
            if amount:
                raise ValueError("an amount cannot be divided among no parts")
            return ()
    floors = [divmod(amount * weight, total) for _, weight in weights]
    left = amount - sum(count * floor for (count, _), (floor, _) in zip(weights, floors, strict=True))
    extra = [0] * len(weights)
    for place in sorted(range(len(weights)), key=lambda place: -floors[place][1]):
        extra[place] = min(left, weights[place][0])
        left -= extra[place]
    return joined(
        run
        for (count, _), (floor, _), more in zip(weights, floors, extra, strict=True)
        for run in ((more, floor + 1), (count - more, floor))
    )


def joined(runs: Iterable[Run]) -> Runs:
    """Runs without empty ones, neighbours of one value as one."""
    found: list[Run] = []
    for count, value in runs:
        if count and found and found[-1][1] == value:
            found[-1] = (found[-1][0] + count, value)
        elif count:
            found.append((count, value))
    return tuple(found)


def tail(runs: Sequence[Run], count: int) -> Runs:
    """The last `count` of the parts."""
    kept: list[Run] = []
    for size, value in reversed(runs):
        if count <= 0:
            break
        kept.append((min(size, count), value))
        count -= size
    return tuple(reversed(kept))


def head(runs: Sequence[Run], count: int) -> Runs:
    """The first `count` of the parts."""
    return tuple(reversed(tail(tuple(reversed(runs)), count)))


def total(runs: Sequence[Run]) -> int:
    """The sum of the parts."""
    return sum(count * value for count, value in runs)


def minus(runs: Sequence[Run], others: Sequence[Run]) -> Runs:
    """Part by part the one less the other; both stand for as many parts."""
    found: list[Run] = []
    left, right = list(reversed(runs)), list(reversed(others))
    while left and right:
        (count, value), (other_count, other) = left.pop(), right.pop()
        size = min(count, other_count)
        found.append((size, value - other))
        if count > size:
            left.append((count - size, value))
        if other_count > size:
            right.append((other_count - size, other))
    if left or right:
        raise ValueError("runs of different lengths")
    return joined(found)


def by_sainte_lague(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` units given one after the other, each to the part with the largest weight / (2 * given + 1).

    Ties go to the earlier part. INVARIANT: no part shrinks when the amount grows, and at the sum of the weights each
    part is its weight. Source: the divisor method of Webster and Sainte-Laguë (Balinski and Young, Fair
    Representation, 1982), which is monotone in the amount, as largest remainder is not.
    """
    whole = sum(weights)
    if not whole:
        if amount:
            raise ValueError("an amount cannot be divided among parts that weigh nothing")
        return [0] * len(weights)
    # What every part has down to the divisor whole / amount, ties all given; at most a few too many or too few.
    given = [(2 * weight * amount + whole) // (2 * whole) for weight in weights]
    short = amount - sum(given)
    for _ in range(short):
        given[_first(weights, given, 1)] += 1
    for _ in range(-short):
        given[_first(weights, given, -1)] -= 1
    return given


def _first(weights: Sequence[int], given: Sequence[int], side: int) -> int:
    """The part that is next to be given a unit (side 1), or the one that got the last (side -1)."""
    best = -1
    for place, weight in enumerate(weights):
        if side < 0 and not given[place]:
            continue
        if best < 0:
            best = place
            continue
        ours, theirs = weight * (2 * given[best] + side), weights[best] * (2 * given[place] + side)
        if ours > theirs if side > 0 else ours <= theirs:
            best = place
    return best
