"""No number of a standard pack can be one unit larger or smaller without a test of its own authors failing.

Every number written in a pack is tried: in conditions and outputs, in parameters and layers, what a role may approve.
Those in the guards of flows, and those of parameters that flows alone read, are held by `test_walked_flows`: both sides
of every border are walked there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

import pytest

from csflow.diagnostics import Mark
from csflow.expressions import terms as t
from csflow.loading.passes import Loaded, load_folder
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.cases import Case
from csflow.pack.model import TRANSITION, LinkedPack, Settlement, every_edition
from csflow.settlement.cases import AnyCase, QuoteCase, RunCase
from csflow.testing.borders import moved_editions
from csflow.testing.changing import with_authority, with_edition, with_term
from csflow.testing.reading import Readers
from csflow.testing.running import Runner
from csflow.values.instants import SECOND
from csflow.values.kinds import ORDERED

_UNITS = {"datetime": SECOND, "duration": SECOND}
Change = tuple[Mark, str, Callable[[], LinkedPack]]


@cache
def loaded(name: str) -> Loaded:
    return load_folder(standard_folder(name))


def pack_of(name: str) -> LinkedPack:
    pack = loaded(name).pack
    assert pack is not None
    return pack


def moved_numbers(pack: LinkedPack) -> Iterator[Change]:
    """Where the number is written, what became of it, and the pack in which it is another."""
    asked = replace(pack, flows={})
    written = {(number.mark, number.value): number for term in asked.terms() for number in numbers(term)}
    read = {each.name for each in asked.reads() if each.space is t.Space.PARAMETER}
    read |= {each.name for settlement in pack.settlements.values() for each in _parameters_of(settlement)}
    clipped = charged_at_least_nothing(pack)
    for number in written.values():
        unit = _UNITS.get(number.kind.name, 1)
        for value in (number.value + unit, number.value - unit):
            if value < 0 and number.mark in clipped:
                continue
            moved = replace(number, value=value)
            yield number.mark, f"{number.value} -> {value}", partial(with_term, pack, number, moved)
    for name in read & pack.parameters.keys() | {TRANSITION} & pack.parameters.keys():
        for layer, old, new, _, shown in moved_editions(pack, name):
            yield old.mark, shown, partial(with_edition, pack, name, layer, old, new)
    for role in pack.roles.values() if any(map(asks_authority, pack.terms())) else ():
        for authority in (role.authority + 1, role.authority - 1):
            yield role.mark, f"{role.authority} -> {authority}", partial(with_authority, pack, role.name, authority)


def charged_at_least_nothing(pack: LinkedPack) -> set[Mark]:
    """The numbers in what is charged for units that an order earned: less than nothing is nothing, whatever is asked."""
    earned = (each for settlement in pack.settlements.values() for each in settlement.earned)
    charged = (term for each in earned for name, term in each.decision.rules[0].outputs if name == "charged")
    return {number.mark for term in charged for number in numbers(term)}


def _parameters_of(settlement: Settlement) -> Iterator[t.Reference]:
    return (each for decision in settlement.decisions() for each in decision.reads() if each.space is t.Space.PARAMETER)


def asks_authority(term: t.Term) -> bool:
    return (isinstance(term, t.Call) and term.function == "authority_of") or any(map(asks_authority, t.parts(term)))


def numbers(term: t.Term) -> Iterator[t.Constant]:
    if isinstance(term, t.Constant) and term.kind.name in ORDERED:
        yield term
    for part in t.parts(term):
        yield from numbers(part)


def is_noticed(pack: LinkedPack, cases: Iterable[AnyCase]) -> bool:
    """Whether one of the cases fails on the pack."""
    runner = Runner(pack)
    return any(not runner.run(case).passed for case in cases)


def nearest_first(name: str, mark: Mark) -> list[Case | QuoteCase]:
    """The cases of a pack, those first that ask what something is written in or read by, then what requires that."""
    pack = pack_of(name)
    reading = readers_of(name).get(mark, frozenset())
    own = {each.name for each in (*pack.decisions.values(), *pack.settlements.values()) if each.mark.path == mark.path}
    near = own | reading
    through = {each.name for each in pack.decisions.values() if not near.isdisjoint(each.requires)}
    return sorted(asked_cases(name), key=lambda case: (case.asks not in near, case.asks not in through))


def asked_cases(name: str) -> list[Case | QuoteCase]:
    """The tests of decisions and settlements."""
    return [case for case in loaded(name).cases if not isinstance(case, RunCase)]


@cache
def readers_of(name: str) -> Mapping[Mark, frozenset[str]]:
    """The decisions and settlements that read the edition of a parameter, or the number in a derived value, at a mark."""
    pack, readers, found = pack_of(name), Readers(pack_of(name)), {}
    settling = {each.name: {read.name for read in _parameters_of(each)} for each in pack.settlements.values()}
    for parameter in pack.parameters:
        reading = readers.of_parameter(parameter) | {each for each, read in settling.items() if parameter in read}
        found |= dict.fromkeys((edition.mark for edition in every_edition(pack, parameter)), reading)
    for derived in pack.derived.values():
        found |= dict.fromkeys((number.mark for number in numbers(derived.term)), readers.of_derived(derived.name))
    return found


@pytest.mark.parametrize("name", standard_names())
def test_the_tests_pass_as_the_pack_is(name: str) -> None:
    assert loaded(name).cases
    assert not is_noticed(pack_of(name), loaded(name).cases)
    assert len(list(moved_numbers(pack_of(name)))) >= 8


@pytest.mark.parametrize("name", standard_names())
def test_a_number_one_unit_off_fails_a_test_of_the_pack(name: str) -> None:
    unnoticed = [
        f"{mark.path}:{mark.line}:{mark.column} {mark.text.strip()[:60]}: {what}"
        for mark, what, changed in moved_numbers(pack_of(name))
        if not is_noticed(changed(), nearest_first(name, mark))
    ]
    assert unnoticed == []


def test_cases_that_say_too_little_are_found_out() -> None:
    cases = tuple(case for case in asked_cases("cn") if case.asks not in ("return_deadline", "no_reason_return"))
    changes = [changed for _, _, changed in moved_numbers(pack_of("cn"))]
    assert any(not is_noticed(changed(), cases[:5]) for changed in changes)
