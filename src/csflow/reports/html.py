"""Owns writing HTML: a small tree of typed elements, and the one place where text is escaped.

What is written is also well-formed XML, so that it can be checked with a strict parser.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Element:
    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: "tuple[Node, ...]"


Node: TypeAlias = Element | str
Content: TypeAlias = Node | Iterable["Content"] | None

_VOID = frozenset({"meta", "hr", "br", "line", "rect", "circle"})
# Its content is not escaped by readers of HTML, and so must need none.
_RAW = "style"


def element(tag: str, *content: Content, **attributes: str | None) -> Element:
    """An element; `class_` is written `class`, `aria_label` is written `aria-label`. None leaves one out."""
    named = tuple(
        (name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value is not None
    )
    return Element(tag, named, tuple(_flat(content)))


def page(root: Element) -> str:
    """A whole document."""
    return f"<!DOCTYPE html>\n{write(root)}\n"


def write(node: Node) -> str:
    if isinstance(node, str):
        return escape(shown(node), quote=False)
    attributes = "".join(f' {name}="{escape(shown(value))}"' for name, value in node.attributes)
    if node.tag in _VOID:
        return f"<{node.tag}{attributes} />"
    if node.tag == _RAW:
        return f"<{node.tag}{attributes}>{_raw(node.children)}</{node.tag}>"
    return f"<{node.tag}{attributes}>{''.join(map(write, node.children))}</{node.tag}>"


def shown(text: str) -> str:
    """The text with every sign visible that would turn, hide or break what stands around it."""
    return "".join(f"⟨U+{ord(sign):04X}⟩" if _is_hidden(sign) else sign for sign in text)


def _is_hidden(sign: str) -> bool:
    code = ord(sign)
    is_control = (code < 0x20 and sign not in "\t\n") or 0x7F <= code < 0xA0
    is_turning = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069 or code in (0x061C, 0x200E, 0x200F)
    return is_control or is_turning or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)


def _raw(children: tuple[Node, ...]) -> str:
    text = "".join(child for child in children if isinstance(child, str))
    if "<" in text or "&" in text:
        raise ValueError("a style sheet must need no escaping")
    return text


def _flat(content: Iterable[Content]) -> Iterable[Node]:
    for part in content:
        if isinstance(part, (str, Element)):
            yield part
        elif part is not None:
            yield from _flat(part)
