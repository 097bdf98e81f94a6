"""Owns the cells and keys that YAML reads without complaint and takes for something else.

`!= a` becomes a tag, `{c: a, b}` two keys, `key：value` a text: each is named here, with the text to
write instead. What YAML itself refuses is for `accidents`; `[7..15]`, a list of one or a range, is for
those who know that it is a cell.
"""

import re
from collections.abc import Sequence as SequenceABC

from csflow.diagnostics import Diagnostics, Mark, Source
from csflow.source.limits import is_full
from csflow.source.quoting import report_unquoted, shortened
from csflow.source.signs import ODD_BLANKS, spelled
from csflow.source.tree import Node, Scalar

# A key with the colon of a Chinese keyboard behind it.
WIDE_KEY = re.compile(r"([A-Za-z_][\w./-]*) ?：", re.ASCII)
# Signs of a Chinese keyboard that stand where YAML has its own.
WIDE_STRUCTURE = {
    "：": ":",
    "，": ",",
    "｛": "{",
    "｝": "}",
    "［": "[",
    "］": "]",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
}
# Something that `examine_plain` may have to say something about.
SUSPICIOUS = re.compile(f"[：{ODD_BLANKS}]")
# Signs that open a value; a plain key that holds one has lost its colon.
OPENS_VALUE = re.compile(r"[\[{\"]")

_ODD = f"[{ODD_BLANKS}]"
_ODD_EDGE = re.compile(f"^{_ODD}+|{_ODD}$|(?<=^-){_ODD}+|(?<=[A-Za-z0-9_]:){_ODD}+")
_TAG = re.compile(r"![^\s,\[\]{}]*")
_REST_OF_LINE = re.compile(r"(?:(?! #)[^\r\n])*")


def examine_plain(scalar: Scalar, diagnostics: Diagnostics, *, flow: bool) -> None:
    """Lines of a plain text that were meant as keys, and blanks that only look like blanks."""
    source, at = scalar.mark.source, scalar.mark.start
    for line in scalar.mark.text.split("\n"):
        if is_full(diagnostics):
            return
        text = at + len(line) - len(line.lstrip(" "))
        # In braces the entry ends with the text; elsewhere with the line.
        end = at + len(line) if flow else len(source.text)
        _examine_wide_key(source, text, end, diagnostics)
        for odd in _ODD_EDGE.finditer(line.strip(" \r")):
            mark = source.mark(text + odd.start(), text + odd.end())
            diagnostics.report("invisible-character", mark, sign=spelled(odd[0][0]))
        at += len(line) + 1


def examine_folded(scalar: Scalar, diagnostics: Diagnostics) -> None:
    """`days: >7` asks for a folded block indented by seven, and gets an empty one."""
    header = scalar.mark.text.split("\n", 1)[0]
    if not scalar.text.strip() and header[1:2].isdigit():
        end = len(header.split(" #", 1)[0].rstrip())
        report_unquoted("unquoted-cell", scalar.mark.part(0, end), diagnostics)


def examine_items(items: SequenceABC[Node], diagnostics: Diagnostics) -> None:
    """`[not(a, b)]` is one cell and no list of two."""
    opened: Scalar | None = None
    balance = 0
    for item in items:
        if not isinstance(item, Scalar) or item.style != "plain":
            opened, balance = None, 0
            continue
        balance += item.text.count("(") - item.text.count(")")
        if opened is not None and balance <= 0:
            report_unquoted("unquoted-cell", opened.mark.to(item.mark), diagnostics)
        opened = None if balance <= 0 else opened or item
        balance = max(0, balance)


def report_tag(source: Source, start: int, cell_end: int | None, diagnostics: Diagnostics) -> None:
    """A tag at `start`; `!= a` is a cell, which goes to `cell_end` or, without one, to the end of its line."""
    text = source.text
    if text.startswith("!=", start):
        line = _REST_OF_LINE.match(text, start)
        line_end = line.end() if line else start
        end = line_end if cell_end is None else min(line_end, cell_end)
        mark = source.mark(start, start + len(text[start:end].rstrip()))
        report_unquoted("unquoted-cell", mark, diagnostics)
        return
    tag = _TAG.match(text, start)
    mark = source.mark(start, tag.end() if tag else start + 1)
    diagnostics.report("yaml-tag", mark, text=shortened(mark.text))


# Symbols, as a cell lists them: any of these.
_WORDS_IN_A_ROW = re.compile(r"[a-z_][a-z0-9_./*]*(?:, *[a-z_][a-z0-9_./*]*)+")


def report_valueless(keys: SequenceABC[Scalar], before: Node | None, braces: Mark, diagnostics: Diagnostics) -> None:
    """Keys in a row, in braces, without a colon: mostly the rest of the unquoted cell `before` them."""
    source = braces.source
    wide = [match for key in keys if (match := WIDE_KEY.match(source.text, key.mark.start, key.mark.end))]
    for match in wide:
        # At the start of a line `examine_plain` has reported it.
        if lead(source.text, match.start()) is None:
            report_wide_key(source, match, match.endpos, diagnostics)
    if wide:
        return
    if isinstance(before, Scalar) and before.style == "plain" and before.text:
        mark = before.mark.to(keys[-1].mark)
        if _WORDS_IN_A_ROW.fullmatch(mark.text):
            diagnostics.report("unquoted-cell", mark, suggestion=f"[{mark.text}]", text=mark.text)
        else:
            report_unquoted("unquoted-cell", mark, diagnostics)
        return
    inside = braces.text[1:-1]
    if before or ":" in inside or "\n" in inside or shortened(inside) != inside:
        diagnostics.report("key-without-value", keys[0].mark, key=shortened(keys[0].text))
    else:
        diagnostics.report("key-without-value", braces, suggestion=f"[{inside}]", key=keys[0].text)


def report_wide_key(source: Source, key: re.Match[str], end: int, diagnostics: Diagnostics) -> None:
    """The full-width colon at the end of a match of `WIDE_KEY`, with a value up to `end`."""
    mark = source.mark(key.end() - 1, key.end())
    is_spaced = key.end() >= end or source.text[key.end()] in " \r\n"
    diagnostics.report("full-width-punctuation", mark, suggestion=":" if is_spaced else ": ", sign="：", ascii=":")


def report_wide_sign(source: Source, at: int, diagnostics: Diagnostics) -> None:
    """A full-width sign where YAML has one of its own."""
    sign = source.text[at]
    ascii_sign = WIDE_STRUCTURE[sign]
    diagnostics.report(
        "full-width-punctuation", source.mark(at, at + 1), suggestion=ascii_sign, sign=sign, ascii=ascii_sign
    )


def _examine_wide_key(source: Source, at: int, end: int, diagnostics: Diagnostics) -> None:
    key = WIDE_KEY.match(source.text, at)
    before = lead(source.text, at) if key else None
    # A list may hold texts, and `- VIP：` begins one; keys are in lower case.
    if key and before is not None and not ("-" in before and key[1][0].isupper()):
        report_wide_key(source, key, end, diagnostics)


def lead(text: str, at: int) -> str | None:
    """What stands on the line before `at`, when that is blanks and list dashes alone."""
    start = at
    while start and text[start - 1] in " -":
        start -= 1
    return text[start:at] if start == 0 or text[start - 1] == "\n" else None
