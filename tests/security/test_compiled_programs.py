"""Decisions become Python programs: whatever texts a pack holds, they are values there, never a part of the program."""

import ast
import builtins
from pathlib import Path
from typing import Any

import pytest

import csflow
from csflow.evaluators import programs, rowwise

SMALL_PACK = Path(__file__).parents[1] / "spec" / "checks" / "pack"
FILES = {path.relative_to(SMALL_PACK).as_posix(): path.read_bytes() for path in sorted(SMALL_PACK.rglob("*.yaml"))}
MARKER = "injected_marker"
HOSTILE = [
    f"'); {MARKER}(); ('",
    f'"); {MARKER}(); ("',
    f"''' + {MARKER}() + '''",
    f"{{{MARKER}()}}",
    f"{{0.__class__}} {MARKER}",
    f"\\'); {MARKER}() #",
    f"%({MARKER})s",
    f"end \\ {MARKER}",
]
DECISION = """decision: greet
title: {text}
inputs:
  named: {{is: order.id, title: {text}}}
outputs:
  word: {{type: text}}
  kind: {{type: enum, of: {{plain: {text}, other: {text}}}}}
rules:
  - id: same
    when: |-
      order.id = {literal}
    then: {{word: {text}, kind: plain}}
    because: {text}
otherwise: {{word: {text}, kind: other}}
"""


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_a_pack_stay_texts_in_the_program_that_decides(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def spying(source: Any, *more: Any) -> Any:
        written.append(source)
        return builtins.compile(source, *more)

    for module in (programs, rowwise):
        monkeypatch.setattr(module, "compile", spying, raising=False)
    document = DECISION.format(text=_yaml(text), literal=_literal(text))
    pack = csflow.load_pack(FILES | {"decisions/greet.yaml": document.encode()})
    facts = {"order": {"id": text, "paid_at": "2025-01-01T00:00:00Z"}}
    for _ in range(3):
        answer = pack.decide("greet", facts)
        assert (answer.status, answer.rule, answer.outputs["word"]) == ("decided", "same", text)
    assert pack.function("greet")(pack.facts(facts))["word"] == text
    assert written, "nothing was compiled: the test looks at the wrong place"
    for program in written:
        for node in ast.walk(ast.parse(program)):
            assert not isinstance(node, (ast.Import, ast.ImportFrom))
            name = getattr(node, "id", None) or getattr(node, "attr", None) or ""
            assert MARKER not in name and not name.startswith("__")


def _yaml(text: str) -> str:
    """A text in single quotes, in which YAML knows no escapes."""
    return "'" + text.replace("'", "''") + "'"


def _literal(text: str) -> str:
    """A text in a condition, in the quotes that it does not hold; conditions know no escapes."""
    return f'"{text}"' if "'" in text else f"'{text}'"
