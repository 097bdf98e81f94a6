"""The corpus, continued: what authors get wrong in the tests of the standard pack `cn`."""

from corpus import Section

FOLDER = "tests/"

returns = Section("tests", f"{FOLDER}no_reason_return.cases.yaml")
returns(
    "a typo in the decision",
    "decide: no_reason_return",
    "decide: ⟦no_reason_retrun⟧",
    "unknown-decision",
    "no_reason_return",
)
returns(
    "a typo in a fact",
    "given: {claim: {condition: tried}}",
    "given: {claim: {⟦conditon⟧: tried}}",
    "undeclared-fact",
    "claim.condition",
    mends=False,
)
returns("a typo in a value", "{condition: tried}", "{condition: ⟦tryed⟧}", "unknown-symbol", "tried")
returns(
    "an instant without its zone",
    "requested_at: 2025-11-12T09:00:00+08:00",
    "requested_at: 2025-11-12T09:00:00",
    "wrong-kind",
)
returns("yes for true", "promise: {no_reason_return: true}", "promise: {no_reason_return: ⟦yes⟧}", "wrong-kind", "true")
returns(
    "a typo in an output",
    "rule: not-intact, exceptions: []}",
    "rule: not-intact, ⟦exeptions⟧: []}",
    "unknown-expectation",
    "exceptions",
)
returns(
    "a typo in a rule",
    "code: condition.activated, rule: arguable",
    "code: condition.activated, rule: ⟦arguabel⟧",
    "unknown-expected-rule",
    "arguable",
)
returns(
    "a typo in an exception",
    "exceptions: [merchant-promise]",
    "exceptions: [⟦merchant_promise⟧]",
    "unknown-expected-rule",
    "merchant-promise",
)
returns(
    "a typo in what is missing",
    "missing: [claim.signed_at]",
    "missing: [⟦claim.sign_at⟧]",
    "unknown-name",
    "claim.signed_at",
)
returns(
    "a typo in a parameter",
    "{no_reason_window: {length: 7",
    "{⟦no_reason_windows⟧: {length: 7",
    "unknown-parameter",
    "no_reason_window",
)
returns("an output that is never left out", "note: null, rule", "outcome: null, rule", "duplicate-key")
returns("nothing expected", "expect: {missing: [claim.signed_at]}", "expect: {}", "case-without-expectation")
returns(
    "outputs of an answer that is undecided",
    "expect: {missing: [claim.signed_at]}",
    "expect: {missing: [claim.signed_at], ⟦outcome⟧: deny}",
    "excluded-expectation",
)
returns(
    "a name twice",
    "name: 第七天二十四点整已超期",
    "name: 签收次日起算，第七天二十四点前一秒仍可退",
    "duplicate-definition",
)

deadlines = Section("tests", f"{FOLDER}deadlines.cases.yaml")
deadlines(
    "no decision",
    "      decide: return_deadline\n      given: {claim: {signed_at: 2025-11-10T20",
    "      given: {claim: {signed_at: 2025-11-10T20",
    "missing-key",
    at=(f"{FOLDER}deadlines.cases.yaml", "周一签收"),
)
deadlines(
    "a required output expected to be left out",
    "expect: {ends_at: 2025-10-10T00:00:00+08:00}",
    "expect: {ends_at: ⟦null⟧}",
    "required-output-left-out",
)

requests = Section("tests", f"{FOLDER}return_request.cases.yaml")
requests(
    "a list where there is one value",
    "outcome: allow, rule: quality}",
    "outcome: [allow], rule: quality}",
    "wrong-shape",
)

conditions = Section("tests", f"{FOLDER}condition.cases.yaml")
conditions(
    "a typo in a column",
    "| item.category  | claim.condition ||",
    "| ⟦item.catgory⟧ | claim.condition ||",
    "unknown-column",
    "item.category",
)
conditions(
    "a typo in a cell",
    "| electronics    | incomplete      ||",
    "| ⟦electronic⟧ | incomplete      ||",
    "unknown-symbol",
    "electronics",
)

tables = Section("tests", f"{FOLDER}exemption.cases.yaml")
tables("a typo in the file", "csv: exemption.csv", "csv: ⟦exemptions.csv⟧", "unreadable-file")

rows = Section("tests", f"{FOLDER}exemption.csv")
rows("a typo in a title", "商品类目,下单后", "⟦商品类别⟧,下单后", "unknown-column", "item.category")
rows(
    "a title for a symbol", "periodical,,,,,,,,statutory", "⟦报纸期刊⟧,,,,,,,,statutory", "unknown-symbol", "periodical"
)
