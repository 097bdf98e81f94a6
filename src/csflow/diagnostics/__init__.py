"""The rock: marks, findings, their wording in three languages, and how they are shown."""

from csflow.diagnostics.findings import Diagnostics, Finding, Severity
from csflow.diagnostics.languages import LANGUAGES, Phrase
from csflow.diagnostics.marks import Address, Mark, Source
from csflow.diagnostics.names import UnknownName
from csflow.diagnostics.suggestions import half_width, nearest, nearest_spelling
from csflow.diagnostics.words import Word

__all__ = [
    "LANGUAGES",
    "Address",
    "Diagnostics",
    "Finding",
    "Mark",
    "Phrase",
    "Severity",
    "Source",
    "UnknownName",
    "Word",
    "half_width",
    "nearest",
    "nearest_spelling",
]
