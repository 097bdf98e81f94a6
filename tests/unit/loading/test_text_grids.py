"""A grid in a YAML text: every finding stands at its cell, in its own line and column."""

import pytest

from csflow.source import grid

from .written import DOCUMENT, HEAD, TAIL, findings, in_text, load, places

HEADER = "id | condition | paid || keep | code | fee"


def at(*expected: tuple[str, int, int, str]) -> list[tuple[str, str, int, int, str]]:
    return [(name, DOCUMENT, line, column, text) for name, line, column, text in expected]


def test_blank_lines_and_comments_say_nothing():
    loaded = load(in_text(f"{HEADER} | because", "", "# | a |", "a | - | - || true | ok | | 店铺规则", "   # end"))
    assert [rule.id for rule in loaded.pack.decisions["fees"].rules] == ["a"]


def test_line_ends_of_windows_change_nothing():
    document = in_text(f"{HEADER} | because", "a | - | - || true | ok | 5 CNY | 店铺规则")
    assert load(document.replace(b"\n", b"\r\n")).pack.digest == load(document).pack.digest


def test_every_cell_is_reported_at_its_own_place():
    lines = [
        "id      | condition | paid || keep | code | fee  | basis",
        "a       | opend     | <= 5 || yes  | okk  | 30   | law",
        "b       | a b       | -    || 退   | ok   | 3元  | own",
        "坏 名   | -         | -    || true | ok   | -    | mine",
        "        |           | -    ||      |      |      |",
    ]
    assert places(load(in_text(*lines))) == at(
        ("unexpected-text", 21, 15, "b"),
        ("malformed-name", 22, 3, "坏 名"),
        ("unknown-choice", 22, 52, "mine"),
        ("empty-cell", 23, 11, ""),
        ("empty-cell", 23, 12, "           "),
        ("empty-cell", 23, 32, "      "),
        ("empty-cell", 23, 39, "      "),
    )
    assert places(load(in_text(*lines[:2]))) == at(
        ("unknown-symbol", 20, 13, "opend"),
        ("money-without-currency", 20, 28, "5"),
        ("unknown-name", 20, 33, "yes"),
        ("unknown-symbol", 20, 40, "okk"),
        ("money-without-currency", 20, 47, "30"),
    )


def test_a_rule_that_stands_twice_is_reported_at_its_id():
    assert places(load(in_text(HEADER, "a | - | - || true | ok |", "a | opened | - || true | ok |"))) == at(
        ("duplicate-rule", 21, 3, "a")
    )


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("a | - || true | ok |", "2 || 3"),
        ("a | - | - | - || true | ok |", "4 || 3"),
        ("a | - | - || true | ok", "3 || 2"),
        ("a | - | - | true | ok |", "6"),
        ("a | - || - || ok | ok |", "2 || 1 || 3"),
        ("a", "1"),
    ],
)
def test_a_row_of_another_length_is_reported_as_a_whole(row, found):
    reported = findings(load(in_text(HEADER, row)))
    assert [(f.name, f.mark.line, f.mark.text) for f in reported] == [("uneven-row", 20, row)]
    assert (reported[0].values["found"], reported[0].values["wanted"]) == (found, "3 || 3")


@pytest.mark.parametrize(("sign", "ascii_sign"), [("｜", "|"), ("│", "|"), ("‖", "||"), ("｜｜", "||")])
def test_a_separator_of_another_keyboard_is_reported_with_its_fix(sign, ascii_sign):
    row = "a | - | - || true | ok |"
    place = row.index("||" if ascii_sign == "||" else "|")
    wide = row[:place] + sign + row[place + len(ascii_sign) :]
    found = findings(load(in_text(HEADER, wide)))
    assert [(f.name, f.mark.line, f.mark.column, f.mark.text) for f in found] == [
        ("wide-separator", 20, place + 3, sign)
    ]
    assert found[0].suggestion == ascii_sign
    mended = wide.replace(sign, found[0].suggestion)
    assert load(in_text(f"{HEADER} | because", f"{mended} | x")).pack is not None


