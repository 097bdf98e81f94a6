"""Owns coverage as one HTML page: the rules of a pack as tables, each cell with whether a case depends on it.

The page needs no network and no script. Everything on it that comes from a pack or a file is escaped.
"""

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote

from csflow.diagnostics import Mark, Word
from csflow.diagnostics.rendering.text import made_visible
from csflow.expressions.terms import Reference
from csflow.pack.model import CHECKLIST, Decision, Input, Layer, LinkedPack, Rule
from csflow.testing.coverage import Coverage
from csflow.testing.coverage_report import homes, needs_of, place_of, state_of, title_of, word
from csflow.testing.obligations import MEASURES, RULES, Obligation

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --line: #d5d5da; --soft: #f4f4f6;
  --yes: #e3f4e6; --yes-ink: #14532d; --no: #fde4e1; --no-ink: #8a1c10; --half: #fdf1d3; --half-ink: #6b4a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --paper: #17171a; --line: #3c3c43; --soft: #222226;
  --yes: #143d22; --yes-ink: #b9efc8; --no: #521a14; --no-ink: #ffc9c2; --half: #463509; --half-ink: #ffe3a1; } }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
a { color: inherit; } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; min-width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); font-weight: 600; white-space: nowrap; } td { overflow-wrap: break-word; min-width: 4em; }
td.place, td.score, td.name code { white-space: nowrap; }
.covered { background: var(--yes); color: var(--yes-ink); } .missing { background: var(--no); color: var(--no-ink); }
.partly { background: var(--half); color: var(--half-ink); }
.impossible { color: #808089; text-decoration: line-through; }
code { font-family: ui-monospace, "Noto Sans Mono CJK SC", monospace; font-size: .92em; }
small { display: block; } .score { text-align: right; font-variant-numeric: tabular-nums; }
ul { margin: .5rem 0; padding-left: 1.2rem; } li { margin: .2rem 0; overflow-wrap: anywhere; }
.mark { display: inline-block; width: 1.2em; font-weight: 700; }
"""
# Told by a sign as well as by a colour.
_SIGNS = {"covered": "✓", "missing": "✗", "partly": "±", "impossible": "–", "": ""}


def coverage_page(coverage: Coverage, language: str) -> str:
    """The whole page."""
    return "\n".join(_Page(coverage, language).lines()) + "\n"


class _Page:
    def __init__(self, coverage: Coverage, language: str) -> None:
        self._coverage = coverage
        self._pack: LinkedPack = coverage.pack
        self._language = language

    def lines(self) -> Iterator[str]:
        name = self._pack.title.in_language(self._language) if self._pack.title else self._pack.name
        title = escape(made_visible(self._word("page_title").format(pack=name)))
        yield "<!doctype html>"
        yield f'<html lang="{escape(self._language)}"><head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Nothing may be loaded or run, whatever a name holds.
        yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        yield f"<h1>{title}</h1><p>{escape(self._word('page_intro'))}</p>"
        yield from self._summary()
        for home in homes(self._coverage):
            yield from self._section(home)
        yield "</body></html>"

    # The table of contents is the table of scores

    def _summary(self) -> Iterator[str]:
        heads = [self._word("decision"), *map(self._word, MEASURES)]
        yield self._head(heads)
        for home in homes(self._coverage):
            link = f'<a href="#{_anchor(home)}">{_shown(title_of(self._pack, home, self._language))}</a>'
            yield f"<tr><td>{link}</td>{''.join(self._score(measure, self._of(home)) for measure in MEASURES)}</tr>"
        total = "".join(self._score(measure, self._coverage.obligations) for measure in MEASURES)
        yield f"<tr><th>{escape(self._word('total'))}</th>{total}</tr></tbody></table></div>"

    def _score(self, measure: str, among: Iterable[Obligation]) -> str:
        states = [state_of(self._coverage, each) for each in among if each.measure == measure]
        counted = [state for state in states if state != "impossible"]
        met = counted.count("covered")
        if not counted:
            return '<td class="score">–</td>'
        state = "covered" if met == len(counted) else "partly" if met else "missing"
        return f'<td class="score {state}">{met}/{len(counted)} · {100 * met // len(counted)}%</td>'

    def _of(self, home: str | None) -> list[Obligation]:
        return [each for each in self._coverage.obligations if each.home == home]

    # One decision

    def _section(self, home: str | None) -> Iterator[str]:
        yield f'<h2 id="{_anchor(home)}">{_shown(title_of(self._pack, home, self._language))}</h2>'
        if home is not None:
            yield from self._rules(self._pack.decisions[home])
        yield from self._list(home)

    def _rules(self, decision: Decision) -> Iterator[str]:
        ruled = [rule for rule, _ in _with_parents(decision) if rule is not decision.otherwise]
        columns = list(decision.inputs.values()) if any(rule.cells for rule in ruled) else []
        has_conditions = not columns or any(not rule.cells for rule in ruled)
        titles = map(self._column, columns)
        yield self._head(
            [self._word("rule"), *titles, *([self._word("when")] if has_conditions else []), self._word("line")]
        )
        for rule, parent in _with_parents(decision):
            if rule is decision.otherwise:
                tests = [f'<td colspan="{len(columns) + has_conditions}">{_shown(self._left_over(decision))}</td>']
            else:
                cells = {cell.input: cell.mark for cell in rule.cells}
                tests = [self._cell(decision, cells.get(column.name)) for column in columns]
                if has_conditions:
                    tests.append("<td></td>" if rule.cells else self._asked(decision, rule.condition.mark))
            yield f"<tr>{self._name(decision, rule, parent)}{''.join(tests)}{self._place(rule.mark)}</tr>"
        yield "</tbody></table></div>"

    def _column(self, column: Input) -> str:
        """The title of a column, or of the fact that it is."""
        fact = self._pack.facts.get(column.term.name) if isinstance(column.term, Reference) else None
        title = column.title or (fact.title if fact else None)
        return title.in_language(self._language) if title else column.name

    def _left_over(self, decision: Decision) -> str:
        return Word("explain.all_met" if decision.hit_policy == CHECKLIST else "explain.otherwise").in_language(
            self._language
        )

    def _name(self, decision: Decision, rule: Rule, parent: Rule | None) -> str:
        state = self._state(
            [each for each in self._of(decision.name) if each.measure == RULES and each.mark == rule.mark]
        )
        lines = [rule.title.in_language(self._language)] if rule.title else []
        if parent is not None:
            lines.append(self._word("exception_of").format(rule=parent.id))
        if rule.layer is not None:
            lines.append(
                self._word("by_layer").format(layer=_layer_title(self._pack.layers[rule.layer], self._language))
            )
        below = "".join(f"<small>{_shown(line)}</small>" for line in lines)
        return f'<td class="name {state}">{self._sign(state)}<code>{_shown(rule.id)}</code>{below}</td>'

    def _cell(self, decision: Decision, mark: Mark | None) -> str:
        if mark is None:
            return f"<td>{escape(self._word('any'))}</td>"
        return self._asked(decision, mark)

    def _asked(self, decision: Decision, mark: Mark) -> str:
        """What is written at a mark, with the state of all that is asked of it."""
        inside = [
            each
            for each in self._of(decision.name)
            if each.measure != RULES
            and each.mark.source is mark.source
            and mark.start <= each.mark.start
            and each.mark.end <= mark.end
        ]
        state = self._state(inside)
        return f'<td class="{state}">{self._sign(state)}<code>{_shown(mark.text)}</code></td>'

    def _place(self, mark: Mark) -> str:
        where = f"{mark.path.rpartition('/')[2]}:{mark.line}"
        return f'<td class="place"><a href="{escape(_link(mark), quote=True)}">{_shown(where)}</a></td>'

    def _list(self, home: str | None) -> Iterator[str]:
        """What is missing in so many words, and what does not count."""
        odd = [each for each in self._of(home) if state_of(self._coverage, each) != "covered"]
        if odd:
            yield "<ul>"
            for each in odd:
                state = "impossible" if state_of(self._coverage, each) == "impossible" else "missing"
                needs = "" if state == "impossible" else f" {_shown(needs_of(self._coverage, each, self._language))}"
                kind = escape(self._word(each.measure))
                link = f'<a href="{escape(_link(each.mark), quote=True)}">{_shown(place_of(each))}</a>'
                yield f'<li>{kind} · {link} <code class="{state}">{_shown(each.text)}</code>{needs}</li>'
            yield "</ul>"

    # Parts

    def _state(self, obligations: list[Obligation]) -> str:
        states = {state_of(self._coverage, each) for each in obligations}
        counted = {"covered" if state == "covered" else "missing" for state in states - {"impossible"}}
        if not counted:
            return "impossible" if states else ""
        return counted.pop() if len(counted) == 1 else "partly"

    def _sign(self, state: str) -> str:
        label = escape(self._word(state), quote=True) if state in ("covered", "missing", "partly") else ""
        return f'<span class="mark" title="{label}">{_SIGNS[state]}</span>' if state else ""

    def _head(self, heads: list[str]) -> str:
        cells = "".join(f"<th>{_shown(head)}</th>" for head in heads)
        return f'<div class="scroll"><table><thead><tr>{cells}</tr></thead><tbody>'

    def _word(self, name: str) -> str:
        return word(name, self._language)


def _with_parents(decision: Decision) -> Iterator[tuple[Rule, Rule | None]]:
    def below(rule: Rule, parent: Rule | None) -> Iterator[tuple[Rule, Rule | None]]:
        yield rule, parent
        for exception in rule.exceptions:
            yield from below(exception, rule)

    for rule in (*decision.rules, *([decision.otherwise] if decision.otherwise else [])):
        yield from below(rule, None)


def _layer_title(layer: Layer, language: str) -> str:
    return layer.title.in_language(language) if layer.title else layer.name


def _shown(text: str) -> str:
    """Text from a pack: escaped, on one line, kept from turning the direction of what stands around it."""
    return f"<bdi>{escape(made_visible(' '.join(text.split())))}</bdi>"


def _anchor(home: str | None) -> str:
    # Names of decisions are ASCII words with `_`; none begins with a hyphen.
    return f"decision-{escape(home, quote=True)}" if home else "shared"


def _link(mark: Mark) -> str:
    """A link to a file beside the page, with its line: a path, never a scheme."""
    return f"./{quote(mark.path, safe='/')}#L{mark.line}"
