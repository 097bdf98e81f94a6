"""`csflow init` as a newcomer runs it: the pack checks at once, and nothing of theirs is touched."""

import json
import re
import shlex

import pytest
from running import contents, csflow, named, spoil

from csflow.diagnostics import LANGUAGES

every_form = pytest.mark.parametrize("form", [(), ("--over", "cn")], ids=["own", "over cn"])
# What a pack over cn is made of is the same in every language but for its words: those of one are enough.
every_start = pytest.mark.parametrize(
    ("language", "form"),
    [*((language, ()) for language in LANGUAGES), (LANGUAGES[0], ("--over", "cn"))],
    ids=[*(f"{language}-own" for language in LANGUAGES), f"{LANGUAGES[0]}-over cn"],
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_start
def test_a_new_pack_checks_strictly_is_formatted_and_decides_its_example(tmp_path, language, form):
    done = csflow("init", "my-shop", *form, "--lang", language, cwd=tmp_path)
    assert done.returncode == 0
    shop = tmp_path / "my-shop"
    assert done.stdout.splitlines() == sorted(f"my-shop/{name}" for name in contents(shop))
    strict = csflow("check", "--strict", cwd=shop)
    # What the standard pack warns of itself is not the new pack's: its calendar ends where the published one does.
    assert named(strict.stdout) <= ({"near-horizon"} if form else set())
    assert csflow("check", cwd=shop).returncode == 0
    assert csflow("format", "--check", cwd=shop).returncode == 0
    tested = csflow("test", "--lang", "en", cwd=shop)
    assert tested.returncode == 0 and re.fullmatch(r"(4|12) tests passed, 0 failed\n", tested.stderr)


@every_start
def test_the_readme_is_in_the_language_asked_for_and_what_it_tells_to_run_runs(tmp_path, language, form):
    csflow("init", "shop", *form, "--lang", language, cwd=tmp_path)
    readme = (tmp_path / "shop" / "README.md").read_text(encoding="utf-8")
    heading = {"zh-CN": "## 接下来的三步", "zh-TW": "## 接下來的三步", "en": "## The next three steps"}[language]
    steps = readme.split(heading)[1]
    assert len(re.findall(r"(?m)^[123]\. ", steps)) == 3
    commands = [shlex.split(command)[1:] for command in re.findall(r"`(csflow [^`]+)`", readme)]
    assert {command[0] for command in commands} == {"check", "test", "watch", "decide", "format"}
    for command in commands:
        if command[0] != "watch":
            assert csflow(*command, cwd=tmp_path / "shop").returncode == 0, command
    for file in re.findall(r"`([\w/]+\.(?:yaml|json)|[\w]+/)`", readme):
        assert (tmp_path / "shop" / file).exists(), file
    assert len(list((tmp_path / "shop").glob("README*"))) == 1


@every_form
def test_the_jobs_of_ci_pass_from_the_first_day_and_show_what_is_warned_of(tmp_path, form):
    csflow("init", "shop", *form, cwd=tmp_path)
    shop = tmp_path / "shop"
    for file in (".github/workflows/policy.yml", ".gitlab-ci.yml"):
        commands = re.findall(r"(?m)- (?:run: )?csflow ([^>\n]+)", (shop / file).read_text(encoding="utf-8"))
        assert [command.split()[0] for command in commands] == ["check", "test"]
        # The published calendar of mainland China ends with the year: a day on which the standard pack warns.
        checked = csflow(*shlex.split(commands[0]), "--at", "2026-12-01T00:00:00+08:00", cwd=shop)
        assert checked.returncode == 0 and ("near-horizon" in checked.stdout) == bool(form)
        assert csflow(*shlex.split(commands[1]), cwd=shop).returncode == 0


@pytest.mark.parametrize(
    ("folder", "options", "name"),
    [
        ("MyShop", (), "my_shop"),
        ("小店", (), "my_pack"),
        ("shop-2", (), "shop_2"),
        ("x", ("--name", "corner_shop"), "corner_shop"),
    ],
)
def test_the_name_is_the_one_given_or_made_from_the_folder(tmp_path, folder, options, name):
    assert csflow("init", folder, *options, cwd=tmp_path).returncode == 0
    assert (tmp_path / folder / "pack.yaml").read_text(encoding="utf-8").startswith(f"pack: {name}\n")
    # Every place where the templates name the pack is filled, and no other brace is touched.
    texts = [data.decode() for path, data in contents(tmp_path / folder).items() if not path.startswith(".vscode")]
    assert not [text for text in texts if re.search(r"\{(name|today|year|first_day|end)\}", text)]


def test_a_name_that_cannot_be_one_is_refused_with_one_that_can(tmp_path):
    done = csflow("init", "shop", "--name", "My Shop", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 2 and named(done.stdout) == {"malformed-name"}
    assert "did you mean `my_shop`?" in done.stdout
    assert not (tmp_path / "shop").exists()


def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / ".hidden").write_bytes(b"mine")
    done = csflow("init", "shop", cwd=tmp_path)
    assert done.returncode == 2 and named(done.stdout) == {"folder-not-empty"}
    assert contents(tmp_path / "shop") == {".hidden": b"mine"}


def test_an_empty_folder_is_taken_and_a_file_is_none(tmp_path):
    (tmp_path / "empty").mkdir()
    assert csflow("init", "empty", cwd=tmp_path).returncode == 0
    (tmp_path / "file").write_bytes(b"")
    done = csflow("init", "file", cwd=tmp_path)
    assert done.returncode == 2 and named(done.stdout) == {"unwritable-file"}


def test_an_editor_finds_the_schema_that_the_settings_name(tmp_path):
    csflow("init", "shop", cwd=tmp_path)
    settings = json.loads((tmp_path / "shop" / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    (schema,) = settings["yaml.schemas"]
    assert json.loads((tmp_path / "shop" / schema).read_text(encoding="utf-8"))["$schema"]


def test_a_promise_over_the_standard_pack_changes_the_answer_of_the_example(tmp_path):
    csflow("init", "shop", "--over", "cn", cwd=tmp_path)
    decide = ("decide", "no_reason_return", "--facts", "examples/claim.json", "--format", "json")
    promised = json.loads(csflow(*decide, cwd=tmp_path / "shop").stdout)
    (tmp_path / "shop" / "layers" / "promises.yaml").unlink()
    lawful = json.loads(csflow(*decide, cwd=tmp_path / "shop").stdout)
    assert (promised["outputs"]["outcome"], lawful["outputs"]["outcome"]) == ("allow", "deny")


@every_language
def test_a_merchant_covers_what_is_the_merchants_and_nothing_else(tmp_path, language):
    csflow("init", "shop", "--over", "cn", "--lang", language, cwd=tmp_path)
    shop = tmp_path / "shop"
    covered = csflow("test", "--coverage", "--fail-under", "100", "--format", "json", cwd=shop)
    assert covered.returncode == 0
    report = json.loads(covered.stdout)
    assert {each["file"] for each in report["obligations"]} == {"layers/promises.yaml"}
    assert {each["state"] for each in report["obligations"]} == {"covered"}
    assert [report["totals"][measure]["of"] for measure in ("rules", "boundaries", "conditions")] == [1, 10, 5]
    tests = shop / "tests" / "promises.cases.yaml"
    tests.write_text("\n".join(tests.read_text(encoding="utf-8").splitlines()[:-8]) + "\n", encoding="utf-8")
    assert csflow("test", "--fail-under", "100", cwd=shop).returncode == 1


def test_a_merchant_walks_from_a_promise_to_its_tests_and_back_to_the_law(tmp_path):
    csflow("init", "shop", "--over", "cn", cwd=tmp_path)
    shop = tmp_path / "shop"
    changes = (
        ("length: 15 days", "length: 16 days", 2),
        ("length: 3 days", "length: 4 days", 1),
        ("length: 15 minutes", "length: 16 minutes", 1),
        ("value: 50 CNY", "value: 50.01 CNY", 1),
        (">= 99 CNY", ">= 99.01 CNY", 1),
    )
    for old, new, _ in changes:
        spoil(shop, "layers/promises.yaml", old, new)
    assert csflow("check", cwd=shop).returncode == 0
    for old, new, _ in changes:
        spoil(shop, "layers/promises.yaml", new, old)
    for old, new, failing in changes:
        spoil(shop, "layers/promises.yaml", old, new)
        failed = csflow("test", "--lang", "en", cwd=shop)
        assert failed.returncode == 1 and f"{12 - failing} tests passed, {failing} failed" in failed.stderr, new
        spoil(shop, "layers/promises.yaml", new, old)
    assert csflow("test", cwd=shop).returncode == 0
    spoil(shop, "layers/promises.yaml", "length: 15 days", "length: 6 days")
    unlawful = csflow("check", "--lang", "en", cwd=shop)
    assert unlawful.returncode == 1 and "broken-floor" in named(unlawful.stdout)
    spoil(shop, "layers/promises.yaml", "length: 6 days", "length: 15 days")
    spoil(shop, "layers/promises.yaml", "length: 3 days", "length: 8 days")
    assert "broken-floor" in named(csflow("check", cwd=shop).stdout)


def test_a_standard_pack_that_there_is_not_is_refused_with_the_nearest(tmp_path):
    done = csflow("init", "shop", "--over", "cnn", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 2 and named(done.stdout) == {"unknown-base"}
    assert "did you mean `cn`?" in done.stdout
    assert not (tmp_path / "shop").exists()
