"""What is found of an author's mistakes, by csflow and by ZEN.

`python benchmarks/mistakes.py [--json]` makes every mistake of the corpus (`tests/spec/mistakes`) that is one in the
standard pack `cn`, or in a shop's pack upon it, and asks `csflow check`. Beside each kind of mistake it makes the same
in ZEN (`benchmarks/zen_forms.py`) and tries it: `create_decision`, then `validate()`, then `evaluate` of eight
cases whose answers are known. `--write` puts the table into the page of the comparison.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "spec" / "mistakes"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.zen_forms import CASES, FORMS, GRAPH, NO_FORM, Form
from corpus import CORPUS, Mistake
from making import ANALYSED, PACKS, expected, found, found_for, shown

from csflow.diagnostics import Finding, catalogue

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "comparison" / "mistakes.md"
BEGIN, END = "<!-- table: python benchmarks/mistakes.py --write -->", "<!-- end of table -->"
HEAD = ("| mistake | name in csflow | made | found on its line | in ZEN |", "|---|---|---:|---:|---|")
# What a table cell may not hold as it is.
ESCAPED = str.maketrans({"|": "\\|"})


@dataclass(frozen=True)
class Row:
    """One kind of mistake: how many were made, and how many csflow found, each once and on its line."""

    name: str
    title: str
    made: int
    found: int

    def cells(self, zen: str) -> str:
        cells = (self.title, f"`{self.name}`", str(self.made), str(self.found), zen)
        return "| " + " | ".join(cell.translate(ESCAPED) for cell in cells) + " |"


def standard() -> list[Mistake]:
    """The mistakes in the standard pack and in a pack upon it."""
    return [mistake for mistake in CORPUS if mistake.pack in ANALYSED]


def rows() -> list[Row]:
    """csflow's half, by the codes of the findings."""
    count, right = Counter[str](), Counter[str]()
    for mistake in standard():
        count[mistake.finding] += 1
        right[mistake.finding] += shown(found_for(mistake)) == expected(mistake)
    findings = sorted((Finding(name, None) for name in count), key=lambda finding: finding.code)
    return [Row(each.name, _title(each), count[each.name], right[each.name]) for each in findings]


def findings_on_clean_packs() -> int:
    return sum(len(found(PACKS[name], name)) for name in ANALYSED)


def outcomes() -> dict[str, list[tuple[Form, str]]]:
    """ZEN's half: what each form of a mistake came to."""
    import zen

    right = [zen.ZenEngine().create_decision(GRAPH).evaluate(case)["result"] for case in CASES]
    return {name: [(form, _tried(form, right)) for form in forms] for name, forms in FORMS.items()}


def _tried(form: Form, right: list[Any]) -> str:
    import zen

    try:
        decision = zen.ZenEngine().create_decision(form.text)
    except Exception:
        return "raised at load"
    try:
        decision.validate()
    except Exception:
        return "raised at validate"
    answers = []
    for case in CASES:
        try:
            answers.append(decision.evaluate(case)["result"])
        except Exception:
            return "raised at evaluate"
    wrong = sum(answer != due for answer, due in zip(answers, right, strict=True))
    return f"silent, {wrong} of {len(CASES)} answers wrong" if wrong else "silent, no answer wrong"


def _title(finding: Finding) -> str:
    return catalogue.by_name(finding.name).wordings["en"].title


def table(halves: list[Row], zen: dict[str, list[tuple[Form, str]]]) -> list[str]:
    return [*HEAD, *(row.cells(_in_zen(row.name, zen)) for row in halves)]


def _in_zen(name: str, zen: dict[str, list[tuple[Form, str]]]) -> str:
    if name in zen:
        return "; ".join(f"{form.says}: {outcome}" for form, outcome in zen[name])
    return "no form: " + next(why for why, names in NO_FORM.items() if name in names)


def _write(lines: list[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text("\n".join([before + BEGIN, "", *lines, "", END + after]), encoding="utf-8")


def _summary(halves: list[Row], zen: dict[str, list[tuple[Form, str]]]) -> Iterator[tuple[str, Any]]:
    yield "mistakes", sum(row.made for row in halves)
    yield "found once and on their line", sum(row.found for row in halves)
    yield "findings on the clean packs", findings_on_clean_packs()
    yield "kinds of mistakes", len(halves)
    if zen:
        yield "kinds with a form in ZEN", len(zen)
        yield "mistakes of those kinds", sum(row.made for row in halves if row.name in zen)
        came_to = Counter(outcome for forms in zen.values() for _, outcome in forms)
        yield "forms tried in ZEN", sum(came_to.values())
        for outcome in ("raised at load", "raised at validate", "raised at evaluate"):
            yield f"in ZEN {outcome}", came_to.pop(outcome, 0)
        yield "in ZEN silent, no answer wrong", came_to.pop("silent, no answer wrong", 0)
        yield "in ZEN silent, an answer wrong", sum(came_to.values())
        yield "zen-engine", version("zen-engine")
    yield "csflow", version("csflow")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="end with one JSON line of figures and goals")
    options.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    chosen = options.parse_args()
    try:
        zen = outcomes()
    except ImportError:
        if chosen.write:
            raise SystemExit("the table has ZEN's half: pip install -r benchmarks/requirements.txt") from None
        print("ZEN is not installed (pip install -r benchmarks/requirements.txt): its half is left out")
        zen = {}
    halves = rows()
    lines = table(halves, zen) if zen else [*HEAD, *(row.cells("not tried") for row in halves)]
    print("\n".join(lines))
    if chosen.write:
        _write(lines)
    figures = dict(_summary(halves, zen))
    for name, value in figures.items():
        print(f"{name:36} {value}")
    goals = {
        "found once and on their line": {
            "goal": "100 % of at least 100",
            "met": figures["mistakes"] >= 100 and figures["mistakes"] == figures["found once and on their line"],
        },
        "findings on the clean packs": {"goal": 0, "met": figures["findings on the clean packs"] == 0},
    }
    if chosen.json:
        print(json.dumps({"figures": figures, "goals": goals}, ensure_ascii=False))
    if not all(goal["met"] for goal in goals.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
