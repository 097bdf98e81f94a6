"""Owns where everything in a drawing of a flow stands: boxes, labels, lines and lanes, in whole units."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from csflow.reports.graph.layering import Chain, Extent, Item, Rows, layered
from csflow.reports.graph.picture import Arrow, Box, Picture, Shape
from csflow.reports.graph.placing import place
from csflow.reports.graph.setting import Block, fitted

MARGIN, LANE, BAND = 24, 132, 14
DOT = 18
# The free end of a loop, left of its label.
LOOP = 30
_PORT = 13
_GAP, _MOST_GAP, _SLOPE = 34, 84, 12
_BOX, _EVERYWHERE, _LABEL = (210, 280, 360, 450), (420, 600), (176, 230, 300)


@dataclass(frozen=True, slots=True)
class Place:
    """The upper left corner and the size of something, with the text that stands in it."""

    x: int
    y: int
    width: int
    height: int
    block: Block


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a line runs straight down through a row: from `top` to `bottom` at `x`."""

    x: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Route:
    """The line of an arrow from top to bottom. `heads` are the tips of its heads, which point up where it `rises`."""

    arrow: Arrow
    stops: tuple[Stop, ...]
    heads: tuple[tuple[int, int], ...]
    rises: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """An arrow that leads back into the box at whose right side, `x`, it starts; its label stands beside."""

    arrow: Arrow
    x: int
    label: Place


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Everything at its place; what stands beside the flow begins below `bottom`. Lanes have a top and a height."""

    boxes: tuple[tuple[Box, Place], ...]
    labels: tuple[tuple[Arrow, Place], ...]
    routes: tuple[Route, ...]
    loops: tuple[Loop, ...]
    lanes: tuple[tuple[str, int, int], ...]
    right: int
    bottom: int


def arranged(picture: Picture, top: int) -> Arrangement:
    """The flow of the picture below `top`. The same picture gives the same places."""
    return _Arranging(picture, top).arrangement()


class _Arranging:
    """One picture, while its places are found."""

    def __init__(self, picture: Picture, top: int) -> None:
        self._picture = picture
        self._blocks = {box.key: fitted(box.lines, box.change, _widths_of(box)) for box in picture.boxes}
        self._labels = {arrow.key: fitted(arrow.lines, arrow.change, _LABEL) for arrow in picture.arrows if arrow.lines}
        extents = {key: _extent(block.width, block.height) for key, block in self._labels.items()}
        self._rows = layered(picture, dict(self._extents()), extents)
        place(self._rows)
        self._shift(MARGIN + (LANE if self._rows.bands else BAND))
        self._tops = self._heights(top)

    def arrangement(self) -> Arrangement:
        rows = self._rows
        boxes = tuple((box, self._box(box)) for box in self._picture.boxes)
        lanes = tuple(
            (stage, self._tops[first] - BAND, self._bottom(last) - self._tops[first] + 2 * BAND)
            for stage, first, last in rows.bands
        )
        return Arrangement(
            boxes=boxes,
            labels=tuple((chain.arrow, self._label(item)) for chain in rows.chains for item in _labels(chain)),
            routes=tuple(self._routes()),
            loops=tuple(loop for box, place in boxes for loop in self._loops(box, place)),
            lanes=lanes,
            right=max(item.x + item.right for item in _items(rows)),
            bottom=self._bottom(len(rows.rows) - 1) + BAND,
        )

    # Room

    def _extents(self) -> Iterator[tuple[str, Extent]]:
        """The room of every box, with its loops to its right."""
        for box in self._picture.boxes:
            block, loops = self._blocks[box.key], self._loops_of(box)
            if not block.lines:
                yield box.key, _extent(DOT, DOT)
                continue
            left, right, height = _extent(max(block.width, self._least(box)), block.height)
            if loops:
                right += LOOP + max(each.width for _, each in loops)
                height = max(height, sum(each.height + BAND for _, each in loops))
            yield box.key, (left, right, height)

    def _least(self, box: Box) -> int:
        """So wide that the lines which start or end at one side of it are told from each other."""
        return _PORT * (1 + sum(box.key in (arrow.source, arrow.target) for arrow in self._picture.arrows))

    def _loops_of(self, box: Box) -> list[tuple[Arrow, Block]]:
        return [
            (arrow, self._labels[arrow.key])
            for arrow in self._picture.arrows
            if arrow.source == arrow.target == box.key
        ]

    def _shift(self, left: int) -> None:
        for item in _items(self._rows):
            item.x += left

    def _heights(self, top: int) -> list[int]:
        """Where each row begins: the farther a line runs to the side, the more room it has between two rows."""
        tops = []
        for row in self._rows.rows:
            tops.append(top)
            steepest = max((abs(item.x - below.x) for item in row for below in item.below), default=0)
            top += _height(row) + min(_MOST_GAP, _GAP + steepest // _SLOPE)
        return tops

    def _bottom(self, row: int) -> int:
        return self._tops[row] + _height(self._rows.rows[row])

    # Places

    def _box(self, box: Box) -> Place:
        block, item = self._blocks[box.key], self._rows.boxes[box.key]
        width = max(block.width, self._least(box)) if block.lines else DOT
        return Place(item.x - item.left, self._middle(item) - item.height // 2, width, item.height, block)

    def _label(self, item: Item) -> Place:
        assert item.label is not None
        block = self._labels[item.label.key]
        return Place(item.x - item.left, self._middle(item) - item.height // 2, block.width, item.height, block)

    def _middle(self, item: Item) -> int:
        row = self._row_of(item)
        return self._tops[row] + _height(self._rows.rows[row]) // 2

    def _row_of(self, item: Item) -> int:
        return next(number for number, row in enumerate(self._rows.rows) if any(each is item for each in row))

    def _loops(self, box: Box, place: Place) -> Iterator[Loop]:
        y = place.y + BAND // 2
        for arrow, block in self._loops_of(box):
            x = place.x + place.width
            yield Loop(arrow, x, Place(x + LOOP, y, block.width, block.height, block))
            y += block.height + BAND

    # Lines

    def _routes(self) -> Iterator[Route]:
        places = {id(self._rows.boxes[box.key]): self._box(box) for box in self._picture.boxes}
        ports = self._ports(places)
        for number, chain in enumerate(self._rows.chains):
            first, *passed, last = chain.items
            upper, lower = places[id(first)], places[id(last)]
            stops = [Stop(ports[number, True], upper.y + upper.height, self._bottom(self._row_of(first)))]
            for item in passed:
                row = self._row_of(item)
                stops.append(Stop(item.x, self._tops[row], self._bottom(row)))
            stops.append(Stop(ports[number, False], self._tops[self._row_of(last)], lower.y))
            yield Route(chain.arrow, tuple(stops), tuple(self._heads(chain, stops)), chain.rises)

    def _heads(self, chain: Chain, stops: list[Stop]) -> Iterator[tuple[int, int]]:
        """Where the line comes to its label, and where it ends."""
        for item in _labels(chain):
            label = self._label(item)
            yield item.x, label.y + label.height if chain.rises else label.y
        yield (stops[0].x, stops[0].top) if chain.rises else (stops[-1].x, stops[-1].bottom)

    def _ports(self, places: Mapping[int, Place]) -> Mapping[tuple[int, bool], int]:
        """Where on a side of its box each line starts or ends: side by side, as what they lead to stands.

        By the number of the chain; true for the lower side of the upper box, false for the upper side of the lower one.
        """
        ports: dict[tuple[int, bool], int] = {}
        for item in self._rows.boxes.values():
            box = places[id(item)]
            for is_below in (True, False):
                joined = [
                    (chain.items[1 if is_below else -2].x, number)
                    for number, chain in enumerate(self._rows.chains)
                    if chain.items[0 if is_below else -1] is item
                ]
                for port, (_, number) in enumerate(sorted(joined), 1):
                    ports[number, is_below] = box.x + box.width * port // (len(joined) + 1)
        return ports


def _widths_of(box: Box) -> tuple[int, ...]:
    """How wide the text of a box may be, the narrowest first."""
    return _EVERYWHERE if box.shape is Shape.EVERYWHERE else _BOX


def _extent(width: int, height: int) -> Extent:
    return width // 2, width - width // 2, height


def _height(row: list[Item]) -> int:
    return max((item.height for item in row), default=0)


def _items(rows: Rows) -> Iterable[Item]:
    return (item for row in rows.rows for item in row)


def _labels(chain: Chain) -> Iterable[Item]:
    return (item for item in chain.items if item.label is not None)
