"""Owns drawing a picture as SVG: the flow, and below it the clocks, what a case keeps, and the legend.

Light and printable; it needs no script, no style sheet and no other file. What changed has a sign and a stroke of
its own beside its colour.
"""

from collections.abc import Iterable, Iterator

from csflow.diagnostics import Word
from csflow.reports.graph import legend, strokes
from csflow.reports.graph.arranging import BAND, DOT, LANE, MARGIN, Arrangement, Place, arranged
from csflow.reports.graph.picture import Change, Line, Note, Picture, Shape, Tone
from csflow.reports.graph.setting import LEADING, PADDING, Block, block_of, fitted
from csflow.reports.html import Element, element, write

_LEAST_WIDTH = 960
_HEAD, _NOTE, _GAP = 86, (270, 360, 450), 16
_FONTS = {
    "zh-CN": "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif",
    "zh-TW": "'Noto Sans CJK TC','Source Han Sans TC','PingFang TC','Microsoft JhengHei',sans-serif",
    "en": "system-ui,'Segoe UI',Roboto,'Noto Sans','Noto Sans CJK SC',sans-serif",
}
_SAMPLE = 56


def svg(picture: Picture) -> str:
    """The picture as a document of SVG. The same picture gives the same bytes."""
    return write(drawn(picture, xmlns="http://www.w3.org/2000/svg")) + "\n"


def drawn(picture: Picture, **attributes: str) -> Element:
    """The picture as an element, also for a page of HTML; its ids end with the name of the flow."""
    flow = arranged(picture, _HEAD)
    width = max(_LEAST_WIDTH, flow.right + MARGIN + BAND)
    beside = _Beside(picture, width, flow.bottom + _GAP)
    told = list(beside.parts())
    height = beside.bottom + MARGIN
    ids = [f"{kind}.flow.{picture.name}" for kind in ("picture", "told")]
    return element(
        "svg",
        element("title", picture.title, id=ids[0]),
        element("desc", picture.about, id=ids[1]),
        element("rect", x="0", y="0", width=str(width), height=str(height), fill=strokes.PAPER),
        list(_head(picture, width)),
        list(_flow(flow, width)),
        told,
        role="img",
        lang=picture.language,
        aria_labelledby=" ".join(ids),
        viewBox=f"0 0 {width} {height}",
        width=str(width),
        height=str(height),
        font_family=_FONTS[picture.language],
        **attributes,
    )


def _head(picture: Picture, width: int) -> Iterator[Element]:
    head = Line(Tone.HEAD, picture.title)
    yield from strokes.written(Place(MARGIN - PADDING, 14, 0, LEADING, block_of([head], Change.SAME, width)))
    about = block_of([Line(Tone.PLAIN, picture.about)], Change.SAME, width - 2 * MARGIN)
    yield from strokes.written(Place(MARGIN - PADDING, 38, 0, len(about.lines) * LEADING, about))


def _flow(flow: Arrangement, width: int) -> Iterator[Element]:
    """Lanes first, then lines, then what lines must not cover."""
    for number, (stage, top, height) in enumerate(flow.lanes):
        block = block_of([Line(Tone.HEAD, stage)], Change.SAME, LANE - 2 * PADDING)
        place = Place(MARGIN, top, width - 2 * MARGIN, height, block)
        yield strokes.lane(place, number % 2 == 0)
        yield from strokes.written(place)
    for route in flow.routes:
        yield from strokes.route(route)
    for loop in flow.loops:
        yield from strokes.loop(loop)
        yield from strokes.plate(loop.label, loop.arrow.change)
    for arrow, place in flow.labels:
        yield from strokes.plate(place, arrow.change)
    for box, place in flow.boxes:
        yield from strokes.box(box.shape, place, box.change)


class _Beside:
    """What stands below the flow, from left to right and then in the next row."""

    def __init__(self, picture: Picture, width: int, top: int) -> None:
        self._picture = picture
        self._right = width - MARGIN
        self._top = self.bottom = top

    def parts(self) -> Iterator[Element]:
        for word, notes, tone in (
            ("clocks", self._picture.clocks, Tone.TIME),
            ("keeps", self._picture.keeps, Tone.PLAIN),
        ):
            if notes:
                yield self._heading(word)
                yield from self._notes(notes, tone)
        yield self._heading("legend")
        yield from self._legend()

    def _heading(self, word: str) -> Element:
        self._top = self.bottom + _GAP + LEADING
        head = Line(Tone.HEAD, Word(f"graph.{word}").in_language(self._picture.language))
        self.bottom = self._top + _GAP // 2
        return strokes.text(head.text, MARGIN, self._top, head)

    def _notes(self, notes: Iterable[Note], tone: Tone) -> Iterator[Element]:
        blocks = [(note, fitted(_signed(note.lines, tone), note.change, _NOTE)) for note in notes]
        for (note, block), (x, y) in zip(blocks, self._places([(b.width, b.height) for _, b in blocks]), strict=True):
            yield from strokes.plate(Place(x, y, block.width, block.height, block), note.change)

    def _places(self, sizes: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Upper left corners for things of these sizes, as many in a row as fit."""
        x, y = MARGIN, self.bottom
        for width, height in sizes:
            if x > MARGIN and x + width > self._right:
                x, y = MARGIN, self.bottom + _GAP
            yield x, y
            self.bottom = max(self.bottom, y + height)
            x += width + _GAP

    def _legend(self) -> Iterator[Element]:
        samples = list(self._samples())
        blocks = [block_of([Line(Tone.PLAIN, word)], Change.SAME, _NOTE[0]) for word, _, _ in samples]
        sizes = [(_SAMPLE + block.width, 2 * LEADING) for block in blocks]
        for (_, change, shape), block, (x, y) in zip(samples, blocks, self._places(sizes), strict=True):
            middle = y + LEADING
            if isinstance(shape, Shape):
                side = DOT if shape is Shape.START else _SAMPLE - BAND
                place = Place(x + (_SAMPLE - BAND - side) // 2, middle - DOT // 2 - 1, side, DOT + 2, Block((), 0, 0))
                yield from strokes.box(shape, place, change)
            else:
                yield from strokes.stroke_sample(x, middle, change, is_automatic=shape)
            yield from strokes.written(Place(x + _SAMPLE - PADDING, middle - LEADING // 2, 0, LEADING, block))

    def _samples(self) -> Iterator[tuple[str, Change, Shape | bool]]:
        yield from ((word, Change.SAME, shape) for shape, word in legend.shapes(self._picture))
        yield from ((word, Change.SAME, is_automatic) for is_automatic, word in legend.strokes(self._picture))
        for change, word in legend.changes(self._picture):
            yield f"{legend.SIGNS[change]} {word}", change, False


def _signed(lines: tuple[Line, ...], tone: Tone) -> tuple[Line, ...]:
    """Clocks have the sign of time before what they are called."""
    first, *rest = lines
    return (Line(tone, first.text, first.change), *rest)
