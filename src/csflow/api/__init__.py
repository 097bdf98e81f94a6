"""`Pack` as users hold it: a thin class over the linked pack."""
