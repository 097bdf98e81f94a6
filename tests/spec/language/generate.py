"""Owns `python -m tests.spec.language.generate`: the documents under `docs/reference` that are made, not written.

`language.md` is the pages in their order, without what only the tests read; `glossary.md` is `glossary.toml`
as a table.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from .pages import PROSE, Page, read_pages

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
COMMAND = "python -m tests.spec.language.generate"

_FENCE = re.compile(r"```(yaml|csv|json) (?:path=(\S+)|given|(order))(?: shared)?$")
_MARK = re.compile(r"# (error|warning|note): ((?:\[[a-z-]+\] ?)+)$")
_REFUSED = re.compile(r"error: (\[[a-z-]+\](?: \[[a-z-]+\])*)")
_NAMES = re.compile(r"\[([a-z-]+)\]")
_WORDS = {"error": "refused", "warning": "warned of", "note": "noted"}
_SAID = {
    "decide": "Answers of `{}`:",
    "evaluate": "Values of `{}`:",
    "cells": "Cells tried against values of `{}`:",
    "values": "Texts read as `{}`:",
    "map": "Documents read by `{}`:",
    "quote": "Claims settled by `{}`, one after the other:",
    "tests": "How the tests of `{}` come out:",
    "digests": "Compared with the pack above: {}.",
    "finding": "The finding says: `{}`.",
}
# A link from page to page, which are one document here.
_PAGE = re.compile(r"\]\(([0-9][^)#]*\.md)(?:#([^)]+))?\)")
_DIRECTIVE = re.compile(rf"({'|'.join((*_SAID, 'vocabulary'))}): (.+)")

_HEAD = """# The csflow language 语言参考

<!-- Made by `{command}` from the pages in tests/spec/language; do not edit. -->

Every example here is run by the tests. A comment such as `# refused: unknown-fact` names the finding that
`csflow check` gives on that line; `csflow explain unknown-fact` tells more. In a table, what stands right of → is
the answer to the facts on its left, and an empty cell on the left is a fact that was not given.

Beside this page: [the glossary 术语表](glossary.md), [deviations from DMN](dmn.md).

"""


def documents() -> dict[str, str]:
    """The documents by file name."""
    return {
        "language.md": language(read_pages()),
        "glossary.md": glossary((REFERENCE / "glossary.toml").read_text(encoding="utf-8")),
    }


def language(pages: list[Page]) -> str:
    """One document of all pages, in their order, each heading one level deeper."""
    titles = [page.sections[0].title for page in pages]
    contents = "\n".join(f"{number}. [{title}](#{slug(title)})" for number, title in enumerate(titles, 1))
    anchors = {page.name: slug(title) for page, title in zip(pages, titles, strict=True)}
    body = "\n\n".join("\n".join(_told(page.text)).strip() for page in pages)
    body = _PAGE.sub(lambda link: f"](#{link[2] or anchors[link[1]]})", body)
    return f"{_HEAD.format(command=COMMAND)}{contents}\n\n{body}\n"


def glossary(source: str) -> str:
    """The table of words, by field, each in three languages with what it means."""
    parts = [
        "# Glossary 术语表 術語表",
        f"<!-- Made by `{COMMAND}` from glossary.toml; do not edit. -->",
        "The words that stand in policies and in messages. 政策文件与提示信息里用到的词。",
    ]
    for area in tomllib.loads(source)["area"]:
        rows = [
            f"| `{term['word']}` | {term['zh-CN']} | {term['zh-TW']} | {term['en']} | {term['meaning']} |"
            for term in area["term"]
        ]
        parts.append(
            f"## {area['title']}\n\n| word | 简体中文 | 繁體中文（臺灣） | English | 含义 |\n|---|---|---|---|---|\n"
            + "\n".join(rows)
        )
    return "\n\n".join(parts) + "\n"


def slug(title: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _told(text: str) -> Iterator[str]:
    """The lines of a page as a reader wants them."""
    inside = False
    dropped = False
    for line in text.split("\n"):
        if match := _FENCE.match(line):
            inside = True
            yield from (_heading_of(match), "", f"```{match[1]}")
        elif line == "```":
            inside = False
            yield line
        elif inside:
            yield _MARK.sub(lambda mark: f"# {_WORDS[mark[1]]}: {', '.join(_NAMES.findall(mark[2]))}", line)
        elif line == PROSE or line.startswith("vocabulary: "):
            dropped = True
        elif dropped and not line:
            dropped = False
        elif match := _DIRECTIVE.fullmatch(line):
            yield _SAID[match[1]].format(match[2])
        elif line.startswith("#"):
            yield f"#{line}"
        else:
            yield _REFUSED.sub(lambda found: f"refused: {', '.join(_NAMES.findall(found[1]))}", line)


def _heading_of(fence: re.Match[str]) -> str:
    """What a block is."""
    if fence[2]:
        return f"`{fence[2]}`:"
    return "The order:" if fence[3] else "Facts that are given:"


if __name__ == "__main__":
    for name, text in documents().items():
        (REFERENCE / name).write_text(text, encoding="utf-8", newline="\n")
