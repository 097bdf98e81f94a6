"""The corpus, continued: what authors get wrong in the pack of `tests/domain/shapes`, which uses the whole language."""

from corpus import Section

PACK = "shapes"


def section(name: str, file: str) -> Section:
    return Section(name, file, PACK)


D, L, C = "decisions/", "layers/", "calendars/"

# pack.yaml and vocabularies

pack = section("pack", "pack.yaml")
pack("a pack to extend that is none", "language: 1", "extends: ⟦china⟧\nlanguage: 1", "unknown-base")
pack("a typo in the pack to extend", "language: 1", "extends: ⟦cnn⟧\nlanguage: 1", "unknown-base", "cn", mends=False)

roles = section("roles", "people.yaml")
roles("a typo in the role below", "above: front_line", "above: ⟦frontline⟧", "unknown-symbol", "front_line")
roles("a circle of roles", "一线客服, approves", "一线客服, above: manager, approves", "circular-role")
roles(
    "less than the role below approves",
    "approves: 500 CNY",
    "approves: ⟦5 CNY⟧",
    "authority-below",
    at=("people.yaml", "5 CNY}\n  manager"),
)
roles("an amount without a currency", "approves: 50 CNY", "approves: ⟦50⟧", "money-without-currency", "50 CNY")
roles("an amount in another currency", "approves: 50 CNY", "approves: 50 USD", "other-currency")
roles("a typo in a key", "approves: 50 CNY", "⟦aproves⟧: 50 CNY", "unknown-key", "approves")
roles("no title", "{title: 一线客服, approves", "{approves", "missing-key")

parties = section("parties", "parties.yaml")
parties("a party that csflow has", "warehouse: 仓储", "merchant: 仓储", "built-in-party")
parties("a name in Chinese", "warehouse: 仓储", "仓库: 仓储", "malformed-name")
parties("a typo in the kind of document", "parties:", "partie:", "unknown-document", "parties")

settlements = section("settlements", "settlement.yaml")
settlements("a typo in a party", "supplier: rest", "⟦suplier⟧: rest", "unknown-symbol", "supplier")

channels = section("channels", "channels.yaml")
channels("a channel twice", "hotline: 电话", "chat: 电话", "duplicate-key")
channels("a word of the language", "hotline: 电话", "some: 电话", "reserved-word")
channels("a channel without a title", "hotline: 电话", "hotline: ", "wrong-shape")

types = section("customer_types", "types.yaml")
types("a typo in the kind of document", "customer_types:", "customer_type:", "unknown-document", "customer_types")
types("a list for a mapping", "{calm: 平静, emotional: 情绪激动}", "[calm, emotional]", "wrong-shape")
types("a name with a dash", "calm: 平静", "⟦very-calm⟧: 平静", "malformed-name", "very_calm")

codes = section("codes", "codes.yaml")
codes(
    "a typo in an alternative",
    "cancel.shipped: 已发货，不能直接取消",
    "cancel.shipped: {title: 已发货，不能直接取消, alternatives: [⟦exemt.custom⟧]}",
    "unknown-symbol",
    "exempt.custom",
)

reasons = section("reasons", "reasons.yaml")
reasons(
    "a typo in a liability",
    "不想要了, liability: customer",
    "不想要了, liability: ⟦custmer⟧",
    "unknown-choice",
    "customer",
)

zone = section("zone", C + "zone.yaml")
zone(
    "a zone's name in another case",
    "zone: Asia/Shanghai",
    "zone: Asia/shanghai",
    "unknown-zone",
    "Asia/shanghai",
    at=("pack.yaml", "Asia/Shanghai"),
    mends=False,
)
zone("an offset without a colon", '"+08:00"', '"+0800"', "malformed-offset")

berlin = section("zone", C + "europe_berlin.yaml")
berlin("changes in the wrong order", "2017-03-26T01:00:00Z", "2016-03-26T01:00:00Z", "unordered-offsets")
germany = section("calendar", C + "de.yaml")
germany("a day that no calendar has", "- 2024-04-01", "- 2024-04-31", "malformed-date")
china = section("calendar", C + "cn.yaml")
china("a working day that is a holiday", "- 2024-02-04\n", "- 2024-02-10\n", "contradictory-day")

