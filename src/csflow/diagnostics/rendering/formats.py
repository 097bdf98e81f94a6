"""Owns the list of formats, as data, by the name that `--format` takes."""

from collections.abc import Callable

from csflow.diagnostics.rendering.document import report_as_json
from csflow.diagnostics.rendering.github import report_as_github
from csflow.diagnostics.rendering.gitlab import report_as_gitlab
from csflow.diagnostics.rendering.junit import report_as_junit
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.sarif import report_as_sarif
from csflow.diagnostics.rendering.text import report_as_text

FORMATS: dict[str, Callable[[Report, str], str]] = {
    "text": report_as_text,
    "json": report_as_json,
    "sarif": report_as_sarif,
    "junit": report_as_junit,
    "github": report_as_github,
    "gitlab": report_as_gitlab,
}
