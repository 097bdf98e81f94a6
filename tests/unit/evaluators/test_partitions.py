"""Boxes that part a whole, beside counting every case."""

import random
from itertools import product

import pytest

from csflow.evaluators.partitions import Box, is_partition

COUNTS = {0: 2, 1: 3, 4: 5}


def parted_by_trying(boxes: list[Box], whole: Box) -> bool:
    """Whether every case of the whole lies in one box, and every box has a case."""
    used = set()
    for regions in product(*map(range, COUNTS.values())):
        case = dict(zip(COUNTS, regions, strict=True))
        if not lies_in(case, whole):
            continue
        holding = [number for number, box in enumerate(boxes) if lies_in(case, box)]
        if len(holding) != 1:
            return False
        used.update(holding)
    return len(used) == len(boxes)


def lies_in(case: dict[int, int], box: Box) -> bool:
    return all(mask >> case[source] & 1 for source, mask in box.items())


def some_partition(chance: random.Random, whole: Box) -> list[Box]:
    """Boxes made by cutting one of them again and again in two, into sets of regions that need not be neighbours."""
    boxes = [{source: whole.get(source, (1 << count) - 1) for source, count in COUNTS.items()}]
    for _ in range(chance.randrange(8)):
        box, source = chance.choice(boxes), chance.choice(list(COUNTS))
        part = box[source] & chance.getrandbits(COUNTS[source])
        if part not in (0, box[source]):
            boxes.remove(box)
            boxes += [{**box, source: part}, {**box, source: box[source] ^ part}]
    return boxes


@pytest.mark.parametrize("seed", range(60))
def test_boxes_part_a_whole_where_trying_every_case_says_so(seed: int) -> None:
    chance = random.Random(seed)
    whole = {1: chance.choice((0b111, 0b101, 0b010))} if seed % 3 else {}
    boxes = some_partition(chance, whole)
    assert is_partition(boxes, whole, COUNTS) is parted_by_trying(boxes, whole) is True
    for _ in range(20):
        changed = [dict(box) for box in boxes]
        box, source = chance.choice(changed), chance.choice(list(COUNTS))
        box[source] ^= 1 << chance.randrange(COUNTS[source])
        assert is_partition(changed, whole, COUNTS) is parted_by_trying(changed, whole)


def test_what_is_left_over_does_not_make_up_for_what_meets() -> None:
    """The cells of these two are as many as the whole has."""
    assert not is_partition([{4: 0b00111}, {4: 0b00011}], {}, {4: 5})
    assert not is_partition([{0: 0b01}, {0: 0b01}], {}, {0: 2})
