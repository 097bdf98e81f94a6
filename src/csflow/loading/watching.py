"""Owns what changed between two looks at a pack's files. Looking and waiting are for others."""

from collections.abc import Iterable, Iterator, Mapping

# What tells one state of a file from another: when it was written, and its size.
Stamp = tuple[int, int]
Snapshot = Mapping[str, Stamp]


def changes(snapshots: Iterable[Snapshot]) -> Iterator[tuple[str, ...]]:
    """For every look the names that are new, gone or written since the one before; for the first look, none."""
    before: Snapshot | None = None
    for snapshot in snapshots:
        if before is None:
            yield ()
        else:
            now = snapshot
            yield tuple(sorted(name for name in {*before, *now} if before.get(name) != now.get(name)))
        before = snapshot
