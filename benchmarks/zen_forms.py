"""Owns the forms that authors' mistakes take in ZEN: a JDM graph that says what part of the standard pack says, and
one change of its text for each kind of mistake that ZEN has a construct for.

The graph is as guarded as ZEN lets it be: its input node carries a JSON Schema of the facts.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SCHEMA = {
    "type": "object",
    "required": ["order", "item", "claim"],
    "properties": {
        "order": {
            "type": "object",
            "required": ["paid", "paid_at"],
            "properties": {"paid": {"type": "number", "minimum": 0, "maximum": 1000000}, "paid_at": {"type": "string"}},
        },
        "item": {
            "type": "object",
            "required": ["category", "confirmed", "preticked"],
            "properties": {
                "category": {"type": "string", "enum": ["apparel", "fresh_food", "periodical", "digital"]},
                "confirmed": {"type": "boolean"},
                "preticked": {"type": "boolean"},
            },
        },
        "claim": {
            "type": "object",
            "required": ["condition", "days"],
            "properties": {
                "condition": {"type": "string", "enum": ["intact", "worn", "soiled"]},
                "days": {"type": "number"},
            },
        },
        "promise": {"type": "object", "properties": {"days": {"type": "number"}}},
    },
}


def _table(id: str, inputs: dict[str, str], outputs: dict[str, str], rules: list[dict[str, str]]) -> dict[str, Any]:
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": key, "name": key, "field": field} for key, field in inputs.items()],
        "outputs": [{"id": key, "name": key, "field": field} for key, field in outputs.items()],
        "rules": [{"_id": f"{id}-{number}"} | rule for number, rule in enumerate(rules)],
        "passThrough": True,
    }
    return {"id": id, "type": "decisionTableNode", "name": id, "content": content}


def _graph() -> dict[str, Any]:
    expressions = {
        "confirmed": "item.confirmed and not item.preticked",
        "ratio": "order.paid / 100",
        "in_sale": "date(order.paid_at) >= date('2026-10-20')",
        "kept": "(promise.days ?? 0) >= claim.days",
        "letters": "len(item.category)",
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {"schema": json.dumps(SCHEMA)}},
        {
            "id": "derived",
            "type": "expressionNode",
            "name": "derived",
            "content": {
                "expressions": [{"id": key, "key": key, "value": value} for key, value in expressions.items()],
                "passThrough": True,
            },
        },
        _table(
            "exemption",
            {"category": "item.category", "confirmed": "confirmed"},
            {"class": "class"},
            [
                {"category": "'fresh_food'", "confirmed": "", "class": "'statutory'"},
                {"category": "'periodical'", "confirmed": "", "class": "'statutory'"},
                {"category": "", "confirmed": "true", "class": "'confirmable'"},
                {"category": "", "confirmed": "", "class": "'none'"},
            ],
        ),
        _table(
            "no_reason",
            {"exempt": "class", "days": "claim.days", "state": "claim.condition", "paid": "order.paid"},
            {"outcome": "outcome", "code": "code"},
            [
                {
                    "exempt": "'statutory', 'confirmable'",
                    "days": "",
                    "state": "",
                    "paid": "",
                    "outcome": "'deny'",
                    "code": "'exempt'",
                },
                {"exempt": "'none'", "days": "> 7", "state": "", "paid": "", "outcome": "'deny'", "code": "'expired'"},
                {
                    "exempt": "'none'",
                    "days": "[0..7]",
                    "state": "'intact'",
                    "paid": ">= 1000",
                    "outcome": "'manual'",
                    "code": "'dear'",
                },
                {
                    "exempt": "'none'",
                    "days": "[0..7]",
                    "state": "'intact'",
                    "paid": "< 1000",
                    "outcome": "'allow'",
                    "code": "'ok'",
                },
                {
                    "exempt": "'none'",
                    "days": "[0..7]",
                    "state": "'worn', 'soiled'",
                    "paid": "",
                    "outcome": "'deny'",
                    "code": "class + '.' + claim.condition",
                },
            ],
        ),
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    ids = [node["id"] for node in nodes]
    edges = [
        {"id": f"e{number}", "type": "edge", "sourceId": source, "targetId": target}
        for number, (source, target) in enumerate(pairwise(ids))
    ]
    return {"nodes": nodes, "edges": edges}


GRAPH = json.dumps(_graph(), ensure_ascii=False)


def _case(category: str, condition: str, days: int, paid: int, confirmed: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "order": {"paid": paid, "paid_at": "2026-11-01T10:00:00+08:00"},
        "item": {"category": category, "confirmed": confirmed, "preticked": False},
        "claim": {"condition": condition, "days": days},
        **more,
    }


# Every rule of both tables decides at least one of them, on both sides of each bound.
CASES = [
    _case("apparel", "intact", 7, 999),
    _case("apparel", "intact", 0, 1000),
    _case("apparel", "intact", 8, 999, promise={"days": 15}),
    _case("apparel", "worn", 3, 100),
    _case("digital", "soiled", 7, 5000, promise={"days": 3}),
    _case("fresh_food", "intact", 1, 10),
    _case("periodical", "worn", 9, 10),
    _case("digital", "intact", 2, 10, confirmed=True),
]


@dataclass(frozen=True)
class Form:
    """A change of the graph's text; a text that is empty stands for a graph that is."""

    says: str
    old: str
    new: str

    @property
    def text(self) -> str:
        if not self.old:
            return self.new
        assert GRAPH.count(self.old) >= 1, self.old
        return GRAPH.replace(self.old, self.new, 1)


