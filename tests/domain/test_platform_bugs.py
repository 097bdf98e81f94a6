"""The bugs of other platforms as regression tests: the right answer comes out, and it is not the one that was seen.

`platform_bugs/` holds an order and its claims for each bug, or the reason why it is left out. `figures` says whether
the amounts are those of the issue, or its mistake on amounts of our own. `ids.yaml` are the bugs of the research.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.domain.golden import PACKS, read, require_keys
from tests.domain.orders import with_numbers
from tests.domain.written import as_written

import csflow

FOLDER = Path(__file__).parent / "platform_bugs"
FACTS = {"order": {"paid_at": "2025-11-08T10:00:00+08:00"}, "claim": {"reason": "return"}}
SETTLEMENT = "pro_rata"


def entries() -> list[dict[str, Any]]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name != "ids.yaml":
            found += read(path)
    for entry in found:
        if "left_out" in entry:
            require_keys(entry, "id says left_out")
        else:
            require_keys(entry, "id says figures order", "settlement currency given steps together finding")
            assert entry["figures"] in ("issue", "own")
            for step in entry.get("steps", ()):
                require_keys(step, "claim right", "wrong")
    return found


ENTRIES = entries()
BUGS = [pytest.param(entry, id=entry["id"]) for entry in ENTRIES if "left_out" not in entry]


@cache
def pack(currency: str) -> csflow.Pack:
    """The pack of the anchors, with another currency in its place."""
    folder = PACKS / "anchors"
    return csflow.load_pack(
        {path.name: path.read_bytes().replace(b"CNY", currency.encode()) for path in folder.iterdir()}
    )


def answers(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What is quoted for each claim, one after the other; the findings where the order is refused."""
    chosen = pack(entry.get("currency", "CNY"))
    ledger, book, found = chosen.freeze(with_numbers(entry["order"])), None, []
    facts = FACTS | with_numbers(entry.get("given", {}))
    for step in entry["steps"]:
        settlement = entry.get("settlement", SETTLEMENT)
        quote = chosen.quote(ledger, with_numbers(step["claim"]), facts, settlement=settlement, book=book)
        book = quote.plan.book if quote.plan else book
        found.append(as_written(quote))
    return found


@pytest.mark.parametrize("entry", [bug for bug in BUGS if "steps" in bug.values[0]])
def test_the_right_answer_comes_out_and_the_wrong_one_does_not(entry):
    found = answers(entry)
    for step, answer in zip(entry["steps"], found, strict=True):
        right = {"status": "quoted", **step["right"]}
        assert {key: answer.get(key) for key in right} == right
        wrong = step.get("wrong")
        assert wrong is None or {key: answer.get(key) for key in wrong} != wrong
    if "together" in entry:
        together = sum(csflow.Money(f"{answer['amount']} CNY").minor for answer in found)
        assert together == csflow.Money(f"{entry['together']['right']} CNY").minor
        assert together != csflow.Money(f"{entry['together']['wrong']} CNY").minor


@pytest.mark.parametrize("entry", [bug for bug in BUGS if "finding" in bug.values[0]])
def test_an_order_that_cannot_be_is_refused_by_name(entry):
    with pytest.raises(csflow.FactError) as refused:
        pack("CNY").freeze(with_numbers(entry["order"]))
    assert entry["finding"]["right"] in [finding.name for finding in refused.value.diagnostics]


@pytest.mark.parametrize("entry", BUGS)
def test_a_bug_says_what_was_wrong(entry):
    wrongs = [step["wrong"] for step in entry.get("steps", ()) if "wrong" in step]
    assert wrongs or "together" in entry or "finding" in entry
    for step in entry.get("steps", ()):
        if "wrong" in step:
            right = {"status": "quoted", **step["right"]}
            # An answer may differ by what the right one does not name, but not only by that.
            assert any(right.get(key) != value for key, value in step["wrong"].items())


def test_every_bug_of_the_research_is_tested_or_left_out_with_a_reason():
    """An id stands once; what a bug is shown by besides has its id and a word more."""
    ids = read(FOLDER / "ids.yaml")
    found = [entry["id"] for entry in ENTRIES]
    assert len(found) == len(set(found)) and len(ids) == len(set(ids))
    assert set(ids) <= set(found)
    assert all(any(id == each or id.startswith(f"{each} ") for each in ids) for id in found)
