"""No nearer value changes anything: the search for the nearest change beside a scan by the reference engine.

Packs by chance that use the whole language, and packs in which nearly every fact matters. Where a fact has few values, all are tried; of others the value found and
its neighbour, and many between it and the present one: random ones, and those beside midnights and beside borders. A
seeded slice runs in CI; CSFLOW_SOAK=1 takes more. A failure names pack, case, decision and fact.
"""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from tests.agreement import sharp
from tests.agreement.cases import Cases
from tests.soundness import packs

from csflow.evaluators import lines, stretches
from csflow.evaluators.lines import Line
from csflow.evaluators.nearest import Direction, NearestChanges
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.positions import range_of
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.stretches import StretchEvaluation
from csflow.expressions import terms as t
from csflow.facts import ABSENT, Facts, facts_of
from csflow.loading.passes import load_files
from csflow.pack.model import Fact, LinkedPack
from csflow.values.instants import DAY
from csflow.values.kinds import ORDERED

IS_SOAK = os.environ.get("CSFLOW_SOAK") == "1"
PACKS, CASES = (600, 12) if IS_SOAK else (20, 3)
CHUNK = 10
MAKERS: dict[str, Callable[[int], Mapping[str, bytes]]] = {
    "whole language": lambda seed: packs.made(seed).files,
    "sharp": sharp.made,
}
# Where hardly a fact matters, half as many packs.
CHUNKS = [
    pytest.param(maker, range(first, first + CHUNK), id=f"{maker} {first}")
    for maker, count in (("sharp", PACKS), ("whole language", PACKS // 2))
    for first in range(0, count, CHUNK)
]
# A kind with no more values than this is scanned whole.
SCANNED = 320
SPOTS = 24


class Scan:
    """One decision of one case, and what any other value of a fact does to it."""

    def __init__(self, pack: LinkedPack, facts: Facts, at: int, decision: str) -> None:
        self.pack, self.facts, self.at, self.decision = pack, facts, at, decision
        self._present = self._outcome(facts)

    def changes(self, fact: Fact, value: Any) -> bool:
        found = self._outcome(facts_of(self.pack, {**self.facts.values, fact.path: value}))
        return (found.status, found.outputs) != (self._present.status, self._present.outputs)

    def _outcome(self, facts: Facts) -> Outcome:
        return Evaluation(self.pack, facts, self.at).decide(self.decision)

    def wrong(self, fact: Fact) -> Iterator[str]:
        """What the search says otherwise than the scan."""
        search = NearestChanges(self.pack, self.facts, self.at, self.decision)
        found = {change.direction: change for change in search.of(fact) if change.value is not ABSENT}
        low, high = range_of(t.Reference(fact.mark, fact.kind, t.Space.FACT, fact.path, fact.optional))
        present = self.facts.values[fact.path]
        sides = [(Direction.BELOW, present - 1, low, -1), (Direction.ABOVE, present + 1, high, 1)] if present is not ABSENT else [
            (Direction.OTHER, low, high, 1)
        ]  # fmt: skip
        for direction, first, last, step in sides:
            change = found.get(direction)
            if change is not None and change.outcome is None:
                yield f"{direction}: given up"
                continue
            value = None if change is None else change.value
            if value is not None and not self.changes(fact, value):
                yield f"{direction}: {value} changes nothing"
            for nearer in self._nearer(fact, first, last if value is None else value - step, step):
                if self.changes(fact, nearer):
                    yield f"{direction}: {value} was found, but {nearer} is nearer"
                    break

    def _nearer(self, fact: Fact, first: int, last: int, step: int) -> Iterator[int]:
        """Values from the first to the last: all of few, of many those where something may happen."""
        if (last - first) * step < 0:
            return
        if abs(last - first) < SCANNED:
            yield from range(first, last + step, step)
            return
        chance = random.Random(f"{fact.path} {first} {last}")
        yield last
        low, high = sorted((first, last))
        if fact.kind.name == "datetime":
            for _ in range(SPOTS):
                midnight = (first // DAY + step * chance.randint(0, 60)) * DAY - 8 * DAY // 24
                yield from (each for each in (midnight - 1, midnight) if low <= each <= high)
        yield from (chance.randint(low, high) for _ in range(SPOTS))
        yield from (first + step * chance.randint(0, min(high - low, 5_000)) for _ in range(SPOTS))


@cache
def linked(maker: str, seed: int) -> LinkedPack | None:
    return load_files(MAKERS[maker](seed)).pack


def scanned(maker: str, seeds: range, cases: int) -> Iterator[tuple[str, Fact, Scan]]:
    """Every ordered fact of every case that is given or absent."""
    for seed in seeds:
        pack = linked(maker, seed)
        if pack is None:
            continue
        some = Cases(pack)
        for number in range(cases):
            facts, at = some.case(number)
            for name in pack.decisions:
                scan = Scan(pack, facts, at, name)
                for fact in pack.facts.values():
                    if fact.kind.name in ORDERED and fact.path in facts.values:
                        yield f"{maker} pack {seed}, case {number}, {name}, {fact.path}", fact, scan


def disagreements(maker: str, seeds: range, cases: int) -> Iterator[str]:
    for where, fact, scan in scanned(maker, seeds, cases):
        yield from (f"{where}: {each}" for each in scan.wrong(fact))


@pytest.mark.parametrize(("maker", "seeds"), CHUNKS)
def test_no_nearer_value_changes_anything(maker: str, seeds: range) -> None:
    assert list(disagreements(maker, seeds, CASES)) == []
    linked.cache_clear()


def test_the_cases_have_changes_on_every_kind_of_fact() -> None:
    """Nothing is shown where hardly anything changes."""
    tally: Counter[str] = Counter()
    for _, fact, scan in scanned("sharp", range(24), 3):
        search = NearestChanges(scan.pack, scan.facts, scan.at, scan.decision)
        tally[fact.kind.name] += sum(change.outcome is not None for change in search.of(fact))
    print(tally)
    assert (
        min(tally[kind] for kind in ("int", "money", "percent", "decimal", "days", "duration", "date", "datetime")) >= 5
    ), tally


# Mistakes that such a search may make, each planted: the scan finds every one.


def one_step_too_far(patch: pytest.MonkeyPatch) -> None:
    """A stretch ends one step behind the border."""
    ended = Line._ended

    def late(line: Line, holds: Callable[[int], bool]) -> bool:
        before = line.stretch.high
        answer = ended(line, holds)
        line.stretch.high = min(before, line.stretch.high + 1)
        return answer

    patch.setattr(Line, "_ended", late)


def an_open_end_for_a_closed_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Line, "__le__", Line.__lt__)
    patch.setattr(Line, "__ge__", Line.__gt__)


def rounded_down(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lines, "round_exact", lambda number, rounding: int(number // 1))


def not_rounded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Line, "rounded", lambda line, rounding: line)


def one_edition_for_all(patch: pytest.MonkeyPatch) -> None:
    """The edition of the first day of a stretch holds for all of it, and nothing is cut where editions change."""
    governing = stretches.Evaluation._governing_day

    def first(evaluation: Any, decision: Any, inherited: Any) -> Any:
        day: Any = governing(evaluation, decision, inherited)
        return day.range()[0] if isinstance(day, Line) else day

    patch.setattr(StretchEvaluation, "_governing_day", first)
    patch.setattr(NearestChanges, "_moments_of_change", lambda search, fact: ())


def one_end_for_all(patch: pytest.MonkeyPatch) -> None:
    """Every start in a stretch has the end of the first."""
    counted = stretches._deadline

    def first(window: Any, start: Any, calendars: Any, zone: Any) -> Any:
        found: Any = counted(window, start, calendars, zone)
        return found.range()[0] if isinstance(found, Line) else found

    patch.setattr(stretches, "_deadline", first)


@pytest.mark.parametrize(
    "mistake",
    [one_step_too_far, an_open_end_for_a_closed_one, rounded_down, not_rounded, one_edition_for_all, one_end_for_all],
)
def test_a_planted_mistake_is_found(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    assert next(disagreements("sharp", range(20), 3), None) is not None
