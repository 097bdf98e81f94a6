"""Whatever stands in the files of a pack, loading gives findings or a pack: it never raises, and it ends.

A seeded slice runs in CI; CSFLOW_SOAK=1 tries 20,000 mutations. A failure names its seed: `mutated(seed)`.
"""

import os
import random
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from csflow.diagnostics import LANGUAGES, Severity
from csflow.diagnostics.rendering.text import render_text
from csflow.evaluators import Decider
from csflow.facts import Decoder, read_facts
from csflow.loading.passes import Loaded, load_files
from csflow.testing.reporting import report_of

ROOT = Path(__file__).resolve().parents[2]
# The standard pack of a size that may be loaded and tested hundreds of times.
FOLDERS = {
    "tw": ROOT / "policies" / "tw",
    "corner_shop": ROOT / "tests" / "spec" / "checks" / "pack",
    "shapes": ROOT / "tests" / "domain" / "shapes",
}
FILES = {
    name: {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.csv"), *folder.rglob("*.json")))
    }
    for name, folder in FOLDERS.items()
}
# The small pack is mutated most often, and has tests of every form.
FILES["corner_shop"] |= {
    "tests/shop.cases.yaml": """
tests:
  decide: no_reason_return
  given:
    order: {paid_at: 2025-11-08T10:00:00+08:00, paid: 100 CNY}
    claim: {signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-12T09:00:00+08:00, condition: intact}
  cases:
    - {name: 完好, expect: {outcome: allow, code: ok, fee: null, rule: intact-in-time, exceptions: []}}
    - name: 换参数
      with_parameters: {return_window: {length: 1 days, counts_from: next_day}, restocking_rate: 20%}
      given: {claim: {condition: damaged, signed_at: null}}
      expect: {missing: [claim.signed_at]}
""".encode(),
    "tests/grid.cases.yaml": """
tests:
  decide: no_reason_return
  cases: |
    name | claim.condition | param.return_window                     || status    | missing | codes
    一   | damaged         | {length: 1 days, counts_from: next_day} || undecided |         |
""".encode(),
    "tests/table.cases.yaml": b"tests: {decide: no_reason_return, cases: {csv: table.csv}}\n",
    "tests/table.csv": "name,商品状况,||,status\n二,damaged,,undecided\n".encode(),
}
SEEDS = 20_000 if os.environ.get("CSFLOW_SOAK") == "1" else 300
CHUNKS = 10

SIGNS = (
    *"：，。、；（）［］｛｝【】「」“”‘’＂＇＝＜＞≤≥≠－—–−＋＊×／÷％＃＠＆｜￥¥０１９．…〜～",
    *"\t\u00a0\u3000\u200b\u200e\u2028\u2029\u0085\ufeff\x00\x07\x1b\x7f\r\n ",
    *"'\"`[]{}()<>=!&*#%@|?,:;.-+/\\~_^$0aZ退",
    "''", '""', "..", "->", "=>", "==", "!=", "<<", ">-", "|", "---", "...", "%YAML 1.1", "!!python/object:os.system", "!!set",
    "&a ", "*a", "<<: *a", "? ", "- ", ": ", "  ", "\\u", "\\ud800", "null", "~", "true", "yes", "1e9", "0x1f", "1_000",
    "2025-02-30", "2025-11-10", "2025-11-10T20:00:00", "99999999999999999999", "-0", "¥5", "5 CNY", "5 USD", "7 days", "7天",
    "48 hours", "120%", "[1..2)", "(5..1)", "[", "not", "not(", "if", "if a then b else", "absent", "given", "in [", " and ",
    "param.", "decision.", "decision.no_reason_return.outcome", "claim.reason", "param.return_window", "quality/*", "expr", "is",
)  # fmt: skip


def mutated(seed):
    """The files of one pack after one to three accidents, and what happened."""
    randomness = random.Random(seed)
    # The small pack loads several times faster.
    name = {0: "tw", 1: "shapes", 2: "shapes"}.get(seed % 6, "corner_shop")
    files = dict(FILES[name])
    happened = [name]
    for _ in range(randomness.choice([1, 1, 1, 2, 3])):
        file = randomness.choice(sorted(files))
        accident = randomness.choice(ACCIDENTS)
        files[file] = accident(files[file], randomness)
        happened.append(f"{accident.__name__}({file})")
    if randomness.random() < 0.05:
        del files[randomness.choice(sorted(files))]
        happened.append("a file deleted")
    return files, " ".join(happened)


def bytes_replaced(data, randomness):
    at = randomness.randrange(len(data) + 1)
    return data[:at] + randomness.randbytes(randomness.randrange(3)) + data[at + randomness.randrange(3) :]


def cut_off(data, randomness):
    return data[: randomness.randrange(len(data) + 1)]


