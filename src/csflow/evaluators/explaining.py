"""Owns an outcome told in sentences: what was decided, by which rule, on which values, under which law."""

from collections.abc import Iterator, Mapping
from typing import Any

from csflow.diagnostics import Phrase, Word
from csflow.evaluators.grounds import (
    columns_asked,
    decisions_behind,
    parameters_behind,
    references_behind,
    terms_behind,
    unverified,
)
from csflow.evaluators.outcomes import InForce, Outcome
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.titles import column_title
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.expressions.terms import Aggregate, Quantified, Reference, Space, Term, parts, references
from csflow.facts import ABSENT, MASK
from csflow.pack.model import CHECKLIST, SINGLE_HIT, Input, LinkedPack, Rule
from csflow.values.instants import format_date
from csflow.values.presenting import to_sentence

_INDENT = "  "
# A chain of decisions is told this deep: beyond it a reader asks for the one in question.
_DEEPEST = 12


def explain(
    pack: LinkedPack, evaluation: Evaluation, outcome: Outcome, alternatives: tuple[str, ...], language: str
) -> str:
    """Lines of text; the decisions that the outcome rests on are indented below it."""
    teller = Teller(pack, evaluation, language)
    lines = list(teller.tell(outcome))
    if alternatives:
        offered = [pack.codes[code].title or Phrase.of(code) for code in alternatives]
        lines.append(teller.line("alternatives", teller.joined([title.in_language(language) for title in offered])))
    if doubtful := unverified(pack, evaluation, outcome):
        named = [f"{teller.title(ground.title, ground.name)} ({ground.name})" for ground in doubtful]
        lines.append(teller.line("unverified", teller.joined(named)))
    if pack.notice:
        lines.append(pack.notice.in_language(language))
    return "\n".join(lines)


