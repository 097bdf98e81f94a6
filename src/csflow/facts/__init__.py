"""What a backend gives, decoded and checked once; and a platform's JSON mapped to it. Door: jmespath."""

from csflow.facts.decoding import LOCAL, ROW, UNUSUAL, Decoder, compared_bounds
from csflow.facts.factsheet import MASK, FactError, read_facts
from csflow.facts.rows import ABSENT, NOT_GIVEN, Absent, Facts, Rewriter, Row, facts_of, from_row

__all__ = [
    "ABSENT",
    "LOCAL",
    "MASK",
    "NOT_GIVEN",
    "ROW",
    "UNUSUAL",
    "Absent",
    "Decoder",
    "FactError",
    "Facts",
    "Rewriter",
    "Row",
    "compared_bounds",
    "facts_of",
    "from_row",
    "read_facts",
]