def in_another_encoding(data, randomness):
    encoding = randomness.choice(["gb18030", "utf-16", "utf-8-sig", "utf-32-le", "big5"])
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def by_line(change):
    def accident(data, randomness):
        lines = data.split(b"\n")
        change(lines, randomness.randrange(len(lines)), randomness)
        return b"\n".join(lines)

    accident.__name__ = change.__name__
    return accident


@by_line
def line_deleted(lines, at, randomness):
    del lines[at]


@by_line
def line_doubled(lines, at, randomness):
    lines.insert(at, lines[at])


@by_line
def lines_swapped(lines, at, randomness):
    other = randomness.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]


@by_line
def line_moved(lines, at, randomness):
    lines.insert(randomness.randrange(len(lines)), lines.pop(at))


@by_line
def line_indented(lines, at, randomness):
    lines[at] = (
        b" " * randomness.randrange(1, 9) + lines[at].lstrip() if randomness.random() < 0.7 else b"\t" + lines[at]
    )


@by_line
def lines_joined(lines, at, randomness):
    lines[at : at + 2] = [b" ".join(lines[at : at + 2])]


@by_line
def line_end_changed(lines, at, randomness):
    lines[at] += randomness.choice([b"\r", b"  ", b"  # x", b"\r\r", b" :", b","])


def by_text(change):
    def accident(data, randomness):
        text = data.decode("utf-8", "surrogateescape")
        if not text:
            return data
        changed = change(text, randomness.randrange(len(text)), randomness)
        return changed.encode("utf-8", "surrogateescape" if changed.isprintable() else "replace")

    accident.__name__ = change.__name__
    return accident


@by_text
def sign_replaced(text, at, randomness):
    return text[:at] + randomness.choice(SIGNS) + text[at + 1 :]


@by_text
def sign_inserted(text, at, randomness):
    return text[:at] + randomness.choice(SIGNS) + text[at:]


@by_text
def punctuation_replaced(text, at, randomness):
    places = [place for place, sign in enumerate(text) if sign in "[]{}()'\":,-=<>.|"] or [0]
    place = randomness.choice(places)
    return text[:place] + randomness.choice(SIGNS) + text[place + 1 :]


@by_text
def word_replaced(text, at, randomness):
    words = text.split()
    if not words:
        return text
    old, new = randomness.choice(words), randomness.choice([*words, *SIGNS])
    place = text.index(old)
    return text[:place] + new + text[place + len(old) :]


@by_text
def value_replaced(text, at, randomness):
    lines = [line for line in text.split("\n") if ": " in line]
    if not lines:
        return text
    line = randomness.choice(lines)
    key, _, _ = line.partition(": ")
    new = randomness.choice(
        [*SIGNS, "{}", "[]", "{a: b}", "[a, b]", "''", "{expr: 1}", "{is: 1}", "[[1]]", "{{}: 1}", "|\n  x"]
    )
    return text.replace(line, f"{key}: {new}", 1)


@by_text
def piece_taken_out(text, at, randomness):
    return text[:at] + text[at + randomness.randrange(1, 40) :]


@by_text
def piece_repeated(text, at, randomness):
    piece = text[at : at + randomness.randrange(1, 40)]
    return text[:at] + piece * randomness.choice([2, 2, 3, 200]) + text[at:]


@by_text
def deeply_nested(text, at, randomness):
    opening = randomness.choice(["[", "{a: ", "(", "not ", "- ", "if ", "{", "-"])
    return text[:at] + opening * randomness.choice([5, 40, 2000]) + text[at:]


ACCIDENTS = (
    bytes_replaced, cut_off, in_another_encoding, line_deleted, line_doubled, lines_swapped, line_moved, line_indented,
    lines_joined, line_end_changed, sign_replaced, sign_replaced, sign_inserted, sign_inserted, punctuation_replaced,
    punctuation_replaced, punctuation_replaced, word_replaced, word_replaced, value_replaced, value_replaced,
    piece_taken_out, piece_repeated, deeply_nested,
)  # fmt: skip


def look_at(files):
    """Load the files and read all that comes of it; AssertionError when it is neither findings nor a pack."""
    loaded = load_files(files)
    assert isinstance(loaded, Loaded)
    findings = loaded.diagnostics.sorted()
    # An error in a test keeps that test from being run, not the pack.
    in_tests = [finding for document in loaded.faults.values() for finding in document]
    errors = [each for each in findings if each.severity is Severity.ERROR]
    assert (loaded.pack is None) == any(all(each is not other for other in in_tests) for each in errors)
    assert loaded.pack is not None or findings
    for finding in findings:
        mark = finding.mark
        assert mark is None or 0 <= mark.start <= mark.end <= len(mark.source.text), finding
        assert mark is None or mark.path in (*files, "pack.yaml"), finding
    for language in LANGUAGES:
        assert bool(render_text(findings, language)) == bool(findings)
    if loaded.pack is not None:
        assert all(trial.mark for trial in report_of(loaded).tried)
        decider, facts = Decider(loaded.pack, Decoder(loaded.pack)), read_facts(loaded.pack, {})
        for name in sorted(loaded.pack.decisions)[:20]:
            decision = decider.decision(name)(facts, 0)
            assert decision.to_json()
            assert all(decision.explain(language) for language in LANGUAGES)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_loading_mutated_files_gives_findings_or_a_pack(chunk):
    failures = []
    for seed in range(chunk, SEEDS, CHUNKS):
        files, happened = mutated(seed)
        try:
            look_at(files)
        except Exception as problem:
            place = traceback.extract_tb(problem.__traceback__)[-1]
            failures.append(f"seed {seed}: {happened}: {problem!r:.300} at {Path(place.filename).name}:{place.lineno}")
    assert not failures, "\n".join(failures)


