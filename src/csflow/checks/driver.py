"""Owns the list of checks, as data: one module each, in the order in which they report."""

from collections.abc import Callable

from csflow.checks.broken_floor import check_broken_floor
from csflow.checks.edition_gap import check_edition_gap
from csflow.checks.flows.driver import check_flows
from csflow.checks.generous_otherwise import check_generous_otherwise
from csflow.checks.layer_conflict import check_layer_conflict
from csflow.checks.number_range import check_number_range
from csflow.checks.ungoverned_decision import check_ungoverned_decision
from csflow.checks.unsourced_rule import check_unsourced_rule
from csflow.checks.unused_definition import check_unused_definition
from csflow.checks.zero_divisor import check_zero_divisor
from csflow.diagnostics import Diagnostics
from csflow.pack.model import LinkedPack

CHECKS: tuple[Callable[[LinkedPack, Diagnostics], None], ...] = (
    check_edition_gap,
    check_broken_floor,
    check_layer_conflict,
    check_zero_divisor,
    check_number_range,
    check_ungoverned_decision,
    check_generous_otherwise,
    check_unsourced_rule,
    check_unused_definition,
    check_flows,
)


def check_pack(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    """Report everything the checks find in a linked pack."""
    for check in CHECKS:
        check(pack, diagnostics)
