"""Owns asking csflow what a page states: one `Check` for each pack of findings and each table.

A check answers with its rows: what was wanted and what was got, column by column.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import csflow
from csflow.definitions import DOCUMENTS, Definition
from csflow.definitions import flows as f
from csflow.definitions import sections as s
from csflow.expressions import RESERVED
from csflow.expressions.functions import ALL_FUNCTIONS
from csflow.facts import read_facts
from csflow.facts.documents import map_document, read_json
from csflow.facts.files import read_facts_file
from csflow.flows.happenings import REFUSALS
from csflow.loading.passes import load_files
from csflow.loading.run_cases import PARTS, STATUSES
from csflow.pack.cases import with_parameters
from csflow.pack.model import TRANSITIONS
from csflow.testing.quoting import StepDifference
from csflow.testing.running import Difference, Runner
from csflow.testing.walking import RunDifference
from csflow.values import CountsFrom, DayClass, MonthEnd, Rounding
from csflow.values.decoding import Misfit, from_text
from csflow.values.kinds import LIABILITY, PARTY, Kind
from csflow.values.presenting import to_json

from .pages import ARROW, Page, PageFault, Row, Section, Table, read_pages
from .writing import written, written_causes, written_findings, written_names

# What the answers of `decide` may be asked for besides outputs.
ANSWERS: Mapping[str, Callable[[Any], str]] = {
    "status": lambda answer: answer.status,
    "rule": lambda answer: written_names(answer.rule),
    "exceptions": lambda answer: written_names(answer.exceptions),
    "missing": lambda answer: written_causes(answer.missing),
    "edition": lambda answer: str(answer.edition or ""),
    "because": lambda answer: answer.because or "",
    "alternatives": lambda answer: written_names(answer.alternatives),
    "hits": lambda answer: written_names(hit.rule for hit in answer.hits),
    "items": lambda answer: written_names(item.status for item in answer.items),
    "layers": lambda answer: written_names(answer.layers),
}
# Fields of sections that hold where something stands, and no key of an author.
_MARKS = frozenset({"mark", "key_marks"})


def _keys(section: type[Definition]) -> frozenset[str]:
    """The keys that an author may write in a section."""
    fields = section.model_fields.items()
    return frozenset(field.alias or name for name, field in fields if name not in _MARKS)


# The words of the language that pages list, each list complete.
VOCABULARIES: Mapping[str, frozenset[str]] = {
    "documents": frozenset(DOCUMENTS),
    "kinds": frozenset(s.FACT_KINDS),
    "parameter kinds": frozenset(s.PARAMETER_KINDS),
    "functions": frozenset(ALL_FUNCTIONS),
    "reserved words": frozenset(RESERVED),
    "rounding": frozenset(map(str, Rounding)),
    "bases": frozenset(s.BASES),
    "hit policies": frozenset(s.HIT_POLICIES),
    "aggregates": frozenset(s.AGGREGATES.values()),
    "ranks": frozenset(s.RANKS),
    "floors": frozenset(s.FLOORS),
    "favours": frozenset(s.FAVOURS),
    "transitions": frozenset(TRANSITIONS),
    "parties": frozenset(PARTY.symbols),
    "liabilities": frozenset(LIABILITY.symbols),
    "classes of days": frozenset(map(str, DayClass)),
    "counts from": frozenset(map(str, CountsFrom)),
    "month ends": frozenset(map(str, MonthEnd)),
    "fact keys": _keys(s.FactSection),
    "pack keys": _keys(s.PackSection),
    "flow keys": _keys(f.FlowDocument),
    "state keys": _keys(f.StateSection),
    "row keys": _keys(f.RowSection),
    "effect keys": _keys(f.FlowEffectSection),
    "clock keys": _keys(f.FlowClockSection),
    "timer keys": _keys(f.TimerSection),
    "keys of steps": _keys(s.StepSection),
    "expectations of flows": frozenset(PARTS),
    "statuses of steps": frozenset(STATUSES),
    "refusals of steps": frozenset(REFUSALS),
}
# What governs the decisions that are made up to ask one expression, unless a table or block gives another.
PAID_AT = "2025-11-08T10:00:00+08:00"

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: its line in the page, what is asked, and for each column what is wanted and got."""

    line: int
    case: str
    wanted: Mapping[str, str]
    got: Mapping[str, str]

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        return [(name, self.wanted[name], got) for name, got in self.got.items() if self.wanted[name] != got]


@dataclass(frozen=True, slots=True)
class Check:
    page: Page
    section: Section
    line: int
    title: str
    run: Callable[[], list[Answer]]
    table: Table | None = None


