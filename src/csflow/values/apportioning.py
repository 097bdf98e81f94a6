"""Owns dividing whole minor units so that the parts sum to the whole: by largest remainder, and by Sainte-Laguë.

Nothing here rounds: every unit of the whole goes to exactly one part. Ties go to the earlier part.
"""

from collections.abc import Iterable, Sequence

# So many parts, one after the other, of the same value each.
Run = tuple[int, int]
Runs = tuple[Run, ...]
_NONE: Run = (0, 0)


def apportion(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` divided in proportion to the weights, by largest remainder; equally where all weights are zero.

    Amount and weights are whole and not negative. No part of an amount that is at most the sum of the weights is
    larger than its weight.
    """
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), _among(amount, len(weights))
    parts, remainders = [], []
    for weight in weights:
        floor, remainder = divmod(amount * weight, whole)
        parts.append(floor)
        remainders.append(remainder)
    left = amount - sum(parts)
    if left:
        for place in _largest_first(remainders)[:left]:
            parts[place] += 1
    return parts


def apportion_runs(amount: int, weights: Sequence[Run]) -> Runs:
    """The same over runs of equal weights: the parts as runs, in the order of the weights.

    Time and space depend on the number of runs, not on how many parts they stand for.
    """
    if len(weights) == 1:
        return equal_parts(amount, weights[0][0])
    whole = total(weights)
    if not whole:
        weights = [(count, 1) for count, _ in weights]
        whole = _among(amount, total(weights)) or 1
    floors, remainders, left = [], [], amount
    for count, weight in weights:
        floor, remainder = divmod(amount * weight, whole)
        floors.append(floor)
        remainders.append(remainder)
        left -= count * floor
    extra = [0] * len(weights)
    for place in _largest_first(remainders):
        extra[place] = min(left, weights[place][0])
        left -= extra[place]
    return joined(
        run
        for (count, _), floor, more in zip(weights, floors, extra, strict=True)
        for run in ((more, floor + 1), (count - more, floor))
    )


def equal_parts(amount: int, count: int) -> Runs:
    """`amount` divided into so many equal parts, the earlier one larger where it does not come out even."""
    floor, more = divmod(amount, _among(amount, count) or 1)
    return joined(((more, floor + 1), (count - more, floor)))


def _among(amount: int, count: int) -> int:
    """As many parts as there are. ValueError where there are none and something is to be divided."""
    if amount and not count:
        raise ValueError("an amount cannot be divided among no parts")
    return count


def _largest_first(remainders: Sequence[int]) -> list[int]:
    """The places by their remainders; of equal ones the earlier first."""
    return sorted(range(len(remainders)), key=remainders.__getitem__, reverse=True)


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
        if size >= count:
            if count > 0:
                kept.append((count, value))
            break
        kept.append((size, value))
        count -= size
    kept.reverse()
    return tuple(kept)


def head(runs: Sequence[Run], count: int) -> Runs:
    """The first `count` of the parts."""
    return tuple(reversed(tail(tuple(reversed(runs)), count)))


def total(runs: Sequence[Run]) -> int:
    """The sum of the parts."""
    found = 0
    for count, value in runs:
        found += count * value
    return found


def minus(runs: Sequence[Run], others: Sequence[Run]) -> Runs:
    """Part by part the one less the other; both stand for as many parts."""
    found: list[Run] = []
    taken = iter(others)
    size, other = 0, 0
    for count, value in runs:
        while count:
            if not size:
                size, other = next(taken, _NONE)
                if not size:
                    raise ValueError("runs of different lengths")
            both = min(count, size)
            found.append((both, value - other))
            count -= both
            size -= both
    if size or next(taken, None):
        raise ValueError("runs of different lengths")
    return joined(found)


def last_of(runs: Sequence[Run], count: int) -> int:
    """The sum of the last `count` of the parts."""
    found = 0
    for size, value in reversed(runs):
        if size >= count:
            return found + count * value
        found += size * value
        count -= size
    return found


def first_of(runs: Sequence[Run], count: int) -> int:
    """The sum of the first `count` of the parts."""
    found = 0
    for size, value in runs:
        if size >= count:
            return found + count * value
        found += size * value
        count -= size
    return found


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