override = section("calendar_override", C + "cn_2027.yaml")
override("a typo in the calendar", "calendar_override: cn", "calendar_override: ⟦cnn⟧", "unknown-calendar", "cn")
override(
    "a hole before the days it covers",
    "[2027-01-01..2027-02-01)",
    "[2027-01-02..2027-02-01)",
    "day-outside-calendar",
    at=(C + "cn_2027.yaml", "2027-01-01..2027-01-03"),
)
override(
    "days that touch nothing",
    '"[2027-01-01..2027-02-01)"\nstatutory_holiday: [2027-01-01..2027-01-03]',
    '"[2027-01-03..2027-02-01)"\nstatutory_holiday: []',
    "detached-override",
)
override("a holiday that is a working day", "[2027-01-09]", "[2027-01-02]", "contradictory-day")
override("a day beyond what it covers", "[2027-01-09]", "[2027-02-09]", "day-outside-calendar")
override(
    "a weekend, which is the calendar's own", "working_day: [", "weekend: [saturday]\nworking_day: [", "unknown-key"
)
override(
    "an interval without quotes",
    '"[2027-01-01..2027-02-01)"',
    "[2027-01-01..2027-02-01)",
    "unquoted-cell",
    '"[2027-01-01..2027-02-01)"',
)
override("a typo in a key", "working_day:", "workingday:", "unknown-key", "working_day")

# facts

facts = section("facts", "facts.yaml")
facts("a kind beside fields", "    lines:\n      each:", "    lines:\n      type: text\n      each:", "misplaced-key")
facts("a typo in the kind of a field", "sku: {type: text,", "sku: {type: ⟦txt⟧,", "unknown-choice", "text")
facts(
    "a field that may change, which is for facts",
    "opened: {type: bool, optional: true}",
    "opened: {type: bool, optional: true, changeable: true}",
    "unknown-key",
)
facts(
    "a list with no kind and no fields",
    "    temper: {type: customer_type, optional: true}",
    "    temper: {optional: true}",
    "missing-key",
)
facts(
    "more items than a list may have",
    "max_items: 200",
    "max_items: 20000",
    "out-of-bounds",
    at=("facts.yaml", "lines:"),
)
facts(
    "a bound of a list at a fact", "is_fraud: {type: bool}", "is_fraud: {type: bool, max_items: 5}", "misplaced-bound"
)
facts("a typo in `each`", "      each:\n", "      eech:\n", "unknown-key", "each")
facts(
    "a type of customer as a field",
    "opened: {type: bool, optional: true}",
    "opened: {type: customer_type, optional: true}",
    "unknown-choice",
)
facts(
    "a field with bounds the wrong way round",
    "unit_price: {type: money, min: 0 CNY, max: 10000 CNY}",
    "unit_price: {type: money, min: 10 CNY, max: 1 CNY}",
    "empty-bounds",
)

# parameters

parameters = section("parameters", "parameters.yaml")
parameters(
    "a typo in a floor",
    "    combine: more_favourable",
    "    combine: more_favorable",
    "unknown-choice",
    "more_favourable",
)
parameters(
    "a typo in the direction of a floor",
    "type: int\n    floor: at_least",
    "type: int\n    floor: at_leat",
    "unknown-choice",
    "at_least",
)
parameters(
    "a window that favours what is larger",
    "favours: longer",
    "favours: larger",
    "unfit-favours",
    at=("parameters.yaml", "return_window"),
)
parameters(
    "what is favoured without what combines",
    "    combine: more_favourable\n",
    "",
    "missing-key",
    at=("parameters.yaml", "favours"),
)
parameters(
    "a floor of an enum",
    "    type: enum\n    of: {max:",
    "    type: enum\n    floor: at_least\n    of: {max:",
    "misplaced-bound",
    at=("parameters.yaml", "compensation_conflict"),
)
parameters(
    "a transition to something else",
    "of: {by_fact_time: 按行为发生时, by_decision_time: 按处理时}\n    value: by_fact_time",
    "of: {by_fact: 按行为发生时, by_decision_time: 按处理时}\n    value: by_fact",
    "unfit-transition",
    at=("parameters.yaml", "transition"),
)
parameters(
    "a typo in the value of the transition",
    "value: by_fact_time",
    "value: ⟦by_fact_tim⟧",
    "unknown-symbol",
    "by_fact_time",
)
parameters(
    "a value without dates",
    "    editions:\n      - {from: 2017-03-15, value: 3, because: 消费者权益保护法 第五十五条第一款, basis: law}",
    "    value: 3",
    "misplaced-key",
)
parameters(
    "a typo in the fact that chooses a calendar",
    "calendar: {by: order.country",
    "calendar: {by: ⟦order.contry⟧",
    "unknown-fact",
    "order.country",
)
parameters(
    "a value of that fact that has no calendar",
    "calendar: {by: order.country, cn: cn, de: de}",
    "calendar: {by: order.country, cn: cn}",
    "value-without-place",
)
parameters(
    "a typo in a value of that fact",
    "calendar: {by: order.country, cn: cn, de: de}",
    "calendar: {by: order.country, cn: cn, ⟦dee⟧: de}",
    "unknown-symbol",
    "de",
)
parameters("a typo in a zone to choose", "de: Europe/Berlin", "de: ⟦Europe/Berlim⟧", "unknown-zone", "Europe/Berlin")
parameters(
    "a fact that chooses nothing", "zone: {by: order.country", "zone: {by: ⟦claim.reason⟧", "unfit-choosing-fact"
)
parameters(
    "a choice without the fact",
    "calendar: {by: order.country, cn: cn, de: de}",
    "calendar: {cn: cn, de: de}",
    "missing-key",
)

