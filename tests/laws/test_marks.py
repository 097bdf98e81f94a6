"""Every mark of a linked pack is its own letters: non-empty, inside its file, and parsed again the same."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

import csflow
from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions import parse_cell, parse_condition, print_expression
from csflow.expressions.elaborating import Elaborator
from csflow.expressions.parsing import walk
from csflow.expressions.syntax import (
    AnyCell,
    ChoiceCell,
    CompareCell,
    Interval,
    IntervalCell,
    Iteration,
    PresenceCell,
    Subtree,
    Syntax,
)
from csflow.expressions.terms import And, Limited, Not, Term
from csflow.loading.decisions import records_of
from csflow.loading.defining import define_alone
from csflow.loading.scopes import Names, RuleScope
from csflow.pack.model import CHECKLIST, Reason
from csflow.source import read_yaml
from csflow.values.kinds import BOOL

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {
    "cn": ROOT / "policies" / "cn",
    "corner_shop": ROOT / "tests" / "spec" / "checks" / "pack",
    "shapes": ROOT / "tests" / "domain" / "shapes",
}
CELLS = (AnyCell, ChoiceCell, CompareCell, IntervalCell, PresenceCell)
# Pieces that are no expression by themselves; what is inside them is.
PIECES = (Interval, Subtree, Iteration)
both_packs = pytest.mark.parametrize("name", FOLDERS)


@cache
def pack_of(name):
    return csflow.load_pack(files_of(name))


@cache
def files_of(name):
    folder = FOLDERS[name]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def things(value, path="pack"):
    """Every dataclass of a model, with the way to it."""
    if isinstance(value, Mark):
        return
    if is_dataclass(value):
        yield path, value
        for field in fields(value):
            yield from things(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from things(inner, f"{path}[{key}]")
    elif isinstance(value, (tuple, list)):
        for number, inner in enumerate(value):
            yield from things(inner, f"{path}[{number}]")


def is_inside_its_file(mark, files):
    return mark.path in files and mark.source.text == files[mark.path].decode() and 0 <= mark.start < mark.end <= len(
        mark.source.text
    )  # fmt: skip


@both_packs
def test_every_mark_is_a_run_of_letters_of_its_file(name):
    seen = 0
    for path, thing in things(pack_of(name).linked):
        for field in fields(thing):
            mark = getattr(thing, field.name)
            if isinstance(mark, Mark):
                seen += 1
                assert is_inside_its_file(mark, files_of(name)), path
                assert mark.text.strip(), path
                assert mark.text == mark.text.strip(), path
                assert (mark.line, mark.column) <= (mark.end_line, mark.end_column), path
                assert mark.source.offset(mark.line, mark.column) == mark.start, path
    assert seen > 100


@both_packs
def test_every_thing_with_a_name_is_marked_where_that_name_stands(name):
    linked = pack_of(name).linked
    for decision in linked.decisions.values():
        assert decision.mark.text == decision.name
        # What a checklist gives, no author writes.
        outputs = [] if decision.hit_policy == CHECKLIST else decision.outputs.values()
        for thing in (*decision.locals.values(), *decision.inputs.values(), *outputs):
            assert thing.mark.text == thing.name
        for rule in decision.every_rule():
            assert rule.mark.text == rule.id or rule is decision.otherwise
    words = (linked.roles, linked.parties, linked.channels, linked.customer_types, linked.layers)
    for held in (linked.facts, linked.parameters, linked.derived, linked.reasons, linked.codes, *words):
        for key, thing in held.items():
            assert thing.mark.text == (key.partition(".")[2] if held is linked.facts else key), thing
    assert all(isinstance(reason, Reason) for reason in linked.reasons.values())


@both_packs
def test_the_marks_of_terms_lie_inside_those_of_the_terms_around_them(name):
    for path, term in things(pack_of(name).linked):
        if not isinstance(term, Term) or isinstance(term, (And, Limited)):
            # The cells of a rule are joined by an `And` that its author did not write; limits have keys of their own.
            continue
        for field in fields(term):
            inner = getattr(term, field.name)
            for part in inner if isinstance(inner, tuple) else (inner,):
                # A cell compares a column that stands under its name, outside the cell.
                if isinstance(part, Term) and "cells" not in path and "condition" not in path:
                    assert term.mark.start <= part.mark.start <= part.mark.end <= term.mark.end, path


def syntaxes(name):
    """Every expression and every cell that the documents of a pack hold, as they are read."""
    diagnostics = Diagnostics()
    found = []

    def look(value):
        if isinstance(value, Syntax):
            found.append(value)
        elif isinstance(value, Mapping):
            for inner in value.values():
                look(inner)
        elif isinstance(value, (tuple, list)):
            for inner in value:
                look(inner)
        elif is_dataclass(value):
            for field in fields(value):
                look(getattr(value, field.name))
        elif hasattr(type(value), "model_fields"):
            for field_name in type(value).model_fields:
                look(getattr(value, field_name))

    for file, data in files_of(name).items():
        tree = read_yaml(file, data, diagnostics)
        look(define_alone(tree, diagnostics))
    assert list(diagnostics) == []
    return found


@cache
def syntaxes_of(name):
    return syntaxes(name)


@both_packs
def test_every_expression_and_cell_is_marked_inside_its_file(name):
    found = syntaxes_of(name)
    assert len(found) > 10
    for whole in found:
        for syntax in walk(whole):
            assert is_inside_its_file(syntax.mark, files_of(name))
            assert whole.mark.start <= syntax.mark.start <= syntax.mark.end <= whole.mark.end


def again(syntax, text_mark):
    diagnostics = Diagnostics()
    parse = parse_cell if isinstance(syntax, CELLS) else parse_condition
    parsed = parse(text_mark, diagnostics)
    assert list(diagnostics) == [], text_mark.text
    return parsed


@both_packs
def test_every_piece_of_an_expression_parses_again_from_its_own_letters(name):
    for whole in syntaxes_of(name):
        for syntax in walk(whole):
            if not isinstance(syntax, PIECES):
                assert again(syntax, syntax.mark) == syntax, syntax.mark.text


@both_packs
def test_every_expression_parses_again_from_what_it_prints(name):
    for whole in syntaxes_of(name):
        printed = csflow.diagnostics.Source("printed", print_expression(whole))
        assert again(whole, printed.mark(0, len(printed.text))) == whole, printed.text


@both_packs
def test_a_term_of_a_condition_elaborates_again_from_its_own_letters(name):
    """The condition and the computed outputs of a rule; what a cell tests stands partly outside it."""
    linked = pack_of(name).linked
    names = Names(linked.currency)
    names.facts, names.parameters = linked.facts, linked.parameters
    names.outputs = {decision.name: decision.outputs for decision in linked.decisions.values()}
    names.subtrees = {code: (code,) for code in linked.reasons}
    names.derived_names = {derived.name: derived.mark for derived in linked.derived.values()}
    names.derived = linked.derived
    names.lists = {each.name: records_of(each.outputs) for each in linked.decisions.values() if each.gives_list}
    seen = 0
    for decision in linked.decisions.values():
        walk = decision.for_each
        item = None if walk is None else (walk.variable, walk.source.kind)
        scope = RuleScope(names, {**decision.locals, **decision.inputs}, item)
        for rule in decision.every_rule():
            if (
                rule.layer is None
                and not rule.cells
                and rule is not decision.otherwise
                and rule.condition.mark.text != "{}"
            ):
                diagnostics = Diagnostics()
                syntax = parse_condition(rule.condition.mark, diagnostics)
                condition = Elaborator(scope, diagnostics).condition(syntax)
                # The rules of a checklist hold where a requirement does not.
                is_failure = decision.hit_policy == CHECKLIST
                assert rule.condition == (Not(condition.mark, BOOL, condition) if is_failure else condition)
                assert list(diagnostics) == []
                seen += 1
    assert seen


@both_packs
def test_what_yaml_reads_at_a_name_is_what_the_mark_holds(name):
    for decision in pack_of(name).linked.decisions.values():
        document = yaml.load(files_of(name)[decision.mark.path], yaml.BaseLoader)
        assert document["decision"] == decision.name
        rows = document["requires" if decision.hit_policy == CHECKLIST else "rules"]
        if isinstance(rows, str):
            lines = [line for line in rows.split("\n") if line.strip() and not line.startswith("#")]
            rows = [{"id": line.split("|")[0].strip()} for line in lines[1:]]
        assert [row["id"] for row in rows] == [rule.mark.text for rule in decision.rules]
        for written, rule in zip(rows, decision.rules, strict=True):
            if isinstance(written.get("when"), dict):
                assert sorted(written["when"]) == sorted(cell.input for cell in rule.cells)
