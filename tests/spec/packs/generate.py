"""Owns `python -m tests.spec.packs.generate`: the pages under `docs/packs`, a handbook of every folder in `policies`.

They are what `csflow handbook --format markdown` prints, with a line that says so, and an index. Nothing here knows a pack by its name.
"""

from pathlib import Path

import csflow
from csflow.reports import handbook_pages
from csflow.values.instants import format_date

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "docs" / "packs"
POLICIES = ROOT / "policies"
COMMAND = "python -m tests.spec.packs.generate"
LANGUAGES = ("zh-CN", "en")

_INDEX = """# 标准政策包 · Standard packs

<!-- Made by `{command}` from the folders in `policies`; do not edit. -->

供不读 YAML 的人看：每个政策包的全部规则、依据、期限，由政策包自动生成，测试保证与政策包一致。
For people who read no YAML: all rules of every pack with their sources, made from the packs and held to them by a test.
They restate published rules; they are not legal advice.

| 政策包 · pack | | 适用期间 · in force | 决定 · decisions | 规则 · rules |
|---|---|---|---|---|
{rows}
"""


def pages() -> dict[str, str]:
    """Every page by its path below the folder, with `/`."""
    packs = [csflow.load_pack(path.parent) for path in sorted(POLICIES.glob("*/pack.yaml"))]
    books = [handbook_pages(pack, language, LANGUAGES) for pack in packs for language in LANGUAGES]
    mark = f"<!-- Made by `{COMMAND}`; do not edit. -->"
    told = {path: f"{mark}\n\n{text}" for book in books for path, text in book.items()}
    return {"README.md": _INDEX.format(command=COMMAND, rows="\n".join(map(_row, packs)))} | told


def write(folder: Path = PAGES) -> None:
    """Write the pages, and take away those of what is no longer there."""
    told = pages()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in told:
            path.unlink()
    for name, text in told.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _row(pack: csflow.Pack) -> str:
    linked = pack.linked
    links = " · ".join(
        f"[{linked.title.in_language(language) if linked.title else pack.name}]({pack.name}/{language}/README.md)"
        for language in LANGUAGES
    )
    first, end = linked.in_force
    rules = sum(1 for decision in linked.decisions.values() for _ in decision.every_rule())
    cells = (f"`{pack.name}`", links, f"{format_date(first)} – {format_date(end - 1)}", len(linked.decisions), rules)
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    write()
