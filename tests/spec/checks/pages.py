"""Owns the page of each entry of the catalogue and their index, as `docs/diagnostics` holds them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from csflow.diagnostics import LANGUAGES, catalogue
from csflow.diagnostics.catalogue import Code, elided
from csflow.diagnostics.examples import CHECK, MANY, Content, Example, shown_lines

from .running import AT, ignoring, wrong

PAGES = Path(__file__).resolve().parents[3] / "docs" / "diagnostics"
COMMAND = "python -m tests.spec.checks.generate"
UNSHOWN = tomllib.loads((Path(__file__).parent / "unshown.toml").read_text(encoding="utf-8"))
# What the codes of a hundred are about, by its digit.
FAMILIES = {
    "0": "文件 · 檔案 · Files",
    "1": "写法 · 寫法 · Shapes, values and grids",
    "2": "名称 · 名稱 · Names",
    "3": "条件与算式 · 條件與算式 · Conditions and values",
    "4": "分析 · 分析 · Analysis",
    "5": "事实与文档 · 事實與文件 · Facts and documents",
    "6": "测试 · 測試 · Tests",
    "9": "命令行 · 命令列 · Command line",
}
_SEVERITIES = {"error": "error 错误 錯誤", "warning": "warning 警告 警告", "note": "note 提示 提示"}
_HEADINGS = {"zh-CN": "简体中文", "zh-TW": "繁體中文（臺灣）", "en": "English"}
_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".py": "python", ".json": "json", ".csv": "csv"}
_ARROW = "←"
# A run that prints more findings than this is shown by those of the page.
_MOST_SHOWN = 3


class Unshown(LookupError):
    """An entry that has neither an example nor a reason for having none."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{catalogue.names()[name]}.toml has no [example]: write one, as docs/style.md says. If no example can show "
            "the finding, name a test in `shown_in`, and say in tests/spec/checks/unshown.toml how it comes about"
        )


def documents() -> dict[str, str]:
    """Every page by its file name, and the index."""
    return {page_name(name): page(name) for name in catalogue.names()} | {"README.md": index()}


def page_name(name: str) -> str:
    return f"{catalogue.names()[name]}.md"


def page(name: str) -> str:
    entry = catalogue.by_name(name)
    source = f"src/csflow/diagnostics/catalogue/{catalogue.names()[name]}.toml"
    parts = [
        f"# {entry.code} {name}",
        f"<!-- Made by `{COMMAND}` from {source}; do not edit. -->",
        " · ".join(entry.wordings[language].title for language in LANGUAGES),
        "| 级别 severity | 始于 since | 可以忽略 can be ignored |\n|---|---|---|\n"
        f"| {_SEVERITIES[entry.severity]} | {entry.since} | {'可以 yes' if ignoring(name) else '不可以 no'} |",
        *_meanings(entry),
        *(_shown(entry) if entry.example else _unshown(entry)),
        *_ignored(name),
        *_near(entry),
        "[全部 · All](README.md)",
    ]
    return "\n\n".join(parts) + "\n"


