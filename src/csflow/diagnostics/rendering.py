"""Owns findings as people and machines read them: text with a caret, JSON, GitHub annotations."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics.findings import Finding, Severity, Translated
from csflow.diagnostics.marks import Mark
from csflow.diagnostics.words import Word

FORMAT_VERSION = 1

_WIDEST_EXCERPT = 160
_DID_YOU_MEAN = {
    "zh-CN": "您是不是想写「{0}」？",
    "zh-TW": "您是不是想寫「{0}」？",
    "en": "did you mean `{0}`?",
}
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_GITHUB_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A decision with a case that falls to its `otherwise`."""

    decision: str
    case: Translated
    witness: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Extent:
    """What the exact questions were asked about: which decisions not, and why; what falls to `otherwise`, if asked."""

    not_analysed: Sequence[tuple[str, Word]] = ()
    left_over: Sequence[LeftOver] | None = None


NOTHING_MORE = Extent()
_FALLS_TO_OTHERWISE = {
    "zh-CN": "「{decision}」落到 otherwise 的情形，例如：{case}",
    "zh-TW": "「{decision}」落到 otherwise 的情形，例如：{case}",
    "en": "`{decision}` falls to otherwise, for example: {case}",
}


def cell_width(text: str) -> int:
    """How many terminal cells `text` takes: wide and full-width signs two, combining ones none."""
    return sum(_cells(sign) for sign in text)


def render_text(findings: Sequence[Finding], language: str, extent: Extent = NOTHING_MORE) -> str:
    """Every finding with its line, a caret under the place, and the remedy."""
    return "\n".join(
        [
            *(_text(finding, language) for finding in findings),
            *(
                _FALLS_TO_OTHERWISE[language].format(decision=each.decision, case=each.case.in_language(language))
                for each in extent.left_over or ()
            ),
        ]
    )


def render_json(findings: Sequence[Finding], language: str, extent: Extent = NOTHING_MORE) -> str:
    """The document of `check --format json`.

    `line` and `column` are 1-based code points or null; `cell` is `tab!C5` in a spreadsheet, elsewhere null.
    `not_analysed` are the decisions about which the exact questions were not asked, each with the reason; `otherwise`
    is there where it was asked for.
    """
    document: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "findings": [_record(finding, language) for finding in findings],
        "not_analysed": [
            {"decision": decision, "reason": reason.in_language(language)} for decision, reason in extent.not_analysed
        ],
    }
    if extent.left_over is not None:
        document["otherwise"] = [
            {"decision": each.decision, "case": each.case.in_language(language), "witness": each.witness}
            for each in extent.left_over
        ]
    return json.dumps(document, ensure_ascii=False, indent=2)


def render_github(findings: Sequence[Finding], language: str, extent: Extent = NOTHING_MORE) -> str:
    """Workflow commands, most severe first: GitHub shows ten of each level in a step."""
    ordered = sorted(findings, key=lambda finding: _ORDER[finding.severity])
    return "\n".join(_annotation(finding, language) for finding in ordered)


RENDERERS: dict[str, Callable[[Sequence[Finding], str, Extent], str]] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
}


def _text(finding: Finding, language: str) -> str:
    head = f"{finding.severity} {finding.code} {finding.name}: {finding.message(language)}"
    hint = _DID_YOU_MEAN[language].format(finding.suggestion) if finding.suggestion else ""
    mark = finding.mark
    if mark is None:
        lines = [f"{finding.subject}: {head}" if finding.subject else head]
        lines += [f"  = {hint}"] if hint else []
        gutter = ""
    else:
        lines = [f"{_escape(_place(mark))}: {head}"]
        gutter = " " * len(str(mark.line))
        lines += _excerpt(mark, hint, gutter)
    lines += [f"{gutter}  = help: {line}" for line in finding.remedy(language).splitlines()]
    lines.append(f"{gutter}  = help: csflow explain {finding.code}")
    return "\n".join(lines) + "\n"


def _place(mark: Mark) -> str:
    """`pack.yaml:3:9`, or `cost.xlsx[成本分摊]!C5`."""
    address = mark.address
    if address is None:
        return f"{mark.path}:{mark.line}:{mark.column}"
    return f"{mark.path}[{address.tab}]!{address.cell}"


def _excerpt(mark: Mark, hint: str, gutter: str) -> list[str]:
    line = mark.source.line_text(mark.line)
    start = mark.column - 1
    end = mark.end_column - 1 if mark.end_line == mark.line else len(line)
    # A very long line is shown from shortly before the place, so that the caret stays on screen.
    cut = max(0, start - 40) if len(line) > _WIDEST_EXCERPT else 0
    before, marked = _escape(line[cut:start]), _escape(line[start:end])
    after = _escape(line[end : cut + _WIDEST_EXCERPT])
    carets = "^" * max(1, cell_width(marked))
    return [
        f"{gutter} |",
        f"{mark.line} | {before}{marked}{after}",
        f"{gutter} | {' ' * cell_width(before)}{carets} {hint}".rstrip(),
    ]


def _record(finding: Finding, language: str) -> dict[str, Any]:
    mark = finding.mark
    address = mark.address if mark else None
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "file": mark.path if mark else finding.subject,
        "line": mark.line if mark else None,
        "column": mark.column if mark else None,
        "end_line": mark.end_line if mark else None,
        "end_column": mark.end_column if mark else None,
        "cell": f"{address.tab}!{address.cell}" if address else None,
        "message": finding.message(language),
        "help": finding.remedy(language),
        "suggestion": finding.suggestion,
        "witness": finding.witness,
    }


def _annotation(finding: Finding, language: str) -> str:
    mark = finding.mark
    properties = {"title": f"{finding.code} {finding.name}"}
    if mark is not None:
        properties |= {"file": mark.path, "line": str(mark.line), "col": str(mark.column)}
        properties |= {"endLine": str(mark.end_line), "endColumn": str(mark.end_column)}
        if mark.address is not None:
            properties["title"] += f" {mark.address.tab}!{mark.address.cell}"
    elif finding.subject:
        properties |= {"file": finding.subject}
    hint = _DID_YOU_MEAN[language].format(finding.suggestion) if finding.suggestion else ""
    parts: Iterable[str] = (finding.message(language), hint, finding.remedy(language))
    message = "\n".join(part for part in parts if part)
    listed = ",".join(f"{key}={_github_property(value)}" for key, value in properties.items())
    return f"::{_GITHUB_LEVEL[finding.severity]} {listed}::{_github_data(message)}"


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


def _escape(text: str) -> str:
    """Control and bidirectional signs made visible: an excerpt must not steer the terminal."""
    return "".join(
        f"\\u{ord(sign):04x}" if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") else sign for sign in text
    )


def _cells(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1