# layers

jd = section("layer", L + "jd.yaml")
jd("a typo in the rank", "rank: platform", "rank: ⟦plaform⟧", "unknown-choice", "platform")
jd("a typo in a fact", "while: order.platform", "while: ⟦order.platfrom⟧", "unknown-fact", "order.platform")
jd("a typo in a symbol", "order.platform = jd", "order.platform = ⟦jdd⟧", "unknown-symbol", "jd")
jd(
    "a parameter that is none",
    "  compensation_conflict:",
    "  ⟦compensation_conflit⟧:",
    "unknown-parameter",
    "compensation_conflict",
)
jd("a value that the parameter has not", "value: platform", "value: ⟦platfrom⟧", "unknown-symbol", "platform")
jd(
    "a condition over a parameter",
    "order.platform = jd",
    "order.platform = jd and ⟦param.damages_multiple⟧ > 1",
    "layer-reads-no-fact",
)
jd(
    "a condition over a decision",
    "order.platform = jd",
    "order.platform = jd and ⟦decision.cancel.met⟧",
    "layer-reads-no-fact",
)
jd(
    "no value at all",
    "{value: platform, because: 第四十七条, basis: platform}",
    "{because: 第四十七条}",
    "one-value-or-editions",
)
jd("a basis that is none", "basis: platform", "basis: ⟦platfrm⟧", "unknown-choice", "platform")
jd(
    "two layers of one rank that hold together",
    "while: order.platform = jd",
    "while: order.platform != own",
    "layer-conflict",
    at=(L + "taobao.yaml", "layer: taobao"),
)
jd("no rank", "rank: platform\n", "", "missing-key", at=(L + "jd.yaml", "layer: jd"))
jd("a condition as `when`", "while: order", "when: order", "unknown-key")
jd("a type of customer in a condition", "order.platform = jd", "⟦claim.temper⟧ = calm", "customer-type-decides")
jd(
    "an optional in a condition",
    "order.platform = jd",
    "order.platform = jd and ⟦claim.loss⟧ > 5 CNY",
    "unguarded-optional",
)

promise = section("layer", L + "promise.yaml")
promise("a window shorter than the law's", "length: 15 days", "length: 5 days", "layer-without-effect")
promise("a unit that is none", "length: 15 days", "length: ⟦15 dayz⟧", "malformed-length", "15 days")
promise("a typo in a calendar", "calendar: cn}", "calendar: ⟦ch⟧}", "unknown-calendar", "cn")
promise(
    "what the law gives, multiplied by less",
    "parameters:",
    "parameters:\n  damages_multiple: {value: 2, because: 店铺承诺, basis: own}",
    "broken-floor",
    at=(L + "promise.yaml", "damages_multiple"),
)

