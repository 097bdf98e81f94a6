"""Owns linking a settlement: its terms, tenders and shares.

What it asks about a return is a decision of one rule, so that every engine, check and explanation reads it.
"""

from collections.abc import Iterator, Mapping

from csflow.definitions.sections import SettlementDocument, ShareSection
from csflow.diagnostics import Diagnostics, nearest
from csflow.expressions import Elaborator
from csflow.expressions.syntax import Syntax
from csflow.expressions.terms import Constant, Space, Term, references
from csflow.loading.decisions import governing_fact
from csflow.loading.kinds import Kinds
from csflow.loading.scopes import Names, RuleScope, fact_meant
from csflow.pack.model import Decision, Output, Rule, Settlement, SharePart, TenderKind
from csflow.values import kinds as k
from csflow.values.kinds import Kind
from csflow.values.routing import Routing

MODE = Kind("enum", symbols=("prorated", "resettle"))
ROUTING = Kind("enum", symbols=tuple(Routing))
THRESHOLD = Kind("enum", symbols=("waived", "claimed_back"))
REST = "rest"


def link_settlement(document: SettlementDocument, kinds: Kinds, names: Names, diagnostics: Diagnostics) -> Settlement:
    """The settlement with its terms linked, its reason a fact of that kind, and its shares those of known parties."""
    shares = _shares(document.shares, kinds.vocabulary("party"), diagnostics)
    return Settlement(
        name=document.settlement.text,
        terms=_terms(document, kinds, names, diagnostics),
        reason=_reason(document, names, diagnostics),
        tenders={
            name: TenderKind(name, section.cash, section.mark, section.title)
            for name, section in document.tenders.items()
        },
        shares=shares,
        mark=document.settlement.mark,
        title=document.title,
        because=document.because,
    )


def _terms(document: SettlementDocument, kinds: Kinds, names: Names, diagnostics: Diagnostics) -> Decision:
    asked = list(_asked(document, kinds))
    scope = RuleScope(names, {})
    outputs, cells = {}, []
    for name, syntax, kind in asked:
        term, optional = Elaborator(scope, diagnostics).value(syntax, kind)
        if optional and not term.kind.is_broken:
            diagnostics.report("optional-into-required", syntax.mark, output=name)
        outputs[name] = Output(name, kind, False, syntax.mark)
        cells.append((name, term))
    mark = document.settlement.mark
    rule = Rule("terms", (), Constant(mark, k.BOOL, True), tuple(cells), (), mark, document.title, document.because)
    return Decision(
        name=f"settlement.{document.settlement.text}",
        hit_policy="unique",
        aggregate=None,
        ranked_by=(),
        governed_by=governing_fact(document.governed_by, names.facts, diagnostics),
        for_each=None,
        locals={},
        inputs={},
        outputs=outputs,
        rules=(rule,),
        otherwise=None,
        requires=tuple(dict.fromkeys(_required(cells))),
        mark=mark,
        title=document.title,
    )


def _asked(document: SettlementDocument, kinds: Kinds) -> Iterator[tuple[str, Syntax, Kind]]:
    """What is asked, and of which kind each answer is."""
    yield "mode", document.mode, MODE
    yield "routing", document.routing, ROUTING
    if document.freight is not None:
        yield "outbound", document.freight.outbound, kinds.vocabulary("party")
        if document.freight.threshold is not None:
            yield "threshold", document.freight.threshold, THRESHOLD
    for party, section in document.shares.items():
        if section.at_most is not None:
            yield f"at_most.{party}", section.at_most, k.money(kinds.currency)


def _required(cells: list[tuple[str, Term]]) -> Iterator[str]:
    for _, term in cells:
        for reference in references(term):
            if reference.space is Space.DECISION:
                yield reference.name.partition(".")[0]


def _reason(document: SettlementDocument, names: Names, diagnostics: Diagnostics) -> str | None:
    written = document.reason
    if written is None:
        return None
    fact = names.facts.get(written.text)
    if fact is None:
        meant = fact_meant(written.text, names.facts)
        diagnostics.report("unknown-fact", written.mark, suggestion=meant, name=written.text)
    elif fact.kind.name != "reason":
        diagnostics.report("kinds-disagree", written.mark, wanted=Kind("reason").word, found=fact.kind.word)
    return written.text


def _shares(sections: Mapping[str, ShareSection], party: Kind, diagnostics: Diagnostics) -> tuple[SharePart, ...]:
    """The parts, of which one bears the rest: limits alone never cover every amount."""
    parts: list[SharePart] = []
    for name, section in sections.items():
        if name not in party.symbols:
            meant = nearest(name, party.symbols)
            diagnostics.report("unknown-symbol", section.mark, suggestion=meant, symbol=name, kind=party.word)
        parts.append(SharePart(name, *_part(section, diagnostics), section.mark))
    rests = [part for part in parts if part.rest]
    if len(rests) > 1 or (any(part.limited for part in parts) and not rests):
        mark = (rests[1] if rests else parts[0]).mark
        diagnostics.report("shares-without-rest", mark, count=len(rests))
    return tuple(parts)


def _part(section: ShareSection, diagnostics: Diagnostics) -> tuple[int, bool, bool]:
    """How many parts, whether there is a limit, and whether it is the rest; what is wrong is taken for the rest."""
    limited = section.at_most is not None
    if section.part is None:
        return 0, limited, False
    text = section.part.text
    if text == REST:
        if limited:
            diagnostics.report("misplaced-key", section.mark_of("at_most"), key="at_most", other=REST)
        return 0, limited, True
    if text.isascii() and text.isdigit() and 0 < int(text) <= 10_000:
        return int(text), limited, False
    diagnostics.report("malformed-share", section.part.mark, text=text)
    return 0, limited, True
