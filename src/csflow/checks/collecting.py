"""Owns the pause of Python's collector of cycles while a pack is loaded or analysed.

Much is made then, nearly all of it stays, and none of it is a cycle: the collector would walk it again and again and
find nothing, for longer than the load itself takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector, which is as before afterwards: also where it was off, or another thread pauses it, too."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