taobao = section("layer", L + "taobao.yaml")
taobao(
    "a typo in the decision", "of: freight/no-fault", "of: ⟦freigth/no-fault⟧", "unknown-decision", "freight/no-fault"
)
taobao("a typo in the rule", "of: freight/no-fault", "of: ⟦freight/no-falt⟧", "unknown-rule", "freight/no-fault")
taobao("a decision without a rule", "of: freight/no-fault", "of: freight", "unknown-rule")
taobao(
    "an output that is none", "return_leg: customer}", "⟦return_legs⟧: customer}", "unknown-output-cell", "return_leg"
)
taobao(
    "a missing output",
    "{outbound: customer, return_leg: customer}",
    "{outbound: customer}",
    "missing-output",
    at=(L + "taobao.yaml", "taobao-all-freight"),
)
taobao("a typo in a party", "{outbound: customer,", "{outbound: ⟦custommer⟧,", "unknown-symbol", "customer")
taobao("the id of a rule", "id: taobao-all-freight", "id: fault", "duplicate-rule")
taobao(
    "editions for the transition",
    "transition: {value: by_decision_time, because: 第九十二条, basis: platform}",
    "transition: {editions: [{from: 2020-01-01, value: by_decision_time, because: 第九十二条, basis: platform}]}",
    "misplaced-key",
)
taobao(
    "a date when it is decided",
    "order.platform = taobao",
    "order.platform = taobao and ⟦event.at⟧ > 2025-01-01",
    "unknown-fact",
)
taobao(
    "an exception without a condition",
    '    when: "order.free_shipping = false or claim.breaks_free_shipping"\n',
    "",
    "rule-without-when",
    at=(L + "taobao.yaml", "taobao-all-freight"),
)

# decisions: checklists

cancel = section("checklist", D + "cancel.yaml")
cancel("a typo in a code", "else: cancel.shipped", "else: ⟦cancel.shiped⟧", "unknown-symbol", "cancel.shipped")
cancel("a requirement without a code", "else: cancel.shipped, because", "because", "missing-key")
cancel("an id twice", "id: own-reason", "id: not-shipped", "duplicate-rule")
cancel("a typo in `that`", 'that: "order.status', '⟦taht⟧: "order.status', "unknown-key", "that")
cancel("a typo in a symbol", "[pending, packed]", "[pending, ⟦pakced⟧]", "unknown-symbol", "packed")
cancel("a number for a condition", 'that: "order.status in [pending, packed]"', "that: claim.amount", "kinds-disagree")
cancel(
    "rules beside requirements",
    "requires:",
    "rules: [{id: a, when: {}, then: {met: true}, because: x}]\nrequires:",
    "misplaced-key",
)
cancel("outputs beside requirements", "requires:", "outputs: {x: {type: bool}}\nrequires:", "misplaced-key")
cancel("a word that is taken as an id", "id: own-reason", "id: all-met", "reserved-word")

# decisions: lists

exempt = section("for_each", D + "exempt_lines.yaml")
exempt("a typo in the list", "line in claim.lines", "line in ⟦claim.line⟧", "not-a-list", "claim.lines")
exempt("a fact that is no list", "line in claim.lines", "line in claim.amount", "not-a-list")
exempt("no list at all", "line in claim.lines", "claim.lines", "malformed-walk")
exempt("a variable that is a word of the language", "line in claim.lines", "⟦every⟧ in claim.lines", "reserved-word")
exempt("a typo in a field", "category: line.category", "category: ⟦line.categry⟧", "unknown-fact", "line.category")
exempt(
    "a variable that is a record",
    "line in claim.lines",
    "⟦order⟧ in claim.lines",
    "clashing-name",
    None,
    (D + "exempt_lines.yaml", "category: line.category", "category: order.category"),
    (D + "exempt_lines.yaml", "opened: line.opened", "opened: order.opened"),
)
exempt(
    "a list of answers for each record",
    "for_each:",
    "hit_policy: collect\nfor_each:",
    "misplaced-key",
    at=(D + "exempt_lines.yaml", "for_each"),
)
exempt(
    "a typo in a symbol of a field",
    "{category: custom_made}",
    "{category: ⟦custom_maid⟧}",
    "unknown-symbol",
    "custom_made",
)
exempt(
    "an output left out that must be there",
    "{exempt: true, code: exempt.fresh}",
    "{code: exempt.fresh}",
    "missing-output",
    at=(D + "exempt_lines.yaml", "id: fresh"),
)

