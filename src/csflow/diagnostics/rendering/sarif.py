"""Owns findings as SARIF 2.1.0, which code scanning reads (OASIS Static Analysis Results Interchange Format)."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from csflow.diagnostics import catalogue
from csflow.diagnostics.findings import Finding
from csflow.diagnostics.marks import Mark
from csflow.diagnostics.rendering.fingerprints import fingerprints
from csflow.diagnostics.rendering.report import Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def report_as_sarif(report: Report, language: str) -> str:
    """One run. Columns count code points; what a comment ignores is there as suppressed, with its reason."""
    findings = [*report.findings, *(each.finding for each in report.ignored)]
    reasons = [None] * len(report.findings) + [each.reason for each in report.ignored]
    names = sorted({finding.name for finding in findings}, key=lambda name: catalogue.by_name(name).code)
    results = [
        _result(finding, names, fingerprint, reason, language)
        for finding, fingerprint, reason in zip(findings, fingerprints(findings), reasons, strict=True)
    ]
    run = {
        "tool": {"driver": {"name": "csflow", "rules": [_rule(name, language) for name in names]}},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, language)}],
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(name: str, language: str) -> dict[str, Any]:
    code = catalogue.by_name(name)
    wording = code.wordings[language]
    return {
        "id": code.code,
        "name": name,
        "shortDescription": {"text": wording.title},
        "fullDescription": {"text": wording.why},
        "defaultConfiguration": {"level": code.severity},
    }


def _result(
    finding: Finding, names: Sequence[str], fingerprint: str, reason: str | None, language: str
) -> dict[str, Any]:
    told = [part for part in (finding.told(language), finding.remedy(language)) if part]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": names.index(finding.name),
        "level": str(finding.severity),
        "message": {"text": "\n".join([finding.message(language), *told])},
        "locations": [_location(finding)],
        "partialFingerprints": {"csflow/v1": fingerprint},
    }
    if finding.mark is not None and finding.suggestion is not None:
        result["fixes"] = [_fix(finding.mark, finding.suggestion)]
    if finding.witness is not None:
        result["properties"] = {"witness": finding.witness}
    if reason is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": reason}]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    mark = finding.mark
    if mark is None:
        return {"logicalLocations": [{"fullyQualifiedName": finding.subject or "pack"}]}
    place: dict[str, Any] = {"physicalLocation": {"artifactLocation": _file(mark), "region": _region(mark)}}
    if mark.address is not None:
        place["logicalLocations"] = [{"fullyQualifiedName": f"{mark.address.tab}!{mark.address.cell}"}]
    return place


def _file(mark: Mark) -> dict[str, Any]:
    return {"uri": quote(mark.path)}


def _region(mark: Mark) -> dict[str, Any]:
    return {
        "startLine": mark.line,
        "startColumn": mark.column,
        "endLine": mark.end_line,
        "endColumn": mark.end_column,
    }


def _fix(mark: Mark, suggestion: str) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(mark), "insertedContent": {"text": suggestion}}
    return {"artifactChanges": [{"artifactLocation": _file(mark), "replacements": [replacement]}]}


def _notifications(report: Report, language: str) -> list[dict[str, Any]]:
    """That a decision was not analysed must not read as if nothing had been found in it."""
    return [
        {"level": "note", "message": {"text": f"not analysed: {decision}: {reason.in_language(language)}"}}
        for decision, reason in report.extent.not_analysed
    ]
