"""The sections of a pack as typed things, read from the marked tree. Door: pydantic."""

from csflow.definitions.reading import Definition, Keyed, Place, Walk, When, Written, read_definition
from csflow.definitions.sections import DOCUMENTS

__all__ = ["DOCUMENTS", "Definition", "Keyed", "Place", "Walk", "When", "Written", "read_definition"]