def checks_of(page: Page) -> Iterator[Check]:
    """Everything a page states, in its order."""
    for section in page.sections:
        if section.files:
            line = min(file.line for file in section.files.values())
            yield Check(page, section, line, "findings", lambda section=section: [_findings(section)])
        for line, asks, of in section.lines:
            ask = _LINES[asks]
            yield Check(page, section, line, asks, lambda ask=ask, at=(section, line, of): [ask(*at)])
        for table in section.tables:
            title = f"{table.asks}: {table.of}" if table.asks else "expressions"
            yield Check(
                page, section, table.line, title, lambda section=section, table=table: _rows(section, table), table
            )


def report(check: Check, answers: list[Answer]) -> str:
    """What differs, with page, line, case, wanted and got; "" where nothing does."""
    lines = []
    for answer in answers:
        for name, wanted, got in answer.differences:
            lines += [
                f"{check.page.name}:{answer.line}: {answer.case}: {name}",
                f"  wanted {wanted or '(nothing)'}",
                f"  got    {got or '(nothing)'}",
            ]
    return "\n".join(lines)


# Packs


@cache
def shared_files() -> Mapping[str, bytes]:
    """The small pack that every page builds on: the files of the first page that are marked as shared."""
    return {
        file.path: file.text.encode()
        for page in read_pages()
        for section in page.sections
        if section.shared
        for file in section.files.values()
    }


def _files(section: Section) -> Files:
    return dict(shared_files()) | {path: file.text.encode() for path, file in section.pack().items()}


def _pack(section: Section, line: int, more: Mapping[str, str] | None = None) -> csflow.Pack:
    """The section's pack; a fault of the page where it does not check."""
    try:
        return csflow.load_pack(_files(section) | {name: text.encode() for name, text in (more or {}).items()})
    except csflow.PackError as error:
        raise PageFault(section.page, line, f"a table over a pack that does not check:{error}") from None


# Findings and digests


def _findings(section: Section) -> Answer:
    """The findings of the section's pack, against those its files state."""
    wanted = {(file.path, one.line, one.severity, one.name) for file in section.pack().values() for one in file.stated}
    got = {
        (one.mark.path if one.mark else "", one.mark.line if one.mark else 0, str(one.severity), one.name)
        for one in load_files(_files(section)).diagnostics
    }
    line = min(file.line for file in section.files.values())
    return Answer(line, section.title, {"findings": _listed(section, wanted)}, {"findings": _listed(section, got)})


def _listed(section: Section, findings: set[tuple[str, int, str, str]]) -> str:
    """Findings by file and line; the line of the page as well, where the file stands in this page."""
    shown = []
    for path, line, severity, name in sorted(findings):
        file = section.pack().get(path)
        place = f" (line {file.line + line - 1} of the page)" if file else ""
        shown.append(f"{path}:{line}{place} {severity}: [{name}]")
    return "; ".join(shown)


def _digests(section: Section, line: int, stated: str) -> Answer:
    """Whether the section's pack has the digests of the one it is a variant of."""
    if section.above is None:
        raise PageFault(section.page, line, "`digests:` compares with the section above")
    before, after = _pack(section.above, line), _pack(section, line)
    words = {True: "same", False: "changed"}
    got = f"behaviour {words[before.digest == after.digest]}, wording {words[before.text_digest == after.text_digest]}"
    return Answer(line, section.title, {"digests": stated}, {"digests": got})


def _finding(section: Section, line: int, stated: str) -> Answer:
    """What a finding of the section's pack says, by the names of its values: `NAME KEY VALUE`."""
    name, key, wanted = stated.split(" ", 2)
    said = [str(one.values[key]) for one in load_files(_files(section)).diagnostics if one.name == name]
    return Answer(line, name, {key: wanted}, {key: "; ".join(said)})


_LINES: Mapping[str, Callable[[Section, int, str], Answer]] = {"digests": _digests, "finding": _finding}


# Tables


def _rows(section: Section, table: Table) -> list[Answer]:
    ask = _ASKS[table.asks] if table.asks else _expressions
    try:
        return ask(section, table)
    except csflow.FactError as error:
        # Where a refusal can be expected, the row says so; anywhere else it is no case at all.
        raise PageFault(section.page, table.line, f"facts that are refused:{error}") from None


