"""What a backend gives, decoded and checked once; and a platform's JSON mapped to it. Door: jmespath."""

from csflow.facts.factsheet import ABSENT, Absent, FactError, Facts, read_facts

__all__ = ["ABSENT", "Absent", "FactError", "Facts", "read_facts"]
