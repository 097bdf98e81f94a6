"""Owns what an author has asked not to hear of: comments `# csflow: ignore[CS402] reason`, and what they cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from csflow.diagnostics import catalogue
from csflow.diagnostics.findings import Diagnostics, Finding
from csflow.diagnostics.marks import Mark
from csflow.diagnostics.rendering.report import Ignored


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment: it covers the findings of `names` that begin on `line` of its file."""

    names: tuple[str, ...]
    reason: str
    line: int
    mark: Mark

    def covers(self, finding: Finding) -> bool:
        mark = finding.mark
        return (
            finding.name in self.names
            and mark is not None
            and mark.source is self.mark.source
            and mark.line == self.line
        )


def sifted(findings: Iterable[Finding], ignores: Sequence[Ignore]) -> tuple[list[Finding], list[Ignored]]:
    """The findings to tell, and those that a comment covers."""
    told: list[Finding] = []
    ignored: list[Ignored] = []
    for finding in findings:
        cover = next((each for each in ignores if each.covers(finding)), None)
        if cover is None:
            told.append(finding)
        else:
            ignored.append(Ignored(finding, cover.reason))
    return told, ignored


# Findings that only a run of the tests has.
OF_TESTS = frozenset({"failed-test"})


def report_unused(
    ignores: Iterable[Ignore], ignored: Iterable[Ignored], diagnostics: Diagnostics, *, of_tests: bool = False
) -> None:
    """Report every name in a comment that covers nothing, once all findings of a check are known, or `of_tests`."""
    covered = [each.finding for each in ignored]
    for ignore in ignores:
        used = {finding.name for finding in covered if ignore.covers(finding)}
        for name in ignore.names:
            if name not in used and (name in OF_TESTS) == of_tests:
                diagnostics.report("unused-ignore", ignore.mark, code=catalogue.by_name(name).code, name=name)


def report_covered_errors(findings: Iterable[Finding], ignores: Iterable[Ignore], diagnostics: Diagnostics) -> None:
    """Report every comment on a fault that keeps the pack from loading: it does not make the fault go away."""
    found = list(findings)
    for ignore in ignores:
        for finding in found:
            if ignore.covers(finding):
                diagnostics.report("error-not-ignored", ignore.mark, code=finding.code, name=finding.name)
