"""Owns writing a picture as Mermaid: a flowchart, whose labels are quoted and whose links take a style each.

A state diagram would draw the start and the ends itself, but colours no arrow; here they are circles.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from csflow.diagnostics import Word
from csflow.reports.graph import legend
from csflow.reports.graph.picture import Box, Change, Line, Note, Picture, Shape
from csflow.reports.html import shown

_FORMS = {
    Shape.START: ('(("', '"))'),
    Shape.STATE: ('("', '")'),
    Shape.PASSING: ('{{"', '"}}'),
    Shape.FINAL: ('(["', '"])'),
    Shape.EVERYWHERE: ('>"', '"]'),
}
_CLASSES = {
    "start": "fill:#222,stroke:#222,color:#222",
    "state": "fill:#eef4fb,stroke:#33658a,color:#1d2329",
    "passing": "fill:#fff,stroke:#33658a,color:#1d2329",
    "final": "fill:#e9f3ec,stroke:#2f6b46,stroke-width:3px,color:#1d2329",
    "everywhere": "fill:#f6f3ea,stroke:#8a6d1f,color:#1d2329",
    "note": "fill:#fff,stroke:#888,color:#1d2329,text-align:left",
}
_CHANGED = {
    Change.ADDED: "stroke:#1a7f37,stroke-width:3px,color:#1a7f37",
    Change.REMOVED: "stroke:#c0262d,stroke-width:2px,stroke-dasharray:7 5,color:#c0262d",
    Change.CHANGED: "stroke:#b35900,stroke-width:3px,stroke-dasharray:2 3,color:#8a4500",
}
_BREAK = "<br/>"
# The title is cleaned as HTML and then shown as text: no writing of these signs comes through both.
_IN_TITLE = str.maketrans("<>&", "＜＞＆")
# Once signs are read by their numbers, two dollars begin a formula and a backslash a new line: a joiner parts them.
_JOINER, _ACTIVE = "\u2060", "$\\"


def mermaid(picture: Picture) -> str:
    """The picture as the text of a Mermaid diagram. The same picture gives the same text."""
    ids = {box.key: f"s{number}" for number, box in enumerate(picture.boxes)}
    notes = {f"{word}{number}": note for word, notes in _notes(picture) for number, note in enumerate(notes)}
    parts = (_head(picture), _boxes(picture, ids), _arrows(picture, ids), _beside(picture), _styles(picture))
    changed = _changes(picture, {ids[box.key]: box.change for box in picture.boxes}, notes)
    return "".join(f"{line}\n" for part in (*parts, changed) for line in part)


def _head(picture: Picture) -> Iterator[str]:
    title = json.dumps(_on_one_line(picture.title).translate(_IN_TITLE), ensure_ascii=False)
    yield from ("---", f"title: {title}", "---", "flowchart TB")
    yield f"  accTitle: {escaped(picture.title)}"
    yield f"  accDescr: {escaped(picture.about)}"


def _boxes(picture: Picture, ids: dict[str, str]) -> Iterator[str]:
    for number, stage in enumerate(picture.stages()):
        boxes = [_box(box, ids[box.key]) for box in picture.boxes if box.stage == stage]
        if stage is None:
            yield from (f"  {box}" for box in boxes)
        else:
            yield f'  subgraph g{number}["{escaped(stage)}"]'
            yield from (f"    {box}" for box in boxes)
            yield "  end"
    for box in picture.boxes:
        if box.shape is Shape.FINAL:
            yield f'  {ids[box.key]}e((("&nbsp;"))):::start'


def _box(box: Box, id: str) -> str:
    opening, closing = _FORMS[box.shape]
    return f"{id}{opening}{_label(box.lines, box.change)}{closing}:::{box.shape.value}"


def _arrows(picture: Picture, ids: dict[str, str]) -> Iterator[str]:
    for arrow in picture.arrows:
        stroke = "-.->" if arrow.is_automatic and arrow.lines else "-->"
        label = f'|"{_label(arrow.lines, arrow.change)}"|' if arrow.lines else ""
        yield f"  {ids[arrow.source]} {stroke}{label} {ids[arrow.target]}"
    for box in picture.boxes:
        if box.shape is Shape.FINAL:
            yield f"  {ids[box.key]} --> {ids[box.key]}e"


def _beside(picture: Picture) -> Iterator[str]:
    """Clocks, what a case keeps and the legend, each in a frame."""
    for word, notes in _notes(picture):
        told = (f'{word}{number}["{_label(note.lines, note.change)}"]:::note' for number, note in enumerate(notes))
        yield from _framed(picture, word, told)
    yield from _framed(picture, "legend", _legend(picture))


def _notes(picture: Picture) -> Iterator[tuple[str, tuple[Note, ...]]]:
    yield from (("clocks", picture.clocks), ("keeps", picture.keeps))


def _framed(picture: Picture, word: str, told: Iterable[str]) -> Iterator[str]:
    inside = [f"    {each}" for each in told]
    if inside:
        title = escaped(Word(f"graph.{word}").in_language(picture.language))
        yield from (f'  subgraph {word}["{title}"]', *inside, "  end")


def _legend(picture: Picture) -> Iterator[str]:
    for shape, word in legend.shapes(picture):
        if shape is Shape.START:
            yield f'l_{shape.value}["● {escaped(word)}"]:::note'
        else:
            opening, closing = _FORMS[shape]
            yield f"l_{shape.value}{opening}{escaped(word)}{closing}:::{shape.value}"
    for change, word in legend.changes(picture):
        yield f'l_{change.value}["{legend.SIGNS[change]} {escaped(word)}"]:::note'


def _styles(picture: Picture) -> Iterator[str]:
    # No semicolon ends these lines: after a colour it would read as the end of a sign's number.
    yield from (f"  classDef {name} {style}" for name, style in _CLASSES.items())
    if picture.is_compared:
        yield from (f"  classDef {change.value} {style}" for change, style in _CHANGED.items())


def _changes(picture: Picture, boxes: Mapping[str, Change], notes: Mapping[str, Note]) -> Iterator[str]:
    """What changed is styled by its number or id, above what it is styled by its shape."""
    told = {**boxes, **{id: note.change for id, note in notes.items()}}
    told |= {f"l_{change.value}": change for change, _ in legend.changes(picture)}
    for change in _CHANGED:
        ids = [id for id, found in told.items() if found is change]
        if ids:
            yield f"  class {','.join(ids)} {change.value}"
    for number, arrow in enumerate(picture.arrows):
        if arrow.change is not Change.SAME:
            yield f"  linkStyle {number} {_CHANGED[arrow.change]}"


def _label(lines: Iterable[Line], change: Change) -> str:
    """The lines below each other; before what changed, the sign of how."""
    told = [escaped(line.text) if line.change is Change.SAME else _changed(line) for line in lines]
    sign = legend.SIGNS[change]
    return _BREAK.join(([f"{sign} {told[0]}", *told[1:]] if sign and told else told) or [sign or " "])


def _changed(line: Line) -> str:
    return f"{legend.SIGNS[line.change]} {escaped(line.text)}"


def escaped(text: str) -> str:
    """Text in which no sign has a meaning to Mermaid, Markdown or HTML: ASCII signs but a few are written by number."""
    return "".join(sign if _is_plain(sign) else _by_number(sign) for sign in _on_one_line(text))


def _by_number(sign: str) -> str:
    return f"#{ord(sign)};{_JOINER if sign in _ACTIVE else ''}"


def _is_plain(sign: str) -> bool:
    return not sign.isascii() or sign.isalnum() or sign in " ,"


def _on_one_line(text: str) -> str:
    return " ".join(shown(text).split())
