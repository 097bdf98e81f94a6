"""Owns the pictures that others ask for: of a flow as it is, or against an edition before it."""

from csflow.api.packs import Pack
from csflow.reports.graph.comparing import compared
from csflow.reports.graph.mermaid import mermaid
from csflow.reports.graph.picture import Picture
from csflow.reports.graph.sketching import picture_of
from csflow.reports.graph.svg import svg


def flow_mermaid(pack: Pack, flow: str, language: str, against: Pack | None = None) -> str:
    """A flow of the pack as the text of a Mermaid diagram, in zh-CN, zh-TW or en.

    `against` is another edition of the pack: what it has otherwise, or has and the pack has not, is marked. The same
    digests and arguments give the same text. Raises KeyError for a flow that one of the two does not have.
    """
    return mermaid(_picture(pack, flow, language, against))


def flow_svg(pack: Pack, flow: str, language: str, against: Pack | None = None) -> str:
    """The same as a document of SVG, which needs no script and no other file."""
    return svg(_picture(pack, flow, language, against))


def _picture(pack: Pack, flow: str, language: str, against: Pack | None) -> Picture:
    picture = picture_of(pack.linked, pack.linked.flows[flow], language)
    if against is None:
        return picture
    return compared(picture_of(against.linked, against.linked.flows[flow], language), picture)
