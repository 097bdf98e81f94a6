"""Owns the languages csflow speaks and text that exists in several of them."""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("zh-CN", "zh-TW", "en")

# What people call a language, and how it is written here.
LANGUAGE_SPELLINGS: Mapping[str, str] = {
    **{language: language for language in LANGUAGES},
    **dict.fromkeys(("zh", "cn", "zh-Hans", "中文", "简体", "简体中文", "chinese"), "zh-CN"),
    **dict.fromkeys(("tw", "zh-Hant", "繁体", "繁体中文", "正体中文", "台湾"), "zh-TW"),
    **dict.fromkeys(("english", "英文", "英语", "en-US", "en-GB"), "en"),
}

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