class Teller:
    """Tells the parts of an outcome in one language."""

    def __init__(self, pack: LinkedPack, evaluation: Evaluation, language: str) -> None:
        self._pack = pack
        self._evaluation = evaluation
        self.language = language
        self._told: set[tuple[str, int | Unknown]] = set()

    def tell(self, outcome: Outcome, indent: str = "") -> Iterator[str]:
        """An outcome and what it rests on; what was told once is not told again."""
        decision = outcome.decision
        self._told.add((decision.name, outcome.day))
        status = Word(f"status.{outcome.status}").in_language(self.language)
        yield indent + self._pair_of_text(self._decision_title(outcome), status)
        inner = indent + _INDENT
        if not outcome.items:
            yield from self._body(outcome, inner)
        for number, item in enumerate(outcome.items, 1):
            status = Word(f"status.{item.status}").in_language(self.language)
            yield inner + self._pair_of_text(self.word("item").format(number=number), status)
            yield from self._body(item, inner + _INDENT)

    def conclusion(self, outcome: Outcome, indent: str) -> Iterator[str]:
        """What was decided, and by which rule, or why nothing was; not what it rests on."""
        status = Word(f"status.{outcome.status}").in_language(self.language)
        yield indent + self._pair_of_text(self._decision_title(outcome), status)
        for number, item in enumerate(outcome.items, 1):
            yield indent + self._pair_of_text(
                self.word("item").format(number=number), Word(f"status.{item.status}").in_language(self.language)
            )
            yield from self._conclusion(item, indent + _INDENT)
        if not outcome.items:
            yield from self._conclusion(outcome, indent)

    def _body(self, outcome: Outcome, indent: str) -> Iterator[str]:
        """The answers, their rules, what is missing, and what all of it rests on."""
        yield from self._conclusion(outcome, indent)
        yield from self._grounds(outcome, indent)

    def _decision_title(self, outcome: Outcome) -> str:
        return f"{self.title(outcome.decision.title, outcome.decision.name)} ({outcome.decision.name})"

    def _conclusion(self, outcome: Outcome, indent: str) -> Iterator[str]:
        yield from self._answers(outcome, indent)
        if outcome.contradicting:
            named = [self.rule(rule) for rule in outcome.contradicting]
            yield indent + self.line("contradicting", self.joined(named))
        if outcome.missing:
            yield indent + self.line("missing", self.joined([self.cause(cause) for cause in outcome.missing]))

    def _answers(self, outcome: Outcome, indent: str) -> Iterator[str]:
        """What the decision gives, with the rule, or each of the rules, that says so."""
        is_single = outcome.decision.hit_policy in SINGLE_HIT and not outcome.gives_list
        if outcome.status != "decided" or is_single:
            yield from self._outputs(outcome, outcome.outputs, indent)
            if outcome.rule is not None:
                yield from self._rules(outcome.rule, outcome.exceptions, indent)
            return
        # Of a list and of a checklist each hit has its own answer; what is added up has one.
        is_each = outcome.gives_list or outcome.decision.hit_policy == CHECKLIST
        if not is_each:
            yield from self._outputs(outcome, outcome.outputs, indent)
        for hit in outcome.hits:
            if is_each and hit in outcome.reported_hits:
                yield from self._outputs(outcome, hit.outputs, indent)
            yield from self._rules(hit.rule, hit.exceptions, indent)

    def _outputs(self, outcome: Outcome, outputs: Mapping[str, Any], indent: str) -> Iterator[str]:
        for name, held in outputs.items():
            output = outcome.decision.outputs[name]
            if held is None:
                continue
            value = output.kind.member("value")
            if value is None or output.kind.name != "list":
                yield indent + self.pair(self.title(output.title, name), output.kind, held)
                continue
            yield indent + self._pair_of_text(self.title(output.title, name), self.word("options"))
            for record in held:
                yield indent + _INDENT + self.pair(record["id"], value.kind, record["value"])

    def _rules(self, rule: Rule, exceptions: tuple[Rule, ...], indent: str) -> Iterator[str]:
        yield indent + self.line("rule", self.rule(rule))
        yield from (indent + self.line("exception", self.rule(each)) for each in exceptions)
        applied = exceptions[-1] if exceptions else rule
        if applied.because:
            yield indent + self.line("because", applied.because.in_language(self.language))
        if applied.basis == "unverified":
            yield indent + self.line("basis", Word("basis.unverified").in_language(self.language))

    def word(self, word: str) -> str:
        return Word(f"explain.{word}").in_language(self.language)

    def _pair_of_text(self, title: str, text: str) -> str:
        return f"{title}{self.colon}{text}"

    def line(self, word: str, text: str) -> str:
        return f"{Word(f'explain.{word}').in_language(self.language)}{self.colon}{text}"

    def joined(self, parts: list[str]) -> str:
        return ("；" if self.language.startswith("zh") else "; ").join(parts)

    @property
    def colon(self) -> str:
        return "：" if self.language.startswith("zh") else ": "

    def _grounds(self, outcome: Outcome, indent: str) -> Iterator[str]:
        """The values the hit rule looked at, the parameters behind them, the decisions it rests on."""
        for column in columns_asked(outcome):
            yield indent + self._input(column, outcome)
        day = outcome.day
        if not isinstance(day, Unknown):
            for name in parameters_behind(self._pack, outcome):
                yield from self._parameter(name, day, indent)
        for name in decisions_behind(self._pack, outcome):
            required = self._evaluation.decide(name, day)
            if len(indent) <= _DEEPEST * len(_INDENT) and (name, required.day) not in self._told:
                yield from self.tell(required, indent)

    def references(self, terms: list[Term], outcome: Outcome) -> list[Reference]:
        """What the terms refer to, themselves or through derived values and names of the decision."""
        return references_behind(self._pack, terms, outcome)

    def _parameter(self, name: str, day: int, indent: str) -> Iterator[str]:
        found = self._evaluation.in_force(name, day)
        if isinstance(found, Unknown):
            return
        title = self.title(self._pack.parameters[name].title, f"param.{name}")
        for each in found.among or (found,):
            yield f"{indent}{title} ({self._holder(each)}){self.colon}{self._source(each)}"
        if found.among:
            yield f"{indent}{title}{self.colon}{self.word('longest')}"

    def _holder(self, value: InForce) -> str:
        """Since when a value holds, or by which layer."""
        if value.layer is None:
            return self.word("since").format(day=format_date(value.edition.start))
        return self.word("layer").format(title=self.title(value.layer.title, value.layer.name))

    def _source(self, value: InForce) -> str:
        because = value.edition.because or (value.layer.because if value.layer else None)
        return because.in_language(self.language) if because else ""

    def _input(self, column: Input, outcome: Outcome) -> str:
        """The column's value, and the facts it was computed from where it is not a fact itself."""
        title = self.title(column_title(self._pack, outcome.decision, column), column.name)
        shown = self.pair(title, column.kind, outcome.inputs[column.name], self.is_private(column.term, outcome))
        if isinstance(column.term, Reference):
            return shown
        facts = dict.fromkeys(ref.name for ref in self.references([column.term], outcome) if ref.space is Space.FACT)
        if not facts:
            return shown
        return self.with_aside(shown, self.joined([self._fact(path) for path in facts]))

    def with_aside(self, text: str, aside: str) -> str:
        """A text with something in parentheses."""
        left, right = "（）" if self.language.startswith("zh") else (" (", ")")
        return f"{text}{left}{aside}{right}"

    def is_private(self, term: Term, outcome: Outcome) -> bool:
        """Whether a private fact, or a private field of a record, is read anywhere behind a term."""
        behind = list(terms_behind(self._pack, [term], outcome))
        walked = [walk for each in behind for walk in _walks(each)]
        if outcome.decision.for_each is not None:
            walked.append((outcome.decision.for_each.variable, outcome.decision.for_each.source))
        private = {
            f"{variable}.{member.name}" for variable, source in walked for member in source.kind.members if member.pii
        }
        return any(
            self._pack.facts[ref.name].pii if ref.space is Space.FACT else ref.name in private
            for each in behind
            for ref in references(each)
            if ref.space in (Space.FACT, Space.ITEM)
        )

    def _fact(self, path: str) -> str:
        fact = self._pack.facts[path]
        return self.pair(self.title(fact.title, path), fact.kind, self._evaluation.fact(path), fact.pii)

    def pair(self, title: str, kind: Any, held: Any, is_private: bool = False) -> str:
        return f"{title}{self.colon}{self.value(kind, held, is_private)}"

    def value(self, kind: Any, held: Any, is_private: bool = False) -> str:
        """A held value, absent or unknown, as a person reads it; a private one is masked."""
        if is_private:
            return MASK
        if isinstance(held, Unknown):
            return Word("value.unknown").in_language(self.language)
        return to_sentence(kind, None if held is ABSENT else held, self._pack.zone, self.language)

    def title(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self.language) if title else name

    def rule(self, rule: Rule) -> str:
        if rule.title is None:
            words = {"otherwise": "otherwise", "all-met": "all_met"}
            return self.word(words[rule.id]) if rule.id in words else rule.id
        return f"{rule.title.in_language(self.language)} ({rule.id})"

    def cause(self, cause: Cause) -> str:
        text = Word(f"cause.{cause.kind}").in_language(self.language)
        status = Word(f"status.{cause.status}").in_language(self.language) if cause.status else ""
        name = cause.name
        if cause.kind == "fact":
            fact = self._pack.facts.get(name)
            title = fact.title if fact else None
            name = f"{title.in_language(self.language)} ({name})" if title else name
        return text.format(name=name, status=status)


def _walks(term: Term) -> Iterator[tuple[str, Reference]]:
    """The variables of the iterations in a term, with the lists whose records they stand for."""
    if isinstance(term, (Quantified, Aggregate)):
        yield term.variable, term.source
    for part in parts(term):
        yield from _walks(part)
