"""Every example with a page of one command: it is run, and answers what the page says. `test_documents` follows walks."""

import json
import re
import shlex
from pathlib import Path

import pytest
from running import csflow

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PAGES = [page for page in sorted(EXAMPLES.glob("*/README.md")) if "```sh" not in page.read_text(encoding="utf-8")]
_BLOCKS = re.compile(r"```(json)?\n(.*?)\n```", re.DOTALL)


def test_examples_have_pages():
    assert [page.parent.name[:2] for page in PAGES] == ["02", "03", "04", "05"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_an_example_answers_what_its_page_says(page):
    (_, command), (_, outputs) = _BLOCKS.findall(page.read_text(encoding="utf-8"))
    program, *arguments = shlex.split(command)
    assert program == "csflow"
    done = csflow(*arguments, cwd=page.parent)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], answer["outputs"]) == (0, "decided", json.loads(outputs))
