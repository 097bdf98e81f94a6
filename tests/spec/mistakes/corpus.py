"""The corpus: what authors get wrong in the standard pack `cn`, one mistake each, as data.

`corpus_of_shapes` has those in the pack of `tests/domain/shapes`, which uses the rest of the language.

`⟦...⟧` in a new text (the signs are taken out) is what the finding stands in, and `meant` what becomes of it
once the suggestion replaces what is marked; without it the finding must begin on the first line that changed,
and `meant` is the suggestion. `at` names a place outside the change by the text that stands there.
"""

from collections.abc import Callable
from dataclasses import dataclass

OPEN, CLOSE = "⟦", "⟧"

Files = dict[str, bytes]


@dataclass(frozen=True)
class Mistake:
    """One mistake: `edits` are (file, old text, new text), of which the first is the mistake itself.

    `meant` is the suggestion that is due (with what else stands in `⟦...⟧`), None where none is. `mends` says whether typing it in place of
    the mistake makes the pack clean again; it is False only where more than one place must be changed.
    """

    section: str
    says: str
    edits: tuple[tuple[str, str, str], ...]
    finding: str
    meant: str | None = None
    at: tuple[str, str] | None = None
    mends: bool = True
    files: Callable[[Files], Files] | None = None
    pack: str = "cn"
    # Further findings, and the texts they stand at: one wrong cell may open a gap and make an overlap.
    also: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        return self.at[0] if self.at else self.edits[0][0]


CORPUS: list[Mistake] = []


class Section:
    """Collects the mistakes of one section, whose file is named once."""

    def __init__(self, section: str, file: str, pack: str = "cn") -> None:
        self._section = section
        self._file = file
        self._pack = pack

    def __call__(
        self,
        says: str,
        old: str,
        new: str,
        finding: str,
        meant: str | None = None,
        *more: tuple[str, str, str],
        at: tuple[str, str] | None = None,
        mends: bool = True,
        also: tuple[tuple[str, str], ...] = (),
    ) -> None:
        edits = ((self._file, old, new), *((file or self._file, before, after) for file, before, after in more))
        CORPUS.append(Mistake(self._section, says, edits, finding, meant, at, mends, pack=self._pack, also=also))

    def whole(
        self,
        says: str,
        change: Callable[[bytes], bytes | None],
        finding: str,
        at: str,
        file: str = "",
        added: dict[str, str] | None = None,
    ) -> None:
        """A mistake in the whole file: `change` is given its bytes, None removes it; `added` are further files."""
        more = {name: text.encode() for name, text in (added or {}).items()}

        def changed(files: Files) -> Files:
            data = change(files.get(self._file, b""))
            rest = {name: text for name, text in files.items() if name != self._file}
            return (rest if data is None else rest | {self._file: data}) | more

        CORPUS.append(
            Mistake(self._section, says, (), finding, None, (file or self._file, at), files=changed, pack=self._pack)
        )


# pack.yaml

pack = Section("pack", "pack.yaml")
pack("a typo in the currency", "currency: CNY", "currency: CNYY", "unknown-currency", "CNY")
pack("the currency in Chinese", "currency: CNY", "currency: 人民币", "unknown-currency", "CNY")
pack("the currency in traditional characters", "currency: CNY", "currency: 人民幣", "unknown-currency", "CNY")
pack("a typo in the time zone", "Asia/Shanghai", "Asia/Shanghia", "unknown-zone", "Asia/Shanghai")
pack("a typo in the rounding", "half_up", "haf_up", "unknown-choice", "half_up")
pack("a version of the language to come", "language: 1", "language: 2", "unknown-language-version")
pack("a version with a leading zero", "language: 1", "language: 01", "unknown-language-version")
pack(
    "a half-open interval without quotes",
    'in_force: "[2017-03-15..2027-01-01)"',
    "in_force: [2017-03-15..2027-01-01)",
    "unquoted-cell",
    '"[2017-03-15..2027-01-01)"',
)
pack(
    "a closed interval without quotes, which YAML reads as a list",
    'in_force: "[2017-03-15..2027-01-01)"',
    "in_force: [2017-03-15..2026-12-31]",
    "unquoted-interval",
    '"[2017-03-15..2026-12-31]"',
    mends=False,
)
pack(
    "an interval the wrong way round",
    "[2017-03-15..2027-01-01)",
    "[2027-01-01..2017-03-15)",
    "empty-interval",
)
pack("a date with slashes", "2026-11-22", "2026/11/22", "wrong-kind", "2026-11-22")
pack("a day that no calendar has", "2026-11-22", "2026-02-30", "wrong-kind")
pack("a typo in a key that must be there", "rounding:", "roundign:", "unknown-key", "rounding")
pack("a typo in a key that may be left out", "notice:", "notise:", "unknown-key", "notice")
pack(
    "a key that the pack does not know",
    "currency: CNY",
    "currency: CNY\ncolour: red",
    "unknown-key",
    at=("pack.yaml", "colour"),
)
pack("a missing key", "currency: CNY\n", "", "missing-key", at=("pack.yaml", "pack: cn"))
pack("a missing value", "currency: CNY", "currency:", "wrong-shape")
pack("a full-width colon after the first key", "pack: cn", "⟦pack：cn⟧", "full-width-punctuation", "pack: cn")
pack(
    "a full-width colon after a key",
    "rounding: half_up",
    "⟦rounding：half_up⟧",
    "full-width-punctuation",
    "rounding: half_up",
)
pack("no blank after a colon", "rounding: half_up", "⟦rounding:half_up⟧", "yaml-syntax", "rounding: half_up")
pack("a key twice", "rounding: half_up", "rounding: half_up\n⟦rounding: half_even", "duplicate-key")
pack("a tab before a key", "rounding: half_up", "\trounding: half_up", "tab-character")
pack("a tab before a nested key", "  zh-CN: 本政策包", "\tzh-CN: 本政策包", "tab-character")
pack("a typo in the kind of document", "pack: cn", "pakc: cn", "unknown-document", "pack")
pack("a name with capitals", "pack: cn", "pack: CN", "malformed-name", "cn")
pack("a Chinese name", "pack: cn", "pack: 中国", "malformed-name")
pack("a language written with an underscore", "title: {zh-CN:", "title: {zh_CN:", "unknown-language", "zh-CN")
pack("a quote that is not closed", '"[2017-03-15..2027-01-01)"', '⟦"[2017-03-15..2027-01-01)', "yaml-syntax")
pack("Chinese quotes", '"[2017-03-15..2027-01-01)"', "⟦“[2017-03-15..2027-01-01)”", "malformed-interval")
pack("an anchor", "title: {zh-CN: 中国大陆标准售后", "title: &title {zh-CN: 中国大陆标准售后", "yaml-alias")
pack("a tag", "currency: CNY", "currency: !!str CNY", "yaml-tag")
pack("a second document", "currency: CNY", "---\ncurrency: CNY", "several-documents")
pack("a merge key", "currency: CNY", "<<: {currency: CNY}", "merge-key")
pack("a zero-width blank in a value", "half_up", "half_up\u200b", "invisible-character")
pack("a no-break space for the blank", "rounding: half_up", "rounding:\u00a0half_up", "invisible-character")
pack.whole("a byte order mark", lambda data: b"\xef\xbb\xbf" + data, "byte-order-mark", "pack: cn")
pack.whole("GBK for UTF-8", lambda data: data.decode().encode("gb18030"), "wrong-encoding", "title:")
pack.whole("UTF-16 for UTF-8", lambda data: data.decode().encode("utf-16"), "wrong-encoding", "pack: cn")
pack.whole("an empty file", lambda data: b"", "empty-file", "")
pack.whole("no pack.yaml at all", lambda data: None, "no-pack-section", "")

# facts.yaml

facts = Section("facts", "facts.yaml")
facts("a typo in a kind", "id: {type: text", "id: {type: tex", "unknown-choice", "text")
facts("a kind in Chinese", "id: {type: text", "id: {type: 文本", "unknown-choice")
facts("a bound of money without a currency", "min: 0 CNY", "min: 0", "money-without-currency", "0 CNY")
facts("a bound in another currency", "max: 1000000 CNY", "max: 1000000 USD", "other-currency")
facts("a typo in the currency of a bound", "max: 1000000 CNY", "max: 1000000 CNYY", "wrong-kind", "1000000 CNY")
facts("a bound in 元", "max: 1000000 CNY", "max: 1000000元", "wrong-kind", "1000000 CNY")
facts("a bound with thousands separators", "max: 1000000 CNY", "max: 1,000,000 CNY", "wrong-kind", "1000000 CNY")
facts("a bound of days without a unit", "max: 365 days", "max: 365", "number-without-unit", "365 days")
facts("a typo in the unit of a bound", "max: 365 days", "max: 365 dayz", "wrong-kind", "365 days")
facts("a unit in Chinese", "max: 365 days", "max: 365天", "wrong-kind", "365 days")
facts("a bound of days in hours", "max: 365 days", "max: 8760 hours", "wrong-kind")
facts("bounds the wrong way round", "max: 365 days", "max: -1 days", "empty-bounds")
facts(
    "yes for true",
    "optional: true\n      title: {zh-CN: 页面",
    "optional: yes\n      title: {zh-CN: 页面",
    "wrong-kind",
    "true",
)
facts(
    "是 for true",
    "optional: true\n      title: {zh-CN: 页面",
    "optional: 是\n      title: {zh-CN: 页面",
    "wrong-kind",
    "true",
)
facts("on for true", "changeable: true", "changeable: on", "wrong-kind", "true")
facts("True for true", "changeable: true", "changeable: True", "wrong-kind", "true")
facts("a length with a leading zero", "max_length: 64", "max_length: 064", "leading-zero", "64")
facts("a length in hexadecimal", "max_length: 64", "max_length: 0x40", "wrong-kind")
facts(
    "a bound that the kind does not take",
    "{type: datetime, changeable: true,",
    "{type: datetime, max_length: 64,",
    "misplaced-bound",
)
facts("an enum without values", "id: {type: text, max_length: 64,", "⟦id: {type: enum,", "enum-without-values")
facts("a decimal without places", "id: {type: text, max_length: 64,", "id: {type: decimal,", "decimal-without-places")
facts(
    "a symbol twice in a list", "id: {type: text, max_length: 64,", "id: {type: enum, of: [a, a],", "duplicate-symbol"
)
facts("a symbol twice in a mapping", "        shoes: {zh-CN", "        apparel: {zh-CN", "duplicate-key")
facts("a fact twice", "    signed_at: {", "    reason: {", "duplicate-key")
facts(
    "a typo in a key that may be left out",
    "optional: true\n      min",
    "optinal: true\n      min",
    "unknown-key",
    "optional",
)
facts("a typo in a key that must be there", "signed_at: {type:", "signed_at: {tpye:", "unknown-key", "type")
facts("a missing kind", "signed_at: {type: datetime,", "signed_at: {", "missing-key")
facts(
    "a full-width colon after a symbol",
    "        shoes: {",
    "        ⟦shoes：{⟧",
    "full-width-punctuation",
    "shoes: {",
)
facts(
    "a full-width colon in braces",
    "{type: datetime, title: {zh-CN: 付款时间",
    "{⟦type：datetime⟧, title: {zh-CN: 付款时间",
    "full-width-punctuation",
    "type: datetime",
)
facts(
    "a full-width comma in braces",
    "{type: text, max_length: 64",
    "{type: text⟦，⟧ max_length: 64",
    "full-width-punctuation",
    ",",
)
facts("a bracket that is not closed", "en: Paid at}}", "en: Paid at}", "yaml-syntax")
facts("a fact in camel case", "    signed_at: {type", "    signedAt: {type", "malformed-name", "signed_at")
facts("a fact with a hyphen", "    signed_at: {type", "    signed-at: {type", "malformed-name", "signed_at")
facts(
    "a record that the language keeps for itself",
    "  promise:\n",
    "  event:\n    ⟦seen: {type: bool}\n  promise:\n",
    "reserved-record",
)
facts("braces with a loose word", "shoes: {zh-CN: 鞋帽", "shoes: {鞋帽", "key-without-value")

