"""The condition language: parsed once, typed once, then read by every engine. Door: lark."""

from csflow.expressions.elaborating import Elaborator, Scope
from csflow.expressions.parsing import RESERVED, parse_cell, parse_condition
from csflow.expressions.printing import print_expression

__all__ = ["RESERVED", "Elaborator", "Scope", "parse_cell", "parse_condition", "print_expression"]
