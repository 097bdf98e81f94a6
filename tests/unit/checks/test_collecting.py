"""The collector while a pack is loaded: not at work, and afterwards as it was."""

import gc
from collections.abc import Iterator

import pytest
from benchmarks import workload

from csflow.checks.analysis import analyse
from csflow.checks.collecting import uncollected
from csflow.checks.remembering import Memory
from csflow.diagnostics import Diagnostics
from csflow.loading.passes import load_files


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize("set_before", [gc.enable, gc.disable])
def test_the_collector_is_as_before_also_where_something_is_raised(set_before) -> None:
    set_before()
    was_on = gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        _ = 1 / 0
    assert gc.isenabled() is was_on


def test_nothing_is_collected_while_a_pack_is_loaded() -> None:
    gc.enable()
    runs = []

    def ran(phase: str, _: dict[str, int]) -> None:
        runs.append(phase)

    files = {name: text.encode() for name, text in workload.files(workload.unique(200, seed=7), "unique").items()}
    gc.callbacks.append(ran)
    try:
        assert load_files(files).pack is not None
    finally:
        gc.callbacks.remove(ran)
    assert gc.isenabled()
    # What was put off is done once, when it may be.
    assert runs.count("start") <= 1


def test_a_pack_that_is_dropped_leaves_nothing_for_the_collector() -> None:
    files = {name: text.encode() for name, text in workload.files(workload.unique(30, seed=7), "unique").items()}

    def loaded_and_analysed() -> None:
        pack = load_files(files).pack
        assert pack is not None
        analyse(pack, Diagnostics(), Memory())

    # The first load makes the parser, which is kept.
    loaded_and_analysed()
    gc.collect()
    gc.disable()
    loaded_and_analysed()
    assert gc.collect() < 30
