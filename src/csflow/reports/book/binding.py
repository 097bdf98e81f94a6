"""Owns a handbook as one page of HTML: its title page, its contents, its parts in their order."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from csflow.api.packs import Pack
from csflow.diagnostics.languages import LANGUAGES
from csflow.reports.book import calendars, decisions, flows, parameters, settlements, sources, vocabularies
from csflow.reports.book.page import Page, Part
from csflow.reports.html import Content, Element, element
from csflow.reports.html import page as html_page

_PARTS: tuple[Callable[[Page], Part | None], ...] = (
    decisions.decisions,
    settlements.settlements,
    flows.flows,
    parameters.parameters,
    parameters.layers,
    vocabularies.facts,
    vocabularies.reasons,
    vocabularies.codes,
    vocabularies.roles,
    vocabularies.symbols,
    calendars.calendars,
    vocabularies.mappings,
    sources.sources,
)
_OWN_NAMES: Mapping[str, str] = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}
CONTENTS = "contents"
_BASES = ("law", "platform", "own", "unverified")
# The page reads nothing and runs nothing: what a pack says stays text.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def handbook(pack: Pack, language: str, beside: tuple[str, ...] = ()) -> str:
    """The pack as one page of HTML in zh-CN, zh-TW or en, which needs no network and no script.

    `beside` are the languages whose pages stand in the same folder, under their `file_name`: the page links to them.
    The same digests and arguments give the same text. Raises ValueError for another language.
    """
    book = open_book(pack, language, beside)
    return html_page(_document(book, {each: file_name(pack, each) for each in beside}))


def file_name(pack: Pack, language: str) -> str:
    """What the page of a pack is called, where it stands beside those in other languages."""
    return f"{pack.name}.{language}.html"


def open_book(pack: Pack, language: str, beside: tuple[str, ...], draws: bool = True) -> Page:
    """A book in a language that, like those beside it, a handbook speaks; raises ValueError for another."""
    for each in (language, *beside):
        if each not in LANGUAGES:
            raise ValueError(f"a handbook speaks {', '.join(LANGUAGES)}, not {each!r}")
    return Page(pack.linked, language, draws)


def parts(book: Page) -> list[Part]:
    """What the pack has something to say in, in the order of the book."""
    return [part for part in (tell(book) for tell in _PARTS) if part is not None]


def _document(book: Page, beside: Mapping[str, str]) -> Element:
    told = parts(book)
    return element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            element("meta", name="color-scheme", content="light dark"),
            element("title", title(book)),
            element("style", _style()),
        ),
        element(
            "body",
            front(book, beside),
            contents(book, told),
            element("main", [section(book, each) for each in told]),
            imprint(book),
        ),
        lang=book.language,
    )


def title(book: Page) -> str:
    return book.word("title").format(pack=book.title(book.pack.title, book.pack.name))


def front(book: Page, beside: Mapping[str, str]) -> Element:
    """What the pack is, when it holds, by which digest it is known, and that it is no advice."""
    pack, shown = book.pack, book.speaker.values
    start, end = pack.in_force
    in_force = book.word("from_to").format(start=shown.day(start), end=shown.day(end - 1))
    return element(
        "header",
        languages(book, beside),
        element("h1", title(book)),
        element("p", book.word("about")),
        element("p", pack.notice.in_language(book.language), class_="notice") if pack.notice else None,
        book.terms(
            (book.word("pack"), book.code(pack.name)),
            (book.word("in_force"), in_force),
            (book.word("reviewed_on"), shown.day(pack.reviewed_on) if pack.reviewed_on else None),
            (book.word("currency"), pack.currency),
            (book.word("zone"), pack.zone.name),
            (book.word("digest"), book.code(pack.digest)),
            (book.word("text_digest"), book.code(pack.text_digest)),
        ),
        _reading(book),
    )


def languages(book: Page, beside: Mapping[str, str]) -> Element | None:
    """Links to the files that hold the page in other languages."""
    links = [
        element("a", _OWN_NAMES[each], href=beside[each], hreflang=each, lang=each)
        for each in LANGUAGES
        if each in beside and each != book.language
    ]
    return element("nav", book.listed(links), aria_label=book.word("languages")) if links else None


def _reading(book: Page) -> Element:
    told = [element("p", book.word(f"reading_{each}")) for each in ("rules", "unknown", "exceptions")]
    badges: list[Content] = []
    for basis in _BASES:
        badges += [" ", book.badge(basis)]
    marks = element("p", book.word("reading_basis"), badges)
    return element("details", element("summary", book.word("reading")), told, marks)


def contents(book: Page, told: list[Part]) -> Element:
    """The table of contents, whose parts fold without a script."""
    lines = [element("li", _line(part)) for part in told]
    return element(
        "nav",
        element("details", element("summary", book.word("contents")), element("ol", lines), open="open"),
        id=CONTENTS,
        aria_label=book.word("contents"),
    )


def _line(part: Part) -> Content:
    heading = element("a", part.title, href=f"#{part.anchor}")
    if not part.entries:
        return heading
    entries = [element("li", element("a", title, href=f"#{anchor}")) for anchor, title in part.entries]
    return [heading, element("ul", entries)]


def section(book: Page, part: Part) -> Element:
    return element("section", element("h2", part.title), part.body, back(book), id=part.anchor, class_="part")


def back(book: Page) -> Element:
    return element("p", element("a", book.word("top"), href=f"#{CONTENTS}"), class_="back")


def imprint(book: Page) -> Element:
    return element("footer", element("p", f"{book.word('printed')} · {book.pack.digest}"))


@cache
def _style() -> str:
    return files("csflow.reports.book").joinpath("style.css").read_text(encoding="utf-8")
