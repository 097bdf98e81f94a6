"""`csflow explain CODE`: what a finding means, with a wrong and a right example."""

import re
from typing import Annotated

import typer

from csflow.cli.options import Format, LanguageOption, refuse, shell_language

HELP = "Explain a finding by its code or name, such as CS201. 解释一条检查结果。"

_WORDS = {
    "zh-CN": ("提示", "怎么改", "错误写法", "正确写法"),
    "zh-TW": ("訊息", "怎麼改", "錯誤寫法", "正確寫法"),
    "en": ("message", "remedy", "wrong", "right"),
}


def run(
    code: Annotated[str, typer.Argument(help="A code such as CS201, or a name such as unknown-fact.")],
    lang: LanguageOption = None,
) -> None:
    from csflow.diagnostics import catalogue, nearest

    language = lang or shell_language()
    entry = catalogue.find(code)
    if entry is None:
        stems = catalogue.names()
        spellings = {name: name for name in stems} | {
            stem.split("-", 1)[0]: stem.split("-", 1)[0] for stem in stems.values()
        }
        refuse("no-such-code", language, Format.TEXT, nearest(code, spellings), text=code)
    wording = entry.wordings[language]
    message, remedy, wrong, right = _WORDS[language]
    colon = ": " if language == "en" else "："
    print(f"{entry.code} {entry.name} ({entry.severity}) {wording.title}\n")
    print(wording.why.strip())
    print(f"\n{message}{colon}{_filled(wording.message)}")
    if wording.remedy:
        print(f"{remedy}{colon}{_filled(wording.remedy)}")
    if entry.example:
        for title, text in (
            (wrong, _around(entry.example.bad, entry.example.line)),
            (right, entry.example.good.strip()),
        ):
            print(f"\n{title} ({entry.example.file}){colon}")
            print("\n".join(f"    {line}".rstrip() for line in text.splitlines()))


def _filled(template: str) -> str:
    """The template with an ellipsis where the writer's own words will stand."""
    return re.sub(r"\{\w+\}", "…", template)


def _around(text: str, line: int) -> str:
    """The wrong example with an arrow at the line of the finding."""
    return "\n".join(
        f"{'>' if number == line else ' '} {content}" for number, content in enumerate(text.rstrip().split("\n"), 1)
    )
