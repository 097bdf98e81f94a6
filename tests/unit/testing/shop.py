"""Owns the small pack of the specs with tests of its own, and how they come out."""

from pathlib import Path
from typing import Any

from csflow.loading.passes import Loaded, load_files
from csflow.testing.running import Result, Runner

PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
GIVEN = """
      order: {paid_at: 2025-11-08T10:00:00+08:00, paid: 100 CNY}
      claim: {signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-12T09:00:00+08:00, condition: damaged}
"""


def loaded(text: str, **more: str | bytes) -> Loaded:
    """The pack with one document of tests, and other files by name (`__` is a slash, the last `_` a dot)."""
    others = {_path(name): data if isinstance(data, bytes) else data.encode() for name, data in more.items()}
    return load_files(FILES | {"tests/shop.cases.yaml": text.encode()} | others)


def found(text: str, **more: str | bytes) -> list[tuple[str, int]]:
    """The findings of a document of tests, by name and line."""
    return [(each.name, each.mark.line if each.mark else 0) for each in loaded(text, **more).diagnostics]


def case(expect: str, **more: Any) -> str:
    """A document with one test, of the decision `no_reason_return` unless another is named."""
    lines = {"decide": "no_reason_return", "given": GIVEN, **more}
    body = "".join(f"    {key}: {value}\n" for key, value in lines.items() if value is not None)
    return f"tests:\n  - name: 一个用例\n{body}    expect: {expect}\n"


def results(text: str, **more: str | bytes) -> list[Result]:
    """How the tests of a document come out."""
    pack = loaded(text, **more)
    assert pack.pack is not None, [(each.name, each.values) for each in pack.diagnostics]
    runner = Runner(pack.pack)
    return [runner.run(each) for each in pack.cases]


def differing(text: str, **more: str | bytes) -> list[tuple[str, Any, Any]]:
    """What differs in the one test of a document: the part, what was expected, what came."""
    (result,) = results(text, **more)
    return [(each.expected.part, each.expected.value, each.actual) for each in result.differences]


def _path(name: str) -> str:
    stem, _, ending = name.replace("__", "/").rpartition("_")
    return f"{stem}.{ending}"
