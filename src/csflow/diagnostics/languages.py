"""Owns the languages csflow speaks and text that exists in several of them."""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("zh-CN", "zh-TW", "en")

# Where a text is missing in the language asked for, the nearest one that a reader may follow.
_FALLBACKS = {
    "zh-CN": ("zh-CN", "zh-TW", "en"),
    "zh-TW": ("zh-TW", "zh-CN", "en"),
    "en": ("en", "zh-CN", "zh-TW"),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A title or message: one text for every language (`language` is ""), or one for each."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, text: str | Mapping[str, str]) -> "Phrase":
        if isinstance(text, str):
            return cls((("", text),))
        return cls(tuple(text.items()))

    def in_language(self, language: str) -> str:
        """The text in `language`, or in the nearest language there is."""
        texts = dict(self.texts)
        for choice in (*_FALLBACKS.get(language, (language,)), ""):
            if choice in texts:
                return texts[choice]
        return self.texts[0][1]

    def __str__(self) -> str:
        return self.in_language("zh-CN")
