"""The cellar's reader: files of a pack as trees of raw text, each piece with its place."""

from csflow.source.folder import list_files, read_file, read_folder
from csflow.source.grid import Grid, Row
from csflow.source.grid_csv import read_csv_grid
from csflow.source.grid_forms import is_grid
from csflow.source.grid_text import aligned_grid, is_text_grid, read_text_grid
from csflow.source.ignores import read_ignores
from csflow.source.quoting import quoted
from csflow.source.reading import read_yaml
from csflow.source.sheets import read_sheet_grid
from csflow.source.tree import Entry, Mapping, Node, Scalar, Sequence

__all__ = [
    "Entry",
    "Grid",
    "Mapping",
    "Node",
    "Row",
    "Scalar",
    "Sequence",
    "aligned_grid",
    "is_grid",
    "is_text_grid",
    "list_files",
    "quoted",
    "read_csv_grid",
    "read_file",
    "read_folder",
    "read_ignores",
    "read_sheet_grid",
    "read_text_grid",
    "read_yaml",
]