# derived

derived = Section("derived", "facts.yaml")
derived(
    "a typo in a fact",
    "is: item.no_return_confirmed and",
    "is: item.no_return_confirmd and",
    "unknown-fact",
    "item.no_return_confirmed",
)
derived(
    "a fact without its record",
    "is: item.no_return_confirmed and",
    "is: no_return_confirmed and",
    "unknown-name",
    "item.no_return_confirmed",
)
derived(
    "the title of a fact for its name",
    "liability_of(claim.reason)",
    "liability_of(申请原因)",
    "unknown-name",
    "claim.reason",
)
derived(
    "the traditional title of a fact",
    "liability_of(claim.reason)",
    "liability_of(申請原因)",
    "unknown-name",
    "claim.reason",
)
derived(
    "a typo in a function",
    "liability_of(claim.reason)",
    "⟦liabilty_of⟧(claim.reason)",
    "unknown-function",
    "liability_of",
)
derived(
    "a function on the wrong kind", "liability_of(claim.reason)", "liability_of(claim.condition)", "wrong-argument-kind"
)
derived(
    "&& for and",
    "is: item.no_return_confirmed and not item.confirmation_preticked",
    "is: ⟦item.no_return_confirmed && not item.confirmation_preticked⟧",
    "foreign-operator",
    "item.no_return_confirmed and not item.confirmation_preticked",
)
derived(
    "! for not",
    "is: item.no_return_confirmed and not item.confirmation_preticked",
    "is: ⟦item.no_return_confirmed and !item.confirmation_preticked⟧",
    "foreign-operator",
    "item.no_return_confirmed and not item.confirmation_preticked",
)
derived(
    "a presence test of a required fact",
    "is: item.no_return_confirmed and",
    "is: item.no_return_confirmed is given and",
    "presence-of-required",
)
derived(
    "a derived value that reads itself",
    "is: promise.no_reason_return is given and promise.no_reason_return",
    "is: promise.no_reason_return is given and promised",
    "circular-derived",
    at=("facts.yaml", "promised:"),
)
derived(
    "two derived values that read each other",
    "is: item.no_return_confirmed and not item.confirmation_preticked",
    "is: item.no_return_confirmed and not promised",
    "circular-derived",
    None,
    ("", "is given and promise.no_reason_return", "is given and not confirmed"),
    at=("facts.yaml", "confirmed:\n    is:"),
)
derived(
    "a decision in a derived value",
    "is: item.no_return_confirmed and",
    "is: decision.condition.state = intact and",
    "decision-in-derived",
)
derived(
    "a typo in its key", "    is: item.no_return_confirmed", "    si: item.no_return_confirmed", "unknown-key", "is"
)
derived(
    "a derived value that nothing reads",
    "derived:\n",
    "derived:\n  late: claim.requested_at > claim.signed_at\n",
    "unused-definition",
    at=("facts.yaml", "late:"),
)
derived(
    "a comparison with the wrong kind",
    "is: item.no_return_confirmed and",
    "is: item.category = 3 and",
    "kinds-disagree",
)

# parameters.yaml

EXTENDED = "{length: 7 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day], calendar: cn}"
TAIL = "\n        because:\n          zh-CN: 消费者权益保护法 第二十五条；网络"

parameters = Section("parameters", "parameters.yaml")
REFUND = "{length: 7 days, counts_from: next_day}"


def window(says: str, new: str, finding: str, meant: str | None = None, mends: bool = True) -> None:
    """A mistake in the value of the refund window."""
    parameters(says, f"value: {REFUND}", f"value: {new}", finding, meant, mends=mends)


def extended(says: str, new: str, finding: str, meant: str | None = None) -> None:
    """A mistake in the value of the no-reason window."""
    parameters(says, EXTENDED + TAIL, new + TAIL, finding, meant)


window("a typo in a unit", "{length: 7 dayz, counts_from: next_day}", "malformed-length", "7 days")
window("a unit in Chinese", "{length: 7天, counts_from: next_day}", "malformed-length", "7 days")
window("a Chinese unit behind a blank", "{length: 7 个自然日, counts_from: next_day}", "malformed-length", "7 days")
window("a length without a unit", "{length: 7, counts_from: next_day}", "malformed-length", "7 days")
window("a length without a blank", "{length: 7days, counts_from: next_day}", "malformed-length", "7 days")
window("a length in full-width digits", "{length: ７ days, counts_from: next_day}", "malformed-length", "7 days")
window("a length of nothing", "{length: 0 days, counts_from: next_day}", "malformed-length")
window("hours counted from the next day", "{length: 48 hours, counts_from: next_day}", "senseless-window")
window("months without a word for short months", "{length: 1 month, counts_from: next_day}", "month-without-rounding")
window("working days without a calendar", "{length: 7 working_days, counts_from: next_day}", "window-without-calendar")
window("a typo in counts_from", "{length: 7 days, counts_from: nextday}", "unknown-choice", "next_day")
window("counts_from in Chinese", "{length: 7 days, counts_from: 次日}", "unknown-choice")
window("a typo in a key", "{lenght: 7 days, counts_from: next_day}", "unknown-key", "length")
window("a missing key", "{length: 7 days}", "missing-key")
window("a length alone", "7 days", "malformed-window")
window("a missing value", "", "malformed-window")
window(
    "a key with a full-width colon",
    "{⟦length：7 days⟧, counts_from: next_day}",
    "full-width-punctuation",
    "length: 7 days",
)
extended(
    "a typo in a day class",
    "{length: 7 days, counts_from: next_day, extend_over: [statutory_holidays, rest_day], calendar: cn}",
    "unknown-choice",
    "statutory_holiday",
)
extended(
    "one day class without brackets",
    "{length: 7 days, counts_from: next_day, extend_over: rest_day, calendar: cn}",
    "wrong-shape",
)
extended(
    "a typo in a calendar",
    "{length: 7 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day], calendar: cm}",
    "unknown-calendar",
    "cn",
)
extended(
    "an extension without a calendar",
    "{length: 7 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day]}",
    "window-without-calendar",
)
REFUND_HEAD = "en: Time for the refund}\n    type: window\n    floor: at_most\n    editions:\n      - from: 2017-03-15"
parameters(
    "a typo in a kind",
    "en: Time for the refund}\n    type: window",
    "en: Time for the refund}\n    type: ⟦windw⟧",
    "unknown-choice",
    "window",
)
parameters(
    "an edition that starts after the pack is in force",
    REFUND_HEAD,
    REFUND_HEAD.replace("2017", "⟦2018"),
    "edition-gap",
    at=("parameters.yaml", "refund_window:"),
)
parameters(
    "an edition that ends while the pack is in force",
    REFUND_HEAD,
    REFUND_HEAD + "\n        until: 2020-01-01",
    "edition-gap",
    at=("parameters.yaml", "refund_window:"),
)
parameters(
    "editions out of order",
    f"        value: {REFUND}",
    f"        value: {REFUND}\n        because: 旧规则\n        basis: law\n"
    f"      - ⟦from: 2016-01-01\n        value: {REFUND}",
    "unordered-editions",
)
parameters(
    "a date without its zeros",
    REFUND_HEAD,
    REFUND_HEAD.replace("2017-03-15", "⟦2017-3-15⟧"),
    "wrong-kind",
    "2017-03-15",
)
parameters(
    "a parameter without editions",
    "parameters:\n",
    "parameters:\n  ⟦grace: {type: days, editions: []}\n",
    "parameter-without-edition",
)
PENALTY_SOURCE = (
    "        because:\n"
    "          zh-CN: 网络购买商品七日无理由退货暂行办法 第三十一条第三项\n"
    "          zh-TW: 網路購買商品七日無理由退貨暫行辦法 第三十一條第三項\n"
    "          en: Interim Measures for Seven-Day No-Reason Return art 31(3)\n"
)
parameters("a parameter twice", "  refund_penalty_line:", "  refund_window:", "duplicate-key")
parameters(
    "a missing source",
    PENALTY_SOURCE,
    "",
    "missing-key",
    at=("parameters.yaml", "from: 2017-03-15\n        value: {length: 15 days"),
)
parameters(
    "a typo in the basis",
    PENALTY_SOURCE + "        basis: law",
    PENALTY_SOURCE + "        basis: ⟦lwa⟧",
    "unknown-choice",
    "law",
)
USED = (
    "decisions/no_reason_return.yaml",
    "and promise.return_days is given\n",
    "and promise.return_days is given and {test}\n",
)
PARAMETER = (
    "parameters:\n  extra:\n    title: 附加\n    type: {type}\n    editions:\n"
    "      - {{from: 2017-03-15, value: {value}, because: 店铺规则, basis: own}}\n"
)


def extra(says: str, type: str, value: str, test: str, finding: str, meant: str | None = None) -> None:
    """A mistake in the value of a parameter of another kind, which a condition reads."""
    used = (USED[0], USED[1], USED[2].replace("{test}", test))
    parameters(says, "parameters:\n", PARAMETER.format(type=type, value=f"⟦{value}⟧"), finding, meant, used)


