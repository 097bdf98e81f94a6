"""Owns a handbook as a folder of Markdown pages: one for each part, and one for each of what a part holds apart.

The first page has the title and the contents. Any other is called by the anchor that it begins with, so that it keeps
its address as long as what it tells keeps its name, however long the book grows.
"""

from collections.abc import Iterator, Mapping

from csflow.api.packs import Pack
from csflow.reports.book import binding
from csflow.reports.book.page import Page, Part
from csflow.reports.cutting import threaded
from csflow.reports.html import Content, Element, element
from csflow.reports.markdown import page as markdown_page

FIRST = "README.md"


def handbook_pages(pack: Pack, language: str, beside: tuple[str, ...] = ()) -> dict[str, str]:
    """The pack as pages of Markdown for GitHub, each by its path (`cn/en/README.md`, which is the first of them).

    The pages have the words, anchors and links of `handbook`; flows are Mermaid, which GitHub draws, and time lines are
    left out. `beside` are the languages whose pages stand in the same folder: every page links to the same page in
    these. The same digests and arguments give the same texts. Raises ValueError for another language.
    """
    book = binding.open_book(pack, language, beside, draws=False)
    leaves = threaded(dict(_leaves(book, beside)))
    return {f"{pack.name}/{language}/{name}": markdown_page(leaf, book.colon) for name, leaf in leaves.items()}


def _leaves(book: Page, beside: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    told = binding.parts(book)
    yield FIRST, _first(book, told, beside)
    for part in told:
        yield _leaf(book, beside, part.anchor, binding.section(book, _listing(part) if part.apart else part))
        if part.apart:
            for (anchor, _), body in zip(part.entries, part.body, strict=True):
                yield _leaf(book, beside, anchor, [body, binding.back(book)], part)


def _first(book: Page, told: list[Part], beside: tuple[str, ...]) -> Element:
    front = binding.front(book, _other(FIRST, beside))
    return element("body", front, binding.contents(book, told), binding.imprint(book))


def _leaf(
    book: Page, beside: tuple[str, ...], anchor: str, body: Content, within: Part | None = None
) -> tuple[str, Element]:
    """A page below a line that says what it is a page of."""
    name = f"{anchor}.md"
    above: list[Content] = [element("a", binding.title(book), href=f"#{binding.CONTENTS}")]
    if within is not None:
        above += [" › ", element("a", within.title, href=f"#{within.anchor}")]
    return name, element("body", binding.languages(book, _other(name, beside)), element("nav", above), body)


def _other(name: str, beside: tuple[str, ...]) -> Mapping[str, str]:
    """The same page in other languages, from the folder of this one."""
    return {each: f"../{each}/{name}" for each in beside}


def _listing(part: Part) -> Part:
    """A part whose page only leads to what it holds apart."""
    links = [element("li", element("a", title, href=f"#{anchor}")) for anchor, title in part.entries]
    return Part(part.anchor, part.title, [element("ul", links)])
