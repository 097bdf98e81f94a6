"""`csflow demo`: one real order decided, one fact changed, one typo found."""

from typing import TYPE_CHECKING

from csflow.cli.options import Language, LanguageOption

if TYPE_CHECKING:
    from pathlib import Path

    from csflow.api.packs import Pack
    from csflow.facts import Facts

HELP = "See one order decided and explained, then a typo found. 看一次完整演示。"

_DECISION = "return_request"
_LATER = "2025-11-18T00:00:00+08:00"
_RULE_FILE = "decisions/no_reason_return.yaml"
_RULE, _TYPO = "claim.requested_at)", "claim.requestd_at)"
_HEADINGS = {
    "zh-CN": ("一、订单和申请，按 policies/cn 判断", "二、只改一个事实：晚一秒申请（{later}）", "三、规则里写错一个词"),
    "zh-TW": ("一、訂單和申請，依 policies/cn 判斷", "二、只改一個事實：晚一秒申請（{later}）", "三、規則裡寫錯一個詞"),
    "en": (
        "1. The order and the claim, decided under policies/cn",
        "2. One fact changed: asked one second later ({later})",
        "3. One word of the rule mistyped",
    ),
}


def run(lang: LanguageOption = None) -> None:
    from csflow.api.packs import standard_pack
    from csflow.loading.standard import example_folder, standard_folder

    languages = [lang] if lang else [Language.SIMPLIFIED, Language.ENGLISH]
    folder = example_folder("01_first_answer")
    pack = standard_pack("cn")
    _print_answers(pack, _facts(pack, folder), languages, 0)
    later = _facts(pack, folder, b"claim: {reason: no_reason, condition: tried, requested_at: %s}" % _LATER.encode())
    _print_answers(pack, later, languages, 1)
    _print_typo(standard_folder("cn"), languages)


def _facts(pack: "Pack", folder: "Path", claim: bytes | None = None) -> "Facts":
    """The facts of the example's order, in Shopify's shape, and of the claim beside it."""
    from csflow.facts.documents import map_document
    from csflow.facts.files import read_document, read_facts_file

    order = read_document("order.json", (folder / "order.json").read_bytes())
    mapped = map_document(pack.linked, pack.linked.mappings["shopify_order"], order, subject="order.json")
    content = claim or (folder / "claim.yaml").read_bytes()
    return read_facts_file(pack.linked, "claim.yaml", content, mapped)


def _print_answers(pack: "Pack", facts: "Facts", languages: list[Language], step: int) -> None:
    for language in languages:
        _print_heading(language, step)
        print(pack.decide(_DECISION, facts).explain(language), end="\n\n")


def _print_typo(folder: "Path", languages: list[Language]) -> None:
    """Load the pack with one word of a rule changed in memory, and print what is found."""
    from csflow.diagnostics import Diagnostics
    from csflow.diagnostics.rendering.text import render_text
    from csflow.loading.passes import load_files
    from csflow.source import read_folder

    files = read_folder(folder, Diagnostics())
    files[_RULE_FILE] = files[_RULE_FILE].replace(_RULE.encode(), _TYPO.encode(), 1)
    findings = load_files(files, f"policies/{folder.name}").diagnostics.sorted()
    for language in languages:
        _print_heading(language, 2)
        print(render_text(findings, language))


def _print_heading(language: Language, step: int) -> None:
    print(f"== {_HEADINGS[language][step].format(later=_LATER)} ==")
