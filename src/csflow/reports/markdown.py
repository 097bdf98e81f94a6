"""Owns writing a document's tree as Markdown, as GitHub shows it: the same words, links and anchors as the HTML.

Tables stay HTML, for a cell may be wide; pictures are left out, for what they show stands beside them in words, but for
those in a language that GitHub draws. No text becomes anything but text: every sign that Markdown reads is escaped
here, and nowhere else.
"""

import re
from collections.abc import Iterable, Iterator

from csflow.reports.html import Element, Node, element, shown, write

_HEADINGS = {f"h{depth}": depth for depth in range(1, 7)}
_BOXES = frozenset({"body", "header", "main", "footer", "nav", "section", "div", "figure"})
_LISTS = frozenset({"ul", "ol"})
_BLOCKS = _BOXES | _LISTS | _HEADINGS.keys() | {"p", "dl", "table", "details", "svg", "pre"}
# Tags that GitHub keeps inside a line of Markdown; of another element its content stays.
_INLINE = {"b": "b", "span": "kbd"}
_KEPT = frozenset({"href", "id", "colspan"})
_SIGNS = re.compile(r"[\\`*_\[\]<>&|~$#]")
_START = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")


def page(body: Element, colon: str) -> str:
    """A document, its highest heading as its title; `colon` stands between a term and what is said to it."""
    return "\n\n".join(_Writer(colon, min(_depths(body), default=1)).blocks(body)) + "\n"


def _depths(node: Node) -> Iterator[int]:
    if isinstance(node, Element):
        if node.tag in _HEADINGS:
            yield _HEADINGS[node.tag]
        for child in node.children:
            yield from _depths(child)


class _Writer:
    def __init__(self, colon: str, top: int) -> None:
        self._colon = colon
        self._top = top

    def blocks(self, box: Element) -> list[str]:
        """What stands in a box, block by block; neighbours that are no blocks are one paragraph."""
        told: list[str] = []
        line: list[Node] = []
        for child in box.children:
            if isinstance(child, Element) and child.tag in _BLOCKS:
                told += [*_paragraph(line), *self._block(child)]
                line = []
            else:
                line.append(child)
        return _anchored(box, [*told, *_paragraph(line)])

    def _block(self, block: Element) -> list[str]:
        match block.tag:
            case "svg":
                return []
            case "pre":
                return [_fenced(block)]
            case "p":
                return _anchored(block, list(_paragraph(block.children, is_quoted=_is_a(block, "notice"))))
            case "dl":
                return ["\n".join(self._terms(block))]
            case "ul" | "ol":
                return _anchored(block, [self._listed(block)])
            case "table":
                return ["\n".join(_table(block))]
            case "details":
                return _anchored(block, self._folded(block))
            case tag if tag in _HEADINGS:
                mark = "#" * (1 + _HEADINGS[tag] - self._top)
                return _anchored(block, [f"{mark} {''.join(map(_inline, block.children)).strip()}"])
        return self.blocks(block)

    def _listed(self, told: Element) -> str:
        items = [self.blocks(child) for child in told.children if isinstance(child, Element)]
        is_loose = any(len(blocks) > 1 and not _is_list(blocks[1]) for blocks in items)
        marks = (f"{number}. " if told.tag == "ol" else "- " for number in range(1, len(items) + 1))
        return ("\n\n" if is_loose else "\n").join(
            _item(mark, blocks) for mark, blocks in zip(marks, items, strict=True)
        )

    def _terms(self, terms: Element) -> Iterator[str]:
        """Each term as an item, with what is said to it on its line or below it."""
        pairs = [child for child in terms.children if isinstance(child, Element)]
        for term, said in zip(pairs[::2], pairs[1::2], strict=True):
            head = f"<b>{''.join(map(_inline, term.children))}</b>{self._colon}"
            first, *rest = self.blocks(said) or [""]
            is_line = not _is_list(first) and not first.startswith("<details>")
            yield _item("- ", [head + first, *rest] if is_line else [head.rstrip(), first, *rest])

    def _folded(self, details: Element) -> list[str]:
        summary, *rest = details.children
        assert isinstance(summary, Element)
        head = f"<details{' open' if dict(details.attributes).get('open') else ''}>"
        inside = self.blocks(element("div", *rest))
        return [f"{head}<summary>{''.join(map(write, summary.children))}</summary>", *inside, "</details>"]


def _fenced(block: Element) -> str:
    """Text in a language of its own, whose name is the class of the block; no line of it begins with a fence."""
    text = "".join(child for child in block.children if isinstance(child, str))
    return f"```{dict(block.attributes).get('class', '')}\n{text.rstrip()}\n```"


def _item(mark: str, blocks: list[str]) -> str:
    """Blocks of a list's item; a list below a line of text needs no blank line between."""
    text, above = "", ""
    for block in blocks:
        is_close = _is_list(block) and "\n\n" not in block and not above.startswith("<details")
        between = "\n" if is_close else "\n\n"
        text += f"{between}{block}" if text else block
        above = block
    return mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text)


def _is_list(block: str) -> bool:
    return bool(re.match(r"- |\d+\. ", block))


def _paragraph(line: Iterable[Node], is_quoted: bool = False) -> Iterator[str]:
    text = "".join(map(_inline, line)).strip()
    if text:
        yield ("> " if is_quoted else "") + _START.sub(lambda sign: _escaped_start(sign[0]), text)


def _escaped_start(sign: str) -> str:
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def _anchored(block: Element, told: list[str]) -> list[str]:
    """The blocks, of which the first begins with the anchor of the element they stand in."""
    name = dict(block.attributes).get("id")
    if name is None or not told:
        return told
    mark = write(element("a", id=name))
    first, *rest = told
    if first.startswith(("<table", "<details")) or _is_list(first):
        return [mark, *told]
    return [re.sub(r"^(#+ |> )?", lambda head: (head[0] or "") + mark, first, count=1), *rest]


def _inline(node: Node) -> str:
    if isinstance(node, str):
        return _SIGNS.sub(r"\\\g<0>", " ".join(re.split(r"\s+", shown(node))))
    content = "".join(map(_inline, node.children))
    if node.tag == "code":
        return _code("".join(child for child in node.children if isinstance(child, str)))
    if node.tag == "a":
        return f"[{content}]({dict(node.attributes)['href']})"
    tag = _INLINE.get(node.tag) if node.tag != "span" or _is_a(node, "badge") else None
    return f"<{tag}>{content}</{tag}>" if tag else content


def _code(text: str) -> str:
    """Between back-ticks, more of them than follow each other inside."""
    text = " ".join(re.split(r"\s+", shown(text)))
    fence = "`" * (1 + max(map(len, re.findall(r"`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _table(table: Element) -> Iterator[str]:
    """A table as HTML, a row a line: no line of it is blank, which would end it."""
    yield "<table>"
    for part in table.children:
        assert isinstance(part, Element)
        if part.tag == "caption":
            yield write(_plain(part))
        else:
            yield from (write(_plain(row)) for row in part.children)
    yield "</table>"


def _plain(node: Node) -> Node:
    """Without what only a style sheet or a screen reader of the HTML page reads, and on one line."""
    if isinstance(node, str):
        return re.sub(r"\s+", " ", node)
    kept = tuple((name, value) for name, value in node.attributes if name in _KEPT)
    return Element(node.tag, kept, tuple(map(_plain, node.children)))


def _is_a(node: Element, word: str) -> bool:
    return word in dict(node.attributes).get("class", "").split()