def test_the_packs_that_are_mutated_are_clean():
    for files in FILES.values():
        look_at(files)
        assert load_files(files).pack is not None


@pytest.mark.parametrize("name", FILES)
def test_loading_without_one_of_the_files_gives_findings_or_a_pack(name):
    for file in FILES[name]:
        look_at({other: data for other, data in FILES[name].items() if other != file})


def test_loading_nothing_gives_findings():
    for files in ({}, {"pack.yaml": b""}, {"a.yaml": b"# nothing\n"}, {"pack.yaml": FILES["corner_shop"]["pack.yaml"]}):
        look_at(files)
        assert load_files(files).pack is None


# Found by a soak.
KNOWN = ('title:)"\na: b\n', 'calendar: cn\ntitle:)"\nweekend: [saturday]\n')


@pytest.mark.parametrize("text", KNOWN)
def test_texts_that_once_broke_loading_give_findings(text):
    look_at({"pack.yaml": text.encode()})


# Names that name names: a small text, a long way.

FACTS = b"facts: {order: {paid_at: {type: datetime}, n: {type: int}}}\n"
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from soundness import test_loading_never_raises as tests
tests.look_at(getattr(tests, sys.argv[2])())
"""


def decision_of(name, expression):
    return (
        f"decision: {name}\ntitle: t\ngoverned_by: order.paid_at\noutputs: {{x: {{type: int}}}}\n"
        f"rules: [{{id: r, when: {{}}, then: {{x: {expression}}}, because: b}}]\n"
    ).encode()


def pack_with(derived="", **decisions):
    head = {name: FILES["corner_shop"][name] for name in ("pack.yaml", "calendars/zone.yaml")}
    more = {f"{name}.yaml": decision_of(name, expression) for name, expression in decisions.items()}
    text = FACTS + (f"derived:\n{derived}".encode() if derived else b"")
    return head | {"facts.yaml": text} | more


def derived_values_that_double():
    lines = ["  v0: order.n * 0\n", *(f"  v{n + 1}: v{n} + v{n}\n" for n in range(60))]
    return pack_with("".join(lines), d="v60")


def a_long_chain_of_derived_values():
    lines = [*(f"  v{n}: v{n + 1}\n" for n in range(2000)), "  v2000: order.n\n"]
    return pack_with("".join(lines), d="v0")


def a_long_circle_of_derived_values():
    lines = [f"  v{n}: v{(n + 1) % 2000}\n" for n in range(2000)]
    return pack_with("".join(lines), d="v0")


def decisions_that_double():
    twice = {f"d{n + 1}": f"decision.d{n}.x + decision.d{n}.x" for n in range(60)}
    return pack_with(d0="order.n * 0", **twice)


def a_ladder_of_decisions():
    rungs = {
        f"{side}{n + 1}": f"decision.a{n}.x + decision.b{n}.x" for n in range(60) for side in "ab"
    }  # fmt: skip
    return pack_with(a0="order.n * 0", b0="order.n * 0", **rungs)


def a_long_chain_of_decisions():
    return pack_with(**{f"d{n}": f"decision.d{n + 1}.x" for n in range(600)}, d600="order.n")


def a_long_circle_of_decisions():
    return pack_with(**{f"d{n}": f"decision.d{(n + 1) % 1500}.x" for n in range(1500)})


def a_title_with_no_language():
    return pack_with(d="order.n") | {"facts.yaml": FACTS.replace(b"{type: int}", b"{type: int, title: {}}")}


@pytest.mark.parametrize(
    "made",
    [
        derived_values_that_double, a_long_chain_of_derived_values, a_long_circle_of_derived_values,
        decisions_that_double, a_ladder_of_decisions, a_long_chain_of_decisions, a_long_circle_of_decisions,
        a_title_with_no_language,
    ],
    ids=lambda made: made.__name__,
)  # fmt: skip
def test_names_that_name_names_neither_exhaust_the_stack_nor_the_clock(made):
    # In a process of its own: what does not end can be ended.
    command = [sys.executable, "-c", PROGRAM, str(ROOT / "tests"), made.__name__]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=90)
    except subprocess.TimeoutExpired:
        pytest.fail("still at it after 90 seconds")
    assert run.returncode == 0, run.stderr[-1500:]