extra("a percent as a fraction", "percent", "0.8", "param.extra <= 100%", "percent-without-sign", "80%")
extra("a percent as a whole number", "percent", "80", "param.extra <= 100%", "percent-without-sign", "80%")
extra("money without a currency", "money", "12.50", "param.extra <= 20 CNY", "money-without-currency", "12.50 CNY")
extra("money with three places", "money", "12.505 CNY", "param.extra <= 20 CNY", "too-many-places")
extra("days without a unit", "days", "7", "param.extra <= 9 days", "number-without-unit", "7 days")
extra("days in hours", "days", "48 hours", "param.extra <= 9 days", "wrong-kind")
extra("hours in days", "duration", "2 days", "param.extra <= 9 hours", "wrong-kind")
extra("yes for true", "bool", "yes", "param.extra", "wrong-kind", "true")
extra("off for false", "bool", "off", "param.extra", "wrong-kind", "false")
extra("an octal number", "int", "010", "param.extra <= 9", "leading-zero", "10")
extra("a party in Chinese", "party", "商家", "param.extra = merchant", "unknown-symbol", "merchant")
extra("a code in capitals", "code", "OK", "param.extra = ok", "unknown-symbol", "ok")
parameters(
    "a parameter that nothing reads",
    "parameters:\n",
    PARAMETER.format(type="bool", value="true"),
    "unused-definition",
    at=("parameters.yaml", "extra:"),
)

# reasons.yaml

reasons = Section("reasons", "reasons.yaml")
reasons("a typo in who is liable", "liability: carrier", "liability: carier", "unknown-choice", "carrier")
reasons("who is liable in Chinese", "liability: carrier", "liability: 承运人责任", "unknown-choice", "carrier")
reasons(
    "who is liable in traditional characters",
    "liability: customer",
    "liability: 消費者責任",
    "unknown-choice",
    "customer",
)
reasons(
    "a typo in a key",
    "en: Customer's own reasons}\n    liability: customer\n    under:",
    "en: Customer's own reasons}\n    liability: customer\n    ⟦undr⟧:",
    "unknown-key",
    "under",
)
reasons(
    "a reason twice in the tree",
    "      wrong_item: {",
    "      ⟦defect: {title: 错发}\n      wrong_item: {",
    "duplicate-definition",
)
reasons("a reason twice in one place", "      missing_parts: {", "      wrong_item: {", "duplicate-key")
reasons(
    "a reason without a title",
    "      lost_parcel: {title: {zh-CN: 包裹丢失, zh-TW: 包裹遺失, en: Parcel lost}}",
    "      lost_parcel: {}",
    "missing-key",
)
reasons("a reason with a hyphen", "      lost_parcel:", "      lost-parcel:", "malformed-name", "lost_parcel")
reasons(
    "a list for a tree",
    "      lost_parcel: {title: {zh-CN: 包裹丢失, zh-TW: 包裹遺失, en: Parcel lost}}",
    "      lost_parcel: [{zh-CN: 包裹丢失}]",
    "wrong-shape",
)
reasons(
    "a comma in a title without quotes",
    "en: 'Spoiled, infested or damp'",
    "en: ⟦Spoiled, infested or damp⟧",
    "unquoted-cell",
    '"Spoiled, infested or damp"',
)
reasons(
    "a full-width comma between titles",
    "{zh-CN: 错发, zh-TW: 寄錯商品, en",
    "{zh-CN: 错发⟦，⟧zh-TW: 寄錯商品, en",
    "full-width-punctuation",
    ",",
)
reasons("one blank too many before a key", "  unclear:\n", "   unclear:\n", "yaml-syntax")

# codes.yaml

codes = Section("codes", "codes.yaml")
codes(
    "a typo in an alternative",
    "退货期, zh-TW: 已超過七日無理由退貨期, en: The no-reason window has ended}\n    alternatives: [route.quality]",
    "退货期, zh-TW: 已超過七日無理由退貨期, en: The no-reason window has ended}\n    alternatives: [⟦route.qualty⟧]",
    "unknown-symbol",
    "route.quality",
)
codes(
    "one alternative without brackets",
    "en: The no-reason window has ended}\n    alternatives: [route.quality]",
    "en: The no-reason window has ended}\n    alternatives: ⟦route.quality⟧",
    "wrong-shape",
)
codes("a code twice", "  window.ends: {", "  refund.due: {", "duplicate-key")
codes("a code in capitals", "  refund.due: {", "  Refund.Due: {", "malformed-name", "refund.due")
codes("a language in small letters", "  ok: {zh-CN:", "  ok: {zh-cn:", "unknown-language", "zh-CN")
codes("a typo in a language", "  ok: {zh-CN:", "  ok: {zh-CH:", "unknown-language", "zh-CN")
codes(
    "a typo in a key", "has ended}\n    alternatives:", "has ended}\n    ⟦alternative⟧:", "unknown-key", "alternatives"
)
codes(
    "a comma in a title without quotes",
    "en: 'Goods, parts or marks are missing'",
    "en: ⟦Goods, parts or marks are missing⟧",
    "unquoted-cell",
    '"Goods, parts or marks are missing"',
)
codes(
    "a colon in a title without quotes",
    "en: 'Quality fault: return within seven days'",
    "en: ⟦Quality fault: return within seven days⟧",
    "unquoted-text",
    '"Quality fault: return within seven days"',
)
codes(
    "a code without a title",
    "  refund.due: {zh-CN: 退款期限已算出, zh-TW: 退款期限已算出, en: The time for the refund is known}",
    "  refund.due:",
    "wrong-shape",
)

# calendars/cn.yaml

calendar = Section("calendar", "calendars/cn.yaml")
calendar("a day without its zero", "  - 2025-10-01..2025-10-08", "  - 2025-10-01..2025-10-8", "malformed-date")
calendar("a day that does not exist", "  - 2024-06-10", "  - 2024-06-31", "malformed-date")
calendar("a day beyond the horizon", "  - 2026-10-10", "  - 2028-10-10", "day-outside-calendar")
calendar("days the wrong way round", "  - 2025-10-01..2025-10-08", "  - 2025-10-08..2025-10-01", "empty-interval")
calendar("a working day that is a holiday", "  - 2025-10-11", "  - 2025-10-08", "contradictory-day")
calendar(
    "a typo in a weekday", "weekend: [saturday, sunday]", "weekend: [saturday, sundey]", "unknown-choice", "sunday"
)
calendar("a weekday in Chinese", "weekend: [saturday, sunday]", "weekend: [saturday, 星期日]", "unknown-choice")
calendar("a missing key", "weekend: [saturday, sunday]\n", "", "missing-key", at=("calendars/cn.yaml", "calendar: cn"))
calendar(
    "a horizon without quotes",
    'covers: "[2017-01-01..2027-01-01)"',
    "covers: ⟦[2017-01-01..2027-01-01)⟧",
    "unquoted-cell",
    '"[2017-01-01..2027-01-01)"',
)
calendar(
    "a horizon that is no interval",
    'covers: "[2017-01-01..2027-01-01)"',
    'covers: "2017-01-01..2027-01-01"',
    "malformed-interval",
)
calendar("a full-width range sign", "  - 2025-10-01..2025-10-08", "  - 2025-10-01…2025-10-08", "malformed-date")
calendar("a list item without its blank", "  - 2024-06-10", "  -2024-06-10", "yaml-syntax")

# calendars/asia_shanghai.yaml

zone = Section("zone", "calendars/asia_shanghai.yaml")
zone("an offset without its colon", '"+08:00"', '"+0800"', "malformed-offset")
zone("an offset that YAML 1.1 reads as a number", '"+08:00"', "8", "malformed-offset")
zone("an instant without its zone", "1991-09-14T17:00:00Z", "1991-09-14T17:00:00", "malformed-date")
zone("a typo in a key", 'offset: "+08:00"', 'ofset: "+08:00"', "unknown-key", "offset")
zone(
    "offsets out of order",
    '  - {from: 1991-09-14T17:00:00Z, offset: "+08:00"}',
    '  - {from: 1991-09-14T17:00:00Z, offset: "+08:00"}\n  - {from: ⟦1990-09-14T17:00:00Z, offset: "+09:00"}',
    "unordered-offsets",
)
zone(
    "a typo in its name",
    "zone: Asia/Shanghai",
    "zone: Asia/Shangai",
    "unknown-zone",
    "Asia/Shangai",
    at=("pack.yaml", "time_zone:"),
)
zone("a horizon the wrong way round", "[1991-09-16..2100-01-01)", "[2100-01-01..1991-09-16)", "empty-interval")

# decisions: the head

D = "decisions/"
head = Section("decision", D + "no_reason_return.yaml")
head("a typo in the hit policy", "hit_policy: unique", "hit_policy: uniqe", "unknown-choice", "unique")
head("a hit policy of another language", "hit_policy: unique", "hit_policy: all_of_them", "unknown-choice")
head("a hit policy in capitals", "hit_policy: unique", "hit_policy: UNIQUE", "unknown-choice", "unique")
head("a typo in a key that may be left out", "hit_policy:", "hitpolicy:", "unknown-key", "hit_policy")
head("a typo in a key that must be there", "rules:\n", "rule:\n", "unknown-key", "rules")
head(
    "a typo in the kind of document",
    "decision: no_reason_return\n",
    "⟦decison⟧: no_reason_return\n",
    "unknown-document",
    "decision",
)
head(
    "a typo in the governing fact",
    "governed_by: order.paid_at",
    "governed_by: order.paidat",
    "unknown-fact",
    "order.paid_at",
)
head(
    "a governing fact that is no date",
    "governed_by: order.paid_at",
    "governed_by: claim.condition",
    "unfit-governing-fact",
)
head(
    "a governing fact that may be absent",
    "governed_by: order.paid_at",
    "governed_by: promise.return_days",
    "unfit-governing-fact",
)
deadline = Section("decision", D + "return_deadline.yaml")
deadline(
    "no governing fact for a dated parameter",
    "governed_by: order.paid_at\n",
    "",
    "ungoverned-decision",
    at=(D + "return_deadline.yaml", "decision:"),
)
deadline(
    "the name of another decision", "decision: return_deadline", "decision: refund_deadline", "duplicate-definition"
)

# decisions: inputs

