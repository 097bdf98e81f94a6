"""`csflow run FLOW`: one case, played through line by line by a virtual clock; from a terminal, or from a script."""

import io
import json
import re
import sys
from collections.abc import Iterator
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
from csflow.cli.run_lines import Happening, Outcome, Unclear, Waiting, is_end, read_line
from csflow.values.instants import DAY, EPOCH_DAY, LAST_DAY

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
# The first instant after the year 9999, where no calendar goes.
_LAST = (LAST_DAY + 1 - EPOCH_DAY) * DAY


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
    _require_purchase(opened, flow, order, claim)
    text = None if script is None else _lines_of(read_bytes(script, language, format))
    try:
        played, given = _simulation(opened, flow, start, facts, order, claim, language, format)
        session = _Session(opened, played, language, format)
        went_well = session.play(given, key, text)
    except FactError as problem:
        stop_with(problem.diagnostics, language, format)
    if not went_well:
        raise Quit(FINDINGS)


def _require_purchase(pack: "Pack", flow: str, order: Path | None, claim: Path | None) -> None:
    """An order and what is claimed of it belong together, and to a flow that asks a settlement."""
    if (order is None) != (claim is None):
        raise typer.BadParameter("--order and --claim go together")
    if order is not None and not any(state.quotes for state in pack.linked.flows[flow].states.values()):
        raise typer.BadParameter(f"{flow} quotes nothing: it takes no --order and no --claim")


def _lines_of(script: bytes) -> list[str]:
    """The lines; a byte that is no UTF-8 makes a line that says nothing."""
    return script.decode("utf-8-sig", errors="replace").splitlines()


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
        # Those of which somebody waits for the outcome, among them what settlements ask for.
        self._effects = {name for name, kind in pack.linked.effects.items() if not kind.notice}
        self._effects.update(each.name for one in pack.linked.settlements.values() for each in one.effects)

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
        """The lines, up to the one that ends them."""
        for line in self._typed() if script is None else script:
            if is_end(line):
                return
            yield line

    def _typed(self) -> Iterator[str]:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        if self._prompts:
            note(_WORDS[self._language][0])
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
            said = read_line(line)
            if said is None:
                return True
            if isinstance(said, Waiting):
                return self._wait(said)
            step = self._played.send(self._event(said))
        except Unclear:
            note(_WORDS[self._language][3].format(line=line.strip()))
            return False
        self._tell(step)
        return step.status != "refused"

    def _wait(self, said: Waiting) -> bool:
        until = self._played.at + said.length
        if until >= _LAST:
            raise Unclear
        steps = []
        for step in self._played.pass_time(until):
            self._tell(step)
            steps.append(step)
        return all(step.status != "refused" for step in steps)

    def _event(self, said: Happening | Outcome) -> "Event":
        from csflow.flows import Event

        data = {path: self._value(path, text) for path, text in said.data.items()}
        if isinstance(said, Happening):
            return Event(said.event, said.by or "system", data=data)
        if said.effect not in self._effects:
            raise Unclear
        return self._played.report(said.effect, succeeded=said.succeeded, data=data)

    def _value(self, path: str, text: str) -> Any:
        """The value as JSON would have it, by the kind of the fact; what is none of that kind stays a text."""
        fact = self._pack.linked.facts.get(path)
        kind = None if fact is None else fact.kind.name
        if kind == "bool":
            return {"true": True, "false": False}.get(text, text)
        if kind in ("int", "quantity") and re.fullmatch(r"-?[0-9]{1,18}", text):
            return int(text)
        return text

    def _tell(self, step: "Step") -> None:
        if self._is_json:
            print(json.dumps(self._document(step), ensure_ascii=False))
            return
        print("\n".join(self._timeline.lines(step, self._played.at)))

    def _document(self, step: "Step") -> dict[str, Any]:
        """A step, for programs; what is private in it is masked, as it is in every answer that is printed."""
        from csflow.facts.privacy import masked

        snapshot, facts = step.snapshot, self._pack.linked.facts
        effects = [{"name": each.name, "key": each.key, "facts": masked(facts, each.facts)} for each in step.effects]
        case = None if snapshot is None else self._pack.snapshot_to_json(snapshot)
        if case is not None:
            case["facts"] = masked(facts, case["facts"])
        return {
            "at": self._timeline.moment(self._played.at),
            "event": step.event.name,
            "by": step.event.by,
            "status": step.status,
            "refusal": None if step.refusal is None else {"code": step.refusal.code, **step.refusal.figures},
            "effects": effects,
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
