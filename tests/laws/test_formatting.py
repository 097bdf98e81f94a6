"""Formatting: it comes to rest, keeps what a pack says, mends what is sure, and lets the rest alone."""

import os
import random
import re
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import csflow
from csflow.diagnostics import Diagnostics, catalogue
from csflow.loading.formatting import SURE, format_files
from csflow.loading.passes import load_files
from csflow.source import read_yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "spec" / "mistakes"))
FOLDERS = {path.name: path for path in sorted((ROOT / "policies").iterdir())}
FOLDERS |= {"corner_shop": ROOT / "tests" / "spec" / "checks" / "pack", "shapes": ROOT / "tests" / "domain" / "shapes"}
SEEDS = st.integers(0, 10**9)
# A seed does not shrink.
SOAK = bool(os.environ.get("CSFLOW_SOAK"))
TIMES = 3 if SOAK else 1
FEW = settings(max_examples=4 * TIMES, deadline=None, phases=(Phase.explicit, Phase.generate))
# The edits below are made to text by patterns, which also fit titles of the standard packs, and load each pack often.
every_pack = pytest.mark.parametrize("name", ["corner_shop", "shapes"])


@cache
def files_of(name):
    folder = FOLDERS[name]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    # Formatting is asked of documents alone; one whose rows or orders stand in a file needs that file.
    return {name: data for name, data in files.items() if not re.search(rb"\{csv: |order: \S+\.json", data)}


def digests(files):
    pack = csflow.load_pack(files)
    return pack.digest, pack.text_digest


def formatted(files):
    """The files formatted; what is formatted stays as it is."""
    once = format_files(files)
    assert format_files(once.files).files == once.files
    return once.files


def comments_of(text):
    return re.findall(r"(?m)(?:^|(?<= ))#.*", text)


def edited(name, seed, edits, share=0.5):
    """The files with some of the places that each edit finds changed by it."""
    randomness = random.Random(seed)

    def changed(text):
        for pattern, replacement in edits:
            text = re.sub(pattern, lambda m: m.expand(replacement) if randomness.random() < share else m[0], text)  # noqa: B023
        return text

    return {file: changed(data.decode()).encode() for file, data in files_of(name).items()}


@pytest.mark.parametrize("name", FOLDERS)
def test_the_packs_at_hand_are_formatted(name):
    assert formatted(files_of(name)) == files_of(name)


# Where only blanks are amiss. An edit: where it may fall, and what stands there then.
UNTIDY = (
    (r"(?m)(?<=\S)$", r"  "),
    (r"(?<=[\w)] )(=|<=|>=)(?= [\w(])", r" \1  "),
    (r"(?<=\w), (?=claim\.)", r","),
    (r"\Z", "\n\n"),
)


@every_pack
@FEW
@given(seed=SEEDS, line_end=st.sampled_from(["\n", "\r\n"]))
def test_blanks_and_line_ends_are_put_in_order_and_nothing_else(name, seed, line_end):
    untidy = edited(name, seed, UNTIDY)
    untidy = {file: data.replace(b"\n", line_end.encode()) for file, data in untidy.items()}
    assert digests(untidy) == digests(files_of(name))
    after = formatted(untidy)
    assert digests(after) == digests(untidy)
    assert after == files_of(name)


@every_pack
@pytest.mark.parametrize("style", ["'", '"', None])
@pytest.mark.parametrize("flow", [True, False])
def test_however_a_pack_is_written_its_digests_stay(name, style, flow):
    def written(data):
        document = yaml.load(data, yaml.BaseLoader)
        text = yaml.safe_dump(
            document, allow_unicode=True, sort_keys=False, default_style=style, default_flow_style=flow, width=60
        )
        return text.encode()

    files = {file: written(data) for file, data in files_of(name).items()}
    if csflow.loading.passes.load_files(files).pack is not None:
        assert digests(formatted(files)) == digests(files)