inputs = Section("inputs", D + "no_reason_return.yaml")
inputs(
    "a typo in a fact",
    "claim.signed_at, claim.requested_at)\n    title",
    "⟦claim.signd_at⟧, claim.requested_at)\n    title",
    "unknown-fact",
    "claim.signed_at",
)
inputs(
    "a typo in a record",
    "claim.signed_at, claim.requested_at)\n    title",
    "⟦cliam.signed_at⟧, claim.requested_at)\n    title",
    "unknown-fact",
    "claim.signed_at",
)
inputs(
    "a typo in a parameter",
    "within(param.no_reason_window",
    "within(⟦param.no_reason_windw⟧",
    "unknown-parameter",
    "param.no_reason_window",
)
inputs("a typo in a function", "is: within(", "is: ⟦withn⟧(", "unknown-function", "within")
inputs(
    "a missing argument",
    "claim.signed_at, claim.requested_at)\n    title",
    "claim.signed_at)\n    title",
    "wrong-argument-count",
)
inputs(
    "arguments in the wrong order",
    "within(param.no_reason_window, claim.signed_at, ",
    "within(claim.signed_at, param.no_reason_window, ",
    "wrong-argument-kind",
)
inputs(
    "a typo in a decision",
    "exempt: decision.exemption.class",
    "exempt: decision.exemtion.class",
    "unknown-decision",
    "decision.exemption.class",
)
inputs(
    "a typo in an output",
    "exempt: decision.exemption.class",
    "exempt: decision.exemption.clas",
    "unknown-output",
    "decision.exemption.class",
)
inputs(
    "a decision without its output", "exempt: decision.exemption.class", "exempt: decision.exemption", "unknown-output"
)
inputs(
    "a window for an answer",
    "is: within(param.no_reason_window, claim.signed_at, claim.requested_at)",
    "is: param.no_reason_window",
    "incomparable-kind",
)
inputs(
    "an expression that is not finished",
    "claim.signed_at, claim.requested_at)\n    title",
    "claim.signed_at, claim.requested_at\n    title",
    "unfinished-expression",
)
inputs(
    "full-width brackets",
    "within(param.no_reason_window, claim.signed_at, claim.requested_at)",
    "⟦within（param.no_reason_window, claim.signed_at, claim.requested_at）⟧",
    "full-width-sign",
    "within(param.no_reason_window, claim.signed_at, claim.requested_at)",
)
inputs(
    "full-width commas",
    "within(param.no_reason_window, claim.signed_at, claim.requested_at)",
    "⟦within(param.no_reason_window，claim.signed_at，claim.requested_at)⟧",
    "full-width-sign",
    "within(param.no_reason_window,claim.signed_at,claim.requested_at)",
)
inputs("a typo in a key", "    is: within", "    iss: within", "unknown-key", "is")
inputs("an input without anything", "  state: decision.condition.state", "  state:", "wrong-shape")
quality = Section("inputs", D + "condition.yaml")
quality(
    "an input spelled like a symbol",
    "  condition: claim.condition\n",
    "  condition: claim.condition\n  ⟦intact: claim.condition = intact\n",
    "ambiguous-name",
)
quality(
    "a decision that reads itself",
    "  condition: claim.condition\n",
    "  condition: claim.condition\n  before: ⟦decision.condition.state⟧\n",
    "circular-decision",
)
quality(
    "two decisions that read each other",
    "  condition: claim.condition\n",
    "  condition: claim.condition\n  before: decision.no_reason_return.outcome\n",
    "circular-decision",
)
good = Section("inputs", D + "quality_return.yaml")
good(
    "a window of another name",
    "within(param.quality_return_window",
    "within(⟦param.qualty_return_window⟧",
    "unknown-parameter",
    "param.quality_return_window",
)
good(
    "two instants compared with days",
    "claim.requested_at)\n    title",
    "claim.requested_at) = 7 days\n    title",
    "kinds-disagree",
)

# decisions: outputs

outputs = Section("outputs", D + "no_reason_return.yaml")
outputs(
    "a typo in a kind", "{type: party, optional: true,", "{type: ⟦prty⟧, optional: true,", "unknown-choice", "party"
)
outputs("yes for true", "{type: party, optional: true,", "{type: party, optional: ⟦yes⟧,", "wrong-kind", "true")
outputs(
    "a typo in a key", "{type: party, optional: true,", "{type: party, ⟦optoinal⟧: true,", "unknown-key", "optional"
)
outputs(
    "an enum without values",
    "    of:\n"
    "      allow: {zh-CN: 同意, zh-TW: 同意, en: allow}\n"
    "      manual: {zh-CN: 人工复核, zh-TW: 人工複核, en: a person must decide}\n"
    "      deny: {zh-CN: 拒绝, zh-TW: 拒絕, en: deny}\n",
    "",
    "enum-without-values",
    at=(D + "no_reason_return.yaml", "outcome:\n"),
)
outputs("a symbol in Chinese", "      manual: {zh-CN", "      人工: {zh-CN", "malformed-name")
outputs("a window for an output", "{type: party, optional: true,", "{type: ⟦window⟧, optional: true,", "unknown-choice")
outputs("an output twice", "  note: {type: code,", "  code: {type: code,", "duplicate-key")

# decisions: rules

rules = Section("rules", D + "no_reason_return.yaml")
rules("a rule twice", "  - id: arguable", "  - id: exempt", "duplicate-rule")
rules("an exception with the name of a rule", "      - id: merchant-promise", "      - id: arguable", "duplicate-rule")
rules("an id with a blank", "  - id: not-intact", "  - id: not intact", "malformed-name", "not_intact", mends=False)
rules("an id in Chinese", "  - id: not-intact", "  - id: 不完好", "malformed-name")
rules("a rule called otherwise", "  - id: not-intact", "  - id: otherwise", "reserved-word")
rules("a missing id", "  - id: not-intact\n    title:", "  - title:", "missing-key")
rules(
    "a typo in a key that must be there",
    "    then: {outcome: allow, code: ok, ",
    "    than: {outcome: allow, code: ok, ",
    "unknown-key",
    "then",
)
rules("a typo in when", "    when: {exempt: not(none)}", "    wen: {exempt: not(none)}", "unknown-key", "when")
rules(
    "a missing when",
    "    when: {exempt: not(none)}\n",
    "",
    "rule-without-when",
    at=(D + "no_reason_return.yaml", "id: exempt"),
)
rules(
    "a missing then",
    "    then: {outcome: deny, code: window.expired}\n",
    "",
    "missing-key",
    at=(D + "no_reason_return.yaml", "id: expired"),
)
rules(
    "a rule without a source",
    "    because: {zh-CN: 网络购买商品七日无理由退货暂行办法 第十条, zh-TW: 網路購買商品七日無理由退貨暫行辦法 第十條, en: Interim Measures for Seven-Day No-Reason Return art 10}\n",
    "",
    "unsourced-rule",
    at=(D + "no_reason_return.yaml", "id: expired"),
)
rules(
    "a typo in the basis",
    "en: Interim Measures for Seven-Day No-Reason Return art 10}\n    basis: law",
    "en: Interim Measures for Seven-Day No-Reason Return art 10}\n    basis: ⟦laww⟧",
    "unknown-choice",
    "law",
)

# decisions: cells

cells = Section("cells", D + "no_reason_return.yaml")
INTACT = "when: {exempt: none, in_time: true, state: intact}"
cells("a typo in an input", INTACT, "when: {exmpt: none, in_time: true, state: intact}", "unknown-input", "exempt")
cells(
    "the title of an input for its name",
    INTACT,
    "when: {exempt: none, 在退货期内提出: true, state: intact}",
    "unknown-input",
    "in_time",
)
cells(
    "the traditional title of an input",
    INTACT,
    "when: {exempt: none, 在退貨期內提出: true, state: intact}",
    "unknown-input",
    "in_time",
)
cells("a typo in a symbol", INTACT, "when: {exempt: none, in_time: true, state: intcat}", "unknown-symbol", "intact")
cells(
    "the title of a symbol for its name",
    INTACT,
    "when: {exempt: none, in_time: true, state: 完好}",
    "unknown-symbol",
    "intact",
)
cells("a symbol in capitals", INTACT, "when: {exempt: none, in_time: true, state: Intact}", "unknown-symbol", "intact")
cells(
    "a symbol in quotes",
    INTACT,
    "when: {exempt: none, in_time: true, state: \"⟦'intact'⟧\"}",
    "kinds-disagree",
    "intact",
)
cells("yes for true", INTACT, "when: {exempt: none, in_time: yes, state: intact}", "unknown-name", "true")
cells("True for true", INTACT, "when: {exempt: none, in_time: True, state: intact}", "unknown-name", "true")
cells("是 for true", INTACT, "when: {exempt: none, in_time: 是, state: intact}", "unknown-name", "true")
cells(
    "no for false", "when: {exempt: none, in_time: false}", "when: {exempt: none, in_time: no}", "unknown-name", "false"
)
cells("1 for true", INTACT, "when: {exempt: none, in_time: 1, state: intact}", "kinds-disagree")
cells("an empty cell", INTACT, "when: {exempt: none, in_time: , state: intact}", "empty-cell")
cells("an empty list", INTACT, "when: {exempt: none, in_time: true, state: []}", "empty-cell")
cells(
    "an unquoted !=", INTACT, "when: {exempt: none, in_time: true, state: ⟦!= intact⟧}", "unquoted-cell", '"!= intact"'
)
cells("an exclamation mark for not", INTACT, "when: {exempt: none, in_time: true, state: !intact}", "yaml-tag")
cells(
    "two values without brackets",
    INTACT,
    "when: {exempt: none, in_time: true, state: ⟦intact, arguable⟧}",
    "unquoted-cell",
    "[intact, arguable]",
)
cells(
    "two values without brackets in the middle",
    INTACT,
    "when: {exempt: ⟦none, statutory⟧, in_time: true, state: intact}",
    "unquoted-cell",
    "[none, statutory]",
)
cells(
    "not() of two without quotes",
    "when: {exempt: not(none)}",
    "when: {exempt: ⟦not(none, confirmable)⟧}",
    "unquoted-cell",
    '"not(none, confirmable)"',
)
cells(
    "two values with a Chinese comma",
    INTACT,
    "when: {exempt: none, in_time: true, state: [intact、arguable]}",
    "full-width-sign",
)
cells(
    "absent for a required input", INTACT, "when: {exempt: none, in_time: true, state: absent}", "presence-of-required"
)
cells("a comparison of symbols", INTACT, 'when: {exempt: none, in_time: true, state: "> intact"}', "unordered-kind")
cells("a cell that is a mapping", INTACT, "when: {exempt: none, in_time: true, state: {is: intact}}", "wrong-shape")
cells("a cell for a condition", "when: {exempt: not(none)}", "when: not(none)", "unknown-name")
WAITED = (
    "",
    "  state: decision.condition.state\n",
    "  state: decision.condition.state\n  waited: days_between(claim.signed_at, claim.requested_at)\n",
)


def waited(says: str, cell: str, finding: str, meant: str | None = None, mends: bool = True) -> None:
    """A mistake in a cell of a column of days."""
    cells(
        says,
        "when: {exempt: none, in_time: false}",
        f"when: {{exempt: none, in_time: false, waited: ⟦{cell}⟧}}",
        finding,
        meant,
        WAITED,
        mends=mends,
    )


def waited_on_its_line(says: str, cell: str, finding: str, meant: str | None = None) -> None:
    """The same where the cell has a line of its own."""
    lines = f"when:\n      exempt: none\n      in_time: false\n      waited: ⟦{cell}⟧"
    cells(says, "when: {exempt: none, in_time: false}", lines, finding, meant, WAITED)


