"""Comments that ask not to hear of a finding: where they are, what they are about, what is wrong with them."""

import pytest

from csflow.diagnostics import Diagnostics
from csflow.source import read_ignores, read_yaml


def ignores(text: str):
    diagnostics = Diagnostics()
    tree = read_yaml("a.yaml", text.encode(), diagnostics)
    assert tree is not None, [finding.name for finding in diagnostics]
    found = read_ignores(tree, diagnostics)
    return [(each.names, each.line, each.reason) for each in found], [
        (finding.name, finding.mark.line, finding.suggestion) for finding in diagnostics
    ]


@pytest.mark.parametrize(
    ("text", "names", "line", "reason"),
    [
        ("a: b  # csflow: ignore[CS415] shop rule\n", ("unsourced-rule",), 1, "shop rule"),
        ("a: b  #csflow:ignore[CS415] 店规\n", ("unsourced-rule",), 1, "店规"),
        ("a: b # csflow: ignore[unsourced-rule, CS416] 已知\n", ("unsourced-rule", "unused-definition"), 1, "已知"),
        ("# csflow: ignore[CS415] why\na: b\n", ("unsourced-rule",), 2, "why"),
        ("# csflow: ignore[CS415] why\n\n# more\na: b\n", ("unsourced-rule",), 4, "why"),
        ("a:\n  - b\n  # csflow: ignore[CS415] why\n  - c\n", ("unsourced-rule",), 4, "why"),
        ('a: "#x"  # csflow: ignore[CS415] why\n', ("unsourced-rule",), 1, "why"),
        (
            "rules: |\n  id | x || y\n  # csflow: ignore[CS415] why\n  a  | 1 || 2\n",
            ("unsourced-rule",),
            4,
            "why",
        ),
    ],
)
def test_a_comment_is_about_its_line_or_the_next_that_says_anything(text, names, line, reason):
    assert ignores(text) == ([(names, line, reason)], [])


@pytest.mark.parametrize(
    "text",
    [
        'a: "b # csflow: ignore[CS415] why"\n',
        "a: 'b # csflow: ignore[CS415] why'\n",
        "a: |\n  text\n  # csflow: ignore[CS415] why\n",
        "a: b#csflow:ignore[CS415] why\n",
        "a: b # csflow is ignored here\n",
        "a: b # csflow: ignored\n",
    ],
)
def test_what_stands_in_a_text_is_no_comment(text):
    assert ignores(text) == ([], [])


@pytest.mark.parametrize(
    ("comment", "finding"),
    [
        ("# csflow: ignore[CS415]", ("incomplete-ignore", 1, None)),
        ("# csflow: ignore", ("incomplete-ignore", 1, None)),
        ("# csflow: ignore[] why", ("incomplete-ignore", 1, None)),
        ("# csflow: ignore CS415 why", ("incomplete-ignore", 1, None)),
        ("# csflow: ignore[CS999] why", ("ignore-of-unknown-code", 1, None)),
        ("# csflow: ignore[unsourced-rules] why", ("ignore-of-unknown-code", 1, "unsourced-rule")),
    ],
)
def test_a_comment_without_code_or_reason_or_with_a_code_that_is_none_is_refused(comment, finding):
    assert ignores(f"a: b {comment}\n") == ([], [finding])
