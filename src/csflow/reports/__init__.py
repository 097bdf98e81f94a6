"""Owns what people hold of a pack: documents that are printed from it and read without csflow."""

from csflow.reports.book.binding import LANGUAGES, file_name, handbook

__all__ = ["LANGUAGES", "file_name", "handbook"]
