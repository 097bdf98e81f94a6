"""What linking finds beyond the examples of the catalogue."""

import pytest
from tests.unit.flows.packs import EXCHANGE, files

from csflow import PackError, load_pack


def names(changed: str) -> list[str]:
    with pytest.raises(PackError) as caught:
        load_pack(files({"flows/exchange.yaml": changed}))
    return [finding.name for finding in caught.value.diagnostics]


def test_a_window_in_days_cannot_pause() -> None:
    clock = "within: 10 hours, calendar: service"
    assert clock in EXCHANGE
    assert "unpausable-clock" in names(EXCHANGE.replace(clock, "within: param.return_window"))


def test_the_row_for_all_else_has_no_other_name() -> None:
    """A checked flow never raises: a row is found again by the name of the rule that holds."""
    rest = "{otherwise: true, to: refused}"
    assert rest in EXCHANGE
    assert names(EXCHANGE.replace(rest, "{id: rest, otherwise: true, to: refused}")) == ["misplaced-key"]
    assert "reserved-word" in names(EXCHANGE.replace(rest, "{id: otherwise, when: order.paid <= 100 CNY, to: refused}"))


@pytest.mark.parametrize("kind", ['{type: bool, start: "false"', "{type: money, min: 0 CNY, max: 3 CNY, start: 0 CNY"])
def test_what_has_no_next_is_not_set_to_it(kind: str) -> None:
    kept = '{type: int, min: 0, max: 3, start: "0"'
    assert kept in EXCHANGE
    assert names(_counted(EXCHANGE.replace(kept, kind)))


def _counted(flow: str) -> str:
    risen = "rise: {set: {level: next}, do: [tell]}"
    assert risen in flow
    return flow.replace(risen, "rise: {set: {level: next, tries: next}, do: [tell]}")