waited_on_its_line("an unquoted > on its line", "> 7 days", "unquoted-cell", '"> 7 days"')
waited_on_its_line("an unquoted >= on its line", ">= 7 days", "unquoted-cell", '">= 7 days"')
waited_on_its_line(
    "an unquoted half-open interval on its line", "[7 days..15 days)", "unquoted-cell", '"[7 days..15 days)"'
)
waited_on_its_line(
    "an unquoted closed interval on its line", "[7 days..15 days]", "unquoted-interval", '"[7 days..15 days]"'
)
waited_on_its_line("an unquoted != on its line", "!= 7 days", "unquoted-cell", '"!= 7 days"')
waited("an unquoted > in braces", "> 7 days", "unquoted-cell", '"> 7 days"')
waited("an unquoted half-open interval in braces", "[7 days..15 days)", "unquoted-cell", '"[7 days..15 days)"')
waited("an unquoted closed interval in braces", "[7 days..15 days]", "unquoted-interval", '"[7 days..15 days]"')
waited("an interval the wrong way round", '"[15 days..7 days)"', "empty-interval")
waited("days against hours", '"> 48 hours"', "days-against-duration")
waited("an exclusive range of one", '"[7 days..7 days)"', "empty-interval")

# decisions: conditions

conditions = Section("conditions", D + "no_reason_return.yaml")
PROMISE = "and days_between(claim.signed_at, claim.requested_at) <= promise.return_days"
SEAL = "when: decision.condition.code = condition.seal_broken and item.nature = changes_when_opened"


def promise(says: str, new: str, finding: str, meant: str | None = None, mends: bool = True) -> None:
    """A mistake in the condition of the merchant's promise."""
    conditions(says, PROMISE, new, finding, meant, mends=mends)


conditions(
    "a typo in a symbol",
    SEAL,
    "when: decision.condition.code = condition.seal_broken and item.nature = ⟦changes_when_opend⟧",
    "unknown-symbol",
    "changes_when_opened",
)
conditions(
    "the title of a symbol for its name",
    SEAL,
    "when: decision.condition.code = condition.seal_broken and item.nature = ⟦拆封后易影响人身安全健康或品质⟧",
    "unknown-symbol",
    "changes_when_opened",
)
conditions(
    "the traditional title of a symbol",
    SEAL,
    "when: decision.condition.code = condition.seal_broken and item.nature = ⟦拆封後易影響人身安全健康或品質⟧",
    "unknown-symbol",
    "changes_when_opened",
)
conditions(
    "a typo in a code",
    SEAL,
    "when: decision.condition.code = ⟦condition.seal_brokn⟧ and item.nature = changes_when_opened",
    "unknown-symbol",
    "condition.seal_broken",
)
conditions(
    "a typo in an output",
    SEAL,
    "when: ⟦decision.condition.cod⟧ = condition.seal_broken and item.nature = changes_when_opened",
    "unknown-output",
    "decision.condition.code",
)
conditions(
    "== for =",
    SEAL,
    "when: ⟦decision.condition.code == condition.seal_broken and item.nature = changes_when_opened⟧",
    "foreign-operator",
    "decision.condition.code = condition.seal_broken and item.nature = changes_when_opened",
)
conditions(
    "|| for or",
    SEAL,
    "when: ⟦decision.condition.code = condition.seal_broken || item.nature = changes_when_opened⟧",
    "foreign-operator",
    "decision.condition.code = condition.seal_broken or item.nature = changes_when_opened",
)
conditions(
    "a full-width sign",
    SEAL,
    "when: ⟦decision.condition.code ＝ condition.seal_broken and item.nature = changes_when_opened⟧",
    "full-width-sign",
    "decision.condition.code = condition.seal_broken and item.nature = changes_when_opened",
)
conditions(
    "≠ for !=",
    SEAL,
    "when: ⟦decision.condition.code ≠ condition.seal_broken and item.nature = changes_when_opened⟧",
    "full-width-sign",
    "decision.condition.code != condition.seal_broken and item.nature = changes_when_opened",
)
conditions(
    "并且 for and",
    SEAL,
    "when: decision.condition.code = condition.seal_broken ⟦并且⟧ item.nature = changes_when_opened",
    "foreign-operator",
    "and",
)
conditions(
    "AND in capitals",
    SEAL,
    "when: decision.condition.code = condition.seal_broken ⟦AND⟧ item.nature = changes_when_opened",
    "unexpected-text",
    "and",
)
conditions(
    "a comma for and",
    SEAL,
    "when: decision.condition.code = condition.seal_broken⟦,⟧ item.nature = changes_when_opened",
    "unexpected-text",
    None,
)
conditions(
    "a word that is missing",
    SEAL,
    "when: decision.condition.code = condition.seal_broken ⟦item⟧.nature = changes_when_opened",
    "unexpected-text",
    None,
)
conditions(
    "a comparison that is not finished",
    SEAL,
    "when: decision.condition.code = condition.seal_broken and item.nature =",
    "unfinished-expression",
)
conditions(
    "a bracket that is not closed",
    SEAL,
    "when: (decision.condition.code = condition.seal_broken and item.nature = changes_when_opened",
    "unfinished-expression",
)
conditions(
    "a quoted symbol",
    SEAL,
    "when: decision.condition.code = ⟦'condition.seal_broken'⟧ and item.nature = changes_when_opened",
    "kinds-disagree",
    "condition.seal_broken",
)
conditions(
    "an escape",
    SEAL,
    'when: "decision.condition.code = condition.\\u0073eal_broken and item.nature = changes_when_opened"',
    "escape-in-expression",
)
conditions(
    "a colon",
    SEAL,
    "when: ⟦decision.condition.code: condition.seal_broken and item.nature = changes_when_opened⟧",
    "unquoted-text",
    '"decision.condition.code: condition.seal_broken and item.nature = changes_when_opened"',
    mends=False,
)
conditions("True for true", SEAL, "when: True", "unknown-name", "true")
conditions("nothing", SEAL, "when:", "wrong-shape")
conditions("nothing in quotes", SEAL, 'when: ""', "empty-expression")
conditions(
    "an optional fact without a guard",
    "and promise.return_days is given\n          and",
    "and",
    "unguarded-optional",
    at=(D + "no_reason_return.yaml", "promise.return_days\n"),
)
conditions(
    "a typo in an optional fact",
    "and promise.return_days is given",
    "and ⟦promise.return_day⟧ is given",
    "unknown-fact",
    "promise.return_days",
)
promise(
    "days against hours", "and days_between(claim.signed_at, claim.requested_at) <= ⟦48 hours⟧", "days-against-duration"
)
promise(
    "a number without a unit",
    "and days_between(claim.signed_at, claim.requested_at) <= ⟦15⟧",
    "number-without-unit",
    "15 days",
)
promise(
    "a typo in a unit", "and days_between(claim.signed_at, claim.requested_at) <= ⟦15 dayz⟧", "unknown-unit", "15 days"
)
promise(
    "a unit in Chinese", "and days_between(claim.signed_at, claim.requested_at) <= ⟦15天⟧", "unknown-unit", "15 days"
)
promise(
    "a unit in traditional characters",
    "and claim.requested_at <= claim.signed_at + ⟦48小時⟧",
    "unknown-unit",
    "48 hours",
)
promise("money without a currency", "and order.goods_paid >= ⟦100⟧", "money-without-currency", "100 CNY")
promise("money in 元", "and order.goods_paid >= ⟦100元⟧", "unknown-unit", "100 CNY")
conditions(
    "money with a full-width sign",
    SEAL,
    "when: ⟦order.goods_paid >= ￥100⟧",
    "full-width-sign",
    "order.goods_paid >= ¥100",
)
promise("money in another currency", "and order.goods_paid >= ⟦100 USD⟧", "other-currency")
promise("money with a thousands separator", "and order.goods_paid >= ⟦1,000⟧ CNY", "thousands-separator", "1000")
promise("a comparison of symbols", "and item.category > apparel", "unordered-kind")
promise("a comparison of two kinds", "and item.category = claim.condition", "kinds-disagree")
promise(
    "a chain of comparisons",
    "and 1 days < days_between(claim.signed_at, claim.requested_at) ⟦<⟧ 9 days",
    "unexpected-text",
)
promise(
    "an empty interval", "and days_between(claim.signed_at, claim.requested_at) in [9 days..1 days]", "empty-interval"
)
promise(
    "a minus without blanks",
    "and days_between(claim.signed_at, claim.requested_at)⟦-⟧1 days <= promise.return_days",
    "tight-minus",
)
promise("a date that does not exist", "and claim.requested_at <= ⟦2026-02-30⟧", "wrong-kind")
promise("a reserved word", "and days_between(claim.signed_at, claim.requested_at) <= ⟦every⟧", "reserved-word")
promise("a presence test of a required fact", "and claim.condition is given", "presence-of-required")
promise("a subtree of no reason", "and claim.reason in [⟦qualty/*⟧]", "unknown-symbol", "quality/*")
promise("a subtree outside a list", "and claim.reason = ⟦quality/*⟧", "misplaced-subtree")
promise("arithmetic of two instants", "and claim.requested_at - claim.signed_at <= 48 hours", "no-arithmetic")

# decisions: then, expr, exceptions, otherwise

then = Section("then", D + "no_reason_return.yaml")
ALLOW = "then: {outcome: allow, code: ok, return_freight: customer}"
then(
    "a typo in a symbol", ALLOW, "then: {outcome: alow, code: ok, return_freight: customer}", "unknown-symbol", "allow"
)
then(
    "the title of a symbol for its name",
    ALLOW,
    "then: {outcome: 同意, code: ok, return_freight: customer}",
    "unknown-symbol",
    "allow",
)
then("a typo in a code", "code: window.expired}", "code: window.expird}", "unknown-symbol", "window.expired")
then(
    "the title of a code for its name",
    "code: window.expired}",
    "code: 已超过七日无理由退货期}",
    "unknown-symbol",
    "window.expired",
)
then(
    "the traditional title of a code",
    "code: window.expired}",
    "code: 已超過七日無理由退貨期}",
    "unknown-symbol",
    "window.expired",
)
then(
    "a typo in a party",
    ALLOW,
    "then: {outcome: allow, code: ok, return_freight: custmer}",
    "unknown-symbol",
    "customer",
)
then(
    "a party in traditional characters",
    ALLOW,
    "then: {outcome: allow, code: ok, return_freight: 消費者}",
    "unknown-symbol",
    "customer",
)
then(
    "a missing output",
    ALLOW,
    "then: {outcome: allow, return_freight: customer}",
    "missing-output",
    at=(D + "no_reason_return.yaml", "id: in-window-intact"),
)
then("an unknown output", ALLOW, "then: {outcome: allow, code: ok, freight: customer}", "unknown-output-cell")
then(
    "a typo in an output that must be there",
    ALLOW,
    "then: {outcome: allow, cod: ok, return_freight: customer}",
    "unknown-output-cell",
    "code",
)
then(
    "a typo in an output that may be left out",
    ALLOW,
    "then: {outcome: allow, code: ok, return_frieght: customer}",
    "unknown-output-cell",
    "return_freight",
)
then("an empty output", ALLOW, "then: {outcome: allow, code: , return_freight: customer}", "empty-cell")
then(
    "two values for an output",
    ALLOW,
    "then: {outcome: [allow, deny], code: ok, return_freight: customer}",
    "malformed-output-cell",
)
then(
    "a full-width comma",
    ALLOW,
    "then: {outcome: allow⟦，⟧code: ok, return_freight: customer}",
    "full-width-punctuation",
    ",",
    mends=False,
)

