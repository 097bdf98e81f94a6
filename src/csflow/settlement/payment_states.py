"""Owns how a payment stands: what was sent counts until it is known to have failed, and what is final stays."""

from enum import StrEnum


class Payment(StrEnum):
    PENDING = "pending"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    def then(self, after: "Payment") -> "Payment":
        """The state that follows. ValueError where this one is final and the other is another."""
        if self is not after and self in (Payment.SUCCEEDED, Payment.FAILED):
            raise ValueError(f"a payment that has {self} cannot become {after}")
        return after
