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
