"""Owns drafts of the cases that are missing: facts that the search finds, with the answer as it is now.

A draft says what the pack does, not what it should do: it is written out with a comment on every case, for its
author to confirm or to correct.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import LANGUAGES, Word
from csflow.evaluators.outcomes import Outcome
from csflow.facts import ABSENT
from csflow.pack.model import LinkedPack
from csflow.source.quoting import quoted
from csflow.testing.coverage import Answered, Asked, Coverage, Question
from csflow.testing.obligations import Obligation
from csflow.testing.searching import Search
from csflow.values.decoding import exact
from csflow.values.kinds import DATETIME, NUMERIC, Kind
from csflow.values.presenting import to_json

_MOST_SHOWN = 3
# What YAML reads as it stands, in a flow mapping as well.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+%/-]*( [A-Za-z]+)?")


@dataclass(frozen=True, slots=True)
class Draft:
    """A case that was found, its answer now, and what it is there for."""

    case: Asked
    outcome: Outcome
    covers: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What was found for what is missing, and what was not."""

    drafts: tuple[Draft, ...]
    unreached: tuple[Obligation, ...]


def drafts_for(coverage: Coverage, asked: Iterable[Question] = ()) -> Drafts:
    """Cases that meet what is missing, none of which can be left out.

    `asked` are the cases to begin from: those of decisions, as all drafts are.
    """
    search = Search(coverage.pack)
    for case in asked:
        if isinstance(case, Asked):
            search.learn(case)
    waiting = list(coverage.missing)
    found: list[Answered] = []
    unreached: list[Obligation] = []
    while waiting:
        new = search.case_for(waiting[0])
        if new is None:
            unreached.append(waiting.pop(0))
            continue
        found.append(Answered(coverage.pack, new))
        waiting = [each for each in waiting if not found[-1].meets(each)]
    return Drafts(tuple(_needed(found, coverage.missing)), tuple(unreached))


def drafts_document(pack: LinkedPack, drafts: Iterable[Draft], language: str) -> str:
    """The drafts as a document of kind `tests`; empty without drafts."""
    cases = ["\n".join(_case(pack, number, draft, language)) for number, draft in enumerate(drafts, 1)]
    if not cases:
        return ""
    head = [f"# {line}" for line in _word("drafts_head", language).splitlines()]
    return "\n".join([*head, "tests:", *cases]) + "\n"


def language_of(pack: LinkedPack) -> str:
    """The language of a pack's own words: Chinese where its title is in Chinese, or in no stated language."""
    texts = dict(pack.title.texts) if pack.title else {}
    return next((language for language in LANGUAGES if language in texts), LANGUAGES[0])


def _needed(found: list[Answered], missing: Iterable[Obligation]) -> Iterator[Draft]:
    """The cases without those that the others make needless, each with what it alone, or it first, meets."""
    met = [{each for each in missing if answered.meets(each)} for answered in found]
    kept = set(range(len(found)))
    for number in reversed(range(len(found))):
        others = set().union(*(met[each] for each in kept if each != number))
        if met[number] <= others:
            kept.remove(number)
    told: set[Obligation] = set()
    for number in sorted(kept):
        covers = tuple(each for each in missing if each in met[number] and each not in told)
        told.update(covers)
        yield Draft(found[number].case, found[number].outcome, covers)


def _word(name: str, language: str) -> str:
    return Word(f"coverage.{name}").in_language(language)


# The document


def _case(pack: LinkedPack, number: int, draft: Draft, language: str) -> Iterator[str]:
    decision = pack.decisions[draft.case.decision]
    title = decision.title.in_language(language) if decision.title else decision.name
    about = draft.covers[0].text if draft.covers else decision.name
    yield f"  # {_word('draft', language)}"
    for each in draft.covers[:_MOST_SHOWN]:
        yield f"  # - {_on_one_line(f'{each.mark.path}:{each.mark.line} {each.text}')}"
    if len(draft.covers) > _MOST_SHOWN:
        yield f"  # - {_word('more', language).format(count=len(draft.covers) - _MOST_SHOWN)}"
    name = _word("draft_name", language).format(number=number, title=title, about=about)
    yield f"  - name: {quoted(_on_one_line(name))}"
    yield f"    decide: {decision.name}"
    if draft.case.at is not None:
        yield f"    at: {scalar_of(pack, DATETIME, draft.case.at)}"
    yield "    given:"
    for record, fields in records_of(pack, draft.case.facts.values).items():
        yield f"      {record}: {{{', '.join(fields)}}}"
    yield f"    expect: {{{', '.join(_expected(pack, draft.outcome))}}}"


def records_of(pack: LinkedPack, values: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, fact in pack.facts.items():
        held = values.get(path, ABSENT)
        if held is not ABSENT:
            record, _, name = path.partition(".")
            found.setdefault(record, []).append(f"{name}: {_value(pack, fact.kind, held)}")
    return found


def _expected(pack: LinkedPack, outcome: Outcome) -> Iterator[str]:
    """The whole answer: what a case says, so that it notices every change."""
    yield f"status: {outcome.status}"
    if outcome.status != "decided":
        if outcome.missing:
            yield f"missing: [{', '.join(sorted({_quoted_name(cause.name) for cause in outcome.missing}))}]"
        return
    decision = outcome.decision
    hits = outcome.items or outcome.hits
    is_list = outcome.gives_list or decision.aggregate is not None
    rules = [each.rule.id for each in hits if each.rule is not None]
    exceptions = [rule.id for each in (hits if is_list else hits[:1]) for rule in each.exceptions]
    if is_list:
        yield f"rule: [{', '.join(rules)}]"
    elif rules:
        yield f"rule: {rules[0]}"
    yield f"exceptions: [{', '.join(exceptions)}]"
    for name, output in decision.outputs.items():
        held = outcome.outputs[name]
        if outcome.gives_list:
            yield f"{name}: [{', '.join(_output(pack, output.kind, each) for each in held)}]"
        else:
            yield f"{name}: {_output(pack, output.kind, held)}"


def _output(pack: LinkedPack, kind: Kind, held: Any) -> str:
    if held is None:
        return "null"
    member = kind.member("value")
    if kind.name == "list" and member is not None:
        options = (f"{each['id']}: {_value(pack, member.kind, each['value'])}" for each in held)
        return f"{{{', '.join(options)}}}"
    return _value(pack, kind, held)


def _value(pack: LinkedPack, kind: Kind, held: Any) -> str:
    if kind.name != "list":
        return scalar_of(pack, kind, held)
    return f"[{', '.join(_record(pack, kind, record) for record in held)}]"


def _record(pack: LinkedPack, kind: Kind, record: Mapping[str, Any]) -> str:
    given = [member for member in kind.members if record.get(member.name, ABSENT) is not ABSENT]
    return f"{{{', '.join(f'{each.name}: {_value(pack, each.kind, record[each.name])}' for each in given)}}}"


def scalar_of(pack: LinkedPack, kind: Kind, held: Any) -> str:
    if kind.name == "text":
        return quoted(held)
    if kind.name == "bool":
        return "true" if held else "false"
    text = exact(kind, held) if kind.name in NUMERIC else str(to_json(kind, held, pack.zone))
    return text if _PLAIN.fullmatch(text) else quoted(text)


def _quoted_name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else quoted(name)


def _on_one_line(text: str) -> str:
    """Text from a pack without what would end a line or change how it reads."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