def index() -> str:
    parts = [
        "# 检查结果一览 · 檢查結果一覽 · Diagnostics",
        f"<!-- Made by `{COMMAND}`; do not edit. -->",
        "一个代码一页：什么意思，为什么，错误和正确的写法。页里的例子和输出都由测试实际运行得出。\n"
        "One page a code: what it means and why, written wrongly and mended. Examples and output come from runs in the\n"
        "tests. On the command line, `csflow explain CS201` tells the same.",
    ]
    for digit in sorted({stem[2] for stem in catalogue.names().values()}):
        rows = [_row(name) for name, stem in sorted(catalogue.names().items(), key=_stem) if stem[2] == digit]
        head = "| code | name | 简体中文 | 繁體中文 | English | severity |\n|---|---|---|---|---|---|\n"
        parts.append(f"## CS{digit}xx {FAMILIES[digit]}\n\n{head}" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _stem(named: tuple[str, str]) -> str:
    return named[1]


def _row(name: str) -> str:
    entry = catalogue.by_name(name)
    titles = " | ".join(entry.wordings[language].title for language in LANGUAGES)
    return f"| [{entry.code}]({page_name(name)}) | {name} | {titles} | {entry.severity} |"


def _meanings(entry: Code) -> Iterator[str]:
    for language in LANGUAGES:
        wording = entry.wordings[language]
        yield f"## {_HEADINGS[language]}"
        yield f"**{elided(wording.message)}**"
        yield wording.why.strip()
        if wording.remedy:
            yield "\n".join(f"- {line}" for line in elided(wording.remedy).strip().split("\n"))


def _shown(entry: Code) -> Iterator[str]:
    example = entry.example
    assert example is not None
    for name, content in example.files.items():
        yield f"`{name}`:"
        yield _fence(content, name, example.line if name == example.place else 0, entry.code)
    yield "## 错误写法 · 錯誤寫法 · Wrong"
    if example.file:
        yield f"`{example.file}`{_saved(example)}:"
        yield _fence(example.bad, example.file, example.line if example.place == example.file else 0, entry.code)
    if example.many and MANY in f"{example.bad}{example.files}":
        yield _many(*example.many)
    yield from _printed(entry, example)
    yield "## 正确写法 · 正確寫法 · Right"
    if example.file and example.good != example.bad:
        yield f"`{example.file}`:"
    elif example.file:
        yield f"`{example.file}`，存为 UTF-8 · saved as UTF-8:"
    yield _fence(example.good, example.file, 0, entry.code)


def _saved(example: Example) -> str:
    return "" if example.encoding == "utf-8" else f"，存为 {example.encoding} · saved as {example.encoding}"


def _many(part: str, times: int) -> str:
    written = part.replace("\n", "⏎")
    return f"`{MANY}` 表示「`{written}`」重复 {times} 次 · stands for `{written}`, {times} times."


def _printed(entry: Code, example: Example) -> Iterator[str]:
    outcome = wrong(entry.name)
    command = example.command or str(example.bad).strip()
    # The calendars of the examples are looked at on one day, whenever the pages are made.
    told = f"{command} --at {AT}" if command == CHECK else command
    yield "\n".join(["```sh", told, "```"])
    yield f"exit code {outcome.exit_code}:"
    for language in ("zh-CN", "en"):
        yield "\n".join(["```text", _about(entry.code, outcome.texts[language]), "```"])


def _about(code: str, text: str) -> str:
    """The text, or of one with many findings those of the code."""
    findings = text.strip("\n").split("\n\n")
    if len(findings) <= _MOST_SHOWN:
        return "\n\n".join(findings)
    return "…\n\n" + "\n\n".join(each for each in findings if f" {code} " in each.split("\n")[0])


def _unshown(entry: Code) -> Iterator[str]:
    yield "## 什么时候出现 · 什麼時候出現 · When it comes about"
    if entry.name not in UNSHOWN:
        raise Unshown(entry.name)
    yield "\n\n".join(UNSHOWN[entry.name][language] for language in LANGUAGES)
    yield f"测试 · Shown in [{entry.shown_in}](../../{entry.shown_in})."


def _ignored(name: str) -> Iterator[str]:
    comment = ignoring(name)
    if comment is None:
        return
    yield "## 忽略 · 忽略 · Ignoring"
    yield "确实要这样写时，在上一行写明理由 · Where it is meant, say why on the line before:"
    yield f"```yaml\n{comment}\n```"
    yield "CSV 文件和工作簿里不能写这种注释 · CSV files and workbooks hold no such comment. " + (
        "[docs/commands.md](../commands.md#csflow-check-path)"
    )


def _near(entry: Code) -> Iterator[str]:
    near = catalogue.near(entry)
    if near:
        links = [f"[{each.code} {each.name}]({page_name(each.name)})" for each in near]
        yield f"## 相近的 · 相近的 · See also\n\n{', '.join(links)}"


def _fence(content: Content, file: str, line: int, code: str) -> str:
    """A file as a block, with an arrow at the line of the finding, if it has one."""
    suffix = Path(file).suffix
    language = "sh" if not file else _LANGUAGES.get(suffix, "text") if isinstance(content, str) else "text"
    lines = shown_lines(content)
    if line:
        arrow = f"# {_ARROW} {code}" if language in ("yaml", "python") else f"{_ARROW} {code}"
        # What is repeated is one line here, and a line number after it is beyond the end.
        place = min(line, len(lines)) - 1
        lines[place] = f"{lines[place]}  {arrow}"
    return "\n".join([f"```{language}", *lines, "```"])
