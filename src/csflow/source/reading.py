"""Owns the reading of one YAML file, floor by floor: its size, its encoding, its signs, its structure.

A floor that finds a fault ends the reading, since what it would hand on is not what was meant.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from csflow.diagnostics import Diagnostics, Finding, Source
from csflow.source.accidents import mend
from csflow.source.decoding import decode
from csflow.source.guard import SYNTAX_ERRORS, build_tree, place_too_deep
from csflow.source.limits import MAX_DEPTH, MAX_FILE_BYTES, MAX_FINDINGS, is_full
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
    plain = _without_directives(source, diagnostics)
    structure = Diagnostics()
    tree = _read_structure(plain, structure)
    diagnostics.extend(_placed_in(source, structure))
    return tree


def _without_directives(source: Source, diagnostics: Diagnostics) -> Source:
    """The file with its `%YAML` and `%TAG` lines, which are reported, turned into comments."""
    signs: list[str] = []
    at = 0
    while (line := _HEAD_LINE.match(source.text, at)) and not is_full(diagnostics):
        if line[1]:
            mark = source.mark(at, at + len(line[0].rstrip()))
            diagnostics.report("yaml-directive", mark, text=shortened(mark.text))
        signs.append("#" + line[0][1:] if line[1] else line[0])
        at = line.end()
    return Source(source.path, "".join(signs) + source.text[at:]) if len(diagnostics) else source


def _read_structure(source: Source, diagnostics: Diagnostics) -> Node | None:
    found = Diagnostics()
    try:
        tree = build_tree(source, found)
    except SYNTAX_ERRORS as error:
        diagnostics.extend(_what_broke(source, error, found))
        return None
    diagnostics.extend(found)
    if tree is None and not len(found):
        diagnostics.report("empty-file", source.mark())
    elif not isinstance(tree, Mapping) and tree is not None and not len(found):
        _report_root(source, tree, diagnostics)
    return tree


def _what_broke(source: Source, error: Exception, before: Diagnostics) -> list[Finding]:
    """What broke the file, and what else is wrong with it once that is mended."""
    at = place_too_deep(error)
    if at is not None:
        before.report("too-deep", source.mark(at, at + 1), limit=MAX_DEPTH)
        return list(before)
    accidents = Diagnostics()
    mended = mend(source, accidents)
    if not len(accidents):
        report_syntax(source, error, before)
        return list(before)
    # What came before the place where YAML gave up is found again here.
    others = Diagnostics()
    try:
        build_tree(mended, others)
    except SYNTAX_ERRORS as further:
        _report_further(mended, further, [*accidents, *others], others)
    return [*accidents, *others]


def _report_further(mended: Source, error: Exception, known: list[Finding], diagnostics: Diagnostics) -> None:
    """A second fault, unless it stands on a line that something is said about already."""
    found = Diagnostics()
    report_syntax(mended, error, found)
    lines = {finding.mark.line for finding in known if finding.mark}
    diagnostics.extend(finding for finding in found if finding.mark and finding.mark.line not in lines)


def _placed_in(source: Source, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings of a mended text, which is as long as what is written in `source`."""
    for finding in findings:
        mark = finding.mark
        yield finding if mark is None else replace(finding, mark=source.mark(mark.start, mark.end))


def _report_root(source: Source, root: Node, diagnostics: Diagnostics) -> None:
    tight = TIGHT_KEY.match(source.text, root.mark.start)
    if isinstance(root, Scalar) and root.style == "plain" and root.text == "":
        diagnostics.report("empty-file", source.mark())
    elif tight and isinstance(root, Scalar):
        diagnostics.report(
            "yaml-syntax", source.mark(tight.end() - 1, tight.end()), suggestion=": ", problem=MISSING_BLANK
        )
    else:
        diagnostics.report("not-a-mapping", source.mark(root.mark.start, root.mark.start + 1))
