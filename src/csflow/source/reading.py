"""Owns the reading of one YAML file, floor by floor: its size, its encoding, its signs, its structure.

A floor that finds a fault ends the reading, since what it would hand on is not what was meant.
"""

import re

from csflow.diagnostics import Diagnostics, Source
from csflow.source.accidents import mend
from csflow.source.decoding import decode
from csflow.source.guard import SYNTAX_ERRORS, build_tree
from csflow.source.limits import MAX_FILE_BYTES, MAX_FINDINGS, is_full
from csflow.source.quoting import shortened
from csflow.source.signs import report_signs
from csflow.source.syntax import MISSING_BLANK, TIGHT_KEY, report_syntax
from csflow.source.tree import Mapping, Node, Scalar

_HEAD_LINE = re.compile(r"(?:[ \r]*(?:#[^\n]*)?|(%)[^\n]*)\n")


def read_yaml(path: str, data: bytes, diagnostics: Diagnostics) -> Mapping | None:
    """The tree of a file, a mapping; None when anything about it was reported.

    `path` is what findings call the file. At most `MAX_FINDINGS` findings are reported, and one more
    where there were more.
    """
    found = Diagnostics()
    tree = _read(path, data, found)
    findings = list(found)
    diagnostics.extend(findings[:MAX_FINDINGS])
    if len(findings) > MAX_FINDINGS:
        diagnostics.report("too-many-findings", findings[MAX_FINDINGS].mark, limit=MAX_FINDINGS)
    return tree if isinstance(tree, Mapping) and not findings else None


def _read(path: str, data: bytes, diagnostics: Diagnostics) -> Node | None:
    if len(data) > MAX_FILE_BYTES:
        diagnostics.report("file-too-large", subject=path, size=len(data), limit=MAX_FILE_BYTES)
        return None
    source = decode(path, data, diagnostics)
    if source is None or report_signs(source, diagnostics):
        return None
    return _read_structure(source, _without_directives(source, diagnostics), diagnostics)


def _without_directives(source: Source, diagnostics: Diagnostics) -> str:
    """The text with its `%YAML` and `%TAG` lines, which are reported, turned into comments."""
    signs: list[str] = []
    at = 0
    while (line := _HEAD_LINE.match(source.text, at)) and not is_full(diagnostics):
        if line[1]:
            mark = source.mark(at, at + len(line[0].rstrip()))
            diagnostics.report("yaml-directive", mark, text=shortened(mark.text))
        signs.append("#" + line[0][1:] if line[1] else line[0])
        at = line.end()
    return "".join(signs) + source.text[at:]


def _read_structure(source: Source, text: str, diagnostics: Diagnostics) -> Node | None:
    first = Diagnostics()
    try:
        tree = build_tree(source, text, first)
    except SYNTAX_ERRORS as error:
        _report_accidents(source, text, error, first, diagnostics)
        return None
    diagnostics.extend(first)
    if len(first):
        return None
    if tree is None:
        diagnostics.report("empty-file", source.mark())
    elif not isinstance(tree, Mapping):
        _report_root(source, tree, diagnostics)
    return tree


def _report_accidents(
    source: Source, text: str, error: Exception, before: Diagnostics, diagnostics: Diagnostics
) -> None:
    """What broke the file, and what else is wrong with it once that is mended."""
    accidents = Diagnostics()
    mended = mend(source, text, accidents)
    if not len(accidents):
        diagnostics.extend(before)
        report_syntax(source, text, error, diagnostics)
        return
    diagnostics.extend(accidents)
    try:
        build_tree(source, mended, diagnostics)
    except SYNTAX_ERRORS as further:
        _report_further(source, mended, further, diagnostics)


def _report_further(source: Source, mended: str, error: Exception, diagnostics: Diagnostics) -> None:
    """A second fault, unless it stands on a line that something was said about already."""
    rest = Diagnostics()
    report_syntax(source, mended, error, rest)
    known = {finding.mark.line for finding in diagnostics if finding.mark}
    diagnostics.extend(finding for finding in rest if finding.mark and finding.mark.line not in known)


def _report_root(source: Source, root: Node, diagnostics: Diagnostics) -> None:
    tight = TIGHT_KEY.match(source.text, root.mark.start)
    if isinstance(root, Scalar) and root.style == "plain" and root.text == "":
        diagnostics.report("empty-file", source.mark())
    elif tight and isinstance(root, Scalar):
        diagnostics.report("yaml-syntax", source.mark(tight.end() - 1, tight.end()), problem=MISSING_BLANK)
    else:
        diagnostics.report("not-a-mapping", source.mark(root.mark.start, root.mark.start + 1))
