"""Owns how large the input of a pack may be; what is larger is refused before it is understood."""

from csflow.diagnostics import Diagnostics

MAX_FILE_BYTES = 1024 * 1024
MAX_PACK_BYTES = 20 * 1024 * 1024
MAX_SCALAR_BYTES = 64 * 1024
MAX_DEPTH = 32
MAX_NODES = 100_000

# A table of rules: in a text, a CSV file or one tab of a workbook.
MAX_GRID_ROWS = 10_000
MAX_GRID_COLUMNS = 200
# A workbook is a zip of XML. What it unpacks to is bounded before anything reads it, and so is the area
# from A1 to the last cell: readers fill all of it.
MAX_WORKBOOK_ENTRIES = 256
MAX_WORKBOOK_BYTES = 16 * 1024 * 1024
MAX_WORKBOOK_RATIO = 200
MAX_WORKBOOK_ELEMENTS = 400_000
MAX_WORKBOOK_CELLS = 1_000_000

# A file with more faults than this is a different kind of file; its writer sees the first ones.
MAX_FINDINGS = 100

# How much of a broken file is searched for accidents: more than anyone writes, and a fraction of a second.
MAX_SEARCHED_LINES = 50_000
MAX_SEARCHED_CELLS = 100_000


def is_full(findings: Diagnostics) -> bool:
    """Whether the findings of one file are more than anyone is shown."""
    return len(findings) > MAX_FINDINGS
