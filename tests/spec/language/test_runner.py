"""The runner of pages: a page that is wrong fails, and so does one that does not say what it checks."""

import datetime as dt
import shutil
import subprocess
import sys

import pytest

from csflow.api.packs import Pack
from csflow.values.kinds import BOOL, DAYS, TEXT, Kind, Member

from .accept import accepted
from .checks import checks_of, report
from .generate import language
from .pages import FOLDER, Page, PageFault, cells_of, read_pages
from .writing import written, written_names

SIZE = """
```yaml path=size.yaml
decision: size
title: 大小
inputs: {pieces: x.i}
outputs:
  answer: {type: text}
  fee: {type: money, optional: true}
rules:
  - {id: few, when: {pieces: "< 10"}, then: {answer: few, fee: 1 CNY}, because: law}
  - {id: many, when: {pieces: ">= 10"}, then: {answer: many}, because: law}
```
"""
HEAD = "| x.i | → | answer | fee |\n|---|---|---|---|\n"


def run(text: str) -> str:
    """What differs on a page of this text, "" where nothing does."""
    return "\n".join(filter(None, (report(check, check.run()) for check in checks_of(Page("page.md", text)))))


def test_a_page_that_is_right_passes():
    assert run(f"# A\n{SIZE}\ndecide: size\n\n{HEAD}| 9 | | few | 1.00 CNY |\n| 10 | | many | absent |\n") == ""


def test_a_wrong_expectation_names_page_line_case_wanted_and_got():
    told = run(f"# A\n{SIZE}\ndecide: size\n\n{HEAD}| 9 | | few | 1.00 CNY |\n| 10 | | few | absent |\n")
    assert told == 'page.md:20: {"x.i": "10"}: answer\n  wanted few\n  got    many'


@pytest.mark.parametrize(
    "row",
    [
        "| 9 | | | 1.00 CNY |",
        "| 9 | | few | |",
        "| 9 | | few | 1 CNY |",
        "| 9 | | Few | 1.00 CNY |",
        "| 10 | | many | |",
        "| | | | |",
        "| nine | | | |",
    ],
)
def test_every_cell_of_a_row_counts(row):
    assert run(f"# A\n{SIZE}\ndecide: size\n\n{HEAD}{row}\n")


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        ("status", "decided", "no_rule"),
        ("rule", "few", "many"),
        ("exceptions", "", "few"),
        ("missing", "", "fact x.i"),
        ("because", "law", ""),
        ("edition", "", "2024-01-01"),
        ("alternatives", "", "ok"),
        ("hits", "few", "many"),
        ("items", "", "decided"),
        ("layers", "", "promise"),
    ],
)
def test_every_part_of_an_answer_can_be_asked_for(column, right, wrong):
    table = f"# A\n{SIZE}\ndecide: size\n\n| x.i | → | {column} |\n|---|---|---|\n| 9 | | "
    assert run(f"{table}{right} |\n") == ""
    assert run(f"{table}{wrong} |\n")


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("facts: {y: {a: {type: number}}}  # error: [unknown-choice]", True),
        ("# error: [unknown-choice]\nfacts: {y: {a: {type: number}}}", True),
        ("facts: {y: {a: {type: number}}}", False),
        ("facts: {y: {a: {type: number}}}  # error: [wrong-kind]", False),
        ("facts: {y: {a: {type: number}}}  # warning: [unknown-choice]", False),
        ("facts: {y: {a: {type: number}}}  # error: [unknown-choice] [wrong-kind]", False),
        ("facts: {y: {a: {type: int}}}  # error: [unknown-choice]", False),
        ("facts:\n  y: {a: {type: number}}\n  # error: [unknown-choice]", False),
        ("facts: {y: {a: {type: int}}}", True),
        ("derived: {many: x.i > 3}", False),
        ("derived: {many: x.i > 3}  # note: [unused-definition]", True),
        ("derived: {many: x.i > 3}  # error: [unused-definition]", False),
    ],
)
def test_the_findings_of_a_pack_are_exactly_those_stated(line, passes):
    assert (run(f"# A\n\n```yaml path=more.yaml\n{line}\n```\n") == "") is passes


def test_a_section_has_the_files_of_the_sections_above_and_may_replace_them():
    table = "\ndecide: size\n\n| x.i | → | answer |\n|---|---|---|\n| 9 | | {} |\n"
    replaced = SIZE.replace("answer: few", "answer: little")
    texts = (SIZE + "{}", f"## B\n{replaced}{{}}", "### C\n{}", "## D\n{}")

    def stating(*answers):
        parts = (text.replace("{}", table.replace("{}", answer)) for text, answer in zip(texts, answers, strict=True))
        return run("# A\n" + "\n".join(parts))

    assert stating("few", "little", "little", "few") == ""
    assert stating("few", "few", "little", "few")
    assert stating("few", "little", "few", "few")
    assert stating("few", "little", "little", "little")


