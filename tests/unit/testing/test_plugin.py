"""pytest finds the tests of packs, and is left in peace where there is none. Each run is a process of its own."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .shop import FILES, case

ROOT = Path(__file__).resolve().parents[3]
GOOD, BAD = case("{outcome: manual}"), case("{outcome: allow}")


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest as users have it, with every warning an error."""
    command = [sys.executable, "-m", "pytest", "-p", "csflow.testing.plugin", "-p", "no:cacheprovider", "-W", "error"]
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"}
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST")} | alone | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a pack in a folder of it, and tests of its own."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    write(tmp_path, {f"shop/{name}": data.decode() for name, data in FILES.items()})
    return tmp_path


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_a_refund_is_an_item_and_a_failure_tells_the_step_and_both_sides(project):
    settlement = "settlement: refund\ntitle: 退款\ngoverned_by: order.paid_at\nmode: prorated\nrouting: cash_first\ntenders: {card: {title: 卡, cash: true}}\n"
    text = """tests:
  - name: 退一件
    quote: refund
    order: {id: A, lines: [{id: a, quantity: 2, amount: 3.01 CNY}], tenders: [{id: t, tender: card, paid: 3.01 CNY}]}
    given: {order: {paid_at: 2025-11-08T10:00:00+08:00}}
    steps:
      - {returns: [{line: a, quantity: 1}], expect: {refund: 1.51 CNY}}
      - {returns: [{line: a, quantity: 1}], expect: {refund: 1.51 CNY}}
"""
    write(project, {"shop/settlement.yaml": settlement, "shop/tests/a.cases.yaml": text})
    done = run(project)
    assert done.returncode == 1 and "1 failed" in done.stdout
    assert "shop/tests/a.cases.yaml:8:62: error CS601 failed-test: the test `退一件` failed" in done.stdout
    assert "step 2, refund should be `1.51 CNY` and is `1.50 CNY`" in done.stdout


def test_each_case_is_an_item_and_a_failure_tells_its_line_both_sides_and_why(project):
    write(project, {"shop/tests/a.cases.yaml": BAD + GOOD.removeprefix("tests:\n").replace("一个用例", "另一个用例")})
    done = run(project)
    assert done.returncode == 1 and "1 failed, 1 passed" in done.stdout
    assert "shop/tests/a.cases.yaml:8:23: error CS601 failed-test: the test `一个用例` failed" in done.stdout
    assert re.search(r"(?m)^  \| +expected +actual$", done.stdout)
    assert "Traceback" not in done.stdout and "INTERNALERROR" not in done.stdout


def test_messages_come_in_the_language_of_the_ini_file(project):
    write(project, {"shop/tests/a.cases.yaml": BAD, "pytest.ini": "[pytest]\ncsflow_lang = zh-CN\n"})
    assert "用例「一个用例」没有通过" in run(project).stdout


def test_an_item_is_chosen_by_its_name_and_stands_on_its_line(project):
    write(project, {"shop/tests/a.cases.yaml": BAD + GOOD.removeprefix("tests:\n").replace("一个用例", "可以退货")})
    assert "1 passed, 1 deselected" in run(project, "-k", "可以退货").stdout
    listing = run(project, "--collect-only", "-q").stdout.splitlines()
    assert listing[:2] == ["shop/tests/a.cases.yaml::一个用例", "shop/tests/a.cases.yaml::可以退货"]
    xml = project / "report.xml"
    run(project, f"--junit-xml={xml}", "-o", "junit_family=xunit1")
    text = xml.read_text(encoding="utf-8")
    assert 'name="可以退货" file="shop/tests/a.cases.yaml" line="8"' in text


def test_the_rows_of_a_table_are_items_of_the_document_that_names_it(project):
    write(
        project,
        {
            "shop/tests/a.cases.yaml": "tests: {decide: no_reason_return, cases: {csv: a.csv}}\n",
            "shop/tests/a.csv": "name,claim.condition,||,status\n资料不足,damaged,,undecided\n有结论,damaged,,decided\n",
        },
    )
    done = run(project, "-v")
    assert "shop/tests/a.cases.yaml::资料不足 PASSED" in done.stdout
    assert "shop/tests/a.cases.yaml::有结论 FAILED" in done.stdout
    assert "shop/tests/a.csv:3:14: error CS601 failed-test" in done.stdout


