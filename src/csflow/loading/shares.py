"""Owns linking who bears an amount: the parts of the parties, and what is asked about them."""

from collections.abc import Mapping

from csflow.definitions.amounts import ShareSection
from csflow.diagnostics import Diagnostics, nearest
from csflow.expressions import Elaborator
from csflow.expressions.elaborating import Scope
from csflow.expressions.syntax import Name, Syntax
from csflow.expressions.terms import Constant, Term
from csflow.loading.questions import Asked, asked
from csflow.pack.model import Output, SharePart
from csflow.values import kinds as k
from csflow.values.kinds import WHOLE, Kind

REST = "rest"
MOST_PARTS = 10_000


class Shares:
    """The shares that one mapping of parties says; `asked` is what the decision beside them has to give."""

    def __init__(
        self, sections: Mapping[str, ShareSection], party: Kind, scope: Scope, currency: str, diagnostics: Diagnostics
    ) -> None:
        self._scope = scope
        self._money = k.money(currency)
        self._diagnostics = diagnostics
        self._units: Kind | None = None
        self.asked: list[Asked] = []
        self.parts = tuple(self._share(name, section, party) for name, section in sections.items())
        self._require_rest()

    def _share(self, name: str, section: ShareSection, party: Kind) -> SharePart:
        if name not in party.symbols:
            meant = nearest(name, party.symbols)
            self._diagnostics.report("unknown-symbol", section.mark, suggestion=meant, symbol=name, kind=party.word)
        rest = isinstance(section.part, Name) and section.part.path == REST
        if rest and section.at_most is not None:
            self._diagnostics.report("misplaced-key", section.mark_of("at_most"), key="at_most", other=REST)
        limited = section.at_most is not None and not rest
        if limited:
            self.asked.append(asked(f"at_most.{name}", section.at_most, self._money, self._scope, self._diagnostics))
        weight, is_asked = 0, False
        if section.part is not None and not rest:
            weight, is_asked = self._part(name, section.part)
        return SharePart(name, weight, limited, rest, is_asked, section.mark)

    def _part(self, name: str, syntax: Syntax) -> tuple[int, bool]:
        """How many parts, or that they are asked; what was reported is taken for one part."""
        term, optional = Elaborator(self._scope, self._diagnostics).value(syntax)
        if term.kind.is_broken:
            return 1, False
        if term.kind.name not in {*WHOLE, "percent"} or not _in_bounds(term):
            self._diagnostics.report("malformed-share", syntax.mark, text=syntax.mark.text)
            return 1, False
        if self._units is not None and (self._units.name == "percent") != (term.kind.name == "percent"):
            self._diagnostics.report("kinds-disagree", syntax.mark, wanted=self._units.word, found=term.kind.word)
        self._units = self._units or term.kind
        if isinstance(term, Constant):
            return term.value, False
        kind = k.PERCENT if term.kind.name == "percent" else k.INT
        self.asked.append((Output(f"part.{name}", kind, optional, syntax.mark), term))
        return 0, True

    def _require_rest(self) -> None:
        """One party bears the rest where there are limits: limits alone never cover every amount."""
        rests = [part for part in self.parts if part.rest]
        if len(rests) > 1 or (any(part.limited for part in self.parts) and not rests):
            mark = (rests[1] if rests else self.parts[0]).mark
            self._diagnostics.report("shares-without-rest", mark, count=len(rests))


def _in_bounds(term: Term) -> bool:
    return not isinstance(term, Constant) or 0 < term.value <= MOST_PARTS
