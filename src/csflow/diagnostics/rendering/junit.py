"""Owns JUnit's XML: findings as failed test cases, and the writing that every other test report shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from csflow.diagnostics.findings import Finding
from csflow.diagnostics.rendering.report import Report, Trial
from csflow.diagnostics.rendering.text import render_text


@dataclass(frozen=True, slots=True)
class Case:
    """One test case. `failure` is what went wrong, in a line and in full; `output` is said of one that passed."""

    group: str
    name: str
    failure: tuple[str, str] | None = None
    output: str = ""


def report_as_junit(report: Report, language: str) -> str:
    """A suite of the tests that were run, and of the findings of anything else, a case each.

    Findings too mild to fail the run pass, and say what was found.
    """
    told = {id(trial.finding) for trial in report.tried}
    cases = [_test(report, trial, language) for trial in report.tried]
    cases += [_case(report, finding, language) for finding in report.findings if id(finding) not in told]
    return junit_xml(f"csflow {report.command}", cases or [Case("csflow", report.command)])


def junit_xml(suite: str, cases: Sequence[Case]) -> str:
    """The document of one suite of test cases."""
    failures = str(sum(case.failure is not None for case in cases))
    counts = {"tests": str(len(cases)), "failures": failures, "errors": "0"}
    root = ElementTree.Element("testsuites", {"name": suite, **counts})
    parent = ElementTree.SubElement(root, "testsuite", {"name": suite, **counts})
    for case in cases:
        element = ElementTree.SubElement(
            parent, "testcase", {"classname": _clean(case.group), "name": _clean(case.name)}
        )
        if case.failure is not None:
            message, text = case.failure
            failure = ElementTree.SubElement(element, "failure", {"type": "failure", "message": _clean(message)})
            failure.text = _clean(text)
        elif case.output:
            ElementTree.SubElement(element, "system-out").text = _clean(case.output)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _test(report: Report, trial: Trial, language: str) -> Case:
    finding, reason = trial.finding, report.reason(trial)
    if finding is None or reason is not None:
        return Case(trial.mark.path, trial.name, output=reason or "")
    return Case(trial.mark.path, trial.name, (finding.message(language), render_text([finding], language)))


def _case(report: Report, finding: Finding, language: str) -> Case:
    mark = finding.mark
    file = mark.path if mark else finding.subject or "csflow"
    place = f":{mark.line}:{mark.column}" if mark else ""
    name = f"{finding.code} {finding.name} {file}{place}"
    text = render_text([finding], language)
    if report.fails(finding):
        return Case(file, name, (finding.message(language), text))
    return Case(file, name, output=text)


def _clean(text: str) -> str:
    """The text without the signs that XML cannot hold."""
    return "".join(sign if sign in "\t\n\r" or (sign >= " " and not _is_no_sign(sign)) else "\ufffd" for sign in text)


def _is_no_sign(sign: str) -> bool:
    return "\ud800" <= sign <= "\udfff" or sign in "\ufffe\uffff"