def _decide(section: Section, table: Table) -> list[Answer]:
    name, how, values = _options(section, table)
    pack = _with_parameters(section, table, _pack(section, table.line), values)
    if name not in pack.decisions:
        raise PageFault(section.page, table.line, f"no decision {name!r}")
    left, right = _sides(section, table)
    kinds = {output: one.kind for output, one in pack.linked.decisions[name].outputs.items()}
    _require_facts(section, table, left, pack)
    for column in right:
        if column not in ANSWERS and column not in kinds:
            raise PageFault(
                section.page, table.line, f"`{column}` is neither an output of {name} nor part of an answer"
            )
    return [_decided(section, row, pack, name, how, left, right, kinds) for row in table.rows]


def _decided(
    section: Section,
    row: Row,
    pack: csflow.Pack,
    name: str,
    how: Mapping[str, Any],
    left: Mapping[str, int],
    right: Mapping[str, int],
    kinds: Mapping[str, Kind],
) -> Answer:
    wanted = {"status": "decided"} | {column: row.cells[at] for column, at in right.items()}
    got: dict[str, str] = dict.fromkeys(wanted, "")
    try:
        facts = _facts(section, pack, {path: row.cells[at] for path, at in left.items()})
    except csflow.FactError as error:
        got["status"] = written_findings(finding.name for finding in error.diagnostics)
    else:
        try:
            answer = pack.decide(name, facts, **how)
        except csflow.InstantRequired:
            got["status"] = written_findings(["instant-required"])
            return Answer(row.line, _case(row, left), wanted, got)
        outputs = answer.to_json()["outputs"]
        for column in wanted:
            if column in ANSWERS and column not in kinds:
                got[column] = ANSWERS[column](answer)
            elif column in outputs:
                got[column] = written(kinds[column], outputs[column])
    return Answer(row.line, _case(row, left), wanted, got)


def _evaluate(section: Section, table: Table) -> list[Answer]:
    left, right = _sides(section, table)
    _require_facts(section, table, left, _pack(section, table.line))
    _require_columns(section, table, right, {"value", "missing"})
    return [_evaluated(section, row, table.of, None, left, right) for row in table.rows]


def _expressions(section: Section, table: Table) -> list[Answer]:
    left, right = _sides(section, table)
    _require_columns(section, table, right, {"value", "missing"})
    facts = {name: at for name, at in left.items() if name not in ("expression", "condition", "as")}
    _require_facts(section, table, facts, _pack(section, table.line))
    answers = []
    for row in table.rows:
        if "condition" in left:
            answers.append(_tested(section, row, row.cells[left["condition"]], facts, right))
        else:
            kind = row.cells[left["as"]] if "as" in left else None
            answers.append(_evaluated(section, row, row.cells[left["expression"]], kind, facts, right))
    return answers


def _evaluated(
    section: Section, row: Row, expression: str, kind: str | None, facts: Mapping[str, int], right: Mapping[str, int]
) -> Answer:
    """The value of an expression, as an output of `kind` or of the kind it has itself."""
    wanted = {column: row.cells[at] for column, at in right.items()}
    got = dict.fromkeys(wanted, "")
    case = " ".join(part for part in (expression, _case(row, facts)) if part)
    documents, names = _loading(section, {"asked.yaml": _asking(section, row, expression, kind)})
    if names:
        return Answer(row.line, case, wanted, got | {"value": written_findings(names)})
    assert documents is not None
    if not kind:
        kind = _declared(section, row, documents.linked.decisions["asked"].inputs["asked"].kind)
        documents, names = _loading(section, {"asked.yaml": _asking(section, row, expression, kind)})
        if names:
            return Answer(row.line, case, wanted, got | {"value": written_findings(names)})
        assert documents is not None
    try:
        given = _facts(section, documents, {path: row.cells[at] for path, at in facts.items()})
    except csflow.FactError as error:
        return Answer(
            row.line, case, wanted, got | {"value": written_findings(finding.name for finding in error.diagnostics)}
        )
    answer = documents.decide("asked", given)
    if answer.status == "decided":
        value = answer.to_json()["outputs"]["answer"]
        got["value"] = written(documents.linked.decisions["asked"].outputs["answer"].kind, value)
    else:
        got["value"] = "unknown" if answer.status == "undecided" else answer.status
    if "missing" in got:
        got["missing"] = written_causes(answer.missing)
    return Answer(row.line, case, wanted, got)


