"""Owns a strict reading of the Mermaid that csflow writes: a small grammar, in which every label says its text again."""

import json
import re
from dataclasses import dataclass, field

_LABEL = r'"(?P<{0}>[^"]*)"'
_FORMS = {
    "start": r"\(\(" + _LABEL.format("start") + r"\)\)",
    "state": r"\(" + _LABEL.format("state") + r"\)",
    "passing": r"\{\{" + _LABEL.format("passing") + r"\}\}",
    "final": r"\(\[" + _LABEL.format("final") + r"\]\)",
    "everywhere": r">" + _LABEL.format("everywhere") + r"\]",
    "end": r"\(\(\(" + _LABEL.format("end") + r"\)\)\)",
    "note": r"\[" + _LABEL.format("note") + r"\]",
}
_ID = r"[a-z]+(?:_[a-z]+)?\d*e?"
_BOX = re.compile(rf"(?P<id>{_ID})(?:{'|'.join(_FORMS.values())}):::(?P<class>\w+)")
_LINK = re.compile(rf'(?P<source>{_ID}) (?P<stroke>-->|-\.->)(?:\|"(?P<label>[^"]*)"\|)? (?P<target>{_ID})')
_FRAME = re.compile(rf'subgraph (?P<id>{_ID})\["(?P<label>[^"]*)"\]')
_STYLE = re.compile(r"(?:classDef (?P<name>\w+)|linkStyle (?P<link>\d+)|class (?P<ids>[\w,]+)) (?P<style>[\w:#,\- ]+)")
# What a label may hold: no sign of ASCII but these, and others by their numbers.
_TEXT = re.compile(r"(?:[^\x00-\x1f!-+\--/:-@\[-`{-\x7f]|#\d+;|<br/>|&nbsp;)*")


@dataclass
class Diagram:
    """What a text of Mermaid says: boxes with their form and lines, links in their order, styles."""

    title: str
    boxes: dict = field(default_factory=dict)
    frames: dict = field(default_factory=dict)
    links: list = field(default_factory=list)
    styled_links: dict = field(default_factory=dict)
    classes: dict = field(default_factory=dict)
    styles: dict = field(default_factory=dict)


def read(text):
    """The diagram of a text; an AssertionError where a line is none that Mermaid reads as it is meant."""
    head, title, closed, kind, named, told, *lines = text.splitlines()
    assert (head, closed, kind) == ("---", "---", "flowchart TB")
    assert title.startswith("title: ") and named.startswith("  accTitle: ") and told.startswith("  accDescr: ")
    assert text.endswith("\n") and "\t" not in text
    for line in (named, told):
        said(line.partition(": ")[2])
    diagram = Diagram(json.loads(title.removeprefix("title: ")))
    inside = None
    for line in map(str.strip, lines):
        if found := _FRAME.fullmatch(line):
            assert inside is None
            inside = diagram.frames.setdefault(found["id"], (said(found["label"]), []))[1]
        elif line == "end":
            assert inside is not None
            inside = None
        elif found := _BOX.fullmatch(line):
            form, label = next((form, found[form]) for form in _FORMS if found[form] is not None)
            assert found["id"] not in diagram.boxes
            diagram.boxes[found["id"]] = (form, found["class"], said(label))
            if inside is not None:
                inside.append(found["id"])
        elif found := _LINK.fullmatch(line):
            diagram.links.append((found["source"], found["target"], found["stroke"], said(found["label"] or "")))
        else:
            _read_style(line, diagram)
    assert inside is None
    ids = diagram.boxes.keys()
    assert all(source in ids and target in ids for source, target, _, _ in diagram.links)
    assert {name for _, name, _ in diagram.boxes.values()} <= diagram.styles.keys()
    return diagram


def _read_style(line, diagram):
    found = _STYLE.fullmatch(line)
    assert found, line
    if found["name"]:
        diagram.styles[found["name"]] = found["style"]
    elif found["link"]:
        assert int(found["link"]) < len(diagram.links)
        diagram.styled_links[int(found["link"])] = found["style"]
    else:
        for id in found["ids"].split(","):
            assert id in diagram.boxes and found["style"] in diagram.styles
            diagram.classes[id] = found["style"]


def said(label):
    """The lines of a label, each sign as it is shown."""
    assert _TEXT.fullmatch(label), label
    # Mermaid would read a formula, or a new line.
    assert not re.search(r"#36;#36;|#92;\w", label)
    shown = (re.sub(r"#(\d+);", lambda number: chr(int(number[1])), line) for line in label.split("<br/>"))
    return [line.replace("\u2060", "") for line in shown]
