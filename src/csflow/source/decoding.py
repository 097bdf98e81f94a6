"""Owns how the bytes of a file become text: UTF-8, or a finding that names what it probably is.

Which signs a text may hold is for `signs`.
"""

from collections.abc import Iterator

from csflow.diagnostics import Diagnostics, Phrase, Source

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# The longer marks first: UTF-32 LE begins like UTF-16 LE.
_WIDE_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_UNKNOWN = Phrase.of({"zh-CN": "未知编码", "zh-TW": "未知編碼", "en": "an unknown encoding"})
_DAMAGED = Phrase.of({"zh-CN": "受损的 UTF-8", "zh-TW": "受損的 UTF-8", "en": "damaged UTF-8"})

# How many of the bytes are looked at to tell one encoding from another.
_SAMPLE = 16 * 1024


def decode(path: str, data: bytes, diagnostics: Diagnostics) -> Source | None:
    """The text of a file, without its byte order mark; None when it is not UTF-8 (reported)."""
    wide = _wide_encoding(data)
    if wide is not None:
        _report_wide(path, data, wide, diagnostics)
        return None
    body = data.removeprefix(BYTE_ORDER_MARK)
    try:
        source = Source(path, body.decode("utf-8"))
    except UnicodeDecodeError as error:
        _report_not_utf8(path, body, error.start, diagnostics)
        return None
    if len(body) < len(data):
        # Editors show no column for the mark, so it counts as none.
        diagnostics.report("byte-order-mark", source.mark(0))
    return source


def _wide_encoding(data: bytes) -> str | None:
    for mark, encoding in _WIDE_BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE]
    # ASCII signs (keys, colons, line ends) have a zero byte each, always on the same side.
    for side, encoding in ((1, "UTF-16-LE"), (0, "UTF-16-BE")):
        zeros, others = sample[side::2].count(0), sample[1 - side :: 2].count(0)
        if zeros >= 2 and zeros * 8 >= len(sample) // 2 and others * 3 <= zeros:
            return encoding
    return None


def _report_wide(path: str, data: bytes, encoding: str, diagnostics: Diagnostics) -> None:
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    diagnostics.report("wrong-encoding", Source(path, text).mark(0, min(1, len(text))), encoding=encoding)


def _report_not_utf8(path: str, body: bytes, bad: int, diagnostics: Diagnostics) -> None:
    encoding = _legacy_encoding(body)
    readable = encoding or "utf-8"
    # The lines are shown as their writer sees them, so the place is counted in that encoding too.
    text = body.decode(readable, errors="replace")
    start = len(body[:bad].decode(readable, errors="ignore"))
    named = encoding or (_DAMAGED if _is_mostly_utf8(body) else _UNKNOWN)
    diagnostics.report("wrong-encoding", Source(path, text).mark(start, start + 1), encoding=named)


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for sign in text if sign > "\x7f") - bad
    return good > bad


def _legacy_encoding(body: bytes) -> str | None:
    """GB18030 or Big5, whichever makes commoner characters of the bytes; None when neither does."""
    if _is_mostly_utf8(body):
        return None
    pairs = list(_double_bytes(body[:_SAMPLE]))
    if not pairs:
        return None
    common = {
        "GB18030": sum(map(_is_common_in_gbk, pairs)),
        "Big5": sum(map(_is_common_in_big5, pairs)),
    }
    best = max(common, key=lambda encoding: common[encoding])
    return best if 2 * common[best] > len(pairs) else None


def _double_bytes(body: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 1 < len(body):
        if body[at] < 0x80:
            at += 1
            continue
        yield body[at], body[at + 1]
        at += 2


def _is_common_in_gbk(pair: tuple[int, int]) -> bool:
    """Punctuation or a first-level character of GB 2312."""
    lead, trail = pair
    return (lead in (0xA1, 0xA3) or 0xB0 <= lead <= 0xD7) and trail >= 0xA1


def _is_common_in_big5(pair: tuple[int, int]) -> bool:
    """Punctuation or a frequently used character of Big5."""
    lead, trail = pair
    return 0xA1 <= lead <= 0xC6 and lead != 0xA3 and (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE)
