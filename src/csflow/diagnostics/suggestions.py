"""Owns "did you mean": folding what a Chinese keyboard does to ASCII, and the nearest known name."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

# What a full-width or typographic sign stands for in csflow's ASCII grammar.
LOOK_ALIKES: Mapping[str, str] = {
    **{chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)},
    "\u3000": " ",
    "\u00a0": " ",
    "，": ",",
    "、": ",",
    "。": ".",
    "：": ":",
    "；": ";",
    "（": "(",
    "）": ")",
    "【": "[",
    "】": "]",
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "《": "<",
    "》": ">",
    "〈": "<",
    "〉": ">",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "＜": "<",
    "＞": ">",
    "×": "*",
    "÷": "/",
    "－": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "..",
    "％": "%",
    "￥": "¥",
}


def half_width(text: str) -> str:
    """`text` with every full-width or look-alike sign replaced by the ASCII it stands for."""
    return "".join(LOOK_ALIKES.get(sign, sign) for sign in text)


def fold(text: str) -> str:
    """`text` as it is compared: half-width, simplified, lower case, without blanks and joiners."""
    folded = half_width(text).translate(_simplified()).casefold()
    return "".join(sign for sign in folded if sign not in " _-")


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that `word` was most likely meant to be, or None.

    Comparison folds full-width to half-width and traditional to simplified characters.
    """
    return nearest_spelling(word, {name: name for name in names})


def nearest_spelling(word: str, spellings: Mapping[str, str]) -> str | None:
    """The same where a name may be written in several ways: `spellings` maps each (a title, say) to its name."""
    wanted = fold(word)
    if not wanted:
        return None
    best: tuple[int, str] | None = None
    for spelling, name in spellings.items():
        distance = _distance(wanted, fold(spelling), limit=_allowed(wanted))
        if distance is not None and (best is None or distance < best[0]):
            best = distance, name
    return best[1] if best else None


def _allowed(word: str) -> int:
    # A number is not misspelled: the state 50 of an order is no slip for 10.
    if word.isdigit():
        return 0
    # A Chinese sign is a syllable: 买家 is one sign from 商家, and the other side of the counter.
    return max(1, len(word) // 4) if word.isascii() else len(word) // 3


def _distance(left: str, right: str, limit: int) -> int | None:
    """Edit distance with swaps of neighbours (optimal string alignment); None beyond `limit`."""
    if abs(len(left) - len(right)) > limit:
        return None
    if left == right:
        return 0
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return None
        before = previous
    # Words that share nothing are not near, however short they are.
    return row[-1] if row[-1] <= limit and row[-1] < max(len(left), len(right)) else None


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters to simplified, from `simplified.txt` (pairs, generated from OpenCC)."""
    pairs = files("csflow.diagnostics").joinpath("simplified.txt").read_text(encoding="utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs}