def test_wide_separators_in_the_header_are_reported_and_no_row_is_uneven():
    wide = HEADER.replace(" | ", " ｜ ")
    found = places(load(in_text(wide, "a | - | - || true | ok |")))
    assert found == at(*[("wide-separator", 19, 3 + place, "｜") for place, sign in enumerate(wide) if sign == "｜"])


def test_a_wide_separator_in_a_text_is_text():
    loaded = load(in_text("id || keep | code | because", "a || true | ok | 店铺规则｜第一条"))
    assert str(loaded.pack.decisions["fees"].rules[0].because) == "店铺规则｜第一条"


def test_a_second_separator_and_a_column_without_heading_are_reported():
    assert places(load(in_text("id | condition || keep || code", "a | - || true || ok"))) == at(
        ("duplicate-column", 19, 26, "||")
    )
    assert places(load(in_text("id | || keep | code |", "a | - || true | ok | x"))) == at(
        ("nameless-column", 19, 7, " "), ("nameless-column", 19, 24, "")
    )


@pytest.mark.parametrize(("intro", "marked"), [("rules: >", ">"), ("rules: >-", ">-")])
def test_a_folded_text_is_mended_by_its_header(intro, marked):
    found = findings(load(in_text(HEADER, "a | - | - || true | ok |", intro=intro)))
    assert [(f.name, f.mark.line, f.mark.text, f.suggestion) for f in found] == [("folded-grid", 18, marked, "|")]


@pytest.mark.parametrize("rules", ["id || keep", "'id || keep'", "a ｜ b"])
def test_a_grid_on_the_line_of_its_key_is_reported(rules):
    assert [f.name for f in findings(load((HEAD + f"rules: {rules}\n" + TAIL).encode()))] == ["folded-grid"]


@pytest.mark.parametrize(("rules", "name"), [("", "wrong-shape"), ("none", "wrong-shape"), ("{}", "wrong-shape")])
def test_what_is_no_grid_is_no_list_either(rules, name):
    assert [f.name for f in findings(load((HEAD + f"rules: {rules}\n" + TAIL).encode()))] == [name]


def test_a_grid_without_a_line_has_no_id_column():
    assert [(f.name, f.mark.line) for f in findings(load((HEAD + "rules: |\n" + TAIL).encode()))] == [
        ("missing-column", 18)
    ]


def test_a_computed_cell_is_what_it_is_in_yaml():
    for cell in ("{expr: decision.route.code}", "{expr: 'decision.route.code'}", '{ expr : "decision.route.code" }'):
        loaded = load(in_text("id || keep | code | because", f"a || true | {cell} | x"))
        assert loaded.pack.decisions["fees"].requires == ("route",), cell
    assert places(load(in_text("id || keep | code", "a || true | {expr: decision.rout.code}"))) == at(
        ("unknown-decision", 20, 22, "decision.rout.code")
    )
    assert places(load(in_text("id || keep | code", "a || true | {expr: }"))) == at(("empty-expression", 20, 22, ""))
    assert places(load(in_text("id || keep | code", "a || true | decision.route.code"))) == at(
        ("unknown-symbol", 20, 15, "decision.route.code")
    )


def test_a_backslash_is_a_sign_like_any_other():
    loaded = load(in_text("id || keep | code | note | because", r"a || true | ok | C:\new | x"))
    assert loaded.pack.decisions["fees"].rules[0].outputs[-1][1].value == r"C:\new"


def test_a_grid_with_too_many_rows_or_columns_is_not_read(monkeypatch):
    monkeypatch.setattr(grid, "MAX_GRID_ROWS", 2)
    rows = [f"r{number} | - | - || true | ok |" for number in range(3)]
    assert [(f.name, f.mark.line) for f in findings(load(in_text(HEADER, *rows)))] == [("grid-too-large", 19)]
    monkeypatch.setattr(grid, "MAX_GRID_COLUMNS", 5)
    assert [f.name for f in findings(load(in_text(HEADER, rows[0])))] == ["grid-too-large"]


def test_more_faults_than_anyone_reads_are_cut_short():
    found = findings(load(in_text(HEADER, *["a"] * 200)))
    assert len(found) == 101
    assert {f.name for f in found} == {"uneven-row", "too-many-findings"}
