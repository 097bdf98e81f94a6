"""The corpus, continued: what a shop gets wrong that builds on the standard pack, as a layer of its own."""

from corpus import Section

PACK = "shop"


def section(name: str, file: str) -> Section:
    return Section(name, file, PACK)


LAYER = "layers/promises.yaml"
WINDOW = "{length: 15 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day], calendar: cn}"
GIVEN = f"  no_reason_window:\n    value: {WINDOW}\n"

pack = section("pack", "pack.yaml")
pack("the pack to build on in capitals", "extends: cn", "extends: CN", "unknown-base", "cn")
pack("the pack to build on by its country", "extends: cn", "extends: china", "unknown-base")
pack("a typo in extends", "extends: cn", "extend: cn", "unknown-key", "extends")
pack("extends in Chinese punctuation", "extends: cn", "⟦extends：cn⟧", "full-width-punctuation", "extends: cn")

layer = section("layer", LAYER)
layer("a typo in the kind of document", "layer: promises", "layers: promises", "unknown-document", "layer")
layer("a layer with a Chinese name", "layer: promises", "layer: 店铺承诺", "malformed-name")
layer("a typo in the rank", "rank: promise", "rank: promice", "unknown-choice", "promise")
layer("the rank in Chinese", "rank: promise", "rank: 商家承诺", "unknown-choice", "promise")
layer("the rank in traditional characters", "rank: promise", "rank: 商家承諾", "unknown-choice", "promise")
layer("a rank that there is not", "rank: promise", "rank: shop", "unknown-choice")
layer("no rank", "rank: promise\n", "", "missing-key", at=(LAYER, "layer:"))
layer("a typo in a parameter", "  no_reason_window:", "  no_reason_windw:", "unknown-parameter", "no_reason_window")
layer("the title of a parameter for its name", "  no_reason_window:", "  七日无理由退货期:", "malformed-name")
layer(
    "a value without a source",
    "    because: {zh-CN: 店铺承诺 十五天",
    "    bacause: {zh-CN: 店铺承诺 十五天",
    "unknown-key",
    "because",
)
layer(
    "no source at all",
    "    because: {zh-CN: 店铺承诺 十五天无理由退货, zh-TW: 店鋪承諾 十五天無理由退貨, en: 'Shop promise: return within fifteen days'}\n",
    "",
    "missing-key",
    at=(LAYER, "no_reason_window"),
)
layer(
    "a colon in a source",
    "en: 'Shop promise: return within fifteen days'",
    "en: ⟦Shop promise: return within fifteen days⟧",
    "unquoted-text",
    '"Shop promise: return within fifteen days"',
)
layer("days alone for a window", WINDOW, "15天", "malformed-window")
layer("a typo in the calendar", WINDOW, WINDOW.replace("calendar: cn", "calendar: ⟦nc⟧"), "unknown-calendar", "cn")


def below(says: str, value: str) -> None:
    """A value below what the law gives."""
    layer(says, f"value: {WINDOW}", f"value: {value}", "broken-floor")


below("a promise of fewer days than the law gives", WINDOW.replace("15", "6"))
below("seven days that holidays do not extend", "{length: 7 days, counts_from: next_day}")
below(
    "eight days that holidays do not extend, too short on some days of a year",
    "{length: 8 days, counts_from: next_day}",
)
below("seven days counted from the day of signing", WINDOW.replace("15", "7").replace("next_day", "same_day"))
below("seven days as hours", "{length: 168 hours, counts_from: moment}")
layer(
    "more time for the refund than the law allows",
    GIVEN,
    "  refund_window:\n    value: ⟦{length: 15 days, counts_from: next_day}\n",
    "broken-floor",
)
layer(
    "a value that ends before it begins",
    GIVEN,
    f"  no_reason_window:\n    editions:\n      - {{⟦from: 2026-10-20, until: 2026-10-01, value: {WINDOW}, because: 店铺承诺, basis: own}}\n",
    "unordered-editions",
    None,
    (
        "",
        "    because: {zh-CN: 店铺承诺 十五天无理由退货, zh-TW: 店鋪承諾 十五天無理由退貨, en: 'Shop promise: return within fifteen days'}\n    basis: own\n",
        "",
    ),
)


def while_(says: str, condition: str, finding: str, meant: str | None = None) -> None:
    """A mistake in the condition of the layer."""
    layer(says, "rank: promise\n", f"rank: promise\nwhile: {condition}\n", finding, meant)


while_("a fact that the pack does not have", "⟦order.marketplace⟧ = tmall", "unknown-fact")
while_("a typo in a fact", "⟦order.payed_at⟧ >= 2026-10-20", "unknown-fact", "order.paid_at")
while_("a date with slashes", "order.paid_at >= ⟦2026/10/20⟧", "malformed-date", "2026-10-20")
while_("a date in Chinese", "order.paid_at >= ⟦2026年10月20日⟧", "malformed-date", "2026-10-20")
while_("a day without its year", "order.paid_at >= ⟦10月20日⟧", "malformed-date")
while_("days the wrong way round", "order.paid_at in ⟦[2026-11-15..2026-10-20]⟧", "empty-interval")
while_("a wave for a range", "order.paid_at in [2026-10-20⟦～⟧2026-11-15]", "full-width-sign")
while_("an amount without a currency", "order.goods_paid >= ⟦99⟧", "money-without-currency", "99 CNY")
while_("an amount in 万元", "order.goods_paid >= ⟦1万元⟧", "unknown-unit", "10000 CNY")
layer.whole(
    "two promises for one window",
    lambda data: data,
    "layer-conflict",
    "promises\n",
    added={"layers/more.yaml": f"layer: more\ntitle: 更多\nrank: promise\nbecause: 店铺承诺\nparameters:\n{GIVEN}"},
)


def gift(says: str, of: str, when: str, finding: str, meant: str | None = None, id: str = "gift") -> None:
    """A mistake in an exception that the layer adds."""
    layer(
        says,
        "    basis: own\n",
        f"    basis: own\nexceptions:\n  - id: {id}\n    of: {of}\n    when: {when}\n"
        "    then: {outcome: allow, code: promise, return_freight: customer}\n    because: 店铺承诺\n",
        finding,
        meant,
    )


EXPIRED, PROMISED = "no_reason_return/expired", "promise.no_reason_return is given"
gift("a typo in a rule", "⟦no_reason_return/expird⟧", PROMISED, "unknown-rule", EXPIRED)
gift("a typo in a decision", "⟦no_reason_returns/expired⟧", PROMISED, "unknown-decision", EXPIRED)
gift("an exception with the id of its rule", EXPIRED, PROMISED, "duplicate-rule", id="⟦expired⟧")
gift("an exception with the id of another", EXPIRED, PROMISED, "duplicate-rule", id="⟦merchant-promise⟧")
gift("an optional fact that may not be given", EXPIRED, "⟦promise.no_reason_return⟧", "unguarded-optional")
gift("null for a fact that is not given", EXPIRED, "promise.no_reason_return ⟦!= null⟧", "foreign-operator", "is given")
gift("is not given", EXPIRED, "promise.no_reason_return ⟦is not given⟧", "foreign-operator", "is absent")
