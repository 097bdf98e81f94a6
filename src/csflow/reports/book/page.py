"""Owns what the parts of a handbook share: its language, its names, its links and anchors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from csflow.diagnostics import Phrase, Word
from csflow.evaluators.prose import Prose, Speaker
from csflow.evaluators.prose.text import Named, fill
from csflow.pack.model import CHECKLIST, Decision, LinkedPack, Rule
from csflow.reports.html import Content, Element, element

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the book with its heading, and what the table of contents lists under it.

    Where it is `apart`, each element of its body is one of the entries, and a page of its own in a book of pages.
    """

    anchor: str
    title: str
    body: list[Element]
    entries: tuple[tuple[str, str], ...] = ()
    apart: bool = False


class Page:
    """One pack in one language. It `draws` its pictures itself, or leaves that to the reader of the page."""

    def __init__(self, pack: LinkedPack, language: str, draws: bool = True) -> None:
        self.pack = pack
        self.language = language
        self.draws = draws
        self.speaker = Speaker(pack, language)

    def speaker_of(self, decision: Decision) -> Speaker:
        return Speaker(self.pack, self.language, decision)

    # Words

    def word(self, word: str) -> str:
        return Word(f"handbook.{word}").in_language(self.language)

    def say(self, word: str, /, **parts: Prose | str) -> list[Content]:
        """A word of the handbook with its places filled, its names as links."""
        return self.set(fill(f"handbook.{word}", self.language, **parts))

    def title(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self.language) if title else name

    @property
    def colon(self) -> str:
        return Word("join.colon").in_language(self.language)

    @property
    def comma(self) -> str:
        return Word("join.list").in_language(self.language)

    # Sentences and names

    def set(self, prose: Prose) -> list[Content]:
        """A sentence, in which every name that has a place in the book leads there."""
        return [piece if isinstance(piece, str) else self._named(piece) for piece in prose]

    def link(self, space: str, name: str, *content: Content) -> Element:
        return element("a", *content, href=f"#{anchor(space, name)}")

    def listed(self, contents: Iterable[Content]) -> list[Content]:
        """One after the other, with commas between."""
        told: list[Content] = []
        for number, content in enumerate(contents):
            told += [self.comma, content] if number else [content]
        return told

    def rule_link(self, decision: Decision, rule: Rule) -> list[Content]:
        """A rule as other places name it: the decision's title and its own."""
        title = self.title(decision.title, decision.name)
        return [f"{title}{self.colon}", self.link("rule", f"{decision.name}.{rule.id}", self.rule_title(rule))]

    def rule_title(self, rule: Rule) -> str:
        if rule.title is None and rule.id == "otherwise":
            return self.word("otherwise")
        return self.title(rule.title, rule.id)

    def source(self, because: str | None, basis: str | None) -> Element | None:
        """The source of a rule or value with the badge of its basis."""
        if because is None and not basis:
            return None
        told = [] if because is None else [f"{self.word('because')}{self.colon}", because]
        return element("p", told, " " if told and basis else None, self.badge(basis), class_="source")

    def badge(self, basis: str | None) -> Element | None:
        if not basis:
            return None
        word = Word(f"basis_word.{basis}").in_language(self.language)
        return element("span", word, class_=f"badge {basis}")

    # Blocks

    def terms(self, *pairs: tuple[str, Content]) -> Element:
        """Pairs of a word and what is said to it; those that say nothing are left out."""
        told = [(word, content) for word, content in pairs if content]
        return element("dl", [(element("dt", word), element("dd", content)) for word, content in told])

    def items(self, contents: Iterable[Content], **attributes: str) -> Element:
        return element("ul", [element("li", content) for content in contents], **attributes)

    def table(self, caption: str, head: list[Content], rows: Iterable[Element]) -> Element:
        """A table in a box of its own, in which it moves where the page is narrow."""
        header = element("tr", [element("th", each, scope="col") for each in head])
        body = [
            element("caption", caption),
            element("thead", header),
            element("tbody", list(rows)),
        ]
        return self.in_box(caption, element("table", body))

    def in_box(self, label: str, content: Content) -> Element:
        """What is wider than a narrow page, in a box of its own in which it moves."""
        return element("div", content, class_="scroll", role="region", tabindex="0", aria_label=label)

    def called(self, title: Phrase | None, name: str) -> list[Content]:
        """A title with the name that the pack's files use; where there is no title, the name alone."""
        return [self.code(name)] if title is None else [element("b", self.title(title, name)), " ", self.code(name)]

    def code(self, text: str) -> Element:
        return element("code", text)

    def _named(self, named: Named) -> Content:
        if named.space not in _ANCHORED:
            return named.text
        is_written = named.text == named.name
        return self.link(named.space, named.name, self.code(named.text) if is_written else named.text)


_ANCHORED = frozenset(
    {"fact", "derived", "parameter", "decision", "input", "layer", "code", "reason", "role", "calendar"}
)


def by_name(told: Mapping[str, T]) -> list[T]:
    """In the order of their names: which file or line something stands in means nothing."""
    return [each for _, each in sorted(told.items())]


def written_rules(decision: Decision) -> list[Rule]:
    """What an author wrote: that all requirements of a checklist are met, csflow adds itself."""
    return [
        rule for rule in decision.every_rule() if decision.hit_policy != CHECKLIST or rule is not decision.otherwise
    ]


def anchor(space: str, name: str) -> str:
    """Where something stands in the book; names are unique in their space, and without blanks."""
    return f"{space}.{name}"
