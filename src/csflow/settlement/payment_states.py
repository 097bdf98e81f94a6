"""Owns how a payment stands: what was sent counts until it is known to have failed, and what has succeeded stays.

A rail that reported a failure may report a success later: then the money went out, and that is what the book says.
"""

from enum import StrEnum


class Payment(StrEnum):
    PENDING = "pending"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    def then(self, after: "Payment") -> "Payment":
        """The state that follows. ValueError where none such follows this one."""
        is_late = self is Payment.FAILED and after is Payment.SUCCEEDED
        if self is not after and not is_late and self in (Payment.SUCCEEDED, Payment.FAILED):
            raise ValueError(f"a payment that has {self} cannot become {after}")
        return after
