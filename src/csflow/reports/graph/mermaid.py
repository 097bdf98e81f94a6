"""Owns writing a picture as Mermaid: a flowchart, whose labels are quoted and whose links take a style each.

A state diagram would draw the start and the ends itself, but colours no arrow; here they are circles.
"""

import json
from collections.abc import Iterable, Iterator

from csflow.diagnostics import Word
from csflow.reports.graph import legend
from csflow.reports.graph.picture import Arrow, Box, Change, Line, Note, Picture, Shape, Tone
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
    Change.ADDED: "stroke:#1a7f37,stroke-width:3px",
    Change.REMOVED: "stroke:#c0262d,stroke-width:2px,stroke-dasharray:7 5",
    Change.CHANGED: "stroke:#b35900,stroke-width:3px,stroke-dasharray:2 3",
}
_BREAK = "<br/>"


def mermaid(picture: Picture) -> str:
    """The picture as the text of a Mermaid diagram, which GitHub and others draw. The same picture gives the same text."""
    ids = {box.key: f"s{number}" for number, box in enumerate(picture.boxes)}
    return "\n".join((*_head(picture), *_boxes(picture, ids), *_arrows(picture, ids), *_notes(picture), *_styles(picture)))


def _head(picture: Picture) -> Iterator[str]:
    yield from ("---", f"title: {json.dumps(_on_one_line(picture.title), ensure_ascii=False)}", "---", "flowchart TB")
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
    name = box.shape.value if box.change is Change.SAME else f"{box.shape.value}_{box.change.value}"
    return f"{id}{opening}{_label(box.lines, box.change)}{closing}:::{name}"


def _arrows(picture: Picture, ids: dict[str, str]) -> Iterator[str]:
    for arrow in picture.arrows:
        stroke = "-.->" if arrow.is_automatic and arrow.lines else "-->"
        label = f'|"{_label(arrow.lines, arrow.change)}"|' if arrow.lines else ""
        yield f"  {ids[arrow.source]} {stroke}{label} {ids[arrow.target]}"
    for box in picture.boxes:
        if box.shape is Shape.FINAL:
            yield f"  {ids[box.key]} --> {ids[box.key]}e"


def _notes(picture: Picture) -> Iterator[str]:
    for word, notes in (("clocks", picture.clocks), ("keeps", picture.keeps)):
        if notes:
            yield f'  subgraph {word}["{escaped(Word(f"graph.{word}").in_language(picture.language))}"]'
            yield from (f"    {_note(note, f'{word}{number}')}" for number, note in enumerate(notes))
            yield "  end"
    explained = list(_legend(picture))
    if explained:
        yield f'  subgraph legend["{escaped(Word("graph.legend").in_language(picture.language))}"]'
        yield from (f"    {each}" for each in explained)
        yield "  end"


def _note(note: Note, id: str) -> str:
    name = "note" if note.change is Change.SAME else f"note_{note.change.value}"
    return f'{id}["{_label(note.lines, note.change)}"]:::{name}'


def _legend(picture: Picture) -> Iterator[str]:
    for shape, word in legend.shapes(picture):
        opening, closing = _FORMS[shape]
        if shape is Shape.START:
            yield f'l_{shape.value}["● {escaped(word)}"]:::note'
        else:
            yield f"l_{shape.value}{opening}{escaped(word)}{closing}:::{shape.value}"
    for change, word in legend.changes(picture):
        yield f'l_{change.value}["{legend.SIGNS[change]} {escaped(word)}"]:::note_{change.value}'


def _styles(picture: Picture) -> Iterator[str]:
    yield from (f"  classDef {name} {style};" for name, style in _CLASSES.items())
    if picture.is_compared:
        for change, style in _CHANGED.items():
            yield from (f"  classDef {name}_{change.value} {_CLASSES[name]},{style};" for name in _CLASSES)
    for number, arrow in enumerate(picture.arrows):
        if arrow.change is not Change.SAME:
            yield f"  linkStyle {number} {_CHANGED[arrow.change]},color:{_CHANGED[arrow.change][7:14]};"
    yield ""


def _label(lines: Iterable[Line], change: Change) -> str:
    """The lines below each other; before what changed, the sign of how."""
    told = [escaped(line.text) if line.change is Change.SAME else _changed(line) for line in lines]
    sign = legend.SIGNS[change]
    return _BREAK.join(([f"{sign} {told[0]}", *told[1:]] if sign and told else told) or [sign or " "])


def _changed(line: Line) -> str:
    return f"{legend.SIGNS[line.change]} {escaped(line.text)}"


def escaped(text: str) -> str:
    """Text in which no sign has a meaning to Mermaid, Markdown or HTML: all ASCII signs but a few are written by number."""
    return "".join(sign if _is_plain(sign) else f"#{ord(sign)};" for sign in _on_one_line(text))


def _is_plain(sign: str) -> bool:
    return not sign.isascii() or sign.isalnum() or sign in " ,"



def _on_one_line(text: str) -> str:
    return " ".join(shown(text).split())
