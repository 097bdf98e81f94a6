"""The wheel, installed in a clean environment outside the checkout, runs with the packs it carries."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
        cwd=out,
    )
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_the_packs_the_example_the_catalogue_and_the_grammar(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    carried = {
        "csflow/policies/cn/pack.yaml",
        "csflow/policies/cn/calendars/cn.yaml",
        "csflow/policies/cn/tests/exemption.cases.yaml",
        "csflow/policies/cn/tests/exemption.csv",
        "csflow/policies/cn/flows/return_refund.yaml",
        "csflow/policies/cn/flows/payout.yaml",
        "csflow/policies/cn/tests/flows/payout.cases.yaml",
        "csflow/policies/eu/calendars/europe_berlin.yaml",
        "csflow/policies/eu/flows/withdrawal.yaml",
        "csflow/policies/tw/flows/rescission.yaml",
        "csflow/policies/tw/pack.yaml",
        "csflow/policies/examples-unverified/pack.yaml",
        "csflow/examples/01_first_answer/order.json",
        "csflow/examples/06_one_order_many_packs/eu.yaml",
        "csflow/examples/07_one_refund/case.yaml",
        "csflow/diagnostics/catalogue/CS201-unknown-fact.toml",
        "csflow/diagnostics/simplified.txt",
        "csflow/expressions/grammar.lark",
        "csflow/definitions/hovers.toml",
        "csflow/cli/templates/own/pack.yaml",
        "csflow/cli/templates/own/dot.gitignore",
        "csflow/cli/templates/own/README.zh-TW.md",
        "csflow/cli/templates/own/tests/return_request.cases.zh-CN.yaml",
        "csflow/cli/templates/over/cn/layers/promises.yaml",
        "csflow/diagnostics/prose.toml",
        "csflow/diagnostics/handbook.toml",
        "csflow/diagnostics/graph.toml",
        "csflow/reports/book/style.css",
        "csflow/py.typed",
    }
    assert carried <= names
    (points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
    assert "[pytest11]\ncsflow = csflow.testing.plugin" in zipfile.ZipFile(wheel).read(points).decode()
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


def test_the_demo_runs_from_the_wheel_in_a_clean_environment(wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=True)
    folder = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run(
        [str(folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)],
        check=True,
        capture_output=True,
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = subprocess.run(
        [str(folder / "python"), "-c", "import csflow; print(csflow.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=elsewhere,
    ).stdout
    assert str(tmp_path / "venv") in where
    demo = subprocess.run(
        [str(folder / "csflow"), "demo", "--out", str(tmp_path / "drawn")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=elsewhere,
    )
    assert demo.returncode == 0, demo.stderr
    assert "结论：同意" in demo.stdout and "Outcome: deny" in demo.stdout and "CS201 unknown-fact" in demo.stdout
    assert "Directive 2011/83/EU" in demo.stdout
    assert "退款执行 · 已到账 (系统) → 已退款 (refunded)，结案" in demo.stdout
    assert (tmp_path / "drawn" / "return_refund.zh-CN.svg").is_file() and list(elsewhere.iterdir()) == []
    named = (
        "import csflow\nfor name in ('cn', 'eu', 'tw', 'examples-unverified'): print(csflow.standard_pack(name).name)"
    )
    packs = subprocess.run(
        [str(folder / "python"), "-c", named], check=True, capture_output=True, encoding="utf-8", cwd=elsewhere
    )
    assert packs.stdout.split() == ["cn", "eu", "tw", "examples_unverified"]
    check = subprocess.run([str(folder / "csflow"), "check"], check=False, capture_output=True, cwd=elsewhere)
    assert check.returncode == 0
    for arguments in (
        ("test",),
        ("init", "shop"),
        ("check", "--strict", "shop"),
        ("test", "shop"),
        ("schema", "--out", "schemas"),
    ):
        done = subprocess.run([str(folder / "csflow"), *arguments], check=False, capture_output=True, cwd=elsewhere)
        assert done.returncode == 0, done.stderr
