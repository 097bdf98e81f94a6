"""Owns findings as GitHub shows them: annotations on the lines of a pull request, and the summary of a step."""

from csflow.diagnostics.findings import Finding, Severity
from csflow.diagnostics.rendering.report import Report

# GitHub takes 1 MiB a step and drops what is larger.
SUMMARY_LIMIT = 900_000

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_COLUMNS = {
    "zh-CN": ("级别", "代码", "位置", "说明"),
    "zh-TW": ("等級", "代碼", "位置", "說明"),
    "en": ("Level", "Code", "Place", "What is wrong"),
}
_MORE = {"zh-CN": "另有 {0} 条没有列出。", "zh-TW": "另有 {0} 筆未列出。", "en": "{0} more are not listed."}


def report_as_github(report: Report, language: str) -> str:
    """Workflow commands, most severe first: GitHub shows ten of each level in a step."""
    return "\n".join(_annotation(finding, language) for finding in report.most_severe_first())


def github_summary(report: Report, language: str) -> str:
    """The findings as a Markdown table, most severe first, within what GitHub takes; "" where there are none."""
    findings = report.most_severe_first()
    if not findings:
        return ""
    head = "".join(f"| {column} " for column in _COLUMNS[language]) + "|\n" + "| --- " * 4 + "|\n"
    rows: list[str] = []
    size = len(head.encode())
    for finding in findings:
        row = _row(finding, language)
        size += len(row.encode())
        if size > SUMMARY_LIMIT:
            break
        rows.append(row)
    left = len(findings) - len(rows)
    return head + "".join(rows) + (f"\n{_MORE[language].format(left)}\n" if left else "")


def _row(finding: Finding, language: str) -> str:
    mark = finding.mark
    place = f"{mark.path}:{mark.line}" if mark else finding.subject or ""
    parts = (_LEVELS[finding.severity], f"{finding.code} {finding.name}", place, finding.message(language))
    return "".join(f"| {_markdown(part)} " for part in parts) + "|\n"


def _markdown(text: str) -> str:
    """Text in a cell of a table: nothing in it is markup."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;")
    for sign in "\\`*_{}[]|#@":
        plain = plain.replace(sign, f"&#{ord(sign)};" if sign != "#" else sign)
    return " ".join(plain.splitlines())


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
    parts = (finding.message(language), finding.hint(language), finding.told(language), finding.remedy(language))
    message = "\n".join(part for part in parts if part)
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
