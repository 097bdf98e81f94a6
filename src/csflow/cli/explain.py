"""`csflow explain CODE`: what a finding means, with a wrong and a right example."""

from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import Format, Language, LanguageOption, refuse, shell_language

if TYPE_CHECKING:
    from csflow.diagnostics.catalogue import Code
    from csflow.diagnostics.examples import Content, Example

HELP = "Explain a finding by its code or name, such as CS201. 解释一条检查结果。"

_WORDS = {
    "zh-CN": {
        "message": "提示",
        "remedy": "怎么改",
        "wrong": "错误写法",
        "right": "正确写法",
        "beside": "另有文件",
        "run": "运行",
        "saved": "存为 {0}",
        "many": "{0} 表示「{1}」重复 {2} 次",
        "near": "相近的",
    },
    "zh-TW": {
        "message": "訊息",
        "remedy": "怎麼改",
        "wrong": "錯誤寫法",
        "right": "正確寫法",
        "beside": "另有檔案",
        "run": "執行",
        "saved": "存為 {0}",
        "many": "{0} 表示「{1}」重複 {2} 次",
        "near": "相近的",
    },
    "en": {
        "message": "message",
        "remedy": "remedy",
        "wrong": "wrong",
        "right": "right",
        "beside": "beside it",
        "run": "run",
        "saved": "saved as {0}",
        "many": "{0} stands for `{1}`, {2} times",
        "near": "see also",
    },
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
    _print_meaning(entry, language)
    if entry.example:
        _print_example(entry.example, language)
    near = catalogue.near(entry)
    if near:
        print()
        _print_line("near", ", ".join(f"{each.code} {each.name}" for each in near), language)


def _print_meaning(entry: "Code", language: Language) -> None:
    from csflow.diagnostics.catalogue import elided

    wording = entry.wordings[language]
    print(f"{entry.code} {entry.name} ({entry.severity}) {wording.title}\n")
    print(wording.why.strip() + "\n")
    _print_line("message", elided(wording.message), language)
    if wording.remedy:
        _print_line("remedy", elided(wording.remedy), language)


def _print_example(example: "Example", language: Language) -> None:
    from csflow.diagnostics.examples import CHECK, MANY

    words = _WORDS[language]
    for file, content in example.files.items():
        _print_content(f"{words['beside']} ({file})", content, _line_in(example, file), language)
    saved = "" if example.encoding == "utf-8" else f", {words['saved'].format(example.encoding)}"
    named = f" ({example.file}{saved})" if example.file else ""
    _print_content(f"{words['wrong']}{named}", example.bad, _line_in(example, example.file), language)
    if example.many:
        part, times = example.many
        print(f"    ({words['many'].format(MANY, part.strip(), times)})")
    _print_content(f"{words['right']}{named if not saved else ''}", example.good, 0, language)
    if example.file and example.command != CHECK:
        print()
        _print_line("run", example.command, language)


def _line_in(example: "Example", file: str) -> int:
    return example.line if file and file == example.place else 0


def _print_line(word: str, text: str, language: Language) -> None:
    print(f"{_WORDS[language][word]}{_colon(language)}{text}")


def _print_content(title: str, content: "Content", line: int, language: Language) -> None:
    """A file or command below its title, with an arrow at the line of the finding, if it has one."""
    from csflow.diagnostics.examples import shown_lines

    print(f"\n{title}{_colon(language).rstrip()}")
    for number, text in enumerate(shown_lines(content), 1):
        print(f"    {'> ' if number == line else '  ' if line else ''}{text}".rstrip())


def _colon(language: Language) -> str:
    return ": " if language == "en" else "："