@every_pack
@FEW
@given(seed=SEEDS)
def test_comments_blank_lines_and_the_order_of_lines_are_kept(name, seed):
    randomness = random.Random(seed)
    files = {}
    for file, data in files_of(name).items():
        lines = []
        for line in data.decode().split("\n"):
            if re.match(r"\s*(- \S|[\w.-]+:)", line):
                lines += randomness.choice([[], [""], ["# 说明： {a: b"], ["", "      # x，y", ""]])
            lines.append(line + ("   # 备注（ ＜ ）" if re.fullmatch(r"\s*[\w.-]+:", line) else ""))
        files[file] = "\n".join(lines).encode()
    assert formatted(files) == files


# What a Chinese keyboard does, where it surely meant something else.
SLIPS = (
    (r"(?m)^(\s*[a-z_]+): (?=[a-z0-9\[{])", r"\1："),
    (r"(?m)^(\s*[a-z_]+): (?=[a-z])", "\\1:\u3000"),
    (r"(?m)(?<=[\w}])$", "\u00a0"),
    (r"(?<=is given) and (?=days)", r" && "),
    (r"(?<=[\w)]) <= (?=[a-z])", r" ＜＝ "),
    (r"(?<=[a-z]) = (?=[a-z])", r" ＝ "),
    (r"(?<=[a-z])\((?=param)", r"（"),
    (r"(?<=[a-z]), (?=claim\.)", r"，"),
    (r'"(\[[^"\n]*[\])])"', r"\1"),
    (r"(?<=[0-9]) CNY", r"元"),
    (r"(?<=\d) days", r"天"),
    (r"(?<=\d)%", r"％"),
    (r"(?<=true), (?=[a-z])", r"，"),
)


@every_pack
@pytest.mark.parametrize("slip", range(len(SLIPS)))
def test_a_slip_of_the_keyboard_is_taken_back(name, slip):
    files = edited(name, 0, SLIPS[slip : slip + 1], share=1)
    assert formatted(files) == files_of(name)


def test_every_slip_falls_somewhere():
    for slip in SLIPS:
        assert any(edited(name, 0, [slip], share=1) != files_of(name) for name in FOLDERS), slip


@every_pack
@FEW
@given(seed=SEEDS)
def test_slips_upon_slips_are_taken_back(name, seed):
    assert formatted(edited(name, seed, SLIPS)) == files_of(name)