deadlines = Section("then", D + "return_deadline.yaml")
deadlines(
    "a call without quotes in braces",
    "then: {ends_at: 'deadline(param.no_reason_window, claim.signed_at)'}",
    "then: {ends_at: ⟦deadline(param.no_reason_window, claim.signed_at)⟧}",
    "unquoted-cell",
    '"deadline(param.no_reason_window, claim.signed_at)"',
)
deadlines(
    "an answer of another kind",
    "deadline(param.no_reason_window, claim.signed_at)",
    "date_of(claim.signed_at)",
    "kinds-disagree",
)
deadlines("a typo in a function", "'deadline(param.", "'⟦dedline⟧(param.", "unknown-function", "deadline")
refunds = Section("then", D + "refund_deadline.yaml")
refunds(
    "a typo in a parameter",
    "due_by: deadline(param.refund_window,",
    "due_by: deadline(⟦param.refund_windows⟧,",
    "unknown-parameter",
    "param.refund_window",
)
refunds(
    "a typo in a fact",
    "deadline(param.refund_window, claim.goods_received_at)",
    "deadline(param.refund_window, ⟦claim.goods_recieved_at⟧)",
    "unknown-fact",
    "claim.goods_received_at",
)
faults = Section("then", D + "quality_return.yaml")
faults(
    "a typo in a party of the quality return",
    "outcome: allow, code: quality.return, return_freight: merchant",
    "outcome: allow, code: quality.return, return_freight: ⟦merchnat⟧",
    "unknown-symbol",
    "merchant",
)
faults(
    "a missing party after seven days",
    "code: {expr: decision.quality_later.code}, return_freight: merchant",
    "code: {expr: decision.quality_later.code}",
    "missing-output",
    at=(D + "quality_return.yaml", "id: after-seven-days"),
)
exempt = Section("cells", D + "exemption.yaml")
exempt(
    "a typo in one of several symbols",
    "[downloaded, opened, seal_broken]",
    "[downloaded, ⟦opend⟧, seal_broken]",
    "unknown-symbol",
    "opened",
)
exempt(
    "the traditional title of a symbol among several",
    "[downloaded, opened, seal_broken]",
    "[downloaded, opened, ⟦必要的一次性封條已破壞⟧]",
    "unknown-symbol",
    "seal_broken",
)
exempt(
    "not() in a list", "[downloaded, opened, seal_broken]", "[downloaded, ⟦not(opened)⟧, seal_broken]", "not-a-choice"
)
exempt("a symbol of another column", "{category: fresh_food}", "{category: ⟦flawed⟧}", "unknown-symbol")

expr = Section("expr", D + "return_request.yaml")
expr(
    "a typo in an output",
    "{expr: decision.quality_return.code}",
    "{expr: decision.quality_return.cod}",
    "unknown-output",
    "decision.quality_return.code",
)
expr(
    "a typo in a decision",
    "{expr: decision.quality_return.code}",
    "{expr: decision.qualty_return.code}",
    "unknown-decision",
    "decision.quality_return.code",
)
expr(
    "a typo in its key",
    "{expr: decision.quality_return.code}",
    "{⟦exp⟧: decision.quality_return.code}",
    "malformed-output-cell",
)
expr(
    "no expr at all",
    "{expr: decision.quality_return.code}",
    "decision.quality_return.code",
    "unknown-symbol",
    "{expr: decision.quality_return.code}",
)
expr(
    "an answer of another kind",
    "{expr: decision.quality_return.code}",
    "{expr: decision.quality_return.outcome}",
    "kinds-disagree",
)
expr(
    "an optional answer for one that must be there",
    "code: {expr: decision.no_reason_return.code}",
    "code: {expr: decision.no_reason_return.note}",
    "optional-into-required",
)

exceptions = Section("exceptions", D + "no_reason_return.yaml")
exceptions(
    "a typo in a key",
    "    exceptions:\n      - id: merchant-promise",
    "    ⟦exeptions⟧:\n      - id: merchant-promise",
    "unknown-key",
    "exceptions",
)
exceptions(
    "a missing output",
    "then: {outcome: allow, code: promise, return_freight: customer}",
    "then: {outcome: allow}",
    "missing-output",
    at=(D + "no_reason_return.yaml", "id: merchant-promise"),
)
exceptions(
    "a typo in a code",
    "then: {outcome: allow, code: promise,",
    "then: {outcome: allow, code: ⟦promis⟧,",
    "unknown-symbol",
    "promise",
)
exceptions(
    "an exception without a list",
    "    exceptions:\n      - id: merchant-promise\n        title",
    "    exceptions:\n        ⟦id: merchant-promise\n        title",
    "wrong-shape",
)
exceptions(
    "a typo in an optional output",
    "note: note.seal_unconfirmed}",
    "⟦notes⟧: note.seal_unconfirmed}",
    "unknown-output-cell",
    "note",
)

otherwise = Section("otherwise", D + "return_request.yaml")
otherwise(
    "a typo in a symbol", "otherwise: {regime: unclear,", "otherwise: {regime: ⟦uncler⟧,", "unknown-symbol", "unclear"
)
otherwise(
    "a missing output",
    "otherwise: {regime: unclear, outcome: manual, code: fault.unclear}",
    "otherwise: {regime: unclear, outcome: manual}",
    "missing-output",
)
otherwise(
    "a typo in an output",
    "otherwise: {regime: unclear,",
    "otherwise: {⟦regim⟧: unclear,",
    "unknown-output-cell",
    "regime",
)
otherwise(
    "the best answer without a source",
    "outcome: manual, code: fault.unclear}",
    "outcome: allow, code: fault.unclear}",
    "generous-otherwise",
)
otherwise("a typo in the key", "otherwise: {", "otherwize: {", "unknown-key", "otherwise")

# What a Chinese keyboard, a spreadsheet and habit make of it