def _asking(section: Section, row: Row, expression: str, kind: str | None) -> str:
    quoted = _quoted(section, row, expression)
    head = "decision: asked\ntitle: asked\ngoverned_by: order.paid_at\n"
    if not kind:
        return (
            f"{head}inputs: {{asked: {quoted}}}\noutputs: {{answer: {{type: bool}}}}\n"
            "rules: [{id: only, when: {}, then: {answer: true}, because: page}]\n"
        )
    return (
        f"{head}outputs: {{answer: {{type: {kind}, optional: true}}}}\n"
        f"rules: [{{id: only, when: {{}}, then: {{answer: {{expr: {quoted}}}}}, because: page}}]\n"
    )


def _declared(section: Section, row: Row, kind: Kind) -> str:
    """The kind as a declaration."""
    if kind.name == "enum":
        return f"enum, of: [{', '.join(kind.symbols)}]"
    if kind.name == "decimal" and kind.places < 0:
        raise PageFault(section.page, row.line, "a number without places of its own: say in `as` what it is held as")
    return f"{kind.name}, places: {kind.places}" if kind.name == "decimal" else kind.name


def _tested(section: Section, row: Row, condition: str, facts: Mapping[str, int], right: Mapping[str, int]) -> Answer:
    """Whether the condition of a rule holds: true, false or unknown."""
    quoted = _quoted(section, row, condition)
    text = (
        "decision: asked\ntitle: asked\ngoverned_by: order.paid_at\noutputs: {answer: {type: bool}}\n"
        f"rules: [{{id: only, when: {quoted}, then: {{answer: true}}, because: page}}]\n"
    )
    wanted = {column: row.cells[at] for column, at in right.items()}
    got = dict.fromkeys(wanted, "")
    case = " ".join(part for part in (condition, _case(row, facts)) if part)
    pack, names = _loading(section, {"asked.yaml": text})
    if names:
        return Answer(row.line, case, wanted, got | {"value": written_findings(names)})
    assert pack is not None
    answer = pack.decide("asked", _facts(section, pack, {path: row.cells[at] for path, at in facts.items()}))
    got["value"] = _TRUTH[answer.status]
    if "missing" in got:
        got["missing"] = written_causes(answer.missing)
    return Answer(row.line, case, wanted, got)


_TRUTH = {"decided": "true", "no_rule": "false", "undecided": "unknown"}


def _cells(section: Section, table: Table) -> list[Answer]:
    """Each row is a cell, each column a value of the fact that it is tried against."""
    fact = table.of
    if table.header[0] != "cell" or len(table.header) < 2:
        raise PageFault(section.page, table.line, "the first column of `cells:` is `cell`, the others are values")
    if fact not in _pack(section, table.line).linked.facts:
        raise PageFault(section.page, table.line, f"no fact {fact!r}")
    return [_cell(section, row, fact, table.header[1:]) for row in table.rows]


def _cell(section: Section, row: Row, fact: str, values: tuple[str, ...]) -> Answer:
    text = (
        "decision: asked\ntitle: asked\ngoverned_by: order.paid_at\n"
        f"inputs: {{column: {fact}}}\noutputs: {{answer: {{type: bool}}}}\n"
        f"rules:\n  - id: only\n    when:\n      column: {row.cells[0]}\n"
        "    then: {answer: true}\n    because: page\n"
    )
    wanted = dict(zip(values, row.cells[1:], strict=True))
    pack, names = _loading(section, {"asked.yaml": text})
    if names:
        # Said once, in the first column: a cell that is refused is tried against nothing.
        refused = [written_findings(names), *([""] * (len(values) - 1))]
        return Answer(row.line, row.cells[0], wanted, dict(zip(values, refused, strict=True)))
    assert pack is not None
    got = {}
    for value in values:
        given = {} if value in ("absent", "unknown") else {fact: value}
        got[value] = _YES[pack.decide("asked", _facts(section, pack, given)).status]
    return Answer(row.line, row.cells[0], wanted, got)


_YES = {"decided": "yes", "no_rule": "no", "undecided": "unknown"}


def _values(section: Section, table: Table) -> list[Answer]:
    """How a text is read by a kind: as a fact in a file of facts, and as a parameter in the pack."""
    if table.header[:2] != ("written", "read as") or len(table.header) > 3:
        raise PageFault(section.page, table.line, "the columns of `values:` are `written` and `read as`")
    return [_value(section, row, table.of) for row in table.rows]


