"""Questions about a linked pack that linking does not ask, one file a check."""

from csflow.checks.driver import check_pack

__all__ = ["check_pack"]
