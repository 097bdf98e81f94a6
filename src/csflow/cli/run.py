"""`csflow run FLOW`: one case, played through line by line by a virtual clock; from a terminal, or from a script."""

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csflow.cli.options import (
    FINDINGS,
    AnswerFormat,
    AnswerFormatOption,
    AtOption,
    Language,
    LanguageOption,
    PackOption,
    Quit,
    note,
    open_pack,
    read_bytes,
    read_instant,
    refuse,
    require_flow,
    shell_language,
    stop_with,
)

if TYPE_CHECKING:
    from csflow.api.packs import Pack
    from csflow.facts import Facts
    from csflow.flows import Event, Simulation, Step

HELP = "Play one case of a flow through, by a virtual clock. 试走一个流程。"

_WORDS = {
    "zh-CN": (
        "每行写一件事：事件 发出者 事实=值 …；wait 8 hours；succeeded 动作；failed 动作；quit",
        "现在可以：",
        "计时：",
        "看不懂这一行：{line}",
    ),
    "zh-TW": (
        "每行寫一件事：事件 發出者 事實=值 …；wait 8 hours；succeeded 動作；failed 動作；quit",
        "現在可以：",
        "計時：",
        "看不懂這一行：{line}",
    ),
    "en": (
        "one thing a line: EVENT SENDER fact=value ...; wait 8 hours; succeeded EFFECT; failed EFFECT; quit",
        "possible now:",
        "clocks:",
        "this line is not understood: {line}",
    ),
}
_WAIT, _SUCCEEDED, _FAILED, _QUIT = "wait", "succeeded", "failed", "quit"
_DAY = 86_400_000_000
# The year 9999 in every zone: no later time can be written.
_END = 253_370_764_800_000_000


class _Unclear(ValueError):
    """A line that says nothing that could happen."""


def run(
    flow: Annotated[str, typer.Argument(help="Name of the flow.")],
    facts: Annotated[Path | None, typer.Option("--facts", help="YAML or JSON file of facts.")] = None,
    script: Annotated[
        Path | None, typer.Option("--script", help="File of what happens, a line each. Default: standard input.")
    ] = None,
    order: Annotated[
        Path | None, typer.Option("--order", help="JSON file of the order, for a flow that quotes.")
    ] = None,
    claim: Annotated[Path | None, typer.Option("--claim", help="JSON file of what is claimed of it.")] = None,
    key: Annotated[str, typer.Option("--key", help="Key of the case.")] = "case",
    at: AtOption = None,
    pack: PackOption = None,
    format: AnswerFormatOption = AnswerFormat.TEXT,
    lang: LanguageOption = None,
) -> None:
    from csflow.facts import FactError

    language = lang or shell_language()
    opened = open_pack(pack, language, format)
    require_flow(opened, flow, language, format)
    if at is None:
        refuse("instant-required", language, format, pack=opened.name)
    start = read_instant(at, language, format)
    if (order is None) != (claim is None):
        raise typer.BadParameter("a quote is made from an order and a claim: --order and --claim go together")
    # What is no UTF-8 is read as a sign that no name has: its line is not understood, and says so.
    text = None if script is None else read_bytes(script, language, format).decode("utf-8-sig", "replace").splitlines()
    try:
        played, given = _simulation(opened, flow, start, facts, order, claim, language, format)
        session = _Session(opened, played, language, format)
        went_well = session.play(given, key, text)
    except FactError as problem:
        stop_with(problem.diagnostics, language, format)
    if not went_well:
        raise Quit(FINDINGS)


def _simulation(
    pack: "Pack",
    flow: str,
    start: int,
    facts: Path | None,
    order: Path | None,
    claim: Path | None,
    language: Language,
    layout: str,
) -> "tuple[Simulation, Facts]":
    from csflow.facts.files import read_document, read_facts_file
    from csflow.flows import Simulation

    def read(path: Path | None) -> Any:
        return None if path is None else read_document(path.as_posix(), read_bytes(path, language, layout))

    ledger = None if order is None else pack.freeze(read(order))
    given = pack.facts({})
    if facts is not None:
        given = read_facts_file(pack.linked, facts.as_posix(), read_bytes(facts, language, layout))
    return Simulation(pack.stepper(flow), start, ledger, read(claim)), given


