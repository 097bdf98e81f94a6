"""Owns what a settlement asks as decisions of one rule, so that every engine, check and explanation reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from csflow.diagnostics import Diagnostics, Mark, Phrase
from csflow.expressions import Elaborator
from csflow.expressions.elaborating import Scope
from csflow.expressions.syntax import Syntax
from csflow.expressions.terms import Constant, Term
from csflow.loading.rules import OTHERWISE
from csflow.pack.model import Decision, Output, Rule
from csflow.values import kinds as k
from csflow.values.kinds import Kind

# An answer that is asked for, and the expression that gives it.
Asked = tuple[Output, Term]


@dataclass(frozen=True, slots=True)
class Heading:
    """What a question is called, and what its rule has for a source."""

    name: str
    rule: str
    governed_by: str | None
    mark: Mark
    title: Phrase | None
    because: Phrase | None


def asked(name: str, syntax: Syntax | None, kind: Kind, scope: Scope, diagnostics: Diagnostics) -> Asked:
    """One answer of a kind, which is always there."""
    assert syntax is not None
    term, optional = Elaborator(scope, diagnostics).value(syntax, kind)
    if optional and not term.kind.is_broken:
        diagnostics.report("optional-into-required", syntax.mark, output=name)
    return Output(name, kind, False, syntax.mark), term


def question(heading: Heading, answers: Sequence[Asked], when: Term | None = None) -> Decision:
    """The decision of one rule that gives the answers: always, or `when` it holds, and nothing otherwise."""
    always = Constant(heading.mark, k.BOOL, True)
    cells = tuple((output.name, term) for output, term in answers)
    mark, title, because = heading.mark, heading.title, heading.because
    rule = Rule(heading.rule, (), always if when is None else when, cells, (), mark, title, because)
    return Decision(
        name=heading.name,
        hit_policy="unique",
        aggregate=None,
        ranked_by=(),
        governed_by=heading.governed_by,
        for_each=None,
        locals={},
        inputs={},
        outputs={output.name: output for output, _ in answers},
        rules=(rule,),
        otherwise=None if when is None else Rule(OTHERWISE, (), always, (), (), mark),
        mark=mark,
        title=title,
    )
