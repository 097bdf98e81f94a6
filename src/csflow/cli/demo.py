"""`csflow demo`: an order decided, a fact changed, a typo found; several laws; two refunds, one told as a case."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.one_case import FLOW, one_case
from csflow.cli.options import Language, LanguageOption
from csflow.cli.side_by_side import Column, side_by_side
from csflow.cli.two_refunds import two_refunds
from csflow.cli.writing import write_or_refuse

if TYPE_CHECKING:
    from csflow.api.packs import Pack
    from csflow.facts import Facts

HELP = "See one order decided and explained, then a typo found. 看一次完整演示。"

_DECISION = "return_request"
_LATER = "2025-11-18T00:00:00+08:00"
_RULE_FILE = "decisions/no_reason_return.yaml"
_RULE, _TYPO = "claim.requested_at)", "claim.requestd_at)"
_HEADINGS = {
    "zh-CN": (
        "一、订单和申请，按 policies/cn 判断",
        "二、只改一个事实：晚一秒申请（{later}）",
        "三、规则里写错一个词",
        "四、同一张订单，三地的法律：11 月 10 日收货，15 日要退",
        "五、同一张订单，两个平台：商家承诺赔 50 元，平台标准 30 元",
        "六、一张订单三种付款，分两次退：先退围巾（七日无理由，满 300 减 50 随之失去），再退大衣（有瑕疵）",
        "七、大衣的退货走成一个案件：商家没有及时答复，升级；退款有一笔失败，用同一单号重试；结案",
        "八、这个流程的图",
    ),
    "zh-TW": (
        "一、訂單和申請，依 policies/cn 判斷",
        "二、只改一個事實：晚一秒申請（{later}）",
        "三、規則裡寫錯一個詞",
        "四、同一張訂單，三地的法律：11 月 10 日收貨，15 日要退",
        "五、同一張訂單，兩個平台：商家承諾賠 50 元，平台標準 30 元",
        "六、一張訂單三種付款，分兩次退：先退圍巾（七日無理由，滿 300 減 50 隨之失去），再退大衣（有瑕疵）",
        "七、大衣的退貨走成一個案件：商家沒有及時答覆，升級；退款有一筆失敗，以同一單號重試；結案",
        "八、這個流程的圖",
    ),
    "en": (
        "1. The order and the claim, decided under policies/cn",
        "2. One fact changed: asked one second later ({later})",
        "3. One word of the rule mistyped",
        "4. One order under three laws: received on 10 November, unwanted on the 15th",
        "5. One order on two marketplaces: the merchant promised 50, the figure of the marketplace is 30",
        "6. One order refunded in two steps: the scarf, unwanted, which loses 50 off from 300; the coat, faulty",
        "7. The coat as a case: nobody answers, it is escalated; a payment fails and is made again by its key; it ends",
        "8. The picture of this flow",
    ),
}
_ROWS = {
    "outcome": {"zh-CN": "结论", "zh-TW": "結論", "en": "Outcome"},
    "ends": {"zh-CN": "退货期届满", "zh-TW": "退貨期屆滿", "en": "Window ends"},
    "return_freight": {"zh-CN": "退回运费由谁承担", "zh-TW": "退回運費由誰負擔", "en": "Return freight borne by"},
    "delivery": {"zh-CN": "退还发货运费", "zh-TW": "退還出貨運費", "en": "Outbound freight given back"},
    "due": {"zh-CN": "最迟何时退款", "zh-TW": "最遲何時退款", "en": "Refund due by"},
}
_LAWS = (
    Column(
        "cn",
        "cn.yaml",
        {
            "outcome": "no_reason_return.outcome",
            "ends": "return_deadline.ends_at",
            "return_freight": "no_reason_return.return_freight",
            "delivery": "outbound_freight.refunded",
            "due": "refund_deadline.due_by",
        },
    ),
    Column(
        "eu",
        "eu.yaml",
        {
            "outcome": "withdrawal.outcome",
            "ends": "withdrawal_deadline.ends_at",
            "return_freight": "withdrawal.return_freight",
            "delivery": "refund.delivery",
            "due": "refund_deadline.due_by",
        },
    ),
    Column(
        "tw",
        "tw.yaml",
        {
            "outcome": "rescission.outcome",
            "ends": "rescission_deadline.ends_at",
            "return_freight": "rescission.return_freight",
            "delivery": "refund.delivery",
            "due": "refund_deadline.due_by",
        },
    ),
)

_OWED = {
    "amount": {"zh-CN": "应赔付", "zh-TW": "應賠付", "en": "Owed in the process"},
    "excess": {"zh-CN": "由双方自行了结", "zh-TW": "由雙方自行了結", "en": "Left to the parties"},
}
_OWED_BY = {row: f"owed_compensation.{row}" for row in _OWED}
_MARKETPLACES = (
    Column(
        "cn",
        "taobao.yaml",
        _OWED_BY,
        {"zh-CN": "淘宝", "zh-TW": "淘寶", "en": "Taobao"},
        # Taobao's rules hold as they are when is decided, JD's as they were when the order was paid.
        at="2026-07-01T10:00:00+08:00",
    ),
    Column("cn", "jd.yaml", _OWED_BY, {"zh-CN": "京东", "zh-TW": "京東", "en": "JD"}),
)


def run(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the pictures. Default: a new temporary one.", show_default=False),
    ] = None,
    lang: LanguageOption = None,
) -> None:
    from csflow.api.packs import standard_pack
    from csflow.loading.standard import example_folder, standard_folder

    languages = [lang] if lang else [Language.SIMPLIFIED, Language.ENGLISH]
    folder = example_folder("01_first_answer")
    pack = standard_pack("cn")
    _print_answers(pack, _facts(pack, folder), languages, 0)
    later = _facts(pack, folder, b"claim: {reason: no_reason, condition: tried, requested_at: %s}" % _LATER.encode())
    _print_answers(pack, later, languages, 1)
    _print_typo(standard_folder("cn"), languages)
    _print_side_by_side(example_folder("06_one_order_many_packs"), languages)
    refunded = example_folder("07_one_refund")
    for language in languages:
        _print_heading(language, 5)
        print("\n\n".join(two_refunds(pack, refunded, language)), end="\n\n")
    for language in languages:
        _print_heading(language, 6)
        print("\n".join(one_case(pack, refunded, language)), end="\n\n")
    _draw(pack, out, languages)


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


def _print_side_by_side(folder: "Path", languages: list[Language]) -> None:
    for language in languages:
        _print_heading(language, 3)
        print("\n".join(side_by_side(folder, _LAWS, _ROWS, language)), end="\n\n")
    for language in languages:
        _print_heading(language, 4)
        print("\n".join(side_by_side(folder, _MARKETPLACES, _OWED, language)), end="\n\n")


def _draw(pack: "Pack", chosen: Path | None, languages: list[Language]) -> None:
    """Write the flow of the case as pictures, and print where they are."""
    from csflow.reports import flow_mermaid, flow_svg

    folder = chosen or Path(tempfile.mkdtemp(prefix="csflow-demo-"))
    for language in languages:
        _print_heading(language, 7)
        for ending, drawn in (("svg", flow_svg), ("mmd", flow_mermaid)):
            path = folder / f"{FLOW}.{language}.{ending}"
            write_or_refuse(path, drawn(pack, FLOW, language), language)
            print(path.as_posix())
        print()


def _print_heading(language: Language, step: int) -> None:
    print(f"== {_HEADINGS[language][step].format(later=_LATER)} ==")
