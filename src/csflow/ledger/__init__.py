"""Postings that balance: what moves between accounts, in whole minor units, and sums to nothing."""

from csflow.ledger.postings import Posting, Unbalanced, moved, require_balance

__all__ = ["Posting", "Unbalanced", "moved", "require_balance"]
