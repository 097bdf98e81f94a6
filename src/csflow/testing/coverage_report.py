"""Owns coverage told as text and as JSON: a table of decisions, and what is missing, each with its line.

The same as a page is for `coverage_page`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from csflow.diagnostics import Word
from csflow.diagnostics.rendering.text import cell_width, made_visible
from csflow.pack.model import LinkedPack
from csflow.testing.coverage import Coverage, Score
from csflow.testing.obligations import MEASURES, RULES, Obligation

FORMAT_VERSION = 1
_GAP = "  "


def coverage_text(coverage: Coverage, language: str) -> str:
    """The report as lines of text."""
    return "\n".join(made_visible(line) for line in (*_table(coverage, language), *_missing(coverage, language)))


def coverage_json(coverage: Coverage, language: str) -> dict[str, Any]:
    """The report as a document: totals, decisions, and every obligation with its state."""
    return {
        "format_version": FORMAT_VERSION,
        "pack": {"name": coverage.pack.name, "digest": coverage.pack.digest},
        "totals": _scores(coverage, None),
        "decisions": [{"decision": name, **_scores(coverage, name)} for name in coverage.pack.decisions],
        "obligations": [
            {
                "measure": each.measure,
                "decision": each.home,
                "rule": each.rule.id if each.rule else None,
                "file": each.mark.path,
                "line": each.mark.line,
                "column": each.mark.column,
                "text": each.text,
                "needs": each.needs(language),
                "state": state_of(coverage, each),
            }
            for each in coverage.obligations
        ],
    }


def state_of(coverage: Coverage, obligation: Obligation) -> str:
    """covered, missing, or impossible; of a rule that is hit but whose loss no case would notice: unnoticed."""
    if obligation in coverage.met:
        return "covered"
    if obligation in coverage.impossible:
        return "impossible"
    is_hit = obligation.measure == RULES and obligation.mark in coverage.hit
    return "unnoticed" if is_hit else "missing"


def word(name: str, language: str) -> str:
    """One of the words of coverage."""
    return Word(f"coverage.{name}").in_language(language)


def title_of(pack: LinkedPack, home: str | None, language: str) -> str:
    """A decision as its table is headed; what decisions share has a heading of its own."""
    if home is None:
        return word("shared", language)
    title = pack.decisions[home].title
    return f"{title.in_language(language)} ({home})" if title else home


def homes(coverage: Coverage) -> list[str | None]:
    """The decisions, and then what they share, as far as anything is counted there."""
    counted = {each.home for each in coverage.obligations}
    return [each for each in (*coverage.pack.decisions, None) if each in counted]


def needs_of(coverage: Coverage, obligation: Obligation, language: str) -> str:
    """What is missing, in words; for a rule that is hit, why that does not count."""
    if state_of(coverage, obligation) == "unnoticed":
        return word("unnoticed", language)
    return obligation.needs(language)


def _scores(coverage: Coverage, home: str | None) -> dict[str, dict[str, int]]:
    scores = ((measure, coverage.score(measure, home)) for measure in MEASURES)
    return {measure: {"covered": score.met, "of": score.of, "percent": score.percent} for measure, score in scores}


# Text


def _table(coverage: Coverage, language: str) -> Iterator[str]:
    rows = [[word("decision", language), *(word(measure, language) for measure in MEASURES)]]
    for home in homes(coverage):
        scores = [_of_home(coverage, measure, home) for measure in MEASURES]
        rows.append([title_of(coverage.pack, home, language), *map(_shown, scores)])
    rows.append([word("total", language), *(_shown(coverage.score(measure)) for measure in MEASURES)])
    widths = [max(cell_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield _GAP.join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
    if coverage.pack.own_sources is not None:
        yield word("own_alone", language)


def _of_home(coverage: Coverage, measure: str, home: str | None) -> Score:
    counted = [each for each in coverage.counted if each.measure == measure and each.home == home]
    return Score(sum(each in coverage.met for each in counted), len(counted))


def _shown(score: Score) -> str:
    return f"{score.met}/{score.of} {score.percent}%" if score.of else "-"


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cell_width(cell))


def _missing(coverage: Coverage, language: str) -> Iterator[str]:
    for measure in MEASURES:
        missing = [each for each in coverage.missing if each.measure == measure]
        if missing:
            yield ""
            yield word(f"missing_{measure}", language).format(count=len(missing))
            for each in missing:
                yield f"{_GAP}{place_of(each)} {each.text}{_separator(language)}{needs_of(coverage, each, language)}"
    if coverage.impossible:
        yield ""
        yield word("impossible", language).format(count=len(coverage.impossible))
        for each in _in_order(coverage, coverage.impossible):
            yield f"{_GAP}{place_of(each)} {each.text}"


def _in_order(coverage: Coverage, obligations: Iterable[Obligation]) -> list[Obligation]:
    among = set(obligations)
    return [each for each in coverage.obligations if each in among]


def place_of(obligation: Obligation) -> str:
    """The file and line, or the cell of a workbook."""
    address = obligation.mark.address
    where = f"[{address.tab}]!{address.cell}" if address else f":{obligation.mark.line}"
    return f"{obligation.mark.path}{where}"


def _separator(language: str) -> str:
    return "：" if language.startswith("zh") else ": "
