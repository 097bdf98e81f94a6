"""Owns what people hold of a pack: documents that are printed from it and read without csflow."""

from csflow.diagnostics.languages import LANGUAGES
from csflow.reports.book.binding import file_name, handbook
from csflow.reports.book.leaves import handbook_pages
from csflow.reports.graph.editions import flow_mermaid, flow_svg

__all__ = ["LANGUAGES", "file_name", "flow_mermaid", "flow_svg", "handbook", "handbook_pages"]