def _value(section: Section, row: Row, declared: str) -> Answer:
    text, wanted = row.cells[0], {"read as": row.cells[1]}
    inside = declared.removeprefix("{").removesuffix("}")
    by_fact = (
        f"facts:\n  asked:\n    fact: {{{inside}}}\n",
        "decision: asked\ntitle: asked\n"
        f"outputs: {{answer: {{{_of_kind(inside)}}}}}\n"
        "rules: [{id: only, when: {}, then: {answer: {expr: asked.fact}}, because: page}]\n",
    )
    pack, names = _loading(section, {"asked_facts.yaml": by_fact[0], "asked.yaml": by_fact[1]})
    if pack is None:
        raise PageFault(section.page, row.line, f"{declared} does not check: {written_findings(names)}")
    kind = pack.linked.decisions["asked"].outputs["answer"].kind
    try:
        facts = read_facts_file(pack.linked, "facts.yaml", f"asked:\n  fact: {text}\n".encode())
    except csflow.FactError as error:
        as_fact = written_findings(finding.name for finding in error.diagnostics)
    else:
        answer = pack.decide("asked", facts)
        as_fact = written(kind, answer.to_json()["outputs"].get("answer")) if answer.outputs else "not given"
    got = {"read as": as_fact}
    as_parameter = _as_parameter(section, text, inside)
    if as_parameter != as_fact and as_fact != "not given":
        got["read as"] = f"{as_fact} as a fact, {as_parameter} as a parameter"
    return Answer(row.line, text, wanted, got)


def _as_parameter(section: Section, text: str, inside: str) -> str:
    parameter = (
        f"parameters:\n  asked:\n    {{{inside}, editions: [\n"
        "      {from: 2020-01-01, because: page, basis: own, value: "
        f"{text}}}]}}\n"
    )
    if not re.match(r"[\"'\[{]", text):
        # Block style, so that the text stands there as it does in a file of facts.
        bounds = "".join(f"    {part.strip()}\n" for part in _parts(inside))
        parameter = (
            f"parameters:\n  asked:\n{bounds}    editions:\n      - from: 2020-01-01\n"
            f"        because: page\n        basis: own\n        value: {text}\n"
        )
    decision = (
        "decision: asked\ntitle: asked\ngoverned_by: order.paid_at\n"
        f"outputs: {{answer: {{{_of_kind(inside)}}}}}\n"
        "rules: [{id: only, when: {}, then: {answer: {expr: param.asked}}, because: page}]\n"
    )
    pack, names = _loading(section, {"asked_parameters.yaml": parameter, "asked.yaml": decision})
    if pack is None:
        return written_findings(names)
    answer = pack.decide("asked", _facts(section, pack, {}))
    return written(pack.linked.decisions["asked"].outputs["answer"].kind, answer.to_json()["outputs"]["answer"])


def _parts(inside: str) -> list[str]:
    """The entries of a flow mapping, at its own level."""
    return [part for part in re.split(r",\s*(?![^\[{]*[\]}])", inside) if part.strip()]


def _of_kind(inside: str) -> str:
    """A declaration without bounds: what the answer is shown as is bounded by what it is read as."""
    return ", ".join(part for part in _parts(inside) if part.split(":")[0].strip() in ("type", "of", "places"))


def _map(section: Section, table: Table) -> list[Answer]:
    pack = _pack(section, table.line)
    mapping = pack.linked.mappings.get(table.of)
    left, right = _sides(section, table)
    if mapping is None or set(left) != {"document"}:
        raise PageFault(section.page, table.line, "`map:` names a mapping, over documents")
    for path in right:
        if path != "status" and path not in mapping.facts:
            raise PageFault(section.page, table.line, f"`{path}` is no fact of {mapping.name}")
    answers = []
    for row in table.rows:
        wanted = {"status": "mapped"} | {column: row.cells[at] for column, at in right.items()}
        got = dict.fromkeys(wanted, "")
        try:
            held = map_document(pack.linked, mapping, read_json(row.cells[left["document"]]))
            read_facts(pack.linked, {}, known=held)
        except csflow.FactError as error:
            got["status"] = written_findings(finding.name for finding in error.diagnostics)
        else:
            got["status"] = "mapped"
            for path in set(right) - {"status"}:
                kind = pack.linked.facts[path].kind
                shown = to_json(kind, held.get(path), pack.linked.zone)
                got[path] = written(kind, shown) if path in held else "not given"
        answers.append(Answer(row.line, row.cells[left["document"]], wanted, got))
    return answers


def _vocabulary(section: Section, table: Table) -> list[Answer]:
    """The words of the first column are all there are."""
    if table.of not in VOCABULARIES:
        raise PageFault(section.page, table.line, f"no vocabulary {table.of!r}: {', '.join(VOCABULARIES)}")
    words = [word for row in table.rows for word in re.split(r"`?, `?", row.cells[0].strip("`"))]
    wanted, got = (" ".join(sorted(set(each))) for each in (words, VOCABULARIES[table.of]))
    return [Answer(table.line, table.of, {"words": wanted}, {"words": got})]


