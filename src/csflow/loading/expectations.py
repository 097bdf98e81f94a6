"""Owns linking what a case expects: each part of the answer known, each value read by its kind."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from csflow.definitions import Keyed
from csflow.definitions.sections import CaseSection
from csflow.diagnostics import Diagnostics, Mark, Word, nearest, nearest_spelling
from csflow.loading.kinds import decode
from csflow.pack.cases import MISSING, PARTS, STATUS, STATUSES, Expectation
from csflow.pack.model import CHECKLIST, SINGLE_HIT, Decision, LinkedPack, Output
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar, Sequence
from csflow.values.kinds import Kind

_NULLS = ("null", "~")
# The statuses of answers that may miss something.
_MAY_MISS = ("undecided", "conflict")


def link_expected(
    section: CaseSection, pack: LinkedPack, decision: Decision, diagnostics: Diagnostics
) -> tuple[Expectation, ...]:
    """What is expected, the status first; it is `decided` unless it is written or something is to be missing."""
    expect = section.expect
    if expect is None:
        diagnostics.report("missing-key", section.name.mark, key="expect")
        return ()
    if not expect:
        diagnostics.report("case-without-expectation", section.mark_of("expect"), name=section.name.text)
        return ()
    return tuple(_Expected(section, expect, pack, decision, diagnostics).linked())


class Shapes:
    """Reads the shapes that values under `expect` have; another one is reported."""

    def __init__(self, pack: LinkedPack, diagnostics: Diagnostics) -> None:
        self._pack = pack
        self._diagnostics = diagnostics

    def texts(self, keyed: Keyed) -> list[Scalar]:
        """A list of texts, or one text alone; nothing but those that are."""
        items = keyed.value.items if isinstance(keyed.value, Sequence) else (keyed.value,)
        scalars = [self.scalar(item, keyed.mark) for item in items]
        return [scalar for scalar in scalars if scalar is not None]

    def scalar(self, node: Node, mark: Mark) -> Scalar | None:
        if isinstance(node, Scalar) and (node.text or node.is_quoted):
            return node
        self.report_shape(node, mark, "shape.text")
        return None

    def choice(self, node: Scalar, known: Iterable[str]) -> str:
        """One of a few words; "" where it is none of them."""
        words = list(known)
        if node.text in words:
            return node.text
        meant = nearest(node.text, words)
        self._diagnostics.report("unknown-choice", node.mark, suggestion=meant, text=node.text, known=words)
        return ""

    def missing(self, keyed: Keyed) -> tuple[str, ...]:
        """Names of facts, fields of records, decisions, parameters, calendars and zones; and `at`, the instant."""
        return tuple(sorted(set(self._missing(keyed))))

    def _missing(self, keyed: Keyed) -> Iterator[str]:
        pack = self._pack
        known = [*pack.facts, *pack.decisions, *pack.parameters, *pack.calendars, *pack.zones, "at"]
        for each in self.texts(keyed):
            # A field of a record is named with the place of the record: `claim.lines[2].price`.
            path, _, rest = each.text.partition("[")
            member = rest.partition("].")[2]
            fact = pack.facts.get(path)
            is_field = fact is not None and member and fact.kind.member(member) is not None
            if each.text not in known and not is_field:
                meant = nearest(each.text, known)
                self._diagnostics.report("unknown-name", each.mark, suggestion=meant, name=each.text)
            yield each.text

    def report_shape(self, node: Node, mark: Mark, wanted: str) -> None:
        found = {MappingNode: "mapping", Sequence: "list", Scalar: "text"}[type(node)]
        if isinstance(node, Scalar) and not node.text and not node.is_quoted:
            found = "nothing"
        self._diagnostics.report("wrong-shape", mark, wanted=Word(wanted), found=Word(f"shape.{found}"))


class _Expected(Shapes):
    def __init__(
        self,
        section: CaseSection,
        expect: Mapping[str, Keyed],
        pack: LinkedPack,
        decision: Decision,
        diagnostics: Diagnostics,
    ) -> None:
        super().__init__(pack, diagnostics)
        self._section = section
        self._expect = expect
        self._decision = decision

    def linked(self) -> Iterator[Expectation]:
        expect = self._expect
        status = self._status(expect)
        yield Expectation(STATUS, status, place_of(expect[STATUS]) if STATUS in expect else self._section.name.mark)
        for part, keyed in expect.items():
            if part == STATUS:
                continue
            if part in PARTS or part in self._decision.outputs:
                if not self._is_excluded(part, status, keyed.mark):
                    yield Expectation(part, self._value(part, keyed), place_of(keyed))
            else:
                self._report_unknown(part, keyed.mark)

    def _status(self, expect: Mapping[str, Keyed]) -> str:
        written = expect.get(STATUS)
        if written is None:
            return "undecided" if MISSING in expect else "decided"
        node = self.scalar(written.value, written.mark)
        return "" if node is None else self.choice(node, STATUSES)

    def _is_excluded(self, part: str, status: str, mark: Mark) -> bool:
        """Whether an answer of that status has no such part, which is reported."""
        has_it = status in _MAY_MISS if part == MISSING else status == "decided"
        if status and not has_it:
            word = Word(f"status.{status}")
            self._diagnostics.report("excluded-expectation", mark, name=part, status=word, text=status)
        return not has_it

    def _report_unknown(self, name: str, mark: Mark) -> None:
        spellings = {each: each for each in (*PARTS, *self._decision.outputs)}
        for output in self._decision.outputs.values():
            spellings |= {text: output.name for _, text in (output.title.texts if output.title else ())}
        self._diagnostics.report(
            "unknown-expectation",
            mark,
            suggestion=nearest_spelling(name, spellings),
            name=name,
            decision=self._decision.name,
            known=list(self._decision.outputs),
        )

    # Values

    def _value(self, part: str, keyed: Keyed) -> Any:
        match part:
            case "rule":
                return self._rule(keyed)
            case "exceptions":
                return tuple(self._ids(keyed, self._exception_ids()))
            case "missing":
                return self.missing(keyed)
            case "codes":
                kind = _codes(self._pack)
                return tuple(decode(kind, each.text, each.mark, self._diagnostics) for each in self.texts(keyed))
        return self._output(self._decision.outputs[part], keyed)

    def _rule(self, keyed: Keyed) -> Any:
        """The id of the rule; where there may be several hits, or several records, a list of them."""
        policy, is_whole = self._decision.hit_policy, self._decision.for_each is None
        has_one = is_whole and policy in SINGLE_HIT
        is_list = isinstance(keyed.value, Sequence)
        # Of rules that agree, and of requirements not met, an answer names the first.
        if has_one if is_list else not (has_one or (is_whole and policy in ("any", CHECKLIST))):
            self.report_shape(keyed.value, keyed.mark, "shape.text" if has_one else "shape.list")
            return None
        ids = tuple(self._ids(keyed, self._rule_ids()))
        return ids if is_list else next(iter(ids), None)

    def _ids(self, keyed: Keyed, known: Iterable[str]) -> Iterator[str]:
        ids = list(known)
        for each in self.texts(keyed):
            if each.text not in ids:
                self._diagnostics.report(
                    "unknown-expected-rule",
                    each.mark,
                    suggestion=nearest(each.text, ids),
                    decision=self._decision.name,
                    name=each.text,
                    known=ids,
                )
            yield each.text

    def _rule_ids(self) -> list[str]:
        otherwise = [self._decision.otherwise] if self._decision.otherwise else []
        return [rule.id for rule in (*self._decision.rules, *otherwise)]

    def _exception_ids(self) -> list[str]:
        rules = set(self._rule_ids())
        return [rule.id for rule in self._decision.every_rule() if rule.id not in rules]

    # Outputs

    def _output(self, output: Output, keyed: Keyed) -> Any:
        """The output in held form; of a decision that gives several, a value for each."""
        if not self._decision.gives_list:
            return self._one(output, keyed.value, keyed.mark)
        if not isinstance(keyed.value, Sequence):
            self.report_shape(keyed.value, keyed.mark, "shape.list")
            return None
        return tuple(self._one(output, item, item.mark) for item in keyed.value.items)

    def _one(self, output: Output, node: Node, mark: Mark) -> Any:
        if isinstance(node, Scalar) and not node.is_quoted and node.text in _NULLS:
            if not output.optional:
                self._diagnostics.report("required-output-left-out", node.mark, name=output.name)
            return None
        member = output.kind.member("value")
        if member is None:
            return self._decoded(output.kind, node, mark)
        if not isinstance(node, MappingNode):
            self.report_shape(node, mark, "shape.mapping")
            return None
        options = {each.key.text: self._decoded(member.kind, each.value, each.key.mark) for each in node.entries}
        return tuple({"id": name, "value": value} for name, value in sorted(options.items()))

    def _decoded(self, kind: Kind, node: Node, mark: Mark) -> Any:
        scalar = self.scalar(node, mark)
        return None if scalar is None else decode(kind, scalar.text, scalar.mark, self._diagnostics)


def place_of(keyed: Keyed) -> Mark:
    """Where a value is expected: the value itself, on one line with its name."""
    mark: Mark = keyed.value.mark
    return mark if mark.end > mark.start and mark.end_line == mark.line else keyed.mark


def _codes(pack: LinkedPack) -> Kind:
    titles = {code: each.title for code, each in pack.codes.items() if each.title}
    return Kind("code", tuple(sorted(pack.codes)), titles=titles)
