"""Owns what one run of a command has to report, before it takes a format."""

from collections.abc import Sequence
from dataclasses import dataclass

from csflow.diagnostics.findings import Finding, Severity

_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that its author has asked not to hear of, and the reason given."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a run. `fails_on` is the least severity that fails it.

    `not_analysed` are the decisions about which the exact questions were not asked.
    """

    findings: Sequence[Finding]
    not_analysed: Sequence[str] = ()
    ignored: Sequence[Ignored] = ()
    fails_on: Severity = Severity.ERROR

    def most_severe_first(self) -> list[Finding]:
        return sorted(self.findings, key=lambda finding: _RANKS[finding.severity])

    def fails(self, finding: Finding) -> bool:
        """Whether a finding is severe enough to fail the run."""
        return _RANKS[finding.severity] <= _RANKS[self.fails_on]

    @property
    def failing(self) -> list[Finding]:
        return [finding for finding in self.findings if self.fails(finding)]


def together(reports: Sequence[Report], fails_on: Severity) -> Report:
    """The reports of several packs as one."""
    return Report(
        [finding for report in reports for finding in report.findings],
        [name for report in reports for name in report.not_analysed],
        [each for report in reports for each in report.ignored],
        fails_on,
    )
