"""Owns making the picture of a linked flow: which boxes and arrows it has, and what is told of each."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from csflow.pack.flows import Choice, Flow, FlowClock, Row, State
from csflow.pack.model import LinkedPack
from csflow.reports.graph.meaning import meaning
from csflow.reports.graph.picture import Arrow, Box, Line, Note, Picture, Shape, Tone
from csflow.reports.graph.telling import Teller, rule_of

# INVARIANT: no state has such a name, which begins with no letter.
START, EVERYWHERE = "[*]", "[everywhere]"
_GO = "[go]"


def picture_of(pack: LinkedPack, flow: Flow, language: str) -> Picture:
    """The picture of a flow of the pack in zh-CN, zh-TW or en."""
    teller = Teller(pack, flow, language)
    boxes, arrows = tuple(_boxes(flow, teller)), tuple(_arrows(flow, teller))
    finals = [teller.state(state.name) for state in flow.states.values() if state.is_final]
    return Picture(
        name=flow.name,
        language=language,
        title=teller.word("title", flow=teller.titled(flow.title, flow.name)),
        about=teller.word(
            "about",
            states=str(len(flow.states)),
            moves=str(len(arrows) - 1),
            start=teller.state(flow.start),
            finals=teller.listed(finals),
        ),
        boxes=boxes,
        arrows=arrows,
        clocks=tuple(_clock(clock, teller) for clock in flow.clocks.values()),
        keeps=tuple(_kept(flow, name, teller) for name in flow.keeps),
    )


def _boxes(flow: Flow, teller: Teller) -> Iterator[Box]:
    yield Box(START, Shape.START, None, ())
    if flow.everywhere:
        head = (Line(Tone.HEAD, teller.word("everywhere")), Line(Tone.PLAIN, teller.word("own_first")))
        staying = tuple(_staying(flow.everywhere, teller))
        yield Box(EVERYWHERE, Shape.EVERYWHERE, None, (*head, *staying), _rows(flow.everywhere))
    for state in flow.states.values():
        yield _state(state, teller)


def _state(state: State, teller: Teller) -> Box:
    lines = [Line(Tone.HEAD, teller.state(state.name))]
    if lines[0].text != state.name:
        lines.append(Line(Tone.NAME, state.name))
    lines += [Line(Tone.PLAIN, told) for told in (*teller.inside(state), *teller.ending(state))]
    lines += [Line(Tone.TIME, teller.timer(each)) for each in state.timers]
    go = {} if state.go is None else {_GO: state.go}
    lines += _staying({**go, **state.on}, teller)
    shape = Shape.FINAL if state.is_final else Shape.STATE if state.go is None else Shape.PASSING
    rest = meaning(replace(state, go=None, on={}))
    return Box(state.name, shape, state.stage, tuple(lines), (rest, _rows({**go, **state.on})))


def _staying(choices: Mapping[str, Choice], teller: Teller) -> Iterator[Line]:
    """The rows that leave the case where it is, each as a line of its box."""
    for event, choice in choices.items():
        for row in choice.rows:
            if row.to is None:
                told = [line.text for line in _told(event, choice, row, teller)]
                tone = Tone.PLAIN if row.refuse is None else Tone.REFUSAL
                yield Line(tone, teller.listed((told[0], teller.listed(told[1:], "join.semicolon")), "join.colon"))


def _rows(choices: Mapping[str, Choice]) -> object:
    """What the rows mean that stay."""
    return tuple(
        (event, _meaning(choice, row)) for event, choice in choices.items() for row in choice.rows if row.to is None
    )


def _arrows(flow: Flow, teller: Teller) -> Iterator[Arrow]:
    yield Arrow((START, flow.start), START, flow.start, (), is_automatic=True)
    for name, event, choice in flow.choices():
        for row in choice.rows:
            if row.to is not None:
                source = name or EVERYWHERE
                lines = tuple(_told(event or _GO, choice, row, teller))
                key = (source, event or _GO, row.id, row.to)
                yield Arrow(key, source, row.to, lines, event is None, _meaning(choice, row))


def _told(event: str, choice: Choice, row: Row, teller: Teller) -> Iterator[Line]:
    """What causes the row, who may cause it, when it holds, and what it does or refuses."""
    head = teller.word("at_once") if event == _GO else teller.event(event)
    if row.title is not None:
        head = teller.listed((head, teller.titled(row.title, row.id)), "join.colon")
    yield Line(Tone.HEAD, head)
    senders = None if event == _GO else teller.senders(event)
    if senders is not None:
        yield Line(Tone.PLAIN, senders)
    guard = teller.guard(choice, row)
    if guard is not None:
        yield Line(Tone.GUARD, guard)
    for done in teller.done(choice, row):
        yield Line(Tone.PLAIN, done)
    refusal = teller.refusal(row)
    if refusal is not None:
        yield Line(Tone.REFUSAL, refusal)


def _meaning(choice: Choice, row: Row) -> object:
    """What the row does and when."""
    rule = None if choice.decision is None else rule_of(choice.decision, row)
    return meaning((row, rule and rule.condition, rule and rule.outputs))


def _clock(clock: FlowClock, teller: Teller) -> Note:
    lines = [Line(Tone.HEAD, teller.titled(clock.title, clock.name))]
    lines += [Line(Tone.PLAIN, told) for told in teller.clock(clock)]
    return Note(clock.name, tuple(lines), meaning(clock))


def _kept(flow: Flow, name: str, teller: Teller) -> Note:
    kept = flow.keeps[name]
    # The symbols of an enum are the flow's own; those of roles and the like are the pack's.
    symbols = kept.kind.symbols if kept.kind.name == "enum" else ()
    return Note(name, (Line(Tone.PLAIN, teller.start_of(name)),), meaning((kept, symbols)))
