"""The cellar's reader: files of a pack as trees of raw text, each piece with its place."""

from csflow.source.folder import list_files, read_file, read_folder
from csflow.source.quoting import quoted
from csflow.source.reading import read_yaml
from csflow.source.tree import Entry, Mapping, Node, Scalar, Sequence

__all__ = [
    "Entry",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "list_files",
    "quoted",
    "read_file",
    "read_folder",
    "read_yaml",
]
