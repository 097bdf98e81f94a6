"""Owns what a run of a pack's tests has to report: a finding for each that failed, and every test that was tried."""

from collections.abc import Callable

from csflow.diagnostics import Diagnostics, Finding
from csflow.diagnostics.findings import Translated
from csflow.diagnostics.ignoring import report_unused, sifted
from csflow.diagnostics.rendering.report import Report, Trial
from csflow.facts import facts_of
from csflow.loading.passes import Loaded
from csflow.pack.cases import Case
from csflow.settlement.cases import AnyCase, QuoteCase
from csflow.testing.coverage import Asked, Question
from csflow.testing.quote_coverage import AskedQuote
from csflow.testing.quoting import QuoteResult
from csflow.testing.running import AnyResult, Runner
from csflow.testing.telling import Details, Differences
from csflow.testing.telling_quotes import QuoteDetails, QuoteDifferences
from csflow.testing.telling_runs import RunDetails, RunDifferences
from csflow.testing.walking import RunResult


def report_of(loaded: Loaded, chosen: Callable[[AnyCase], bool] | None = None) -> Report:
    """What the tests of a pack came to, or those `chosen`; of a pack that does not load, its findings.

    What keeps a test from being run is told, whatever is chosen, and the others are run. Comments that ask not to hear
    of a failure count as unused only where all tests were run.
    """
    if loaded.pack is None:
        return Report(loaded.diagnostics.sorted())
    runner = Runner(loaded.pack)
    cases = [case for case in loaded.cases if chosen is None or chosen(case)]
    tried = [trial_of(runner.run(case)) for case in cases]
    failed = [trial.finding for trial in tried if trial.finding is not None]
    told, ignored = sifted(failed, loaded.ignores)
    unused = Diagnostics()
    if chosen is None and not loaded.faults:
        report_unused(loaded.ignores, ignored, unused, of_tests=True)
    faults = [finding for document in sorted(loaded.faults) for finding in loaded.faults[document]]
    return Report([*faults, *told, *unused], ignored=ignored, tried=tried)


def asked_of(loaded: Loaded) -> list[Question]:
    """What the tests of a pack ask, for its coverage; one with other parameters asks another pack, and is left out.

    Tests of decisions come first: what they cover need not be looked for among refunds.
    """
    cases = [case for case in loaded.cases if not case.parameters]
    decided = [_asked(loaded, case) for case in cases if isinstance(case, Case)]
    return [*decided, *(AskedQuote(case) for case in cases if isinstance(case, QuoteCase))]


def _asked(loaded: Loaded, case: Case) -> Asked:
    assert loaded.pack is not None  # INVARIANT: cases are those of a pack that loads.
    facts = facts_of(loaded.pack, case.facts)
    return Asked(case.decision, facts, case.at, frozenset(each.part for each in case.expected))


def trial_of(result: AnyResult) -> Trial:
    """A case as what was tried, with its finding where it failed: at the first thing that differs."""
    finding = None
    if not result.passed:
        mark = result.differences[0].expected.mark
        differences, details = _told(result)
        finding = Finding("failed-test", mark, {"name": result.case.name, "differences": differences}, details=details)
    return Trial(result.case.name, result.case.mark, finding)


def _told(result: AnyResult) -> tuple[Translated, Translated]:
    """What differs, in a line and at length."""
    if isinstance(result, RunResult):
        return RunDifferences(result), RunDetails(result)
    if isinstance(result, QuoteResult):
        return QuoteDifferences(result), QuoteDetails(result)
    return Differences(result), Details(result)
