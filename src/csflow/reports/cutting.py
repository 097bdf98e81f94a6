"""Owns the links of a document that is cut into pages: an anchor is found on whichever page it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from csflow.reports.html import Element, Node


def threaded(pages: Mapping[str, Element]) -> dict[str, Element]:
    """The pages by their file names, in which a link to an anchor of another page names that page.

    Raises KeyError where a link leads to an anchor that no page has.
    """
    places = {anchor: name for name, page in pages.items() for anchor in _anchors(page)}
    return {name: _threaded(page, name, places) for name, page in pages.items()}


def _anchors(node: Node) -> Iterator[str]:
    if isinstance(node, Element):
        yield from (value for name, value in node.attributes if name == "id")
        for child in node.children:
            yield from _anchors(child)


def _threaded(element: Element, here: str, places: Mapping[str, str]) -> Element:
    attributes = tuple(
        (name, _address(value, here, places) if name == "href" else value) for name, value in element.attributes
    )
    children = tuple(
        _threaded(child, here, places) if isinstance(child, Element) else child for child in element.children
    )
    return replace(element, attributes=attributes, children=children)


def _address(href: str, here: str, places: Mapping[str, str]) -> str:
    """`page.md#anchor`, or `page.md` where the page is called by the anchor."""
    if not href.startswith("#"):
        return href
    place = places[href[1:]]
    if place == here:
        return href
    return place if place == f"{href[1:]}.md" else f"{place}{href}"
