"""The house is kept: floors by import-linter (`make lint`), doors and promises by these tests."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "csflow").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The one room that may import an outside library; `cli` also holds the generators, which use dev libraries.
DOORS = {
    "yaml": "source",
    "lark": "expressions",
    "pydantic": "definitions",
    "pydantic_core": "definitions",
    "jmespath": "facts",
    "transitions": "flows",
    "typer": "cli",
    "python_calamine": "source",
    "pytest": "testing",
    "hypothesis": "testing",
    "chinese_calendar": "cli",
    "holidays": "cli",
}
# Rooms that try cases by chance, from a seed: what they find is held against the reference engine.
BY_CHANCE = ("checks", "testing")
DISTRIBUTIONS = {"pydantic", "pyyaml", "lark", "jmespath", "transitions", "typer"}


def outside(path: Path) -> set[str]:
    """The libraries that a module imports, without those of Python."""
    return imports(path) - sys.stdlib_module_names


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").partition(".")[0])
    return found - {"csflow"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_an_outside_library_is_imported_only_in_its_room(path):
    room = path.relative_to(ROOT / "src" / "csflow").parts[0]
    assert {name for name in outside(path) if DOORS.get(name) != room} == set()


def test_every_dependency_is_used_and_every_library_used_is_declared():
    declared = {requirement.partition(">")[0] for requirement in PROJECT["project"]["dependencies"]}
    assert declared == DISTRIBUTIONS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_every_module_says_what_it_owns(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_nothing_but_the_command_line_and_reports_of_it_reads_the_clock_the_environment_or_floats(path):
    room = path.relative_to(ROOT / "src" / "csflow").parts[0]
    if room == "cli":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"now", "utcnow", "today", "environ", "getenv", "time_ns", "perf_counter", "monotonic"}
    assert not imports(path) & {"zoneinfo", "locale"}
    assert room in BY_CHANCE or not imports(path) & {"random"}
    # How often to try what is no number of a policy.
    if room == "testing":
        return
    floats = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    assert floats == []


def test_importing_csflow_loads_the_facade_alone():
    code = "import sys, csflow; print(sorted(m for m in sys.modules if m.split('.')[0] in %r))"
    heavy = ("csflow", "yaml", "pydantic", "lark", "jmespath", "transitions", "typer", "rich")
    out = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['csflow']"


def test_the_version_is_said_once():
    import csflow

    assert csflow.__version__ == PROJECT["project"]["version"]


def test_a_word_stands_in_one_file_of_words_and_in_every_language():
    seen: dict[str, str] = {}
    for path in sorted((ROOT / "src" / "csflow" / "diagnostics").glob("*.toml")):
        for group, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for key, texts in entries.items():
                word = f"{group}.{key}"
                assert word not in seen, f"{word} stands in {seen.get(word)}, too"
                seen[word] = path.name
                assert set(texts) == {"zh-CN", "zh-TW", "en"}, word
    assert len(seen) > 300
