"""`docs/threat-model.md` holds: every claim names a test that there is, every number is the one in the code."""

import ast
import re
from pathlib import Path

import pytest

from csflow.diagnostics import catalogue
from csflow.expressions import parsing
from csflow.source import limits

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
# What is not protected from is no claim.
CLAIMS = [
    line
    for title, section in SECTIONS.items()
    if title != "What csflow does not protect from"
    for line in section.split("\n")
    if line.startswith("- ")
]
ROWS = re.findall(r"^\| (?P<what>.+?) \| (?P<limit>[\d,]+)(?: bytes)? \| `(\w+)` \| (.+?) \|$", TEXT, re.MULTILINE)
ABILITIES = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio", "subprocess", "multiprocessing"}
ABILITIES |= {"pickle", "marshal", "shelve", "ctypes", "runpy", "code", "webbrowser", "imp", "pty"}


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_a_claim_names_is_there(file, test):
    functions = {
        node.name for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    }
    assert test in functions


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim[:40])
def test_a_claim_names_a_test(claim):
    assert re.search(r"`tests/[\w/]+\.py::test_\w+`", claim)


def test_there_are_claims_in_every_section_but_that_of_what_is_not_protected_from():
    assert len(CLAIMS) > 15 and len(NAMED) > 20


def test_every_limit_is_told_with_its_number_and_what_refuses_it():
    told = {name: int(number.replace(",", "")) for _, number, name, _ in ROWS}
    real = {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}
    assert told == real | {"LONGEST": parsing.LONGEST, "MOST_NESTED": parsing.MOST_NESTED}
    for _, _, _, refused_as in ROWS:
        assert refused_as in catalogue.names() or refused_as.startswith("nothing: ")


def test_no_room_can_open_a_connection_start_a_process_or_read_pickled_objects():
    for path in (ROOT / "src" / "csflow").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        able = {name for name in modules if name in ABILITIES or name.partition(".")[0] in ABILITIES}
        assert able == set(), path
        calls = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not calls & {"system", "popen", "fork", "execv", "execve", "spawnv", "posix_spawn"}, path
