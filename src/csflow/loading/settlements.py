"""Owns linking a settlement: its terms and tenders, and what stands beside them."""

from collections.abc import Iterator

from csflow.definitions.sections import SettlementDocument
from csflow.diagnostics import Diagnostics
from csflow.loading.amounts import Amounts
from csflow.loading.decisions import governing_fact
from csflow.loading.kinds import Kinds
from csflow.loading.questions import Asked, Heading, asked, question
from csflow.loading.scopes import Names, RuleScope, fact_meant
from csflow.loading.tenders import link_tenders
from csflow.pack.model import Beside, Settlement
from csflow.values.kinds import Kind
from csflow.values.routing import Routing

MODE = Kind("enum", symbols=("prorated", "resettle"))
ROUTING = Kind("enum", symbols=tuple(Routing))
THRESHOLD = Kind("enum", symbols=("waived", "claimed_back"))
STANDING = Kind("enum", symbols=("frozen", "anew"))
LOWER_TIER = Kind("enum", symbols=("applies", "lost"))


def link_settlement(document: SettlementDocument, kinds: Kinds, names: Names, diagnostics: Diagnostics) -> Settlement:
    """The settlement with its terms linked, its reason a fact of that kind, and its shares those of known parties."""
    name, scope = document.settlement.text, RuleScope(names, {})
    governed_by = governing_fact(document.governed_by, names.facts, diagnostics)
    amounts = Amounts(name, governed_by, kinds, scope, diagnostics)
    shares = amounts.shares(document.shares)
    mark, title, because = document.settlement.mark, document.title, document.because
    heading = Heading(f"settlement.{name}", "terms", governed_by, mark, title, because)
    return Settlement(
        name=name,
        terms=question(heading, [*_terms(document, kinds, scope, diagnostics), *shares.asked]),
        reason=_reason(document, names, diagnostics),
        tenders=link_tenders(document.tenders, heading, scope, diagnostics),
        shares=shares.parts,
        denials=amounts.denials(document.denials),
        amounts=amounts.of(
            {
                Beside.GRANT: document.grants,
                Beside.ADDITION: document.additions,
                Beside.WITHHOLDING: document.withholdings,
                Beside.RECOURSE: document.recourse,
            }
        ),
        earned=amounts.earned(document.earned),
        effects=amounts.effects(document.effects),
        approval=amounts.approval(document.approval),
        mark=mark,
        title=title,
        because=because,
    )


def _terms(document: SettlementDocument, kinds: Kinds, scope: RuleScope, diagnostics: Diagnostics) -> Iterator[Asked]:
    """What is asked of every return."""
    yield asked("mode", document.mode, MODE, scope, diagnostics)
    yield asked("routing", document.routing, ROUTING, scope, diagnostics)
    offers = document.offers
    if offers is not None and offers.standing is not None:
        yield asked("standing", offers.standing, STANDING, scope, diagnostics)
    if offers is not None and offers.lower_tier is not None:
        yield asked("lower_tier", offers.lower_tier, LOWER_TIER, scope, diagnostics)
    freight = document.freight
    if freight is not None:
        yield asked("outbound", freight.outbound, kinds.vocabulary("party"), scope, diagnostics)
        if freight.threshold is not None:
            yield asked("threshold", freight.threshold, THRESHOLD, scope, diagnostics)


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
