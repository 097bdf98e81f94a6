"""Owns what people write for a value of a kind and surely mean: `100元`, `30天`, `是`, `2025/10/01`.

It only ever feeds a "did you mean": nothing here is accepted silently.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
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
# Chinese counts by ten thousands; a number with such a sign is never taken without it.
_POWERS = {"万": 4, "萬": 4, "亿": 8, "億": 8}
_UNITS_OF = {"days": ("days", "weeks"), "duration": ("hours", "minutes", "seconds")}
# What people call a zone, beside its name.
ZONE_SPELLINGS: Mapping[str, str] = {
    **dict.fromkeys(("北京", "北京时间", "上海", "Asia/Beijing", "UTC+8", "GMT+8", "PRC"), "Asia/Shanghai"),
    **dict.fromkeys(("台北", "台湾", "台湾时间"), "Asia/Taipei"),
}
MONEY_WORDS = frozenset({"元", "块", "塊", "圆", "圓", "人民币", "人民幣", "rmb", "yuan"})
_MONEY_SIGNS = frozenset({"", "¥", "rmb", "人民币", "人民幣"})


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


def unit_meant(number: str, unit: str, units: Iterable[str], currency: str | None) -> str | None:
    """A number with the unit that is surely meant: `100 CNY` for 100元, `10000 CNY` for 1万元, `7 days` for 7天."""
    word = half_width(unit).strip().casefold()
    if word[:1] in _POWERS:
        number = f"{Decimal(number).scaleb(_POWERS[word[0]]):f}"
        word = word[1:].strip()
    if currency is not None and word in (*MONEY_WORDS, currency.casefold()):
        return f"{number} {currency}"
    meant = CHINESE_UNITS.get(word) or nearest(word, (*units, *([currency] if currency else ())))
    return f"{number} {meant.removesuffix('s') if number == '1' else meant}" if meant else None


def truth_meant(text: str) -> str | None:
    """`true` or `false` for what people write instead."""
    return _TRUTHS.get(text.casefold())


def _candidates(kind: Kind, text: str) -> Iterator[str]:
    match = re.fullmatch(r"([^0-9.-]*)(-?[0-9][0-9,.]*)\s*(.*)", text)
    if match is not None:
        sign, number, unit = match[1].strip().casefold(), match[2].replace(",", ""), match[3]
        currency = kind.currency if kind.name == "money" else None
        if currency is not None and not unit and sign in (*_MONEY_SIGNS, currency.casefold()):
            unit = currency
        meant = unit_meant(number, unit, _UNITS_OF.get(kind.name, ()), currency)
        if meant is not None:
            yield meant
    date = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", text)
    if kind.name == "date" and date is not None:
        yield f"{date[1]}-{date[2]:0>2}-{date[3]:0>2}"
