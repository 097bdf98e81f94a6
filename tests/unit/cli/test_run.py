"""Scripts of `csflow run`: what no case can do is said on its line, and what is private is masked."""

import json
from pathlib import Path

import pytest
from tests.unit.flows.packs import EFFECTS, files
from typer.testing import CliRunner, Result

from csflow.cli import app

FLOW = """\
flow: f
title: 试
start: a
events:
  on: {title: 走, by: [front_line], carries: [customer.phone, customer.age]}
  back: {title: 回, by: [front_line]}
states:
  a: {title: 甲, on: {on: [{when: customer.age > 18, to: b}, {otherwise: true, refuse: needs.review}], back: z}}
  b: {title: 乙, do: [call], on: {back: z}}
  z: {title: 完, final: true}
"""
FACTS = """\
facts:
  customer:
    phone: {type: text, max_length: 20, pii: true}
    age: {type: int, min: 0, max: 150, pii: true}
  parcel:
    seals: {max_items: 3, each: {number: {type: text, max_length: 20, pii: true}, broken: {type: bool}}}
"""
CALL = "  call: {title: 打电话, needs: [customer.phone], notice: true}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    changed = {"flows/f.yaml": FLOW, "customers.yaml": FACTS, "effects.yaml": EFFECTS + CALL}
    for name, body in files(changed).items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return tmp_path


def played(folder: Path, script: str | bytes, *options: str) -> Result:
    path = folder / "script"
    path.write_bytes(script if isinstance(script, bytes) else script.encode())
    given = ["--pack", str(folder / "pack"), "--at", "2026-11-27T12:00:00+08:00", "--lang", "en", "--script", str(path)]
    return CliRunner().invoke(app, ["run", "f", *given, *options])


@pytest.mark.parametrize(
    "line",
    [
        'on front_line customer.phone="138',
        "wait",
        "wait -3 hours",
        "wait 1000000 days\nwait 9000000 days",
        "succeeded tell",
        "failed nothing",
        "back front_line fact",
    ],
)
def test_a_line_that_says_nothing_that_could_happen_is_not_understood(folder: Path, line: str) -> None:
    found = played(folder, line)
    assert "this line is not understood: " + line.splitlines()[-1] in found.output
    assert found.exit_code == 1


def test_a_script_cannot_wait_beyond_what_can_be_written(folder: Path) -> None:
    found = played(folder, "wait 1000000 days\n" * 4 + "back front_line\n")
    assert (found.exit_code, found.output.count("not understood")) == (1, 2)
    assert "完 (z)" in found.output


def test_a_script_that_is_no_text_says_so_on_its_line(folder: Path) -> None:
    found = played(folder, b"\xff front_line\nback front_line\n")
    assert "has no event" in found.output
    assert "完 (z)" in found.output


def test_a_script_ends_where_it_says_so(folder: Path) -> None:
    found = played(folder, "quit\nback front_line\n")
    assert (found.exit_code, len(found.output.splitlines())) == (0, 1)


def test_values_are_written_as_in_a_pack_and_what_is_private_is_masked(folder: Path) -> None:
    given = folder / "facts.json"
    given.write_text(json.dumps({"parcel": {"seals": [{"number": "S-900", "broken": False}]}}))
    line = "on front_line customer.phone=13800138000 customer.age=20"
    found = played(folder, line, "--format", "json", "--facts", str(given))
    assert found.exit_code == 0, found.output
    step = json.loads(found.output.splitlines()[-1])
    assert step["case"]["state"] == "b"
    assert step["effects"][0]["facts"] == {"customer.phone": "***"}
    assert step["case"]["facts"]["parcel.seals"] == [{"number": "***", "broken": False}]
    assert "13800138000" not in found.output
    assert "S-900" not in found.output


def test_what_is_wrong_with_a_private_value_is_told_without_it(folder: Path) -> None:
    found = played(folder, "on front_line customer.phone=1 customer.age=secret")
    assert "payload.wrong" in found.output
    assert "secret" not in found.output
    assert len(found.output.splitlines()) == 2


def test_what_is_absorbed_is_told_as_such(folder: Path) -> None:
    found = played(folder, "back front_line\nsucceeded send\n")
    assert found.output.splitlines()[-1].endswith("→ absorbed, still 完 (z)")


def test_an_order_without_a_claim_is_refused(folder: Path) -> None:
    order = folder / "order.json"
    order.write_text("{}")
    assert played(folder, "", "--order", str(order)).exit_code == 2
    assert played(folder, "", "--claim", str(order)).exit_code == 2
