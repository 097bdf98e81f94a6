"""Owns the shapes that a drawing is made of: boxes, plates, lines, heads and signs, with their colours."""

from collections.abc import Iterator

from csflow.reports.graph.arranging import Loop, Place, Route
from csflow.reports.graph.picture import Change, Line, Shape, Tone
from csflow.reports.graph.setting import LEADING, PADDING, indent_of, size_of
from csflow.reports.html import Element, element

PAPER, INK, QUIET, RULE = "#ffffff", "#1d2329", "#57616b", "#c4cad0"
_TONES = {
    Tone.HEAD: INK,
    Tone.NAME: QUIET,
    Tone.PLAIN: INK,
    Tone.GUARD: "#0b4f94",
    Tone.REFUSAL: "#9c1c17",
    Tone.TIME: "#6b4300",
}
# Of a change: the colour, the width and the dashes of its strokes.
_CHANGES = {
    Change.ADDED: ("#1a7f37", "3", None),
    Change.REMOVED: ("#c0262d", "2", "8 5"),
    Change.CHANGED: ("#b35900", "3", "2 3"),
}
_FILLS = {
    Shape.START: (INK, INK),
    Shape.STATE: ("#eef4fb", "#33658a"),
    Shape.PASSING: (PAPER, "#33658a"),
    Shape.FINAL: ("#e9f3ec", "#2f6b46"),
    Shape.EVERYWHERE: ("#faf6ea", "#8a6d1f"),
}
_LINE, _LABEL_RULE = "#4a5560", "#d9dde1"
_HEAD, _HALF_HEAD = 9, 5


def box(shape: Shape, place: Place, change: Change) -> Iterator[Element]:
    """A box with its text: dashed where it is passed at once, with a double border where it is final."""
    fill, stroke = _FILLS[shape]
    colour, width, dashes = _CHANGES.get(change, (stroke, "1.5", "6 4" if shape is Shape.PASSING else None))
    if shape is Shape.START:
        middle = (str(place.x + place.width // 2), str(place.y + place.height // 2))
        yield element("circle", cx=middle[0], cy=middle[1], r=str(place.height // 2), fill=fill)
        return
    yield _rect(place, 0, fill, colour, width, dashes)
    if shape is Shape.FINAL:
        yield _rect(place, 4, "none", stroke, "1.5", None)
    yield from written(place)


def plate(place: Place, change: Change, ground: str = PAPER) -> Iterator[Element]:
    """The text of an arrow or a note, on a ground that covers the line below it."""
    colour, width, dashes = _CHANGES.get(change, (_LABEL_RULE, "1", None))
    yield _rect(place, 0, ground, colour, width, dashes)
    yield from written(place)


def written(place: Place) -> Iterator[Element]:
    """The lines of the text, from the top of the place to its bottom; before one of time stands a clock."""
    height = len(place.block.lines) * LEADING
    y = place.y + (place.height - height) // 2 + LEADING - 5
    for line, piece, is_first in place.block.lines:
        x = place.x + PADDING
        if line.tone is Tone.TIME and is_first:
            yield clock(x + 5, y - 4)
        yield text(piece, x + indent_of(line), y, line)
        y += LEADING


def text(words: str, x: int, y: int, line: Line) -> Element:
    gone = line.change is Change.REMOVED
    colour = _CHANGES[line.change][0] if line.change in _CHANGES else _TONES[line.tone]
    return element(
        "text",
        words,
        x=str(x),
        y=str(y),
        font_size=str(size_of(line)),
        font_weight="bold" if line.tone is Tone.HEAD else None,
        fill=colour,
        text_decoration="line-through" if gone else None,
    )


def clock(x: int, y: int) -> Element:
    """The sign of time: a face with two hands."""
    return element(
        "path",
        d=f"M{x - 5} {y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M{x} {y - 3}V{y}H{x + 3}",
        fill="none",
        stroke=_TONES[Tone.TIME],
        stroke_width="1.3",
    )


def route(way: Route) -> Iterator[Element]:
    """A line that runs straight through rows and bends between them, with its heads."""
    colour, width, dashes = _stroke(way.arrow.change, is_automatic=way.arrow.is_automatic and bool(way.arrow.lines))
    first, *others = way.stops
    # The head stands on the end of the line, not under it.
    start = first.top + (_HEAD - 2 if way.rises else 0)
    end = way.stops[-1].bottom - (0 if way.rises else _HEAD - 2)
    drawn = [f"M{first.x} {start}V{first.bottom}"]
    above = first
    for stop in others:
        middle = (above.bottom + stop.top) // 2
        drawn.append(f"C{above.x} {middle} {stop.x} {middle} {stop.x} {stop.top}")
        drawn.append(f"V{end if stop is others[-1] else stop.bottom}")
        above = stop
    yield _path("".join(drawn), colour, width, dashes)
    yield from (_head(x, y, colour, rises=way.rises) for x, y in way.heads)


def loop(way: Loop) -> Iterator[Element]:
    """Out to the label and back into the box."""
    colour, width, dashes = _stroke(way.arrow.change, is_automatic=way.arrow.is_automatic)
    y = way.label.y + way.label.height // 2
    yield _path(f"M{way.x} {y - 7}H{way.label.x}M{way.label.x} {y + 7}H{way.x + _HEAD - 2}", colour, width, dashes)
    tip = f"M{way.x} {y + 7}l{_HEAD} {-_HALF_HEAD}v{2 * _HALF_HEAD}z"
    yield element("path", d=tip, fill=colour)


def stroke_sample(x: int, y: int, change: Change, *, is_automatic: bool) -> Iterator[Element]:
    """A short line with its head, for the legend."""
    colour, width, dashes = _stroke(change, is_automatic=is_automatic)
    yield _path(f"M{x} {y}H{x + 32}", colour, width, dashes)
    yield element("path", d=f"M{x + 40} {y}l{-_HEAD} {-_HALF_HEAD}v{2 * _HALF_HEAD}z", fill=colour)


def lane(place: Place, is_even: bool) -> Element:
    """The ground of a stage."""
    return element(
        "rect",
        x=str(place.x),
        y=str(place.y),
        width=str(place.width),
        height=str(place.height),
        rx="8",
        fill="#f7f8f6" if is_even else "#f1f3f6",
        stroke=RULE,
    )


def _stroke(change: Change, *, is_automatic: bool) -> tuple[str, str, str | None]:
    return _CHANGES.get(change, (_LINE, "1.5", "5 4" if is_automatic else None))


def _rect(place: Place, inset: int, fill: str, stroke: str, width: str, dashes: str | None) -> Element:
    return element(
        "rect",
        x=str(place.x + inset),
        y=str(place.y + inset),
        width=str(place.width - 2 * inset),
        height=str(place.height - 2 * inset),
        rx=str(8 - inset),
        fill=fill,
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dashes,
    )


def _path(drawn: str, colour: str, width: str, dashes: str | None) -> Element:
    return element("path", d=drawn, fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dashes)


def _head(x: int, y: int, colour: str, *, rises: bool) -> Element:
    back = _HEAD if rises else -_HEAD
    return element("path", d=f"M{x} {y}l{-_HALF_HEAD} {back}h{2 * _HALF_HEAD}z", fill=colour)
