"""Owns the dated values of parameters in words: what each says, and from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass

from csflow.evaluators.prose import Prose
from csflow.expressions.terms import Call, Reference, Space, Term, parts
from csflow.pack.model import Edition, Layer, Parameter
from csflow.reports.book.page import Page
from csflow.values.instants import FIRST_DAY

_WINDOWED = frozenset({"within", "deadline"})


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of a parameter: the pack's own, or what a layer gives."""

    edition: Edition
    layer: Layer | None
    value: Prose

    @property
    def rank(self) -> int:
        return self.layer.rank if self.layer else 0


def dated_values(page: Page, parameter: Parameter) -> list[Dated]:
    """All values that a parameter may have: the pack's own, then those of layers, by rank."""
    layers = sorted(page.pack.layers.values(), key=lambda layer: (layer.rank, layer.name))
    given = [(edition, None) for edition in parameter.editions]
    given += [(edition, layer) for layer in layers for edition in layer.parameters.get(parameter.name, ())]  # type: ignore[misc]
    return [Dated(edition, layer, value_of(page, parameter, edition)) for edition, layer in given]


def value_of(page: Page, parameter: Parameter, edition: Edition) -> Prose:
    """The value in words; of a window, with what it is counted from wherever the pack uses it."""
    if parameter.kind.name == "window":
        return page.speaker.values.window(edition.value, _start_of(page, parameter))
    return page.speaker.values.bare(parameter.kind, edition.value)


def when(page: Page, edition: Edition) -> str:
    """From when to when an edition holds; the last day is one on which it does."""
    if edition.start == FIRST_DAY and edition.end is None:
        return page.word("at_all_times")
    start = page.speaker.values.day(edition.start)
    if edition.end is None:
        return page.word("from_on").format(start=start)
    return page.word("from_to").format(start=start, end=page.speaker.values.day(edition.end - 1))


def _start_of(page: Page, parameter: Parameter) -> Prose | None:
    """The one fact or derived value that the window is counted from; None where there are several, or none."""
    starts = {
        call.arguments[1]
        for term in page.pack.terms()
        for call in _calls(term)
        if isinstance(call.arguments[0], Reference)
        and (call.arguments[0].space, call.arguments[0].name) == (Space.PARAMETER, parameter.name)
    }
    start = starts.pop() if len(starts) == 1 else None
    is_told = isinstance(start, Reference) and start.space in (Space.FACT, Space.DERIVED)
    return page.speaker.naming.of(start) if is_told and isinstance(start, Reference) else None


def _calls(term: Term) -> Iterator[Call]:
    if isinstance(term, Call) and term.function in _WINDOWED:
        yield term
    for part in parts(term):
        yield from _calls(part)
