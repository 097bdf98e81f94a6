"""Owns finding the comments `# csflow: ignore[CS402] reason` in a file, and which line each is about.

What they do to findings is for `diagnostics.ignoring`.
"""

import re
from collections.abc import Iterator

from csflow.diagnostics import Diagnostics, Source, catalogue, nearest
from csflow.diagnostics.ignoring import Ignore
from csflow.source.grid_text import is_text_grid
from csflow.source.tree import Mapping, Node, Scalar, Sequence

_COMMENT = re.compile(r"(?:^|(?<=[ \r\n]))#[ ]*csflow:[ ]*ignore\b(?:\[(?P<names>[^\]\n]*)\])?(?P<reason>[^\r\n]*)")
_NO_CODE = re.compile(r"[ \r]*(?:#|$)")


def read_ignores(tree: Mapping, diagnostics: Diagnostics) -> list[Ignore]:
    """The comments of a file; one that says nothing to go by is reported.

    At the end of a line a comment is about that line, on a line of its own about the next one that is neither blank
    nor a comment.
    """
    source = tree.mark.source
    if "csflow:" not in source.text:
        return []
    texts = list(_texts(tree))
    found = []
    for match in _COMMENT.finditer(source.text):
        if not any(_is_inside(scalar, match.start(), source) for scalar in texts):
            ignore = _ignore(source, match, diagnostics)
            found += [ignore] if ignore else []
    return found


def _ignore(source: Source, match: "re.Match[str]", diagnostics: Diagnostics) -> Ignore | None:
    mark = source.mark(match.start(), match.start() + len(match[0].rstrip()))
    asked = [each.strip() for each in (match["names"] or "").split(",") if each.strip()]
    reason = match["reason"].strip()
    codes = [catalogue.find(each) for each in asked]
    if not asked or not reason:
        diagnostics.report("incomplete-ignore", mark)
        return None
    unknown = next((each for each, code in zip(asked, codes, strict=True) if code is None), None)
    if unknown is not None:
        diagnostics.report("ignore-of-unknown-code", mark, suggestion=nearest(unknown, catalogue.names()), code=unknown)
        return None
    names = tuple(code.name for code in codes if code is not None)
    return Ignore(names, reason, _line_about(source, mark.line), mark)


def _line_about(source: Source, line: int) -> int:
    """Its own line where something stands before the comment, else the next that says anything."""
    while line < source.line_count and _NO_CODE.match(source.line_text(line)):
        line += 1
    return line


def _is_inside(scalar: Scalar, at: int, source: Source) -> bool:
    """Whether a place lies in a text, where `#` is a sign like any other; lines of a grid may be comments."""
    if not scalar.mark.start <= at < scalar.mark.end:
        return False
    is_own_line = _NO_CODE.match(source.line_text(source.position(at)[0])) is not None
    return not (is_own_line and is_text_grid(scalar) and "|" in scalar.text)


def _texts(node: Node) -> Iterator[Scalar]:
    """The texts that may hold a `#`: quoted ones and blocks."""
    waiting: list[Node] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Scalar):
            if each.style != "plain":
                yield each
        elif isinstance(each, Sequence):
            waiting += each.items
        else:
            waiting += [part for entry in each.entries for part in (entry.key, entry.value)]
