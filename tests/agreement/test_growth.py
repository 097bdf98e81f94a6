"""Tables that grow while they are asked, as a long-lived process has them: bounded, shared by threads, and right.

The tables are those of the benchmarks, where the same rules written by hand say what is right.
"""

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from benchmarks import workload

from csflow import Pack
from csflow.evaluators import dispatching, growing, strips
from csflow.evaluators.growing import Growth

CASES = workload.cases(400, seed=7)
TABLES = {
    "first": ("first", workload.first_hit(24, seed=7)),
    "unique": ("unique", workload.unique(200, seed=7)),
}


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("few", [0, 1_000], ids=["answers in cells", "functions in cells"])
@pytest.mark.parametrize("most_compared", [0, 31], ids=["searched", "compared"])
@pytest.mark.usefixtures("impatient_threads")
def test_threads_share_tables_that_grow_and_are_forgotten(
    table: str, few: int, most_compared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, one_cell = 5_000, 2_000
    monkeypatch.setattr(strips, "_MOST_COMPARED", most_compared)
    monkeypatch.setattr(dispatching, "_FEW", few)
    monkeypatch.setattr(growing, "_MOST", room)
    monkeypatch.setattr(growing, "_MOST_OF_A_RULE", 0)
    forgotten, sizes = [], []
    forget, grow = Growth._forget, Growth._grow

    def counted(growth: Growth) -> None:
        forgotten.append(growth)
        forget(growth)

    def measured(growth: Growth, *asked: object) -> bool:
        is_new = grow(growth, *asked)  # type: ignore[arg-type]
        sizes.append(growth._size)
        return is_new

    monkeypatch.setattr(Growth, "_forget", counted)
    monkeypatch.setattr(Growth, "_grow", measured)
    hit_policy, rules = TABLES[table]
    pack, by_hand = workload.pack_of(rules, hit_policy), workload.by_hand(rules)
    checked = [pack.facts({"case": case}) for case in CASES]

    def wrong(start: int) -> list[int]:
        outputs = pack.function("refund")
        order = random.Random(start).sample(range(len(CASES)), len(CASES)) * 3
        found = ((number, outputs(checked[number] if start % 2 else {"case": CASES[number]})) for number in order)
        return [number for number, answer in found if tuple(answer.values()) != by_hand(CASES[number])]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(wrong, range(4))) == [[]] * 4
    assert len(forgotten) > 3
    assert max(sizes) <= room + one_cell


def test_what_has_grown_and_is_forgotten_leaves_no_names_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "_MOST", 5_000)
    monkeypatch.setattr(growing, "_MOST_OF_A_RULE", 0)
    hit_policy, rules = TABLES["first"]
    pack = workload.pack_of(rules, hit_policy)
    counts = []
    for _ in range(3):
        for case in CASES:
            pack.decide("refund", {"case": case})
        counts.append(_names(pack))
    assert counts[0] == counts[1] == counts[2]


def _names(pack: Pack) -> int:
    return len(pack._decider._engine._plain_programs["refund"].names)
