"""Owns the one pass over YAML's events: what csflow refuses of YAML, and the tree of the rest. Door: PyYAML.

Events come one at a time, so a bomb is met at its limit and is never composed; the stack is our own,
so depth costs no recursion. What a syntax error means is for `accidents` and `syntax`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from csflow.diagnostics import Diagnostics, Mark, Source
from csflow.source.cells import (
    OPENS_VALUE,
    SUSPICIOUS,
    WIDE_KEY,
    WIDE_STRUCTURE,
    examine_folded,
    examine_items,
    examine_plain,
    lead,
    report_tag,
    report_valueless,
    report_wide_sign,
)
from csflow.source.limits import MAX_DEPTH, MAX_NODES, MAX_SCALAR_BYTES, is_full
from csflow.source.quoting import shortened
from csflow.source.signs import report_escaped_signs
from csflow.source.syntax import MISSING_COLON
from csflow.source.tree import Entry, Mapping, Node, Scalar, Sequence, Style

# Besides its own errors PyYAML's Python scanner lets through Python's: an escape beyond Unicode, a version
# of too many digits.
SYNTAX_ERRORS = (yaml.YAMLError, ValueError, OverflowError)

_STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


def loader() -> type[Any]:
    """PyYAML's scanner: libyaml's where it is there. Both count offsets in code points.

    The one in Python takes several times as long, and refuses a few more texts: a `?` in braces, for one.
    """
    chosen: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return chosen


def build_tree(source: Source, diagnostics: Diagnostics) -> Node | None:
    """The tree of a file; None when it is empty or a limit stopped the reading. Raises `SYNTAX_ERRORS`."""
    builder = _Builder(source, diagnostics)
    for event in yaml.parse(source.text, Loader=loader()):
        builder.take(event)
        if builder.is_stopped or is_full(diagnostics):
            break
    return builder.root


def place_too_deep(error: Exception) -> int | None:
    """Where the scanner itself gave up on nesting, None for any other error.

    It looks ahead for keys, and from libyaml 0.2.6 on it bounds that: brackets without end in one line are refused
    before the first of them is an event.
    """
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark and "nesting depth" in str(error.problem):
        return int(error.problem_mark.index)
    return None


@dataclass(slots=True)
class _Open:
    """A collection whose end is still to come. In a mapping keys and values take turns."""

    is_mapping: bool
    flow: bool
    start: int
    nodes: list[Node] = field(default_factory=list)

    @property
    def expects_key(self) -> bool:
        return self.is_mapping and len(self.nodes) % 2 == 0

    @property
    def expects_value(self) -> bool:
        return self.is_mapping and len(self.nodes) % 2 == 1


class _Builder:
    __slots__ = ("_diagnostics", "_documents", "_is_wary", "_nodes", "_open", "_source", "_text", "is_stopped", "root")

    def __init__(self, source: Source, diagnostics: Diagnostics) -> None:
        self.root: Node | None = None
        self.is_stopped = False
        self._source = source
        self._text = source.text
        self._diagnostics = diagnostics
        self._open: list[_Open] = []
        self._documents = 0
        self._nodes = 0
        self._is_wary = SUSPICIOUS.search(source.text) is not None

    def take(self, event: Any) -> None:
        """Add one event to the tree."""
        step = _STEPS.get(type(event))
        if step is not None:
            step(self, event)

    def start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop("several-documents", event.start_mark.index, event.end_mark.index)

    def start_sequence(self, event: Any) -> None:
        self._start(event, is_mapping=False)

    def start_mapping(self, event: Any) -> None:
        self._start(event, is_mapping=True)

    def end_sequence(self, event: Any) -> None:
        closed, mark = self._close(event)
        if closed.flow:
            examine_items(closed.nodes, self._diagnostics)
        self._add(Sequence(tuple(closed.nodes), closed.flow, mark))

    def end_mapping(self, event: Any) -> None:
        closed, mark = self._close(event)
        self._add(Mapping(self._entries(closed, mark), closed.flow, mark))

    def scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        self._count(start)
        self._refuse_properties(event)
        if start == end:
            start = end = self._place_of_nothing(start)
        style = _STYLES.get(event.style, "plain")
        content, mark = _MARKERS[style](self._source, start, end)
        scalar = Scalar(event.value, style, content, mark)
        self._examine(scalar)
        self._add(scalar)

    def alias(self, event: Any) -> None:
        self._count(event.start_mark.index)
        mark = self._source.mark(event.start_mark.index, event.end_mark.index)
        self._diagnostics.report("yaml-alias", mark, text=shortened(mark.text))
        self._add(Scalar(mark.text, "plain", mark, mark))

    def _start(self, event: Any, *, is_mapping: bool) -> None:
        start = event.start_mark.index
        self._count(start)
        self._refuse_properties(event)
        if len(self._open) == MAX_DEPTH:
            self._stop("too-deep", start, start + 1, limit=MAX_DEPTH)
        if self._open and self._open[-1].expects_key:
            self._report("complex-key", start, start + 1)
        self._open.append(_Open(is_mapping, bool(event.flow_style), start))

    def _close(self, event: Any) -> tuple[_Open, Mark]:
        closed = self._open.pop()
        # In a block the event ends where the next thing starts, comments and blank lines away.
        end = event.end_mark.index if closed.flow or not closed.nodes else closed.nodes[-1].mark.end
        return closed, self._source.mark(closed.start, max(closed.start, end))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _count(self, start: int) -> None:
        self._nodes += 1
        if self._nodes == MAX_NODES + 1:
            self._stop("too-many-nodes", start, start, limit=MAX_NODES)

    def _refuse_properties(self, event: Any) -> None:
        start = event.start_mark.index
        if event.anchor is not None:
            at = self._text.index("&", start)
            mark = self._source.mark(at, at + 1 + len(event.anchor))
            self._diagnostics.report("yaml-alias", mark, text=shortened(mark.text))
        if event.tag is not None:
            is_flow_cell = isinstance(event, yaml.ScalarEvent) and self._is_in_flow()
            cell_end = event.end_mark.index if is_flow_cell else None
            report_tag(self._source, self._text.index("!", start), cell_end, self._diagnostics)

    def _is_in_flow(self) -> bool:
        return bool(self._open) and self._open[-1].flow

    def _place_of_nothing(self, start: int) -> int:
        """Where a value left out stands: right behind its colon, whichever scanner read it."""
        if self._open and self._open[-1].expects_value:
            return self._after_colon(self._open[-1].nodes[-1]) or start
        return start

    def _after_colon(self, key: Node) -> int | None:
        at = key.mark.end
        while self._text[at : at + 1] in (" ", "\r", "\n"):
            at += 1
        return at + 1 if self._text.startswith(":", at) else None

    def _examine(self, scalar: Scalar) -> None:
        # A sign takes four bytes at most, so shorter texts need no counting.
        if len(scalar.text) * 4 > MAX_SCALAR_BYTES:
            self._examine_length(scalar)
        if scalar.style == "plain" and self._is_wary:
            examine_plain(scalar, self._diagnostics, flow=self._is_in_flow())
        elif scalar.style == "folded":
            examine_folded(scalar, self._diagnostics)
        elif scalar.style == "double" and scalar.has_escapes:
            report_escaped_signs(scalar.content, self._diagnostics)

    def _examine_length(self, scalar: Scalar) -> None:
        length = len(scalar.text.encode("utf-8", errors="surrogatepass"))
        if length > MAX_SCALAR_BYTES:
            start = scalar.mark.start
            self._report("scalar-too-long", start, start + 1, length=length, limit=MAX_SCALAR_BYTES)

    def _entries(self, closed: _Open, mark: Mark) -> tuple[Entry, ...]:
        """The entries of a mapping, each key once; what else stands there is reported."""
        entries: dict[str, Entry] = {}
        valueless: list[Scalar] = []
        before: Node | None = None
        for key, value in zip(closed.nodes[::2], closed.nodes[1::2], strict=False):
            if not isinstance(key, Scalar) or is_full(self._diagnostics):
                continue
            if closed.flow and self._after_colon(key) is None:
                valueless.append(key)
                continue
            if valueless:
                report_valueless(valueless, before, mark, self._diagnostics)
            valueless, before = [], value
            self._refuse_key(key, entries, closed)
            entries.setdefault(key.text, Entry(key, value))
        if valueless:
            report_valueless(valueless, before, mark, self._diagnostics)
        return tuple(entries.values())

    def _refuse_key(self, key: Scalar, entries: dict[str, Entry], within: _Open) -> None:
        is_plain = key.style == "plain"
        if is_plain and key.text == "<<":
            self._diagnostics.report("merge-key", key.mark)
        elif (is_plain and key.text == "") or self._is_explicit(key, within):
            self._diagnostics.report("complex-key", key.mark)
        elif is_plain and self._text[key.mark.start] in WIDE_STRUCTURE:
            report_wide_sign(self._source, key.mark.start, self._diagnostics)
        elif is_plain and self._text[key.mark.end - 1] in WIDE_STRUCTURE:
            report_wide_sign(self._source, key.mark.end - 1, self._diagnostics)
        elif is_plain and OPENS_VALUE.search(key.text) and not WIDE_KEY.match(key.text):
            # `code {type: code}`: the colon behind the key is missing, and the next one ends it.
            self._diagnostics.report("yaml-syntax", key.mark, problem=MISSING_COLON)
        elif key.text in entries:
            first_line = entries[key.text].key.mark.line
            self._diagnostics.report("duplicate-key", key.mark, key=shortened(key.text), first_line=first_line)

    def _is_explicit(self, key: Scalar, within: _Open) -> bool:
        """Whether the key is written `? key`."""
        # A block mapping that begins with this very key has the question mark, if any, for itself.
        if key.mark.start == within.start:
            return False
        at = self._before_blanks(key.mark.start)
        if at == key.mark.start or self._text[at - 1 : at] != "?":
            return False
        if within.flow:
            return self._text[self._before_blanks(at - 1) - 1] in "{[,"
        return lead(self._text, at - 1) is not None

    def _before_blanks(self, at: int) -> int:
        while at and self._text[at - 1] in " \r\n":
            at -= 1
        return at

    def _report(self, name: str, start: int, end: int, **values: Any) -> None:
        self._diagnostics.report(name, self._source.mark(start, end), **values)

    def _stop(self, name: str, start: int, end: int, **values: Any) -> None:
        self._report(name, start, end, **values)
        self.is_stopped = True


def _mark_plain(source: Source, start: int, end: int) -> tuple[Mark, Mark]:
    mark = source.mark(start, end)
    return mark, mark


def _mark_quoted(source: Source, start: int, end: int) -> tuple[Mark, Mark]:
    return source.mark(start + 1, end - 1), source.mark(start, end)


def _mark_block(source: Source, start: int, end: int) -> tuple[Mark, Mark]:
    """The lines after the header, up to the last sign that is not blank."""
    header_end = source.text.find("\n", start, end)
    first = end if header_end == -1 else header_end + 1
    last = first + len(source.text[first:end].rstrip(" \r\n"))
    return source.mark(first, last), source.mark(start, last)


_MARKERS: dict[Style, Callable[[Source, int, int], tuple[Mark, Mark]]] = {
    "plain": _mark_plain,
    "single": _mark_quoted,
    "double": _mark_quoted,
    "literal": _mark_block,
    "folded": _mark_block,
}

_STEPS: dict[type[Any], Callable[[_Builder, Any], None]] = {
    yaml.DocumentStartEvent: _Builder.start_document,
    yaml.SequenceStartEvent: _Builder.start_sequence,
    yaml.MappingStartEvent: _Builder.start_mapping,
    yaml.SequenceEndEvent: _Builder.end_sequence,
    yaml.MappingEndEvent: _Builder.end_mapping,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.AliasEvent: _Builder.alias,
}