pack("the currency as its sign", "currency: CNY", "currency: ￥", "unknown-currency", "CNY")
pack("the city for the time zone", "Asia/Shanghai", "北京", "unknown-zone", "Asia/Shanghai")
pack("an offset for the time zone", "Asia/Shanghai", "UTC+8", "unknown-zone", "Asia/Shanghai")
pack("the rounding in Chinese", "half_up", "四舍五入", "unknown-choice", "half_up")
pack("a wave for the range", "[2017-03-15..2027-01-01)", "[2017-03-15～2027-01-01)", "malformed-interval")
pack("square Chinese brackets", "[2017-03-15..2027-01-01)", "【2017-03-15..2027-01-01）", "malformed-interval")
pack("no brackets", '"[2017-03-15..2027-01-01)"', '"⟦2017-03-15..2027-01-01"', "malformed-interval")
pack("a date in Chinese", "2026-11-22", "2026年11月22日", "wrong-kind", "2026-11-22")
pack("a date with points", "2026-11-22", "2026.11.22", "wrong-kind", "2026-11-22")
pack("a date in full-width digits", "2026-11-22", "２０２６-11-22", "wrong-kind", "2026-11-22")
pack("a day without its year", "2026-11-22", "11月22日", "wrong-kind")
pack("zh for zh-CN", "title: {zh-CN: 中国", "title: {⟦zh⟧: 中国", "unknown-language", "zh-CN")
pack("cn for zh-CN", "title: {zh-CN: 中国", "title: {⟦cn⟧: 中国", "unknown-language", "zh-CN")
pack("tw for zh-TW", "zh-TW: 中國大陸標準售後", "⟦tw⟧: 中國大陸標準售後", "unknown-language", "zh-TW")
pack("Simplified Chinese by its name", "title: {zh-CN: 中国", "title: {⟦简体中文⟧: 中国", "unknown-language", "zh-CN")
facts("a kind of databases", "id: {type: text", "id: {type: ⟦string⟧", "unknown-choice", "text")
facts(
    "another kind of databases",
    "no_return_confirmed:\n      type: bool",
    "no_return_confirmed:\n      type: ⟦boolean⟧",
    "unknown-choice",
    "bool",
)
facts("the kind in Chinese", "      type: money", "      type: ⟦金额⟧", "unknown-choice", "money")
facts("a bound with the sign in front", "max: 1000000 CNY", "max: ￥1000000", "wrong-kind", "1000000 CNY")
facts("a bound with the currency in front", "max: 1000000 CNY", "max: ⟦CNY 1000000⟧", "wrong-kind", "1000000 CNY")
facts("a bound in 万元", "max: 1000000 CNY", "max: ⟦100万元⟧", "wrong-kind", "1000000 CNY")
facts("a bound in 万 of the currency", "max: 1000000 CNY", "max: ⟦100万 CNY⟧", "wrong-kind", "1000000 CNY")
facts("a bound in full-width digits", "max: 1000000 CNY", "max: ⟦１００００００ CNY⟧", "wrong-kind", "1000000 CNY")
facts("a bound in RMB", "max: 1000000 CNY", "max: ⟦1000000 RMB⟧", "wrong-kind", "1000000 CNY")
facts("a bound in 日", "max: 365 days", "max: ⟦365 日⟧", "wrong-kind", "365 days")
facts("a bound in years", "max: 365 days", "max: ⟦1 year⟧", "wrong-kind")
facts(
    "one blank too many before a fact", "    paid_at: {type: datetime", "     paid_at: {type: datetime", "yaml-syntax"
)
window("a length in 日", "{length: 7日, counts_from: next_day}", "malformed-length", "7 days")
window("a length in Chinese numerals", "{length: 七天, counts_from: next_day}", "malformed-length")
window("a length in weeks in Chinese", "{length: 1周, counts_from: next_day}", "malformed-length", "1 week")
window(
    "working days in Chinese",
    "{length: ⟦7个工作日⟧, counts_from: next_day}",
    "malformed-length",
    "7 working_days",
    mends=False,
)
window("a wide blank", "{length: ⟦7　days⟧, counts_from: next_day}", "malformed-length", "7 days")
window("no blank after a colon in braces", "{⟦length:7 days⟧, counts_from: next_day}", "key-without-value")
window("a length as a fraction", "{length: 0.8, counts_from: next_day}", "malformed-length")
window("a length below nothing", "{length: -7 days, counts_from: next_day}", "malformed-length")
UNTIL = (
    f"\n        value: {REFUND}\n        until: 2020-12-31\n        because: 旧规则\n        basis: law\n"
    "      - from: 2021-01-01"
)
parameters(
    "a last day where the first day after it is meant",
    REFUND_HEAD,
    REFUND_HEAD + UNTIL,
    "edition-gap",
    at=("parameters.yaml", "refund_window:"),
)
parameters(
    "two editions from one day",
    REFUND_HEAD,
    REFUND_HEAD + f"\n        value: {REFUND}\n        because: 旧规则\n        basis: law\n      - ⟦from: 2017-03-15",
    "unordered-editions",
)
parameters(
    "a date in Chinese", REFUND_HEAD, REFUND_HEAD.replace("2017-03-15", "⟦2017年3月15日⟧"), "wrong-kind", "2017-03-15"
)
parameters("a date with the day first", REFUND_HEAD, REFUND_HEAD.replace("2017-03-15", "⟦15/03/2017⟧"), "wrong-kind")
extra("a percent with a full-width sign", "percent", "80％", "param.extra <= 100%", "percent-without-sign", "80%")
extra("a percent in 折", "percent", "8折", "param.extra <= 100%", "percent-without-sign")
extra("an amount with the sign in front", "money", "￥12.50", "param.extra <= 20 CNY", "wrong-kind", "12.50 CNY")
extra("an amount in 元", "money", "12.50元", "param.extra <= 20 CNY", "wrong-kind", "12.50 CNY")
extra("an amount in fen", "money", "1250分", "param.extra <= 20 CNY", "wrong-kind")
extra("a boolean in Chinese", "bool", "否", "param.extra", "wrong-kind", "false")
extra("another party by a word that is near", "party", "买家", "param.extra = merchant", "unknown-symbol")
head("the hit policy in Chinese", "hit_policy: unique", "hit_policy: 唯一", "unknown-choice")
head(
    "the title of the governing fact",
    "governed_by: order.paid_at",
    "governed_by: 付款时间",
    "unknown-fact",
    "order.paid_at",
)
head(
    "the governing fact without its record",
    "governed_by: order.paid_at",
    "governed_by: paid_at",
    "unknown-fact",
    "order.paid_at",
)
rules("a dash too far from its key", "  - id: not-intact", "  -  id: not-intact", "yaml-syntax")
rules("a dash without its blank", "  - id: not-intact", "  -id: not-intact", "yaml-syntax")
rules("a long dash for the list", "  - id: not-intact", "  — id: not-intact", "yaml-syntax")
rules("a full-width colon behind id", "  - id: not-intact", "  - id⟦：⟧not-intact", "full-width-punctuation", ": ")
rules("a key in capitals", "  - id: not-intact", "  - ID: not-intact", "unknown-key", "id")
rules("if for when", "    when: {exempt: not(none)}", "    if: {exempt: not(none)}", "unknown-key")
rules(
    "the basis in Chinese",
    "en: Interim Measures for Seven-Day No-Reason Return art 10}\n    basis: law",
    "en: Interim Measures for Seven-Day No-Reason Return art 10}\n    basis: 法律法规",
    "unknown-choice",
    "law",
)
cells(
    "a Chinese quote",
    INTACT,
    "when: {exempt: none, in_time: true, state: ⟦“intact”⟧}",
    "full-width-sign",
    '"intact"',
    mends=False,
)
cells(
    "否 for false", "when: {exempt: none, in_time: false}", "when: {exempt: none, in_time: 否}", "unknown-name", "false"
)
cells("Y for true", INTACT, "when: {exempt: none, in_time: Y, state: intact}", "unknown-name", "true")
cells("null for any", INTACT, "when: {exempt: none, in_time: true, state: null}", "unknown-symbol")
cells("任意 for any", INTACT, "when: {exempt: none, in_time: true, state: 任意}", "unknown-symbol")
cells("a fact of another table", INTACT, "when: {exempt: none, in_time: true, ⟦condition: intact}", "unknown-input")
cells("no blank after a colon", INTACT, "when: {⟦exempt:none, in_time: true, state: intact}", "key-without-value")
cells("brackets forgotten at the end", INTACT, "when: ⟦{exempt: none, in_time: true, state: intact", "yaml-syntax")
cells("a hash that makes a comment", INTACT, "when: ⟦{exempt: none, in_time: true, state: #intact}", "yaml-syntax")
cells("no colon", INTACT, "⟦when {exempt: none, in_time: true, state: intact}", "yaml-syntax")
cells("an input twice", INTACT, "when: {exempt: none, ⟦exempt: none, in_time: true, state: intact}", "duplicate-key")
waited("a length in Chinese", '"> 7天"', "unknown-unit", '"> 7 days"')
waited("a sign in Chinese", '"≥ 7 days"', "full-width-sign", '">= 7 days"')
waited("no unit", '"> 7"', "number-without-unit", '"> 7 days"')
promise("大于等于 for >=", "and order.goods_paid ⟦大于等于⟧ 100 CNY", "foreign-operator", ">=")
promise("≥ for >=", "and order.goods_paid ⟦≥⟧ 100 CNY", "full-width-sign", ">=")
promise("或者 for or", "⟦或者⟧ order.goods_paid >= 100 CNY", "foreign-operator", "or")
promise("=> for >=", "and order.goods_paid ⟦=>⟧ 100 CNY", "foreign-operator", ">=")
promise("<> for !=", "and order.goods_paid ⟦<>⟧ 100 CNY", "foreign-operator", "!=")
promise("money in 块", "and order.goods_paid >= ⟦100块⟧", "unknown-unit", "100 CNY")
promise("money in 万元", "and order.goods_paid >= ⟦1万元⟧", "unknown-unit", "10000 CNY")
promise("money in RMB", "and order.goods_paid >= ⟦100 RMB⟧", "unknown-unit", "100 CNY")
promise("money with three places", "and order.goods_paid >= ⟦99.999 CNY⟧", "too-many-places")
promise("money in full-width digits", "and order.goods_paid >= ⟦１００⟧ CNY", "full-width-sign", "100")
promise("days in 日", "and days_between(claim.signed_at, claim.requested_at) <= ⟦7日⟧", "unknown-unit", "7 days")
promise(
    "days with a no-break space",
    "and days_between(claim.signed_at, claim.requested_at) <= 7⟦\u00a0⟧days",
    "full-width-sign",
    " ",
)
promise("days with a tab", "and days_between(claim.signed_at, claim.requested_at) <= 7⟦\tdays", "tab-character")
promise("days with a half", "and days_between(claim.signed_at, claim.requested_at) <= ⟦7.5 days⟧", "wrong-kind")
promise("days in months", "and days_between(claim.signed_at, claim.requested_at) <= ⟦1 month⟧", "unknown-unit")
promise("a date with slashes", "and claim.requested_at <= ⟦2026/11/11⟧", "malformed-date", "2026-11-11")
promise("a date in Chinese", "and claim.requested_at <= ⟦2026年11月11日⟧", "malformed-date", "2026-11-11")
promise("a date without its year", "and claim.requested_at <= ⟦11月11日⟧", "malformed-date")
promise("a date in quotes", "and claim.requested_at <= ⟦'2026-11-11'⟧", "kinds-disagree", "2026-11-11")
promise("24:00 behind a date", "and claim.requested_at <= ⟦2026-11-11 24:00⟧", "malformed-date")
promise("an instant at 24:00", "and claim.requested_at <= ⟦2026-11-11T24:00:00+08:00⟧", "wrong-kind")
promise("an instant without its zone", "and claim.requested_at <= ⟦2026-11-11T10:00:00⟧", "wrong-kind")
promise("a wave for the range of days", "and claim.requested_at in [2026-11-01⟦～⟧2026-11-11]", "full-width-sign")
promise("the title of a reason", "and claim.reason = ⟦七日无理由⟧", "unknown-symbol", "no_reason")
promise("round brackets for the list", "and claim.reason in (no_reason⟦,⟧ remorse)", "unexpected-text")
promise("a Chinese comma in the list", "and claim.reason in [no_reason⟦，⟧remorse]", "full-width-sign", ",")
promise("null", "and promise.no_reason_return ⟦!= null⟧", "foreign-operator", "is given")
promise("is null", "and promise.no_reason_return ⟦is null⟧", "foreign-operator", "is absent")
promise("is not given", "and promise.no_reason_return ⟦is not given⟧", "foreign-operator", "is absent")
promise("an optional truth without a guard", "and ⟦promise.no_reason_return⟧", "unguarded-optional")
promise("是 for true", "and ⟦是⟧", "unknown-name", "true")
promise("yes for true", "and item.no_return_confirmed = ⟦yes⟧", "unknown-name", "true")
promise("1 for true", "and item.no_return_confirmed = ⟦1⟧", "kinds-disagree")
promise("true in quotes", "and item.no_return_confirmed = ⟦'true'⟧", "kinds-disagree", "true")
promise("today, which no rule sees", "and ⟦today()⟧ <= claim.requested_at", "unknown-function")
promise("days added to an instant", "and claim.requested_at <= ⟦claim.signed_at + 7 days⟧", "no-arithmetic")
promise("a window compared with days", "and param.no_reason_window = ⟦7 days⟧", "kinds-disagree")
promise(
    "a factor without a currency behind it", "and order.goods_paid * 0.8 >= ⟦100⟧", "money-without-currency", "100 CNY"
)
promise("a division by nothing", "and order.goods_paid / ⟦0⟧ >= 100 CNY", "unsafe-division")
promise("a semicolon at the end", "and order.goods_paid >= 100 CNY⟦;⟧", "unexpected-text")
promise("a Chinese full stop at the end", "and order.goods_paid >= 100 CNY⟦。⟧", "full-width-sign")
promise("a comment behind a condition", "and order.goods_paid >= 100 CNY ⟦#⟧ 满一百", "unexpected-text")
then("a party by another word", ALLOW, "then: {outcome: allow, code: ok, return_freight: ⟦买家⟧}", "unknown-symbol")
then("null for no output", ALLOW, "then: {outcome: allow, code: ok, return_freight: ⟦null⟧}", "unknown-symbol")
then("the outcome alone", ALLOW, "then: ⟦allow", "wrong-shape")
then(
    "a comma forgotten",
    ALLOW,
    "then: {outcome: allow, code: ⟦ok return_freight: customer⟧}",
    "unquoted-text",
    '"ok return_freight: customer"',
    mends=False,
)

# decisions: what only the analysis of the whole table finds

