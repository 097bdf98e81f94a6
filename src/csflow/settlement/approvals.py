"""Owns who has to agree to a plan before anything of it is paid."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """A role that has to approve, a human being who has to confirm, or both; `of` is the addition, None for all."""

    of: str | None
    role: str | None
    confirmed: bool
