"""`csflow check --strict` is clean on every standard pack; a calendar that nobody has published yet is spoken of."""

import json
import re

import pytest
from typer.testing import CliRunner

from csflow.checks.analysis import analyse
from csflow.cli import app
from csflow.diagnostics import Diagnostics
from csflow.loading.passes import load_files
from csflow.loading.standard import standard_folder, standard_names


@pytest.mark.parametrize("name", standard_names())
def test_a_strict_check_finds_nothing(name):
    told = CliRunner().invoke(app, ["check", "--strict", str(standard_folder(name)), "--format", "json"])
    assert told.exit_code == 0
    document = json.loads(told.stdout)
    found = [finding for finding in document["findings"] if finding["name"] != "near-horizon"]
    assert [f"{finding['file']}:{finding['line']} {finding['message']}" for finding in found] == []
    assert document["not_analysed"] == []


@pytest.mark.parametrize(
    ("file", "rule", "case"),
    [
        # Each rule holds only under layers: without it there is a gap for some of their combinations and for no other.
        ("decisions/gift_claim.yaml", "equal-value", "Shanghai|Shandong"),
        ("decisions/owed_compensation.yaml", "figure-wins", "JD"),
    ],
)
def test_a_gap_that_only_some_layers_open_is_found(file, rule, case):
    files = {
        path.relative_to(standard_folder("cn")).as_posix(): path.read_bytes()
        for path in sorted(standard_folder("cn").rglob("*.yaml"))
        if path.parent.name != "tests"
    }
    text = files[file].decode()
    without = re.sub(rf"(?ms)^  - id: {rule}$.*?(?=^  - id: |^otherwise: |\Z)", "", text)
    without = re.sub(r"(?m)^otherwise: .*\n", "", without)
    assert rule not in without
    pack = load_files(files | {file: without.encode()}).pack
    assert pack is not None
    found = Diagnostics()
    analyse(pack, found)
    gaps = [finding.message("en") for finding in found if finding.name == "gap" and finding.mark.path.endswith(file)]
    assert any(re.search(case, gap) for gap in gaps), gaps