returnable = section("lists", D + "returnable.yaml")
returnable(
    "a typo in the list of a decision",
    "every line in decision.exempt_lines",
    "every line in ⟦decision.exempt_line⟧",
    "unknown-decision",
    "decision.exempt_lines",
)
returnable(
    "a typo in a field of a decision",
    "satisfies not line.exempt",
    "satisfies not ⟦line.exemt⟧",
    "unknown-fact",
    "line.exempt",
)
returnable("a typo in `satisfies`", "satisfies not", "satisfie not", "unexpected-text", "satisfies")
returnable(
    "a sum of nothing",
    "sum(line in claim.lines, line.quantity * line.unit_price)",
    "⟦sum(claim.lines)⟧",
    "aggregate-without-field",
)
returnable(
    "a list where a number is meant",
    "count(line in decision.exempt_lines, line.exempt)",
    "⟦decision.exempt_lines⟧",
    "list-as-value",
)
returnable("a sum over no list", "sum(line in claim.lines,", "sum(line in ⟦claim.amount⟧,", "not-a-list")
returnable(
    "a condition for a number in a sum",
    "line.quantity * line.unit_price)",
    "⟦line.quantity > 1⟧)",
    "wrong-argument-kind",
)
returnable(
    "a number for a condition in a count",
    "decision.exempt_lines, line.exempt)",
    "claim.lines, ⟦line.quantity⟧)",
    "wrong-argument-kind",
)
returnable(
    "a variable that is a local name",
    "sum(line in claim.lines, line.quantity * line.unit_price)",
    "sum(⟦in_time⟧ in claim.lines, in_time.quantity * in_time.unit_price)",
    "clashing-name",
)
returnable(
    "an iteration outside a sum",
    "total: sum(line in claim.lines, line.quantity * line.unit_price)",
    'total: {expr: "(⟦line in claim.lines, line.unit_price⟧)"}',
    "unexpected-text",
)
returnable("a typo in a function", "sum(line in", "⟦summ⟧(line in", "unknown-function", "sum")
returnable(
    "a sum of amounts that is beyond all bounds",
    "line.quantity * line.unit_price)",
    "line.quantity * line.quantity * line.quantity * line.quantity * line.unit_price)",
    "number-out-of-range",
    at=(D + "returnable.yaml", "sum("),
)

# decisions: hit policies

score = section("aggregate", D + "score.yaml")
score("a typo in what is done with the hits", "aggregate: sum", "aggregate: ⟦summ⟧", "unknown-choice", "sum")
score("the sign of DMN", "aggregate: sum", 'aggregate: ⟦"+"⟧', "unknown-choice", "sum")
score(
    "a sum of hits without collecting them",
    "hit_policy: collect",
    "hit_policy: any",
    "misplaced-key",
    at=(D + "score.yaml", "aggregate"),
)
score(
    "a sum of two outputs",
    "outputs: {points: {type: int}}",
    "outputs: {points: {type: int}, why: {type: text, optional: true}}",
    "aggregate-of-several",
    at=(D + "score.yaml", "score\n"),
)
guarantees = section("any", D + "three_guarantees.yaml")
guarantees(
    "a sum of words",
    "hit_policy: any",
    "hit_policy: collect\naggregate: sum",
    "unfit-aggregate",
    at=(D + "three_guarantees.yaml", "remedy: {type"),
)
guarantees("hours against days", "> 35 days", "> ⟦35 hours⟧", "days-against-duration")

severity = section("priority", D + "severity.yaml")
severity("a typo in the hit policy", "hit_policy: priority", "hit_policy: ⟦prioritty⟧", "unknown-choice", "priority")


flags = section("rule_order", D + "flags.yaml")
flags("a typo in a code", "{flag: flag.large}", "{flag: ⟦flag.larg⟧}", "unknown-symbol", "flag.large")
compensation = section("layered parameter", D + "compensation.yaml")
compensation(
    "a typo in a parameter",
    "param.compensation_conflict",
    "⟦param.compensation_conflit⟧",
    "unknown-parameter",
    "param.compensation_conflict",
)
compensation(
    "two kinds in one `max`",
    "max(claim.merchant_promise, claim.platform_figure)",
    "max(claim.merchant_promise, ⟦3⟧)",
    "money-without-currency",
    "3 CNY",
)
flags(
    "nothing to rank by",
    "hit_policy: rule_order",
    "hit_policy: output_order",
    "nothing-to-rank-by",
    at=(D + "flags.yaml", "decision: flags"),
)
deadlines = section("windows", D + "deadlines.yaml")
deadlines(
    "the arguments swapped",
    "deadline(param.return_window, claim.received_on)",
    "deadline(⟦claim.received_on⟧, param.return_window)",
    "wrong-argument-kind",
)
approval = section("authority", D + "approval.yaml")
approval(
    "the authority of a reason", "authority_of(claim.handler)", "authority_of(⟦claim.reason⟧)", "wrong-argument-kind"
)
freight = section("parties of a rule", D + "freight.yaml")
freight(
    "a typo in a party",
    "id: no-fault, when: {fault: customer}, then: {outbound: merchant",
    "id: no-fault, when: {fault: customer}, then: {outbound: ⟦merchent⟧",
    "unknown-symbol",
    "merchant",
)

