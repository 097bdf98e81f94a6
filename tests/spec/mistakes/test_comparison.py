"""The page that compares says of csflow what the corpus shows."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks import mistakes
from benchmarks.zen_forms import FORMS, GRAPH, NO_FORM

# The cells of a line of the table that are csflow's.
OURS = 5


@pytest.fixture(scope="module")
def rows():
    return mistakes.rows()


def test_every_mistake_in_the_standard_pack_is_found_and_there_are_hundreds(rows):
    assert [row.name for row in rows if row.made != row.found] == []
    assert sum(row.made for row in rows) >= 500


def test_the_page_shows_what_the_benchmark_prints_of_csflow(rows):
    page = mistakes.PAGE.read_text(encoding="utf-8")
    table = page.partition(mistakes.BEGIN)[2].partition(mistakes.END)[0].strip().splitlines()
    assert table[:2] == list(mistakes.HEAD)
    assert [_ours(line) for line in table[2:]] == [_ours(row.cells("")) for row in rows], "--write writes the page anew"


def test_every_kind_of_mistake_has_a_form_in_zen_or_a_reason_why_not(rows):
    reasons = [name for names in NO_FORM.values() for name in names]
    assert len(set(reasons)) == len(reasons)
    assert {row.name for row in rows} == {*FORMS, *reasons}
    assert not FORMS.keys() & set(reasons)


def test_every_form_changes_the_graph():
    for forms in FORMS.values():
        for form in forms:
            assert form.text != GRAPH


def _ours(line: str) -> list[str]:
    return line.split(" | ")[: OURS - 1]