class _Session:
    """One case at a terminal or from a script; what happens is printed as it does."""

    def __init__(self, pack: "Pack", played: "Simulation", language: Language, layout: str) -> None:
        from csflow.reports.timeline import Timeline

        self._pack = pack
        self._played = played
        self._language = language
        self._is_json = layout == AnswerFormat.JSON
        self._timeline = Timeline(played.stepper, language)
        self._prompts = False

    def play(self, facts: "Facts", key: str, script: list[str] | None) -> bool:
        """Play the lines through; False where the opening, or a line of a script, was refused or not understood."""
        opening = self._played.open(facts, key)
        self._tell(opening)
        went_well = opening.status != "refused"
        self._prompts = script is None and sys.stdin.isatty()
        for line in self._lines(script) if went_well else ():
            went_well = self._happen(line) and went_well
        return went_well or self._prompts

    def _lines(self, script: list[str] | None) -> Iterator[str]:
        if self._prompts:
            note(_WORDS[self._language][0])
        for line in self._typed() if script is None else script:
            if line.strip() == _QUIT:
                return
            yield line

    def _typed(self) -> Iterator[str]:
        while True:
            if self._prompts:
                self._outlook()
            line = sys.stdin.readline()
            if not line:
                return
            yield line

    def _happen(self, line: str) -> bool:
        """Let what a line says happen; whether it did."""
        try:
            words = _words(line)
            if not words:
                return True
            if words[0] == _WAIT:
                return self._wait(" ".join(words[1:]))
            step = self._played.send(self._event(words))
        except _Unclear:
            note(_WORDS[self._language][3].format(line=line.strip()))
            return False
        self._tell(step)
        return step.status != "refused"

    def _wait(self, length: str) -> bool:
        steps = []
        until = self._played.at + _microseconds(length)
        if until > _END:
            raise _Unclear
        for step in self._played.pass_time(until):
            self._tell(step)
            steps.append(step)
        return all(step.status != "refused" for step in steps)

    def _event(self, words: list[str]) -> "Event":
        from csflow.flows import Event

        if words[0] in (_SUCCEEDED, _FAILED):
            if len(words) < 2 or not self._is_effect(words[1]):
                raise _Unclear
            return self._played.report(words[1], succeeded=words[0] == _SUCCEEDED, data=self._facts(words[2:]))
        is_named = len(words) > 1 and "=" not in words[1]
        return Event(words[0], words[1] if is_named else "system", data=self._facts(words[1 + is_named :]))

    def _is_effect(self, name: str) -> bool:
        """Whether it is one that the pack declares with an outcome, or that a settlement has asked for."""
        kind = self._pack.linked.effects.get(name)
        return any(each.name == name for each in self._played.asked) if kind is None else not kind.notice

    def _facts(self, words: list[str]) -> dict[str, Any]:
        """`fact=value` pairs, as JSON has them; a value is written as in a pack; the step says what is wrong."""
        from csflow.values.decoding import Misfit, from_text
        from csflow.values.presenting import to_json

        found: dict[str, Any] = {}
        for word in words:
            path, sign, value = word.partition("=")
            if not sign:
                raise _Unclear
            found[path] = value
            fact = self._pack.linked.facts.get(path)
            if fact is not None and not fact.kind.members:
                with suppress(Misfit):
                    found[path] = to_json(fact.kind, from_text(fact.kind, value), self._pack.linked.zone)
        return found

    def _tell(self, step: "Step") -> None:
        if self._is_json:
            print(json.dumps(self._document(step), ensure_ascii=False))
            return
        print("\n".join(self._timeline.lines(step, self._played.at)))

    def _document(self, step: "Step") -> dict[str, Any]:
        """A step, for programs; what is private in it is masked, as it is in every answer that is printed."""
        from csflow.facts.privacy import masked

        snapshot, facts = step.snapshot, self._pack.linked.facts
        case = None if snapshot is None else self._pack.snapshot_to_json(snapshot)
        if case is not None:
            case["facts"] = masked(facts, case["facts"])
        return {
            "at": self._timeline.moment(self._played.at),
            "event": step.event.name,
            "by": step.event.by,
            "status": step.status,
            "refusal": None if step.refusal is None else {"code": step.refusal.code, **step.refusal.figures},
            "effects": [
                {"name": each.name, "key": each.key, "facts": masked(facts, each.facts)} for each in step.effects
            ],
            "opened": [{"alias": each.alias, "flow": each.flow, "key": each.key} for each in step.opened],
            "case": case,
        }

    def _outlook(self) -> None:
        """What is possible now, and which clocks run."""
        played = self._played
        if played.snapshot is None:
            return
        from csflow.flows.outlook import allowed

        _, possible, clocks, _ = _WORDS[self._language]
        found = allowed(played.stepper, played.snapshot, None, played.at)
        note(possible + " " + "; ".join(f"{each.event} ({', '.join(each.by)})" for each in found))
        running = list(self._timeline.clocks(played.snapshot, played.at))
        if running:
            note("\n".join([clocks, *running]))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        raise _Unclear from None


def _microseconds(length: str) -> int:
    from csflow.values.decoding import Misfit, from_text
    from csflow.values.kinds import DAYS, DURATION

    try:
        if length.endswith(("day", "days")):
            found = int(from_text(DAYS, length)) * _DAY
        else:
            found = int(from_text(DURATION, length))
    except Misfit:
        raise _Unclear from None
    if found < 0:
        raise _Unclear
    return found