# decisions: let, limits, options

damages = section("options", D + "damages.yaml")
damages("a typo in a local name", "3 * loss)", "3 * ⟦los⟧)", "unknown-name", "loss")
damages(
    "a value in the place of options",
    "        options:\n          fraud:",
    "        choices:\n          fraud:",
    "malformed-options",
    at=(D + "damages.yaml", "damages:\n        choices"),
)
damages(
    "a typo in a key of an option",
    "            when: claim.is_fraud\n",
    "            ⟦wen⟧: claim.is_fraud\n",
    "unknown-key",
    "when",
)
damages(
    "an option without a value",
    "            value: {is: param.damages_multiple * order.goods_paid, at_least: 500 CNY}\n",
    "",
    "missing-key",
    at=(D + "damages.yaml", "fraud:"),
)
damages("an option of another kind", "at_least: 500 CNY", "at_least: ⟦500⟧", "money-without-currency", "500 CNY")
damages(
    "a local name that reads itself",
    "if claim.loss is given then claim.loss else 0 CNY",
    "if claim.loss is given then loss else 0 CNY",
    "circular-let",
)
damages(
    "an optional that nobody asked for",
    '"if claim.loss is given then claim.loss else 0 CNY"',
    "claim.loss",
    "optional-into-required",
    at=(D + "damages.yaml", '{is: "max'),
)

page = section("limits", D + "improper_page.yaml")
page("a typo in a limit", "at_most: 200 CNY}", "⟦at_mos⟧: 200 CNY}", "unknown-key", "at_most")
page("limits that leave no room", "at_most: 200 CNY}", "at_least: 300 CNY, at_most: ⟦200 CNY⟧}", "empty-bounds")
page("a limit that is wider than the output", "at_most: 200 CNY}", "at_most: 300 CNY}", "output-out-of-bounds")
damages(
    "limits of a condition",
    '{is: "if claim.loss is given then claim.loss else 0 CNY"}',
    "{is: claim.is_fraud, at_most: ⟦200 CNY⟧}",
    "limit-of-unordered",
)

gift = section("limits", D + "missing_gift.yaml")
gift(
    "a limit that may be absent",
    "at_most: 50% * order.main_good_paid",
    "at_most: ⟦claim.gift_sku_price⟧",
    "unguarded-optional",
)
gift(
    "an optional without its guard",
    "if claim.gift_sku_price is given then min(claim.gift_sku_price, 30% * order.main_good_paid) else 0 CNY",
    "min(claim.gift_sku_price, 30% * order.main_good_paid)",
    "optional-into-required",
)
gift(
    "a share of what may be nothing",
    "{is: 5 CNY, at_most: 50% * order.main_good_paid}",
    '{expr: "prorate(5 CNY, 1 CNY, ⟦order.main_good_paid⟧)"}',
    "unsafe-prorate",
)

mapping = section("mapping", "mappings/claim.yaml")
mapping("a typo in a field", "      quantity: count", "      ⟦quantiti⟧: count", "unknown-fact", "quantity")
mapping(
    "a list without its fields",
    "    path: items\n    each:\n      sku: code\n      quantity: count\n      unit_price: {path: price.amount, currency: price.currency}\n      category: {path: kind, values: {clothes: apparel, food: fresh_food, bespoke: custom_made, download: digital}}\n      opened: {path: opened, optional: true}\n",
    "    path: items\n",
    "missing-key",
    at=("mappings/claim.yaml", "claim.lines"),
)
mapping(
    "fields of what is no list", "{path: reason, values", "{path: reason, each: {sku: code}, values", "misplaced-bound"
)
mapping("a typo in a value", "bespoke: custom_made", "bespoke: ⟦custom_maid⟧", "unknown-symbol", "custom_made")
mapping("a field without a path", "unit_price: {path: price.amount, currency", "unit_price: {currency", "missing-key")
mapping("a path that is not finished", "path: items", "path: items[", "malformed-path")
