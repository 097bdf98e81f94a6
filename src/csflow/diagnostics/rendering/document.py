"""Owns the JSON document of findings, which programs read: its keys are kept from version to version."""

import json
from typing import Any

from csflow.diagnostics.findings import Finding
from csflow.diagnostics.rendering.report import Report, Trial

FORMAT_VERSION = 1


def report_as_json(report: Report, language: str) -> str:
    """The document of `check --format json`.

    `line` and `column` are 1-based code points or null; `cell` is `tab!C5` in a spreadsheet, elsewhere null.
    `not_analysed` are the decisions about which the exact questions were not asked, each with the reason; `ignored`
    are the findings that a comment asks not to hear of, each with its `reason`. `tests` are the tests that were run,
    in their order; `otherwise`, what falls to `otherwise`, is there where it was asked for.
    """
    extent = report.extent
    document: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "findings": [_record(finding, language) for finding in report.findings],
        "ignored": [_record(each.finding, language) | {"reason": each.reason} for each in report.ignored],
        "not_analysed": [
            {"decision": decision, "reason": reason.in_language(language)} for decision, reason in extent.not_analysed
        ],
        "tests": [_trial(report, trial) for trial in report.tried],
    }
    if extent.left_over is not None:
        document["otherwise"] = [
            {"decision": each.decision, "case": each.case.in_language(language), "witness": each.witness}
            for each in extent.left_over
        ]
    return json.dumps(document, ensure_ascii=False, indent=2)


def _trial(report: Report, trial: Trial) -> dict[str, Any]:
    mark = trial.mark
    return {"name": trial.name, "file": mark.path, "line": mark.line, "outcome": report.outcome(trial)}


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
        "details": finding.told(language),
        "suggestion": finding.suggestion,
        "witness": finding.witness,
    }