def test_a_block_of_facts_holds_for_tables_below_and_a_cell_replaces_it():
    given = "\n```yaml given\nx: {i: 9}\n```\n"
    text = f"# A\n{SIZE}{given}\n## B\n\ndecide: size\n\n| x.i | → | status | answer |\n|---|---|---|---|\n"
    assert run(f"{text}| 10 | | decided | many |\n| | | undecided | |\n") == ""
    assert run(f"{text.replace('| x.i | ', '| x.p | ')}| true | | decided | few |\n") == ""


FAULTS = {
    "a page that checks nothing": "# A\n\nOnly prose.\n",
    "a block that nothing checks": "# A\n\n```yaml\nfacts: {}\n```\n",
    "a block that nothing checks: say": "# A\n\n```python\nprint()\n```\n",
    "a block that does not end": "# A\n\n```yaml path=a.yaml\nfacts: {}\n",
    "a table that nothing checks": f"# A\n{SIZE}\n{HEAD}| 9 | | few | absent |\n",
    "`decide:` without a table": f"# A\n{SIZE}\ndecide: size\n\nProse.\n",
    "`decid:` asks nothing": f"# A\n{SIZE}\ndecid: size\n\n{HEAD}| 9 | | few | absent |\n",
    "no decision 'sise'": f"# A\n{SIZE}\ndecide: sise\n\n{HEAD}| 9 | | few | absent |\n",
    "the column `x.k` is no fact": f"# A\n{SIZE}\ndecide: size\n\n| x.k | → | answer |\n|---|---|---|\n| 9 | | few |\n",
    "`anser` is neither an output": f"# A\n{SIZE}\ndecide: size\n\n| x.i | → | anser |\n|---|---|---|\n| 9 | | few |\n",
    "one column headed": f"# A\n{SIZE}\ndecide: size\n\n| x.i | answer |\n|---|---|\n| 9 | few |\n",
    "the column headed": f"# A\n{SIZE}\ndecide: size\n\n| x.i | → | answer |\n|---|---|---|\n| 9 | few | few |\n",
    "and what is expected": f"# A\n{SIZE}\ndecide: size\n\n| x.i | → |\n|---|---|\n| 9 | |\n",
    "names each column once": f"# A\n{SIZE}\ndecide: size\n\n| x.i | x.i | → | rule |\n|---|---|---|---|\n| 9 | 9 | | few |\n",
    "a table without a row": f"# A\n{SIZE}\ndecide: size\n\n| x.i | → | answer |\n|---|---|---|\n",
    "more or fewer cells": f"# A\n{SIZE}\ndecide: size\n\n| x.i | → | answer |\n|---|---|---|\n| 9 | few |\n",
    "stands twice": f"# A\n{SIZE}{SIZE}",
    "states no finding": "# A\n\n```yaml path=a.yaml\nfacts: {}  # error: empty\n```\n",
    "begins with a heading": f"{SIZE}\n# A\n",
    "one heading of the first level": f"# A\n{SIZE}\n# B\n",
    "a pack that does not check": "# A\n\n```yaml path=a.yaml\nrule: a  # error: [unknown-document]\n```\n\n| expression | → | value |\n|---|---|---|\n| `1` | | 1 |\n",
    "takes a name": f"# A\n{SIZE}\ndecide: size now\n\n{HEAD}| 9 | | few | absent |\n",
    "`value` and, if need be": "# A\n\n| expression | → | answer |\n|---|---|---|\n| `1` | | 1 |\n",
    "say in `as`": "# A\n\n| expression | → | value |\n|---|---|---|\n| `x.i * 1.5` | | 1 |\n",
    "no fact 'x.k'": "# A\n\ncells: x.k\n\n| cell | 1 |\n|---|---|\n| `1` | yes |\n",
    "the first column of `cells:`": "# A\n\ncells: x.i\n\n| test | 1 |\n|---|---|\n| `1` | yes |\n",
    "the columns of `values:`": "# A\n\nvalues: {type: int}\n\n| text | value |\n|---|---|\n| `1` | 1 |\n",
    "does not check: error": "# A\n\nvalues: {type: number}\n\n| written | read as |\n|---|---|\n| `1` | 1 |\n",
    "no vocabulary 'kind'": "# A\n\nvocabulary: kind\n\n| kind |\n|---|\n| `int` |\n",
    "compares with the section above": f"# A\n{SIZE}\ndigests: behaviour same, wording same\n",
    "names a mapping": "# A\n\nmap: shop\n\n| document | → | status |\n|---|---|---|\n| `{}` | | mapped |\n",
    "facts that are refused": "# A\n\ncells: x.i\n\n| cell | seven |\n|---|---|\n| `1` | yes |\n",
    "facts that are refused:": "# A\n\n| condition | x.i | → | value |\n|---|---|---|---|\n| `x.p` | seven | | true |\n",
    "both kinds of quotes": "# A\n\n| condition | → | value |\n|---|---|---|\n| `x.word = 'a' or x.word = \"a\"` | | true |\n",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_does_not_say_what_it_checks_fails(fault):
    with pytest.raises(PageFault, match=r"page\.md:[0-9]+: ") as raised:
        run(FAULTS[fault])
    assert fault in str(raised.value)


def test_a_table_is_left_unchecked_only_where_it_says_so():
    table = "\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert run(f"# A\n{SIZE}\n<!-- prose -->\n{table}") == ""
    with pytest.raises(PageFault, match="a table that nothing checks"):
        run(f"# A\n{SIZE}\n<!-- prose -->\n{table}\nAnother.\n{table}")


@pytest.mark.parametrize(
    ("expression", "value", "passes"),
    [
        ("10% * x.m", "1.00 CNY", True),
        ("10% * x.m", "1.01 CNY", False),
        ("x.i + 1", "unknown", True),
        ("x.i + 1", "2", False),
        ("x.i + x.m", "error: [no-arithmetic]", True),
        ("x.i + x.m", "error: [kinds-disagree]", False),
        ("x.i + 1", "error: [no-arithmetic]", False),
        ("x.m", "error: [no-arithmetic]", False),
        ("x.maybe_int", "absent", True),
        ("x.maybe_int", "unknown", False),
    ],
)
def test_an_expression_has_exactly_the_value_stated(expression, value, passes):
    text = f"# A\n\n| expression | x.m | → | value |\n|---|---|---|---|\n| `{expression}` | 10 CNY | | {value} |\n"
    assert (run(text) == "") is passes


@pytest.mark.parametrize(
    ("condition", "value"), [("x.p", "unknown"), ("x.p or true", "true"), ("x.p and false", "false")]
)
def test_a_condition_is_true_false_or_unknown(condition, value):
    for stated in ("true", "false", "unknown"):
        text = f"# A\n\n| condition | → | value |\n|---|---|---|\n| `{condition}` | | {stated} |\n"
        assert (run(text) == "") is (stated == value)


@pytest.mark.parametrize(
    ("cell", "one", "two", "passes"),
    [
        ("`7`", "yes", "no", True),
        ("`7`", "no", "no", False),
        ("`7`", "yes", "unknown", False),
        ('`"7 CNY"`', "error: [kinds-disagree]", "", True),
        ('`"7 CNY"`', "no", "no", False),
        ("`7`", "error: [kinds-disagree]", "", False),
    ],
)
def test_a_cell_is_tried_against_every_value(cell, one, two, passes):
    text = f"# A\n\ncells: x.i\n\n| cell | 7 | 8 |\n|---|---|---|\n| {cell} | {one} | {two} |\n"
    assert (run(text) == "") is passes


@pytest.mark.parametrize(
    ("text", "read", "passes"),
    [
        ("1.50", "1.5", True),
        ("1.50", "1.50", False),
        ("1.555", "error: [too-many-places]", True),
        ("1.5", "error: [too-many-places]", False),
    ],
)
def test_a_text_is_read_as_the_kind_says(text, read, passes):
    page = f"# A\n\nvalues: {{type: decimal, places: 2}}\n\n| written | read as |\n|---|---|\n| `{text}` | {read} |\n"
    assert (run(page) == "") is passes


def test_a_list_of_words_is_complete():
    table = "# A\n\nvocabulary: month ends\n\n| word |\n|---|\n| `last_day`{} |\n"
    assert run(table.format(", `next_day`")) == ""
    assert "next_day" in run(table.format(""))
    assert "first_day" in run(table.format(", `next_day`, `first_day`"))


@pytest.mark.parametrize(
    ("change", "stated", "passes"),
    [
        ("law", "behaviour same, wording same", True),
        ("rule", "behaviour same, wording changed", True),
        ("rule", "behaviour same, wording same", False),
        ("law", "behaviour changed, wording same", False),
    ],
)
def test_digests_are_compared_with_the_pack_above(change, stated, passes):
    variant = SIZE.replace("because: law", f"because: {change}")
    assert (run(f"# A\n{SIZE}\n## B\n{variant}\ndigests: {stated}\n") == "") is passes


MAPPING = """# A

```yaml path=mapping.yaml
mapping: shop
title: shop
facts: {x.i: pieces, x.word: {path: name, optional: true}}
```

map: shop

"""


@pytest.mark.parametrize(
    ("row", "passes"),
    [
        ('| `{"pieces": 3}` | | mapped | 3 | not given |', True),
        ('| `{"pieces": 3}` | | mapped | 4 | not given |', False),
        ('| `{"pieces": 3, "name": "a"}` | | mapped | 3 | not given |', False),
        ("| `{}` | | error: [missing-field] | | |", True),
        ("| `{}` | | mapped | | |", False),
    ],
)
def test_a_document_gives_exactly_the_facts_stated(row, passes):
    table = "| document | → | status | x.i | x.word |\n|---|---|---|---|---|\n"
    assert (run(f"{MAPPING}{table}{row}\n") == "") is passes


CASES = f"""# A
{SIZE}
```yaml path=size.cases.yaml
tests:
  - {{name: nine, decide: size, given: {{x: {{i: 9}}}}, expect: {{answer: few}}}}
  - {{name: ten, decide: size, given: {{x: {{i: 10}}}}, expect: {{answer: few, fee: 1 CNY}}}}
```

tests: size.cases.yaml

| name | → | outcome | differs |
|---|---|---|---|
| nine | | passed | |
"""


@pytest.mark.parametrize(
    ("row", "passes"),
    [
        ("| ten | | failed | answer, fee |", True),
        ("| ten | | failed | answer |", False),
        ("| ten | | passed | answer, fee |", False),
    ],
)
def test_a_test_of_a_pack_comes_out_exactly_as_stated(row, passes):
    assert (run(f"{CASES}{row}\n") == "") is passes


def test_every_test_of_a_document_has_its_row():
    with pytest.raises(PageFault, match="nine, ten"):
        run(CASES)


def test_accepting_writes_the_answers_into_the_table_and_nothing_else():
    right = f"# A\n{SIZE}\ndecide: size\n\n{HEAD}| 9 | | few | 1.00 CNY |\n| 10 | | many | absent |\n"
    wrong = right.replace("| many | absent |", "| few | 2.00 CNY |")
    assert accepted(wrong, "page.md") == right
    assert accepted(right, "page.md") == right


def test_the_instant_of_a_request_is_given_to_the_decision(monkeypatch):
    seen = []

    def decide(self, name, facts, **how):
        seen.append(how)
        return original(self, name, facts)

    original = Pack.decide
    monkeypatch.setattr(Pack, "decide", decide)
    at = "2025-11-17T23:59:59+08:00"
    assert run(f"# A\n{SIZE}\ndecide: size at: {at}\n\n{HEAD}| 9 | | few | 1.00 CNY |\n") == ""
    assert seen == [{"at": dt.datetime.fromisoformat(at)}]


RATE = """# A

```yaml path=rate.yaml
parameters:
  rate: {type: percent, editions: [{from: 2024-01-01, value: 10%, because: law, basis: own}]}
  days: {type: days, editions: [{from: 2024-01-01, value: 7 days, because: law, basis: own}]}
```

```yaml path=ask.yaml
decision: ask
title: ask
governed_by: order.paid_at
outputs: {rate: {type: percent}, days: {type: days}}
rules: [{id: only, when: {}, then: {rate: param.rate, days: param.days}, because: law}]
```

"""


@pytest.mark.parametrize(
    ("asks", "rate", "days"),
    [("", "10%", "7 days"), (" rate: 20%", "20%", "7 days"), (" days: 14 days rate: 0.5%", "0.5%", "14 days")],
)
def test_a_parameter_may_be_given_another_value(asks, rate, days):
    table = f"decide: ask{asks}\n\n| order.paid_at | → | rate | days |\n|---|---|---|---|\n"
    row = "| 2026-11-08T10:00:00+08:00 | | {} | {} |\n"
    assert run(RATE + table + row.format(rate, days)) == ""
    assert run(RATE + table + row.format("99%", days))


@pytest.mark.parametrize(
    ("asks", "fault"),
    [("rat: 20%", "no parameter 'rat'"), ("rate: 20", "percent-without-sign"), ("rate: 1% rate: 2%", "takes a name")],
)
def test_a_parameter_that_is_none_or_does_not_fit_is_a_fault_of_the_page(asks, fault):
    with pytest.raises(PageFault, match=fault):
        run(f"{RATE}decide: ask {asks}\n\n| x.i | → | rate |\n|---|---|---|\n| 1 | | 20% |\n")


TRANSITION = RATE.replace(
    "parameters:\n",
    "parameters:\n  transition: {type: enum, of: [by_fact_time, by_decision_time], value: by_decision_time, "
    "because: law, basis: own}\n",
)


@pytest.mark.parametrize(
    ("status", "passes"), [("error: [instant-required]", True), ("decided", False), ("undecided", False)]
)
def test_a_decision_that_needs_its_instant_is_refused_without_one(status, passes):
    table = f"decide: ask\n\n| x.i | → | status |\n|---|---|---|\n| 1 | | {status} |\n"
    assert (run(TRANSITION + table) == "") is passes


FLOOR = (
    RATE.replace("{type: days,", "{type: days, floor: at_least,")
    + """
```yaml path=layer.yaml
layer: less
title: less
rank: promise
because: less
parameters:
  days: {value: 6 days, because: less, basis: own}  # error: [broken-floor]
```

"""
)


@pytest.mark.parametrize(
    ("stated", "passes"),
    [
        ("broken-floor witness 6 days / 7 days", True),
        ("broken-floor witness 5 days / 7 days", False),
        ("broken-floor layer less", True),
        ("edition-gap name days", False),
    ],
)
def test_a_page_may_state_what_a_finding_says(stated, passes):
    assert (run(f"{FLOOR}finding: {stated}\n") == "") is passes


def test_a_grid_of_a_pack_may_be_a_csv_file():
    rules = "id,pieces,answer,because\nfew,< 10,few,law\n"
    size = SIZE[: SIZE.index("rules:")] + "rules: {csv: size.csv}\n```\n"
    table = "\ndecide: size\n\n| x.i | → | answer |\n|---|---|---|\n| 9 | | {} |\n"
    page = f"# A\n{size}\n```csv path=size.csv\n{rules}```\n{table}"
    assert run(page.replace("{}", "few")) == ""
    assert run(page.replace("{}", "many"))


def test_values_are_written_as_their_authors_do():
    money = {"amount": "1.00", "currency": "CNY"}
    assert written(Kind("money", currency="CNY"), [money, money]) == "[1.00 CNY, 1.00 CNY]"
    assert written(DAYS, [1, 7]) == "[1 day, 7 days]"
    assert written_names(None) == "" and written_names("few") == "few" and written_names(("few", "red")) == "few, red"
    options = Kind("list", members=(Member("id", TEXT), Member("value", DAYS)))
    assert written(options, [{"id": "one", "value": 1}, {"id": "two", "value": 2}]) == "[one: 1 day, two: 2 days]"
    records = Kind("list", members=(Member("kept", DAYS), Member("seen", BOOL)))
    assert (
        written(records, [{"seen": True}, {"seen": False, "kept": 1}]) == "[{seen: true}, {kept: 1 day, seen: false}]"
    )
    assert written(BOOL, None) == "absent"
    assert written(BOOL, False) == "false"


def test_a_cell_may_hold_a_bar():
    assert cells_of(r"| `a \|\| b` | c |") == ("a || b", "c")


def test_pytest_fails_on_a_page_that_is_wrong_and_names_the_place(tmp_path):
    folder = tmp_path / "language"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__", "[1-9]*.md", "0[2-9]*.md", "test_*"))
    wrong = f"# A\n{SIZE}\ndecide: size\n\n{HEAD}| 9 | | few | 1.00 CNY |\n| 10 | | few | absent |\n"
    (folder / "99-wrong.md").write_text(wrong, encoding="utf-8")
    (folder / "98-unsaid.md").write_text("# A\n\n```yaml\nfacts: {}\n```\n", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "98-unsaid.md:3: a block that nothing checks" in ran.stdout
    (folder / "98-unsaid.md").unlink()
    ran = subprocess.run(ran.args, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert '99-wrong.md:20: {"x.i": "10"}: answer\n  wanted few\n  got    many' in ran.stdout
    assert "1 failed" in ran.stdout


def test_there_are_pages_and_each_has_checks():
    pages = read_pages()
    assert len(pages) >= 19
    for page in pages:
        assert any(checks_of(page)), page.name


def test_a_link_from_page_to_page_leads_inside_the_reference():
    pages = [
        Page("01-a.md", f"# One 一\n{SIZE}\n[two](02-b.md), [part](02-b.md#part)\n"),
        Page("02-b.md", f"# Two 二\n{SIZE}"),
    ]
    text = language(pages)
    assert "[two](#two-二), [part](#part)" in text
    assert ".md#part" not in text
