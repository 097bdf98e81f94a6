"""Owns how a text is put into YAML quotes, so that YAML hands it on unchanged."""

from csflow.diagnostics import Diagnostics, Mark

_LONGEST_SHOWN = 80


def quoted(text: str) -> str:
    """`text`, one line, as a quoted YAML scalar: double quotes unless an escape would be needed."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def report_unquoted(name: str, mark: Mark, diagnostics: Diagnostics) -> None:
    """Report text that YAML would change unless quoted, and suggest it quoted."""
    text = mark.text
    diagnostics.report(name, mark, suggestion=_requoted(text), text=shortened(text))


def shortened(text: str) -> str:
    """`text` as a message quotes it."""
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _requoted(text: str) -> str | None:
    """`text` quoted; where its writer already began to (`'it's'`), the quotes that fit."""
    if len(text) > _LONGEST_SHOWN * 4:
        return None
    mark, inner = text[:1], text[1:-1]
    is_begun = len(text) > 1 and mark in ("'", '"') and text.endswith(mark) and inner.count(mark) % 2 == 1
    return quoted(" ".join((inner if is_begun else text).split()))
