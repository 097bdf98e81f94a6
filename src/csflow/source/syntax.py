"""Owns YAML's syntax errors in our own words: where the fault is, and what it is, in three languages.

PyYAML says where its scanner gave up; here that becomes the place that a writer would mend.
"""

import re
from typing import Any

from csflow.diagnostics import Diagnostics, Phrase, Source
from csflow.source.cells import report_tag

# A key without the blank that its colon needs. `https://` is none.
TIGHT_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?=[^\s:/])")

UNCLOSED_QUOTE = Phrase.of(
    {
        "zh-CN": "这里开始的引号没有闭合",
        "zh-TW": "這裡開始的引號沒有閉合",
        "en": "the quote opened here is never closed",
    }
)
UNCLOSED_BRACKET = Phrase.of(
    {
        "zh-CN": "这里开始的括号没有闭合",
        "zh-TW": "這裡開始的括號沒有閉合",
        "en": "the bracket opened here is never closed",
    }
)
MISSING_BLANK = Phrase.of(
    {"zh-CN": "冒号后面缺少空格", "zh-TW": "冒號後面缺少空格", "en": "a blank is missing after the colon"}
)
_MISSING_COMMA = Phrase.of(
    {
        "zh-CN": "这里缺少逗号，或前面的括号没有闭合",
        "zh-TW": "這裡缺少逗號，或前面的括號沒有閉合",
        "en": "a comma is missing here, or a bracket before it is never closed",
    }
)
MISSING_COLON = Phrase.of(
    {
        "zh-CN": "这一行没有「键: 值」的冒号和空格",
        "zh-TW": "這一行沒有「鍵: 值」的冒號和空格",
        "en": "this line has no key followed by a colon and a blank",
    }
)
_MISSING_KEY = Phrase.of(
    {"zh-CN": "冒号前面没有键", "zh-TW": "冒號前面沒有鍵", "en": "there is no key before this colon"}
)
_INDENTATION = Phrase.of(
    {
        "zh-CN": "这一行的缩进与上面的行对不上",
        "zh-TW": "這一行的縮排與上面的行對不上",
        "en": "the indentation of this line fits no line above it",
    }
)
_BAD_ESCAPE = Phrase.of(
    {
        "zh-CN": "双引号里的反斜杠写法无效，请改用单引号",
        "zh-TW": "雙引號裡的反斜線寫法無效，請改用單引號",
        "en": "no such escape in double quotes; single quotes need none",
    }
)
_LIST_ON_KEY_LINE = Phrase.of(
    {
        "zh-CN": "列表项要另起一行，或写成 [a, b]",
        "zh-TW": "清單項目要另起一行，或寫成 [a, b]",
        "en": "a list item stands on a line of its own, or in brackets: [a, b]",
    }
)
_LONG_KEY = Phrase.of(
    {
        "zh-CN": "键超过 1024 个字符",
        "zh-TW": "鍵超過 1024 個字元",
        "en": "a key is longer than 1024 characters",
    }
)
_MISPLACED = Phrase.of(
    {"zh-CN": "这里不应出现这段内容", "zh-TW": "這裡不應出現這段內容", "en": "nothing may stand here"}
)
# What PyYAML says, by either of its scanners, and what it comes to.
_KNOWN = (
    ("parsing a flow", _MISSING_COMMA),
    ("sequence entries", _LIST_ON_KEY_LINE),
    ("node content", _MISPLACED),
    ("unexpected ':'", MISSING_BLANK),
)
_LONGEST_KEY = 1024
_LEAD = re.compile(r"^ *(?:- +)*")
_KEY_COLON = re.compile(r":(?: |$)")


def report_syntax(source: Source, error: Exception, diagnostics: Diagnostics) -> None:
    """Report what made YAML give up on a file."""
    problem = _words(error, "problem")
    at, began = _offset(error, "problem_mark", source), _offset(error, "context_mark", source)
    if "undefined tag handle" in problem or "scanning a tag" in _words(error, "context"):
        report_tag(source, began, None, diagnostics)
    elif "document start" in problem and source.text[:at].rstrip().endswith("..."):
        diagnostics.report("several-documents", source.mark(at, at + 1))
    else:
        start, what = _place_and_problem(source, error, at, began)
        end = start + 1 if source.text[start : start + 1] not in ("", "\r", "\n") else start
        diagnostics.report("yaml-syntax", source.mark(start, end), problem=what)


def _place_and_problem(source: Source, error: Exception, at: int, began: int) -> tuple[int, Phrase | str]:
    """`at` is where YAML gave up, `began` where the thing began that it was reading."""
    problem, context = _words(error, "problem"), _words(error, "context")
    if "quoted scalar" in context or "double-quoted" in context:
        # "unexpected end of stream" is no escape that was expected: without a backslash the quote is open.
        slash = source.text.rfind("\\", began, at + 1)
        is_escape = slash >= 0 and any(word in problem for word in ("escape", "hex", "expected"))
        return (slash, _BAD_ESCAPE) if is_escape else (began, UNCLOSED_QUOTE)
    if "mapping values" in problem:
        return _stray_colon(source, at)
    if "simple key" in context:
        return began, MISSING_COLON
    if "node content" not in problem and ("block" in context or "document start" in problem):
        what = _misfit(source, at)
        return (_odd_line(source, at), what) if what is _INDENTATION else (at, what)
    if isinstance(error, (ValueError, OverflowError)):
        return 0, _BAD_ESCAPE
    known = (phrase for words, phrase in _KNOWN if words in problem or words in context)
    return at, next(known, problem)


def _misfit(source: Source, at: int) -> Phrase:
    """What is wrong with a thing that continues none of the collections above it."""
    if source.text.startswith(":", at):
        return _MISSING_KEY
    is_first = _indentation(source, at) == source.position(at)[1] - 1
    return _INDENTATION if is_first else _MISPLACED


def _odd_line(source: Source, at: int) -> int:
    """Where the line begins that stands in a column of its own: the one that YAML names, or the one above it."""
    line, column = source.position(at)
    above = line - 1
    while above and not source.line_text(above).strip():
        above -= 1
    columns = {_content_column(source.line_text(number)) for number in range(1, above)}
    odd = _content_column(source.line_text(above)) if above else 0
    return source.offset(above, 1) + odd if column - 1 in columns and odd not in columns else at


def _content_column(text: str) -> int:
    """The column, from zero, behind a line's blanks and dashes."""
    return len(text) - len(_LEAD.sub("", text))


def _stray_colon(source: Source, at: int) -> tuple[int, Phrase]:
    """A colon where YAML wants none: an indented key under a value, or a line before without a colon."""
    line, column = source.position(at)
    if column > _LONGEST_KEY:
        return at, _LONG_KEY
    indentation = _indentation(source, at)
    above = line - 1
    while above and not source.line_text(above).strip():
        above -= 1
    if above and not _KEY_COLON.search(source.line_text(above)):
        start = source.offset(above, 1)
        return start + _indentation(source, start), MISSING_COLON
    return at - column + 1 + indentation, _INDENTATION if above else _MISPLACED


def _indentation(source: Source, at: int) -> int:
    start = source.offset(source.position(at)[0], 1)
    end = start
    while source.text[end : end + 1] == " ":
        end += 1
    return end - start


def _words(error: Exception, part: str) -> str:
    return str(getattr(error, part, None) or ("" if part == "context" else error))


def _offset(error: Exception, name: str, source: Source) -> int:
    mark: Any = getattr(error, name, None)
    return min(mark.index, len(source.text)) if mark is not None else 0