def _quoted(text: str) -> str:
    """As it stands inside the schema, which JDM holds as a text."""
    return json.dumps(text)[1:-1]


FORMS: dict[str, tuple[Form, ...]] = {
    # Names
    "unknown-fact": (
        Form("typo in the field of a column", '"field": "item.category"', '"field": "item.categroy"'),
        Form("typo in an expression", "item.confirmed and", "item.confirmd and"),
    ),
    "unknown-name": (
        Form("yes for true in a cell", '"confirmed": "true"', '"confirmed": "yes"'),
        Form("True for true in a cell", '"confirmed": "true"', '"confirmed": "True"'),
        Form("a fact without its record", "item.confirmed and", "confirmed_no_return and"),
    ),
    "unknown-symbol": (
        Form("typo in a value of a cell", "'intact'", "'intcat'"),
        Form("typo in an answer", "'allow'", "'alow'"),
        Form("typo in a code", "'expired'", "'expird'"),
    ),
    "unknown-output": (
        Form("typo in an output read further on", '"field": "class"}], "rules"', '"field": "clas"}], "rules"'),
    ),
    "unknown-input": (Form("typo in the column of a cell", '"days": "> 7"', '"dasy": "> 7"'),),
    "unknown-output-cell": (Form("typo in the column of an answer", '"code": "\'ok\'"', '"cod": "\'ok\'"'),),
    "unknown-function": (Form("typo in a function", "len(item", "lenn(item"),),
    "unknown-key": (
        Form(
            "typo in a key of the table",
            '"hitPolicy": "first", "inputs": [{"id": "exempt"',
            '"hitpolicy": "first", "inputs": [{"id": "exempt"',
        ),
        Form("typo in a key of a column", '"field": "claim.days"', '"feild": "claim.days"'),
    ),
    "unknown-choice": (
        Form("typo in the hit policy", '"hitPolicy": "first"', '"hitPolicy": "frist"'),
        Form("typo in a type of the schema", _quoted('"type": "boolean"'), _quoted('"type": "bolean"')),
    ),
    "unknown-document": (Form("typo in the type of a node", "decisionTableNode", "decisionTabelNode"),),
    "unknown-decision": (Form("typo in the target of an edge", '"targetId": "exemption"', '"targetId": "exemtion"'),),
    # Values
    "wrong-kind": (
        Form("a number that is none", '"> 7"', '"> 7a"'),
        Form("text in quotes for a truth", '"confirmed": "true"', '"confirmed": "\'true\'"'),
        Form("a day that no calendar has", "date('2026-10-20')", "date('2026-02-30')"),
    ),
    "malformed-date": (
        Form("a date in Chinese", "date('2026-10-20')", "date('2026年10月20日')"),
        Form("a date with slashes", "date('2026-10-20')", "date('2026/10/20')"),
    ),
    "kinds-disagree": (Form("a number in a column of words", '"state": "\'intact\'"', '"state": "3"'),),
    "leading-zero": (Form("an octal number", '"> 7"', '"> 07"'),),
    "thousands-separator": (Form("1,000 in a cell", '">= 1000"', '">= 1,000"'),),
    "empty-interval": (Form("bounds the wrong way round", '"[0..7]"', '"[7..0]"'),),
    "empty-bounds": (
        Form("bounds of the schema the wrong way round", _quoted('"maximum": 1000000'), _quoted('"maximum": -1')),
    ),
    "unordered-kind": (Form("> on words", '"state": "\'intact\'"', '"state": "> \'intact\'"'),),
    "full-width-sign": (
        Form("＞ for >", '"> 7"', '"＞ 7"'),
        Form("≥ for >=", '">= 1000"', '"≥ 1000"'),
        Form("Chinese quotes", '"state": "\'intact\'"', '"state": "“intact”"'),
        Form("full-width digits", '"> 7"', '"> ７"'),
    ),
    "unknown-unit": (Form("7天 in a cell", '"> 7"', '"> 7天"'), Form("1000元 in a cell", '">= 1000"', '">= 1000元"')),
    "foreign-operator": (
        Form("&& for and", "item.confirmed and", "item.confirmed &&"),
        Form("大于 for >", '"> 7"', '"大于 7"'),
        Form("=> for >=", '">= 1000"', '"=> 1000"'),
    ),
    "malformed-output-cell": (Form("two answers in a cell", "\"'allow'\"", "\"'allow', 'deny'\""),),
    # Expressions
    "unexpected-text": (Form("a word that is missing", "item.confirmed and not", "item.confirmed not"),),
    "unfinished-expression": (
        Form("a comparison that is not finished", "(promise.days ?? 0) >= claim.days", "(promise.days ?? 0) >="),
    ),
    "empty-expression": (
        Form("nothing for an expression", '"value": "item.confirmed and not item.preticked"', '"value": ""'),
    ),
    "no-arithmetic": (Form("a number less a word", "order.paid / 100", "order.paid - item.category"),),
    "unsafe-division": (Form("a division by nothing", "order.paid / 100", "order.paid / 0"),),
    "wrong-argument-count": (Form("a missing argument", "len(item.category)", "len()"),),
    "wrong-argument-kind": (Form("an argument of another kind", "len(item.category)", "len(order.paid)"),),
    "unguarded-optional": (
        Form(
            "a fact that may be left out, unguarded", "(promise.days ?? 0) >= claim.days", "promise.days >= claim.days"
        ),
    ),
    "circular-derived": (Form("a value that reads itself", "item.confirmed and not", "confirmed and not"),),
    # Structure
    "circular-decision": (
        Form(
            "an edge back",
            '"sourceId": "no_reason", "targetId": "out"',
            '"sourceId": "no_reason", "targetId": "exemption"',
        ),
    ),
    "duplicate-rule": (Form("a rule copied with its id", '"_id": "no_reason-2"', '"_id": "no_reason-1"'),),
    "duplicate-definition": (Form("two nodes of one id", '"id": "no_reason", "type"', '"id": "exemption", "type"'),),
    "duplicate-key": (Form("a key twice", '"days": "> 7"', '"days": "> 9", "days": "> 7"'),),
    "missing-key": (Form("no rules", '"rules": [{"_id": "exemption-0"', '"ruels": [{"_id": "exemption-0"'),),
    "missing-output": (Form("an answer left out", ', "code": "\'ok\'"', ""),),
    "rule-without-when": (
        Form("a rule without its cells", '"exempt": "\'none\'", "days": "> 7", "state": "", "paid": "", ', ""),
    ),
    "wrong-shape": (Form("a mapping for a list", '"edges": [{', '"edges": {"all": [{'),),
    "full-width-punctuation": (Form("a full-width colon", '"hitPolicy": "first"', '"hitPolicy"："first"'),),
    "yaml-syntax": (
        Form("a bracket too few", '"passThrough": true}}, {"id": "out"', '"passThrough": true}, {"id": "out"'),
    ),
    "invisible-character": (Form("a zero-width blank in a value", "'intact'", "'intact\u200b'"),),
    "byte-order-mark": (Form("a byte order mark", "", "\ufeff" + GRAPH),),
    "empty-file": (Form("nothing", "", ""),),
    # Tables
    "gap": (
        Form("a value forgotten", "'statutory', 'confirmable'", "'statutory'"),
        Form(
            "a bound forgotten",
            '"[0..7]", "state": "\'intact\'", "paid": "< 1000"',
            '"[0..7)", "state": "\'intact\'", "paid": "< 1000"',
        ),
    ),
    "overlapping-rules": (
        Form("a column forgotten", '"days": "> 7"', '"days": ""'),
        Form("a cell copied", '">= 1000"', '"< 1000"'),
    ),
    "unreachable-rule": (Form("conditions that contradict each other", '"> 7"', '"> 7 and < 3"'),),
    "shadowed-rule": (Form("a value that an earlier rule has taken", "'periodical'", "'fresh_food'"),),
    "cell-never-true": (Form("a threshold above what the fact can be", '">= 1000"', '"> 1000000"'),),
    "input-never-matters": (Form("the only cell of a column emptied", '"confirmed": "true"', '"confirmed": ""'),),
}