def _tests(section: Section, table: Table) -> list[Answer]:
    """How the tests of a document come out, each of them in a row."""
    loaded = load_files(_files(section))
    left, right = _sides(section, table)
    if loaded.pack is None or set(left) != {"name"} or not set(right) <= {"outcome", "differs"}:
        raise PageFault(section.page, table.line, "`tests:` names a document, over names, `outcome` and `differs`")
    runner = Runner(loaded.pack)
    results = {case.name: runner.run(case) for case in loaded.cases if case.document == table.of}
    if [row.cells[left["name"]] for row in table.rows] != list(results):
        raise PageFault(section.page, table.line, f"the tests of {table.of} are {', '.join(results)}")
    answers = []
    for row, (name, result) in zip(table.rows, results.items(), strict=True):
        differs = written_names(map(_differing, result.differences))
        got = {"outcome": "passed" if result.passed else "failed", "differs": differs}
        wanted = {column: row.cells[at] for column, at in right.items()}
        answers.append(Answer(row.line, name, wanted, {column: got[column] for column in wanted}))
    return answers


def _differing(difference: Difference | StepDifference | RunDifference) -> str:
    """The part of an answer that differs; of a refund or a case, in which step."""
    part = difference.expected.part
    return part if isinstance(difference, Difference) else f"{difference.step} {part}"


_CLAIMED = ("back", "granted", "concerns", "to", "consent", "reversals")
_OF_QUOTE = ("refund", "owes", "refunds", "borne", "status", "missing")
_OF_QUOTE += (
    "lapsed",
    "reversals",
    "grants",
    "withheld",
    "additions",
    "recourse",
    "entries",
    "taken",
    "effects",
    "held_for",
)


def _quote(section: Section, table: Table) -> list[Answer]:
    """Claims one after the other against the book of one order: what is refunded, how, and at whose cost."""
    pack = _pack(section, table.line)
    left, right = _sides(section, table)
    order = section.frozen()
    if table.of not in pack.linked.settlements or order is None:
        raise PageFault(section.page, table.line, "`quote:` names a settlement, below a block `json order`")
    if not set(right) <= set(_OF_QUOTE):
        raise PageFault(section.page, table.line, f"right of {ARROW} stand {', '.join(_OF_QUOTE)}")
    facts = {name: at for name, at in left.items() if name not in (*_CLAIMED, "at")}
    _require_facts(section, table, facts, pack)
    ledger = pack.freeze(read_json(order))
    book, answers, budgets = None, [], {each: csflow.Budget() for each in _budgeted(pack.linked.settlements[table.of])}
    for row in table.rows:
        wanted = {"status": "quoted"} | {column: row.cells[at] for column, at in right.items()}
        given = _facts(section, pack, {path: row.cells[at] for path, at in facts.items()})
        claim = _claim({name: row.cells[at] for name, at in left.items() if name in _CLAIMED})
        instant = row.cells[left["at"]] if "at" in left else None
        quote = pack.quote(ledger, claim, given, settlement=table.of, book=book, budgets=budgets, at=instant)
        got = _of_quote(quote)
        answers.append(Answer(row.line, _case(row, left), wanted, {column: got[column] for column in wanted}))
        if quote.plan is not None:
            book, budgets = quote.plan.book, {**budgets, **quote.plan.budgets}
    return answers


def _budgeted(settlement: Any) -> Iterator[str]:
    return (each.name for each in settlement.amounts if each.budgeted)


def _claim(cells: Mapping[str, str]) -> dict[str, Any]:
    """`1: 2 no_reason; 2: 1 defect`, `1: 20.00 CNY` and `gift of one; damages = food; return_leg: defect; price for 1` as a claim."""
    claim: dict[str, Any] = {"returns": [], "granted": [], "concerns": []}
    for part in filter(None, cells.get("back", "").split("; ")):
        line, _, rest = part.partition(": ")
        count, _, reason = rest.partition(" ")
        claim["returns"].append({"line": line, "quantity": int(count), **({"reason": reason} if reason else {})})
    for part in filter(None, cells.get("granted", "").split("; ")):
        line, _, amount = part.partition(": ")
        claim["granted"].append({"line": line, "amount": amount})
    if cells.get("reversals"):
        claim["reversals"] = cells["reversals"].split("; ")
    if cells.get("to"):
        claim["to"] = cells["to"]
    if cells.get("consent"):
        claim["consent"] = cells["consent"] == "true"
    for part in filter(None, cells.get("concerns", "").split("; ")):
        found = re.fullmatch(r"(\w+)(?: = (\w+))?(?:: (\w+))?(?: of (\w+))?(?: for (\w+))?", part)
        assert found is not None, part
        claim["concerns"].append(dict(zip(("name", "option", "reason", "event", "line"), found.groups(), strict=True)))
    return claim


