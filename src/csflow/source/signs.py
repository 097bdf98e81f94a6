"""Owns which signs a file may hold: nothing that a reader cannot see, or that moves what they see.

Judged on the text alone, comments included, before YAML sees it. The ranges are spelled out, since
the categories of `unicodedata` differ between versions of Python.
"""

import re
from collections.abc import Iterator

from csflow.diagnostics import Diagnostics, Mark, Source
from csflow.source.limits import is_full

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# A carriage return is part of a line end or nothing: alone it hides the line before it.
_REFUSED = re.compile(f"[{_CONTROL}]|[{_INVISIBLE}]|\t+|\r(?!\n)")
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_JOINER = "\u200d"
# What may stand on either side of a joiner inside an emoji.
_PICTOGRAPH = re.compile("[\u00a9\u00ae\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff]")

# Blanks that YAML takes for text. Within a text they are a writer's choice, beside structure an accident.
ODD_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NAMED_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "e": "\x1b", "N": "\x85"}
_NAMED_ESCAPES |= {"L": "\u2028", "P": "\u2029", "r": "\r"}


def report_signs(source: Source, diagnostics: Diagnostics) -> bool:
    """Report every sign that is refused; whether there was one."""
    found = False
    for match in _refused(source.text):
        found = True
        if is_full(diagnostics):
            break
        mark = source.mark(match.start(), match.end())
        if match[0][0] == "\t":
            diagnostics.report("tab-character", mark)
        else:
            diagnostics.report(_name(match[0]), mark, sign=spelled(match[0]))
    return found


def report_escaped_signs(content: Mark, diagnostics: Diagnostics) -> None:
    """The same for the signs that a double-quoted text spells by escapes."""
    for match in _ESCAPE.finditer(content.source.text, content.start, content.end):
        digits = match[1] or match[2] or match[3]
        sign = _sign(int(digits, 16)) if digits else _NAMED_ESCAPES.get(match[4], "")
        if is_full(diagnostics):
            return
        if sign and sign not in "\t\n" and _REFUSED.match(sign):
            mark = content.source.mark(match.start(), match.end())
            diagnostics.report(_name(sign), mark, sign=spelled(sign))


def spelled(sign: str) -> str:
    """A sign by its number, `U+202E`: what it looks like would not help."""
    return f"U+{ord(sign):04X}"


def _refused(text: str) -> Iterator[re.Match[str]]:
    for match in _REFUSED.finditer(text):
        if match[0] != _JOINER or not _joins_pictographs(text, match.start()):
            yield match


def _joins_pictographs(text: str, at: int) -> bool:
    return bool(at and _PICTOGRAPH.match(text, at - 1) and _PICTOGRAPH.match(text, at + 1))


def _name(sign: str) -> str:
    return "invisible-character" if _IS_INVISIBLE.match(sign) else "control-character"


def _sign(number: int) -> str:
    # YAML refuses larger ones by itself.
    return chr(number) if number <= 0x10FFFF else ""