@every_pack
@pytest.mark.parametrize("width", [2, 4, 8])
def test_tabs_are_taken_back_whatever_their_width(name, width):
    files = {
        file: re.sub(rb"(?m)^ +", lambda m: b"\t" * (len(m[0]) // 2) + b" " * (len(m[0]) % 2), data)
        for file, data in files_of(name).items()
    }
    assert digests(formatted(files)) == digests(files_of(name))


def test_a_tab_that_could_have_been_two_depths_is_left_to_its_writer():
    text = b"reasons:\n  a:\n    title: x\n    under:\n      b:\n        title: y\n\tliability: none\n"
    outcome = format_files({"reasons.yaml": text})
    assert outcome.files == {"reasons.yaml": text}
    assert {finding.name for finding in outcome.findings} == {"tab-character"}


# What is not sure


def test_only_errors_are_mended_so_that_no_pack_that_loads_is_touched():
    assert {catalogue.by_name(name).severity for name in SURE} == {"error"}


@pytest.mark.parametrize(
    "text",
    [
        "codes:\n  ok: yes: no\n",  # a text, or a level of its own
        "codes:\n  ok: a\n  ok: b\n",
        "codes:\n  ok: |\n    a  \n    b",  # a line end more would be one more in the text
        "code:\n  ok: a   \n",
        "codes: {ok: a, fine}\n",
        "codes:\n  ok: a\u200bb  \n",
    ],
)
def test_what_nobody_can_be_sure_of_is_left_byte_for_byte(text):
    outcome = format_files({"codes.yaml": text.encode()})
    assert outcome.files == {"codes.yaml": text.encode()}


def test_blanks_that_belong_to_a_text_are_kept():
    text = 'codes:\n  ok: |\n    a  \n    b\n  fine: "a  \n    b"\n  odd: a\u3000b   \n  note: "x　"\n'
    wanted = text.replace('"a  \n', '"a\n').replace("b   \n", "b\n")
    assert formatted({"codes.yaml": text.encode()}) == {"codes.yaml": wanted.encode()}


def mistakes():
    """Those that are mended, and one of each name that is not; of either, CI takes a part."""
    from corpus import CORPUS

    made = [mistake for mistake in CORPUS if mistake.edits]
    left = {mistake.finding: mistake for mistake in reversed(made) if mistake.finding not in SURE}
    mended = [mistake for mistake in made if mistake.finding in SURE]
    for mistake in (*mended, *left.values()) if SOAK else (*mended[::2], *[*left.values()][::4]):
        yield pytest.param(mistake, id=f"{mistake.section}: {mistake.says}")


@pytest.mark.parametrize("mistake", [*mistakes()])
def test_a_mistake_is_mended_or_left_as_it_is(mistake):
    # Tests of the pack say themselves what they miss, and are longer than all else.
    is_left_out = () if mistake.section == "tests" else ("tests/",)
    files = {name: data for name, data in files_of("cn").items() if not name.startswith(is_left_out)}
    for file, old, new in mistake.edits:
        files[file] = files[file].replace(old.encode(), new.replace("⟦", "").replace("⟧", "").encode())
    written = format_files(files).files
    before = load_files(files).diagnostics
    after = before if written == files else load_files(written).diagnostics
    if not any(finding.name in SURE and finding.suggestion for finding in before):
        assert {finding.name for finding in after} <= {finding.name for finding in before}
    elif mistake.mends:
        assert list(after) == []
    else:
        # What was hidden behind the slip may come to light.
        assert not any(finding.name in SURE for finding in after)


@every_pack
@settings(max_examples=8 * TIMES, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(seed=SEEDS)
def test_a_file_under_mutation_reads_no_worse_and_says_the_same_if_it_said_anything(name, seed):
    randomness = random.Random(seed)
    file = randomness.choice(list(files_of(name)))
    text = files_of(name)[file].decode()
    for _ in range(randomness.randint(1, 3)):
        at = randomness.randrange(len(text))
        text = (
            text[:at]
            + randomness.choice([*"：，“”（）＜＞＝％￥\t\r\n\u00a0 '\"[]{}#|>-&*!", ""])
            + text[at + randomness.randint(0, 2) :]
        )
    files = files_of(name) | {file: text.encode()}
    before, outcome = load_files(files), format_files(files)
    assert {other for other in files if outcome.files[other] != files[other]} <= {file}
    after = load_files(outcome.files)
    if before.pack is not None:
        assert after.pack is not None
        assert (after.pack.digest, after.pack.text_digest) == (before.pack.digest, before.pack.text_digest)
    if outcome.files != files:
        assert read_yaml(file, outcome.files[file], Diagnostics()) is not None
        assert (
            comments_of(outcome.files[file].decode())
            == [line.rstrip() for line in comments_of(text.replace("\r\n", "\n").replace("\t", " "))]
            or "\t" in text
        )
    assert format_files(outcome.files).files == outcome.files


GRID = """decision: compensation
title: 承诺与平台标准
governed_by: order.paid_at
inputs: {conflict: param.compensation_conflict}
outputs: {amount: {type: money}}
rules: |
     id | conflict||amount|because
     # 说明
     higher|max||claim.merchant_promise|淘宝 第十五条

     p | platform || claim.platform_figure | 京东
"""


def test_the_columns_of_a_grid_stand_one_below_the_other_by_the_width_of_a_screen():
    files = files_of("shapes") | {"decisions/compensation.yaml": GRID.encode()}
    written = formatted(files)["decisions/compensation.yaml"].decode()
    assert written.splitlines()[6:] == [
        "     id     | conflict || amount                 | because",
        "     # 说明",
        "     higher | max      || claim.merchant_promise | 淘宝 第十五条",
        "",
        "     p      | platform || claim.platform_figure  | 京东",
    ]
    assert digests(formatted(files)) == digests(files)
