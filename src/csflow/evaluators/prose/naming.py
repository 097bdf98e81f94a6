"""Owns what things are called in sentences: by their titles, and by their names where they have none."""

from collections import Counter

from csflow.diagnostics import Phrase
from csflow.evaluators.prose.text import Named, Prose, fill, plain
from csflow.evaluators.titles import column_title
from csflow.expressions.terms import Reference, Space
from csflow.pack.model import Decision, Input, LinkedPack
from csflow.values.kinds import Member


class Naming:
    """The names of one pack in one language. `records` are the lists that variables walk over, by variable."""

    def __init__(self, pack: LinkedPack, language: str, decision: Decision | None) -> None:
        self._pack = pack
        self._language = language
        self._decision = decision
        titles = [fact.title for fact in pack.facts.values()]
        titles += [derived.title for derived in pack.derived.values()]
        titles += [parameter.title for parameter in pack.parameters.values()]
        self._uses = Counter(self.titled(title, "") for title in titles)
        self.records: dict[str, Reference] = {}
        # The variable whose list is named beside its fields.
        self.beside = "*"
        if decision is not None and decision.for_each is not None:
            self.records[decision.for_each.variable] = decision.for_each.source

    def titled(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self._language) if title else name

    def of(self, reference: Reference) -> Prose:
        """What a reference names, in words."""
        return self._told(reference, is_quoted=False)

    def quoted(self, reference: Reference) -> Prose:
        """The same with its own title in quotes: as what holds or does not."""
        return self._told(reference, is_quoted=True)

    def _told(self, reference: Reference, is_quoted: bool) -> Prose:
        name = reference.name
        match reference.space:
            case Space.ITEM:
                return self._field(name, is_quoted)
            case Space.DECISION:
                return self._answer(name, is_quoted)
            case Space.INPUT:
                told = self._column(name)
            case Space.FACT:
                told = self._own("fact", name, self._pack.facts[name].title)
            case Space.DERIVED:
                told = self._own("derived", name, self._pack.derived[name].title)
            case Space.PARAMETER:
                told = self._own("parameter", name, self._pack.parameters[name].title)
        return self._quote(told) if is_quoted else told

    def _quote(self, prose: Prose) -> Prose:
        return fill("join.quote", self._language, text=prose)

    def decision(self, name: str) -> Prose:
        return (Named("decision", name, self.titled(self._pack.decisions[name].title, name)),)

    def column(self, column: Input) -> str:
        """The title of a column, or that of the one thing it names."""
        return self.titled(column_title(self._pack, self._decision, column), column.name)

    def is_renamed(self, column: Input) -> bool:
        """Whether a column is more than another name of the one thing that it looks at."""
        term = column.term
        if not isinstance(term, Reference) or term.space in (Space.DECISION, Space.ITEM):
            return True
        return plain(self.of(term)) != self.column(column)

    def _own(self, space: str, name: str, title: Phrase | None) -> Prose:
        text = self.titled(title, name)
        if title is not None and self._uses[text] > 1:
            text = plain(fill("naming.twin", self._language, title=text, name=name))
        return (Named(space, name, text),)

    def _column(self, name: str) -> Prose:
        assert self._decision is not None  # INVARIANT: only a decision has columns and local names.
        column = self._decision.inputs.get(name) or self._decision.locals[name]
        title = self.column(column)
        if isinstance(column.term, Reference) and not self.is_renamed(column):
            # What is called like the thing it stands for leads there.
            return self.of(column.term)
        return (Named("input", f"{self._decision.name}.{name}", title),)

    def _field(self, path: str, is_quoted: bool) -> Prose:
        """A field of the record that is looked at; its variable is told where several are."""
        variable, _, field = path.partition(".")
        member = self._member(path)
        title: Prose = (self.titled(member.title if member else None, field),)
        title = self._quote(title) if is_quoted else title
        if variable == self.beside:
            return title
        if len(self.records) > 1:
            return fill("naming.record_of", self._language, variable=variable, field=title)
        return fill("naming.record", self._language, field=title)

    def _member(self, path: str) -> Member | None:
        variable, _, field = path.partition(".")
        return self.records[variable].kind.member(field)

    def _answer(self, path: str, is_quoted: bool) -> Prose:
        name, _, output = path.partition(".")
        decision = self._pack.decisions[name]
        if not output:
            return fill("naming.answers_of", self._language, decision=self.decision(name))
        found = decision.outputs.get(output)
        title: Prose = (self.titled(found.title if found else None, output),)
        title = self._quote(title) if is_quoted else title
        return fill("naming.given_by", self._language, decision=self.decision(name), output=title)