def _of_quote(quote: Any) -> dict[str, str]:
    document = quote.to_json()
    plan, refusal = document["plan"], document["refusal"]
    got = dict.fromkeys(_OF_QUOTE, "") | {"status": document["status"]}
    got["missing"] = written_names(cause.name for cause in quote.missing)
    if refusal is not None:
        limit = "" if refusal["limit"] is None else f", at most {_shown(refusal['limit'])}"
        about = f" {refusal['name']}" if refusal["name"] else ""
        choices = f" of {', '.join(refusal['choices'])}" if refusal["choices"] else ""
        why = f", {refusal['reason']}" if refusal["reason"] else ""
        got["status"] = f"refused: {refusal['code']}{about}{choices}{limit}{why}"
    if plan is not None:
        got["refund"], got["owes"] = _shown(plan["amount"]), _shown(plan["customer_owes"])
        got["refunds"] = ", ".join(map(_refund, plan["refunds"]))
        got["lapsed"] = ", ".join(f"{each['tender']} {each['amount']['amount']}" for each in plan["lapsed"])
        got["reversals"] = ", ".join(f"{each['id']} {each['amount']['amount']}" for each in plan["reversals"])
        got["borne"] = _parties(plan)
        got["grants"] = ", ".join(f"{each['name']} {each['amount']['amount']}" for each in plan["grants"])
        got["withheld"] = ", ".join(f"{each['name']} {each['amount']['amount']}" for each in plan["withheld"])
        got["additions"] = "; ".join(
            f"{each['name']} {each['amount']['amount']}{_form(each)} ({_parties(each)})" for each in plan["additions"]
        )
        got["recourse"] = ", ".join(f"{each['from']} {each['amount']['amount']}" for each in plan["recourse"])
        got["entries"] = "; ".join(f"{each['name']}: {_accounts(each)}" for each in plan["entries"])
        got["taken"] = ", ".join(
            f"{each['name']} {each['units']}" + (f", {each['short']} short" if each["short"] else "")
            for each in plan["taken"]
        )
        got["effects"] = ", ".join(
            each["name"] + (f" {each['amount']['amount']}" if each["amount"] else "") for each in plan["effects"]
        )
        got["held_for"] = "; ".join(map(_holder, plan["held_for"]))
    return got


def _parties(part: Any) -> str:
    return ", ".join(f"{each['party']} {each['amount']['amount']}" for each in part["borne"])


def _form(addition: Any) -> str:
    return "" if addition["form"] == "money" else f" as {addition['form']}"


def _accounts(entry: Any) -> str:
    return ", ".join(f"{each['account']} {each['amount']['amount']}" for each in entry["postings"])


def _holder(held: Any) -> str:
    """`goodwill: supervisor, a person`."""
    who = [held["role"]] * bool(held["role"]) + ["a person"] * held["confirmed"]
    return f"{held['of'] or 'all'}: {', '.join(who)}"


def _refund(refund: Mapping[str, Any]) -> str:
    units = "" if refund["units"] is None else f" ({refund['units']})"
    fate = "" if refund["expired"] is None else f" {refund['expired']}"
    if refund["valid_for_days"] is not None:
        fate += f" for {refund['valid_for_days']} days"
    to = "" if refund["to"] == refund["kind"] else f" to {refund['to']}"
    return f"{refund['tender']} {refund['amount']['amount']}{units}{to}{fate}"


def _shown(value: Any) -> str:
    return f"{value['amount']} {value['currency']}" if isinstance(value, dict) else str(value)


_ASKS: Mapping[str, Callable[[Section, Table], list[Answer]]] = {
    "decide": _decide,
    "evaluate": _evaluate,
    "cells": _cells,
    "values": _values,
    "map": _map,
    "vocabulary": _vocabulary,
    "tests": _tests,
    "quote": _quote,
}


# Parts of tables


