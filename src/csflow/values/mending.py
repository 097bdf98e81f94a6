"""Owns what people write for a value of a kind and surely mean: `100元`, `30天`, `是`, `2025/10/01`.

It only ever feeds a "did you mean": nothing here is accepted silently.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from csflow.diagnostics import half_width, nearest
from csflow.values.kinds import Kind

_TRUTHS: Mapping[str, str] = {
    **dict.fromkeys(("true", "yes", "on", "y", "是", "真", "对", "對"), "true"),
    **dict.fromkeys(("false", "no", "off", "n", "否", "假", "错", "錯"), "false"),
}
CHINESE_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("天", "日", "个自然日", "自然日"), "days"),
    **dict.fromkeys(("周", "週", "星期", "个星期"), "weeks"),
    **dict.fromkeys(("小时", "小時", "个小时", "個小時", "时", "時"), "hours"),
    **dict.fromkeys(("分钟", "分鐘", "分"), "minutes"),
    **dict.fromkeys(("秒", "秒钟", "秒鐘"), "seconds"),
}
_UNITS_OF = {"days": ("days", "weeks"), "duration": ("hours", "minutes", "seconds")}
MONEY_WORDS = frozenset({"元", "块", "塊", "圆", "圓", "人民币", "人民幣", "rmb", "yuan"})
_MONEY_SIGNS = frozenset({"¥", "rmb", "人民币", "人民幣"})


def mended(kind: Kind, text: str, read: Callable[[Kind, str], Any]) -> str | None:
    """What the writer surely meant, as `read` takes it: `100元`, `30天`, `80％`, `2025/10/01`."""
    plain = half_width(text).strip()
    for candidate in (plain, *_candidates(kind, plain)):
        try:
            if candidate != text:
                read(kind, candidate)
                return candidate
        except ValueError:
            continue
    return None


def truth_meant(text: str) -> str | None:
    """`true` or `false` for what people write instead."""
    return _TRUTHS.get(text.casefold())


def _candidates(kind: Kind, text: str) -> Iterator[str]:
    match = re.fullmatch(r"([^0-9.-]*)(-?[0-9][0-9,.]*)\s*(.*)", text)
    if match is not None:
        sign, number, unit = match[1].strip(), match[2].replace(",", ""), match[3].strip().casefold()
        if kind.name == "money" and (sign in _MONEY_SIGNS or sign == "") and (unit in MONEY_WORDS or unit == ""):
            yield f"{number} {kind.currency}"
        if kind.name == "money" and unit == kind.currency.casefold():
            yield f"{number} {kind.currency}"
        if unit in CHINESE_UNITS:
            yield f"{number} {CHINESE_UNITS[unit]}"
        near = nearest(unit, (kind.currency, *_UNITS_OF.get(kind.name, ())))
        if near is not None:
            yield f"{number} {near}"
    date = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", text)
    if kind.name == "date" and date is not None:
        yield f"{date[1]}-{date[2]:0>2}-{date[3]:0>2}"
