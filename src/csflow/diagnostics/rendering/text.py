"""Owns findings as people read them in a terminal: each with its line, a caret and the remedy."""

import unicodedata
from collections.abc import Sequence

from csflow.diagnostics.findings import Finding
from csflow.diagnostics.marks import Mark
from csflow.diagnostics.rendering.report import Report

_WIDEST_EXCERPT = 160
_FALLS_TO_OTHERWISE = {
    "zh-CN": "「{decision}」落到 otherwise 的情形，例如：{case}",
    "zh-TW": "「{decision}」落到 otherwise 的情形，例如：{case}",
    "en": "`{decision}` falls to otherwise, for example: {case}",
}


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes: wide and full-width signs two, combining ones none."""
    return sum(_cells(sign) for sign in text)


def render_text(findings: Sequence[Finding], language: str) -> str:
    """Every finding with its line, a caret under the place, and the remedy."""
    return "\n".join(_text(finding, language) for finding in findings)


def report_as_text(report: Report, language: str) -> str:
    """The findings of a report, and what falls to `otherwise`; the rest is for the last lines of a command."""
    left_over = [
        _FALLS_TO_OTHERWISE[language].format(decision=each.decision, case=each.case.in_language(language))
        for each in report.extent.left_over or ()
    ]
    return "\n".join([*(_text(finding, language) for finding in report.findings), *left_over])


def _text(finding: Finding, language: str) -> str:
    head = f"{finding.severity} {finding.code} {finding.name}: {finding.message(language)}"
    meant = finding.hint(language)
    mark = finding.mark
    if mark is None:
        lines = [f"{finding.subject}: {head}" if finding.subject else head]
        lines += [f"  = {meant}"] if meant else []
        gutter = ""
    else:
        lines = [f"{made_visible(_place(mark))}: {head}"]
        gutter = " " * len(str(mark.line))
        lines += _excerpt(mark, meant, gutter)
    details = finding.told(language).splitlines()
    lines += [f"{gutter} |", *(f"{gutter} | {made_visible(line)}".rstrip() for line in details)] if details else []
    lines += [f"{gutter}  = help: {line}" for line in finding.remedy(language).splitlines()]
    lines.append(f"{gutter}  = help: csflow explain {finding.code}")
    return "\n".join(lines) + "\n"


def _place(mark: Mark) -> str:
    """`pack.yaml:3:9`, or `cost.xlsx[成本分摊]!C5`."""
    address = mark.address
    if address is None:
        return f"{mark.path}:{mark.line}:{mark.column}"
    return f"{mark.path}[{address.tab}]!{address.cell}"


def _excerpt(mark: Mark, meant: str, gutter: str) -> list[str]:
    line = mark.source.line_text(mark.line)
    start = mark.column - 1
    end = mark.end_column - 1 if mark.end_line == mark.line else len(line)
    # A very long line is shown from shortly before the place, so that the caret stays on screen.
    cut = max(0, start - 40) if len(line) > _WIDEST_EXCERPT else 0
    before, marked = made_visible(line[cut:start]), made_visible(line[start:end])
    after = made_visible(line[end : cut + _WIDEST_EXCERPT])
    carets = "^" * max(1, cell_width(marked))
    return [
        f"{gutter} |",
        f"{mark.line} | {before}{marked}{after}",
        f"{gutter} | {' ' * cell_width(before)}{carets} {meant}".rstrip(),
    ]


def made_visible(text: str) -> str:
    """Control and bidirectional signs made visible: an excerpt must not steer the terminal."""
    return "".join(
        f"\\u{ord(sign):04x}" if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") else sign for sign in text
    )


def _cells(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