def test_a_document_in_the_folder_of_tests_may_have_any_name(project):
    write(project, {"shop/tests/returns.yaml": "# what we promise\n" + GOOD})
    assert "1 passed" in run(project).stdout


def test_a_pack_that_does_not_load_is_one_failure_with_its_findings_and_the_rest_goes_on(project):
    write(
        project,
        {"shop/tests/a.cases.yaml": GOOD.replace("condition", "conditon"), "test_own.py": "def test_own(): pass\n"},
    )
    done = run(project)
    assert done.returncode == 1 and "1 failed, 1 passed" in done.stdout
    assert "error CS501 undeclared-fact" in done.stdout and "did you mean `claim.condition`?" in done.stdout
    write(project, {"shop/tests/a.cases.yaml": "tests: [{"})
    assert "1 failed, 1 passed" in run(project).stdout


def test_a_fault_in_a_test_is_a_failure_of_its_document_and_the_other_tests_are_run(project):
    faulty = BAD.replace("outcome", "outcom") + GOOD.removeprefix("tests:\n").replace("一个用例", "另一个用例")
    write(project, {"shop/tests/a.cases.yaml": faulty, "shop/tests/b.cases.yaml": GOOD})
    done = run(project, "-v")
    assert done.returncode == 1 and "1 failed, 2 passed" in done.stdout
    for line in ("a.cases.yaml::faults FAILED", "a.cases.yaml::另一个用例 PASSED", "b.cases.yaml::一个用例 PASSED"):
        assert line in done.stdout
    assert "shop/tests/a.cases.yaml:8:14: error CS232 unknown-expectation" in done.stdout


def test_workers_of_xdist_share_the_tests_and_tell_the_same(project):
    names = [f"用例{number}" for number in range(8)]
    cases = [(BAD if name == names[3] else GOOD).removeprefix("tests:\n").replace("一个用例", name) for name in names]
    write(project, {"shop/tests/a.cases.yaml": "tests:\n" + "".join(cases[:4])})
    write(project, {"shop/tests/b.cases.yaml": "tests:\n" + "".join(cases[4:])})
    alone, shared = run(project, "-v"), run(project, "-v", "-p", "xdist.plugin", "-n", "2")
    assert (alone.returncode, shared.returncode) == (1, 1)
    assert "1 failed, 7 passed" in shared.stdout, shared.stdout
    assert {f"gw{number}" for number in range(2)} <= set(re.findall(r"\[(gw\d)\]", shared.stdout))
    for name in names:
        assert len(re.findall(rf"(PASSED|FAILED) shop/tests/[ab]\.cases\.yaml::{name}\b", shared.stdout)) >= 1
    told = re.compile(r"error CS601 failed-test: .*?explain CS601", re.DOTALL)
    assert told.search(alone.stdout)[0] == told.search(shared.stdout)[0]


def test_a_failure_that_its_author_asks_not_to_hear_of_is_expected(project):
    write(project, {"shop/tests/a.cases.yaml": BAD.replace("allow}", "allow}  # csflow: ignore[CS601] 下月才改")})
    done = run(project, "-rx")
    assert done.returncode == 0 and "1 xfailed" in done.stdout and "下月才改" in done.stdout


def test_where_there_is_no_pack_nothing_of_csflow_is_loaded_and_no_yaml_is_touched(tmp_path):
    write(
        tmp_path,
        {
            "pytest.ini": "[pytest]\nfilterwarnings = error\n",
            "tests/a.cases.yaml": "not: ours\n",
            "other/pack.yaml": "name: of another tool\n",
            "other/tests/b.cases.yaml": "tests: [theirs]\n",
            "tests/test_own.py": (
                "import sys\n\ndef test_own():\n"
                "    loaded = {name for name in sys.modules if name.split('.')[0] in ('csflow', 'yaml', 'pydantic', 'lark')}\n"
                "    assert loaded == {'csflow', 'csflow.testing', 'csflow.testing.plugin'}\n"
            ),
        },
    )
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_other_documents_of_a_pack_are_no_tests(project):
    write(project, {"shop/tests/more.yaml": "codes: {more: 更多}\n", "shop/tests/a.cases.yaml": GOOD})
    listing = run(project, "--collect-only", "-q").stdout.split()
    assert [line for line in listing if "::" in line] == ["shop/tests/a.cases.yaml::一个用例"]


def test_the_plugin_is_an_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"csflow": "csflow.testing.plugin"}
