"""Owns how a finding says by which way a case gets there."""

from collections.abc import Sequence
from typing import Any

from csflow.diagnostics import Diagnostics, Finding, Mark


def report(diagnostics: Diagnostics, name: str, mark: Mark, path: Sequence[str], /, **values: Any) -> None:
    """Report a finding whose witness is a path of events and states, from the first state."""
    shown = {**values, "path": " → ".join(path)}
    diagnostics.extend([Finding(name, mark, shown, witness={"path": list(path)})])