CONDITION, EXEMPTION, REQUEST = D + "condition.yaml", D + "exemption.yaml", D + "return_request.yaml"
NO_REASON, QUALITY = D + "no_reason_return.yaml", D + "quality_return.yaml"


def analysed(
    says: str, file: str, old: str, new: str, finding: str, at: str, also: tuple[tuple[str, str], ...] = ()
) -> None:
    """A table that reads well and does not decide well."""
    Section("analysis", file)(says, old, new, finding, at=(file, at), also=also)


def head_of(file: str) -> str:
    return file.removeprefix(D).removesuffix(".yaml") + "\ntitle"


analysed(
    "a class of exempt goods forgotten",
    NO_REASON,
    "when: {exempt: not(none)}",
    "when: {exempt: statutory}",
    "gap",
    head_of(NO_REASON),
)
ARGUABLE = (
    "  - id: arguable\n"
    "    title: {zh-CN: 是否完好有争议, zh-TW: 是否完好有爭議, en: Whether the goods are intact is arguable}\n"
    "    when: {exempt: none, in_time: true, state: arguable}\n"
    "    then: {outcome: manual, code: {expr: decision.condition.code}}\n"
    "    because: {zh-CN: 网络购买商品七日无理由退货暂行办法 第八条、第九条, zh-TW: 網路購買商品七日無理由退貨暫行辦法 第八條、第九條, en: Interim Measures for Seven-Day No-Reason Return arts 8 and 9}\n"
    "    basis: own\n"
)
analysed("a rule deleted", NO_REASON, ARGUABLE, "", "gap", head_of(NO_REASON))
for file, fallback in {
    CONDITION: "otherwise: {state: arguable, code: condition.unclear}\n",
    EXEMPTION: "otherwise: {class: none, code: exempt.none}\n",
    REQUEST: "otherwise: {regime: unclear, outcome: manual, code: fault.unclear}\n",
}.items():
    analysed(f"no otherwise in {file.removeprefix(D)}", file, fallback, "", "gap", head_of(file))
analysed(
    "a column forgotten: whether it was in time",
    NO_REASON,
    "when: {exempt: none, in_time: true, state: intact}",
    "when: {exempt: none, state: intact}",
    "overlapping-rules",
    "expired\n",
    also=(("exception-never-applies", "merchant-promise\n        title"),),
)
analysed(
    "a column forgotten: whether the goods are exempt",
    NO_REASON,
    "when: {exempt: none, in_time: true, state: intact}",
    "when: {in_time: true, state: intact}",
    "overlapping-rules",
    "exempt\n    title",
)
analysed(
    "a value in two rules",
    CONDITION,
    "when: {condition: damaged}",
    "when: {condition: [damaged, soiled]}",
    "overlapping-rules",
    "soiled\n    title",
)
analysed(
    "a rule copied and its cell not changed",
    CONDITION,
    "when: {condition: damaged}",
    "when: {condition: incomplete}",
    "overlapping-rules",
    "damaged\n    title",
)
analysed(
    "a value too many among several",
    CONDITION,
    "when: {category: electronics, condition: worn}",
    "when: {category: electronics, condition: [worn, altered]}",
    "overlapping-rules",
    "electronics-worn",
)
analysed(
    "one fault under two regimes",
    REQUEST,
    "when: {goods_fault: [none, customer]}",
    "when: {goods_fault: [none, customer, merchant]}",
    "overlapping-rules",
    "no-reason\n",
)
analysed(
    "a cell copied from the rule above",
    QUALITY,
    "when: {in_time: false}",
    "when: {in_time: true}",
    "gap",
    head_of(QUALITY),
    also=(("overlapping-rules", "after-seven-days"),),
)
analysed(
    "a cell that repeats another rule's",
    NO_REASON,
    "when: {exempt: none, in_time: true, state: arguable}",
    "when: {exempt: none, in_time: true, state: intact}",
    "gap",
    head_of(NO_REASON),
    also=(("exception-never-applies", "good-faith"), ("overlapping-rules", "arguable\n    title")),
)
analysed(
    "the wrong class in the general rule",
    NO_REASON,
    "when: {exempt: none, in_time: true, state: intact}",
    "when: {exempt: statutory, in_time: true, state: intact}",
    "gap",
    head_of(NO_REASON),
    also=(("exception-never-applies", "good-faith"), ("overlapping-rules", "exempt\n    title")),
)
analysed(
    "a category copied from a rule above, which takes all of it",
    EXEMPTION,
    "when: {category: digital, condition: [downloaded, opened, seal_broken]}",
    "when: {category: fresh_food, condition: [downloaded, opened, seal_broken]}",
    "input-never-matters",
    "condition: claim.condition",
    also=(("shadowed-rule", "digital\n    title"),),
)
analysed(
    "a category that an earlier rule has taken",
    EXEMPTION,
    "when: {category: periodical}",
    "when: {category: fresh_food}",
    "shadowed-rule",
    "periodical\n",
)
analysed(
    "two conditions that contradict each other",
    EXEMPTION,
    "when: {category: periodical}",
    'when: "category = periodical and category = digital"',
    "unreachable-rule",
    "periodical\n",
)
WAIT = ("", "  confirmed: confirmed\n", "  confirmed: confirmed\n  promised_days: promise.return_days\n")
for says, cell in {
    "a threshold above what the fact can be": '"> 365 days"',
    "a threshold below what the fact can be": '"< 0 days"',
}.items():
    Section("analysis", EXEMPTION)(
        says,
        "when: {category: periodical}",
        f"when: {{category: periodical, promised_days: {cell}}}",
        "cell-never-true",
        None,
        WAIT,
        at=(EXEMPTION, "promised_days: " + cell),
    )

# settlements

settlement = Section("settlement", "settlement.yaml")
settlement("a word that is no mode", "mode: decision.refund_mode.mode", "mode: ⟦half⟧", "unknown-symbol")
settlement("a reason that is none", "reason: claim.reason", "reason: ⟦claim.condition⟧", "kinds-disagree")
settlement("a routing that there is not", "routing: param.refund_routing", "routing: ⟦by_share⟧", "unknown-symbol")
settlement(
    "a share beyond the whole",
    "routing: param.refund_routing",
    "routing: param.refund_routing\nshares: {merchant: ⟦130%⟧}",
    "malformed-share",
)

settlement(
    "a rounding of points that there is not", "{rounding: half_up}", "{rounding: ⟦halfup⟧}", "unknown-choice", "half_up"
)
settlement(
    "an addition of a decision with a typo",
    "amount: decision.owed_compensation.amount",
    "amount: ⟦decision.owed_compensations.amount⟧",
    "unknown-decision",
    "decision.owed_compensation.amount",
)
settlement(
    "an output of a decision with a typo",
    "amount: decision.gift_claim.amount",
    "amount: ⟦decision.gift_claim.amonut⟧",
    "unknown-output",
    "decision.gift_claim.amount",
)
settlement("a party that pays back and is none", "from: carrier", "from: ⟦carier⟧", "unknown-symbol", "carrier")
settlement(
    "a party that bears and is none",
    "      supplier: decision.cost",
    "      ⟦suplier⟧: decision.cost",
    "unknown-symbol",
    "supplier",
)
settlement("an effect of something else", "of: refunded", "of: ⟦refundable⟧", "unknown-choice")
settlement(
    "an approval by no role",
    "approval: {role: decision.approval.needs,",
    "approval: {role: ⟦decision.approval.confirm⟧,",
    "kinds-disagree",
)
settlement(
    "a limit of a rail in money",
    "rail: {refunds: param.wechat_partial_refunds}",
    "rail: {refunds: ⟦50 CNY⟧}",
    "kinds-disagree",
)
settlement(
    "an addition with a typo in a key", "  goodwill:\n    title:", "  goodwill:\n    ⟦titel⟧:", "unknown-key", "title"
)
settlement("one name for two amounts", "  forfeited_deposit:\n", "  ⟦goodwill⟧:\n", "duplicate-definition")

# mappings

mapping = Section("mapping", "mappings/shopify_order.yaml")
mapping(
    "a typo in a fact",
    "  order.paid_at: processed_at",
    "  order.paid_att: processed_at",
    "unknown-fact",
    "order.paid_at",
)
mapping(
    "a path that is not finished", "[?shipment_status=='delivered']", "[?shipment_status=='delivered'", "malformed-path"
)
mapping("a path with a double dot", "order.id: name", "order.id: customer..name", "malformed-path")
mapping("a sum", "{path: current_subtotal_price,", "{path: 'sum(line_items[].price)',", "refused-path")
mapping("a selection of several", "{path: current_subtotal_price,", "{path: '[subtotal, total]',", "refused-path")
mapping(
    "a call of nothing known", "{path: current_subtotal_price,", "{path: 'lowest(line_items[].price)',", "refused-path"
)
mapping(
    "a typo in a key",
    "{path: current_subtotal_price, currency: currency}",
    "{path: current_subtotal_price, curency: currency}",
    "unknown-key",
    "currency",
)
mapping(
    "a word that is not of the fact's kind",
    "[?name=='made_after_order'] | [0].value\"\n    optional: true\n    values: {yes: true, no: false}",
    "[?name=='made_after_order'] | [0].value\"\n    optional: true\n    values: {yes: ⟦ture⟧, no: false}",
    "wrong-kind",
    "true",
)
mapping(
    "yes for true on both sides",
    "[?name=='made_after_order'] | [0].value\"\n    optional: true\n    values: {yes: true, no: false}",
    "[?name=='made_after_order'] | [0].value\"\n    optional: true\n    values: {yes: ⟦yes⟧, no: false}",
    "wrong-kind",
    "true",
)
mapping(
    "a typo in a symbol",
    "{path: \"(!(line_items[1]) && line_items[0]).properties[?name=='nature'] | [0].value\", optional: true}",
    "{path: \"(!(line_items[1]) && line_items[0]).properties[?name=='nature'] | [0].value\", optional: true, values: {normal: ⟦ordinray⟧}}",
    "unknown-symbol",
    "ordinary",
)
mapping(
    "yes for true",
    "{path: \"(!(line_items[1]) && line_items[0]).properties[?name=='nature'] | [0].value\", optional: true}",
    "{path: \"(!(line_items[1]) && line_items[0]).properties[?name=='nature'] | [0].value\", optional: ⟦yes⟧}",
    "wrong-kind",
    "true",
)
mapping("a missing path", "{path: current_subtotal_price, currency: currency}", "{currency: currency}", "missing-key")
mapping("a fact twice", "  order.paid_at: processed_at", "  order.id: processed_at", "duplicate-key")
mapping(
    "a typo in the document's path",
    "document: order || (!(orders[1]) && orders[0])",
    "document: order || (!(orders[1]) && orders[0",
    "malformed-path",
)
