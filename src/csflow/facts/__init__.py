"""What a backend gives, decoded and checked once; and a platform's JSON mapped to it. Door: jmespath."""

from csflow.facts.factsheet import ABSENT, MASK, Absent, FactError, Facts, read_facts

__all__ = ["ABSENT", "MASK", "Absent", "FactError", "Facts", "read_facts"]
