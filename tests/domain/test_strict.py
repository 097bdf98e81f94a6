"""`csflow check --strict` is clean on every standard pack; a calendar that nobody has published yet is spoken of."""

import json

import pytest
from typer.testing import CliRunner

from csflow.cli import app
from csflow.loading.standard import standard_folder, standard_names


@pytest.mark.parametrize("name", standard_names())
def test_a_strict_check_finds_nothing(name):
    told = CliRunner().invoke(app, ["check", "--strict", str(standard_folder(name)), "--format", "json"])
    assert told.exit_code == 0
    document = json.loads(told.stdout)
    found = [finding for finding in document["findings"] if finding["name"] != "near-horizon"]
    assert [f"{finding['file']}:{finding['line']} {finding['message']}" for finding in found] == []
    assert document["not_analysed"] == []
