"""Orders and claims of test data, in which every scalar is text, as a backend has them."""

from typing import Any

WHOLE = {"quantity", "units", "earned", "balance"}
TRUTH = {"repeats", "consent"}


def with_numbers(part: Any, key: str = "") -> Any:
    """The same with numbers and truth values where an order has them."""
    if isinstance(part, dict):
        return {name: with_numbers(each, name) for name, each in part.items()}
    if isinstance(part, list):
        return [with_numbers(each, key) for each in part]
    if key in WHOLE:
        return int(part)
    return {"true": True, "false": False}[part] if key in TRUTH else part