def _options(section: Section, table: Table) -> tuple[str, dict[str, Any], dict[str, str]]:
    """`NAME at: INSTANT rate: 20%` as the name, the keywords of `decide` and the parameters of other value."""
    name, *pairs = re.split(r" ([a-z_][a-z0-9_]*): ", table.of)
    options = dict(zip(pairs[::2], pairs[1::2], strict=True))
    if not re.fullmatch(r"[a-z0-9_]+", name) or len(options) * 2 != len(pairs):
        raise PageFault(section.page, table.line, "`decide:` takes a name, then `at: INSTANT` and `PARAMETER: VALUE`")
    how = {"at": dt.datetime.fromisoformat(options.pop("at"))} if "at" in options else {}
    return name, how, options


def _with_parameters(section: Section, table: Table, pack: csflow.Pack, values: Mapping[str, str]) -> csflow.Pack:
    """The pack with other values of parameters, whatever the date and the layers."""
    held = {}
    for name, text in values.items():
        parameter = pack.linked.parameters.get(name)
        if parameter is None or parameter.kind.name == "window":
            raise PageFault(section.page, table.line, f"no parameter {name!r} whose value can be written in a line")
        try:
            held[name] = from_text(parameter.kind, text)
        except Misfit as misfit:
            raise PageFault(section.page, table.line, f"{name}: {text}: {misfit.name}") from None
    return csflow.Pack(with_parameters(pack.linked, held), [])


def _sides(section: Section, table: Table) -> tuple[dict[str, int], dict[str, int]]:
    """The columns left and right of the arrow, by name."""
    header = table.header
    if header.count(ARROW) != 1:
        raise PageFault(section.page, table.line, f"a table of cases has one column headed {ARROW}")
    arrow = header.index(ARROW)
    if any(row.cells[arrow] for row in table.rows):
        raise PageFault(section.page, table.line, f"the column headed {ARROW} is empty")
    left = {name: at for at, name in enumerate(header[:arrow])}
    right = {name: at for at, name in enumerate(header) if at > arrow}
    if not right or len(left) + len(right) + 1 != len(header):
        raise PageFault(section.page, table.line, "a table of cases names each column once, and what is expected")
    return left, right


def _require_facts(section: Section, table: Table, left: Mapping[str, int], pack: csflow.Pack) -> None:
    for name in left:
        if name not in pack.linked.facts:
            raise PageFault(section.page, table.line, f"the column `{name}` is no fact of the pack")


def _require_columns(section: Section, table: Table, right: Mapping[str, int], known: set[str]) -> None:
    if "value" not in right or not set(right) <= known:
        raise PageFault(section.page, table.line, f"right of {ARROW} stand `value` and, if need be, `missing`")


def _facts(section: Section, pack: csflow.Pack, cells: Mapping[str, str]) -> Any:
    """Checked facts: the blocks of the sections, then the cells of a row, each written as in YAML."""
    known = read_facts(pack.linked, {"order": {"paid_at": PAID_AT}}).values
    for text in section.facts():
        known = dict(known) | read_facts_file(pack.linked, "facts.yaml", text.encode(), known).values
    lines: dict[str, list[str]] = {}
    for path, cell in cells.items():
        record, _, name = path.partition(".")
        lines.setdefault(record, []).append(f"  {name}: {cell}")
        # An empty cell takes back what a block has given.
        known = {fact: value for fact, value in known.items() if fact != path}
    text = "".join(f"{record}:\n" + "\n".join(fields) + "\n" for record, fields in lines.items())
    if not text:
        return read_facts(pack.linked, {}, known=known)
    return read_facts_file(pack.linked, "facts.yaml", text.encode(), known)


def _loading(section: Section, more: Mapping[str, str]) -> tuple[csflow.Pack | None, list[str]]:
    """The section's pack with more files, and the names of the findings these files have."""
    loaded = load_files(_files(section) | {name: text.encode() for name, text in more.items()})
    names = [one.name for one in loaded.diagnostics if one.mark is None or one.mark.path in more]
    if loaded.pack is None and not names:
        raise PageFault(section.page, section.line, "a table over a pack that does not check")
    return (csflow.Pack(loaded.pack, []) if loaded.pack is not None and not names else None), names


def _quoted(section: Section, row: Row, expression: str) -> str:
    """In the quotes that it does not hold itself: escapes are refused in expressions."""
    if '"' not in expression:
        return f'"{expression}"'
    if "'" in expression:
        raise PageFault(section.page, row.line, "an expression with both kinds of quotes")
    return f"'{expression}'"


def _case(row: Row, left: Mapping[str, int]) -> str:
    return json.dumps({name: row.cells[at] for name, at in left.items() if row.cells[at]}, ensure_ascii=False)