# Why a mistake has no form in ZEN.
NO_FORM: dict[str, tuple[str, ...]] = {
    "YAML only": (
        "key-without-value", "merge-key", "several-documents", "tab-character", "unquoted-cell", "unquoted-interval",
        "unquoted-text", "yaml-alias", "yaml-tag", "escape-in-expression",
    ),
    "ZEN is given text, no file": ("wrong-encoding",),
    "an empty cell means any": ("empty-cell",),
    "no money": ("malformed-share", "money-without-currency", "other-currency", "too-many-places", "unknown-currency"),
    "numbers have no unit": ("days-against-duration", "number-without-unit", "percent-without-sign"),
    "no windows or calendars": (
        "contradictory-day", "day-outside-calendar", "incomparable-kind", "malformed-length", "malformed-offset",
        "malformed-window", "month-without-rounding", "senseless-window", "unknown-calendar", "unknown-zone",
        "unordered-offsets", "window-without-calendar",
    ),
    "no editions": (
        "edition-gap", "malformed-interval", "parameter-without-edition", "unfit-governing-fact", "ungoverned-decision",
        "unordered-editions",
    ),
    "no parameters": ("unknown-parameter",),
    "no layers": ("broken-floor", "layer-conflict", "unknown-base", "unknown-rule"),
    "no sheet of facts or kinds": (
        "ambiguous-name", "decimal-without-places", "decision-in-derived", "duplicate-symbol", "enum-without-values",
        "malformed-name", "misplaced-bound", "no-pack-section", "optional-into-required", "presence-of-required",
        "reserved-record", "reserved-word", "unused-definition",
    ),
    "no reasons, titles or sources": (
        "generous-otherwise", "misplaced-subtree", "unknown-language", "unknown-language-version", "unsourced-rule",
    ),
    "tests are no part of the engine": (
        "case-without-expectation", "excluded-expectation", "required-output-left-out", "undeclared-fact",
        "unknown-column", "unknown-expectation", "unknown-expected-rule", "unreadable-file",
    ),
    "no flows": (
        "effect-without-events", "unheard-effect", "unknown-effect", "unknown-event", "unknown-flow", "unknown-moment",
        "unknown-sender", "unknown-state", "unreachable-state",
    ),
    "no mappings": ("malformed-path", "refused-path"),
    "reads otherwise in its language": ("not-a-choice", "tight-minus"),
}  # fmt: skip
