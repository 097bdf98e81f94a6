"""Owns findings as GitLab's code quality report, which it shows in a merge request."""

import json

from csflow.diagnostics.findings import Severity
from csflow.diagnostics.rendering.fingerprints import fingerprints
from csflow.diagnostics.rendering.report import Report

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def report_as_gitlab(report: Report, language: str) -> str:
    """A JSON list, empty where nothing was found. A finding without a file is placed in `pack.yaml`."""
    issues = []
    for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True):
        mark = finding.mark
        lines = {"begin": mark.line if mark else 1}
        if mark and mark.end_line > mark.line:
            lines["end"] = mark.end_line
        issues.append(
            {
                "description": f"{finding.code} {finding.name}: {finding.message(language)}",
                "check_name": finding.name,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": mark.path if mark else finding.subject or "pack.yaml", "lines": lines},
            }
        )
    return json.dumps(issues, ensure_ascii=False, indent=2)
