"""Owns what one run of a command has to report, before it takes a format."""

from collections.abc import Sequence
from dataclasses import dataclass

from csflow.diagnostics.findings import Finding, Severity
from csflow.diagnostics.marks import Mark

_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that its author has asked not to hear of, and the reason given."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A test that was run, where it stands, and the finding where it failed."""

    name: str
    mark: Mark
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a run of `command`. `fails_on` is the least severity that fails it.

    `not_analysed` are the decisions about which the exact questions were not asked. `tried` are the tests that were
    run: each that failed has its finding among the others.
    """

    findings: Sequence[Finding]
    not_analysed: Sequence[str] = ()
    ignored: Sequence[Ignored] = ()
    fails_on: Severity = Severity.ERROR
    tried: Sequence[Trial] = ()
    command: str = "check"

    def most_severe_first(self) -> list[Finding]:
        return sorted(self.findings, key=lambda finding: _RANKS[finding.severity])

    def fails(self, finding: Finding) -> bool:
        """Whether a finding is severe enough to fail the run."""
        return _RANKS[finding.severity] <= _RANKS[self.fails_on]

    def outcome(self, trial: Trial) -> str:
        """`passed`, `failed`, or `ignored` where a comment asks not to hear of the failure."""
        if trial.finding is None:
            return "passed"
        return "ignored" if self.reason(trial) is not None else "failed"

    def reason(self, trial: Trial) -> str | None:
        """Why its author asks not to hear of the failure of a test; None where nobody does."""
        return next((each.reason for each in self.ignored if each.finding is trial.finding), None)

    @property
    def failing(self) -> list[Finding]:
        return [finding for finding in self.findings if self.fails(finding)]


def together(reports: Sequence[Report], fails_on: Severity, command: str = "check") -> Report:
    """The reports of several packs as one, of the run of a command."""
    return Report(
        [finding for report in reports for finding in report.findings],
        [name for report in reports for name in report.not_analysed],
        [each for report in reports for each in report.ignored],
        fails_on,
        [trial for report in reports for trial in report.tried],
        command,
    )
